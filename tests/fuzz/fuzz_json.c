/*
 * Whatever bytes come: json_parse ends, and what it has taken is printed to
 * text that it takes again as the same value.
 */
#include "kvitok/base/json.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64 << 20);
	struct str text = { (const char *)data, size };
	const struct json *j, *again;
	struct buf first, second;
	struct fault f;
	enum err rc;

	rc = json_parse(a, text, JSON_REALS, &j, &f);
	assert(rc == ERR_OK || rc == ERR_INVALID);
	rc = json_parse(a, text, JSON_STRICT, &j, &f);
	if (rc == ERR_OK) {
		buf_init(&first, a, 16 << 20);
		buf_init(&second, a, 16 << 20);
		json_canonical(j, &first);
		rc = json_parse(a, buf_str(&first), JSON_STRICT, &again, &f);
		assert(rc == ERR_OK);
		json_canonical(again, &second);
		assert(str_eq(buf_str(&first), buf_str(&second)));
	} else {
		assert(reason_known(f.reason));
	}
	arena_free(a);
	return 0;
}
