#include "kvitok/store/st_ack_audit.h"

#define ROWS_MAX 1000

static enum err
rows(void *self, struct arena *a, const struct audit_ack *after, int limit,
    const struct audit_ack **out, size_t *len, struct fault *f)
{
	struct audit_ack *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_AUDIT_ACKS,
	    DB_IN(db_t(after->akey), db_t(after->portal), db_t(after->supplier),
		db_t(after->account), db_t(after->month), db_t(after->id),
		db_n(limit)),
	    "tttttt"
	    "tttii"
	    "ttttti"
	    "iiiit",
	    ROWS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct audit_ack);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct audit_ack){ .akey = c[0].t,
			.portal = c[1].t,
			.supplier = c[2].t,
			.account = c[3].t,
			.month = c[4].t,
			.id = c[5].t,
			.number = c[6].t,
			.service = c[7].t,
			.day = c[8].t,
			.n = c[9].n,
			.sum_kop = c[10].n,
			.line_supplier = c[11].t,
			.line_account = c[12].t,
			.line_service = c[13].t,
			.pay_portal = c[14].t,
			.pay_state = c[15].t,
			.paid_at = c[16].n,
			.line_kop = c[17].n,
			.back_kop = c[18].n,
			.counted_kop = c[19].n,
			.fits = c[20].n != 0,
			.document = c[21].t };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
acts(void *self, struct arena *a, const struct audit_act *after, int limit,
    const struct audit_act **out, size_t *len, struct fault *f)
{
	struct audit_act *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_AUDIT_ACTS,
	    DB_IN(db_t(after->akey), db_t(after->portal), db_t(after->supplier),
		db_t(after->account), db_t(after->number), db_n(limit)),
	    "tttttiiii", ROWS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct audit_act);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct audit_act){ .akey = c[0].t,
			.portal = c[1].t,
			.supplier = c[2].t,
			.account = c[3].t,
			.number = c[4].t,
			.sum_kop = c[5].n,
			.works = c[6].n,
			.made_kop = c[7].n,
			.made = c[8].n };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

struct ack_audit
st_ack_audit(struct db *db)
{
	return (struct ack_audit){ db, rows, acts };
}
