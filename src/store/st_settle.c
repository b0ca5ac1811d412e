#include "kvitok/store/st_settle.h"

#include <assert.h>

#define PAGE 1000 /* rows of one transaction */
#define CURRENT_MAX 4

/* Empty is no day. */
static struct str
earlier(struct str a, struct str b)
{
	if (a.len == 0 || b.len == 0)
		return a.len == 0 ? b : a;
	return str_cmp(a, b) < 0 ? a : b;
}

static enum err
came_back(struct db *db, struct arena *a, const struct db_in *who,
    int64_t since, struct str *day, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(db, a, SQL_SETTLE_CAME_BACK,
	    DB_IN(who[0], who[1], who[2], db_n(since)), "t", 1, &r, f);

	*day = rc == ERR_OK ? db_row(&r, 0)[0].t : STR_NONE;
	return rc;
}

static enum err
current(void *self, struct arena *a, struct str akey, struct str portal,
    struct str supplier, struct settle_current *out, struct fault *f)
{
	const struct db_in who[] = { db_t(akey), db_t(portal), db_t(supplier) };
	struct db_rows r;
	struct str back;
	int64_t since = 0;
	enum err rc = db_read(self, a, SQL_SETTLE_CURRENT, who, 3,
	    "ttt"
	    "ti",
	    CURRENT_MAX, &r, f);

	*out = (struct settle_current){ .left_day = STR_NONE };
	for (size_t i = 0; rc == ERR_OK && i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);
		enum settle_state state;

		if (!settle_state_of(c[1].t, &state))
			return fault_set(f, ERR_BUG, "internal",
			    "settlement state %.*s", STR_ARG(c[1].t));
		if (state == SETTLE_CONFIRMED) {
			out->last_day = c[2].t;
			out->left_day = c[3].t;
			since = c[4].n;
		} else {
			out->open_id = c[0].t;
			out->open_state = state;
		}
	}
	if (rc == ERR_OK)
		rc = came_back(self, a, who, since, &back, f);
	if (rc == ERR_OK)
		out->left_day = earlier(out->left_day, back);
	return rc;
}

static enum err
insert(struct db *db, const struct settlement *s, int64_t *changed,
    struct fault *f)
{
	const struct settle_party *p = &s->payer, *q = &s->payee;

	return db_run(db, SQL_SETTLE_PUT,
	    DB_IN(db_t(s->akey), db_t(s->id), db_t(s->portal),
		db_t(s->supplier), db_t(s->day), db_t(s->after_day),
		db_t(s->from_day), db_n(s->min_kop), db_t(s->contract),
		db_t(s->contract_day), db_t(s->own_account), db_t(s->layout),
		db_t(p->title), db_t(p->inn), db_t(p->kpp), db_t(p->account),
		db_t(p->bic), db_t(p->bank), db_t(p->correspondent),
		db_t(q->title), db_t(q->inn), db_t(q->kpp), db_t(q->account),
		db_t(q->bic), db_t(q->bank), db_t(q->correspondent),
		db_n(s->created_at), db_t(s->created_by)),
	    changed, f);
}

static enum err
put(void *self, const struct settlement *s, const struct settle_current *now,
    struct fault *f)
{
	int64_t changed = 1;
	enum err rc = ERR_OK;

	assert(db_in_tx(self));
	if (now->open_id.len > 0)
		rc = db_run(self, SQL_SETTLE_REPLACE,
		    DB_IN(db_t(s->akey), db_t(now->open_id),
			db_t(str_of(settle_state_name(now->open_state)))),
		    &changed, f);
	if (rc == ERR_OK && changed == 1)
		rc = insert(self, s, &changed, f);
	if (rc == ERR_OK && changed == 0)
		return fault_set(f, ERR_AGAIN, "busy",
		    "another settlement with %.*s", STR_ARG(s->supplier));
	return rc;
}

static enum err
free_rows(struct db *db, const struct settlement *s, const struct db_cell *c,
    struct fault *f)
{
	bool replaced = str_eq(c[1].t, STR("replaced"));
	int64_t from = c[2].n, size = c[3].n, changed;
	int64_t to = size - from > PAGE ? from + PAGE : size;
	enum err rc =
	    db_run(db, replaced ? SQL_SETTLE_DROP_ITEMS : SQL_SETTLE_FREE_ITEMS,
		DB_IN(db_t(c[0].t), db_n(from), db_n(to)), NULL, f);

