#include "kvitok/app/login.h"

#include "kvitok/app/noted.h"
#include "kvitok/base/password.h"
#include "kvitok/base/secret.h"
#include "kvitok/domain/staff.h"

#include <stdio.h>

#define CSRF_LEN 32
#define SEEN_MS 60000 /* a session's last request is written so often */
#define SWEEP_LIMIT 1000
#define MINUTE_MS 60000

static struct str
digest(struct arena *a, struct str text)
{
	char hex[65];

	secret_sha256_hex(text, hex);
	return arena_str(a, str_of(hex));
}

struct str
login_csrf(struct arena *a, struct str token)
{
	struct str hex = digest(a, arena_fmt(a, "csrf\n%.*s", STR_ARG(token)));

	hex.len = CSRF_LEN;
	return hex;
}

static int64_t
now_of(const struct ports *p)
{
	return p->clock.now(p->clock.self);
}

/* --- wrong passwords --------------------------------------------------- */

/* One who gives a password. */
struct entering {
	const struct ports *p;
	struct arena *a;
	struct str remote;
	struct str device; /* digest of what the browser keeps; or empty */
	char login[STAFF_LOGIN_MAX + 1]; /* "" is the login of nobody */
	struct staff_try try;
	bool known;
	struct staff staff; /* known */
	struct staff_event event;
	/* When it fits. */
	struct str was; /* the hash before */
	struct str old; /* digest of the session that is replaced; or empty */
	struct staff_session session;
};

static enum err
locked(int64_t wait_ms, struct fault *f)
{
	int64_t minutes = (wait_ms + MINUTE_MS - 1) / MINUTE_MS;
	char text[24];

	(void)fault_set(
	    f, ERR_LIMIT, "login_locked", "for %lld ms", (long long)wait_ms);
	(void)snprintf(text, sizeof(text), "%lld", (long long)minutes);
	fault_arg(f, "minutes", str_of(text));
	f->retry_after_s = (int)((wait_ms + 999) / 1000);
	return f->err;
}

static enum err
count_body(void *arg, struct fault *f)
{
	struct entering *e = arg;
	const struct staff_tries *st = &e->p->tries;
	int64_t now = now_of(e->p);
	struct staff_try was, *t = &e->try;
	enum err rc = st->get(st->self, e->a, t->subject, &was, f);

	if (rc != ERR_OK)
		return rc;
	/* A clock that was set back must lock nobody out for long. */
	if (was.locked_until > now &&
	    was.locked_until - now <= STAFF_WAIT_MAX_MS)
		return locked(was.locked_until - now, f);
	t->login = e->known ? e->staff.login : STR("");
	t->fails = now - was.last_at < STAFF_TRY_MS ? was.fails + 1 : 1;
	t->last_at = now;
	t->locked_until = now + staff_wait_ms(t->fails);
	return st->put(st->self, t, &was, f);
}

/* What the next try is counted by: the browser where its person is known, else
 * the address. */
static enum err
find_subject(struct entering *e, struct fault *f)
{
	const struct staff_devices *st = &e->p->devices;
	struct str whence = staff_door(e->a, e->remote);
	bool known = false;
	enum err rc;

	/* Asked for strangers, too: it takes them as long. */
	rc = st->known(
	    st->self, e->known ? e->staff.id : STR(""), e->device, &known, f);
	if (known)
		whence = e->device;
	e->try.subject = digest(
	    e->a, arena_fmt(e->a, "%s\n%.*s", e->login, STR_ARG(whence)));
	return rc;
}

/* Counted as wrong until it is known to be right. */
static enum err
count(struct entering *e, struct fault *f)
{
	enum err rc = e->p->staff.by_login(
	    e->p->staff.self, e->a, str_of(e->login), &e->staff, f);

	e->known = rc == ERR_OK;
	if (rc == ERR_OK || rc == ERR_ABSENT)
		rc = find_subject(e, f);
	if (rc != ERR_OK)
		return rc;
	return e->p->tx.run(e->p->tx.self, "login_count", count_body, e, f);
}

