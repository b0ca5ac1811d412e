#include "kvitok/store/mailbox.h"

const struct conf_key mailbox_conf[MAILBOX_CONF_LEN] = {
	{ "exchange *", "portal", CONF_TEXT, NULL, 1, 32, NULL },
	{ "exchange *", "supplier", CONF_TEXT, NULL, 1, 32, NULL },
	{ "exchange *", "kind", CONF_CHOICE, NULL, 0, 0, "odbc|folder|https" },
	{ "exchange *", "dsn", CONF_SECRET, "", 0, 0, NULL },
	{ "exchange *", "folder", CONF_TEXT, "", 0, 500, NULL },
	{ "exchange *", "size_max_mb", CONF_INT, "1024", 1, 4096, NULL },
	{ "exchange *", "spool", CONF_TEXT, "/var/lib/kvitok/spool", 1, 500,
	    NULL },
	{ "exchange *", "poll_s", CONF_INT, "60", 1, 86400, NULL },
	{ "exchange *", "timeout_s", CONF_INT, "30", 1, 600, NULL },
	{ "exchange *", "send", CONF_LIST, "", 0, 0, NULL },
	{ "exchange *", "send_from", CONF_TEXT, "", 0, 10, NULL },
	{ "exchange *", "send_empty", CONF_BOOL, "no", 0, 0, NULL },
	{ "exchange *", "answer_s", CONF_INT, "86400", 1, 2592000, NULL },
	{ "exchange *", "send_tries", CONF_INT, "5", 1, 20, NULL },
};

struct boxes {
	struct mailbox_owner *owners;
	struct mailbox_settings *set;
	size_t len;
};

static enum err
open_box(void *self, struct arena *a, struct str name, struct mailbox *out,
    struct fault *f)
{
	const struct boxes *b = self;
	size_t i = 0;

	while (i < b->len && !str_eq(b->owners[i].name, name))
		i++;
	if (i == b->len)
		return fault_set(
		    f, ERR_ABSENT, "mailbox_unknown", "%.*s", STR_ARG(name));
	switch (b->set[i].kind) {
	case MAILBOX_FOLDER:
		return mailbox_folder(a, &b->set[i], out, f);
	case MAILBOX_HTTPS:
		return mailbox_https(a, &b->set[i], out, f);
	case MAILBOX_ODBC:
		break;
	}
	return mailbox_odbc(a, &b->set[i], out, f);
}

/* What needs no secret. */
static enum err
read_plain(struct arena *a, const struct conf *c, struct mailbox_owner *who,
    struct mailbox_settings *s, struct fault *f)
{
	const char *section = conf_section(a, "exchange", who->name);
	bool odbc;

	s->kind = (enum mailbox_kind)conf_choice(c, section, "kind");
	odbc = s->kind == MAILBOX_ODBC;
	who->portal = conf_text(c, section, "portal");
	who->supplier = conf_text(c, section, "supplier");
	who->poll_ms = conf_int(c, section, "poll_s") * 1000;
	s->folder = odbc ? STR("") : conf_text(c, section, "folder");
	s->spool = conf_text(c, section, "spool");
	s->timeout_ms = conf_int(c, section, "timeout_s") * 1000;
	s->size_max = conf_int(c, section, "size_max_mb") << 20;
	return odbc || s->folder.len > 0
	    ? ERR_OK
	    : fault_set(f, ERR_INVALID, "conf_bad", "[%s] folder is not set",
		  section);
}

/* What goes out, and from which day on. */
static enum err
read_send(struct arena *a, const struct conf *c, const char *section,
    struct mailbox_owner *who, struct fault *f)
{
	struct str *names;
	size_t len = conf_list(a, c, section, "send", &names);

