#include "kvitok/bank/settings.h"

#include "kvitok/bank/settings_fiscal.h"
#include "kvitok/base/day.h"

#include <stdio.h>

#define CERT_FILE_MAX 65536
#define BASIC_MAX 131072 /* Base64 of user, colon, file of 64 KiB */

#define KEY_TEXT(key, max)                                                     \
	{                                                                      \
		"contract *", (key), CONF_TEXT, "", 0, (max), NULL             \
	}
#define KEY_URL(key)                                                           \
	{                                                                      \
		"contract *", (key), CONF_URL, "", 0, 2048, NULL               \
	}
#define KEY_SECRET(key)                                                        \
	{                                                                      \
		"contract *", (key), CONF_SECRET, "", 0, 0, NULL               \
	}
#define KEY_INT(key, fallback, min, max)                                       \
	{                                                                      \
		"contract *", (key), CONF_INT, (fallback), (min), (max), NULL  \
	}
#define KEY_BOOL(key, fallback)                                                \
	{                                                                      \
		"contract *", (key), CONF_BOOL, (fallback), 0, 0, NULL         \
	}
#define KEY_CHOICE(key, fallback, choices)                                     \
	{                                                                      \
		"contract *", (key), CONF_CHOICE, (fallback), 0, 0, (choices)  \
	}
#define KEY_LIST(key)                                                          \
	{                                                                      \
		"contract *", (key), CONF_LIST, "", 0, 4096, NULL              \
	}

/* Described in doc/banks.md. */
const struct conf_key bank_conf[] = {
	KEY_CHOICE("bank", NULL, "sberbank|gazprombank"),
	KEY_CHOICE("dialect", NULL, "old|new|pps|pga"),
	KEY_INT("life_s", "1200", 60, 86400),
	/* The way to the bank. */
	{ "contract *", "ca_file", CONF_FILE, "", 0, 0, NULL },
	KEY_BOOL("ca_system", "yes"),
	KEY_BOOL("ipv4", "no"),
	KEY_INT("connect_ms", "3000", 10, 60000),
	KEY_INT("total_ms", "10000", 50, 120000),
	/* When it is taken for down. */
	KEY_INT("window_s", "60", 10, 3600),
	KEY_INT("down_min_calls", "5", 1, 10000),
	KEY_INT("down_share_pct", "50", 1, 100),
	KEY_INT("slow_ms", "5000", 10, 120000),
	KEY_INT("open_s", "30", 1, 3600),
	/* Signatures of its call-backs. */
	KEY_CHOICE("sign", "none", "none|hmac|rsa"),
	KEY_CHOICE("digest", "auto", "auto|sha1|sha256|sha512"),
	KEY_SECRET("hmac_key"),
	KEY_LIST("certs"),
	/* Cards that it remembers. */
	KEY_BOOL("cards", "no"),
	KEY_BOOL("bind_alone", "no"),
	KEY_TEXT("bind_features", 100),
	KEY_INT("bind_kop", "100", 1, 100000),
	KEY_URL("bind_url"),
	KEY_TEXT("unbind_path", 500),
	/* Sberbank. */
	KEY_URL("base_url"),
	KEY_TEXT("login", 64),
	KEY_SECRET("password"),
	KEY_SECRET("token"),
	KEY_TEXT("page_url", 1024),
	/* Receipts through Sberbank. */
	KEY_CHOICE("fiscal", "nobody", "nobody|bank"),
	KEY_CHOICE("ffd", "1.05", "1.05|1.2"),
	KEY_CHOICE("tax_system", "osn",
	    "osn|usn_income|usn_income_outcome|esn|patent"),
	KEY_TEXT("fiscal_inn", 12),
	KEY_TEXT("fiscal_email", 64),
	KEY_TEXT("fiscal_place", 256),
	KEY_LIST("tax_codes"),
	/* Gazprombank. */
	KEY_TEXT("merch_id", 64),
	KEY_TEXT("account_id", 64),
	KEY_TEXT("page_id", 64),
	KEY_URL("start_url"),
	KEY_URL("api_url"),
	KEY_URL("public_check_url"),
	KEY_URL("public_register_url"),
	KEY_TEXT("basic_user", 64),
	KEY_SECRET("basic_password"),
	KEY_LIST("allow_from"),
	KEY_CHOICE("status", "v4", "v4|none"),
	KEY_TEXT("api_login", 100),
	KEY_SECRET("api_password"),
};
const size_t bank_conf_len = KV_COUNT(bank_conf);

