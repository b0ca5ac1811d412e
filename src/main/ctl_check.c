#include "ctl.h"

#include "settings.h"

#include "kvitok/app/ref_check.h"
#include "kvitok/bank/bank.h"
#include "kvitok/base/day.h"
#include "kvitok/base/secret.h"
#include "kvitok/store/migrate.h"

#include <time.h>

#define REPORT_MAX (1U << 20)

/* All that is found goes to report, a line each. */
struct check {
	struct ctl *c;
	struct settings set;
	struct buf report;
	int64_t now;
	const struct ref *ref;
	bool good;
};

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t); /* fails on bad ids only */
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
put_fault(struct check *k, const char *what)
{
	struct fault *f = &k->c->f;

	buf_text(&k->report, str_of(k->c->conf_path));
	ctl_say(&k->report, ": ", str_of(what));
	ctl_say(&k->report, ": ", str_of(f->reason));
	if (f->detail[0] != '\0')
		ctl_say(&k->report, ": ", str_of(f->detail));
	buf_char(&k->report, '\n');
	fault_init(f);
	k->good = false;
}

static void
note(struct check *k, const char *section, const char *key, struct str words)
{
	conf_complain(
	    k->set.conf, section, key, &k->report, arena_z(k->c->a, words));
	k->good = false;
}

static bool
named(const struct str *names, size_t len, struct str name)
{
	for (size_t i = 0; i < len; i++)
		if (str_eq(names[i], name))
			return true;
	return false;
}

/* Contracts live in rows and in settings; both must know each other. */
static void
check_contracts(struct check *k)
{
	struct arena *a = k->c->a;
	struct str *names;
	size_t len = conf_names(a, k->set.conf, "contract", &names);

	for (size_t i = 0; i < k->ref->contracts_len; i++) {
		const struct ref_contract *c = &k->ref->contracts[i];

		if (named(names, len, c->contract))
			continue;
		ctl_say(&k->report, "contract ", c->contract);
		buf_lit(&k->report,
		    " of the database has no section "
		    "[contract ...] in the settings\n");
		k->good = false;
	}
	for (size_t i = 0; i < len; i++) {
		const char *section = conf_section(a, "contract", names[i]);
		const struct ref_contract *c = ref_contract(k->ref, names[i]);

		if (c == NULL)
			note(k, section, "bank",
			    STR("warning: the database has no such contract"));
		else if (!str_eq(
			     c->bank, conf_text(k->set.conf, section, "bank")))
			note(k, section, "bank",
			    arena_fmt(
				a, "the database says %.*s", STR_ARG(c->bank)));
	}
}

static void
check_pages(struct check *k)
{
	for (size_t i = 0; i < k->set.pages_len; i++) {
		const struct page_key *p = &k->set.pages[i];
		const char *section = conf_section(k->c->a, "page", p->portal);
		const struct ref_key *key;
		char hash[65];

		secret_sha256_hex(p->key, hash);
		key = ref_key(k->ref, str_of(hash));
		if (key == NULL)
			note(k, section, "key",
			    STR("not a valid key: see kvitokctl key add"));
		else if (!str_eq(key->portal, p->portal))
			note(k, section, "key",
			    STR("the key of another portal"));
		else if ((key->rights & (RIGHT_PAY | RIGHT_READ)) !=
		    (RIGHT_PAY | RIGHT_READ))
			note(k, section, "key",
			    STR("the key needs the rights pay and read"));
	}
}

static void
check_reference(struct check *k)
{
	char day[DAY_TEXT_SIZE];

	day_of(k->now, DAY_ZONE_MOSCOW, day);
	if (ref_check(k->ref, str_of(day), &k->report) > 0)
		k->good = false;
	check_contracts(k);
	check_pages(k);
}

static void
check_mail(struct check *k)
{
	struct mailer m;

	if (smtp_new(k->c->a, &k->set.smtp, &m, &k->c->f) != ERR_OK)
		put_fault(k, "mail");
}

static void
check_database(struct check *k)
{
	struct ctl *c = k->c;
	struct stores st;
	struct db *db;

	if (store_open(c->a, &k->set.store, &st, &db, &c->f) != ERR_OK) {
		put_fault(k, "database");
		return;
	}
	if (migrate_check(db, c->a, &c->f) != ERR_OK)
		put_fault(k, "database");
	else if (st.refs.load(st.refs.self, c->a, &k->ref, &c->f) != ERR_OK)
		put_fault(k, "reference data");
	else
		check_reference(k);
	store_close(db);
}

enum err
ctl_check(struct ctl *c)
{
	struct check k = { .c = c, .now = now_ms(), .good = true };
	enum err rc;

	if (c->conf_path == NULL)
		return fault_set(&c->f, ERR_INVALID, "usage",
		    "-c FILE, or KVITOK_CONF, is missing");
	buf_init(&k.report, c->a, REPORT_MAX);
	rc = settings_load(c->a, c->conf_path, &k.set, &k.report, &c->f);
	if (rc != ERR_OK) {
		if (k.report.len == 0)
			put_fault(&k, "settings");
		k.good = false;
	} else {
		k.good =
		    bank_settings_check(c->a, k.set.conf, k.now, &k.report);
		check_mail(&k);
		check_database(&k);
	}
	buf_text(&c->out, buf_str(&k.report));
	if (!k.good)
		return fault_set(
		    &c->f, ERR_INVALID, "conf_bad", "see the lines above");
	buf_lit(&c->out, "in order\n");
	return ERR_OK;
}
