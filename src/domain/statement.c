#include "kvitok/domain/statement.h"

#include "kvitok/base/day.h"
#include "kvitok/domain/money.h"

static enum err
add(int64_t *to, int64_t kop, struct fault *f)
{
	struct money m = { *to };
	enum err rc = money_add(m, (struct money){ kop }, &m, f);

	*to = m.kop;
	return rc;
}

static enum err
take(int64_t *from, int64_t kop, struct fault *f)
{
	struct money m = { *from };
	enum err rc = money_sub(m, (struct money){ kop }, &m, f);

	*from = m.kop;
	return rc;
}

static enum err
refuse(struct fault *f, enum err class, const char *name, const char *reason)
{
	(void)fault_set(f, class, reason, "%s", name);
	fault_field(f, name, reason);
	return class;
}

enum err
statement_span_check(
    struct str from, struct str to, struct str running, struct fault *f)
{
	if (!day_month_valid(from))
		return refuse(f, ERR_INVALID, "from", "month_form");
	if (!day_month_valid(to))
		return refuse(f, ERR_INVALID, "to", "month_form");
	if (str_cmp(from, to) > 0)
		return refuse(f, ERR_INVALID, "to", "months_upside_down");
	if (str_cmp(to, running) > 0)
		return refuse(f, ERR_INVALID, "to", "month_ahead");
	if (day_month_number(to) - day_month_number(from) >=
	    STATEMENT_MONTHS_MAX)
		return refuse(f, ERR_LIMIT, "to", "months_too_many");
	return ERR_OK;
}

enum err
statement_charged(const struct charge *c, int64_t *kop, struct fault *f)
{
	int64_t sum = c->accrued_kop;
	enum err rc = add(&sum, c->recalculated_kop, f);

	if (rc == ERR_OK)
		rc = take(&sum, c->benefit_kop, f);
	if (rc == ERR_OK && c->penalty_kop > 0)
		rc = add(&sum, c->penalty_kop, f);
	*kop = sum;
	return rc;
}

/* What is known of a service in a month. */
struct cell {
	const struct charge *charge;
	bool opens; /* the supplier has said with what */
	int64_t opening_kop, charged_kop, paid_kop;
};

struct making {
	struct arena *a;
	const struct statement_facts *facts;
	const struct statement_span *span;
	struct fault *f;
	int start, to;      /* numbers of months */
	size_t months;      /* start .. to, and the one after */
	struct cell *cells; /* month after month */
	int *last_opening;  /* by service: number of a month */
	int *counted_in;    /* by payment: number of a month */
	int64_t *balance;   /* by service: how the month in hand begins */
};

/* Gives: the place of a service, or how many there are. */
static size_t
service_of(const struct making *m, struct str service)
{
	size_t i = 0;

	while (
	    i < m->span->services_len && !str_eq(m->span->services[i], service))
		i++;
	return i;
}

/* The cell of a month of the table, and of a service that is known. */
static struct cell *
cell_at(const struct making *m, int month, size_t service)
{
	return &m->cells[(size_t)(month - m->start) * m->span->services_len +
	    service];
}

/* Gives: NULL for what is not in the table. */
static struct cell *
cell_of(const struct making *m, int month, size_t service)
{
	if (month < m->start || month > m->to + 1 ||
	    service == m->span->services_len)
		return NULL;
	return cell_at(m, month, service);
}

static enum err
put_charges(struct making *m)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; i < m->facts->charges_len && rc == ERR_OK; i++) {
		const struct charge *c = &m->facts->charges[i];
		struct cell *cell = cell_of(
		    m, day_month_number(c->month), service_of(m, c->service));

		if (cell == NULL)
			continue;
		cell->charge = c;
		rc = statement_charged(c, &cell->charged_kop, m->f);
	}
	return rc;
}

static enum err
put_openings(struct making *m)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; i < m->facts->openings_len && rc == ERR_OK; i++) {
		const struct opening *o = &m->facts->openings[i];
		int month = day_month_number(o->month);
		size_t service = service_of(m, o->service);
		struct cell *cell = cell_of(m, month, service);

		if (service < m->span->services_len &&
		    month > m->last_opening[service])
			m->last_opening[service] = month;
		if (cell == NULL)
			continue;
		cell->opens = true;
		rc = take(&cell->opening_kop, o->owed_kop, m->f);
	}
	return rc;
}

/* Not acknowledged: in none of the supplier's openings. */
static int
month_counted(
    const struct making *m, const struct statement_payment *p, size_t service)
{
	int month;

	if (p->month.len > 0)
		return day_month_number(p->month);
	month = day_month_number((struct str){ p->day.p, DAY_MONTH_SIZE - 1 });
	if (service < m->span->services_len && m->last_opening[service] > month)
		month = m->last_opening[service];
	return month > m->start ? month : m->start;
}

static enum err
put_payments(struct making *m)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; i < m->facts->payments_len && rc == ERR_OK; i++) {
		const struct statement_payment *p = &m->facts->payments[i];
		size_t service = service_of(m, p->service);
		struct cell *cell;

		m->counted_in[i] = month_counted(m, p, service);
		cell = cell_of(m, m->counted_in[i], service);
		if (cell != NULL)
			rc = add(&cell->paid_kop, p->sum_kop, m->f);
	}
	return rc;
}

