#include "kvitok/domain/report.h"

#include "kvitok/base/day.h"

static const char *const formats[REPORT_FORMAT__COUNT] = {
	[REPORT_CSV] = "csv",
	[REPORT_XML] = "xml",
	[REPORT_XLSX] = "xlsx",
	[REPORT_PDF] = "pdf",
	[REPORT_DBF] = "dbf",
};

static const struct report_word filters[REPORT_FILTER__COUNT] = {
	[REPORT_PORTAL] = { "portal", "Портал" },
	[REPORT_SUPPLIER] = { "supplier", "Поставщик" },
	[REPORT_CONTRACT] = { "contract", "Договор с банком" },
	[REPORT_BANK] = { "bank", "Банк" },
	[REPORT_STATE] = { "state", "Состояние" },
	[REPORT_ACCOUNT] = { "account", "Счёт учёта" },
};

bool
report_of(struct str name, enum report_id *id)
{
	for (int i = 0; i < REPORT__COUNT; i++)
		if (str_eq(name, str_of(report_def((enum report_id)i)->name))) {
			*id = (enum report_id)i;
			return true;
		}
	return false;
}

const char *
report_format_name(enum report_format x)
{
	return formats[x];
}

const char *
report_format_type(enum report_format x)
{
	static const char *const types[REPORT_FORMAT__COUNT] = {
		[REPORT_CSV] = "text/csv",
		[REPORT_XML] = "application/xml",
		[REPORT_XLSX] = "application/vnd.openxmlformats-officedocument."
				"spreadsheetml.sheet",
		[REPORT_PDF] = "application/pdf",
		[REPORT_DBF] = "application/octet-stream",
	};

	return types[x];
}

bool
report_format_of(struct str name, enum report_format *x)
{
	for (int i = 0; i < REPORT_FORMAT__COUNT; i++)
		if (str_eq(name, str_of(formats[i]))) {
			*x = (enum report_format)i;
			return true;
		}
	return false;
}

const char *
report_filter_name(enum report_filter x)
{
	return filters[x].id;
}

const char *
report_filter_title(enum report_filter x)
{
	return filters[x].words;
}

bool
report_has_filter(const struct report_def *d, enum report_filter x)
{
	return (d->filters >> x & 1) != 0;
}

bool
report_has_format(const struct report_def *d, enum report_format x)
{
	return (d->formats >> x & 1) != 0;
}

struct str
report_word(const struct report_word *words, struct str id)
{
	for (; words != NULL && words->id != NULL; words++)
		if (str_eq(id, str_of(words->id)))
			return str_of(words->words);
	return id;
}

/* --- what is asked for ----------------------------------------------- */

#define KNOWN_MAX 120

struct known {
	char text[KNOWN_MAX];
	size_t len;
};

/* Words that fit, parted by commas. */
static void
known_add(struct known *k, const char *word)
{
	size_t n = strlen(word);

	if (k->len + n + 2 >= sizeof(k->text))
		return;
	if (k->len > 0) {
		memcpy(k->text + k->len, ", ", 2);
		k->len += 2;
	}
	memcpy(k->text + k->len, word, n);
	k->len += n;
}

static enum err
refuse(struct fault *f, const char *field, const char *reason,
    const char *detail, const struct known *k)
{
	(void)fault_set(f, ERR_INVALID, reason, "%s: %s%s%.*s", field, detail,
	    k != NULL ? ": " : "", k != NULL ? (int)k->len : 0,
	    k != NULL ? k->text : "");
	if (k != NULL)
		fault_arg(f, "known", (struct str){ k->text, k->len });
	fault_field(f, field, reason);
	return f->err;
}

