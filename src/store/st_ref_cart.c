#include "kvitok/store/st_cart.h"

#define ROWS_MAX 20000

static enum err
bad(struct fault *f, const char *table, struct str word)
{
	return fault_set(
	    f, ERR_BUG, "internal", "%s: %.*s", table, STR_ARG(word));
}

static enum err
load_rules(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct ref_vat *v;
	struct db_rows r;
	enum err rc = db_read(
	    db, a, SQL_REF_VAT_RULES, DB_IN_NONE, "tttttttii", ROWS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct ref_vat);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct ref_vat){ .portal = c[0].t,
			.supplier = c[1].t,
			.service = c[2].t,
			.from_day = c[3].t,
			.to_day = c[4].t,
			.rule = { .subject = (enum cart_subject)c[7].n,
			    .measure = (int)c[8].n,
			    .advance = str_eq(c[6].t, STR("advance")) } };
		if (!cart_vat_of(c[5].t, &v[i].rule.vat))
			return bad(f, "vat_rule", c[5].t);
	}
	out->vats = v;
	out->vats_len = r.len;
	return ERR_OK;
}

static enum err
load_fees(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct ref_vat *v;
	struct db_rows r;
	enum err rc = db_read(
	    db, a, SQL_REF_VAT_OF_FEES, DB_IN_NONE, "tttti", ROWS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct ref_vat);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct ref_vat){ .portal = c[0].t,
			.supplier = STR("*"),
			.service = STR("*"),
			.from_day = c[1].t,
			.to_day = c[2].t,
			.rule = { .subject = (enum cart_subject)c[4].n } };
		if (!cart_vat_of(c[3].t, &v[i].rule.vat))
			return bad(f, "vat_of_fee", c[3].t);
	}
	out->fee_vats = v;
	out->fee_vats_len = r.len;
	return ERR_OK;
}

static enum err
load_agents(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct ref_agent *v;
	struct db_rows r;
	enum err rc = db_read(db, a, SQL_REF_FISCAL_AGENTS, DB_IN_NONE,
	    "tttttt", ROWS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct ref_agent);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct ref_agent){ .portal = c[0].t,
			.supplier = c[1].t,
			.from_day = c[2].t,
			.to_day = c[3].t,
			.phone = c[5].t };
		if (!cart_agent_of(c[4].t, &v[i].agent))
			return bad(f, "fiscal_agent", c[4].t);
	}
	out->agents = v;
	out->agents_len = r.len;
	return ERR_OK;
}

enum err
st_ref_cart(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	enum err rc = load_rules(db, a, out, f);

	if (rc == ERR_OK)
		rc = load_fees(db, a, out, f);
	if (rc == ERR_OK)
		rc = load_agents(db, a, out, f);
	return rc;
}