	if (rc == ERR_OK)
		rc = db_run(db, SQL_SETTLE_FREED,
		    DB_IN(db_n(to), db_t(s->akey), db_t(c[0].t), db_n(from)),
		    &changed, f);
	if (rc == ERR_OK && changed == 0)
		return fault_set(f, ERR_AGAIN, "busy", "freed by another");
	return rc;
}

static enum err
free_some(void *self, struct arena *a, const struct settlement *s, bool *more,
    struct fault *f)
{
	struct db_rows r;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_read(self, a, SQL_SETTLE_TO_FREE,
	    DB_IN(db_t(s->akey), db_t(s->portal), db_t(s->supplier)), "ttii", 1,
	    &r, f);
	*more = rc == ERR_OK && r.len > 0;
	return *more ? free_rows(self, s, db_row(&r, 0), f) : rc;
}

/* Hold the row until the end of the transaction. */
static enum err
lock(struct db *db, const struct settlement *s, struct fault *f)
{
	int64_t changed;
	enum err rc = db_run(db, SQL_SETTLE_LOCK,
	    DB_IN(db_t(s->akey), db_t(s->id)), &changed, f);

	if (rc == ERR_OK && changed == 0)
		return fault_set(f, ERR_CONFLICT, "settlement_replaced", "%.*s",
		    STR_ARG(s->id));
	return rc;
}

static enum err
find_end(struct db *db, struct arena *a, const struct settlement *s,
    const struct settle_mark *from, struct settle_mark *to, bool *more,
    struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(db, a, SQL_SETTLE_PAGE_END,
	    DB_IN(db_t(settle_account(a, s->portal, s->supplier)),
		db_t(s->from_day), db_t(s->day), db_t(from->day),
		db_t(from->akey), db_t(from->transfer), db_n(from->n),
		db_n(PAGE)),
	    "ttti", 1, &r, f);

	*more = rc == ERR_OK && r.len > 0;
	if (*more) {
		const struct db_cell *c = db_row(&r, 0);

		*to = (struct settle_mark){ c[0].t, c[1].t, c[2].t, c[3].n };
	}
	return rc;
}

/* What a payment's lines say must be what the ledger has. */
static enum err
check_rows(struct db *db, struct arena *a, const struct settlement *s,
    int64_t size, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(db, a, SQL_SETTLE_DIFFERS,
	    DB_IN(db_t(s->id), db_n(size)), "tt", 1, &r, f);

	if (rc == ERR_OK && r.len > 0)
		return fault_set(f, ERR_BUG, "settlement_differs",
		    "%.*s, cause %.*s", STR_ARG(db_row(&r, 0)[0].t),
		    STR_ARG(db_row(&r, 0)[1].t));
	return rc;
}

static enum err
add_sums(struct db *db, struct arena *a, const struct settlement *s,
    int64_t size, struct fault *f)
{
	struct db_rows r;
	const struct db_cell *c;
	int64_t changed;
	enum err rc = db_read(db, a, SQL_SETTLE_SUMS,
	    DB_IN(db_t(s->after_day), db_t(s->id), db_n(size)),
	    "iiiii"
	    "iiiii"
	    "tt",
	    1, &r, f);

	if (rc != ERR_OK)
		return rc;
	c = db_row(&r, 0);
	rc = db_run(db, SQL_SETTLE_ADD,
	    DB_IN(db_n(c[0].n), db_n(c[0].n - c[1].n), db_n(c[1].n),
		db_n(c[2].n), db_n(c[3].n), db_n(c[4].n), db_n(c[5].n),
		db_n(c[6].n), db_n(c[7].n), db_n(c[8].n), db_n(c[9].n),
		db_t(c[10].t), db_t(c[11].t), db_t(s->akey), db_t(s->id),
		db_n(size)),
	    &changed, f);
	if (rc == ERR_OK && changed == 0)
		return fault_set(f, ERR_AGAIN, "busy", "%.*s", STR_ARG(s->id));
	return rc;
}