static enum err
check_days(const struct report_query *q, struct fault *f)
{
	if (!day_valid(q->from_day))
		return refuse(f, "from", "report_day",
		    "a day is written YYYY-MM-DD", NULL);
	if (!day_valid(q->to_day))
		return refuse(
		    f, "to", "report_day", "a day is written YYYY-MM-DD", NULL);
	if (str_cmp(q->from_day, q->to_day) > 0)
		return refuse(f, "from", "report_upside_down",
		    "the first day is after the last", NULL);
	if (day_number(q->to_day) - day_number(q->from_day) >= REPORT_DAYS_MAX)
		return refuse(f, "to", "report_too_long",
		    "more days than a year has", NULL);
	return ERR_OK;
}

static enum err
check_state(
    const struct report_def *d, const struct report_query *q, struct fault *f)
{
	struct known k = { .len = 0 };

	if (q->filter[REPORT_STATE].len == 0)
		return ERR_OK;
	for (const struct report_word *w = d->states; w->id != NULL; w++) {
		if (str_eq(q->filter[REPORT_STATE], str_of(w->id)))
			return ERR_OK;
		known_add(&k, w->id);
	}
	return refuse(f, "state", "report_state", "states are", &k);
}

static enum err
check_filters(
    const struct report_def *d, const struct report_query *q, struct fault *f)
{
	struct known k = { .len = 0 };

	for (int i = 0; i < REPORT_FILTER__COUNT; i++)
		if (report_has_filter(d, (enum report_filter)i))
			known_add(&k, filters[i].id);
	for (int i = 0; i < REPORT_FILTER__COUNT; i++)
		if (q->filter[i].len > 0 &&
		    !report_has_filter(d, (enum report_filter)i))
			return refuse(f, filters[i].id, "report_filter",
			    "this report is narrowed by", &k);
	return check_state(d, q, f);
}

enum err
report_check(
    const struct report_query *q, enum report_format format, struct fault *f)
{
	const struct report_def *d = report_def(q->id);
	struct known k = { .len = 0 };
	enum err rc = check_days(q, f);

	if (rc == ERR_OK)
		rc = check_filters(d, q, f);
	if (rc != ERR_OK || report_has_format(d, format))
		return rc;
	for (int i = 0; i < REPORT_FORMAT__COUNT; i++)
		if (report_has_format(d, (enum report_format)i))
			known_add(&k, formats[i]);
	return refuse(
	    f, "format", "report_format", "this report is written as", &k);
}

/* --- rows ------------------------------------------------------------ */

enum err
report_add(const struct report_def *d, struct report_totals *t,
    const struct report_cell *row, struct fault *f)
{
	t->rows++;
	for (size_t i = 0; i < d->columns_len; i++)
		if (d->columns[i].total &&
		    __builtin_add_overflow(t->sum[i], row[i].n, &t->sum[i]))
			return fault_set(f, ERR_LIMIT, "sum_overflow",
			    "total of %s", d->columns[i].name);
	return ERR_OK;
}

static bool
is_text(enum report_type type)
{
	return type == REPORT_TEXT || type == REPORT_WORD || type == REPORT_DAY;
}

/* 2026-11-21 05:13:11 of Moscow. */
static void
put_instant(struct buf *b, int64_t at)
{
	char iso[20];

	if (at == 0)
		return;
	day_local_iso(at, DAY_ZONE_MOSCOW, iso);
	iso[10] = ' ';
	buf_bytes(b, iso, 19);
}

void
report_machine(struct buf *b, const struct report_column *c,
    const struct report_cell *cell)
{
	if (is_text(c->type))
		buf_text(b, cell->t);
	else if (c->type == REPORT_INSTANT)
		put_instant(b, cell->n);
	else if (c->type == REPORT_SUM)
		buf_decimal(b, cell->n);
	else
		buf_i64(b, cell->n);
}

void
report_day(struct buf *b, struct str day)
{
	if (day.len != 10) {
		buf_text(b, day);
		return;
	}
	buf_bytes(b, day.p + 8, 2);
	buf_char(b, '.');
	buf_bytes(b, day.p + 5, 2);
	buf_char(b, '.');
	buf_bytes(b, day.p, 4);
}