/* One section on its way into a contract. */
struct reading {
	struct arena *a;
	const struct conf *conf;
	const char *section;
	int64_t now;
	struct contract *c;
	struct buf *report;
	bool bad;
};

static void
complain(struct reading *r, const char *key, const char *words)
{
	conf_complain(r->conf, r->section, key, r->report, words);
	r->bad = true;
}

static void
warn(struct reading *r, const char *key, const char *words)
{
	conf_complain(r->conf, r->section, key, r->report,
	    arena_fmt(r->a, "warning: %s", words).p);
}

static struct str
text(struct reading *r, const char *key)
{
	return conf_text(r->conf, r->section, key);
}

static struct str
needed(struct reading *r, const char *key)
{
	struct str s = text(r, key);

	if (s.len == 0)
		complain(r, key, "this bank needs it");
	return s;
}

static struct str
secret(struct reading *r, const char *key)
{
	struct str s = STR_NONE;
	struct fault f;

	fault_init(&f);
	if (conf_secret(r->a, r->conf, r->section, key, &s, &f) != ERR_OK)
		complain(r, key, f.detail);
	return s;
}

/* Gives: the file's bytes; a NULL p when it cannot be read whole. */
static struct bytes
read_file(struct arena *a, const char *path)
{
	unsigned char *p = arena_alloc(a, CERT_FILE_MAX);
	FILE *in = fopen(path, "rb");
	struct bytes none = { NULL, 0 };
	size_t len;
	bool whole;

	if (in == NULL)
		return none;
	len = fread(p, 1, CERT_FILE_MAX, in);
	whole = len < CERT_FILE_MAX && !ferror(in);
	(void)fclose(in); /* nothing was written */
	return whole ? (struct bytes){ p, len } : none;
}

static void
check_cert_end(struct reading *r, const char *path, const struct sign_key *k)
{
	int64_t ends_at = sign_key_ends_at(k);
	char day[DAY_TEXT_SIZE];

	if (ends_at == 0 || ends_at > r->now + SETTINGS_CERT_WARN_DAYS * DAY_MS)
		return;
	day_of(ends_at, DAY_ZONE_MOSCOW, day);
	/* The bank signs on with a certificate that ran out, and money that
	 * it signed for must not be refused: never an error. */
	warn(r, "certs",
	    arena_fmt(
		r->a, "%s ends on %s; ask the bank for the next one", path, day)
		.p);
}

static void
read_certs(struct reading *r)
{
	struct str *paths;
	size_t n = conf_list(r->a, r->conf, r->section, "certs", &paths);

	if (n == 0)
		complain(r, "certs", "needed to verify its signatures");
	if (n > CONTRACT_CERTS_MAX)
		complain(r, "certs", "too many");
	for (size_t i = 0; i < n && i < CONTRACT_CERTS_MAX; i++) {
		const char *path = arena_z(r->a, paths[i]);
		struct bytes data = read_file(r->a, path);
		struct sign_key *k;
		struct fault f;

		fault_init(&f);
		if (data.p == NULL)
			complain(r, "certs",
			    arena_fmt(r->a, "%s cannot be read", path).p);
		else if (sign_key_read(r->a, data, &k, &f) != ERR_OK)
			complain(r, "certs",
			    arena_fmt(r->a, "%s: %s", path, f.detail).p);
		else {
			r->c->certs[r->c->certs_len++] = k;
			check_cert_end(r, path, k);
		}
	}
}

static void
read_digest(struct reading *r, enum sign_digest usual)
{
	size_t i = conf_choice(r->conf, r->section, "digest");

	r->c->digest = i == 0 ? usual : (enum sign_digest)(i - 1);
}

