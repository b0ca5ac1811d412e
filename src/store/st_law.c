#include "kvitok/store/st_law.h"

#define ROWS_MAX 20000 /* of one table; far above any real law */

static enum err
read_all(struct db *db, struct arena *a, enum sql_id id, const char *shape,
    struct db_rows *r, struct fault *f)
{
	return db_read(db, a, id, DB_IN_NONE, shape, ROWS_MAX, r, f);
}

static enum err
load_dues(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct due_rule *v;
	struct db_rows r;
	enum err rc = read_all(db, a, SQL_LAW_DUES, "tti", &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct due_rule);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct due_rule){ c[0].t, c[1].t, (int)c[2].n };
	}
	out->law.dues = v;
	out->law.dues_len = r.len;
	return ERR_OK;
}

static enum err
load_days_off(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct calendar_day *v;
	struct db_rows r;
	enum err rc = read_all(db, a, SQL_LAW_DAYS_OFF, "ti", &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct calendar_day);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct calendar_day){ c[0].t, c[1].n != 0 };
	}
	out->law.calendar = (struct calendar){ v, r.len };
	return ERR_OK;
}

static enum err
load_rates(struct db *db, struct arena *a, enum sql_id id,
    const struct penalty_rate **list, size_t *len, struct fault *f)
{
	struct penalty_rate *v;
	struct db_rows r;
	enum err rc = read_all(db, a, id, "tti", &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct penalty_rate);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct penalty_rate){ c[0].t, c[1].t, c[2].n };
	}
	*list = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
load_steps(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct penalty_step *v;
	struct db_rows r;
	enum err rc = read_all(db, a, SQL_LAW_STEPS, "tii", &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct penalty_step);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct penalty_step){ c[0].t, c[1].n, c[2].n };
	}
	out->law.penalty.steps = v;
	out->law.penalty.steps_len = r.len;
	return ERR_OK;
}

static enum err
load_scales(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct ref_scale *v;
	struct db_rows r;
	enum err rc = read_all(db, a, SQL_LAW_SCALES, "tttttt", &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct ref_scale);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct ref_scale){ c[0].t, c[1].t, c[2].t, c[3].t,
			c[4].t, c[5].t };
	}
	out->scales = v;
	out->scales_len = r.len;
	return ERR_OK;
}

static enum err
load_bills(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct ref_bill *v;
	struct db_rows r;
	enum err rc = read_all(db, a, SQL_LAW_BILLS, "tttttiiii", &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct ref_bill);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct ref_bill){
			c[0].t, c[1].t, c[2].t, c[3].t, c[4].t,
			{ (int)c[5].n, (int)c[6].n, (int)c[7].n, (int)c[8].n }
		};
	}
	out->bills = v;
	out->bills_len = r.len;
	return ERR_OK;
}

enum err
st_law_load(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct penalty_rules *p = &out->law.penalty;
	enum err rc = load_dues(db, a, out, f);

	if (rc == ERR_OK)
		rc = load_days_off(db, a, out, f);
	if (rc == ERR_OK)
		rc = load_rates(
		    db, a, SQL_LAW_RATES, &p->rates, &p->rates_len, f);
	if (rc == ERR_OK)
		rc = load_rates(db, a, SQL_LAW_CAPS, &p->caps, &p->caps_len, f);
	if (rc == ERR_OK)
		rc = load_steps(db, a, out, f);
	if (rc == ERR_OK)
		rc = load_scales(db, a, out, f);
	return rc == ERR_OK ? load_bills(db, a, out, f) : rc;
}
