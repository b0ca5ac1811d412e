#include "settings.h"

#include "kvitok/bank/bank.h"
#include "kvitok/base/day.h"
#include "kvitok/store/mailbox.h"

static const struct conf_key own[] = {
	{ "server", "public_url", CONF_URL, NULL, 8, 200, NULL },
	{ "server", "stats_file", CONF_TEXT, "", 0, 200, NULL },
	{ "server", "log_level", CONF_CHOICE, "info", 0, 0,
	    "debug|info|notice|warn|error" },
	{ "pay", "ask_first_ms", CONF_INT, "10000", 100, 600000, NULL },
	{ "pay", "patience_ms", CONF_INT, "30000", 1000, 600000, NULL },
	{ "cards", "soon_days", CONF_INT, "30", 0, 366, NULL },
	{ "cards", "choose_s", CONF_INT, "600", 1, 86400, NULL },
	{ "cards", "look_s", CONF_INT, "21600", 1, 2592000, NULL },
	{ "jobs", "lease_ms", CONF_INT, "60000", 1000, 3600000, NULL },
	{ "jobs", "poll_ms", CONF_INT, "200", 10, 60000, NULL },
	{ "jobs", "batch", CONF_INT, "4", 1, 100, NULL },
	{ "jobs", "fails_max", CONF_INT, "12", 1, 100, NULL },
	{ "reports", "folder", CONF_TEXT, "", 0, 500, NULL },
	{ "reports", "keep_days", CONF_INT, "7", 1, 366, NULL },
	{ "reports", "waiting_max", CONF_INT, "5", 1, 1000, NULL },
	{ "reports", "outbox", CONF_TEXT, "", 0, 500, NULL },
	{ "reports", "letter_max_kb", CONF_INT, "10240", 1, 11264, NULL },
	{ "reports", "catch_up_max", CONF_INT, "31", 1, 366, NULL },
	{ "desk", "idle_s", CONF_INT, "1800", 120, 86400, NULL },
	{ "desk", "life_s", CONF_INT, "43200", 300, 604800, NULL },
	{ "desk", "keep_days", CONF_INT, "1826", 91, 36600, NULL },
	{ "accounts", "keep_days", CONF_INT, "1095", 1, 36600, NULL },
	{ "outages", "keep_days", CONF_INT, "31", 1, 3660, NULL },
	{ "mail", "host", CONF_TEXT, "localhost", 1, 253, NULL },
	{ "mail", "port", CONF_INT, "25", 1, 65535, NULL },
	{ "mail", "tls", CONF_CHOICE, "none", 0, 0, "none|starttls|whole" },
	{ "mail", "ca_file", CONF_FILE, "", 0, 0, NULL },
	{ "mail", "user", CONF_TEXT, "", 0, 200, NULL },
	{ "mail", "password", CONF_SECRET, "", 0, 0, NULL },
	{ "mail", "helo", CONF_TEXT, "", 0, 253, NULL },
	{ "mail", "connect_ms", CONF_INT, "5000", 100, 60000, NULL },
	{ "mail", "total_ms", CONF_INT, "30000", 1000, 300000, NULL },
	{ "page *", "key", CONF_SECRET, NULL, 0, 0, NULL },
};

static size_t
add(struct conf_key *all, size_t n, const struct conf_key *keys, size_t len)
{
	memcpy(all + n, keys, len * sizeof(*keys));
	return n + len;
}

static enum err
read_mail(struct arena *a, const struct conf *c, struct smtp_settings *s,
    struct fault *f)
{
	s->host = conf_text(c, "mail", "host");
	s->port = (int)conf_int(c, "mail", "port");
	s->tls = (enum smtp_tls)conf_choice(c, "mail", "tls");
	s->ca_file = conf_text(c, "mail", "ca_file");
	s->user = conf_text(c, "mail", "user");
	s->helo = conf_text(c, "mail", "helo");
	s->connect_max_ms = conf_int(c, "mail", "connect_ms");
	s->total_max_ms = conf_int(c, "mail", "total_ms");
	return conf_secret(a, c, "mail", "password", &s->password, f);
}

