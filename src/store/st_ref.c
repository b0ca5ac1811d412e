#include "kvitok/store/st_ref.h"

#include "kvitok/store/st_cart.h"
#include "kvitok/store/st_reading.h"
#include "kvitok/store/st_ref_exempt.h"
#include "kvitok/store/st_law.h"
#include "kvitok/store/tx.h"

#include "kvitok/domain/payment.h"

#include <stdlib.h>

#define ROWS_MAX 20000 /* of one table; far above any real portal */
#define DEBTS_MAX 200  /* of one account */
#define LOADS_MAX 3

static enum err
version(void *self, int64_t *v, struct fault *f)
{
	struct arena *a = arena_new(4096);
	struct db_rows r;
	enum err rc;

	rc = db_read(self, a, SQL_REF_VERSION, DB_IN_NONE, "i", 1, &r, f);
	if (rc == ERR_OK && r.len == 1)
		*v = db_row(&r, 0)[0].n;
	else if (rc == ERR_OK)
		rc = fault_set(f, ERR_BUG, "internal", "no ref_version");
	arena_free(a);
	return rc;
}

static enum err
read_all(struct db *db, struct arena *a, enum sql_id id, const char *shape,
    struct db_rows *r, struct fault *f)
{
	return db_read(db, a, id, DB_IN_NONE, shape, ROWS_MAX, r, f);
}

/* Hosts are sorted by portal: each has one run of them. */
static void
give_hosts(struct arena *a, struct ref_portal *p, const struct db_rows *r)
{
	struct str *hosts = ARENA_ARRAY(a, r->len, struct str);
	size_t n = 0;

	for (size_t i = 0; i < r->len; i++)
		if (str_eq(db_row(r, i)[0].t, p->portal))
			hosts[n++] = db_row(r, i)[1].t;
	p->hosts = hosts;
	p->hosts_len = n;
}

static enum err
load_portals(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct ref_portal *v;
	struct db_rows r, hosts;
	enum err rc;

	if ((rc = read_all(db, a, SQL_REF_PORTALS, "ttttttiii", &r, f)) !=
		ERR_OK ||
	    (rc = read_all(db, a, SQL_REF_HOSTS, "tt", &hosts, f)) != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len, struct ref_portal);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct ref_portal){ .portal = c[0].t,
			.title = c[1].t,
			.url = c[2].t,
			.mail_from = c[3].t,
			.support = c[4].t,
			.zone_name = c[5].t,
			.zone_min = (int)c[6].n,
			.payment_life_s = c[7].n,
			.lines_max = (int)c[8].n };
		give_hosts(a, &v[i], &hosts);
	}
	out->portals = v;
	out->portals_len = r.len;
	return ERR_OK;
}

static enum err
load_suppliers(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct ref_supplier *v;
	struct db_rows r;
	enum err rc;

	rc = read_all(db, a, SQL_REF_SUPPLIERS,
	    "tttttttt"
	    "ttttt",
	    &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len, struct ref_supplier);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct ref_supplier){ .portal = c[0].t,
			.supplier = c[1].t,
			.title = c[2].t,
			.inn = c[3].t,
			.account_hint = c[4].t,
			.account_example = c[5].t,
			.from_day = c[6].t,
			.to_day = c[7].t,
			.kpp = c[8].t,
			.settlement_account = c[9].t,
			.bic = c[10].t,
			.bank_title = c[11].t,
			.correspondent_account = c[12].t };
	}
	out->suppliers = v;
	out->suppliers_len = r.len;
	return ERR_OK;
}

static enum err
load_services(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct ref_service *v;
	struct db_rows r;
	enum err rc;

	rc = read_all(db, a, SQL_REF_SERVICES, "tttttt", &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len, struct ref_service);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct ref_service){ .portal = c[0].t,
			.supplier = c[1].t,
			.service = c[2].t,
			.title = c[3].t,
			.from_day = c[4].t,
			.to_day = c[5].t };
	}
	out->services = v;
	out->services_len = r.len;
	return ERR_OK;
}

static enum err
load_fees(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct ref_fee *v;
	struct db_rows r;
	enum err rc;

	rc = read_all(db, a, SQL_REF_FEES, "ttttttiiii", &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len, struct ref_fee);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);
		bool supplier = str_eq(c[5].t, STR("supplier"));

		v[i] = (struct ref_fee){ .portal = c[0].t,
			.supplier = c[1].t,
			.service = c[2].t,
			.from_day = c[3].t,
			.to_day = c[4].t,
			.rule = { supplier ? FEE_ON_SUPPLIER : FEE_ON_PAYER,
			    (int32_t)c[6].n, { c[7].n }, { c[8].n },
			    { c[9].n } } };
	}
	out->fees = v;
	out->fees_len = r.len;
	return ERR_OK;
}

