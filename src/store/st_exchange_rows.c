#include "kvitok/store/st_exchange.h"
#include "kvitok/store/st_subscriber.h"
#include "kvitok/store/st_supplied.h"
#include "kvitok/store/st_appeal.h"

#include "kvitok/base/day.h"
#include "kvitok/base/jw.h"

#include <assert.h>

#define BATCH_TEXT_MAX ((size_t)8 << 20)
#define COUNTED_MAX 20000 /* payments that one batch counts */
#define BULK_IN_MAX 6

/* A batch that is applied. */
struct applying {
	struct db *db;
	struct arena *a;
	const struct exchange_batch *b;
	struct fault *f;
};

#define WHOSE(b, r)                                                            \
	db_t((r)->akey), db_t((b)->head->portal), db_t((b)->head->supplier),   \
	    db_t((r)->folded)

/* No row was written: the account that it belongs to is not there. */
static enum err
judge(struct exchange_record *r, enum err rc, int64_t changed)
{
	if (rc == ERR_OK && changed == 0)
		r->refused = "exchange_account_unknown";
	return rc;
}

static enum err
put_account(struct applying *x, struct exchange_record *r)
{
	const struct subscriber *s = &r->people;
	struct db_in none = db_t0(STR_NONE);
	enum err rc = db_run(x->db, SQL_EXCHANGE_ACCOUNT_PUT,
	    DB_IN(WHOSE(x->b, r), db_t(r->account), db_t(r->owner),
		db_t(r->address), s->persons < 0 ? none : db_n(s->persons),
		s->area_micro < 0 ? none : db_n(s->area_micro),
		db_t0(s->closed_day), db_n(subscriber_has_people(s))),
	    NULL, x->f);

	return rc == ERR_OK ? st_subscriber_put(x->db, x->b->head, r, x->f)
			    : rc;
}

static enum err
put_meter(struct applying *x, struct exchange_record *r)
{
	const struct account_meter *m = &r->meter;
	int64_t changed;
	enum err rc;

	if (r->closed)
		return db_run(x->db, SQL_EXCHANGE_METER_DROP,
		    DB_IN(WHOSE(x->b, r), db_t(m->meter)), NULL, x->f);
	rc = db_run(x->db, SQL_EXCHANGE_METER_PUT,
	    DB_IN(db_t(m->meter), db_t(m->title), db_t(m->serial),
		db_t(m->unit), db_n(m->digits), db_n(m->last_value),
		db_t(m->last_day), db_t0(m->verify_day), WHOSE(x->b, r)),
	    &changed, x->f);
	return judge(r, rc, changed);
}

static enum err
put_balance(struct applying *x, struct exchange_record *r)
{
	int64_t changed;
	enum err rc;

	rc = db_run(x->db, SQL_EXCHANGE_BALANCE_PUT,
	    DB_IN(db_t(r->service), db_n(r->sum_kop),
		db_t(x->b->head->as_of_day), WHOSE(x->b, r)),
	    &changed, x->f);
	return judge(r, rc, changed);
}

/* The same payment again is no news; another one under its id is refused. */
static enum err
put_elsewhere(struct applying *x, struct exchange_record *r)
{
	struct db_rows was;
	int64_t changed;
	enum err rc = db_read(x->db, x->a, SQL_EXCHANGE_ELSEWHERE_GET,
	    DB_IN(WHOSE(x->b, r), db_t(r->id)), "tti", 1, &was, x->f);

	if (rc != ERR_OK)
		return rc;
	if (was.len > 0) {
		if (!str_eq(was.cells[0].t, r->service) ||
		    !str_eq(was.cells[1].t, r->day) ||
		    was.cells[2].n != r->sum_kop)
			r->refused = "exchange_id_taken";
		return ERR_OK;
	}
	rc = db_run(x->db, SQL_EXCHANGE_ELSEWHERE_PUT,
	    DB_IN(db_t((struct str){ r->day.p, DAY_MONTH_SIZE - 1 }),
		db_t(r->id), db_t(r->service), db_t(r->day), db_n(r->sum_kop),
		db_t(r->place), db_n(x->b->head->number), WHOSE(x->b, r)),
	    &changed, x->f);
	return judge(r, rc, changed);
}

/* --- charges ------------------------------------------------------------ */

static enum err
put_opening(struct applying *x, const struct exchange_record *r,
    struct str month, int64_t owed_kop)
{
	return db_run(x->db, SQL_EXCHANGE_OPENING_PUT,
	    DB_IN(
		WHOSE(x->b, r), db_t(month), db_t(r->service), db_n(owed_kop)),
	    NULL, x->f);
}

/* A payment of ours is in the supplier's books; the document's number keeps
 * apart what two documents of one month have counted. */
