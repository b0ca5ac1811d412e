#include "kvitok/store/st_recon_report.h"

#include "kvitok/store/st_register_file.h"

#include <stdlib.h>

#define CONTRACTS_MAX 10000

static enum err
files(void *self, struct arena *a, struct str contract, struct str before_id,
    int limit, const struct register_file **out, size_t *len, struct fault *f)
{
	struct register_file *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_REGISTER_FILE_LIST,
	    DB_IN(db_t(contract), db_t(contract), db_t(before_id),
		db_t(before_id), db_n(limit)),
	    ST_REGISTER_FILE_SHAPE, (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct register_file);
	for (size_t i = 0; i < r.len; i++)
		st_register_file_of(db_row(&r, i), &v[i]);
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
file(void *self, struct arena *a, struct str id, struct register_file *out,
    struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_REGISTER_FILE_GET, DB_IN(db_t(id)),
	    ST_REGISTER_FILE_SHAPE, 1, &r, f);

	if (rc != ERR_OK)
		return rc;
	if (r.len == 0)
		return fault_set(
		    f, ERR_ABSENT, "register_unknown", "%.*s", STR_ARG(id));
	st_register_file_of(r.cells, out);
	return ERR_OK;
}

static enum err
bads(void *self, struct arena *a, const struct register_file *x,
    int64_t after_line, int limit, const struct reg_bad **out, size_t *len,
    struct fault *f)
{
	struct reg_bad *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_REGISTER_BAD_LIST,
	    DB_IN(
		db_t(x->contract), db_t(x->id), db_n(after_line), db_n(limit)),
	    "ttii", (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct reg_bad);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		/* Cells end in NUL. */
		v[i] =
		    (struct reg_bad){ c[2].n, (int)c[3].n, c[0].t.p, c[1].t };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
rows_of(struct db *db, struct arena *a, enum sql_id id, const char *shape,
    const struct db_in *in, size_t in_len, struct db_rows *r, struct fault *f)
{
	return db_read(db, a, id, in, in_len, shape, RECON_LINES_MAX, r, f);
}

/* Both statements begin with day, outcome, count and sum. */
static void
put(struct recon_line *v, size_t *len, const struct db_rows *r)
{
	for (size_t i = 0; i < r->len; i++) {
		const struct db_cell *c = db_row(r, i);
		struct recon_line *l = &v[(*len)++];

		*l = (struct recon_line){ .day = c[0].t,
			.outcome = c[1].t,
			.count = c[2].n,
			.gross_kop = c[3].n };
		if (r->cols < 9)
			continue;
		l->fee_kop = c[4].n;
		l->vat_kop = c[5].n;
		l->net_kop = c[6].n;
		l->fees_off = c[7].n;
		l->apart_kop = c[8].n;
	}
}

static int
by_day(const void *a, const void *b)
{
	const struct recon_line *x = a, *y = b;
	int days = str_cmp(x->day, y->day);

	return days != 0 ? days : str_cmp(x->outcome, y->outcome);
}

static enum err
summary(void *self, struct arena *a, struct str contract, struct str portal,
    struct str from_day, struct str to_day, const struct recon_line **out,
    size_t *len, struct fault *f)
{
	struct recon_line *v;
	struct db_rows rows, ours;
	enum err rc = rows_of(self, a, SQL_RECON_SUMMARY, "ttiiiiiii",
	    DB_IN(db_t(contract), db_t(from_day), db_t(to_day), db_t(portal),
		db_t(portal)),
	    &rows, f);

	if (rc == ERR_OK)
		rc = rows_of(self, a, SQL_RECON_SUMMARY_OURS, "ttii",
		    DB_IN(db_t(contract), db_t(from_day), db_t(to_day),
			db_t(portal), db_t(portal)),
		    &ours, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, rows.len + ours.len + 1, struct recon_line);
	*len = 0;
	put(v, len, &rows);
	put(v, len, &ours);
	qsort(v, *len, sizeof(*v), by_day);
	*out = v;
	return ERR_OK;
}

static enum err
waiting(void *self, struct str contract, int64_t after_at, int64_t *count,
    struct fault *f)
{
	struct arena *a = arena_new(1 << 12);
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_RECON_WAITING,
	    DB_IN(db_t(contract), db_n(after_at)), "i", 1, &r, f);

	*count = rc == ERR_OK ? r.cells[0].n : 0;
	arena_free(a);
	return rc;
}

static enum err
contracts(void *self, struct arena *a, const struct str **out, size_t *len,
    struct fault *f)
{
	struct str *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_RECON_CONTRACTS, DB_IN_NONE, "t",
	    CONTRACTS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct str);
	for (size_t i = 0; i < r.len; i++)
		v[i] = db_row(&r, i)[0].t;
	*out = v;
	*len = r.len;
	return ERR_OK;
}

struct recon_report
st_recon_report(struct db *db)
{
	return (struct recon_report){ db, files, file, bads, summary, waiting,
		contracts };
}
