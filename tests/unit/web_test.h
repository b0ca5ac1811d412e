/*
 * web_test: a worker on ports in memory: one portal, one supplier, two
 * services, one account.
 */
#ifndef KVITOK_TESTS_WEB_TEST_H
#define KVITOK_TESTS_WEB_TEST_H

#include "kvitok/web/web.h"

#include "http_test.h"

#include "kvitok/app/reference.h"
#include "kvitok/base/json.h"
#include "kvitok/base/secret.h"

#define KEY "kv_reader_and_payer"
#define READ_KEY "kv_reader"
/* A text in a table, which STR cannot be. */
#define S(literal)                                                             \
	{                                                                      \
		literal, sizeof(literal) - 1                                   \
	}
#define NOW INT64_C(1795219200000)

/* One portal, one supplier, two services, one account, in memory. */
static const struct ref_portal portals[] = { {
    .portal = S("demo"),
    .title = S("Демо"),
    .support = S("тел. 1"),
    .zone_min = 180,
    .payment_life_s = 86400,
    .lines_max = 3,
} };
static const struct ref_supplier suppliers[] = { {
    .portal = S("demo"),
    .supplier = S("voda"),
    .title = S("ООО «Вода»"),
    .account_hint = S("8 цифр"),
    .account_example = S("10019743"),
    .from_day = S("2020-01-01"),
} };
static const struct ref_service services[] = {
	{ .portal = S("demo"),
	    .supplier = S("voda"),
	    .service = S("hvs"),
	    .title = S("Холодная вода"),
	    .from_day = S("2020-01-01") },
	{ .portal = S("demo"),
	    .supplier = S("voda"),
	    .service = S("stok"),
	    .title = S("Стоки"),
	    .from_day = S("2020-01-01") },
};
static const struct ref_fee fees[] = { { .portal = S("demo"),
    .supplier = S("*"),
    .service = S("*"),
    .from_day = S("2020-01-01"),
    .rule = { .rate_ppm = 15000 } } };
static const struct ref_limit limits[] = {
	{ .portal = S("demo"),
	    .supplier = S("*"),
	    .service = S("*"),
	    .from_day = S("2020-01-01"),
	    .rule = { { 1000 }, { 1400000 } } },
	{ .portal = S("demo"),
	    .supplier = S("*"),
	    .service = S("*"),
	    .from_day = S("2020-01-01"),
	    .total = true,
	    .rule = { { 1000 }, { 1400000 } } },
};
static const struct ref_contract contracts[] = { { .contract = S("gpb"),
    .bank = S("gazprombank"),
    .title = S("Банк"),
    .from_day = S("2020-01-01") } };
static const struct ref_route routes[] = { { .portal = S("demo"),
    .supplier = S("*"),
    .service = S("*"),
    .contract = S("gpb"),
    .from_day = S("2020-01-01") } };
static const struct account_debt debts[] = {
	{ .service = S("hvs"),
	    .as_of_day = S("2026-11-01"),
	    .debt_kop = 171425 },
};
static const struct account account = {
	.akey = S("AAAAAAAA"),
	.portal = S("demo"),
	.supplier = S("voda"),
	.account = S("10019743"),
	.shown = S("10019743"),
	.owner = S("Иванова Мария Петровна"),
	.address = S("г. Саянск, д. 12, кв. 45"),
	.debts = debts,
	.debts_len = 1,
};

struct fixture {
	struct http_fixture http;
	struct ports p;
	struct web web;
	struct web_page page;
	struct ref ref;
	struct ref_key keys[2];
	char hashes[2][65];
	struct reply out;
	struct served served;
	bool down;
	int created;
};

static inline enum err
fake_version(void *self, int64_t *version, struct fault *f)
{
	const struct fixture *fx = self;

	if (fx->down)
		return fault_set(f, ERR_AGAIN, "database_unavailable", "down");
	*version = fx->ref.version;
	return ERR_OK;
}

static inline enum err
fake_load(void *self, struct arena *a, const struct ref **out, struct fault *f)
{
	struct fixture *fx = self;

	(void)a;
	(void)f;
	*out = &fx->ref;
	return ERR_OK;
}

static inline enum err
fake_account(void *self, struct arena *a, struct str portal,
    struct str supplier, struct str number, const struct account **out,
    struct fault *f)
{
	(void)self;
	(void)a;
	(void)portal;
	(void)supplier;
	if (!str_eq(number, account.account))
		return fault_set(f, ERR_ABSENT, "account_unknown", "none");
	*out = &account;
	return ERR_OK;
}

static inline enum err
fake_account_known(void *self, struct arena *a, struct str portal,
    struct str supplier, struct str number, struct str *closed_day,
    struct fault *f)
{
	const struct account *acc;

	*closed_day = STR("");
	return fake_account(self, a, portal, supplier, number, &acc, f);
}

