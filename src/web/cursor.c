#include "kvitok/web/cursor.h"

#include "kvitok/base/buf.h"
#include "kvitok/base/num.h"
#include "kvitok/domain/payment.h"

#define ULID_LEN 26

struct str
cursor_make(struct arena *a, int64_t at, struct str number)
{
	struct str plain =
	    arena_fmt(a, "%lld %.*s", (long long)at, STR_ARG(number));
	struct buf b;

	buf_init(&b, a, CURSOR_MAX);
	buf_base64url(&b, plain.p, plain.len);
	return buf_str(&b);
}

/* Gives: what stands behind the instant. */
static bool
split(struct arena *a, struct str s, int64_t *at, struct str *rest)
{
	size_t padded = (s.len + 3) / 4 * 4, len = padded;
	struct str plain, first;
	char *b64, *p;

	if (s.len == 0 || s.len > CURSOR_MAX)
		return false;
	b64 = arena_alloc(a, padded);
	memset(b64, '=', padded);
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '+' || s.p[i] == '/' || s.p[i] == '=')
			return false;
		b64[i] = s.p[i] == '-' ? '+' : s.p[i] == '_' ? '/' : s.p[i];
	}
	p = arena_alloc(a, padded);
	if (!num_parse_base64((struct str){ b64, padded }, p, &len))
		return false;
	plain = (struct str){ p, len };
	if (!str_cut(&plain, ' ', &first) ||
	    !num_parse(first, 1, INT64_MAX, at))
		return false;
	*rest = plain;
	return true;
}

bool
cursor_read(struct arena *a, struct str s, int64_t *at, struct str *number)
{
	struct str rest;

	if (!split(a, s, at, &rest) || !pay_number_ok(rest))
		return false;
	*number = rest;
	return true;
}

bool
cursor_read_id(struct arena *a, struct str s, int64_t *at, struct str *id)
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	struct str rest;

	if (!split(a, s, at, &rest) || rest.len != ULID_LEN)
		return false;
	for (size_t i = 0; i < rest.len; i++)
		if (rest.p[i] == '\0' || !strchr(digits, rest.p[i]))
			return false;
	*id = rest;
	return true;
}
