/* The door of the desk: in, out, and another password. */
#include "kvitok/app/login.h"

#include "kvitok/base/secret.h"
#include "kvitok/domain/staff.h"
#include "kvitok/web/desk.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/note.h"
#include "kvitok/web/session.h"

#define HOME "/cabinet/"
#define BACK_MAX 500

/* Only into the cabinet, and never to the door itself. */
static struct str
back_of(struct str to)
{
	bool ok = str_starts(to, STR(HOME)) && to.len <= BACK_MAX &&
	    !str_starts(to, STR(HOME "log")) &&
	    str_find(to, STR("//")) == to.len &&
	    str_find(to, STR("/.")) == to.len;

	for (size_t i = 0; ok && i < to.len; i++)
		ok = to.p[i] > ' ' && to.p[i] < 0x7F && to.p[i] != '\\';
	return ok ? to : STR_NONE;
}

/* --- in ---------------------------------------------------------------- */

/* What stands on the page of the door. */
struct door {
	struct str login, to, error;
	bool over, out;
};

/* The form's own secret: no other site can send somebody else's login. */
static struct str
form_secret(struct turn *t)
{
	const char *name = desk_form_cookie_name(t);
	struct str secret = request_cookie(t->rq, name);
	char fresh[LOGIN_TOKEN_LEN + 1];

	if (login_token_form(secret))
		return secret;
	t->p->ids.text(t->p->ids.self, fresh, LOGIN_TOKEN_LEN);
	secret = arena_str(t->a, str_of(fresh));
	desk_cookie(t, name, secret, 0);
	return secret;
}

static enum err
show_door(struct turn *t, const struct door *d, int status)
{
	struct page pg;

	page_begin(&pg, t);
	page_portal_names(&pg, NULL);
	page_text(&pg, "csrf", login_csrf(t->a, form_secret(t)));
	page_text(&pg, "login", d->login);
	page_text(&pg, "to", d->to);
	page_text(&pg, "error", d->error);
	page_flag(&pg, "over", d->over);
	page_flag(&pg, "out", d->out);
	return page_send(&pg, status, "tpl/page/login.html");
}

enum err
page_login_form(struct turn *t)
{
	struct url_params q;
	struct login_who who;
	struct str why;
	struct door d = { .login = STR_NONE };
	enum err rc = url_params(t->a, t->rq->query, &q, t->f);

	if (rc != ERR_OK)
		return rc;
	d.to = back_of(url_param(&q, "to"));
	rc = login_find(t->p, t->a, desk_token(t), true, &who, t->f);
	if (rc == ERR_OK) {
		reply_see_other(t->out, d.to.len > 0 ? d.to : STR(HOME));
		return ERR_OK;
	}
	if (rc != ERR_ABSENT)
		return rc;
	why = url_param(&q, "why");
	d.over = str_eq(why, STR("over"));
	d.out = str_eq(why, STR("out"));
	return show_door(t, &d, 200);
}

static enum err
read_door(struct turn *t, struct url_params *q)
{
	struct str secret = request_cookie(t->rq, desk_form_cookie_name(t));
	enum err rc = session_same_site(t);

	arena_wipe_after(t->a); /* the body has a password, whatever comes */
	if (rc == ERR_OK &&
	    !request_is(t->rq, "application/x-www-form-urlencoded"))
		rc = fault_set(t->f, ERR_INVALID, "media_type", "no form");
	if (rc == ERR_OK)
		rc = url_params(t->a, t->rq->body, q, t->f);
	if (rc == ERR_OK &&
	    (secret.len != LOGIN_TOKEN_LEN ||
		!secret_eq(url_param(q, "csrf"), login_csrf(t->a, secret))))
		rc = fault_set(t->f, ERR_DENIED, "form_stale",
		    "csrf does not fit the cookie");
	return rc;
}

static struct str
words_of(struct turn *t, const char *reason)
{
	struct buf b;

	buf_init(&b, t->a, 1024);
	fault_words_of(t->f, reason, &b);
	return buf_str(&b);
}

static void
note_refused(struct turn *t)
{
	static const struct {
		const char *reason;
		enum note_login how;
	} hows[] = {
		{ "login_wrong", NOTE_LOGIN_WRONG },
		{ "login_locked", NOTE_LOGIN_LOCKED },
		{ "login_blocked", NOTE_LOGIN_BLOCKED },
	};

	for (size_t i = 0; i < KV_COUNT(hows); i++)
		if (str_eq(str_of(t->f->reason), str_of(hows[i].reason)))
			note_login(t->web, hows[i].how);
	if (t->p->log != NULL)
		log_event(t->p->log, LOG_NOTICE, "login_refused", LOG_TEXT,
		    "reason", str_of(t->f->reason), LOG_TEXT, "network",
		    staff_network(t->a, t->rq->remote), LOG_END);
}

/* Said on the page itself: what was typed stays, but the password. */
static enum err
refuse(struct turn *t, struct door *d)
{
	struct fault why = *t->f;
	enum err rc;

	d->error = words_of(t, why.reason);
	rc = show_door(t, d, reply_status(&why));
	if (rc == ERR_OK)
		reply_retry(t->out, &why);
	return rc;
}

