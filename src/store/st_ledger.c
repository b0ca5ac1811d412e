#include "kvitok/store/st_ledger.h"

#include "kvitok/base/json.h"

#include <assert.h>

#define LINES_TEXT_MAX 16384
#define MANY_TEXT_MAX ((size_t)4 << 20)
#define ROWS_MAX 1000

/* Whose clock is so far behind must not post; another worker will. */
static enum err
refuse_closed(const struct ledger_transfer *t, struct fault *f)
{
	return fault_set(f, ERR_AGAIN, "posting_day_closed", "%.*s is closed",
	    STR_ARG(t->day));
}

static enum err
post_each(struct db *db, const struct ledger_transfer *t, struct fault *f)
{
	int64_t made;
	enum err rc = db_run(db, SQL_LEDGER_TRANSFER_PUT,
	    DB_IN(db_t(t->akey), db_t(t->id), db_t(t->cause), db_t(t->kind),
		db_t(t->number), db_t(t->day), db_n(t->at), db_t(t->day)),
	    &made, f);

	if (rc == ERR_OK && made == 0)
		return refuse_closed(t, f);
	for (size_t i = 0; i < t->lines_len && rc == ERR_OK; i++) {
		const struct ledger_line *l = &t->lines[i];

		rc = db_run(db, SQL_LEDGER_LINE_PUT,
		    DB_IN(db_t(t->akey), db_t(t->id), db_n((int64_t)i + 1),
			db_t(l->account), db_t(t->day), db_n(l->sum_kop)),
		    NULL, f);
		if (rc == ERR_OK)
			rc = db_run(db, SQL_LEDGER_DAY_ADD,
			    DB_IN(db_t(l->account), db_t(t->day),
				db_n(ledger_slot(t->akey)),
				db_n(l->sum_kop > 0 ? l->sum_kop : 0),
				db_n(l->sum_kop < 0 ? -l->sum_kop : 0)),
			    NULL, f);
	}
	return rc;
}

static enum err
lines_json(const struct ledger_transfer *t, struct buf *b, struct fault *f)
{
	struct jw w;

	jw_init(&w, b);
	jw_list(&w);
	for (size_t i = 0; i < t->lines_len; i++) {
		jw_object(&w);
		jw_kint(&w, "n", (int64_t)i + 1);
		jw_ktext(&w, "account", t->lines[i].account);
		jw_kint(&w, "sum_kop", t->lines[i].sum_kop);
		jw_object_end(&w);
	}
	jw_list_end(&w);
	return b->full ? fault_set(f, ERR_BUG, "internal", "lines too long")
		       : ERR_OK;
}

static enum err
post_at_once(struct db *db, struct arena *a, const struct ledger_transfer *t,
    struct fault *f)
{
	struct buf b;
	int64_t made;
	enum err rc;

	buf_init(&b, a, LINES_TEXT_MAX);
	rc = lines_json(t, &b, f);
	if (rc != ERR_OK)
		return rc;
	rc = db_run(db, SQL_LEDGER_POST_ALL,
	    DB_IN(db_t(t->akey), db_t(t->id), db_t(t->cause), db_t(t->kind),
		db_t(t->number), db_t(t->day), db_n(t->at), db_t(t->day),
		db_t(buf_str(&b)), db_n(ledger_slot(t->akey))),
	    &made, f);
	return rc == ERR_OK && made == 0 ? refuse_closed(t, f) : rc;
}

static enum err
post(void *self, struct arena *a, const struct ledger_transfer *t,
    struct fault *f)
{
	return db_has(self, SQL_LEDGER_POST_ALL) ? post_at_once(self, a, t, f)
						 : post_each(self, t, f);
}

static struct str
transfers_json(struct arena *a, const struct ledger_transfer *v, size_t len)
{
	struct buf b;
	struct jw w;

	buf_init(&b, a, MANY_TEXT_MAX);
	jw_init(&w, &b);
	jw_list(&w);
	for (size_t i = 0; i < len; i++) {
		jw_object(&w);
		jw_ktext(&w, "a", v[i].akey);
		jw_ktext(&w, "i", v[i].id);
		jw_ktext(&w, "c", v[i].cause);
		jw_ktext(&w, "k", v[i].kind);
		jw_ktext(&w, "n", v[i].number);
		jw_object_end(&w);
	}
	jw_list_end(&w);
	return b.full ? STR_NONE : buf_str(&b);
}

