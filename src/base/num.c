#include "kvitok/base/num.h"

#define NBSP "\xC2\xA0"
#define NARROW_NBSP "\xE2\x80\xAF"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * Numbers are gathered below zero, where INT64_MIN has room.
 * Gives: false when *n does not fit.
 */
static bool
push_digit(int64_t *n, char c)
{
	return !__builtin_mul_overflow(*n, INT64_C(10), n) &&
	    !__builtin_sub_overflow(*n, (int64_t)(c - '0'), n);
}

bool
num_parse(struct str s, int64_t min, int64_t max, int64_t *n)
{
	bool minus = s.len > 0 && s.p[0] == '-';
	size_t i = minus ? 1 : 0;
	int64_t v = 0;

	if (i == s.len)
		return false;
	for (; i < s.len; i++)
		if (!is_digit(s.p[i]) || !push_digit(&v, s.p[i]))
			return false;
	if (!minus && __builtin_sub_overflow(INT64_C(0), v, &v))
		return false;
	if (v < min || v > max)
		return false;
	*n = v;
	return true;
}

/* Gives: bytes of the separator of groups that s begins with, or 0. */
static size_t
group_gap(struct str s)
{
	if (str_starts(s, STR(" ")))
		return 1;
	if (str_starts(s, STR(NBSP)))
		return 2;
	if (str_starts(s, STR(NARROW_NBSP)))
		return 3;
	return 0;
}

/*
 * Whole roubles: digits, or groups of three after a group of one to three:
 * "12 00" is somebody's slip of the finger, not a sum.
 * Gives: *neg the roubles below zero, s what follows the digits.
 */
static bool
take_roubles(struct str *s, int64_t *neg)
{
	size_t run = 0, gap;
	bool grouped = false;

	*neg = 0;
	while (s->len > 0) {
		if (is_digit(s->p[0])) {
			if (!push_digit(neg, s->p[0]))
				return false;
			run++;
			s->p++;
			s->len--;
			continue;
		}
		gap = group_gap(*s);
		if (gap == 0)
			break;
		if (run == 0 || run > 3 || (grouped && run != 3))
			return false;
		grouped = true;
		run = 0;
		s->p += gap;
		s->len -= gap;
	}
	return run > 0 && (!grouped || run == 3);
}

bool
num_parse_roubles(struct str s, int64_t max, int64_t *kop)
{
	int64_t v;

	if (!take_roubles(&s, &v))
		return false;
	if (s.len > 0) {
		if ((s.p[0] != ',' && s.p[0] != '.') || s.len < 2 || s.len > 3)
			return false;
		if (!is_digit(s.p[1]) || !push_digit(&v, s.p[1]))
			return false;
		if (s.len == 3 && !is_digit(s.p[2]))
			return false;
		if (!push_digit(&v, s.len == 3 ? s.p[2] : '0'))
			return false;
	} else if (__builtin_mul_overflow(v, INT64_C(100), &v)) {
		return false;
	}
	if (__builtin_sub_overflow(INT64_C(0), v, &v) || v > max)
		return false;
	*kop = v;
	return true;
}

static int
hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
num_parse_hex(struct str s, void *out, size_t len)
{
	unsigned char *p = out;

	if (s.len % 2 != 0 || s.len / 2 != len)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (hex_digit(s.p[i]) < 0)
			return false;
	for (size_t i = 0; i < len; i++)
		p[i] = (unsigned char)(hex_digit(s.p[2 * i]) * 16 +
		    hex_digit(s.p[2 * i + 1]));
	return true;
}

static int
base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (is_digit(c))
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

bool
num_parse_base64(struct str s, void *out, size_t *len)
{
	size_t pad = 0, size, digits;
	unsigned char *p = out;
	uint32_t bits = 0;

	if (s.len % 4 != 0)
		return false;
	while (pad < 2 && pad < s.len && s.p[s.len - 1 - pad] == '=')
		pad++;
	digits = s.len - pad;
	size = s.len / 4 * 3 - pad;
	if (size > *len)
		return false;
	for (size_t i = 0; i < digits; i++)
		if (base64_digit(s.p[i]) < 0)
			return false;
	/* Bits that no byte takes must be zero: one form for one value. */
	if (pad > 0 &&
	    (base64_digit(s.p[digits - 1]) & (pad == 1 ? 3 : 15)) != 0)
		return false;
	for (size_t i = 0, o = 0; i < s.len; i++) {
		bits = bits << 6 |
		    (i < digits ? (uint32_t)base64_digit(s.p[i]) : 0);
		if (i % 4 != 3)
			continue;
		for (int shift = 16; shift >= 0 && o < size; shift -= 8)
			p[o++] = (unsigned char)(bits >> shift);
		bits = 0;
	}
	*len = size;
	return true;
}
