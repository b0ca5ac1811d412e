#include "kvitok/store/st_close.h"

#include "kvitok/store/watch.h"

#include <inttypes.h>

#define ROWS_MAX 100000 /* lines of a page of transfers */
#define LOOK_MS 50
#define ODD_MAX 1000

static struct closing
closing_of(const struct db_cell *c)
{
	return (struct closing){ .day = c[0].t,
		.hash = c[1].t,
		.previous = c[2].t,
		.actor = c[3].t,
		.transfers = c[4].n,
		.lines = c[5].n,
		.debit_kop = c[6].n,
		.credit_kop = c[7].n,
		.at = c[8].n };
}

static enum err
state(void *self, struct arena *a, struct close_state *out, struct fault *f)
{
	struct db_rows r;
	enum err rc =
	    db_read(self, a, SQL_CLOSE_FIRST_DAY, DB_IN_NONE, "t", 1, &r, f);

	if (rc != ERR_OK)
		return rc;
	*out = (struct close_state){ .first_day = r.cells[0].t,
		.last = { .day = STR(""), .hash = STR("") } };
	rc =
	    db_read(self, a, SQL_CLOSE_LAST, DB_IN_NONE, "ttttiiiii", 1, &r, f);
	if (rc == ERR_OK && r.len > 0)
		out->last = closing_of(r.cells);
	return rc;
}

/* PostgreSQL: whoever was in a transaction when the day was shut may still
 * post into it; whoever begins later is refused. */
static enum err
wait_for_others(struct db *db, struct arena *a, struct fault *f)
{
	/* None lives longer; and some time to end in. */
	int64_t until = watch_now() + db_life_ms(db) + db_life_ms(db) / 6;
	struct db_rows r;
	enum err rc = db_read(db, a, SQL_CLOSE_NOW, DB_IN_NONE, "i", 1, &r, f);
	int64_t before = rc == ERR_OK ? r.cells[0].n : 0;

	while (rc == ERR_OK) {
		rc = db_read(db, a, SQL_CLOSE_UNDER_WAY, DB_IN(db_n(before)),
		    "i", 1, &r, f);
		if (rc != ERR_OK || r.cells[0].n == 0)
			return rc;
		if (watch_now() >= until)
			return fault_set(f, ERR_AGAIN, "day_busy",
			    "%" PRId64 " transactions do not end",
			    r.cells[0].n);
		watch_sleep(LOOK_MS);
	}
	return rc;
}

static enum err
shut(void *self, struct arena *a, struct str day, int64_t at, struct fault *f)
{
	enum err rc =
	    db_run(self, SQL_CLOSE_SHUT, DB_IN(db_t(day), db_n(at)), NULL, f);

	/* SQLite has one writer, who was waited for. */
	if (rc != ERR_OK || !db_has(self, SQL_CLOSE_UNDER_WAY))
		return rc;
	return wait_for_others(self, a, f);
}

/* Rows are lines, those of one transfer beside each other. */
static void
gather(struct arena *a, const struct db_rows *r,
    const struct seal_transfer **out, size_t *len)
{
	struct seal_transfer *t =
	    ARENA_ARRAY(a, r->len + 1, struct seal_transfer);
	struct seal_line *lines = ARENA_ARRAY(a, r->len + 1, struct seal_line);
	size_t n = 0;

	for (size_t i = 0; i < r->len; i++) {
		const struct db_cell *c = db_row(r, i);

		if (n == 0 || !str_eq(t[n - 1].id, c[1].t) ||
		    !str_eq(t[n - 1].akey, c[0].t))
			t[n++] = (struct seal_transfer){ .akey = c[0].t,
				.id = c[1].t,
				.cause = c[2].t,
				.kind = c[3].t,
				.number = c[4].t,
				.day = c[5].t,
				.at = c[6].n,
				.lines = &lines[i] };
		lines[i] =
		    (struct seal_line){ c[7].n, c[8].t, c[9].t, c[10].n };
		t[n - 1].lines_len += c[7].n > 0; /* 0: it has none */
	}
	*out = t;
	*len = n;
}

static enum err
transfers(void *self, struct arena *a, struct str day, struct str after_akey,
    struct str after_id, int limit, const struct seal_transfer **out,
    size_t *len, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_CLOSE_TRANSFERS,
	    DB_IN(db_t(day), db_t(after_akey), db_t(after_id), db_n(limit)),
	    "ttttttiitti", ROWS_MAX, &r, f);

	if (rc == ERR_OK)
		gather(a, &r, out, len);
	return rc;
}