static inline enum err
fake_create(void *self, struct arena *a, const struct new_payment *np,
    bool *was, struct idem *found, struct fault *f)
{
	struct fixture *fx = self;

	(void)a;
	(void)f;
	(void)np;
	(void)found;
	fx->created++;
	*was = false;
	return ERR_OK;
}

static inline enum err
fake_find(void *self, struct arena *a, struct str portal, struct str ikey,
    struct idem *found, struct fault *f)
{
	(void)self;
	(void)a;
	(void)portal;
	(void)ikey;
	(void)found;
	return fault_set(f, ERR_ABSENT, "payment_unknown", "none");
}

static inline enum err
fake_load_payment(void *self, struct arena *a, struct str number,
    struct payment **out, struct fault *f)
{
	(void)self;
	(void)a;
	(void)number;
	(void)out;
	return fault_set(f, ERR_ABSENT, "payment_unknown", "none");
}

static inline enum err
fake_ages(void *self, int64_t now, struct job_ages *out, struct fault *f)
{
	(void)self;
	(void)f;
	*out = (struct job_ages){ .due = 2, .oldest_due_at = now - 5000 };
	return ERR_OK;
}

static const char *fake_first_day = "", *fake_closed_day = "";

static inline enum err
fake_close_state(
    void *self, struct arena *a, struct close_state *out, struct fault *f)
{
	(void)self;
	(void)a;
	(void)f;
	*out = (struct close_state){ .first_day = str_of(fake_first_day),
		.last = { .day = str_of(fake_closed_day) } };
	return ERR_OK;
}

static inline enum err
fake_case_ages(void *self, struct arena *a, struct str portal,
    const struct case_age **out, size_t *len, struct fault *f)
{
	static const struct case_age ages[] = { { { "wrong_sum", 9 }, 2,
	    1000 } };

	(void)self;
	(void)a;
	(void)portal;
	(void)f;
	*out = ages;
	*len = 1;
	return ERR_OK;
}

static inline enum err
fake_peers(void *self, struct arena *a, const struct exchange_peer **out,
    size_t *len, struct fault *f)
{
	static const struct exchange_peer peers[] = { {
	    .portal = { "alpha", 5 },
	    .supplier = { "voda", 4 },
	    .fails = 3,
	    .open_aside = 1,
	    .oldest_open_at = NOW - 7000,
	    .ahead = 9,
	    .next = 8,
	    .ahead_at = NOW - 4000,
	    .oldest_unhanded_at = NOW - 2000,
	    .oldest_unanswered_at = NOW - 9000,
	    .untaken_made_at = NOW - 5000,
	} };

	(void)self;
	(void)a;
	(void)f;
	*out = peers;
	*len = 1;
	return ERR_OK;
}

static inline enum err
fake_letters(
    void *self, struct str month, int64_t n[MAILING__COUNT], struct fault *f)
{
	(void)self;
	(void)month;
	(void)f;
	for (int i = 0; i < MAILING__COUNT; i++)
		n[i] = i + 1;
	return ERR_OK;
}

static inline enum err
fake_schedules(
    void *self, int64_t now, struct schedule_health *out, struct fault *f)
{
	(void)self;
	(void)f;
	*out = (struct schedule_health){ .n = { 3, 0, 4, 5 },
		.oldest_due_at = now - 8000 };
	return ERR_OK;
}

static inline bool
fake_is_down(void *self, struct str contract, int64_t now)
{
	(void)self;
	(void)contract;
	(void)now;
	return false;
}

static inline bool
fake_admits(void *self, struct str contract, int64_t now)
{
	return !fake_is_down(self, contract, now);
}

static inline int64_t
fake_now(void *self)
{
	(void)self;
	return NOW;
}

static inline void
fake_ulid(void *self, int64_t at, char out[27])
{
	(void)self;
	secret_ulid(at, out);
}

static inline void
fake_text(void *self, char *out, size_t n)
{
	(void)self;
	memset(out, 'A', n);
	out[n] = '\0';
}

/* Nobody is at the desk. */
static inline enum err
fake_session(void *self, struct arena *a, struct str digest, struct staff *who,
    struct staff_session *s, struct fault *f)
{
	(void)self, (void)a, (void)digest, (void)who, (void)s;
	return fault_set(f, ERR_ABSENT, "session_over", "none");
}

static inline enum err
fake_sessions(
    void *self, int64_t now, int64_t idle_since, int64_t *n, struct fault *f)
{
	(void)self, (void)now, (void)idle_since, (void)f;
	*n = 2;
	return ERR_OK;
}

static inline enum err
fake_locked(void *self, int64_t now, int64_t *n, struct fault *f)
{
	(void)self, (void)now, (void)f;
	*n = 1;
	return ERR_OK;
}

