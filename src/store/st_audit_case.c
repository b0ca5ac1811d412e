#include "kvitok/store/st_audit_case.h"

#include "kvitok/port/case_store.h"

struct audit_case
st_audit_case_of(const struct db_cell *c)
{
	return (struct audit_case){ .id = c[0].t,
		.portal = c[1].t,
		.n = (int)c[2].n,
		.kind = c[3].t,
		.subject = c[4].t,
		.state = c[5].t,
		.sum_kop = c[6].n,
		.evidence = c[7].t,
		.resolved_at = c[8].n,
		.owner = c[9].t,
		.taken_at = c[10].n,
		.resolution = c[11].t,
		.note = c[12].t,
		.decided_by = c[13].t,
		.decided_at = c[14].n,
		.times = c[15].n };
}

void
st_audit_case_put(struct arena *a, const struct db_rows *r, size_t from,
    size_t len, struct audit_payment *x)
{
	struct audit_case *v = ARENA_ARRAY(a, len + 1, struct audit_case);

	for (size_t i = 0; i < len; i++)
		v[i] = st_audit_case_of(db_row(r, from + i) + 2);
	x->cases = v;
	x->cases_len = len;
}

void
st_audit_case_events(struct arena *a, const struct db_rows *r, size_t from,
    size_t len, struct audit_payment *x)
{
	struct audit_case_event *v =
	    ARENA_ARRAY(a, len + 1, struct audit_case_event);

	for (size_t i = 0; i < len; i++) {
		const struct db_cell *c = db_row(r, from + i);

		v[i] = (struct audit_case_event){ .case_id = c[2].t,
			.id = c[3].t,
			.at = c[4].n,
			.kind = c[5].t,
			.actor = c[6].t,
			.resolution = c[7].t,
			.note = c[8].t };
	}
	x->case_events = v;
	x->case_events_len = len;
}

enum err
st_audit_events_of(struct db *db, struct arena *a, struct str akey,
    struct str case_id, const struct audit_case_event **out, size_t *len,
    struct fault *f)
{
	struct audit_case_event *v;
	struct db_rows r;
	enum err rc = db_read(db, a, SQL_CASE_EVENT_LIST,
	    DB_IN(db_t(akey), db_t(case_id), db_n(CASE_EVENTS_MAX)),
	    "titttt"
	    "t",
	    CASE_EVENTS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct audit_case_event);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct audit_case_event){ .case_id = case_id,
			.id = c[0].t,
			.at = c[1].n,
			.kind = c[2].t,
			.actor = c[3].t,
			.resolution = c[4].t,
			.note = c[5].t };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

enum err
st_audit_case_backs(struct arena *a, const struct db_rows *r, size_t from,
    size_t len, struct audit_payment *x, struct fault *f)
{
	struct audit_give_back *v =
	    ARENA_ARRAY(a, len + 1, struct audit_give_back);

	for (size_t i = 0; i < len; i++) {
		const struct db_cell *c = db_row(r, from + i);

		v[i].job_state = c[14].t;
		v[i].g = (struct give_back){ .akey = c[0].t,
			.number = c[1].t,
			.id = c[2].t,
			.case_id = c[3].t,
			.n = (int)c[4].n,
			.contract = c[5].t,
			.bank_no = c[6].t,
			.bank_id = c[7].t,
			.own_account = c[9].t,
			.sum_kop = c[11].n,
			.reason = c[12].t,
			.actor = c[13].t };
		if (!refund_way_of(c[8].t, &v[i].g.way) ||
		    !refund_state_of(c[10].t, &v[i].g.state))
			return fault_set(f, ERR_BUG, "internal",
			    "give_back %.*s", STR_ARG(c[2].t));
	}
	x->backs = v;
	x->backs_len = len;
	return ERR_OK;
}