static enum err
mark(void *self, struct arena *a, struct str day, int64_t n, struct str *marks,
    struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(
	    self, a, SQL_CLOSE_MARK, DB_IN(db_t(day), db_n(n)), "t", 1, &r, f);

	*marks = rc == ERR_OK && r.len > 0 ? r.cells[0].t : STR_NONE;
	return rc;
}

static enum err
mark_put(void *self, struct arena *a, struct str day, int64_t n,
    struct str marks, struct fault *f)
{
	struct str there;
	int64_t changed;
	enum err rc = db_run(self, SQL_CLOSE_MARK_PUT,
	    DB_IN(db_t(day), db_n(n), db_t(marks)), &changed, f);

	if (rc != ERR_OK || changed > 0)
		return rc;
	/* Of a closing that was killed, or of another one beside this. */
	rc = mark(self, a, day, n, &there, f);
	if (rc == ERR_OK && !str_eq(there, marks))
		rc = fault_set(f, ERR_CONFLICT, "marks_differ",
		    "%.*s: part %" PRId64 " was another one", STR_ARG(day), n);
	return rc;
}

static enum err
balances_put(
    void *self, struct arena *a, const struct closing *c, struct fault *f)
{
	const struct db_in day = db_t(c->day);
	struct db_rows r;
	enum err rc =
	    db_read(self, a, SQL_CLOSE_SUMS, DB_IN(day), "ii", 1, &r, f);

	if (rc != ERR_OK)
		return rc;
	if (r.cells[0].n != c->debit_kop || r.cells[1].n != c->credit_kop)
		return fault_set(f, ERR_CONFLICT, "day_unbalanced",
		    "%.*s: turnover %" PRId64 " and %" PRId64 ", lines %" PRId64
		    " and %" PRId64,
		    STR_ARG(c->day), r.cells[0].n, r.cells[1].n, c->debit_kop,
		    c->credit_kop);
	return db_run(self, SQL_CLOSE_BALANCES_PUT, DB_IN(day, day), NULL, f);
}

static enum err
put(void *self, const struct closing *c, struct fault *f)
{
	return db_run(self, SQL_CLOSE_PUT,
	    DB_IN(db_t(c->day), db_t(c->hash), db_t(c->previous),
		db_n(c->transfers), db_n(c->lines), db_n(c->debit_kop),
		db_n(c->credit_kop), db_t(c->actor), db_n(c->at)),
	    NULL, f);
}

static enum err
list(void *self, struct arena *a, struct str from, struct str to, int limit,
    const struct closing **out, size_t *len, struct fault *f)
{
	struct closing *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_CLOSE_LIST,
	    DB_IN(db_t(from), db_t(to), db_n(limit)), "ttttiiiiii",
	    (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct closing);
	for (size_t i = 0; i < r.len; i++) {
		v[i] = closing_of(db_row(&r, i));
		v[i].shut = db_row(&r, i)[9].n != 0;
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

struct close_store
st_close(struct db *db)
{
	return (struct close_store){ db, state, shut, transfers, mark_put, mark,
		balances_put, put, list };
}

static enum err
balances(void *self, struct arena *a, struct str day,
    const struct close_odd **out, size_t *len, struct fault *f)
{
	struct close_odd *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_CLOSE_ODD_BALANCES,
	    DB_IN(db_t(day), db_t(day), db_t(day), db_t(day), db_n(ODD_MAX)),
	    "itii", ODD_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct close_odd);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct close_odd){ (enum close_oddity)c[0].n, c[1].t,
			c[2].n, c[3].n };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
strays(void *self, struct arena *a, const struct close_stray **out, size_t *len,
    struct fault *f)
{
	struct close_stray *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_CLOSE_STRAYS, DB_IN(db_n(ODD_MAX)),
	    "tttt", ODD_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct close_stray);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct close_stray){ c[0].t, c[1].t, c[3].t };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
accounts(void *self, struct arena *a, struct str day, struct str after,
    int limit, const struct close_account **out, size_t *len, struct fault *f)
{
	struct close_account *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_CLOSE_ACCOUNTS,
	    DB_IN(db_t(day), db_t(after), db_t(day), db_n(limit)), "tiii",
	    (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct close_account);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct close_account){ c[0].t, c[1].n, c[2].n, c[3].n };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

struct close_proof
st_close_proof(struct db *db)
{
	return (struct close_proof){ db, accounts, balances, strays };
}
