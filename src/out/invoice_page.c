#include "kvitok/out/invoice_page.h"

#include "kvitok/base/day.h"
#include "kvitok/base/tpl.h"
#include "kvitok/base/utf8.h"
#include "kvitok/out/invoice.h"
#include "kvitok/out/invoice_table.h"

#include <assert.h>

/* The type area, in points. */
#define TOP 40.0
#define BOTTOM (SHEET_HEIGHT - 84)
#define FOOT (SHEET_HEIGHT - 66)

#define QR_SIDE 122.0 /* 43 mm: modules of half a millimetre and more */
#define HEAD_W (INVOICE_WIDTH - QR_SIDE - 28)
#define LABEL_W 96.0
#define ROW_GAP 3.0

static const char *const words[INVOICE_WORD__COUNT] = {
#define WORD(id, text) [INVOICE_WORD_##id] = (text),
#include "kvitok/out/invoice_words.def"
#undef WORD
};

struct str
invoice_word(enum invoice_word w)
{
	return str_of(words[w]);
}

/* Our own words with names that are there: a failure is a broken build. */
struct str
invoice_word_with(
    struct arena *a, enum invoice_word w, const struct tpl_var *v, size_t len)
{
	const struct tpl_vars vars = { v, len };
	struct fault f;
	struct buf b;
	enum err rc;

	fault_init(&f);
	buf_init(&b, a, (size_t)4 * INVOICE_TEXT_MAX);
	rc = tpl_render(&b, TPL_TEXT, invoice_word(w), &vars, &f);
	assert(rc == ERR_OK);
	(void)rc; /* for a build without assert */
	return buf_str(&b);
}

static struct str
word_with1(
    struct arena *a, enum invoice_word w, const char *name, struct str value)
{
	const struct tpl_var v = { .name = name, .text = value };

	return invoice_word_with(a, w, &v, 1);
}

static struct str
word_with2(struct arena *a, enum invoice_word w, const char *name,
    struct str value, const char *name2, struct str value2)
{
	const struct tpl_var v[] = {
		{ .name = name, .text = value },
		{ .name = name2, .text = value2 },
	};

	return invoice_word_with(a, w, v, KV_COUNT(v));
}

/* With a minus sign that is as wide as the digits. */
static struct str
with_minus(struct arena *a, struct str s)
{
	if (s.len == 0 || s.p[0] != '-')
		return s;
	return arena_fmt(a, "−%.*s", (int)s.len - 1, s.p + 1);
}

struct str
invoice_roubles(struct arena *a, int64_t kop)
{
	return with_minus(a, buf_roubles_str(a, kop));
}

static struct str
roubles_signed(struct arena *a, int64_t kop)
{
	return word_with1(a, INVOICE_WORD_SUM, "sum", invoice_roubles(a, kop));
}

struct str
invoice_day(struct arena *a, struct str day)
{
	return day.len == 0
	    ? STR_NONE
	    : arena_fmt(a, "%.2s.%.2s.%.4s", day.p + 8, day.p + 5, day.p);
}

static struct str
month_text_of(struct arena *a, struct str month)
{
	int n = day_month_number(month) % 12;

	return word_with2(a, INVOICE_WORD_MONTH, "month",
	    invoice_word((enum invoice_word)(INVOICE_WORD_MONTH_1 + n)), "year",
	    (struct str){ month.p, 4 });
}

struct sheet_box
invoice_across(double y)
{
	return (struct sheet_box){ INVOICE_LEFT, y, INVOICE_WIDTH };
}

static void
foot(struct invoice_job *j)
{
	struct sheet_box at = invoice_across(FOOT + 7);

	sheet_rule(j->s, invoice_across(FOOT), 0.7, SHEET_HAIR);
	if (j->pages > 1) {
		sheet_text(j->s, SHEET_SMALL, SHEET_RIGHT, at,
		    word_with2(j->a, INVOICE_WORD_PAGE, "page",
			arena_fmt(j->a, "%d", j->page), "pages",
			arena_fmt(j->a, "%d", j->pages)));
		at.w -= 90; /* the first line only */
	}
	if (j->i->support.len > 0) {
		at.y += sheet_text(j->s, SHEET_SMALL, SHEET_LEFT, at,
		    word_with1(
			j->a, INVOICE_WORD_SUPPORT, "support", j->i->support));
		at.w = INVOICE_WIDTH;
	}
	sheet_text(
	    j->s, SHEET_SMALL, SHEET_LEFT, at, invoice_word(INVOICE_WORD_NOTE));
}

