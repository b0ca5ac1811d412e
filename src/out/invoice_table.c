#include "kvitok/out/invoice_table.h"

#include "kvitok/base/attr.h"

#include <assert.h>
#include <inttypes.h>

#define COLUMNS_MAX 9
#define CELL_GAP 4.0

/* Millionths as people write them: 2 245,18; so many decimals or more. */
static struct str
decimal(struct arena *a, int64_t micro, size_t decimals)
{
	struct str whole = invoice_roubles(a, micro / 1000000 * 100), s;
	int64_t part = micro % 1000000;
	size_t least;

	whole.len -= sizeof(",00") - 1;
	if (micro < 0 && micro > -1000000)
		whole = STR("−0");
	s = arena_fmt(
	    a, "%.*s,%06" PRId64, STR_ARG(whole), part < 0 ? -part : part);
	least = s.len - 6 + decimals;
	while (s.len > least && s.p[s.len - 1] == '0')
		s.len--;
	if (s.p[s.len - 1] == ',')
		s.len--;
	return s;
}

struct column {
	enum invoice_word name;
	double w;
	struct str (*text)(struct invoice_job *j, const struct invoice_line *l);
};

struct table {
	struct str title;
	struct column columns[COLUMNS_MAX]; /* the first is the widest, left */
	size_t len;
};

static struct str
cell_service(struct invoice_job *j, const struct invoice_line *l)
{
	(void)j;
	return l->service;
}

static struct str
cell_volume(struct invoice_job *j, const struct invoice_line *l)
{
	if (l->unit.len == 0)
		return STR("");
	return arena_fmt(j->a, "%.*s %.*s",
	    STR_ARG(decimal(j->a, l->volume_micro, 0)), STR_ARG(l->unit));
}

static struct str
cell_tariff(struct invoice_job *j, const struct invoice_line *l)
{
	return l->unit.len == 0 ? STR("") : decimal(j->a, l->tariff_micro, 2);
}

static struct str
cell_accrued(struct invoice_job *j, const struct invoice_line *l)
{
	return invoice_roubles(j->a, l->accrued_kop);
}

static struct str
cell_recalculated(struct invoice_job *j, const struct invoice_line *l)
{
	return invoice_roubles(j->a, l->recalculated_kop);
}

static struct str
cell_benefit(struct invoice_job *j, const struct invoice_line *l)
{
	return invoice_roubles(j->a, -l->benefit_kop);
}

static struct str
cell_penalty(struct invoice_job *j, const struct invoice_line *l)
{
	return invoice_roubles(j->a, l->penalty_kop < 0 ? 0 : l->penalty_kop);
}

static struct str
cell_charged(struct invoice_job *j, const struct invoice_line *l)
{
	return invoice_roubles(j->a, l->charged_kop);
}

/* Owed, as accountants head the column: the other way round. */
static struct str
cell_opening(struct invoice_job *j, const struct invoice_line *l)
{
	return invoice_roubles(j->a, -l->opening_kop);
}

static struct str
cell_paid(struct invoice_job *j, const struct invoice_line *l)
{
	return invoice_roubles(j->a, l->paid_kop);
}

static struct str
cell_to_pay(struct invoice_job *j, const struct invoice_line *l)
{
	return invoice_roubles(j->a, -l->to_pay_kop);
}

static void
column_add(struct table *t, enum invoice_word name, double w,
    struct str (*text)(struct invoice_job *j, const struct invoice_line *l))
{
	assert(t->len < COLUMNS_MAX);
	t->columns[t->len++] = (struct column){ name, w, text };
	t->columns[0].w -= w;
}

static void
table_begin(struct table *t, struct str title)
{
	*t = (struct table){ .title = title };
	column_add(t, INVOICE_WORD_SERVICE, 0, cell_service);
	t->columns[0].w = INVOICE_WIDTH;
}

static bool
any(const struct invoice_job *j, bool (*is)(const struct invoice_line *l))
{
	for (size_t i = 0; i < j->i->lines_len; i++)
		if (is(&j->i->lines[i]))
			return true;
	return false;
}

static bool
by_volume(const struct invoice_line *l)
{
	return l->unit.len > 0;
}

static bool
is_recalculated(const struct invoice_line *l)
{
	return l->recalculated_kop != 0;
}

static bool
has_benefit(const struct invoice_line *l)
{
	return l->benefit_kop != 0;
}

static bool
has_penalty(const struct invoice_line *l)
{
	return l->penalty_kop > 0;
}

/* Each cell's top is at y.  Gives: the height of the highest. */
static double
row(struct invoice_job *j, const struct table *t, enum sheet_style style,
    const struct str *texts)
{
	double x = INVOICE_LEFT, height = 0;

	for (size_t i = 0; i < t->len; i++) {
		const struct column *c = &t->columns[i];
		struct sheet_box at = { x, j->y, c->w - (i == 0 ? 6 : 0) };
		double h;

		if (i > 0) { /* a gap between sums */
			at.x += 6;
			at.w -= 6;
		}
		h = sheet_text(j->s, style, i == 0 ? SHEET_LEFT : SHEET_RIGHT,
		    at, texts[i]);
		height = h > height ? h : height;
		x += c->w;
	}
	return height;
}

