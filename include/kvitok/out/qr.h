/*
 * qr: bytes as the square that cameras read.
 *
 * The only module that knows libqrencode.
 */
#ifndef KVITOK_OUT_QR_H
#define KVITOK_OUT_QR_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

struct qr {
	const unsigned char *modules; /* side by side, 1 is dark, 0 light */
	size_t side;
};

/*
 * Encode bytes as they are, at level M: an eighth of it may be spoilt.
 * Gives: *out in a, without the light border that must stand around it.
 * Fails: ERR_LIMIT qr_long (more than a square can hold, 2331 bytes); ERR_BUG
 * print_failed.
 */
KV_MUST_CHECK enum err qr_encode(
    struct arena *a, struct bytes bytes, struct qr *out, struct fault *f);

#endif