static inline void
fill_ref(struct fixture *fx)
{
	static const struct str rights[2] = { { KEY, sizeof(KEY) - 1 },
		{ READ_KEY, sizeof(READ_KEY) - 1 } };

	for (size_t i = 0; i < 2; i++) {
		secret_sha256_hex(rights[i], fx->hashes[i]);
		fx->keys[i] = (struct ref_key){ .key_id = STR("K"),
			.key_hash = str_of(fx->hashes[i]),
			.portal = STR("demo"),
			.rights = i ? RIGHT_READ : RIGHT_READ | RIGHT_PAY };
	}
	if (str_cmp(fx->keys[0].key_hash, fx->keys[1].key_hash) > 0) {
		struct ref_key first = fx->keys[0];

		fx->keys[0] = fx->keys[1];
		fx->keys[1] = first;
	}
	fx->ref = (struct ref){ .version = 1,
		.portals = portals,
		.portals_len = 1,
		.suppliers = suppliers,
		.suppliers_len = 1,
		.services = services,
		.services_len = 2,
		.fees = fees,
		.fees_len = 1,
		.limits = limits,
		.limits_len = 2,
		.contracts = contracts,
		.contracts_len = 1,
		.routes = routes,
		.routes_len = 1,
		.keys = fx->keys,
		.keys_len = 2 };
}

static inline void
free_arena(void *a)
{
	arena_free(a);
}

static inline int
setup(void **state)
{
	static struct fixture fx;
	static struct arena *life;

	memset(&fx, 0, sizeof(fx));
	life = arena_new(1 << 20);
	fx.http.a = arena_new(4 << 20);
	fill_ref(&fx);
	fx.p = (struct ports){
		.refs = { .self = &fx,
		    .version = fake_version,
		    .load = fake_load,
		    .account = fake_account,
		    .account_known = fake_account_known },
		.pays = { .self = &fx,
		    .create = fake_create,
		    .find = fake_find,
		    .load = fake_load_payment },
		.jobs = { .ages = fake_ages },
		.cases = { .ages = fake_case_ages },
		.exchange_out = { .peers = fake_peers },
		.mailings = { .states = fake_letters },
		.schedules = { .health = fake_schedules },
		.sessions = { .self = &fx,
		    .find = fake_session,
		    .count = fake_sessions },
		.tries = { .locked = fake_locked },
		.close = { .state = fake_close_state },
		.gateway = { .is_down = fake_is_down, .admits = fake_admits },
		.clock = { .now = fake_now },
		.ids = { .ulid = fake_ulid, .text = fake_text },
		.cache = ref_cache_new(life),
		.set = { .public_url = STR("https://pay.example") },
	};
	fx.page = (struct web_page){ STR("demo"), STR(KEY) };
	fx.web = (struct web){ .ports = &fx.p,
		.pool = WEB_API,
		.pages = &fx.page,
		.pages_len = 1 };
	*state = &fx;
	arena_defer(fx.http.a, free_arena, life);
	return 0;
}

static inline int
teardown(void **state)
{
	struct fixture *fx = *state;

	arena_free(fx->http.a);
	return 0;
}

/* No reset: the life of the process hangs on this arena. */
static inline void
ask(struct fixture *fx, const char *method, const char *uri)
{
	struct http_fixture *h = &fx->http;

	memset(&h->r, 0, sizeof(h->r));
	h->env_len = 0;
	h->body_len = h->body_read = 0;
	test_env(h, arena_fmt(h->a, "REQUEST_METHOD=%s", method).p);
	test_env(h, arena_fmt(h->a, "REQUEST_URI=%s", uri).p);
	h->r.env = h->env;
	h->r.read = test_read;
	h->r.self = h;
}

static inline void
with_body(struct fixture *fx, const char *type, const char *body)
{
	struct http_fixture *h = &fx->http;

	test_env(h, arena_fmt(h->a, "CONTENT_TYPE=%s", type).p);
	test_env(h, arena_fmt(h->a, "CONTENT_LENGTH=%zu", strlen(body)).p);
	h->body = body;
	h->body_len = strlen(body);
}

static inline int
answer(struct fixture *fx)
{
	web_serve(&fx->web, fx->http.a, STR("made-id"), &fx->http.r, &fx->out,
	    &fx->served);
	return fx->out.status;
}

static inline int
get(struct fixture *fx, const char *uri)
{
	ask(fx, "GET", uri);
	test_env(&fx->http, "HTTP_AUTHORIZATION=Bearer " KEY);
	return answer(fx);
}

static inline int
post(struct fixture *fx, const char *uri, const char *body, const char *header)
{
	ask(fx, "POST", uri);
	test_env(&fx->http, "HTTP_AUTHORIZATION=Bearer " KEY);
	with_body(fx, "application/json", body);
	if (header)
		test_env(&fx->http, header);
	return answer(fx);
}

static inline struct str
header(const struct fixture *fx, const char *name)
{
	for (size_t i = 0; i < fx->out.headers_len; i++)
		if (strcmp(fx->out.headers[i].name, name) == 0)
			return fx->out.headers[i].value;
	return STR_NONE;
}

static inline bool
says(const struct fixture *fx, const char *words)
{
	return str_find(fx->out.body, str_of(words)) < fx->out.body.len;
}

#endif