static enum err
load_limits(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct ref_limit *v;
	struct db_rows r;
	enum err rc;

	rc = read_all(db, a, SQL_REF_LIMITS, "ttttttii", &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len, struct ref_limit);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct ref_limit){ .portal = c[0].t,
			.supplier = c[1].t,
			.service = c[2].t,
			.from_day = c[3].t,
			.to_day = c[4].t,
			.total = str_eq(c[5].t, STR("total")),
			.rule = { { c[6].n }, { c[7].n } } };
	}
	out->limits = v;
	out->limits_len = r.len;
	return ERR_OK;
}

static enum err
load_contracts(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct ref_contract *v;
	struct db_rows r;
	enum err rc;

	rc = read_all(db, a, SQL_REF_CONTRACTS, "tttttt", &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len, struct ref_contract);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct ref_contract){ .contract = c[0].t,
			.bank = c[1].t,
			.title = c[2].t,
			.from_day = c[3].t,
			.to_day = c[4].t,
			.own_account = c[5].t };
	}
	out->contracts = v;
	out->contracts_len = r.len;
	return ERR_OK;
}

static enum err
load_own_accounts(
    struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct ref_own_account *v;
	struct db_rows r;
	enum err rc;

	rc = read_all(db, a, SQL_REF_OWN_ACCOUNTS, "tttttttt", &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len, struct ref_own_account);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct ref_own_account){ c[0].t, c[1].t, c[2].t, c[3].t,
			c[4].t, c[5].t, c[6].t, c[7].t };
	}
	out->own_accounts = v;
	out->own_accounts_len = r.len;
	return ERR_OK;
}

static enum err
load_deals(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct ref_deal *v;
	struct db_rows r;
	enum err rc;

	rc = read_all(db, a, SQL_REF_DEALS, "ttttttttti", &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len, struct ref_deal);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct ref_deal){ c[0].t, c[1].t, c[2].t, c[3].t,
			c[4].t, c[5].t, c[6].t, c[7].t, c[8].t, c[9].n };
	}
	out->deals = v;
	out->deals_len = r.len;
	return ERR_OK;
}

static enum err
load_routes(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct ref_route *v;
	struct db_rows r;
	enum err rc;

	rc = read_all(db, a, SQL_REF_ROUTES, "tttttti", &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len, struct ref_route);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct ref_route){ .portal = c[0].t,
			.supplier = c[1].t,
			.service = c[2].t,
			.contract = c[3].t,
			.from_day = c[4].t,
			.to_day = c[5].t,
			.preference = (int)c[6].n };
	}
	out->routes = v;
	out->routes_len = r.len;
	return ERR_OK;
}

/* By bytes: a database sorts by its own rules of language. */
static int
by_hash(const void *a, const void *b)
{
	const struct ref_key *x = a, *y = b;

	return str_cmp(x->key_hash, y->key_hash);
}

static enum err
load_keys(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	struct ref_key *v;
	struct db_rows r;
	enum err rc;

	rc = read_all(db, a, SQL_REF_KEYS, "tttttt", &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len, struct ref_key);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct ref_key){ .key_id = c[0].t,
			.key_hash = c[1].t,
			.portal = c[2].t,
			.title = c[3].t,
			.supplier = c[5].t };
		/* A word that we do not know gives no right at all. */
		if (!ref_rights(c[4].t, &v[i].rights))
			v[i].rights = 0;
	}
	if (r.len > 0)
		qsort(v, r.len, sizeof(*v), by_hash);
	out->keys = v;
	out->keys_len = r.len;
	return ERR_OK;
}

static enum err
load_tables(struct db *db, struct arena *a, struct ref *out, struct fault *f)
{
	static enum err (*const loads[])(struct db *, struct arena *,
	    struct ref *, struct fault *) = { load_portals, load_suppliers,
		load_services, load_fees, load_limits, load_contracts,
		load_own_accounts, load_deals, st_ref_exempt, st_ref_cart,
		st_ref_meter, load_routes, load_keys, st_law_load };
	enum err rc = ERR_OK;

	for (size_t i = 0; i < KV_COUNT(loads) && rc == ERR_OK; i++)
		rc = loads[i](db, a, out, f);
	return rc;
}

/* Each table is read at its own instant; a version that is the same before
 * and after says that nothing changed in between. */
static enum err
load(void *self, struct arena *a, const struct ref **out, struct fault *f)
{
	for (int i = 0; i < LOADS_MAX; i++) {
		struct ref *r = ARENA_NEW(a, struct ref);
		int64_t after = 0;
		enum err rc;

		if ((rc = version(self, &r->version, f)) != ERR_OK ||
		    (rc = load_tables(self, a, r, f)) != ERR_OK ||
		    (rc = version(self, &after, f)) != ERR_OK)
			return rc;
		if (after == r->version) {
			*out = r;
			return ERR_OK;
		}
	}
	return fault_set(f, ERR_AGAIN, "busy",
	    "reference data changed %d times while being read", LOADS_MAX);
}

static enum err
load_debts(struct db *db, struct arena *a, struct account *acc, struct fault *f)
{
	struct account_debt *v;
	struct db_rows r;
	enum err rc;

	rc = db_read(db, a, SQL_ACCOUNT_DEBTS,
	    DB_IN(db_t(acc->akey), db_t(acc->portal), db_t(acc->supplier),
		db_t(acc->account)),
	    "tti", DEBTS_MAX, &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len, struct account_debt);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct account_debt){ c[0].t, c[1].t, c[2].n };
	}
	acc->debts = v;
	acc->debts_len = r.len;
	return ERR_OK;
}

