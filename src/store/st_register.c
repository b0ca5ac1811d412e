#include "kvitok/store/st_register.h"

#include "kvitok/base/json.h"
#include "kvitok/domain/payment.h"
#include "kvitok/store/st_register_file.h"

#include <assert.h>
#include <stdlib.h>

#define BATCH_TEXT_MAX ((size_t)4 << 20)
#define LAYOUTS_MAX 1000

static enum err
layout_put(void *self, const struct register_layout *l, struct fault *f)
{
	return db_run(self, SQL_REGISTER_LAYOUT_PUT,
	    DB_IN(db_t(l->layout), db_t(l->body), db_t(l->digest),
		db_n(l->applied_at)),
	    NULL, f);
}

static enum err
layouts(void *self, struct arena *a, struct str name,
    const struct register_layout **out, size_t *len, struct fault *f)
{
	struct register_layout *v;
	struct db_rows r;
	enum err rc = name.len > 0
	    ? db_read(self, a, SQL_REGISTER_LAYOUT_GET, DB_IN(db_t(name)),
		  "ttti", 1, &r, f)
	    : db_read(self, a, SQL_REGISTER_LAYOUTS, DB_IN_NONE, "ttti",
		  LAYOUTS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct register_layout);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] =
		    (struct register_layout){ c[0].t, c[1].t, c[2].t, c[3].n };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
terms(void *self, struct arena *a, struct str contract,
    const struct register_terms **out, size_t *len, struct fault *f)
{
	struct register_terms *v;
	struct db_rows r;
	enum err rc =
	    db_read(self, a, SQL_REGISTER_TERMS, DB_IN(db_t(contract)),
		"ttttttt"
		"iii",
		REGISTER_TERMS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	if (r.len == 0)
		return fault_set(f, ERR_ABSENT, "register_contract", "%.*s",
		    STR_ARG(contract));
	v = ARENA_ARRAY(a, r.len, struct register_terms);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct register_terms){ c[0].t, c[1].t, c[2].t, c[3].t,
			c[4].t, c[5].t, c[6].t, c[7].n, c[8].n, c[9].n };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static struct db_in
declared(const struct register_file *x, enum reg_total what, int64_t n)
{
	return x->declares[what] ? db_n(n) : db_t0(STR_NONE);
}

static enum err
file_put(void *self, const struct register_file *x, bool *made, struct fault *f)
{
	const struct register_sums *d = &x->declared, *s = &x->seen;
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_REGISTER_FILE_PUT,
	    DB_IN(db_t(x->contract), db_t(x->id), db_t(x->digest),
		db_t(x->name), db_t(x->layout), db_t(x->layout_digest),
		db_t(x->actor), db_n(x->size), db_t(x->from_day),
		db_t(x->to_day), db_n(s->rows), db_n(s->gross_kop),
		db_n(s->fee_kop), db_n(s->vat_kop), db_n(s->net_kop),
		declared(x, REG_COUNT, d->rows),
		declared(x, REG_SUM_GROSS, d->gross_kop),
		declared(x, REG_SUM_FEE, d->fee_kop),
		declared(x, REG_SUM_VAT, d->vat_kop),
		declared(x, REG_SUM_NET, d->net_kop), db_n(x->created_at)),
	    &changed, f);
	*made = rc == ERR_OK && changed == 1;
	return rc;
}

static enum err
file_find(void *self, struct arena *a, struct str contract, struct str digest,
    struct register_file *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_REGISTER_FILE_FIND,
	    DB_IN(db_t(contract), db_t(digest)), ST_REGISTER_FILE_SHAPE, 1, &r,
	    f);

	if (rc != ERR_OK)
		return rc;
	if (r.len == 0)
		return fault_set(
		    f, ERR_ABSENT, "register_unknown", "no such content");
	st_register_file_of(r.cells, out);
	return ERR_OK;
}

/* The shard of a row: that of our number, if it bears one. */
static struct str
akey_of(const struct reg_row *r)
{
	struct str number;
	int n;

	if (pay_bank_no_split(r->order_no, &number, &n))
		return (struct str){ number.p, PAY_AKEY_LEN };
	return STR(PAY_AKEY_NONE);
}

static enum err
row_kept(struct db *db, struct arena *a, const struct register_batch *b,
    size_t i, struct register_kept *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(db, a, SQL_REGISTER_ROW_GET,
	    DB_IN(db_t(akey_of(&b->rows[i])), db_t(b->file->contract),
		db_t(str_of(b->keys[i]))),
	    "iiii", 1, &r, f);

	if (rc != ERR_OK)
		return rc;
	if (r.len == 0)
		return fault_set(
		    f, ERR_AGAIN, "busy", "row %s is gone", b->keys[i]);
	*out = (struct register_kept){ r.cells[0].n, r.cells[1].n, r.cells[2].n,
		r.cells[3].n };
	return ERR_OK;
}

static enum err
rows_each(
    struct db *db, const struct register_batch *b, bool *was, struct fault *f)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; i < b->rows_len && rc == ERR_OK; i++) {
		const struct reg_row *r = &b->rows[i];
		int64_t changed = 0;

		rc = db_run(db, SQL_REGISTER_ROW_PUT,
		    DB_IN(db_t(akey_of(r)), db_t(b->file->contract),
			db_t(str_of(b->keys[i])), db_t(b->file->id),
			db_n(r->line), db_t(str_of(reg_kind_name(r->kind))),
			db_t(r->order_no), db_t(r->bank_id), db_t(r->op_id),
			db_t(r->rrn), db_t(r->auth_code), db_t(r->card),
			db_n(r->at), db_t(str_of(r->day)), db_n(r->gross_kop),
			db_n(r->fee_kop), db_n(r->vat_kop), db_n(r->net_kop)),
		    &changed, f);
		was[i] = changed == 0;
	}
	return rc;
}

