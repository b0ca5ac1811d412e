#include "kvitok/store/st_ref_exempt.h"

#define KINDS_MAX 1000
#define RULES_MAX 20000

static enum err
load_kinds(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct ref_exempt_kind *v;
	struct db_rows r;
	enum err rc = db_read(
	    db, a, SQL_REF_EXEMPT_KINDS, DB_IN_NONE, "ttttt", KINDS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct ref_exempt_kind);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct ref_exempt_kind){ c[0].t, c[1].t, c[2].t, c[3].t,
			c[4].t };
	}
	out->exempt_kinds = v;
	out->exempt_kinds_len = r.len;
	return ERR_OK;
}

enum err
st_ref_exempt(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct ref_exempt_rule *v;
	struct db_rows r;
	enum err rc = load_kinds(db, a, out, f);

	if (rc == ERR_OK)
		rc = db_read(db, a, SQL_REF_EXEMPT_RULES, DB_IN_NONE, "tttttt",
		    RULES_MAX, &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct ref_exempt_rule);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct ref_exempt_rule){ .portal = c[0].t,
			.supplier = c[1].t,
			.service = c[2].t,
			.from_day = c[3].t,
			.to_day = c[4].t };
		if (!fee_loss_of(c[5].t, &v[i].bearer))
			return fault_set(f, ERR_BUG, "internal",
			    "exempt_rule: bearer %.*s", STR_ARG(c[5].t));
	}
	out->exempt_rules = v;
	out->exempt_rules_len = r.len;
	return ERR_OK;
}