static enum err
count(struct applying *x, const struct exchange_record *r, struct str number,
    int64_t n, int64_t paid_at, int64_t sum_kop)
{
	const struct exchange_head *h = x->b->head;
	struct str id = arena_fmt(x->a, "%.*s/%lld/%lld", STR_ARG(number),
	    (long long)n, (long long)h->number);
	char day[DAY_TEXT_SIZE];

	day_of(paid_at, x->b->zone_min, day);
	return db_run(x->db, SQL_ACK_PUT,
	    DB_IN(WHOSE(x->b, r), db_t(h->month), db_t(id), db_t(number),
		db_n(n), db_t(r->service), db_t(str_of(day)), db_n(sum_kop)),
	    NULL, x->f);
}

static enum err
count_each(struct applying *x, const struct exchange_record *r)
{
	const struct exchange_batch *b = x->b;
	struct db_rows v;
	enum err rc = db_read(x->db, x->a, SQL_EXCHANGE_COUNTED,
	    DB_IN(db_n(b->counted_before), db_t(r->akey), db_t(r->folded),
		db_t(b->head->supplier), db_t(r->service),
		db_t(b->head->portal), db_n(b->counted_before)),
	    "tiii", COUNTED_MAX, &v, x->f);

	for (size_t i = 0; rc == ERR_OK && i < v.len; i++) {
		const struct db_cell *c = db_row(&v, i);

		rc = count(x, r, c[0].t, c[1].n, c[2].n, c[3].n);
	}
	return rc;
}

static enum err
put_charge(struct applying *x, struct exchange_record *r)
{
	const struct exchange_batch *b = x->b;
	const struct charge *c = &r->charge;
	int64_t changed;
	enum err rc = db_run(x->db, SQL_EXCHANGE_CHARGE_PUT,
	    DB_IN(db_t(b->head->month), db_t(r->service), db_t(c->unit),
		db_n(c->volume_micro), db_n(c->tariff_micro),
		db_n(c->accrued_kop), db_n(c->recalculated_kop),
		db_t(c->recalculated_why), db_n(c->benefit_kop),
		c->penalty_kop < 0 ? db_t0(STR_NONE) : db_n(c->penalty_kop),
		db_n(b->head->number), WHOSE(b, r)),
	    &changed, x->f);

	rc = judge(r, rc, changed);
	if (rc != ERR_OK || r->refused != NULL)
		return rc;
	rc = put_opening(x, r, b->head->month, r->opening_kop);
	if (rc == ERR_OK)
		rc = put_opening(x, r, b->next_month, r->closing_kop);
	return rc == ERR_OK ? count_each(x, r) : rc;
}

/* --- in bulk ------------------------------------------------------------ */

static void
account_json(struct jw *w, const struct exchange_record *r)
{
	jw_ktext(w, "k", r->akey);
	jw_ktext(w, "a", r->folded);
	jw_ktext(w, "w", r->account);
	jw_ktext(w, "n", r->owner);
	jw_ktext(w, "d", r->address);
	st_subscriber_json(w, &r->people);
}

static void
balance_json(struct jw *w, const struct exchange_record *r)
{
	jw_ktext(w, "k", r->akey);
	jw_ktext(w, "a", r->folded);
	jw_ktext(w, "s", r->service);
	jw_kint(w, "o", r->sum_kop);
}

static void
charge_json(struct jw *w, const struct exchange_record *r)
{
	const struct charge *c = &r->charge;

	jw_ktext(w, "k", r->akey);
	jw_ktext(w, "a", r->folded);
	jw_ktext(w, "s", r->service);
	jw_ktext(w, "u", c->unit);
	jw_kint(w, "v", c->volume_micro);
	jw_kint(w, "t", c->tariff_micro);
	jw_kint(w, "c", c->accrued_kop);
	jw_kint(w, "e", c->recalculated_kop);
	jw_ktext(w, "y", c->recalculated_why);
	jw_kint(w, "b", c->benefit_kop);
	if (c->penalty_kop >= 0)
		jw_kint(w, "p", c->penalty_kop);
	jw_kint(w, "o", r->opening_kop);
	jw_kint(w, "f", r->closing_kop);
}

static enum err
charges_counted(struct applying *x, struct str rows)
{
	const struct exchange_batch *b = x->b;
	struct db_rows v;
	enum err rc = db_read(x->db, x->a, SQL_EXCHANGE_CHARGES_COUNTED,
	    DB_IN(db_n(b->counted_before), db_t(rows), db_t(b->head->supplier),
		db_t(b->head->portal), db_n(b->counted_before)),
	    "itiii", COUNTED_MAX, &v, x->f);

	for (size_t i = 0; rc == ERR_OK && i < v.len; i++) {
		const struct db_cell *c = db_row(&v, i);
		const struct exchange_record *r = &b->v[c[0].n];

		if (r->refused == NULL)
			rc = count(x, r, c[1].t, c[2].n, c[3].n, c[4].n);
	}
	return rc;
}

