#include "kvitok/out/qr.h"

#include <errno.h>
#include <qrencode.h>

enum err
qr_encode(struct arena *a, struct bytes bytes, struct qr *out, struct fault *f)
{
	QRcode *code;
	unsigned char *modules;
	size_t side;

	if (bytes.len == 0 || bytes.len > 2331)
		return fault_set(
		    f, ERR_LIMIT, "qr_long", "%zu bytes", bytes.len);
	code = QRcode_encodeData(
	    (int)bytes.len, bytes.p, 0 /* any size */, QR_ECLEVEL_M);
	if (code == NULL)
		return fault_set(f, ERR_BUG, "print_failed", "qrencode: %s",
		    strerror(errno));
	side = (size_t)code->width;
	modules = arena_alloc(a, side * side);
	/* The other bits say what a module is for. */
	for (size_t i = 0; i < side * side; i++)
		modules[i] = code->data[i] & 1;
	QRcode_free(code);
	*out = (struct qr){ modules, side };
	return ERR_OK;
}
