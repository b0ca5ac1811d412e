#include "kvitok/store/loader.h"

#include "kvitok/store/pack.h"
#include "kvitok/store/tx.h"

#define PACK_MAX ((size_t)1 << 20) /* bytes of the rows of one account */

struct scripting {
	struct db *db;
	const struct sql_script *script;
};

static enum err
script_body(void *arg, struct fault *f)
{
	const struct scripting *s = arg;
	enum err rc;

	rc = db_run(s->db, SQL_REF_RAISE, DB_IN_NONE, NULL, f);
	for (size_t i = 0; i < s->script->stmts_len && rc == ERR_OK; i++) {
		rc = db_script(s->db, s->script->stmts[i], f);
		if (rc != ERR_OK)
			rc = fault_wrap(f, "statement %zu", i + 1);
	}
	return rc;
}

enum err
loader_script(struct db *db, struct str name, struct fault *f)
{
	for (size_t i = 0; i < sql_scripts_len; i++) {
		struct scripting s = { db, &sql_scripts[i] };

		if (str_eq(str_of(s.script->name), name))
			return tx_run(db, s.script->name, script_body, &s, f);
	}
	return fault_set(
	    f, ERR_ABSENT, "script_unknown", "%.*s", STR_ARG(name));
}

struct batch {
	struct db *db;
	const struct account *list;
	size_t len;
};

static enum err
put_debts(struct db *db, const struct account *acc, struct fault *f)
{
	enum err rc;

	rc = db_run(db, SQL_DEBT_DROP,
	    DB_IN(db_t(acc->akey), db_t(acc->portal), db_t(acc->supplier),
		db_t(acc->account)),
	    NULL, f);
	for (size_t i = 0; i < acc->debts_len && rc == ERR_OK; i++) {
		const struct account_debt *d = &acc->debts[i];

		rc = db_run(db, SQL_DEBT_PUT,
		    DB_IN(db_t(acc->akey), db_t(acc->portal),
			db_t(acc->supplier), db_t(acc->account),
			db_t(d->service), db_n(d->debt_kop),
			db_t(d->as_of_day)),
		    NULL, f);
	}
	return rc;
}

static enum err
put_meters(struct db *db, const struct account *acc, struct fault *f)
{
	enum err rc;

	rc = db_run(db, SQL_METER_DROP,
	    DB_IN(db_t(acc->akey), db_t(acc->portal), db_t(acc->supplier),
		db_t(acc->account)),
	    NULL, f);
	for (size_t i = 0; i < acc->meters_len && rc == ERR_OK; i++) {
		const struct account_meter *m = &acc->meters[i];
		struct str verify = m->verify_day;

		if (verify.len == 0)
			verify.p = NULL; /* no verification is due */
		rc = db_run(db, SQL_METER_PUT,
		    DB_IN(db_t(acc->akey), db_t(acc->portal),
			db_t(acc->supplier), db_t(acc->account), db_t(m->meter),
			db_t(m->title), db_t(m->serial), db_t(m->unit),
			db_n(m->digits), db_n(m->last_value), db_t(m->last_day),
			db_t0(verify)),
		    NULL, f);
	}
	return rc;
}

static enum err
batch_body(void *arg, struct fault *f)
{
	const struct batch *b = arg;
	enum err rc = ERR_OK;

	for (size_t i = 0; i < b->len && rc == ERR_OK; i++) {
		const struct account *acc = &b->list[i];

		rc = db_run(b->db, SQL_ACCOUNT_PUT,
		    DB_IN(db_t(acc->akey), db_t(acc->portal),
			db_t(acc->supplier), db_t(acc->account),
			db_t(acc->shown), db_t(acc->owner), db_t(acc->address)),
		    NULL, f);
		if (rc == ERR_OK)
			rc = put_debts(b->db, acc, f);
		if (rc == ERR_OK)
			rc = put_meters(b->db, acc, f);
		if (rc != ERR_OK)
			rc = fault_wrap(
			    f, "account %.*s", STR_ARG(acc->account));
	}
	return rc;
}