static void
read_sber_sign(struct reading *r)
{
	struct contract *c = r->c;

	c->sign = (enum contract_sign)conf_choice(r->conf, r->section, "sign");
	switch (c->sign) {
	case CONTRACT_SIGN_NONE:
		warn(r, "sign", "call-backs are not signed: only hints");
		break;
	case CONTRACT_SIGN_HMAC:
		c->hmac_key = secret(r, "hmac_key");
		if (c->hmac_key.len == 0)
			complain(r, "hmac_key", "sign = hmac needs it");
		break;
	case CONTRACT_SIGN_RSA:
		read_digest(r, SIGN_SHA512);
		read_certs(r);
		break;
	}
}

static void
read_sber_login(struct reading *r)
{
	struct contract *c = r->c;

	c->login = text(r, "login");
	c->password = secret(r, "password");
	c->token = secret(r, "token");
	if (c->token.len > 0) {
		if (c->login.len > 0 || c->password.len > 0)
			complain(
			    r, "token", "either login and password, or token");
		if (c->dialect == CONTRACT_NEW)
			complain(r, "token", "dialect = new knows no token");
		warn(r, "token",
		    "a registration whose answer was lost cannot be asked "
		    "about with a token; prefer login and password");
	} else if (c->login.len == 0 || c->password.len == 0) {
		complain(r, "login", "login and password are needed");
	}
}

static void
read_sber(struct reading *r)
{
	struct contract *c = r->c;

	if (c->dialect != CONTRACT_OLD && c->dialect != CONTRACT_NEW)
		complain(r, "dialect", "sberbank has old and new");
	needed(r, "base_url");
	c->page_url = text(r, "page_url");
	if (c->page_url.len > 0 &&
	    str_find(c->page_url, STR("{id}")) == c->page_url.len)
		complain(r, "page_url", "has no {id}");
	read_sber_login(r);
	read_sber_sign(r);
	settings_fiscal(r->a, r->conf, r->section, c, r->report, &r->bad);
}

static void
read_basic(struct reading *r)
{
	struct str user = text(r, "basic_user");
	struct str password = secret(r, "basic_password");
	struct buf pair, b64;

	if ((user.len == 0) != (password.len == 0))
		complain(r, "basic_user",
		    "basic_user and basic_password go together");
	if (user.len == 0)
		return;
	buf_init(&pair, r->a, BASIC_MAX);
	buf_text(&pair, user);
	buf_char(&pair, ':');
	buf_text(&pair, password);
	buf_init(&b64, r->a, BASIC_MAX);
	buf_base64(&b64, pair.p, pair.len);
	r->c->basic = buf_str(&b64);
}

static bool
id_ok(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '-' || c == '_'))
			return false;
	}
	return true;
}

static struct str
id(struct reading *r, const char *key, bool must)
{
	struct str s = must ? needed(r, key) : text(r, key);

	if (!id_ok(s))
		complain(r, key, "only A-Z a-z 0-9 _ - may stand in it");
	return s;
}

/* Refunds are made through the same API as status queries. */
static void
read_api_login(struct reading *r)
{
	struct contract *c = r->c;

	c->api_login = text(r, "api_login");
	c->api_password = secret(r, "api_password");
	if ((c->api_login.len == 0) != (c->api_password.len == 0))
		complain(
		    r, "api_login", "api_login and api_password go together");
	if (c->api_login.len > 0)
		needed(r, "api_url");
}