static void
table_head(struct invoice_job *j, const struct table *t)
{
	struct str texts[COLUMNS_MAX] = { STR("") };

	for (size_t i = 0; i < t->len; i++)
		texts[i] = invoice_word(t->columns[i].name);
	j->y += row(j, t, SHEET_CELL_HEAD, texts) + 3;
	sheet_rule(j->s, invoice_across(j->y), 0.7, SHEET_INK);
	j->y += CELL_GAP;
}

static void
table_line(struct invoice_job *j, const struct table *t, enum sheet_style style,
    const struct invoice_line *l)
{
	struct str texts[COLUMNS_MAX] = { STR("") };
	double name_h =
	    sheet_measure(j->s, style, t->columns[0].w - 6, l->service);

	for (size_t i = 0; i < t->len; i++)
		texts[i] = t->columns[i].text(j, l);
	if (invoice_make_room(j, name_h + 2 * CELL_GAP))
		table_head(j, t);
	j->y += row(j, t, style, texts) + CELL_GAP;
	sheet_rule(j->s, invoice_across(j->y), 0.5, SHEET_HAIR);
	j->y += CELL_GAP;
}

/* What the columns add up to; volumes of different things do not. */
static struct invoice_line
total_of(const struct invoice_job *j)
{
	const struct invoice *i = j->i;
	struct invoice_line t = { .service = invoice_word(INVOICE_WORD_TOTAL),
		.charged_kop = i->charged_kop,
		.opening_kop = i->opening_kop,
		.paid_kop = i->paid_kop,
		.to_pay_kop = i->to_pay_kop };

	for (size_t k = 0; k < i->lines_len; k++) {
		const struct invoice_line *l = &i->lines[k];

		t.accrued_kop += l->accrued_kop;
		t.recalculated_kop += l->recalculated_kop;
		t.benefit_kop += l->benefit_kop;
		t.penalty_kop += l->penalty_kop > 0 ? l->penalty_kop : 0;
	}
	return t;
}

static void
table(struct invoice_job *j, const struct table *t)
{
	struct invoice_line total = total_of(j);

	j->y += INVOICE_GAP;
	invoice_make_room(j, 70);
	j->y += 5 +
	    sheet_text(
		j->s, SHEET_STRONG, SHEET_LEFT, invoice_across(j->y), t->title);
	table_head(j, t);
	for (size_t i = 0; i < j->i->lines_len; i++)
		table_line(j, t, SHEET_CELL, &j->i->lines[i]);
	if (j->i->lines_len > 1)
		table_line(j, t, SHEET_CELL_STRONG, &total);
}

static void
reasons(struct invoice_job *j)
{
	for (size_t i = 0; i < j->i->lines_len; i++) {
		const struct invoice_line *l = &j->i->lines[i];
		const struct tpl_var v[] = {
			{ .name = "service", .text = l->service },
			{ .name = "why", .text = l->recalculated_why },
			{ .name = "sum",
			    .text =
				invoice_roubles(j->a, l->recalculated_kop) },
		};
		struct str text;

		if (l->recalculated_kop == 0)
			continue;
		text =
		    invoice_word_with(j->a, INVOICE_WORD_WHY, v, KV_COUNT(v));
		invoice_make_room(j,
		    sheet_measure(j->s, SHEET_CELL_HEAD, INVOICE_WIDTH, text) +
			2);
		j->y += 2 +
		    sheet_text(j->s, SHEET_CELL_HEAD, SHEET_LEFT,
			invoice_across(j->y), text);
	}
}

void
invoice_table_charges(struct invoice_job *j)
{
	struct table t;

	if (j->i->lines_len == 0)
		return;
	table_begin(&t, invoice_word(INVOICE_WORD_CHARGES));
	if (any(j, by_volume)) {
		column_add(&t, INVOICE_WORD_VOLUME, 76, cell_volume);
		column_add(&t, INVOICE_WORD_TARIFF, 56, cell_tariff);
	}
	column_add(&t, INVOICE_WORD_ACCRUED, 62, cell_accrued);
	if (any(j, is_recalculated))
		column_add(
		    &t, INVOICE_WORD_RECALCULATED, 64, cell_recalculated);
	if (any(j, has_benefit))
		column_add(&t, INVOICE_WORD_BENEFIT, 58, cell_benefit);
	if (any(j, has_penalty))
		column_add(&t, INVOICE_WORD_PENALTY, 48, cell_penalty);
	column_add(&t, INVOICE_WORD_CHARGED, 62, cell_charged);
	table(j, &t);
	reasons(j);
}

static bool
is_overpaid(const struct invoice_line *l)
{
	return l->opening_kop > 0 || l->to_pay_kop > 0;
}

void
invoice_table_settlements(struct invoice_job *j)
{
	const struct tpl_var day = { .name = "day",
		.text = invoice_day(j->a, j->i->paid_until_day) };
	struct table t;

	if (j->i->lines_len < 2)
		return; /* the sums say it all */
	table_begin(
	    &t, invoice_word_with(j->a, INVOICE_WORD_SETTLEMENTS, &day, 1));
	column_add(&t, INVOICE_WORD_OPENING_COLUMN, 92, cell_opening);
	column_add(&t, INVOICE_WORD_CHARGED_COLUMN, 82, cell_charged);
	column_add(&t, INVOICE_WORD_PAID_COLUMN, 82, cell_paid);
	column_add(&t, INVOICE_WORD_TO_PAY_COLUMN, 82, cell_to_pay);
	table(j, &t);
}

bool
invoice_table_signed(const struct invoice_job *j)
{
	return j->i->lines_len > 1 && any(j, is_overpaid);
}