/* Kinds that a database may take a batch of at once. */
static const struct bulk {
	enum sql_id id;
	void (*json)(struct jw *w, const struct exchange_record *r);
} bulks[EXCHANGE_KIND__COUNT] = {
	[EXCHANGE_ACCOUNTS] = { SQL_EXCHANGE_ACCOUNTS_PUT, account_json },
	[EXCHANGE_CHARGES] = { SQL_EXCHANGE_CHARGES_PUT, charge_json },
	[EXCHANGE_BALANCES] = { SQL_EXCHANGE_BALANCES_PUT, balance_json },
};

static enum err
rows_json(struct applying *x, const struct bulk *k, struct str *rows)
{
	const struct exchange_batch *b = x->b;
	struct buf text;
	struct jw w;

	buf_init(&text, x->a, BATCH_TEXT_MAX);
	jw_init(&w, &text);
	jw_list(&w);
	for (size_t i = 0; i < b->len; i++) {
		if (b->v[i].refused != NULL)
			continue;
		jw_object(&w);
		jw_kint(&w, "i", (int64_t)i);
		k->json(&w, &b->v[i]);
		jw_object_end(&w);
	}
	jw_list_end(&w);
	*rows = buf_str(&text);
	return text.full
	    ? fault_set(x->f, ERR_BUG, "internal", "a batch too long")
	    : ERR_OK;
}

static enum err
put_rows(struct applying *x, const struct bulk *k)
{
	const struct exchange_batch *b = x->b;
	const struct exchange_head *h = b->head;
	struct db_in in[BULK_IN_MAX] = {
		[1] = db_t(h->portal), [2] = db_t(h->supplier)
	};
	struct db_rows unknown;
	struct str rows;
	size_t n = 3;
	enum err rc = rows_json(x, k, &rows);

	if (rc != ERR_OK)
		return rc;
	in[0] = db_t(rows);
	if (b->kind == EXCHANGE_BALANCES)
		in[n++] = db_t(h->as_of_day);
	if (b->kind == EXCHANGE_CHARGES) {
		in[n++] = db_t(h->month);
		in[n++] = db_t(b->next_month);
		in[n++] = db_n(h->number);
	}
	rc = db_read(x->db, x->a, k->id, in, n, "i", b->len, &unknown, x->f);
	for (size_t i = 0; rc == ERR_OK && i < unknown.len; i++)
		b->v[unknown.cells[i].n].refused = "exchange_account_unknown";
	return rc == ERR_OK && b->kind == EXCHANGE_CHARGES
	    ? charges_counted(x, rows)
	    : rc;
}

/* --- one by one --------------------------------------------------------- */

/* To an appeal of another supplier, or to none: refused. */
static enum err
put_answer(struct applying *x, struct exchange_record *r)
{
	struct fault none;
	enum err rc;

	fault_init(&none);
	rc = st_appeal_answer(x->db, x->a, x->b->head->portal,
	    x->b->head->supplier, &r->answer, &none);
	if (rc == ERR_ABSENT)
		r->refused = "exchange_appeal_unknown";
	else if (rc != ERR_OK)
		return fault_set(x->f, rc, none.reason, "%s", none.detail);
	return ERR_OK;
}

static enum err
put_record(struct applying *x, struct exchange_record *r)
{
	switch (x->b->kind) {
	case EXCHANGE_ACCOUNTS:
		return put_account(x, r);
	case EXCHANGE_METERS:
		return put_meter(x, r);
	case EXCHANGE_CHARGES:
		return put_charge(x, r);
	case EXCHANGE_BALANCES:
		return put_balance(x, r);
	case EXCHANGE_ELSEWHERE:
		return put_elsewhere(x, r);
	case EXCHANGE_OUTAGES:
		return st_supplied_outage(x->db, x->b->head, r, x->f);
	case EXCHANGE_CONTRACTS:
		return st_supplied_contract(x->db, x->b->head, r, x->f);
	case EXCHANGE_ACTS:
		return st_supplied_act(x->db, x->b->head, r, x->f);
	case EXCHANGE_ANSWERS:
		return put_answer(x, r);
	case EXCHANGE_ACK:
	case EXCHANGE_READING_ANSWERS:
	case EXCHANGE_KIND__COUNT:
		break;
	}
	return fault_set(x->f, ERR_BUG, "internal", "no such kind");
}

enum err
st_exchange_apply(void *self, struct arena *a, const struct exchange_batch *b,
    struct fault *f)
{
	struct applying x = { self, a, b, f };
	enum err rc = ERR_OK;

	assert(db_in_tx(self));
	if (b->kind < EXCHANGE_KIND__COUNT && bulks[b->kind].json != NULL &&
	    db_has(self, bulks[b->kind].id))
		return put_rows(&x, &bulks[b->kind]);
	for (size_t i = 0; i < b->len && rc == ERR_OK; i++)
		if (b->v[i].refused == NULL)
			rc = put_record(&x, &b->v[i]);
	return rc;
}
