#include "ctl.h"

#include "ctl_secret.h"

#include "kvitok/app/staff.h"
#include "kvitok/domain/staff.h"

#define PAGE 200
#define EVENTS_MAX 1000
#define SESSIONS_MAX 1000

/* The option --rights: "read,report" is easier to type. */
static enum err
rights_of(struct ctl *c, unsigned *rights)
{
	struct str words = ctl_option(c, "rights");
	char *p = arena_z(c->a, words);

	for (size_t i = 0; i < words.len; i++)
		if (p[i] == ',')
			p[i] = ' ';
	if (ref_rights((struct str){ p, words.len }, rights))
		return ERR_OK;
	return fault_set(&c->f, ERR_INVALID, "field_form",
	    "--rights: words of: read refund report admin");
}

/* The only time that it is seen: its digest is stored. */
static void
tell_once(struct ctl *c, struct str login, struct str password, bool once)
{
	ctl_say(&c->out, "", login);
	if (once) {
		buf_lit(&c->out, " ");
		buf_text(&c->out, password);
	}
	buf_char(&c->out, '\n');
}

enum err
ctl_staff_add(struct ctl *c)
{
	struct staff_new n = { .login = c->words[0],
		.name = ctl_option(c, "name"),
		.portal = ctl_option(c, "portal"),
		.supplier = ctl_option(c, "supplier"),
		.actor = ctl_operator(c) };
	struct staff s;
	enum err rc = rights_of(c, &n.rights);

	if (rc == ERR_OK)
		rc = ctl_secret(
		    c, ctl_option(c, "password"), &n.password, &n.must_change);
	if (rc == ERR_OK)
		rc = staff_add(c->p, c->a, &n, &s, &c->f);
	if (rc == ERR_OK)
		tell_once(c, s.login, n.password, n.must_change);
	return rc;
}

static void
put_staff(struct ctl *c, const struct staff *s)
{
	char rights[REF_RIGHTS_SIZE];

	ctl_cell(&c->out, s->login, 20);
	ctl_cell(&c->out,
	    s->supplier.len == 0
		? s->portal
		: arena_fmt(c->a, "%.*s/%.*s", STR_ARG(s->portal),
		      STR_ARG(s->supplier)),
	    32);
	ctl_cell(&c->out, ref_rights_words(s->rights, rights), 26);
	ctl_cell(&c->out, s->blocked ? STR("blocked") : STR("active"), 8);
	ctl_time(&c->out, s->entered_at);
	ctl_say(&c->out, " ", s->name);
	buf_char(&c->out, '\n');
}

enum err
ctl_staff_list(struct ctl *c)
{
	struct str after = STR(""), portal = ctl_option(c, "portal");
	size_t len = PAGE;

	if (portal.p == NULL)
		portal = STR("");
	while (len == PAGE) {
		const struct staff *v;
		enum err rc = c->p->staff.page(c->p->staff.self, c->a, portal,
		    after, PAGE, &v, &len, &c->f);

		if (rc != ERR_OK)
			return rc;
		for (size_t i = 0; i < len; i++)
			put_staff(c, &v[i]);
		if (len > 0)
			after = v[len - 1].login;
	}
	return ERR_OK;
}

static struct staff_act
act_of(struct ctl *c)
{
	return (struct staff_act){ c->words[0], ctl_operator(c) };
}

enum err
ctl_staff_rights(struct ctl *c)
{
	struct staff_act act = act_of(c);
	unsigned rights;
	enum err rc = rights_of(c, &rights);

	if (rc == ERR_OK)
		rc = staff_set_rights(c->p, c->a, &act, rights, &c->f);
	if (rc == ERR_OK)
		buf_lit(&c->out, "changed; open sessions have them now\n");
	return rc;
}

enum err
ctl_staff_block(struct ctl *c)
{
	struct staff_act act = act_of(c);
	enum err rc = staff_set_blocked(c->p, c->a, &act, true, &c->f);

	if (rc == ERR_OK)
		buf_lit(&c->out, "blocked; all sessions have ended\n");
	return rc;
}