	for (size_t i = 0; i < len; i++) {
		enum send_kind k = send_kind_of(names[i]);

		if (k == SEND_KIND__COUNT)
			return fault_set(f, ERR_INVALID, "conf_bad",
			    "[%s] send: %.*s is none of payments, refunds, "
			    "readings, settlement, requests",
			    section, STR_ARG(names[i]));
		who->send |= 1U << k;
	}
	who->send_from = conf_text(c, section, "send_from");
	if (len > 0 && !day_valid(who->send_from))
		return fault_set(f, ERR_INVALID, "conf_bad",
		    "[%s] send_from is no day YYYY-MM-DD", section);
	who->send_empty = conf_yes(c, section, "send_empty");
	who->answer_ms = conf_int(c, section, "answer_s") * 1000;
	who->send_tries = conf_int(c, section, "send_tries");
	return ERR_OK;
}

static enum err
read_box(struct arena *a, const struct conf *c, struct mailbox_owner *who,
    struct mailbox_settings *s, struct fault *f)
{
	const char *section = conf_section(a, "exchange", who->name);
	enum err rc = read_plain(a, c, who, s, f);

	if (rc == ERR_OK)
		rc = conf_secret(a, c, section, "dsn", &s->dsn, f);
	if (rc == ERR_OK && s->kind == MAILBOX_ODBC && s->dsn.len == 0)
		rc = fault_set(
		    f, ERR_INVALID, "conf_bad", "[%s] dsn is not set", section);
	return rc == ERR_OK ? read_send(a, c, section, who, f) : rc;
}

/* Two mailboxes of one supplier would have two sequences of numbers. */
static enum err
each_its_own(const struct boxes *b, struct fault *f)
{
	for (size_t i = 0; i < b->len; i++)
		for (size_t k = 0; k < i; k++)
			if (str_eq(b->owners[i].portal, b->owners[k].portal) &&
			    str_eq(
				b->owners[i].supplier, b->owners[k].supplier))
				return fault_set(f, ERR_INVALID, "conf_bad",
				    "[exchange %.*s] and [exchange %.*s] are "
				    "of one supplier",
				    STR_ARG(b->owners[k].name),
				    STR_ARG(b->owners[i].name));
	return ERR_OK;
}

static struct boxes *
boxes_of(struct arena *a, const struct conf *c)
{
	struct boxes *b = ARENA_NEW(a, struct boxes);
	struct str *names;

	b->len = conf_names(a, c, "exchange", &names);
	b->owners = ARENA_ARRAY(a, b->len + 1, struct mailbox_owner);
	b->set = ARENA_ARRAY(a, b->len + 1, struct mailbox_settings);
	for (size_t i = 0; i < b->len; i++)
		b->owners[i].name = names[i];
	return b;
}

enum err
mailbox_settings_of(struct arena *a, const struct conf *c,
    struct mailboxes *out, struct fault *f)
{
	struct boxes *b = boxes_of(a, c);
	enum err rc = ERR_OK;

	for (size_t i = 0; i < b->len && rc == ERR_OK; i++)
		rc = read_box(a, c, &b->owners[i], &b->set[i], f);
	*out = (struct mailboxes){ b, b->owners, b->len, open_box };
	return rc == ERR_OK ? each_its_own(b, f) : rc;
}

static enum err
desk_of(void *self, struct arena *a, struct str portal, struct str supplier,
    struct supplier_desk *out, struct fault *f)
{
	const struct boxes *b = self;

	for (size_t i = 0; i < b->len; i++)
		if (b->set[i].kind == MAILBOX_HTTPS &&
		    str_eq(b->owners[i].portal, portal) &&
		    str_eq(b->owners[i].supplier, supplier))
			return mailbox_desk(a, &b->set[i], out, f);
	return fault_set(f, ERR_ABSENT, "exchange_no_desk", "%.*s/%.*s",
	    STR_ARG(portal), STR_ARG(supplier));
}

enum err
mailbox_desks_of(struct arena *a, const struct conf *c,
    struct exchange_desk *out, struct fault *f)
{
	struct boxes *b = boxes_of(a, c);
	enum err rc = ERR_OK;

	for (size_t i = 0; i < b->len && rc == ERR_OK; i++)
		rc = read_plain(a, c, &b->owners[i], &b->set[i], f);
	*out = (struct exchange_desk){ b, desk_of };
	return rc == ERR_OK ? each_its_own(b, f) : rc;
}
