#include "kvitok/web/cursor.h"

#include "kvitok/base/buf.h"
#include "kvitok/base/day.h"
#include "kvitok/base/num.h"
#include "kvitok/base/utf8.h"
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

static bool
plain_of(struct arena *a, struct str s, size_t max, struct str *plain)
{
	size_t padded = (s.len + 3) / 4 * 4, len = padded;
	char *b64, *p;

	if (s.len == 0 || s.len > max)
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
	*plain = (struct str){ p, len };
	return true;
}

/* Gives: what stands behind the instant. */
static bool
split(struct arena *a, struct str s, int64_t *at, struct str *rest)
{
	struct str plain, first;

	if (!plain_of(a, s, CURSOR_MAX, &plain) ||
	    !str_cut(&plain, ' ', &first) ||
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

struct str
cursor_make_day(struct arena *a, struct str day, struct str id)
{
	return arena_fmt(a, "%.*s.%.*s", STR_ARG(day), STR_ARG(id));
}

bool
cursor_read_day(struct str s, struct str *day, struct str *id)
{
	*id = s;
	return str_cut(id, '.', day) && day_valid(*day) && id->len == ULID_LEN;
}

struct str
cursor_make_text(struct arena *a, struct str day, struct str number)
{
	struct buf plain, b;

	buf_init(&plain, a, CURSOR_TEXT_MAX);
	buf_text(&plain, day);
	buf_char(&plain, ' ');
	buf_text(&plain, number);
	buf_init(&b, a, CURSOR_TEXT_MAX);
	buf_base64url(&b, plain.p, plain.len);
	return buf_str(&b);
}

bool
cursor_read_text(
    struct arena *a, struct str s, struct str *day, struct str *number)
{
	struct str plain;

	if (!plain_of(a, s, CURSOR_TEXT_MAX, &plain) ||
	    !str_cut(&plain, ' ', day) || (day->len > 0 && !day_valid(*day)))
		return false;
	*number = plain;
	return number->len > 0 && utf8_text(*number) &&
	    utf8_len(*number) <= CURSOR_NUMBER_MAX;
}