enum err
ctl_staff_unblock(struct ctl *c)
{
	struct staff_act act = act_of(c);
	enum err rc = staff_set_blocked(c->p, c->a, &act, false, &c->f);

	if (rc == ERR_OK)
		buf_lit(&c->out, "unblocked; wrong passwords are forgotten\n");
	return rc;
}

enum err
ctl_staff_password(struct ctl *c)
{
	struct staff_act act = act_of(c);
	struct str password;
	bool once;
	enum err rc =
	    ctl_secret(c, ctl_option(c, "password"), &password, &once);

	if (rc == ERR_OK)
		rc =
		    staff_set_password(c->p, c->a, &act, password, once, &c->f);
	if (rc == ERR_OK)
		tell_once(c, act.login, password, once);
	return rc;
}

enum err
ctl_staff_logout(struct ctl *c)
{
	struct staff_act act = act_of(c);
	enum err rc = staff_log_out(c->p, c->a, &act, &c->f);

	if (rc == ERR_OK)
		buf_lit(&c->out, "all sessions have ended\n");
	return rc;
}

/* Gives: the word, folded; empty when none was given. */
static enum err
login_of(struct ctl *c, struct str *login)
{
	char folded[STAFF_LOGIN_MAX + 1];

	*login = STR("");
	if (c->words_len == 0)
		return ERR_OK;
	if (!staff_login_fold(c->words[0], folded))
		return fault_set(&c->f, ERR_ABSENT, "staff_unknown", "%.*s",
		    STR_ARG(c->words[0]));
	*login = arena_str(c->a, str_of(folded));
	return ERR_OK;
}

enum err
ctl_staff_sessions(struct ctl *c)
{
	int64_t now = c->p->clock.now(c->p->clock.self);
	const struct staff_present *v;
	struct str login;
	size_t len = 0;
	enum err rc = login_of(c, &login);

	if (rc == ERR_OK)
		rc = c->p->sessions.list(c->p->sessions.self, c->a, login, now,
		    now - c->p->set.desk_idle_ms, SESSIONS_MAX, &v, &len,
		    &c->f);
	for (size_t i = 0; rc == ERR_OK && i < len; i++) {
		ctl_cell(&c->out, v[i].login, 20);
		ctl_cell(&c->out, v[i].portal, 20);
		ctl_cell(&c->out, v[i].s.address, 20);
		ctl_time(&c->out, v[i].s.created_at);
		buf_lit(&c->out, " seen ");
		ctl_time(&c->out, v[i].s.seen_at);
		buf_char(&c->out, '\n');
	}
	return rc;
}

static void
put_event(struct ctl *c, const struct staff_event *e)
{
	ctl_time(&c->out, e->at);
	buf_lit(&c->out, " ");
	ctl_cell(&c->out, e->actor.len > 0 ? e->actor : STR("-"), 28);
	ctl_cell(&c->out, e->what, 20);
	ctl_cell(&c->out, e->address.len > 0 ? e->address : STR("-"), 16);
	ctl_say(&c->out, "", e->object);
	if (e->detail.len > 0)
		ctl_say(&c->out, ", ", e->detail);
	buf_char(&c->out, '\n');
}

enum err
ctl_staff_events(struct ctl *c)
{
	const struct staff_event *v;
	struct staff s = { .id = STR("") };
	struct str login;
	size_t len = 0;
	enum err rc = login_of(c, &login);

	if (rc == ERR_OK && login.len > 0)
		rc = c->p->staff.by_login(
		    c->p->staff.self, c->a, login, &s, &c->f);
	if (rc == ERR_OK)
		rc = c->p->trail.page(c->p->trail.self, c->a, s.id, STR(""),
		    EVENTS_MAX, &v, &len, &c->f);
	for (size_t i = 0; rc == ERR_OK && i < len; i++)
		put_event(c, &v[i]);
	return rc;
}
