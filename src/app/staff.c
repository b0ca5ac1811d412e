#include "kvitok/app/staff.h"

#include "kvitok/app/noted.h"
#include "kvitok/app/reference.h"
#include "kvitok/base/password.h"
#include "kvitok/base/utf8.h"
#include "kvitok/domain/staff.h"

/* --- added ------------------------------------------------------------- */

/* A change of one person, in the making. */
struct acting {
	const struct ports *p;
	struct staff s, was;
	bool end_sessions, forget_devices, forget_tries;
	enum err (*write)(struct acting *x, struct fault *f);
	struct staff_event e;
};

static enum err
act_body(void *arg, struct fault *f)
{
	struct acting *x = arg;
	const struct ports *p = x->p;
	enum err rc = x->write != NULL ? x->write(x, f) : ERR_OK;

	if (rc == ERR_OK && x->end_sessions)
		rc = p->sessions.trim(p->sessions.self, x->s.id, 0, f);
	if (rc == ERR_OK && x->forget_devices)
		rc = p->devices.forget(p->devices.self, x->s.id, f);
	if (rc == ERR_OK && x->forget_tries)
		rc = p->tries.forget_login(p->tries.self, x->s.login, f);
	return rc == ERR_OK ? p->trail.put(p->trail.self, &x->e, f) : rc;
}

static enum err
act(struct acting *x, struct arena *a, const char *what, struct str actor,
    struct str detail, struct fault *f)
{
	x->e = noted_event(x->p, a, &x->s, what);
	x->e.actor = actor;
	x->e.object = x->s.login;
	x->e.detail = detail;
	return x->p->tx.run(x->p->tx.self, what, act_body, x, f);
}

static enum err
check_place(const struct ports *p, const struct staff_new *n, struct fault *f)
{
	const struct ref *r;
	enum err rc = reference(p, &r, f);

	if (rc != ERR_OK)
		return rc;
	if (ref_portal(r, n->portal) == NULL)
		return fault_set(f, ERR_ABSENT, "portal_unknown",
		    "there is no %.*s", STR_ARG(n->portal));
	if (n->supplier.len == 0)
		return ERR_OK;
	for (size_t i = 0; i < r->suppliers_len; i++)
		if (str_eq(r->suppliers[i].portal, n->portal) &&
		    str_eq(r->suppliers[i].supplier, n->supplier))
			return ERR_OK;
	return fault_set(f, ERR_ABSENT, "supplier_unknown", "%.*s has no %.*s",
	    STR_ARG(n->portal), STR_ARG(n->supplier));
}

static enum err
check_password(struct str login, struct str password, struct fault *f)
{
	const char *wrong = staff_password_wrong(login, password);

	if (!utf8_text(password))
		wrong = "text_bad_utf8";
	return wrong == NULL ? ERR_OK
			     : fault_set(f, ERR_INVALID, wrong, "password");
}

static enum err
check_rights(struct str supplier, unsigned rights, struct fault *f)
{
	const char *wrong = staff_rights_wrong(supplier, rights);

	return wrong == NULL ? ERR_OK
			     : fault_set(f, ERR_INVALID, wrong, "rights");
}

static enum err
check_new(const struct ports *p, const struct staff_new *n,
    char login[STAFF_LOGIN_MAX + 1], struct fault *f)
{
	enum err rc;

	if (!staff_login_fold(n->login, login))
		return fault_set(f, ERR_INVALID, "staff_login_form", "login");
	if (n->name.len == 0 || utf8_len(n->name) > STAFF_NAME_MAX)
		return fault_set(f, ERR_INVALID, "field_length",
		    "name: 1 to %d characters", STAFF_NAME_MAX);
	if (!utf8_text(n->name))
		return fault_set(f, ERR_INVALID, "text_bad_utf8", "name");
	rc = check_rights(n->supplier, n->rights, f);
	if (rc == ERR_OK)
		rc = check_password(str_of(login), n->password, f);
	return rc == ERR_OK ? check_place(p, n, f) : rc;
}

static enum err
write_new(struct acting *x, struct fault *f)
{
	return x->p->staff.put(x->p->staff.self, &x->s, f);
}

static struct str
rights_text(struct arena *a, unsigned rights)
{
	char words[REF_RIGHTS_SIZE];

	return arena_str(a, ref_rights_words(rights, words));
}