static enum err
load_meters(
    struct db *db, struct arena *a, struct account *acc, struct fault *f)
{
	struct account_meter *v;
	struct db_rows r;
	enum err rc;

	rc = db_read(db, a, SQL_ACCOUNT_METERS,
	    DB_IN(db_t(acc->akey), db_t(acc->portal), db_t(acc->supplier),
		db_t(acc->account)),
	    "ttttttii", DEBTS_MAX, &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len, struct account_meter);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct account_meter){ .meter = c[0].t,
			.title = c[1].t,
			.serial = c[2].t,
			.unit = c[3].t,
			.last_day = c[4].t,
			.verify_day = c[5].t,
			.digits = (int)c[6].n,
			.last_value = c[7].n };
	}
	acc->meters = v;
	acc->meters_len = r.len;
	return ERR_OK;
}

static enum err
account_known(void *self, struct arena *a, struct str portal,
    struct str supplier, struct str number, struct str *closed_day,
    struct fault *f)
{
	char akey[PAY_AKEY_LEN + 1];
	struct db_rows r;
	enum err rc;

	pay_akey(portal, number, akey);
	rc = db_read(self, a, SQL_ACCOUNT_KNOWN,
	    DB_IN(
		db_t(str_of(akey)), db_t(portal), db_t(supplier), db_t(number)),
	    "t", 1, &r, f);
	if (rc == ERR_OK && r.len == 0)
		rc = fault_set(f, ERR_ABSENT, "account_unknown", "%.*s",
		    STR_ARG(supplier));
	if (rc == ERR_OK)
		*closed_day = r.cells[0].t;
	return rc;
}

static enum err
account(void *self, struct arena *a, struct str portal, struct str supplier,
    struct str number, const struct account **out, struct fault *f)
{
	struct account *acc = ARENA_NEW(a, struct account);
	char akey[PAY_AKEY_LEN + 1];
	struct db_rows r;
	enum err rc;

	pay_akey(portal, number, akey);
	acc->akey = arena_str(a, str_of(akey));
	acc->portal = arena_str(a, portal);
	acc->supplier = arena_str(a, supplier);
	acc->account = arena_str(a, number);
	rc = db_read(self, a, SQL_ACCOUNT_GET,
	    DB_IN(db_t(acc->akey), db_t(portal), db_t(supplier), db_t(number)),
	    "tttt", 1, &r, f);
	if (rc != ERR_OK)
		return rc;
	if (r.len == 0)
		return fault_set(f, ERR_ABSENT, "account_unknown", "%.*s",
		    STR_ARG(supplier));
	acc->shown = db_row(&r, 0)[0].t;
	acc->owner = db_row(&r, 0)[1].t;
	acc->address = db_row(&r, 0)[2].t;
	acc->closed_day = db_row(&r, 0)[3].t;
	if ((rc = load_debts(self, a, acc, f)) != ERR_OK ||
	    (rc = load_meters(self, a, acc, f)) != ERR_OK)
		return rc;
	*out = acc;
	return ERR_OK;
}

struct key_change {
	struct db *db;
	const struct new_key *put; /* NULL: withdraw key_id */
	struct str key_id;
	int64_t at;
};

static enum err
key_body(void *arg, struct fault *f)
{
	const struct key_change *c = arg;
	const struct new_key *k = c->put;
	int64_t changed;
	enum err rc;

	/* Raised first: the row is the lock of whoever changes keys. */
	rc = db_run(c->db, SQL_REF_RAISE, DB_IN_NONE, NULL, f);
	if (rc != ERR_OK)
		return rc;
	if (k != NULL)
		return db_run(c->db, SQL_REF_KEY_PUT,
		    DB_IN(db_t(k->key_id), db_t(k->key_hash), db_t(k->portal),
			db_t(k->rights), db_t(k->title), db_t(k->supplier),
			db_n(k->at)),
		    NULL, f);
	rc = db_run(c->db, SQL_REF_KEY_WITHDRAW,
	    DB_IN(db_n(c->at), db_t(c->key_id)), &changed, f);
	if (rc == ERR_OK && changed == 0)
		rc = fault_set(
		    f, ERR_ABSENT, "key_unknown", "%.*s", STR_ARG(c->key_id));
	return rc;
}

static enum err
key_put(void *self, const struct new_key *k, struct fault *f)
{
	struct key_change c = { .db = self, .put = k };

	return tx_join(self, "key_put", key_body, &c, f);
}

static enum err
key_withdraw(void *self, struct str key_id, int64_t at, struct fault *f)
{
	struct key_change c = { .db = self, .key_id = key_id, .at = at };

	return tx_join(self, "key_withdraw", key_body, &c, f);
}

struct ref_store
st_ref(struct db *db)
{
	return (struct ref_store){ db, version, load, account, account_known,
		key_put, key_withdraw };
}
