#include "kvitok/store/st_send_audit.h"

#include "kvitok/domain/settle.h"

static struct audit_sent
sent_of(const struct db_cell *c)
{
	return (struct audit_sent){ .id = c[0].t,
		.portal = c[1].t,
		.supplier = c[2].t,
		.kind = c[3].t,
		.period = c[4].t,
		.state = c[5].t,
		.sha256 = c[6].t,
		.words = c[7].t,
		.out_kind = c[8].t,
		.out_state = c[9].t,
		.in_kind = c[10].t,
		.in_state = c[11].t,
		.from_day = c[12].t,
		.done_day = c[13].t,
		.number = c[14].n,
		.items = c[15].n,
		.sum_kop = c[16].n,
		.size = c[17].n,
		.tries = c[18].n,
		.next_at = c[19].n,
		.begun_at = c[20].n,
		.made_at = c[21].n,
		.ended_at = c[22].n,
		.of_number = c[23].n,
		.applied = c[24].n,
		.applied_kop = c[25].n,
		.refused = c[26].n,
		.out_made_at = c[27].n,
		.differs_told = c[28].n != 0,
		.unanswered_told = c[29].n != 0 };
}

static enum err
documents(void *self, struct arena *a, struct str after, int limit,
    const struct audit_sent **out, size_t *len, struct fault *f)
{
	struct audit_sent *v;
	struct db_rows r;
	enum err rc =
	    db_read(self, a, SQL_AUDIT_SENT, DB_IN(db_t(after), db_n(limit)),
		"tttttttttttttt"
		"iiiiiiiiiiiiiiii",
		(size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct audit_sent);
	for (size_t i = 0; i < r.len; i++)
		v[i] = sent_of(db_row(&r, i));
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
items(void *self, struct arena *a, struct str document, int64_t after,
    int limit, const struct audit_sent_item **out, size_t *len, struct fault *f)
{
	struct audit_sent_item *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_AUDIT_SENT_ITEMS,
	    DB_IN(db_t(document), db_n(after), db_n(limit)),
	    "ttttttttttt"
	    "iiiiiii",
	    (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct audit_sent_item);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct audit_sent_item){ .kind = c[0].t,
			.akey = c[1].t,
			.ref = c[2].t,
			.number = c[3].t,
			.day = c[4].t,
			.answer = c[5].t,
			.words = c[6].t,
			.portal = c[7].t,
			.supplier = c[8].t,
			.row_day = c[9].t,
			.row_state = c[10].t,
			.n = c[11].n,
			.line = c[12].n,
			.sum_kop = c[13].n,
			.live = c[14].n != 0,
			.row_kop = c[15].n,
			.there = c[16].n != 0,
			.refusal_told = c[17].n != 0 };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
strays(void *self, struct arena *a, const struct audit_sent_number *after,
    int limit, const struct audit_sent_number **out, size_t *len,
    struct fault *f)
{
	struct audit_sent_number *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_AUDIT_SENT_STRAYS,
	    DB_IN(db_t(after->portal), db_t(after->supplier),
		db_n(after->number), db_n(limit)),
	    "tti", (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct audit_sent_number);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct audit_sent_number){ c[0].t, c[1].t, c[2].n };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
cursors(void *self, struct arena *a, const struct audit_send_cursor *after,
    int limit, const struct audit_send_cursor **out, size_t *len,
    struct fault *f)
{
	struct audit_send_cursor *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_AUDIT_SEND_CURSORS,
	    DB_IN(db_t(after->portal), db_t(after->supplier), db_t(after->kind),
		db_n(limit)),
	    "tttttt", (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct audit_send_cursor);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct audit_send_cursor){ c[0].t, c[1].t, c[2].t,
			c[3].t, c[4].t, c[5].t };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
unsent(void *self, struct arena *a, const struct audit_send_cursor *x,
    struct str day, int limit, const struct str **out, size_t *len,
    struct fault *f)
{
	bool payments = send_kind_of(x->kind) == SEND_PAYMENTS;
	struct str account = settle_account(a, x->portal, x->supplier), *v;
	struct db_rows r;
	enum err rc = db_read(self, a,
	    payments ? SQL_AUDIT_UNSENT_PAYMENTS : SQL_AUDIT_UNSENT_REFUNDS,
	    DB_IN(db_t(x->supplier), db_t(account), db_t(day), db_n(limit)),
	    "t", (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct str);
	for (size_t i = 0; i < r.len; i++)
		v[i] = db_row(&r, i)[0].t;
	*out = v;
	*len = r.len;
	return ERR_OK;
}

struct send_audit
st_send_audit(struct db *db)
{
	return (
	    struct send_audit){ db, documents, items, strays, cursors, unsent };
}
