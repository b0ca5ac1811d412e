#include "kvitok/store/st_supplied.h"

#include <assert.h>

/* Of works: a page of acts ends before it has more. */
#define ROWS_MAX 2000

#define WHOSE(acc)                                                             \
	db_t((acc)->akey), db_t((acc)->portal), db_t((acc)->supplier),         \
	    db_t((acc)->account)

static enum err
outages(void *self, struct arena *a, const struct account *acc,
    struct str folded, int64_t now, int limit, const struct outage_seen **out,
    size_t *len, struct fault *f)
{
	struct outage_seen *v;
	struct db_rows rows;
	enum err rc = db_read(self, a, SQL_OUTAGE_LIST,
	    DB_IN(db_t(folded), db_t(acc->portal), db_t(acc->supplier),
		db_n(now), db_n(limit)),
	    "ttttiit", (size_t)limit, &rows, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, rows.len + 1, struct outage_seen);
	for (size_t i = 0; i < rows.len; i++) {
		const struct db_cell *c = db_row(&rows, i);

		v[i].outage = (struct outage){ .id = c[0].t,
			.kind = c[1].t,
			.service = c[2].t,
			.reason = c[3].t,
			.from_at = c[4].n,
			.to_at = c[5].n };
		v[i].place = c[6].t;
	}
	*out = v;
	*len = rows.len;
	return ERR_OK;
}

static enum err
over(void *self, struct arena *a, int64_t before, int limit,
    const struct outage_key **out, size_t *len, struct fault *f)
{
	struct outage_key *v;
	struct db_rows rows;
	enum err rc = db_read(self, a, SQL_OUTAGE_OVER,
	    DB_IN(db_n(before), db_n(before), db_n(limit)), "ttt",
	    (size_t)limit, &rows, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, rows.len + 1, struct outage_key);
	for (size_t i = 0; i < rows.len; i++) {
		const struct db_cell *c = db_row(&rows, i);

		v[i] = (struct outage_key){ c[0].t, c[1].t, c[2].t };
	}
	*out = v;
	*len = rows.len;
	return ERR_OK;
}

/* In the order in which documents write them: nobody waits in a circle. */
static enum err
drop(void *self, const struct outage_key *x, int64_t before, struct fault *f)
{
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_OUTAGE_HOLD,
	    DB_IN(db_t(x->portal), db_t(x->supplier), db_t(x->id), db_n(before),
		db_n(before)),
	    &changed, f);
	if (rc != ERR_OK || changed == 0)
		return rc;
	rc = db_run(self, SQL_OUTAGE_PLACE_DROP,
	    DB_IN(db_t(x->portal), db_t(x->supplier), db_t(x->id)), NULL, f);
	return rc == ERR_OK
	    ? db_run(self, SQL_OUTAGE_DROP,
		  DB_IN(db_t(x->portal), db_t(x->supplier), db_t(x->id)), NULL,
		  f)
	    : rc;
}

static enum err
contracts(void *self, struct arena *a, const struct account *acc,
    struct str today, bool archive, const struct supplied_page *page,
    const struct agreement **out, size_t *len, bool *more, struct fault *f)
{
	size_t limit = (size_t)page->limit;
	struct agreement *v;
	struct db_rows rows;
	enum err rc = db_read(self, a, SQL_CONTRACT_LIST,
	    DB_IN(WHOSE(acc), db_n(archive), db_t(today),
		db_t(page->after_number), db_n(page->limit + 1)),
	    "tttt", limit + 1, &rows, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, rows.len + 1, struct agreement);
	for (size_t i = 0; i < rows.len; i++) {
		const struct db_cell *c = db_row(&rows, i);

		v[i] = (struct agreement){ c[0].t, c[1].t, c[2].t, c[3].t };
	}
	*out = v;
	*more = rows.len > limit;
	*len = *more ? limit : rows.len;
	return ERR_OK;
}

/*
 * Rows of works make acts.  When there may be more rows than were read, the
 * last act may lack some of its works and is left to the next page; an act has
 * far fewer works than there are rows, so that a page is never empty.
 */
static size_t
gather(struct arena *a, const struct db_rows *rows, struct act *v)
{
	size_t len = 0;

	for (size_t i = 0; i < rows->len;) {
		const struct db_cell *c = db_row(rows, i);
		size_t works = (size_t)c[4].n;
		struct act *x = &v[len];

		*x = (struct act){ .number = c[0].t,
			.contract = c[1].t,
			.day = c[2].t,
			.sum_kop = c[3].n,
			.works = ARENA_ARRAY(a, works + 1, struct act_work) };
		for (; i < rows->len && x->works_len < works; i++) {
			c = db_row(rows, i);
			if (!str_eq(c[0].t, x->number))
				break;
			x->works[x->works_len++] =
			    (struct act_work){ c[5].t, c[6].n, c[7].n };
		}
		len += rows->len < ROWS_MAX || i < rows->len;
	}
	return len;
}

static enum err
acts(void *self, struct arena *a, const struct account *acc,
    const struct supplied_page *page, const struct act **out, size_t *len,
    bool *more, struct fault *f)
{
	size_t limit = (size_t)page->limit;
	struct act *v;
	struct db_rows rows;
	enum err rc = db_read(self, a, SQL_ACT_LIST,
	    DB_IN(WHOSE(acc), db_t(page->after_day), db_t(page->after_day),
		db_t(page->after_number), db_t(page->after_number),
		db_n(page->limit + 1), db_n(ROWS_MAX)),
	    "tttiitii", ROWS_MAX, &rows, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, rows.len + 1, struct act);
	*out = v;
	*len = gather(a, &rows, v);
	*more = *len > limit || rows.len == ROWS_MAX;
	if (*len > limit)
		*len = limit;
	return ERR_OK;
}

struct supplied_store
st_supplied(struct db *db)
{
	return (
	    struct supplied_store){ db, outages, over, drop, contracts, acts };
}
