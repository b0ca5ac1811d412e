/*
 * Whatever a caller sends as a call-back of Sberbank: it is read or refused,
 * and nothing but a right checksum is ever called signed.
 */
#include "kvitok/bank/sber_notice.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = { "", "application/json",
		"application/x-www-form-urlencoded; charset=UTF-8" };
	struct contract list[2] = {
		{ .name = STR("none") },
		{ .name = STR("hmac"),
		    .sign = CONTRACT_SIGN_HMAC,
		    .hmac_key = STR("not to be guessed by a fuzzer") },
	};
	struct arena *a = arena_new(64 << 20);
	struct bank_call c = { .method = STR("POST") };
	struct bank_notice out;
	struct fault f;
	enum err rc;

	fault_init(&f);
	if (size > 0) {
		struct str rest = { (const char *)data + 1, size - 1 };
		size_t type = data[0] % KV_COUNT(types);

		c.type = str_of(types[type]);
		if (type == 0)
			c.query = rest;
		else
			c.body = rest;
	}
	rc = sber_notice(list, KV_COUNT(list), a, &c, &out, &f);
	assert(rc == ERR_OK || rc == ERR_INVALID);
	if (rc == ERR_OK)
		assert(out.trust != TRUST_SIGNED && out.contract.len == 0 &&
		    out.kind_text.len > 0);
	else
		assert(str_eq(str_of(f.reason), STR("notice_bad")));
	arena_free(a);
	return 0;
}