/* For nobody's password as much is done as for somebody's. */
static enum err
judge(struct entering *e, struct str password, bool *fits, struct fault *f)
{
	char hash[PASSWORD_HASH_SIZE];
	bool stale = false;
	enum err rc;

	*fits = false;
	if (password.len > PASSWORD_MAX)
		password.len = 0; /* nobody's */
	if (!e->known)
		return password_hash(password, hash, f);
	e->was = e->staff.hash;
	rc = password_check(e->staff.hash, password, fits, &stale, f);
	if (rc != ERR_OK || !*fits || !stale)
		return rc;
	rc = password_hash(password, hash, f);
	if (rc == ERR_OK)
		e->staff.hash = arena_str(e->a, str_of(hash));
	return rc;
}

static void
tell(struct entering *e, const char *what)
{
	struct str actor = STR("");
	char id[27];

	e->p->ids.ulid(e->p->ids.self, now_of(e->p), id);
	/* A wrong password may be anybody's. */
	if (e->session.digest.len > 0)
		actor = noted_actor(e->a, e->staff.login);
	e->event = (struct staff_event){ .id = arena_str(e->a, str_of(id)),
		.at = now_of(e->p),
		.actor = actor,
		.staff = e->known ? e->staff.id : STR(""),
		.portal = e->known ? e->staff.portal : STR(""),
		.what = str_of(what),
		.object = STR(""),
		.detail = STR(""),
		.address = staff_network(e->a, e->remote) };
}

static enum err
event_body(void *arg, struct fault *f)
{
	struct entering *e = arg;

	return e->p->trail.put(e->p->trail.self, &e->event, f);
}

static enum err
refused(
    struct entering *e, const char *what, const char *reason, struct fault *f)
{
	bool locks = e->try.locked_until > e->try.last_at;
	enum err rc;

	tell(e, locks ? "login_locked" : what);
	rc = e->p->tx.run(e->p->tx.self, "login_refused", event_body, e, f);
	if (rc != ERR_OK)
		return rc;
	return fault_set(
	    f, ERR_DENIED, reason, "%lld in a row", (long long)e->try.fails);
}

/* --- sessions ---------------------------------------------------------- */

static struct str
new_token(struct entering *e)
{
	char token[LOGIN_TOKEN_LEN + 1];
	struct str kept;

	e->p->ids.text(e->p->ids.self, token, LOGIN_TOKEN_LEN);
	kept = arena_str(e->a, str_of(token));
	secret_wipe(token, sizeof(token));
	return kept;
}

static struct str
session_begin(struct entering *e)
{
	int64_t now = now_of(e->p);
	struct str kept = new_token(e);
	e->session = (struct staff_session){ .digest = digest(e->a, kept),
		.staff = e->staff.id,
		.address = staff_network(e->a, e->remote),
		.created_at = now,
		.seen_at = now,
		.expires_at = now + e->p->set.desk_life_ms };
	return kept;
}

static enum err
enter_body(void *arg, struct fault *f)
{
	struct entering *e = arg;
	const struct staff_sessions *st = &e->p->sessions;
	enum err rc = e->p->tries.forget(e->p->tries.self, e->try.subject, f);

	if (rc == ERR_OK)
		rc =
		    e->p->staff.entered(e->p->staff.self, &e->staff, e->was, f);
	if (rc == ERR_OK && e->old.len > 0)
		rc = st->end(st->self, e->old, f);
	if (rc == ERR_OK)
		rc = st->put(st->self, &e->session, f);
	if (rc == ERR_OK)
		rc = st->trim(st->self, e->staff.id, STAFF_SESSIONS_MAX, f);
	if (rc == ERR_OK)
		rc = e->p->devices.put(e->p->devices.self, e->staff.id,
		    e->device, e->session.created_at, STAFF_DEVICES_MAX, f);
	return rc == ERR_OK ? event_body(e, f) : rc;
}

