#include "kvitok/store/st_appeal_file.h"

#include <assert.h>

/* Of appeal_file_by_ikey and appeal_file_list. */
#define SHAPE                                                                  \
	"ttttttttt"                                                            \
	"iiii"
#define PART_MEMORY ((size_t)1 << 20)

static void
file_of(const struct db_cell *c, struct appeal_file *out)
{
	*out = (struct appeal_file){ .id = c[0].t,
		.portal = c[1].t,
		.payer = c[2].t,
		.name = c[3].t,
		.appeal = c[4].t,
		.media = appeal_media_of(c[5].t),
		.sha256 = c[6].t,
		.key_id = c[7].t,
		.ikey = c[8].t,
		.n = c[9].n,
		.size = c[10].n,
		.parts = c[11].n,
		.created_at = c[12].n };
}

static enum err
put_parts(struct db *db, struct arena *a, struct str id, struct str rest,
    struct fault *f)
{
	enum err rc = ERR_OK;

	for (int64_t n = 1; rc == ERR_OK && rest.len > 0; n++) {
		size_t len =
		    rest.len < APPEAL_FILE_PART ? rest.len : APPEAL_FILE_PART;
		struct buf b;

		buf_init(&b, a, PART_MEMORY / 2);
		buf_base64(&b, rest.p, len);
		rc = db_run(db, SQL_APPEAL_FILE_PART_PUT,
		    DB_IN(db_t(id), db_n(n), db_t(buf_str(&b))), NULL, f);
		rest = (struct str){ rest.p + len, rest.len - len };
		arena_reset(a);
	}
	return rc;
}

static enum err
put(void *self, const struct appeal_file *x, struct str bytes, bool *fresh,
    struct fault *f)
{
	struct arena *a;
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_APPEAL_FILE_PUT,
	    DB_IN(db_t(x->id), db_t(x->portal), db_t(x->payer), db_t(x->name),
		db_t(str_of(appeal_media_name(x->media))), db_n(x->size),
		db_n(x->parts), db_t(x->sha256), db_t(x->key_id), db_t(x->ikey),
		db_n(x->created_at)),
	    &changed, f);
	*fresh = changed > 0;
	if (rc != ERR_OK || !*fresh)
		return rc;
	a = arena_new(PART_MEMORY);
	rc = put_parts(self, a, x->id, bytes, f);
	arena_free(a);
	return rc;
}

static enum err
known(void *self, struct arena *a, struct str key_id, struct str ikey,
    struct appeal_file *out, bool *found, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_APPEAL_FILE_BY_IKEY,
	    DB_IN(db_t(key_id), db_t(ikey)), SHAPE, 1, &r, f);

	*found = rc == ERR_OK && r.len == 1;
	if (*found)
		file_of(r.cells, out);
	return rc;
}

static enum err
attach(void *self, const struct appeal_file *x, int64_t since, bool *done,
    struct fault *f)
{
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_APPEAL_FILE_ATTACH,
	    DB_IN(db_t(x->appeal), db_n(x->n), db_t(x->id), db_t(x->portal),
		db_t(x->payer), db_n(since)),
	    &changed, f);
	*done = changed == 1;
	return rc;
}

static enum err
list(void *self, struct arena *a, struct str appeal,
    const struct appeal_file **out, size_t *len, struct fault *f)
{
	struct appeal_file *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_APPEAL_FILE_LIST,
	    DB_IN(db_t(appeal), db_n(APPEAL_FILES_MAX)), SHAPE,
	    APPEAL_FILES_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct appeal_file);
	for (size_t i = 0; i < r.len; i++)
		file_of(db_row(&r, i), &v[i]);
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
part(void *self, struct arena *a, struct str id, int64_t n, struct str *body,
    struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_APPEAL_FILE_PART,
	    DB_IN(db_t(id), db_n(n)), "t", 1, &r, f);

	if (rc == ERR_OK && r.len == 0)
		return fault_set(f, ERR_BUG, "internal",
		    "part %lld of file %.*s", (long long)n, STR_ARG(id));
	if (rc == ERR_OK)
		*body = r.cells[0].t;
	return rc;
}

static enum err
sweep(void *self, int64_t before, int limit, struct fault *f)
{
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_APPEAL_FILE_PART_SWEEP,
	    DB_IN(db_n(before), db_n(limit)), NULL, f);
	return rc == ERR_OK
	    ? db_run(self, SQL_APPEAL_FILE_SWEEP, DB_IN(db_n(before)), NULL, f)
	    : rc;
}

struct appeal_file_store
st_appeal_file(struct db *db)
{
	return (struct appeal_file_store){ db, put, known, attach, list, part,
		sweep };
}
