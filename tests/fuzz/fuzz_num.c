/*
 * Whatever bytes come: the readers of numbers, days and text end inside of
 * their bounds, and what they have taken is printed as they read it.
 */
#include "kvitok/base/buf.h"
#include "kvitok/base/day.h"
#include "kvitok/base/num.h"
#include "kvitok/base/utf8.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_numbers(struct arena *a, struct str s)
{
	struct buf b;
	int64_t n, back;

	if (num_parse(s, INT64_MIN, INT64_MAX, &n)) {
		buf_init(&b, a, 64);
		buf_i64(&b, n);
		assert(num_parse(buf_str(&b), n, n, &back) && back == n);
	}
	if (num_parse_roubles(s, INT64_MAX, &n)) {
		assert(n >= 0);
		buf_init(&b, a, 64);
		buf_roubles(&b, n);
		assert(num_parse_roubles(buf_str(&b), n, &back) && back == n);
		buf_init(&b, a, 64);
		buf_decimal(&b, n);
		assert(num_parse_roubles(buf_str(&b), n, &back) && back == n);
	}
}

static void
check_bytes(struct arena *a, struct str s)
{
	size_t len = s.len;
	char *out = arena_alloc(a, s.len + 1);
	struct buf b;

	if (num_parse_base64(s, out, &len)) {
		buf_init(&b, a, s.len);
		buf_base64(&b, out, len);
		assert(str_eq(buf_str(&b), s));
	}
	if (num_parse_hex(s, out, s.len / 2)) {
		buf_init(&b, a, s.len);
		buf_hex(&b, out, s.len / 2);
		assert(str_eq_nocase(buf_str(&b), s));
	}
}

static void
check_day(struct str s)
{
	char day[DAY_TEXT_SIZE], text[DAY_RFC3339_SIZE];
	int64_t at, back;

	if (day_start(s, 0, &at)) {
		day_of(at, 0, day);
		assert(str_eq(s, str_of(day)) && day_valid(s));
	}
	if (day_parse_rfc3339(s, &at)) {
		day_rfc3339(at, text);
		/* An offset may carry it out of the years that are read. */
		if (day_parse_rfc3339(str_of(text), &back))
			assert(back == at);
	}
}

/* Whatever comes, what is written for a reader is text for that reader. */
static void
check_text(struct arena *a, struct str s)
{
	struct buf b;

	assert(utf8_len(s) <= s.len);
	assert(!utf8_text(s) || utf8_valid(s));
	assert(utf8_valid(utf8_fold(a, s)));
	if (utf8_valid(s))
		assert(utf8_valid(utf8_cut_bytes(s, s.len / 2)));
	buf_init(&b, a, 12 * s.len); /* six for one, twice */
	buf_json(&b, s);
	buf_xml(&b, s);
	assert(!b.full && utf8_valid(buf_str(&b)));
	buf_init(&b, a, 8 * s.len + 256);
	buf_header(&b, s);
	assert(!b.full);
	for (size_t i = 0; i < b.len; i++)
		if (b.p[i] == '\n')
			assert(
			    i > 0 && b.p[i - 1] == '\r' && b.p[i + 1] == ' ');
		else
			assert(
			    b.p[i] == '\r' || (b.p[i] >= ' ' && b.p[i] <= '~'));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(16 << 20);
	struct str s = { (const char *)data, size };

	check_numbers(a, s);
	check_bytes(a, s);
	check_day(s);
	check_text(a, s);
	arena_free(a);
	return 0;
}
