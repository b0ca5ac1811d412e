#include "kvitok/domain/words.h"

#include "kvitok/base/day.h"

#include <stdbool.h>

enum gender { MALE, FEMALE };

/* A noun in the forms that follow 1, 2 to 4, and all other numbers. */
struct noun {
	enum gender gender;
	const char *one, *few, *many;
};

static const struct noun rouble = { MALE, "рубль", "рубля", "рублей" };
static const struct noun kopeck = { FEMALE, "копейка", "копейки", "копеек" };

/* What each group of three digits counts, from the right. */
static const struct noun scales[] = {
	{ MALE, "", "", "" },
	{ FEMALE, "тысяча", "тысячи", "тысяч" },
	{ MALE, "миллион", "миллиона", "миллионов" },
	{ MALE, "миллиард", "миллиарда", "миллиардов" },
	{ MALE, "триллион", "триллиона", "триллионов" },
	{ MALE, "квадриллион", "квадриллиона", "квадриллионов" },
};

static const char *const below_20[] = { "", "один", "два", "три", "четыре",
	"пять", "шесть", "семь", "восемь", "девять", "десять", "одиннадцать",
	"двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать",
	"семнадцать", "восемнадцать", "девятнадцать" };
static const char *const tens[] = { "", "", "двадцать", "тридцать", "сорок",
	"пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто" };
static const char *const hundreds[] = { "", "сто", "двести", "триста",
	"четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот",
	"девятьсот" };

static const char *
noun_after(const struct noun *noun, unsigned n)
{
	unsigned last = n % 10;

	if (n % 100 / 10 == 1 || last == 0 || last > 4)
		return noun->many;
	return last == 1 ? noun->one : noun->few;
}

/* The first letter of the whole text is a capital: а to п are D0 B0 to D0 BF
 * with their capitals 0x20 below, р to я are D1 80 to D1 8F. */
static void
first_word(struct buf *b, const char *word)
{
	unsigned char low = (unsigned char)word[1];
	bool early = low >= 0xb0;

	buf_char(b, '\xd0');
	buf_char(b, (char)(early ? low - 0x20 : low + 0x20));
	buf_text(b, str_of(word + 2));
}

static void
add(struct buf *b, bool *begun, const char *word)
{
	if (*word == '\0')
		return;
	if (*begun) {
		buf_char(b, ' ');
		buf_text(b, str_of(word));
	} else {
		first_word(b, word);
	}
	*begun = true;
}

static void
add_group(struct buf *b, bool *begun, unsigned n, const struct noun *noun)
{
	unsigned rest = n % 100;

	add(b, begun, hundreds[n / 100]);
	if (rest >= 20) {
		add(b, begun, tens[rest / 10]);
		rest %= 10;
	}
	if (noun->gender == FEMALE && rest == 1)
		add(b, begun, "одна");
	else if (noun->gender == FEMALE && rest == 2)
		add(b, begun, "две");
	else
		add(b, begun, below_20[rest]);
	add(b, begun, noun_after(noun, n));
}

void
words_month(struct buf *b, struct str month)
{
	static const char *const names[] = { "январь", "февраль", "март",
		"апрель", "май", "июнь", "июль", "август", "сентябрь",
		"октябрь", "ноябрь", "декабрь" };

	buf_text(b, str_of(names[day_month_number(month) % 12]));
	buf_char(b, ' ');
	buf_text(b, (struct str){ month.p, 4 });
	buf_lit(b, " г.");
}

void
words_roubles(struct buf *b, int64_t kop)
{
	/* Negated as unsigned: the least int64 has no positive twin. */
	uint64_t all = kop < 0 ? -(uint64_t)kop : (uint64_t)kop;
	uint64_t roubles = all / 100, scale = 1;
	unsigned cents = (unsigned)(all % 100);
	bool begun = false;

	if (kop < 0)
		add(b, &begun, "минус");
	if (roubles == 0)
		add(b, &begun, "ноль");
	for (size_t i = 1; i < KV_COUNT(scales); i++)
		scale *= 1000;
	for (size_t i = KV_COUNT(scales); i > 0; i--, scale /= 1000) {
		unsigned group = (unsigned)(roubles / scale % 1000);

		if (group > 0)
			add_group(b, &begun, group, &scales[i - 1]);
	}
	add(b, &begun, noun_after(&rouble, (unsigned)(roubles % 100)));
	buf_fmt(b, " %02u ", cents);
	buf_text(b, str_of(noun_after(&kopeck, cents)));
}