/* Gives: true when a new page had to be begun for what is that high. */
bool
invoice_make_room(struct invoice_job *j, double height)
{
	if (j->y + height <= BOTTOM)
		return false;
	foot(j);
	sheet_next_page(j->s);
	j->page++;
	j->y = TOP;
	j->y += sheet_text(j->s, SHEET_SMALL, SHEET_LEFT, invoice_across(j->y),
	    word_with2(j->a, INVOICE_WORD_CONTINUED, "month", j->month,
		"account", j->i->account));
	sheet_rule(j->s, invoice_across(j->y + 6), 0.7, SHEET_HAIR);
	j->y += 6 + INVOICE_GAP;
	return true;
}

static void
fact(struct invoice_job *j, double w, enum invoice_word name,
    enum sheet_style style, struct str value)
{
	struct sheet_box at = { INVOICE_LEFT, j->y, LABEL_W };
	double h, label;

	if (value.len == 0)
		return;
	label = sheet_text(j->s, SHEET_CELL_HEAD, SHEET_LEFT,
	    (struct sheet_box){ INVOICE_LEFT, j->y + 1, LABEL_W },
	    invoice_word(name));
	at.x += LABEL_W;
	at.w = w - LABEL_W;
	h = sheet_text(j->s, style, SHEET_LEFT, at, value);
	j->y += (h > label ? h : label) + ROW_GAP;
}

static struct str
both(struct arena *a, struct str one, struct str two)
{
	return two.len == 0
	    ? one
	    : arena_fmt(a, "%.*s / %.*s", STR_ARG(one), STR_ARG(two));
}

/* Who is paid, and where: beside the square. */
static void
payee(struct invoice_job *j)
{
	const struct invoice *i = j->i;

	fact(j, HEAD_W, INVOICE_WORD_PAYEE, SHEET_CELL_STRONG, i->supplier);
	fact(j, HEAD_W,
	    i->kpp.len > 0 ? INVOICE_WORD_INN_KPP : INVOICE_WORD_INN,
	    SHEET_CELL, both(j->a, i->inn, i->kpp));
	fact(j, HEAD_W, INVOICE_WORD_SETTLEMENT, SHEET_CELL,
	    i->settlement_account);
	fact(j, HEAD_W, INVOICE_WORD_BANK, SHEET_CELL, i->bank);
	fact(j, HEAD_W, INVOICE_WORD_BIC, SHEET_CELL, i->bic);
	fact(j, HEAD_W, INVOICE_WORD_CORRESPONDENT, SHEET_CELL,
	    i->correspondent);
	j->y += 4;
	fact(j, HEAD_W, INVOICE_WORD_ACCOUNT, SHEET_CELL_STRONG, i->account);
	fact(j, HEAD_W, INVOICE_WORD_OWNER, SHEET_CELL, i->owner);
	fact(j, HEAD_W, INVOICE_WORD_ADDRESS, SHEET_CELL, i->address);
	fact(j, HEAD_W, INVOICE_WORD_NUMBER, SHEET_CELL, i->number);
}

static void
hero(struct invoice_job *j)
{
	int64_t owed = -j->i->to_pay_kop; /* checked: not the least number */
	struct sheet_box at = { INVOICE_LEFT, j->y, HEAD_W };

	j->y += sheet_text(j->s, SHEET_LABEL, SHEET_LEFT, at,
	    invoice_word(owed > 0 ? INVOICE_WORD_TO_PAY
		    : owed < 0    ? INVOICE_WORD_OVERPAID
				  : INVOICE_WORD_NOTHING));
	at.y = j->y;
	j->y += sheet_text(j->s, SHEET_HERO, SHEET_LEFT, at,
	    roubles_signed(j->a, owed < 0 ? -owed : owed));
	at.y = j->y;
	if (owed > 0 && j->i->due_day.len > 0)
		j->y += sheet_text(j->s, SHEET_STRONG, SHEET_LEFT, at,
		    word_with1(j->a, INVOICE_WORD_DUE, "day",
			invoice_day(j->a, j->i->due_day)));
	j->y += INVOICE_GAP - 2;
}

