#include "kvitok/store/st_appeal.h"

#include <assert.h>

/* Of appeal_get and appeal_list. */
#define SHAPE                                                                  \
	"tttttttttt"                                                           \
	"tttt"                                                                 \
	"iiiii"
#define ID_ABOVE_ALL "Z" /* a ULID begins with 0 to 7 */

static void
appeal_of(const struct db_cell *c, struct appeal *out)
{
	*out = (struct appeal){ .id = c[0].t,
		.portal = c[1].t,
		.supplier = c[2].t,
		.account = c[3].t,
		.shown = c[4].t,
		.kind = appeal_kind_of(c[5].t),
		.payer = c[6].t,
		.email = c[7].t,
		.text = c[8].t,
		.fields = c[9].t,
		.state = appeal_state_of(c[10].t),
		.key_id = c[11].t,
		.ikey = c[12].t,
		.body_hash = c[13].t,
		.answers = c[14].n,
		.answered_at = c[15].n,
		.created_at = c[16].n,
		.closed_at = c[17].n,
		.files = c[18].n };
}

static enum err
put(void *self, const struct appeal *x, bool *fresh, struct fault *f)
{
	int64_t changed = 0;
	enum err rc = db_run(self, SQL_APPEAL_PUT,
	    DB_IN(db_t(x->id), db_t(x->portal), db_t(x->supplier),
		db_t(x->account), db_t(x->shown),
		db_t(str_of(appeal_kind_name(x->kind))), db_t(x->payer),
		db_t(x->email), db_t(x->text), db_t(x->fields), db_t(x->key_id),
		db_t(x->ikey), db_t(x->body_hash), db_n(x->created_at)),
	    &changed, f);

	*fresh = changed > 0;
	return rc;
}

static enum err
known(void *self, struct arena *a, struct str key_id, struct str ikey,
    struct str *id, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_APPEAL_BY_IKEY,
	    DB_IN(db_t(key_id), db_t(ikey)), "t", 1, &r, f);

	*id = rc == ERR_OK && r.len > 0 ? r.cells[0].t : STR("");
	return rc;
}

static enum err
load(void *self, struct arena *a, struct str portal, struct str id,
    struct appeal *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_APPEAL_GET,
	    DB_IN(db_t(portal), db_t(id)), SHAPE, 1, &r, f);

	if (rc == ERR_OK && r.len == 0)
		return fault_set(f, ERR_ABSENT, "appeal_unknown", "no such id");
	if (rc == ERR_OK)
		appeal_of(r.cells, out);
	return rc;
}

static enum err
list(void *self, struct arena *a, const struct appeal_query *q,
    const struct appeal **out, size_t *len, struct fault *f)
{
	struct appeal *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_APPEAL_LIST,
	    DB_IN(db_t(q->portal),
		db_t(q->before.len > 0 ? q->before : STR(ID_ABOVE_ALL)),
		db_t(q->payer), db_t(q->payer), db_t(q->supplier),
		db_t(q->supplier), db_t(q->account), db_t(q->account),
		db_t(q->state), db_t(q->state), db_n(q->limit)),
	    SHAPE, (size_t)q->limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct appeal);
	for (size_t i = 0; i < r.len; i++)
		appeal_of(db_row(&r, i), &v[i]);
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
answers(void *self, struct arena *a, struct str id, int limit,
    const struct appeal_answer **out, size_t *len, struct fault *f)
{
	struct appeal_answer *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_APPEAL_ANSWERS,
	    DB_IN(db_t(id), db_n(limit)), "tttii", (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct appeal_answer);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct appeal_answer){ .appeal = id,
			.state = appeal_state_of(c[0].t),
			.text = c[1].t,
			.actor = c[2].t,
			.at = c[3].n,
			.created_at = c[4].n };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
close_one(
    void *self, struct str portal, struct str id, int64_t at, struct fault *f)
{
	return db_run(self, SQL_APPEAL_CLOSE,
	    DB_IN(db_n(at), db_t(portal), db_t(id)), NULL, f);
}

static enum err
write_answer(struct db *db, const struct appeal *was,
    const struct appeal_answer *x, struct fault *f)
{
	enum appeal_state after = appeal_after(was, x);
	int64_t at = x->at > was->answered_at ? x->at : was->answered_at;
	struct db_in state = db_t(str_of(appeal_state_name(x->state)));
	enum err rc = db_run(db, SQL_APPEAL_ANSWER_PUT,
	    DB_IN(db_t(was->id), db_n(was->answers + 1), state, db_t(x->text),
		db_n(x->at), db_t(x->actor), db_n(x->created_at)),
	    NULL, f);

	return rc == ERR_OK
	    ? db_run(db, SQL_APPEAL_MOVE,
		  DB_IN(db_t(str_of(appeal_state_name(after))),
		      db_n(was->answers + 1), db_n(at), db_t(was->id)),
		  NULL, f)
	    : rc;
}

enum err
st_appeal_answer(void *self, struct arena *a, struct str portal,
    struct str supplier, const struct appeal_answer *x, struct fault *f)
{
	struct appeal was;
	struct db_rows same;
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_APPEAL_LOCK,
	    DB_IN(db_t(portal), db_t(supplier), db_t(x->appeal)), &changed, f);
	if (rc == ERR_OK && changed == 0)
		return fault_set(f, ERR_ABSENT, "appeal_unknown", "no such id");
	if (rc == ERR_OK)
		rc = load(self, a, portal, x->appeal, &was, f);
	if (rc == ERR_OK)
		rc = db_read(self, a, SQL_APPEAL_ANSWER_SAME,
		    DB_IN(db_t(x->appeal),
			db_t(str_of(appeal_state_name(x->state))),
			db_t(x->text), db_n(x->at)),
		    "i", 1, &same, f);
	if (rc != ERR_OK || same.len > 0)
		return rc;
	return write_answer(self, &was, x, f);
}

struct appeal_store
st_appeal(struct db *db)
{
	return (struct appeal_store){ db, put, known, load, list, answers,
		close_one, st_appeal_answer };
}
