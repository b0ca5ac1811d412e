#include "kvitok/domain/account.h"

#include "kvitok/base/buf.h"
#include "kvitok/base/utf8.h"

/* Longer input is not an account however much of it is spaces. */
#define TYPED_BYTES_MAX 512
#define MASK_BYTES_MAX 1024

/* What people and PDF viewers put between the groups of a number. */
static bool
is_gap(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '-' ||
	    c == 0xA0 || c == 0xAD || (c >= 0x2000 && c <= 0x2015) ||
	    c == 0x202F || c == 0x2060 || c == 0x2212 || c == 0xFEFF;
}

static bool
is_cyrillic(uint32_t c)
{
	return c >= 0x410 && c <= 0x42F;
}

static bool
is_latin(uint32_t c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

/* Gives: the Russian letter that looks like the Latin one, or c. */
static uint32_t
twin(uint32_t c)
{
	static const struct {
		uint32_t latin, cyrillic;
	} twins[] = { { 'A', 0x410 }, { 'B', 0x412 }, { 'C', 0x421 },
		{ 'E', 0x415 }, { 'H', 0x41D }, { 'K', 0x41A }, { 'M', 0x41C },
		{ 'O', 0x41E }, { 'P', 0x420 }, { 'T', 0x422 }, { 'X', 0x425 },
		{ 'Y', 0x423 } };

	for (size_t i = 0; i < KV_COUNT(twins); i++)
		if (twins[i].latin == c)
			return twins[i].cyrillic;
	return c;
}

static void
put(struct buf *b, uint32_t c)
{
	if (c >= 0x80) {
		buf_char(b, (char)(0xC0 | c >> 6));
		c = 0x80 | (c & 0x3F);
	}
	buf_char(b, (char)c);
}

/*
 * Gives: the characters of the key, at most ACCOUNT_LEN_MAX, in out; 0 when
 * one of them does not belong there or they are too many.
 */
static size_t
pick(struct str folded, uint32_t out[ACCOUNT_LEN_MAX], bool *cyrillic)
{
	size_t n = 0;

	*cyrillic = false;
	while (folded.len > 0) {
		uint32_t c = utf8_next(&folded);

		if (is_gap(c))
			continue;
		if (n == ACCOUNT_LEN_MAX)
			return 0;
		if (is_cyrillic(c))
			*cyrillic = true;
		else if (!is_latin(c) && !is_digit(c) && c != '/')
			return 0;
		out[n++] = c;
	}
	return n;
}

bool
account_fold(struct arena *a, struct str typed, struct str *out)
{
	uint32_t chars[ACCOUNT_LEN_MAX];
	bool cyrillic;
	struct buf b;
	size_t n;

	if (typed.len > TYPED_BYTES_MAX)
		return false;
	n = pick(utf8_fold(a, typed), chars, &cyrillic);
	if (n == 0)
		return false;
	buf_init(&b, a, sizeof(chars));
	for (size_t i = 0; i < n; i++)
		put(&b, cyrillic ? twin(chars[i]) : chars[i]);
	*out = buf_str(&b);
	return true;
}

bool
account_closed(struct str closed_day, struct str day)
{
	return closed_day.len > 0 && str_cmp(closed_day, day) <= 0;
}

/* Of a name: punctuation before its first letter («, ", () tells nothing. */
static bool
is_letter(uint32_t c)
{
	return is_latin(c) || (c >= 'a' && c <= 'z') ||
	    (c >= 0xC0 && c < 0x2000);
}

/* Gives: the first letter of word as text; empty when it has none. */
static struct str
initial(struct str word)
{
	while (word.len > 0) {
		struct str at = word;
		uint32_t c = utf8_next(&word);

		if (is_letter(c))
			return (struct str){ at.p, at.len - word.len };
	}
	return STR_NONE;
}

struct str
account_mask_owner(struct arena *a, struct str owner)
{
	bool first = true;
	struct buf b;

	buf_init(&b, a, MASK_BYTES_MAX);
	while (owner.len > 0) {
		struct str word, letter;

		(void)str_cut(&owner, ' ', &word); /* the last has no space */
		letter = initial(word);
		if (letter.len == 0)
			continue;
		if (!first)
			buf_char(&b, ' ');
		buf_text(&b, letter);
		if (first)
			buf_lit(&b, "***");
		else
			buf_char(&b, '.');
		first = false;
	}
	return buf_str(&b);
}

static bool
parts_address(char c)
{
	return c == ' ' || c == ',' || c == ';';
}

struct str
account_mask_address(struct arena *a, struct str address)
{
	size_t from, to = address.len;
	struct buf b;

	while (to > 0 && !is_digit((unsigned char)address.p[to - 1]))
		to--;
	if (to == 0)
		return arena_str(a, address);
	/* The whole word goes, from its first digit: "кв.45А", "12/3". */
	for (from = to; from > 0 && !parts_address(address.p[from - 1]);)
		from--;
	while (!is_digit((unsigned char)address.p[from]))
		from++;
	while (to < address.len && !parts_address(address.p[to]))
		to++;
	buf_init(&b, a, address.len + sizeof("***"));
	buf_bytes(&b, address.p, from);
	buf_lit(&b, "***");
	buf_bytes(&b, address.p + to, address.len - to);
	return buf_str(&b);
}