static enum err
let_in(struct turn *t, const struct door *d, const struct login_done *done)
{
	note_login(t->web, NOTE_LOGIN_IN);
	desk_cookie(t, desk_cookie_name(t), done->token, 0);
	desk_cookie(t, desk_form_cookie_name(t), STR_NONE, 0);
	desk_cookie(t, desk_device_cookie_name(t), done->device,
	    STAFF_DEVICE_MS / 1000);
	reply_see_other(t->out,
	    done->must_change   ? STR(HOME "password")
		: d->to.len > 0 ? d->to
				: STR(HOME));
	reply_header(t->out, "Cache-Control", STR("no-store"));
	return ERR_OK;
}

enum err
page_login(struct turn *t)
{
	struct url_params q = { NULL, 0 };
	struct door d = { .login = STR_NONE };
	struct login_in in = { .remote = t->rq->remote,
		.token = desk_token(t),
		.device = request_cookie(t->rq, desk_device_cookie_name(t)) };
	struct login_done done;
	enum err rc = read_door(t, &q);

	in.login = url_param(&q, "login");
	in.password = url_param(&q, "password");
	d.login = in.login;
	d.to = back_of(url_param(&q, "to"));
	if (rc == ERR_DENIED && str_eq(str_of(t->f->reason), STR("form_stale")))
		return refuse(t, &d);
	if (rc == ERR_OK)
		rc = login_enter(t->p, t->a, &in, &done, t->f);
	if (rc == ERR_OK)
		return let_in(t, &d, &done);
	if (rc != ERR_DENIED && rc != ERR_LIMIT)
		return rc;
	note_refused(t);
	return refuse(t, &d);
}

/* --- out --------------------------------------------------------------- */

enum err
page_logout(struct turn *t)
{
	struct url_params form;
	struct desk d;
	enum err rc;

	if (!desk_enter(t, 0, &d) || !desk_form(t, &d, &form))
		return t->f->err;
	rc = login_leave(t->p, t->a, desk_token(t), t->f);
	if (rc != ERR_OK)
		return rc;
	desk_cookie(t, desk_cookie_name(t), STR_NONE, 0);
	reply_see_other(t->out, STR(HOME "login?why=out"));
	reply_header(t->out, "Cache-Control", STR("no-store"));
	return ERR_OK;
}

/* --- another password -------------------------------------------------- */

static enum err
show_password(struct turn *t, const struct login_who *who, const struct desk *d,
    bool done, int status)
{
	static const char *const fields[] = { "old", "password", "again" };
	struct fault why = *t->f;
	struct page pg;

	page_begin(&pg, t);
	desk_names(&pg, d);
	page_flag(&pg, "done", done);
	page_flag(&pg, "must_change", who->staff.must_change);
	page_text(&pg, "error",
	    status != 200 && why.fields_len == 0 ? words_of(t, why.reason)
						 : STR_NONE);
	for (size_t i = 0; i < KV_COUNT(fields); i++) {
		struct str words = STR_NONE;

		for (size_t k = 0; status != 200 && k < why.fields_len; k++)
			if (strcmp(why.fields[k].pointer, fields[i]) == 0)
				words = words_of(t, why.fields[k].reason);
		page_text(&pg, arena_fmt(t->a, "%s_error", fields[i]).p, words);
	}
	return page_send(&pg, status, "tpl/page/password.html");
}

enum err
page_password_form(struct turn *t)
{
	struct url_params q;
	struct login_who who;
	struct desk d;
	enum err rc;

	if (!desk_enter(t, 0, &d))
		return t->f->err;
	rc = login_find(t->p, t->a, desk_token(t), false, &who, t->f);
	if (rc == ERR_OK)
		rc = url_params(t->a, t->rq->query, &q, t->f);
	return rc == ERR_OK
	    ? show_password(t, &who, &d, url_param(&q, "done").len > 0, 200)
	    : rc;
}

enum err
page_password(struct turn *t)
{
	struct login_who who;
	struct login_change in = { .who = &who,
		.remote = t->rq->remote,
		.device = request_cookie(t->rq, desk_device_cookie_name(t)) };
	struct url_params form;
	struct str token;
	struct desk d;
	enum err rc;

	arena_wipe_after(t->a); /* the body has passwords, whatever comes */
	if (!desk_enter(t, 0, &d) || !desk_form(t, &d, &form))
		return t->f->err;
	in.old_password = url_param(&form, "old");
	in.password = url_param(&form, "password");
	in.again = url_param(&form, "again");
	rc = login_find(t->p, t->a, desk_token(t), true, &who, t->f);
	if (rc == ERR_OK)
		rc = login_change(t->p, t->a, &in, &token, t->f);
	if (rc == ERR_INVALID || rc == ERR_LIMIT || rc == ERR_CONFLICT)
		return show_password(t, &who, &d, false, reply_status(t->f));
	if (rc != ERR_OK)
		return rc;
	desk_cookie(t, desk_cookie_name(t), token, 0);
	reply_see_other(t->out, STR(HOME "password?done=1"));
	reply_header(t->out, "Cache-Control", STR("no-store"));
	return ERR_OK;
}
