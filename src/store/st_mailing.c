#include "kvitok/store/st_mailing.h"

#include <assert.h>

#define COUNTS_MAX 20000 /* suppliers, states and reasons of a month */
#define SHAPE "ttttttttii"
#define LETTER_SHAPE "ttttttttiii"

static enum err
state_of(struct str name, enum mailing_state *out, struct fault *f)
{
	for (int i = 0; i < MAILING__COUNT; i++) {
		*out = (enum mailing_state)i;
		if (str_eq(name, str_of(mailing_state_name(*out))))
			return ERR_OK;
	}
	return fault_set(
	    f, ERR_BUG, "internal", "letter of another program's state");
}

static struct mailing
mailing_of(const struct db_cell *c)
{
	return (struct mailing){ .akey = c[0].t,
		.portal = c[1].t,
		.supplier = c[2].t,
		.account = c[3].t,
		.email = c[4].t,
		.token = c[5].t,
		.asked_by = c[6].t,
		.stopped_by = c[7].t,
		.asked_at = c[8].n,
		.stopped_at = c[9].n };
}

static enum err
letter_of(const struct db_cell *c, struct mailing_letter *out, struct fault *f)
{
	*out = (struct mailing_letter){ .akey = c[0].t,
		.id = c[1].t,
		.portal = c[2].t,
		.supplier = c[3].t,
		.account = c[4].t,
		.month = c[5].t,
		.reason = c[7].t,
		.due_at = c[8].n,
		.tries = c[9].n,
		.changed_at = c[10].n };
	return state_of(c[6].t, &out->state, f);
}

static enum err
put_once(struct db *db, const struct mailing *m, struct fault *f)
{
	return db_run(db, SQL_MAILING_PUT,
	    DB_IN(db_t(m->akey), db_t(m->portal), db_t(m->supplier),
		db_t(m->account), db_t(m->email), db_t(m->token),
		db_t(m->asked_by), db_n(m->asked_at)),
	    NULL, f);
}

/* To do either twice is to do it. */
static enum err
put(void *self, const struct mailing *m, struct fault *f)
{
	enum err rc = put_once(self, m, f);

	return rc == ERR_UNSURE ? put_once(self, m, f) : rc;
}

static enum err
stop_once(struct db *db, const struct mailing *m, struct str by, int64_t at,
    struct fault *f)
{
	return db_run(db, SQL_MAILING_STOP,
	    DB_IN(db_n(at), db_t(by), db_t(m->akey), db_t(m->portal),
		db_t(m->supplier), db_t(m->account), db_t(m->token)),
	    NULL, f);
}

static enum err
stop(void *self, const struct mailing *m, struct str by, int64_t at,
    struct fault *f)
{
	enum err rc = stop_once(self, m, by, at, f);

	return rc == ERR_UNSURE ? stop_once(self, m, by, at, f) : rc;
}

static enum err
one(const struct db_rows *r, enum err rc, struct mailing *out, struct fault *f)
{
	if (rc == ERR_OK && r->len == 0)
		return fault_set(f, ERR_ABSENT, "mailing_unknown", "no row");
	if (rc == ERR_OK)
		*out = mailing_of(r->cells);
	return rc;
}

static enum err
of(void *self, struct arena *a, struct str akey, struct str portal,
    struct str supplier, struct str account, struct mailing *out,
    struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_MAILING_OF,
	    DB_IN(db_t(akey), db_t(portal), db_t(supplier), db_t(account)),
	    SHAPE, 1, &r, f);

	return one(&r, rc, out, f);
}

static enum err
by_token(void *self, struct arena *a, struct str akey, struct str token,
    struct mailing *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_MAILING_BY_TOKEN,
	    DB_IN(db_t(akey), db_t(token)), SHAPE, 1, &r, f);

	return one(&r, rc, out, f);
}

