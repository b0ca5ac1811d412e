#include "kvitok/domain/address.h"

#include "kvitok/base/buf.h"
#include "kvitok/base/utf8.h"

#define WORD_BYTES_MAX 24 /* of those that have a short form */

/* Folded as utf8_fold does; the short form is what the order gives, or what
 * accounting systems write for it. */
static const struct {
	const char *word, *brief;
} briefs[] = {
	{ "ОБЛАСТЬ", "ОБЛ" },
	{ "РАЙОН", "Р-Н" },
	{ "ГОРОД", "Г" },
	{ "ГОР", "Г" },
	{ "ПОСЕЛОК", "П" },
	{ "ПОС", "П" },
	{ "СЕЛО", "С" },
	{ "МИКРОРАЙОН", "МКР" },
	{ "МКРН", "МКР" },
	{ "МКР-Н", "МКР" },
	{ "УЛИЦА", "УЛ" },
	{ "ПРОСПЕКТ", "ПР-КТ" },
	{ "ПРОСП", "ПР-КТ" },
	{ "ПР", "ПР-КТ" },
	{ "ПРОЕЗД", "ПР-Д" },
	{ "ПЕРЕУЛОК", "ПЕР" },
	{ "БУЛЬВАР", "Б-Р" },
	{ "БУЛ", "Б-Р" },
	{ "ПЛОЩАДЬ", "ПЛ" },
	{ "НАБЕРЕЖНАЯ", "НАБ" },
	{ "ШОССЕ", "Ш" },
	{ "ДОМ", "Д" },
	{ "КОРПУС", "К" },
	{ "КОРП", "К" },
	{ "СТРОЕНИЕ", "СТР" },
	{ "КВАРТИРА", "КВ" },
};

enum sort {
	SORT_GAP,
	SORT_JOIN, /* within a word: 12/3, пр-кт */
	SORT_DIGIT,
	SORT_LETTER
};

static enum sort
sort_of(uint32_t c)
{
	if (c >= '0' && c <= '9')
		return SORT_DIGIT;
	if (c == '-' || c == '/' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212)
		return SORT_JOIN;
	if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= 0xC0 && c < 0x2000))
		return SORT_LETTER;
	return SORT_GAP;
}

/* A word ends where «д1» goes on with its number; «1а» is one. */
static struct str
next_word(struct str *rest)
{
	struct str from = *rest;
	size_t len = 0;
	bool letters = true;

	while (rest->len > 0) {
		struct str at = *rest, after;
		enum sort s = sort_of(utf8_next(rest));

		after = *rest;
		if (len == 0 && (s == SORT_GAP || s == SORT_JOIN)) {
			from = *rest;
			continue;
		}
		/* What joins must stand between two characters of a word. */
		if (s == SORT_GAP ||
		    (s == SORT_JOIN &&
			(after.len == 0 ||
			    sort_of(utf8_next(&after)) < SORT_DIGIT)))
			break;
		if (len > 0 && letters && s == SORT_DIGIT) {
			*rest = at;
			break;
		}
		letters = s == SORT_LETTER;
		len = from.len - rest->len;
	}
	return (struct str){ from.p, len };
}

static struct str
brief_of(struct str word)
{
	for (size_t i = 0; word.len <= WORD_BYTES_MAX && i < KV_COUNT(briefs);
	     i++)
		if (str_eq(word, str_of(briefs[i].word)))
			return str_of(briefs[i].brief);
	return word;
}

bool
address_fold(struct arena *a, struct str address, struct str *out)
{
	struct str rest = utf8_fold(a, address), word;
	struct buf b;

	buf_init(&b, a, (size_t)4 * ADDRESS_FOLDED_MAX);
	while ((word = next_word(&rest)).len > 0) {
		buf_text(&b, brief_of(word));
		buf_char(&b, ' ');
	}
	*out = buf_str(&b);
	return b.len > 0 && !b.full && utf8_len(*out) <= ADDRESS_FOLDED_MAX;
}

bool
address_within(struct str address, struct str place)
{
	return place.len > 0 && str_starts(address, place);
}
