#include "kvitok/store/st_exchange_audit.h"

#define STRAYS_PAGE 1000 /* as the statements have it */

static enum err
documents(void *self, struct arena *a, const struct audit_document *after,
    int limit, const struct audit_document **out, size_t *len, struct fault *f)
{
	struct audit_document *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_AUDIT_DOCUMENTS,
	    DB_IN(db_t(after->portal), db_t(after->supplier),
		db_n(after->number), db_n(limit)),
	    "ttittttt"
	    "iiiiiiii"
	    "iii"
	    "itiiiiiii",
	    (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct audit_document);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct audit_document){ .portal = c[0].t,
			.supplier = c[1].t,
			.number = c[2].n,
			.kind = c[3].t,
			.sha256 = c[4].t,
			.state = c[5].t,
			.error_path = c[6].t,
			.error_words = c[7].t,
			.size = c[8].n,
			.waits_for = c[9].n,
			.said = c[10].n,
			.said_kop = c[11].n,
			.record = c[12].n,
			.applied = c[13].n,
			.applied_kop = c[14].n,
			.refused = c[15].n,
			.error_line = c[16].n,
			.received_at = c[17].n,
			.ended_at = c[18].n,
			.follows = c[19].n != 0,
			.waits_kind = c[20].t,
			.waits_known = c[21].n != 0,
			.refusals = c[22].n,
			.refusals_last = c[23].n,
			.payments = c[24].n,
			.payments_kop = c[25].n,
			.acks_applied = c[26].n,
			.acks_refused = c[27].n };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
answers(void *self, struct arena *a, const struct audit_answer_out *after,
    int limit, const struct audit_answer_out **out, size_t *len,
    struct fault *f)
{
	struct audit_answer_out *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_AUDIT_ANSWERS_OUT,
	    DB_IN(db_t(after->portal), db_t(after->supplier),
		db_n(after->number), db_n(limit)),
	    "ttittttiiiiiii"
	    "ttiiiit",
	    (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct audit_answer_out);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct audit_answer_out){ .portal = c[0].t,
			.supplier = c[1].t,
			.number = c[2].n,
			.of_kind = c[3].t,
			.of_state = c[4].t,
			.words = c[5].t,
			.state = c[6].t,
			.of_number = c[7].n,
			.applied = c[8].n,
			.applied_kop = c[9].n,
			.refused = c[10].n,
			.made_at = c[11].n,
			.handed_at = c[12].n,
			.follows = c[13].n != 0,
			.in_kind = c[14].t,
			.in_state = c[15].t,
			.in_applied = c[16].n,
			.in_applied_kop = c[17].n,
			.in_refused = c[18].n,
			.in_ended_at = c[19].n,
			.kind = c[20].t };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
refusals(void *self, struct arena *a, const struct audit_refusal *after,
    int limit, const struct audit_refusal **out, size_t *len, struct fault *f)
{
	struct audit_refusal *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_AUDIT_REFUSALS,
	    DB_IN(db_t(after->portal), db_t(after->supplier),
		db_n(after->number), db_n(after->record), db_n(limit)),
	    "ttiit", (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct audit_refusal);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct audit_refusal){ .portal = c[0].t,
			.supplier = c[1].t,
			.number = c[2].n,
			.record = c[3].n,
			.reason = c[4].t };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static struct audit_brought
brought_of(const struct db_cell *c)
{
	return (struct audit_brought){ .akey = c[0].t,
		.portal = c[1].t,
		.supplier = c[2].t,
		.account = c[3].t,
		.month = c[4].t,
		.id = c[5].t,
		.document = c[7].n,
		.kind = c[8].t };
}

static enum err
strays(void *self, struct arena *a, enum exchange_brings table,
    const struct audit_brought *after, const struct audit_brought **out,
    size_t *len, struct audit_brought *last, bool *more, struct fault *f)
{
	static const enum sql_id ids[EXCHANGE_BRINGS__COUNT] = {
		[EXCHANGE_BRINGS_CHARGE] = SQL_AUDIT_STRAY_CHARGES,
		[EXCHANGE_BRINGS_PAYMENT] = SQL_AUDIT_STRAY_PAYMENTS,
	};
	struct audit_brought *v;
	struct db_rows r;
	enum err rc = db_read(self, a, ids[table],
	    DB_IN(db_t(after->akey), db_t(after->portal), db_t(after->supplier),
		db_t(after->account), db_t(after->month), db_t(after->id)),
	    "ttttttiiti", STRAYS_PAGE, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct audit_brought);
	*len = 0;
	*more = false;
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		if (c[9].n != 0)
			v[(*len)++] = brought_of(c);
		if (c[6].n == STRAYS_PAGE) {
			*more = true;
			*last = brought_of(c);
		}
	}
	*out = v;
	return ERR_OK;
}

struct exchange_audit
st_exchange_audit(struct db *db)
{
	return (
	    struct exchange_audit){ db, documents, answers, refusals, strays };
}