enum err
loader_accounts(
    struct db *db, const struct account *list, size_t len, struct fault *f)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; i < len && rc == ERR_OK; i += LOADER_BATCH) {
		size_t n = len - i < LOADER_BATCH ? len - i : LOADER_BATCH;
		struct batch b = { db, list + i, n };

		rc = tx_run(db, "load_accounts", batch_body, &b, f);
	}
	return rc;
}

static enum err
put_charges(struct db *db, struct arena *a, const struct loader_book *b,
    struct fault *f)
{
	struct pack p;

	pack_begin(&p, a, PACK_MAX);
	for (size_t i = 0; i < b->facts.charges_len; i++, p.rows++) {
		const struct charge *c = &b->facts.charges[i];

		pack_text(&p, c->month, 7);
		pack_text(&p, c->service, 32);
		pack_text(&p, c->unit, 16);
		pack_number(&p, c->volume_micro);
		pack_number(&p, c->tariff_micro);
		pack_number(&p, c->accrued_kop);
		pack_number(&p, c->recalculated_kop);
		pack_number(&p, c->benefit_kop);
		pack_number(&p, c->penalty_kop);
		pack_text(&p, c->recalculated_why, 75);
	}
	return pack_run(db, SQL_CHARGE_PACK, &p, b->account, f);
}

static enum err
put_openings(struct db *db, struct arena *a, const struct loader_book *b,
    struct fault *f)
{
	struct pack p;

	pack_begin(&p, a, PACK_MAX);
	for (size_t i = 0; i < b->facts.openings_len; i++, p.rows++) {
		const struct opening *o = &b->facts.openings[i];

		pack_text(&p, o->month, 7);
		pack_text(&p, o->service, 32);
		pack_number(&p, o->owed_kop);
	}
	return pack_run(db, SQL_OPENING_PACK, &p, b->account, f);
}

static enum err
put_elsewhere(struct db *db, struct arena *a, const struct loader_book *b,
    struct fault *f)
{
	struct pack p;

	pack_begin(&p, a, PACK_MAX);
	for (size_t i = 0; i < b->facts.payments_len; i++, p.rows++) {
		const struct statement_payment *x = &b->facts.payments[i];

		pack_text(&p, x->month, 7);
		pack_text(&p, x->service, 32);
		pack_text(&p, x->day, 10);
		pack_number(&p, x->sum_kop);
		pack_text(&p, x->id, 24);
		pack_text(&p, x->place, 55);
	}
	return pack_run(db, SQL_ELSEWHERE_PACK, &p, b->account, f);
}

struct books {
	struct db *db;
	struct arena *a; /* of one account */
	const struct loader_book *list;
	size_t len;
};

static enum err
books_body(void *arg, struct fault *f)
{
	const struct books *b = arg;
	enum err rc = ERR_OK;

	for (size_t i = 0; i < b->len && rc == ERR_OK; i++) {
		const struct loader_book *x = &b->list[i];

		rc = put_charges(b->db, b->a, x, f);
		if (rc == ERR_OK)
			rc = put_openings(b->db, b->a, x, f);
		if (rc == ERR_OK)
			rc = put_elsewhere(b->db, b->a, x, f);
		arena_reset(b->a);
	}
	return rc;
}

enum err
loader_books(
    struct db *db, const struct loader_book *list, size_t len, struct fault *f)
{
	struct arena *a = arena_new((size_t)4 * PACK_MAX);
	enum err rc = ERR_OK;

	for (size_t i = 0; i < len && rc == ERR_OK; i += LOADER_BATCH) {
		size_t n = len - i < LOADER_BATCH ? len - i : LOADER_BATCH;
		struct books b = { db, a, list + i, n };

		rc = tx_run(db, "load_books", books_body, &b, f);
	}
	arena_free(a);
	return rc;
}