static enum err
read_pages(struct arena *a, struct settings *s, struct fault *f)
{
	struct str *names;
	size_t len = conf_names(a, s->conf, "page", &names);
	struct page_key *pages = ARENA_ARRAY(a, len + 1, struct page_key);

	for (size_t i = 0; i < len; i++) {
		enum err rc;

		pages[i].portal = names[i];
		rc = conf_secret(a, s->conf, conf_section(a, "page", names[i]),
		    "key", &pages[i].key, f);
		if (rc != ERR_OK)
			return rc;
	}
	s->pages = pages;
	s->pages_len = len;
	s->pay.pages = names;
	s->pay.pages_len = len;
	return ERR_OK;
}

static void
read_own(struct settings *s)
{
	const struct conf *c = s->conf;

	s->pay.public_url = conf_text(c, "server", "public_url");
	s->pay.ask_first_ms = conf_int(c, "pay", "ask_first_ms");
	s->pay.patience_ms = conf_int(c, "pay", "patience_ms");
	s->pay.card_soon_days = conf_int(c, "cards", "soon_days");
	s->pay.card_choose_ms = conf_int(c, "cards", "choose_s") * 1000;
	s->pay.card_look_ms = conf_int(c, "cards", "look_s") * 1000;
	s->pay.jobs_lease_ms = conf_int(c, "jobs", "lease_ms");
	s->pay.job_fails_max = conf_int(c, "jobs", "fails_max");
	s->reports_folder = conf_text(c, "reports", "folder");
	s->pay.report_keep_ms = conf_int(c, "reports", "keep_days") * DAY_MS;
	s->pay.report_waiting_max = conf_int(c, "reports", "waiting_max");
	s->reports_outbox = conf_text(c, "reports", "outbox");
	s->pay.report_letter_max =
	    conf_int(c, "reports", "letter_max_kb") * 1024;
	s->pay.report_catch_up_max = conf_int(c, "reports", "catch_up_max");
	s->pay.desk_idle_ms = conf_int(c, "desk", "idle_s") * 1000;
	s->pay.desk_life_ms = conf_int(c, "desk", "life_s") * 1000;
	s->pay.desk_keep_ms = conf_int(c, "desk", "keep_days") * DAY_MS;
	s->pay.people_keep_days = conf_int(c, "accounts", "keep_days");
	s->pay.outage_keep_ms = conf_int(c, "outages", "keep_days") * DAY_MS;
	s->jobs_poll_ms = conf_int(c, "jobs", "poll_ms");
	s->jobs_batch = (int)conf_int(c, "jobs", "batch");
	s->stats_file = conf_text(c, "server", "stats_file");
	s->level = (enum log_level)conf_choice(c, "server", "log_level");
}

enum err
settings_load(struct arena *a, const char *path, struct settings *out,
    struct buf *report, struct fault *f)
{
	struct conf_key *all = ARENA_ARRAY(a,
	    KV_COUNT(own) + STORE_CONF_LEN + bank_conf_len + MAILBOX_CONF_LEN,
	    struct conf_key);
	struct conf *conf;
	size_t n = add(all, 0, own, KV_COUNT(own));
	enum err rc;

	n = add(all, n, store_conf, STORE_CONF_LEN);
	n = add(all, n, bank_conf, bank_conf_len);
	n = add(all, n, mailbox_conf, MAILBOX_CONF_LEN);
	memset(out, 0, sizeof(*out));
	rc = conf_load(a, path, all, n, &conf, report, f);
	if (rc != ERR_OK)
		return rc;
	out->conf = conf;
	read_own(out);
	rc = read_mail(a, conf, &out->smtp, f);
	if (rc == ERR_OK)
		rc = read_pages(a, out, f);
	if (rc == ERR_OK)
		rc = store_settings_of(a, conf, &out->store, f);
	return rc;
}
