#include "kvitok/box/box_conf.h"

#include "kvitok/base/conf.h"

static const struct conf_key keys[] = {
	{ "box", "http", CONF_TEXT, "127.0.0.1:18090", 1, 100, NULL },
	{ "box", "portal", CONF_TEXT, NULL, 1, 32, NULL },
	{ "box", "supplier", CONF_TEXT, NULL, 1, 32, NULL },
	{ "box", "dsn", CONF_SECRET, NULL, 0, 0, NULL },
	{ "box", "services", CONF_LIST, NULL, 0, 0, NULL },
	{ "box", "metered", CONF_TEXT, "", 0, 32, NULL },
	{ "box", "accounts", CONF_INT, "20", 0, BOX_ACCOUNTS_MAX, NULL },
	{ "box", "prefix", CONF_TEXT, "77", 1, 20, NULL },
	{ "box", "seed", CONF_INT, "1", 0, INT32_MAX, NULL },
	{ "box", "tick_ms", CONF_INT, "200", 10, 60000, NULL },
};

/* A code of the exchange's schema. */
static bool
is_code(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((s.p[i] < 'a' || s.p[i] > 'z') &&
		    (s.p[i] < '0' || s.p[i] > '9') && (s.p[i] != '-' || i == 0))
			return false;
	return s.len > 0 && s.len <= 32;
}

static bool
is_prefix(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((s.p[i] < '0' || s.p[i] > '9') &&
		    (s.p[i] < 'A' || s.p[i] > 'Z'))
			return false;
	return true;
}

static void
check(const struct conf *c, const struct box_conf *k, struct buf *report)
{
	bool metered = k->metered.len == 0;

	if (!is_code(k->portal))
		conf_complain(c, "box", "portal", report, "a-z, 0-9 and -");
	if (!is_code(k->supplier))
		conf_complain(c, "box", "supplier", report, "a-z, 0-9 and -");
	if (!is_prefix(k->prefix))
		conf_complain(c, "box", "prefix", report, "A-Z and 0-9");
	for (size_t i = 0; i < k->services_len; i++) {
		if (!is_code(k->services[i]))
			conf_complain(
			    c, "box", "services", report, "a-z, 0-9 and -");
		metered = metered || str_eq(k->services[i], k->metered);
	}
	if (!metered)
		conf_complain(
		    c, "box", "metered", report, "none of the services");
}

enum err
box_conf_load(struct arena *a, const char *path, struct box_conf *out,
    struct buf *report, struct fault *f)
{
	struct conf *c;
	struct str *services;
	size_t len;
	enum err rc = conf_load(a, path, keys, KV_COUNT(keys), &c, report, f);

	if (rc != ERR_OK)
		return rc;
	*out = (struct box_conf){ .http = conf_text(c, "box", "http"),
		.portal = conf_text(c, "box", "portal"),
		.supplier = conf_text(c, "box", "supplier"),
		.prefix = conf_text(c, "box", "prefix"),
		.metered = conf_text(c, "box", "metered"),
		.accounts = conf_int(c, "box", "accounts"),
		.seed = conf_int(c, "box", "seed"),
		.tick_ms = conf_int(c, "box", "tick_ms") };
	len = conf_list(a, c, "box", "services", &services);
	if (len == 0 || len > BOX_SERVICES_MAX)
		conf_complain(c, "box", "services", report, "1 to 4 of them");
	for (size_t i = 0; i < len && i < BOX_SERVICES_MAX; i++)
		out->services[out->services_len++] = services[i];
	check(c, out, report);
	if (report->len > 0)
		return fault_set(f, ERR_INVALID, "conf_bad", "%s", path);
	return conf_secret(a, c, "box", "dsn", &out->dsn, f);
}