static enum err
open_session(struct entering *e, const struct login_in *in,
    struct login_done *out, struct fault *f)
{
	*out = (struct login_done){ .token = session_begin(e),
		.device = in->device,
		.must_change = e->staff.must_change };
	if (e->device.len == 0) {
		out->device = new_token(e);
		e->device = digest(e->a, out->device);
	}
	if (in->token.len > 0)
		e->old = digest(e->a, in->token);
	e->staff.entered_at = e->session.created_at;
	tell(e, "login");
	return e->p->tx.run(e->p->tx.self, "login", enter_body, e, f);
}

bool
login_token_form(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') &&
		    !(s.p[i] >= 'A' && s.p[i] <= 'Z'))
			return false;
	return s.len == LOGIN_TOKEN_LEN;
}

/* What no browser of ours keeps counts as nothing. */
static struct str
device_of(struct arena *a, struct str device)
{
	return login_token_form(device) ? digest(a, device) : STR("");
}

static enum err
enter(const struct ports *p, struct arena *a, const struct login_in *in,
    struct login_done *out, struct fault *f)
{
	struct entering e = { .p = p, .a = a, .remote = in->remote };
	bool fits = false;
	enum err rc;

	e.device = device_of(a, in->device);
	if (!staff_login_fold(in->login, e.login))
		e.login[0] = '\0';
	rc = count(&e, f);
	if (rc == ERR_OK)
		rc = judge(&e, in->password, &fits, f);
	if (rc != ERR_OK)
		return rc;
	if (!fits)
		return refused(&e, "login_wrong", "login_wrong", f);
	if (e.staff.blocked)
		return refused(&e, "login_blocked", "login_blocked", f);
	return open_session(&e, in, out, f);
}

enum err
login_enter(const struct ports *p, struct arena *a, const struct login_in *in,
    struct login_done *out, struct fault *f)
{
	enum err rc = enter(p, a, in, out, f);

	if (rc != ERR_CONFLICT)
		return rc;
	/* He was blocked, or has another password, since this one was judged:
	 * it is judged by what is true now. */
	fault_init(f);
	return enter(p, a, in, out, f);
}

static bool
is_live(const struct ports *p, const struct login_who *w)
{
	int64_t now = now_of(p);

	return !w->staff.blocked && now < w->session.expires_at &&
	    now - w->session.seen_at < p->set.desk_idle_ms;
}

enum err
login_find(const struct ports *p, struct arena *a, struct str token,
    bool person, struct login_who *out, struct fault *f)
{
	const struct staff_sessions *st = &p->sessions;
	int64_t now = now_of(p);
	enum err rc;

	if (!login_token_form(token))
		return fault_set(f, ERR_ABSENT, "session_over", "no token");
	/* Looked up by digest: the time that takes tells nothing of it. */
	rc = st->find(
	    st->self, a, digest(a, token), &out->staff, &out->session, f);
	if (rc != ERR_OK)
		return rc;
	if (!is_live(p, out))
		return fault_set(f, ERR_ABSENT, "session_over", "its time");
	if (person && now - out->session.seen_at >= SEEN_MS) {
		struct fault own;

		fault_init(&own);
		rc = st->seen(st->self, out->session.digest, now, &own);
		/* The page is worth more; its next one tries again. */
		if (rc != ERR_OK && p->log != NULL)
			log_fault(p->log, LOG_WARN, "session_not_seen", &own);
	}
	return ERR_OK;
}

/* --- leaving, and a new password --------------------------------------- */

struct leaving {
	const struct ports *p;
	struct str digest;
	struct staff_event event;
};

static enum err
leave_body(void *arg, struct fault *f)
{
	struct leaving *l = arg;
	const struct staff_sessions *st = &l->p->sessions;
	enum err rc = st->end(st->self, l->digest, f);

	return rc == ERR_OK ? l->p->trail.put(l->p->trail.self, &l->event, f)
			    : rc;
}