static enum err
end_line(struct making *m, const struct cell *next, struct statement_line *l)
{
	enum err rc;

	l->to_pay_kop = l->opening_kop;
	rc = take(&l->to_pay_kop, l->charged_kop, m->f);
	if (rc == ERR_OK)
		rc = add(&l->to_pay_kop, l->paid_kop, m->f);
	if (rc != ERR_OK)
		return rc;
	l->closing_kop = next->opens ? next->opening_kop : l->to_pay_kop;
	l->other_kop = l->closing_kop;
	return take(&l->other_kop, l->to_pay_kop, m->f);
}

static enum err
sum_up(
    struct statement_sums *s, const struct statement_line *l, struct fault *f)
{
	const struct charge none = { .penalty_kop = -1 };
	const struct charge *c = l->charge != NULL ? l->charge : &none;
	struct {
		int64_t *to, kop;
	} sums[] = {
		{ &s->opening_kop, l->opening_kop },
		{ &s->accrued_kop, c->accrued_kop },
		{ &s->recalculated_kop, c->recalculated_kop },
		{ &s->benefit_kop, c->benefit_kop },
		{ &s->penalty_kop, c->penalty_kop > 0 ? c->penalty_kop : 0 },
		{ &s->charged_kop, l->charged_kop },
		{ &s->paid_kop, l->paid_kop },
		{ &s->to_pay_kop, l->to_pay_kop },
		{ &s->other_kop, l->other_kop },
		{ &s->closing_kop, l->closing_kop },
	};
	enum err rc = ERR_OK;

	for (size_t i = 0; i < KV_COUNT(sums) && rc == ERR_OK; i++)
		rc = add(sums[i].to, sums[i].kop, f);
	return rc;
}

static bool
known(const struct cell *c, const struct statement_line *l)
{
	return c->opens || c->charge != NULL || l->opening_kop != 0 ||
	    l->paid_kop != 0 || l->closing_kop != 0;
}

/* Go over a month; out is NULL for one that was not asked for. */
static enum err
make_month(struct making *m, int month, struct statement_month *out)
{
	size_t len = m->span->services_len;
	struct statement_line *lines =
	    ARENA_ARRAY(m->a, len + 1, struct statement_line);
	size_t n = 0;
	enum err rc = ERR_OK;

	for (size_t i = 0; i < len && rc == ERR_OK; i++) {
		const struct cell *c = cell_at(m, month, i);
		struct statement_line *l = &lines[n];

		*l = (struct statement_line){ .service = m->span->services[i],
			.charge = c->charge,
			.opening_kop =
			    c->opens ? c->opening_kop : m->balance[i],
			.charged_kop = c->charged_kop,
			.paid_kop = c->paid_kop };
		rc = end_line(m, cell_at(m, month + 1, i), l);
		m->balance[i] = l->closing_kop;
		if (rc == ERR_OK && out != NULL && known(c, l)) {
			rc = sum_up(&out->sums, l, m->f);
			n++;
		}
	}
	if (out != NULL) {
		out->lines = lines;
		out->lines_len = n;
	}
	return rc;
}

static void
give_payments(struct making *m, int month, struct statement_month *out)
{
	struct statement_payment *list = ARENA_ARRAY(
	    m->a, m->facts->payments_len + 1, struct statement_payment);
	size_t n = 0;

	for (size_t i = 0; i < m->facts->payments_len; i++)
		if (m->counted_in[i] == month)
			list[n++] = m->facts->payments[i];
	out->payments = list;
	out->payments_len = n;
}

static void
begin(struct making *m)
{
	size_t services = m->span->services_len;

	m->start = day_month_number(m->span->start);
	m->to = day_month_number(m->span->to);
	m->months = (size_t)(m->to - m->start) + 2;
	m->cells = ARENA_ARRAY(m->a, m->months * services + 1, struct cell);
	m->last_opening = ARENA_ARRAY(m->a, services + 1, int);
	m->balance = ARENA_ARRAY(m->a, services + 1, int64_t);
	m->counted_in = ARENA_ARRAY(m->a, m->facts->payments_len + 1, int);
}

enum err
statement_make(struct arena *a, const struct statement_facts *facts,
    const struct statement_span *span, const struct statement_month **out,
    size_t *len, struct fault *f)
{
	struct making m = { .a = a, .facts = facts, .span = span, .f = f };
	struct statement_month *list;
	int from = day_month_number(span->from);
	enum err rc;

	begin(&m);
	list =
	    ARENA_ARRAY(a, (size_t)(m.to - from) + 1, struct statement_month);
	rc = put_charges(&m);
	if (rc == ERR_OK)
		rc = put_openings(&m);
	if (rc == ERR_OK)
		rc = put_payments(&m);
	for (int month = m.start; month <= m.to && rc == ERR_OK; month++) {
		struct statement_month *to =
		    month < from ? NULL : &list[month - from];
		char text[DAY_MONTH_SIZE];

		rc = make_month(&m, month, to);
		if (to == NULL)
			continue;
		day_month_text(month, text);
		to->month = arena_str(a, str_of(text));
		to->closed = !str_eq(to->month, span->running);
		give_payments(&m, month, to);
	}
	*out = list;
	*len = (size_t)(m.to - from) + 1;
	return rc;
}

enum err
statement_pending(const struct statement_payment *list, size_t len,
    struct str service, int64_t *kop, struct fault *f)
{
	enum err rc = ERR_OK;

	*kop = 0;
	for (size_t i = 0; i < len && rc == ERR_OK; i++)
		if (list[i].month.len == 0 && str_eq(list[i].service, service))
			rc = add(kop, list[i].sum_kop, f);
	return rc;
}