static enum err
list(struct db *db, struct arena *a, enum sql_id id, struct str which,
    const struct mailing *after, int limit, const struct mailing **out,
    size_t *len, struct fault *f)
{
	struct mailing *v;
	struct db_rows r;
	enum err rc;

	assert(limit > 0);
	rc = db_read(db, a, id,
	    DB_IN(db_t(which), db_t(after->akey), db_t(after->portal),
		db_t(after->supplier), db_t(after->account), db_n(limit)),
	    SHAPE, (size_t)limit, &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct mailing);
	for (size_t i = 0; i < r.len; i++)
		v[i] = mailing_of(db_row(&r, i));
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
page(void *self, struct arena *a, struct str portal,
    const struct mailing *after, int limit, const struct mailing **out,
    size_t *len, struct fault *f)
{
	return list(
	    self, a, SQL_MAILING_PAGE, portal, after, limit, out, len, f);
}

static enum err
unplanned(void *self, struct arena *a, struct str month,
    const struct mailing *after, int limit, const struct mailing **out,
    size_t *len, struct fault *f)
{
	return list(
	    self, a, SQL_MAILING_UNPLANNED, month, after, limit, out, len, f);
}

static enum err
plan(void *self, const struct mailing_letter *l, bool *made, struct fault *f)
{
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_MAILING_PLAN,
	    DB_IN(db_t(l->akey), db_t(l->id), db_t(l->portal),
		db_t(l->supplier), db_t(l->account), db_t(l->month),
		db_n(l->due_at), db_n(l->changed_at), db_n(l->changed_at)),
	    &changed, f);
	*made = rc == ERR_OK && changed == 1;
	return rc;
}

static enum err
letter(void *self, struct arena *a, struct str akey, struct str id,
    struct mailing_letter *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_MAILING_MAIL,
	    DB_IN(db_t(akey), db_t(id)), LETTER_SHAPE, 1, &r, f);

	if (rc == ERR_OK && r.len == 0)
		return fault_set(f, ERR_ABSENT, "mailing_unknown", "no letter");
	return rc == ERR_OK ? letter_of(r.cells, out, f) : rc;
}

static enum err
move(void *self, const struct mailing_letter *l, struct fault *f)
{
	return db_run(self, SQL_MAILING_MOVE,
	    DB_IN(db_t(str_of(mailing_state_name(l->state))), db_t(l->reason),
		db_n(l->due_at), db_n(l->tries), db_n(l->changed_at),
		db_t(l->akey), db_t(l->id)),
	    NULL, f);
}

static enum err
counts(void *self, struct arena *a, struct str month,
    const struct mailing_count **out, size_t *len, struct fault *f)
{
	struct mailing_count *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_MAILING_COUNTS, DB_IN(db_t(month)),
	    "tttti", COUNTS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct mailing_count);
	for (size_t i = 0; i < r.len && rc == ERR_OK; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct mailing_count){ .portal = c[0].t,
			.supplier = c[1].t,
			.reason = c[3].t,
			.n = c[4].n };
		rc = state_of(c[2].t, &v[i].state, f);
	}
	*out = v;
	*len = r.len;
	return rc;
}

static enum err
unsent(void *self, struct arena *a, struct str month,
    const struct mailing_letter *after, int limit,
    const struct mailing_letter **out, size_t *len, struct fault *f)
{
	struct mailing_letter *v;
	struct db_rows r;
	enum err rc;

	assert(limit > 0);
	rc = db_read(self, a, SQL_MAILING_UNSENT,
	    DB_IN(db_t(month), db_t(after->akey), db_t(after->id), db_n(limit)),
	    LETTER_SHAPE, (size_t)limit, &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct mailing_letter);
	for (size_t i = 0; i < r.len && rc == ERR_OK; i++)
		rc = letter_of(db_row(&r, i), &v[i], f);
	*out = v;
	*len = r.len;
	return rc;
}

static enum err
states(void *self, struct str month, int64_t n[MAILING__COUNT], struct fault *f)
{
	struct arena *a = arena_new(1 << 12);
	enum mailing_state s;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_MAILING_STATES, DB_IN(db_t(month)),
	    "ti", MAILING__COUNT, &r, f);

	for (int i = 0; i < MAILING__COUNT; i++)
		n[i] = 0;
	for (size_t i = 0; rc == ERR_OK && i < r.len; i++) {
		rc = state_of(db_row(&r, i)[0].t, &s, f);
		if (rc == ERR_OK)
			n[s] = db_row(&r, i)[1].n;
	}
	arena_free(a);
	return rc;
}

struct mailing_store
st_mailing(struct db *db)
{
	return (struct mailing_store){ db, put, stop, of, by_token, page,
		unplanned, plan, letter, move, counts, unsent, states };
}