enum err
login_leave(
    const struct ports *p, struct arena *a, struct str token, struct fault *f)
{
	struct login_who who;
	struct leaving l = { .p = p };
	enum err rc = login_find(p, a, token, false, &who, f);

	if (rc == ERR_ABSENT)
		return ERR_OK;
	if (rc != ERR_OK)
		return rc;
	l.digest = who.session.digest;
	l.event = noted_event(p, a, &who.staff, "logout");
	l.event.address = who.session.address;
	return p->tx.run(p->tx.self, "logout", leave_body, &l, f);
}

static enum err
change_body(void *arg, struct fault *f)
{
	struct entering *e = arg;
	const struct staff_sessions *st = &e->p->sessions;
	enum err rc = e->p->tries.forget(e->p->tries.self, e->try.subject, f);

	if (rc == ERR_OK)
		rc = e->p->staff.password(
		    e->p->staff.self, &e->staff, e->was, f);
	if (rc == ERR_OK)
		rc = st->trim(st->self, e->staff.id, 0, f);
	if (rc == ERR_OK)
		rc = st->put(st->self, &e->session, f);
	return rc == ERR_OK ? event_body(e, f) : rc;
}

static enum err
refuse(const char *field, const char *reason, struct fault *f)
{
	(void)fault_set(f, ERR_INVALID, reason, "%s", field);
	fault_field(f, field, reason);
	return f->err;
}

static enum err
check_new(const struct login_change *in, struct fault *f)
{
	const char *wrong =
	    staff_password_wrong(in->who->staff.login, in->password);

	if (wrong != NULL)
		return refuse("password", wrong, f);
	if (str_eq(in->password, in->old_password))
		return refuse("password", "password_same", f);
	if (!str_eq(in->password, in->again))
		return refuse("again", "password_differs", f);
	return ERR_OK;
}

/* The old one is asked for, and counted: who found a browser open must not
 * guess it there. */
static enum err
check_old(struct entering *e, struct str password, struct fault *f)
{
	bool fits = false;
	enum err rc;

	memcpy(e->login, e->staff.login.p, e->staff.login.len);
	rc = count(e, f);
	if (rc == ERR_OK)
		rc = judge(e, password, &fits, f);
	if (rc != ERR_OK || fits)
		return rc;
	rc = refused(e, "password_wrong", "password_wrong", f);
	return rc == ERR_DENIED ? refuse("old", "password_wrong", f) : rc;
}

enum err
login_change(const struct ports *p, struct arena *a,
    const struct login_change *in, struct str *token, struct fault *f)
{
	struct entering e = { .p = p,
		.a = a,
		.remote = in->remote,
		.device = device_of(a, in->device),
		.staff = in->who->staff };
	char hash[PASSWORD_HASH_SIZE];
	enum err rc = check_new(in, f);

	if (rc == ERR_OK)
		rc = check_old(&e, in->old_password, f);
	if (rc == ERR_OK)
		rc = password_hash(in->password, hash, f);
	if (rc != ERR_OK)
		return rc;
	*token = session_begin(&e);
	e.staff.hash = arena_str(a, str_of(hash));
	e.staff.must_change = false;
	e.staff.password_at = e.session.created_at;
	tell(&e, "password_changed");
	return p->tx.run(p->tx.self, "password", change_body, &e, f);
}

/* --- what is over ------------------------------------------------------ */

enum err
login_sweep(const struct ports *p, struct fault *f)
{
	int64_t now = now_of(p);
	int64_t keep = now - p->set.desk_keep_ms;
	int64_t strangers = now - STAFF_STRANGER_MS;
	enum err rc = p->sessions.sweep(
	    p->sessions.self, now, now - p->set.desk_idle_ms, f);

	if (rc == ERR_OK)
		rc =
		    p->devices.sweep(p->devices.self, now - STAFF_DEVICE_MS, f);
	if (rc == ERR_OK)
		rc = p->tries.sweep(
		    p->tries.self, now - STAFF_TRY_MS, SWEEP_LIMIT, f);
	return rc == ERR_OK
	    ? p->trail.sweep(p->trail.self, keep, strangers, SWEEP_LIMIT, f)
	    : rc;
}