static enum err
size_of(struct db *db, struct arena *a, const struct settlement *s,
    int64_t *size, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(db, a, SQL_SETTLE_SIZE,
	    DB_IN(db_t(s->akey), db_t(s->id)), "i", 1, &r, f);

	*size = rc == ERR_OK && r.len > 0 ? db_row(&r, 0)[0].n : 0;
	return rc;
}

static enum err
take_some(void *self, struct arena *a, const struct settlement *s,
    struct settle_mark *mark, bool *more, struct fault *f)
{
	struct settle_mark to;
	struct str account = settle_account(a, s->portal, s->supplier);
	int64_t size = 0, changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	if ((rc = lock(self, s, f)) != ERR_OK ||
	    (rc = size_of(self, a, s, &size, f)) != ERR_OK ||
	    (rc = find_end(self, a, s, mark, &to, more, f)) != ERR_OK || !*more)
		return rc;
	rc = db_run(self, SQL_SETTLE_TAKE,
	    DB_IN(db_t(s->akey), db_t(s->id), db_t(account), db_t(s->from_day),
		db_t(mark->day), db_t(mark->akey), db_t(mark->transfer),
		db_n(mark->n), db_t(to.day), db_t(to.akey), db_t(to.transfer),
		db_n(to.n)),
	    &changed, f);
	if (rc == ERR_OK && changed > 0)
		rc = check_rows(self, a, s, size, f);
	if (rc == ERR_OK && changed > 0)
		rc = add_sums(self, a, s, size, f);
	*mark = to;
	return rc;
}

static enum err
move(void *self, const struct settlement *s, struct fault *f)
{
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	if (s->state == SETTLE_PREPARED)
		rc = db_run(self, SQL_SETTLE_PREPARED,
		    DB_IN(db_t(s->purpose), db_n(s->prepared_at), db_t(s->akey),
			db_t(s->id)),
		    &changed, f);
	else if (s->state == SETTLE_CONFIRMED)
		rc = db_run(self, SQL_SETTLE_CONFIRMED,
		    DB_IN(db_n(s->order_no), db_t(s->order_day),
			db_n(s->confirmed_at), db_t(s->confirmed_by),
			db_t(s->akey), db_t(s->id)),
		    &changed, f);
	else
		rc = db_run(self, SQL_SETTLE_RETURNED,
		    DB_IN(db_n(s->returned_at), db_t(s->returned_by),
			db_t(s->reason), db_t(s->akey), db_t(s->id)),
		    &changed, f);
	if (rc == ERR_OK && changed == 0)
		return fault_set(f, ERR_AGAIN, "busy",
		    "settlement %.*s cannot become %s", STR_ARG(s->id),
		    settle_state_name(s->state));
	return rc;
}

static enum err
order_no(void *self, struct arena *a, struct str own_account, int year,
    int64_t *no, struct fault *f)
{
	struct db_rows r;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_SETTLE_NUMBER_NEXT,
	    DB_IN(db_t(own_account), db_n(year)), NULL, f);
	if (rc == ERR_OK)
		rc = db_read(self, a, SQL_SETTLE_NUMBER,
		    DB_IN(db_t(own_account), db_n(year)), "i", 1, &r, f);
	if (rc == ERR_OK)
		*no = db_row(&r, 0)[0].n;
	return rc;
}

static enum err
tell(void *self, const struct settlement *s, const struct settle_event *e,
    struct fault *f)
{
	assert(db_in_tx(self));
	return db_run(self, SQL_SETTLE_EVENT_PUT,
	    DB_IN(db_t(s->akey), db_t(s->id), db_t(e->id), db_n(e->at),
		db_t(e->kind), db_t(e->actor), db_t(e->evidence)),
	    NULL, f);
}

static enum err
layout_put(void *self, struct str layout, struct str text, struct str actor,
    int64_t at, bool *made, struct fault *f)
{
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_SETTLE_LAYOUT_PUT,
	    DB_IN(db_t(layout), db_t(text), db_t(actor), db_n(at)), &changed,
	    f);
	*made = rc == ERR_OK && changed == 1;
	return rc;
}

struct settle_store
st_settle(struct db *db)
{
	return (struct settle_store){ db, current, put, free_some, take_some,
		move, order_no, layout_put, tell };
}