static void
read_gpb(struct reading *r)
{
	struct contract *c = r->c;
	struct str *from;

	if (c->dialect != CONTRACT_PPS && c->dialect != CONTRACT_PGA)
		complain(r, "dialect", "gazprombank has pps and pga");
	c->merch_id = id(r, "merch_id", true);
	c->account_id = id(r, "account_id", true);
	if (c->account_id.len > 32)
		complain(r, "account_id", "has at most 32 characters");
	c->page_id = id(r, "page_id", false);
	c->start_url = needed(r, "start_url");
	c->register_url = needed(r, "public_register_url");
	needed(r, "public_check_url");
	c->asks_status = conf_choice(r->conf, r->section, "status") == 0;
	if (c->asks_status)
		needed(r, "api_url");
	read_api_login(r);
	c->sign = CONTRACT_SIGN_RSA;
	read_digest(r, SIGN_SHA1);
	read_certs(r);
	read_basic(r);
	c->allow_from_len =
	    conf_list(r->a, r->conf, r->section, "allow_from", &from);
	c->allow_from = from;
	if (c->basic.len == 0 && c->allow_from_len == 0)
		warn(r, "basic_user",
		    "neither basic_user nor allow_from: anybody may ask "
		    "whether an order can be paid");
}

static void
read_cards(struct reading *r)
{
	struct contract *c = r->c;

	c->cards = conf_yes(r->conf, r->section, "cards");
	c->bind_alone = conf_yes(r->conf, r->section, "bind_alone");
	c->bind_features = text(r, "bind_features");
	if (c->bind_features.len == 0)
		c->bind_features = STR("VERIFY");
	c->bind_kop = conf_int(r->conf, r->section, "bind_kop");
	c->bind_url = text(r, "bind_url");
	c->unbind_path = text(r, "unbind_path");
	if (c->bind_alone && !c->cards)
		complain(r, "bind_alone", "needs cards = yes");
	if (c->unbind_path.len == 0)
		return;
	if (str_find(c->unbind_path, STR("{id}")) == c->unbind_path.len)
		complain(r, "unbind_path", "has no {id}");
	if (c->bank == CONTRACT_GAZPROMBANK && c->api_login.len == 0)
		complain(r, "unbind_path", "needs api_login");
}

static bool
name_ok(struct str name)
{
	if (name.len == 0 || name.len > CONTRACT_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			c == '-'))
			return false;
	}
	return true;
}

bool
settings_contract(struct arena *a, const struct conf *conf, struct str name,
    int64_t now, struct contract *out, struct buf *report)
{
	struct reading r = { .a = a,
		.conf = conf,
		.section = conf_section(a, "contract", name),
		.now = now,
		.c = out,
		.report = report };

	out->name = name;
	out->bank = (enum contract_bank)conf_choice(conf, r.section, "bank");
	out->dialect =
	    (enum contract_dialect)conf_choice(conf, r.section, "dialect");
	out->life_s = conf_int(conf, r.section, "life_s");
	if (!name_ok(name))
		complain(
		    &r, "bank", "the contract's name has 1 to 32 of a-z 0-9 -");
	if (conf_int(conf, r.section, "connect_ms") >
	    conf_int(conf, r.section, "total_ms"))
		complain(&r, "connect_ms", "is above total_ms");
	if (!conf_yes(conf, r.section, "ca_system") &&
	    text(&r, "ca_file").len == 0)
		complain(&r, "ca_system", "no needs a ca_file");
	if (out->bank == CONTRACT_SBERBANK)
		read_sber(&r);
	else
		read_gpb(&r);
	if (out->bank == CONTRACT_GAZPROMBANK &&
	    conf_choice(conf, r.section, "fiscal") != 0)
		complain(&r, "fiscal", "gazprombank issues no receipts");
	read_cards(&r);
	return !r.bad;
}

void
settings_health(
    const struct conf *conf, const char *section, struct health *out)
{
	out->window_s = conf_int(conf, section, "window_s");
	out->min_calls = conf_int(conf, section, "down_min_calls");
	out->share_pct = conf_int(conf, section, "down_share_pct");
	out->slow_ms = conf_int(conf, section, "slow_ms");
	out->open_s = conf_int(conf, section, "open_s");
}

void
settings_http(
    const struct conf *conf, const char *section, struct http_settings *out)
{
	out->ca_file = conf_text(conf, section, "ca_file");
	out->ca_system = conf_yes(conf, section, "ca_system");
	out->ipv4 = conf_yes(conf, section, "ipv4");
	out->connect_ms = conf_int(conf, section, "connect_ms");
	out->total_ms = conf_int(conf, section, "total_ms");
}