void
report_days(struct buf *b, const struct report_query *q)
{
	report_day(b, q->from_day);
	if (str_eq(q->from_day, q->to_day))
		return;
	buf_lit(b, " – ");
	report_day(b, q->to_day);
}

static void
plain_instant(struct buf *b, int64_t at)
{
	char iso[20];

	if (at == 0)
		return;
	day_local_iso(at, DAY_ZONE_MOSCOW, iso);
	report_day(b, (struct str){ iso, 10 });
	buf_char(b, ' ');
	buf_bytes(b, iso + 11, 8);
}

static void
plain_sum(struct buf *b, int64_t kop, char decimal)
{
	size_t at = b->len;

	buf_decimal(b, kop);
	for (; at < b->len; at++)
		if (b->p[at] == '.')
			b->p[at] = decimal;
}

void
report_plain(struct buf *b, const struct report_column *c,
    const struct report_cell *cell, char decimal)
{
	switch (c->type) {
	case REPORT_WORD:
		buf_text(b, report_word(c->words, cell->t));
		break;
	case REPORT_DAY:
		report_day(b, cell->t);
		break;
	case REPORT_INSTANT:
		plain_instant(b, cell->n);
		break;
	case REPORT_SUM:
		plain_sum(b, cell->n, decimal);
		break;
	case REPORT_NUMBER:
		buf_i64(b, cell->n);
		break;
	case REPORT_TEXT:
	case REPORT_TYPE__COUNT:
		buf_text(b, cell->t);
		break;
	}
}

/* --- the hash -------------------------------------------------------- */

/* A value of a line: it neither ends it nor parts it. */
static void
put_value(struct buf *b, const struct report_column *c,
    const struct report_cell *cell)
{
	size_t at = b->len;

	report_machine(b, c, cell);
	for (; at < b->len; at++)
		if (b->p[at] == '\t' || b->p[at] == '\r' || b->p[at] == '\n')
			b->p[at] = ' ';
}

void
report_hash_head(struct buf *b, const struct report_query *q)
{
	static const struct report_column text = { .type = REPORT_TEXT };
	const struct report_def *d = report_def(q->id);

	buf_text(b, str_of(d->name));
	buf_char(b, '\t');
	buf_text(b, q->from_day);
	buf_char(b, '\t');
	buf_text(b, q->to_day);
	for (int i = 0; i < REPORT_FILTER__COUNT; i++) {
		struct report_cell cell = { .t = q->filter[i] };

		buf_char(b, '\t');
		put_value(b, &text, &cell);
	}
	buf_char(b, '\n');
	for (size_t i = 0; i < d->columns_len; i++) {
		if (i > 0)
			buf_char(b, '\t');
		buf_text(b, str_of(d->columns[i].name));
	}
	buf_char(b, '\n');
}

void
report_hash_row(
    struct buf *b, const struct report_def *d, const struct report_cell *row)
{
	for (size_t i = 0; i < d->columns_len; i++) {
		if (i > 0)
			buf_char(b, '\t');
		put_value(b, &d->columns[i], &row[i]);
	}
	buf_char(b, '\n');
}

void
report_hash_end(
    struct buf *b, const struct report_def *d, const struct report_totals *t)
{
	buf_lit(b, "total\t");
	buf_i64(b, t->rows);
	for (size_t i = 0; i < d->columns_len; i++) {
		struct report_cell cell = { .n = t->sum[i] };

		if (!d->columns[i].total)
			continue;
		buf_char(b, '\t');
		report_machine(b, &d->columns[i], &cell);
	}
	buf_char(b, '\n');
}

void
report_file_name(
    struct buf *b, const struct report_query *q, enum report_format format)
{
	buf_text(b, str_of(report_def(q->id)->name));
	buf_char(b, '-');
	buf_text(b, q->from_day);
	buf_char(b, '-');
	buf_text(b, q->to_day);
	buf_char(b, '.');
	buf_text(b, str_of(formats[format]));
}