static void
row_json(struct jw *w, const struct reg_row *r, const char *key)
{
	jw_object(w);
	jw_ktext(w, "a", akey_of(r));
	jw_ktext(w, "k", str_of(key));
	jw_kint(w, "l", r->line);
	jw_ktext(w, "t", str_of(reg_kind_name(r->kind)));
	jw_ktext(w, "n", r->order_no);
	jw_ktext(w, "b", r->bank_id);
	jw_ktext(w, "o", r->op_id);
	jw_ktext(w, "r", r->rrn);
	jw_ktext(w, "c", r->auth_code);
	jw_ktext(w, "m", r->card);
	jw_kint(w, "i", r->at);
	jw_ktext(w, "d", str_of(r->day));
	jw_kint(w, "g", r->gross_kop);
	jw_kint(w, "f", r->fee_kop);
	jw_kint(w, "v", r->vat_kop);
	jw_object_end(w);
}

static int
by_text(const void *a, const void *b)
{
	const struct db_cell *x = a, *y = b;

	return str_cmp(x->t, y->t);
}

static enum err
rows_at_once(struct db *db, struct arena *a, const struct register_batch *b,
    bool *was, struct fault *f)
{
	struct db_cell *keys;
	struct db_rows r;
	struct buf text;
	struct jw w;
	enum err rc;

	buf_init(&text, a, BATCH_TEXT_MAX);
	jw_init(&w, &text);
	jw_list(&w);
	for (size_t i = 0; i < b->rows_len; i++)
		row_json(&w, &b->rows[i], b->keys[i]);
	jw_list_end(&w);
	if (text.full)
		return fault_set(f, ERR_BUG, "internal", "batch too long");
	rc = db_read(db, a, SQL_REGISTER_ROWS_PUT,
	    DB_IN(db_t(b->file->contract), db_t(b->file->id),
		db_t(buf_str(&text))),
	    "t", b->rows_len, &r, f);
	if (rc != ERR_OK)
		return rc;
	keys = ARENA_ARRAY(a, r.len + 1, struct db_cell);
	memcpy(keys, r.cells, r.len * sizeof(*keys));
	qsort(keys, r.len, sizeof(*keys), by_text);
	for (size_t i = 0; i < b->rows_len; i++) {
		struct db_cell one = { .t = str_of(b->keys[i]) };

		was[i] =
		    bsearch(&one, keys, r.len, sizeof(*keys), by_text) == NULL;
	}
	return ERR_OK;
}

static enum err
rows_put(void *self, struct arena *a, const struct register_batch *b, bool *was,
    struct register_kept *kept, struct fault *f)
{
	enum err rc;

	assert(db_in_tx(self));
	if (b->rows_len == 0)
		return ERR_OK;
	rc = db_has(self, SQL_REGISTER_ROWS_PUT)
	    ? rows_at_once(self, a, b, was, f)
	    : rows_each(self, b, was, f);
	for (size_t i = 0; i < b->rows_len && rc == ERR_OK; i++)
		if (was[i])
			rc = row_kept(self, a, b, i, &kept[i], f);
	return rc;
}

static enum err
bads_put(void *self, const struct register_file *file, const struct reg_bad *v,
    size_t len, struct fault *f)
{
	enum err rc = ERR_OK;

	assert(db_in_tx(self));
	for (size_t i = 0; i < len && rc == ERR_OK; i++)
		rc = db_run(self, SQL_REGISTER_BAD_PUT,
		    DB_IN(db_t(file->contract), db_t(file->id), db_n(v[i].line),
			db_n(v[i].column), db_t(str_of(v[i].reason)),
			db_t(v[i].value)),
		    NULL, f);
	return rc;
}

/* One day that the file names; or the days of its rows, of which a late one
 * must not cover all that lie between. */
static enum err
cover(struct db *db, const struct register_file *x, struct fault *f)
{
	if (x->from_day.len > 0 && str_eq(x->from_day, x->to_day))
		return db_run(db, SQL_REGISTER_DAY_PUT,
		    DB_IN(db_t(x->contract), db_t(x->from_day)), NULL, f);
	return db_run(db, SQL_REGISTER_DAYS_PUT,
	    DB_IN(db_t(x->contract), db_t(x->id)), NULL, f);
}

static enum err
file_move(void *self, const struct register_batch *b,
    const struct register_sums *taken, int64_t repeated, int64_t bad,
    int64_t at, struct fault *f)
{
	const struct register_file *x = b->file;
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_REGISTER_FILE_MOVE,
	    DB_IN(db_n(b->to_pos), db_n(b->to_line), db_n(taken->rows),
		db_n(repeated), db_n(bad), db_n(taken->gross_kop),
		db_n(taken->fee_kop), db_n(taken->vat_kop),
		db_n(taken->net_kop), db_t(x->contract), db_t(x->id),
		db_n(b->from_pos)),
	    &changed, f);
	if (rc == ERR_OK && changed == 0)
		return fault_set(f, ERR_AGAIN, "busy",
		    "register %.*s is read by somebody else", STR_ARG(x->id));
	if (rc != ERR_OK || b->to_pos < x->size)
		return rc;
	rc = db_run(self, SQL_REGISTER_FILE_END,
	    DB_IN(db_n(at), db_t(x->contract), db_t(x->id)), NULL, f);
	return rc == ERR_OK ? cover(self, x, f) : rc;
}

struct register_store
st_register(struct db *db)
{
	return (struct register_store){ db, layout_put, layouts, terms,
		file_put, file_find, rows_put, bads_put, file_move };
}
