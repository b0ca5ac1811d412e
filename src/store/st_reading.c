#include "kvitok/store/st_reading.h"

#include <assert.h>

#define RULES_MAX 20000

enum err
st_reading_put(struct db *db, const struct payment *pm, struct fault *f)
{
	enum err rc = ERR_OK;

	assert(db_in_tx(db));
	for (size_t i = 0; i < pm->readings_len && rc == ERR_OK; i++) {
		const struct pay_reading *x = &pm->readings[i];

		rc = db_run(db, SQL_READING_PUT,
		    DB_IN(db_t(pm->akey), db_t(pm->number), db_t(x->id),
			db_t(pm->portal), db_t(x->supplier), db_t(x->account),
			db_t(x->meter), db_t(x->period), db_n(x->before),
			db_n(x->value), db_n(x->use), db_n(x->rolled ? 1 : 0),
			db_t(x->given_at ? STR("given") : STR("kept")),
			db_n(x->created_at), db_n0(x->given_at)),
		    NULL, f);
	}
	return rc;
}

static enum err
give(void *self, struct str akey, struct str number, int64_t at, int64_t *given,
    struct fault *f)
{
	assert(db_in_tx(self));
	return db_run(self, SQL_READING_GIVE,
	    DB_IN(db_n(at), db_t(akey), db_t(number)), given, f);
}

static void
readings_of(struct arena *a, const struct db_rows *r,
    const struct pay_reading **out, size_t *len)
{
	struct pay_reading *v = ARENA_ARRAY(a, r->len + 1, struct pay_reading);

	for (size_t i = 0; i < r->len; i++) {
		const struct db_cell *c = db_row(r, i);

		v[i] = (struct pay_reading){ .id = c[0].t,
			.supplier = c[1].t,
			.account = c[2].t,
			.meter = c[3].t,
			.period = c[4].t,
			.before = c[5].n,
			.value = c[6].n,
			.use = c[7].n,
			.rolled = c[8].n != 0,
			.created_at = c[9].n,
			.given_at = c[10].n };
	}
	*out = v;
	*len = r->len;
}

static enum err
of_payment(void *self, struct arena *a, struct str akey, struct str number,
    const struct pay_reading **out, size_t *len, struct fault *f)
{
	struct db_rows r;
	enum err rc =
	    db_read(self, a, SQL_READINGS_OF, DB_IN(db_t(akey), db_t(number)),
		"tttttiiiiii", METER_READINGS_MAX, &r, f);

	if (rc == ERR_OK)
		readings_of(a, &r, out, len);
	return rc;
}

static enum err
history(void *self, struct arena *a, const struct reading_meter *m, int limit,
    const struct pay_reading **out, size_t *len, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_READINGS_HISTORY,
	    DB_IN(db_t(m->account), db_t(m->meter), db_t(m->portal),
		db_t(m->supplier), db_n(limit)),
	    "tttttiiiiii", (size_t)limit, &r, f);

	if (rc == ERR_OK)
		readings_of(a, &r, out, len);
	return rc;
}

struct reading_store
st_reading(struct db *db)
{
	return (struct reading_store){ db, give, of_payment, history };
}

enum err
st_ref_meter(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct ref_meter *v;
	struct db_rows r;
	enum err rc = db_read(db, a, SQL_REF_METER_RULES, DB_IN_NONE,
	    "ttttttiii", RULES_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct ref_meter);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct ref_meter){ .portal = c[0].t,
			.supplier = c[1].t,
			.unit = c[2].t,
			.from_day = c[3].t,
			.to_day = c[4].t,
			.rule = { .first_day = (int)c[6].n,
			    .last_day = (int)c[7].n,
			    .max_use = c[8].n } };
		if (!meter_hand_of(c[5].t, &v[i].rule.hand))
			return fault_set(f, ERR_BUG, "internal",
			    "meter_rule: hand_over %.*s", STR_ARG(c[5].t));
	}
	out->meters = v;
	out->meters_len = r.len;
	return ERR_OK;
}