static double
square(struct invoice_job *j, double y)
{
	struct sheet_box at = { INVOICE_LEFT + INVOICE_WIDTH - QR_SIDE, y,
		QR_SIDE };

	if (j->qr.side == 0)
		return y;
	sheet_square(j->s, at, j->qr.modules, j->qr.side);
	at.y += QR_SIDE + 7;
	return at.y +
	    sheet_text(j->s, SHEET_CELL_HEAD, SHEET_LEFT, at,
		invoice_word(INVOICE_WORD_QR));
}

static void
head(struct invoice_job *j)
{
	const struct invoice *i = j->i;
	struct sheet_box link = { INVOICE_LEFT + INVOICE_WIDTH * 0.66, TOP + 3,
		INVOICE_WIDTH * 0.34 };
	double below;

	sheet_text(j->s, SHEET_SMALL, SHEET_RIGHT, link, i->portal_url);
	j->y = TOP +
	    sheet_text(j->s, SHEET_BRAND, SHEET_LEFT,
		(struct sheet_box){ INVOICE_LEFT, TOP, INVOICE_WIDTH * 0.62 },
		i->portal);
	j->y += 8;
	sheet_rule(j->s, invoice_across(j->y), 0.7, SHEET_HAIR);
	j->y += 16;
	below = square(j, j->y + 4);
	j->y += 11 +
	    sheet_text(j->s, SHEET_TITLE, SHEET_LEFT,
		(struct sheet_box){ INVOICE_LEFT, j->y, HEAD_W },
		word_with1(j->a, INVOICE_WORD_TITLE, "month", j->month));
	hero(j);
	payee(j);
	if (j->y < below)
		j->y = below;
}

static void
sum_row(
    struct invoice_job *j, enum sheet_style style, struct str name, int64_t kop)
{
	struct sheet_box at = { INVOICE_LEFT, j->y, INVOICE_WIDTH - 150 };
	struct sheet_box sum = { INVOICE_LEFT + INVOICE_WIDTH - 150, j->y,
		150 };
	double h = sheet_text(
	    j->s, style, SHEET_RIGHT, sum, roubles_signed(j->a, kop));

	sheet_text(j->s, style, SHEET_LEFT, at, name);
	j->y += h + ROW_GAP;
}

/* How the sum comes about; of several services the settlements say it. */
static void
sums(struct invoice_job *j)
{
	const struct invoice *i = j->i;
	bool owed = i->opening_kop <= 0;

	if (i->lines_len > 1)
		return;
	j->y += INVOICE_GAP - 4;
	invoice_make_room(j, 86);
	sum_row(j, SHEET_CELL,
	    invoice_word(
		owed ? INVOICE_WORD_OPENING : INVOICE_WORD_OPENING_OVERPAID),
	    owed ? -i->opening_kop : i->opening_kop);
	sum_row(j, SHEET_CELL, invoice_word(INVOICE_WORD_CHARGED_MONTH),
	    i->charged_kop);
	sum_row(j, SHEET_CELL,
	    word_with1(j->a, INVOICE_WORD_PAID_UNTIL, "day",
		invoice_day(j->a, i->paid_until_day)),
	    i->paid_kop);
	j->y += 3;
	sheet_rule(j->s, invoice_across(j->y), 0.7, SHEET_INK);
	j->y += 6;
	sum_row(j, SHEET_TOTAL,
	    invoice_word(i->to_pay_kop > 0 ? INVOICE_WORD_OVERPAID
					   : INVOICE_WORD_TO_PAY),
	    i->to_pay_kop > 0 ? i->to_pay_kop : -i->to_pay_kop);
}

static void
remark(struct invoice_job *j, struct str text)
{
	invoice_make_room(
	    j, 6 + sheet_measure(j->s, SHEET_SMALL, INVOICE_WIDTH, text));
	j->y += 6;
	j->y += sheet_text(
	    j->s, SHEET_SMALL, SHEET_LEFT, invoice_across(j->y), text);
}

void
invoice_draw(struct invoice_job *j)
{
	j->month = month_text_of(j->a, j->i->month);
	head(j);
	invoice_table_charges(j);
	invoice_table_settlements(j);
	sums(j);
	if (j->i->penalty_kop >= 0)
		remark(j,
		    word_with2(j->a, INVOICE_WORD_PENALTY_TOLD, "day",
			invoice_day(j->a, j->i->paid_until_day), "sum",
			invoice_roubles(j->a, j->i->penalty_kop)));
	if (invoice_table_signed(j))
		remark(j, invoice_word(INVOICE_WORD_SIGN));
	foot(j);
}