static struct str
all_lines_json(struct arena *a, const struct ledger_transfer *v, size_t len)
{
	struct buf b;
	struct jw w;

	buf_init(&b, a, MANY_TEXT_MAX);
	jw_init(&w, &b);
	jw_list(&w);
	for (size_t i = 0; i < len; i++)
		for (size_t n = 0; n < v[i].lines_len; n++) {
			jw_object(&w);
			jw_ktext(&w, "a", v[i].akey);
			jw_ktext(&w, "i", v[i].id);
			jw_kint(&w, "n", (int64_t)n + 1);
			jw_ktext(&w, "x", v[i].lines[n].account);
			jw_kint(&w, "s", v[i].lines[n].sum_kop);
			jw_kint(&w, "z", ledger_slot(v[i].akey));
			jw_object_end(&w);
		}
	jw_list_end(&w);
	return b.full ? STR_NONE : buf_str(&b);
}

static enum err
post_many(struct db *db, struct arena *a, const struct ledger_transfer *v,
    size_t len, struct fault *f)
{
	struct str transfers = transfers_json(a, v, len),
		   lines = all_lines_json(a, v, len);
	int64_t made;
	enum err rc;

	if (transfers.p == NULL || lines.p == NULL)
		return fault_set(f, ERR_BUG, "internal", "lines too long");
	rc = db_run(db, SQL_LEDGER_POST_MANY,
	    DB_IN(db_t(v->day), db_n(v->at), db_t(transfers), db_t(v->day),
		db_t(lines), db_t(v->day), db_t(v->day)),
	    &made, f);
	return rc == ERR_OK && made == 0 ? refuse_closed(v, f) : rc;
}

static enum err
post_all(void *self, struct arena *a, const struct ledger_transfer *v,
    size_t len, struct fault *f)
{
	enum err rc = ERR_OK;

	assert(db_in_tx(self) && len > 0);
	if (db_has(self, SQL_LEDGER_POST_MANY))
		return post_many(self, a, v, len, f);
	for (size_t i = 0; i < len && rc == ERR_OK; i++) {
		assert(v[i].at == v->at);
		rc = post_each(self, &v[i], f);
	}
	return rc;
}

/* Rows are lines, those of one transfer beside each other. */
static void
gather(struct arena *a, struct str akey, struct str number,
    const struct db_rows *r, const struct ledger_transfer **out, size_t *len)
{
	struct ledger_transfer *t =
	    ARENA_ARRAY(a, r->len + 1, struct ledger_transfer);
	struct ledger_line *lines =
	    ARENA_ARRAY(a, r->len + 1, struct ledger_line);
	size_t n = 0;

	for (size_t i = 0; i < r->len; i++) {
		const struct db_cell *c = db_row(r, i);

		lines[i] = (struct ledger_line){ c[5].t, c[6].n };
		if (n == 0 || !str_eq(t[n - 1].id, c[0].t))
			t[n++] = (struct ledger_transfer){ .akey = akey,
				.number = number,
				.id = c[0].t,
				.cause = c[1].t,
				.kind = c[2].t,
				.day = c[3].t,
				.at = c[4].n,
				.lines = &lines[i] };
		t[n - 1].lines_len++;
	}
	*out = t;
	*len = n;
}

static enum err
of_payment(void *self, struct arena *a, struct str akey, struct str number,
    int limit, const struct ledger_transfer **out, size_t *len, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_LEDGER_OF_PAYMENT,
	    DB_IN(db_t(akey), db_t(number), db_n(limit)),
	    "tttti"
	    "ti",
	    ROWS_MAX, &r, f);

	if (rc == ERR_OK)
		gather(a, akey, number, &r, out, len);
	return rc;
}

static enum err
read_turnover(struct db *db, struct arena *a, enum sql_id id,
    const struct db_in *in, size_t in_len, const struct ledger_turnover **out,
    size_t *len, struct fault *f)
{
	struct ledger_turnover *v;
	struct db_rows r;
	enum err rc = db_read(db, a, id, in, in_len, "tii", ROWS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct ledger_turnover);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct ledger_turnover){ c[0].t, c[1].n, c[2].n };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
turnover(void *self, struct arena *a, struct str from_day, struct str to_day,
    struct str after, int limit, const struct ledger_turnover **out,
    size_t *len, struct fault *f)
{
	return read_turnover(self, a, SQL_LEDGER_TURNOVER,
	    DB_IN(db_t(from_day), db_t(to_day), db_t(after), db_n(limit)), out,
	    len, f);
}

static enum err
turnover_of_lines(void *self, struct arena *a, struct str from_day,
    struct str to_day, struct str after, int limit,
    const struct ledger_turnover **out, size_t *len, struct fault *f)
{
	return read_turnover(self, a, SQL_LEDGER_TURNOVER_OF_LINES,
	    DB_IN(db_t(from_day), db_t(to_day), db_t(after), db_n(limit)), out,
	    len, f);
}

struct ledger_store
st_ledger(struct db *db)
{
	return (struct ledger_store){ db, post, post_all, of_payment, turnover,
		turnover_of_lines };
}
