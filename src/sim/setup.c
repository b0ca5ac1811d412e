#include "kvitok/sim/setup.h"

#include "kvitok/base/conf.h"

#define MINUTE INT64_C(60000)

static const struct conf_key keys[] = {
	{ "sim", "http", CONF_TEXT, "127.0.0.1:18080", 3, 100, NULL },
	{ "sim", "https", CONF_TEXT, "", 0, 100, NULL },
	{ "sim", "smtp", CONF_TEXT, "", 0, 100, NULL },
	{ "sim", "public_url", CONF_URL, "http://localhost:18080", 8, 200,
	    NULL },
	{ "sim", "cert", CONF_FILE, "", 0, 500, NULL },
	{ "sim", "key", CONF_FILE, "", 0, 500, NULL },
	{ "sim", "merchant_ca", CONF_FILE, "", 0, 500, NULL },

	{ "sber *", "login", CONF_TEXT, NULL, 1, 30, NULL },
	{ "sber *", "password", CONF_TEXT, NULL, 1, 100, NULL },
	{ "sber *", "token", CONF_TEXT, "", 0, 256, NULL },
	{ "sber *", "merchant", CONF_TEXT, "kvitok", 1, 60, NULL },
	{ "sber *", "callback_url", CONF_TEXT, "", 0, 500, NULL },
	{ "sber *", "sign", CONF_CHOICE, "none", 0, 0, "none|hmac|rsa" },
	{ "sber *", "hmac_key", CONF_TEXT, "", 0, 256, NULL },
	{ "sber *", "rsa_key", CONF_FILE, "", 0, 500, NULL },
	{ "sber *", "sign_alias", CONF_TEXT, "", 0, 100, NULL },
	{ "sber *", "schedule", CONF_CHOICE, "ecom60", 0, 0,
	    "old10|bpc30|ecom60" },
	{ "sber *", "attempts", CONF_INT, "3", 1, 9, NULL },
	{ "sber *", "cart", CONF_CHOICE, "free", 0, 0, "free|strict" },

	{ "sber *", "verify", CONF_BOOL, "yes", 0, 0, NULL },
	{ "sber *", "ask_cvc", CONF_BOOL, "yes", 0, 0, NULL },
	{ "gpb *", "ask_cvc", CONF_BOOL, "yes", 0, 0, NULL },

	{ "gpb *", "merch_id", CONF_TEXT, NULL, 1, 64, NULL },
	{ "gpb *", "account_id", CONF_TEXT, NULL, 1, 32, NULL },
	{ "gpb *", "check_url", CONF_TEXT, "", 0, 500, NULL },
	{ "gpb *", "register_url", CONF_TEXT, NULL, 8, 500, NULL },
	{ "gpb *", "check_connect", CONF_TEXT, "", 0, 500, NULL },
	{ "gpb *", "register_connect", CONF_TEXT, "", 0, 500, NULL },
	{ "gpb *", "sign_key", CONF_FILE, NULL, 1, 500, NULL },
	{ "gpb *", "sign_key_next", CONF_FILE, "", 0, 500, NULL },
	{ "gpb *", "digest", CONF_CHOICE, "sha1", 0, 0, "sha1|sha256|sha512" },
	{ "gpb *", "basic_user", CONF_TEXT, "", 0, 100, NULL },
	{ "gpb *", "basic_password", CONF_TEXT, "", 0, 100, NULL },
	{ "gpb *", "portal", CONF_TEXT, "", 0, 64, NULL },
	{ "gpb *", "api_login", CONF_TEXT, "", 0, 100, NULL },
	{ "gpb *", "api_password", CONF_TEXT, "", 0, 100, NULL },
	{ "gpb *", "lost_after_s", CONF_INT, "1200", 1, 86400, NULL },
};

static enum err
key_of(struct arena *a, const struct conf *c, const char *section,
    const char *key, struct signer_key **out, struct fault *f)
{
	struct str path = conf_text(c, section, key);

	if (path.len == 0)
		return ERR_OK;
	return signer_key_load(a, path, out, f);
}

static enum err
load_sber(struct arena *a, const struct conf *c, const char *s,
    struct contract *k, struct buf *report, struct fault *f)
{
	k->bank = BANK_SBER;
	k->login = conf_text(c, s, "login");
	k->password = conf_text(c, s, "password");
	k->token = conf_text(c, s, "token");
	k->merchant = conf_text(c, s, "merchant");
	k->callback_url = conf_text(c, s, "callback_url");
	k->hmac_key = conf_text(c, s, "hmac_key");
	k->sign_alias = conf_text(c, s, "sign_alias");
	k->sign = (enum sberbank_sign)conf_choice(c, s, "sign");
	k->plan = (enum plan)conf_choice(c, s, "schedule");
	k->attempts = (int)conf_int(c, s, "attempts");
	k->cart_strict = conf_choice(c, s, "cart") == 1;
	k->verify = conf_yes(c, s, "verify");
	if (k->sign == SBERBANK_SIGN_HMAC && k->hmac_key.len == 0)
		conf_complain(c, s, "sign", report, "hmac needs hmac_key");
	if (k->sign == SBERBANK_SIGN_RSA && conf_text(c, s, "rsa_key").len == 0)
		conf_complain(c, s, "sign", report, "rsa needs rsa_key");
	return key_of(a, c, s, "rsa_key", &k->rsa, f);
}

