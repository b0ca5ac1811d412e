#include "kvitok/app/balance.h"
#include "kvitok/base/jw.h"
#include "kvitok/http/form.h"
#include "kvitok/web/handlers.h"

#define MONTH_MAX                                                              \
	20 /* characters that are looked at; YYYY-MM is told by name */

static void
put_account(struct jw *w, const struct account *acc)
{
	jw_ktext(w, "supplier", acc->supplier);
	jw_ktext(w, "account", acc->account);
	jw_ktext(w, "shown", acc->shown.len ? acc->shown : acc->account);
}

static void
put_balance_line(struct jw *w, const struct balance_line *l)
{
	jw_object(w);
	jw_ktext(w, "service", l->service);
	jw_ktext(w, "title", l->title);
	jw_key(w, "debt_kop");
	if (l->known)
		jw_int(w, l->debt_kop);
	else
		jw_null(w);
	jw_kopt(w, "as_of_day", l->as_of_day);
	jw_kint(w, "pending_kop", l->pending_kop);
	jw_kint(w, "balance_kop", l->balance_kop);
	jw_object_end(w);
}

enum err
api_balance(struct turn *t)
{
	struct balance bal;
	struct buf b;
	struct jw w;
	enum err rc = balance_of(t->p, t->a, t->who.portal, t->params.v[0],
	    t->params.v[1], &bal, t->f);

	if (rc != ERR_OK)
		return rc;
	turn_buf(t, &b);
	jw_init(&w, &b);
	jw_object(&w);
	put_account(&w, bal.account);
	jw_key(&w, "services");
	jw_list(&w);
	for (size_t i = 0; i < bal.lines_len; i++)
		put_balance_line(&w, &bal.lines[i]);
	jw_list_end(&w);
	jw_kint(&w, "debt_kop", bal.debt_kop);
	jw_kint(&w, "pending_kop", bal.pending_kop);
	jw_kint(&w, "balance_kop", bal.balance_kop);
	jw_object_end(&w);
	buf_char(&b, '\n');
	return turn_json(t, 200, &b);
}

struct months_in {
	struct str from, to;
};

static const struct field months_fields[] = {
	{ "from", FIELD_TEXT, true, 0, MONTH_MAX,
	    offsetof(struct months_in, from), NULL, "month_form" },
	{ "to", FIELD_TEXT, true, 0, MONTH_MAX, offsetof(struct months_in, to),
	    NULL, "month_form" },
};
static const struct form months_form = { months_fields, KV_COUNT(months_fields),
	sizeof(struct months_in) };

/* What is not charged by volume has none. */
static void
put_volume(struct jw *w, const struct charge *c)
{
	jw_kopt(w, "unit", c->unit);
	if (c->unit.len > 0) {
		jw_kmicro(w, "volume", c->volume_micro);
		jw_kmicro(w, "tariff", c->tariff_micro);
		return;
	}
	jw_kopt(w, "volume", STR_NONE);
	jw_kopt(w, "tariff", STR_NONE);
}

static void
put_charge(struct jw *w, const struct charge *c)
{
	jw_key(w, "charge");
	if (c == NULL) {
		jw_null(w);
		return;
	}
	jw_object(w);
	put_volume(w, c);
	jw_kint(w, "accrued_kop", c->accrued_kop);
	jw_kint(w, "recalculated_kop", c->recalculated_kop);
	jw_kopt(w, "recalculated_why", c->recalculated_why);
	jw_kint(w, "benefit_kop", c->benefit_kop);
	jw_key(w, "penalty_kop");
	if (c->penalty_kop < 0)
		jw_null(w);
	else
		jw_int(w, c->penalty_kop);
	jw_object_end(w);
}

static void
put_closing(struct jw *w, bool closed, int64_t other, int64_t closing)
{
	jw_kint(w, "other_kop", closed ? other : 0);
	jw_key(w, "closing_kop");
	if (closed)
		jw_int(w, closing);
	else
		jw_null(w);
}

static void
put_line(struct jw *w, const struct balance_statement *s, bool closed,
    const struct statement_line *l)
{
	jw_object(w);
	jw_ktext(w, "service", l->service);
	jw_ktext(w, "title", balance_title(s, l->service));
	jw_kint(w, "opening_kop", l->opening_kop);
	put_charge(w, l->charge);
	jw_kint(w, "charged_kop", l->charged_kop);
	jw_kint(w, "paid_kop", l->paid_kop);
	jw_kint(w, "to_pay_kop", l->to_pay_kop);
	put_closing(w, closed, l->other_kop, l->closing_kop);
	jw_object_end(w);
}

static void
put_payments(struct jw *w, const struct balance_statement *s,
    const struct statement_month *m)
{
	jw_key(w, "payments");
	jw_list(w);
	for (size_t i = 0; i < m->payments_len; i++) {
		const struct statement_payment *p = &m->payments[i];

		jw_object(w);
		jw_ktext(w, "day", p->day);
		jw_ktext(w, "service", p->service);
		jw_kint(w, "sum_kop", p->sum_kop);
		jw_ktext(w, "place", p->number.len > 0 ? s->place : p->place);
		jw_kopt(w, "number", p->number);
		jw_kbool(w, "acknowledged", p->month.len > 0);
		jw_object_end(w);
	}
	jw_list_end(w);
}

static void
put_month(struct jw *w, const struct balance_statement *s,
    const struct statement_month *m)
{
	jw_object(w);
	jw_ktext(w, "month", m->month);
	jw_kint(w, "opening_kop", m->sums.opening_kop);
	jw_kint(w, "accrued_kop", m->sums.accrued_kop);
	jw_kint(w, "recalculated_kop", m->sums.recalculated_kop);
	jw_kint(w, "benefit_kop", m->sums.benefit_kop);
	jw_kint(w, "penalty_kop", m->sums.penalty_kop);
	jw_kint(w, "charged_kop", m->sums.charged_kop);
	jw_kint(w, "paid_kop", m->sums.paid_kop);
	jw_kint(w, "to_pay_kop", m->sums.to_pay_kop);
	put_closing(w, m->closed, m->sums.other_kop, m->sums.closing_kop);
	jw_key(w, "services");
	jw_list(w);
	for (size_t i = 0; i < m->lines_len; i++)
		put_line(w, s, m->closed, &m->lines[i]);
	jw_list_end(w);
	put_payments(w, s, m);
	jw_object_end(w);
}

static enum err
read_months(struct turn *t, struct months_in *in)
{
	memset(in, 0, sizeof(*in));
	return turn_query(t, &months_form, in);
}

enum err
api_statements(struct turn *t)
{
	struct balance_statement s;
	struct months_in in;
	struct buf b;
	struct jw w;
	enum err rc = read_months(t, &in);

	if (rc == ERR_OK)
		rc = balance_statement_of(t->p, t->a, t->who.portal,
		    t->params.v[0], t->params.v[1], in.from, in.to, &s, t->f);
	if (rc != ERR_OK)
		return rc;
	turn_buf(t, &b);
	jw_init(&w, &b);
	jw_object(&w);
	put_account(&w, s.account);
	jw_key(&w, "items");
	jw_list(&w);
	for (size_t i = 0; i < s.months_len; i++)
		put_month(&w, &s, &s.months[i]);
	jw_list_end(&w);
	jw_object_end(&w);
	buf_char(&b, '\n');
	return turn_json(t, 200, &b);
}