enum err
staff_add(const struct ports *p, struct arena *a, const struct staff_new *n,
    struct staff *out, struct fault *f)
{
	char login[STAFF_LOGIN_MAX + 1], hash[PASSWORD_HASH_SIZE], id[27];
	int64_t now = p->clock.now(p->clock.self);
	struct acting x = { .p = p, .write = write_new };
	enum err rc = check_new(p, n, login, f);

	if (rc == ERR_OK)
		rc = password_hash(n->password, hash, f);
	if (rc != ERR_OK)
		return rc;
	p->ids.ulid(p->ids.self, now, id);
	x.s = (struct staff){ .id = arena_str(a, str_of(id)),
		.login = arena_str(a, str_of(login)),
		.name = n->name,
		.hash = arena_str(a, str_of(hash)),
		.portal = n->portal,
		.supplier = n->supplier,
		.created_by = n->actor,
		.rights = n->rights,
		.must_change = n->must_change,
		.created_at = now,
		.changed_at = now,
		.password_at = now };
	rc = act(&x, a, "staff_added", n->actor, rights_text(a, n->rights), f);
	*out = x.s;
	if (rc == ERR_CONFLICT)
		return fault_set(
		    f, ERR_CONFLICT, "staff_login_taken", "%s", login);
	return rc;
}

/* --- changed ----------------------------------------------------------- */

static enum err
begin(struct acting *x, const struct ports *p, struct arena *a,
    const struct staff_act *act, struct fault *f)
{
	char login[STAFF_LOGIN_MAX + 1];
	enum err rc;

	*x = (struct acting){ .p = p };
	if (!staff_login_fold(act->login, login))
		return fault_set(f, ERR_ABSENT, "staff_unknown", "no login");
	rc = p->staff.by_login(p->staff.self, a, str_of(login), &x->s, f);
	x->was = x->s;
	return rc;
}

static enum err
write_may(struct acting *x, struct fault *f)
{
	return x->p->staff.may(x->p->staff.self, &x->s, &x->was, f);
}

static enum err
write_password(struct acting *x, struct fault *f)
{
	return x->p->staff.password(x->p->staff.self, &x->s, x->was.hash, f);
}

enum err
staff_set_rights(const struct ports *p, struct arena *a,
    const struct staff_act *who, unsigned rights, struct fault *f)
{
	struct acting x;
	enum err rc = begin(&x, p, a, who, f);

	if (rc == ERR_OK)
		rc = check_rights(x.s.supplier, rights, f);
	if (rc != ERR_OK)
		return rc;
	x.write = write_may;
	x.s.rights = rights;
	x.s.changed_at = p->clock.now(p->clock.self);
	return act(
	    &x, a, "staff_rights", who->actor, rights_text(a, rights), f);
}

enum err
staff_set_blocked(const struct ports *p, struct arena *a,
    const struct staff_act *who, bool blocked, struct fault *f)
{
	struct acting x;
	enum err rc = begin(&x, p, a, who, f);

	if (rc != ERR_OK)
		return rc;
	x.write = write_may;
	x.end_sessions = x.forget_devices = blocked;
	x.forget_tries = !blocked;
	x.s.blocked = blocked;
	x.s.changed_at = p->clock.now(p->clock.self);
	return act(&x, a, blocked ? "staff_blocked" : "staff_unblocked",
	    who->actor, STR(""), f);
}

enum err
staff_set_password(const struct ports *p, struct arena *a,
    const struct staff_act *who, struct str password, bool must_change,
    struct fault *f)
{
	char hash[PASSWORD_HASH_SIZE];
	struct acting x;
	enum err rc = begin(&x, p, a, who, f);

	if (rc == ERR_OK)
		rc = check_password(x.s.login, password, f);
	if (rc == ERR_OK)
		rc = password_hash(password, hash, f);
	if (rc != ERR_OK)
		return rc;
	x.write = write_password;
	x.end_sessions = x.forget_devices = x.forget_tries = true;
	x.s.hash = arena_str(a, str_of(hash));
	x.s.must_change = must_change;
	x.s.password_at = p->clock.now(p->clock.self);
	return act(&x, a, "staff_password", who->actor,
	    must_change ? STR("once") : STR(""), f);
}

enum err
staff_log_out(const struct ports *p, struct arena *a,
    const struct staff_act *who, struct fault *f)
{
	struct acting x;
	enum err rc = begin(&x, p, a, who, f);

	if (rc != ERR_OK)
		return rc;
	x.end_sessions = true;
	return act(&x, a, "staff_logged_out", who->actor, STR(""), f);
}