static enum err
load_gpb(struct arena *a, const struct conf *c, const char *s,
    struct contract *k, struct fault *f)
{
	enum err rc;

	k->bank = BANK_GPB;
	k->merch_id = conf_text(c, s, "merch_id");
	k->account_id = conf_text(c, s, "account_id");
	k->check_url = conf_text(c, s, "check_url");
	k->register_url = conf_text(c, s, "register_url");
	k->check_connect = conf_text(c, s, "check_connect");
	k->register_connect = conf_text(c, s, "register_connect");
	k->basic_user = conf_text(c, s, "basic_user");
	k->basic_password = conf_text(c, s, "basic_password");
	k->portal = conf_text(c, s, "portal");
	k->api_login = conf_text(c, s, "api_login");
	k->api_password = conf_text(c, s, "api_password");
	k->digest = (enum signer_digest)conf_choice(c, s, "digest");
	k->lost_after_ms = conf_int(c, s, "lost_after_s") * 1000;
	k->plan = PLAN_GPB;
	if ((rc = key_of(a, c, s, "sign_key", &k->key, f)) != ERR_OK)
		return rc;
	return key_of(a, c, s, "sign_key_next", &k->key_next, f);
}

static enum err
load_contracts(struct arena *a, const struct conf *c, struct setup *out,
    struct buf *report, struct fault *f)
{
	struct str *sber, *gpb;
	size_t sberbank_len = conf_names(a, c, "sber", &sber);
	size_t gazprom_len = conf_names(a, c, "gpb", &gpb);

	out->contracts_len = sberbank_len + gazprom_len;
	out->contracts =
	    ARENA_ARRAY(a, out->contracts_len + 1, struct contract);
	for (size_t i = 0; i < out->contracts_len; i++) {
		struct contract *k = &out->contracts[i];
		bool is_sber = i < sberbank_len;
		const char *s;
		enum err rc;

		k->index = i;
		k->name = is_sber ? sber[i] : gpb[i - sberbank_len];
		s = conf_section(a, is_sber ? "sber" : "gpb", k->name);
		k->ask_cvc = conf_yes(c, s, "ask_cvc");
		rc = is_sber ? load_sber(a, c, s, k, report, f)
			     : load_gpb(a, c, s, k, f);
		if (rc != ERR_OK)
			return rc;
	}
	return ERR_OK;
}

enum err
setup_load(struct arena *a, const char *path, struct setup *out,
    struct buf *report, struct fault *f)
{
	struct conf *c;
	enum err rc = conf_load(a, path, keys, KV_COUNT(keys), &c, report, f);

	if (rc != ERR_OK)
		return rc;
	*out = (struct setup){
		.http = conf_text(c, "sim", "http"),
		.https = conf_text(c, "sim", "https"),
		.smtp = conf_text(c, "sim", "smtp"),
		.cert = conf_text(c, "sim", "cert"),
		.key = conf_text(c, "sim", "key"),
		.merchant_ca = conf_text(c, "sim", "merchant_ca"),
		.public_url = conf_text(c, "sim", "public_url"),
	};
	if (str_ends(out->public_url, STR("/")))
		out->public_url.len--;
	if (out->https.len > 0 && (out->cert.len == 0 || out->key.len == 0))
		conf_complain(
		    c, "sim", "https", report, "https needs cert and key");
	rc = load_contracts(a, c, out, report, f);
	if (rc == ERR_OK && report->len > 0)
		return fault_set(f, ERR_INVALID, "conf_bad", "%s", path);
	return rc;
}

int64_t
setup_pause(enum plan plan, int tries)
{
	switch (plan) {
	case PLAN_OLD10:
		return tries < 6 ? 10 * MINUTE * tries : -1;
	case PLAN_BPC30:
		return tries < 3 ? MINUTE / 2 : -1;
	case PLAN_ECOM60:
		return tries < 3 ? MINUTE : -1;
	case PLAN_GPB:
		break;
	}
	if (tries <= 4)
		return (int64_t[]){ 1, 1, 5, 15, 60 }[tries] * MINUTE;
	return tries < 28 ? 60 * MINUTE : -1;
}

const char *
setup_bank_name(enum bank bank)
{
	static const char *const names[BANK__COUNT] = { "sberbank",
		"gazprombank", "smtp" };

	return names[bank];
}
