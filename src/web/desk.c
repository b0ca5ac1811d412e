#include "kvitok/web/desk.h"

#include "kvitok/app/login.h"
#include "kvitok/app/noted.h"
#include "kvitok/app/reference.h"
#include "kvitok/base/secret.h"
#include "kvitok/base/utf8.h"
#include "kvitok/domain/staff.h"
#include "kvitok/web/session.h"

#define BACK_MAX 500 /* of the address that a login leads back to */

/* A demo on this machine has no TLS, and "__Host-" is not kept without. */
static bool
is_tls(const struct turn *t)
{
	return str_starts(t->p->set.public_url, STR("https:"));
}

const char *
desk_cookie_name(const struct turn *t)
{
	return is_tls(t) ? "__Host-kvitok" : "kvitok";
}

const char *
desk_form_cookie_name(const struct turn *t)
{
	return is_tls(t) ? "__Host-kvitok-form" : "kvitok-form";
}

const char *
desk_device_cookie_name(const struct turn *t)
{
	return is_tls(t) ? "__Host-kvitok-known" : "kvitok-known";
}

struct str
desk_token(const struct turn *t)
{
	return request_cookie(t->rq, desk_cookie_name(t));
}

void
desk_cookie(struct turn *t, const char *name, struct str token, int64_t keep_s)
{
	struct buf b;

	buf_init(&b, t->a, 300);
	buf_text(&b, str_of(name));
	buf_char(&b, '=');
	buf_text(&b, token);
	buf_lit(&b, "; Path=/; HttpOnly; SameSite=Strict");
	if (token.len == 0 || keep_s > 0)
		buf_fmt(&b, "; Max-Age=%lld", (long long)keep_s);
	if (is_tls(t))
		buf_lit(&b, "; Secure");
	reply_header(t->out, "Set-Cookie", buf_str(&b));
}

/* --- entering ---------------------------------------------------------- */

static bool
answered(struct turn *t, enum err rc)
{
	if (rc != ERR_OK)
		page_error(t);
	return false;
}

static bool
lead(struct turn *t, struct str url)
{
	fault_init(t->f);
	reply_see_other(t->out, url);
	reply_header(t->out, "Cache-Control", STR("no-store"));
	return false;
}

/* Back to the page that was asked for; a form is gone. */
static bool
to_login(struct turn *t)
{
	struct buf b;

	buf_init(&b, t->a, (size_t)4 * BACK_MAX);
	buf_lit(&b, "/cabinet/login");
	buf_text(&b, desk_token(t).len > 0 ? STR("?why=over&") : STR("?"));
	if (t->rq->method != HTTP_POST &&
	    t->rq->path.len + t->rq->query.len < BACK_MAX) {
		buf_lit(&b, "to=");
		buf_url(&b, t->rq->path);
		if (t->rq->query.len > 0) {
			buf_lit(&b, "%3F");
			buf_url(&b, t->rq->query);
		}
	}
	while (b.len > 0 && (b.p[b.len - 1] == '?' || b.p[b.len - 1] == '&'))
		b.len--;
	return lead(t, buf_str(&b));
}

/* What a script asks for by itself keeps nobody logged in. */
static bool
is_person(const struct turn *t)
{
	return !str_eq(request_env(t->rq, "HTTP_SEC_FETCH_DEST"), STR("empty"));
}

bool
desk_enter(struct turn *t, unsigned rights, struct desk *out)
{
	struct str token = desk_token(t);
	struct login_who who;
	enum err rc = login_find(t->p, t->a, token, is_person(t), &who, t->f);

	if (rc == ERR_ABSENT)
		return to_login(t);
	if (rc != ERR_OK)
		return answered(t, rc);
	if (who.staff.must_change &&
	    !str_eq(t->rq->path, STR("/cabinet/password")) &&
	    !str_eq(t->rq->path, STR("/cabinet/logout")))
		return lead(t, STR("/cabinet/password"));
	if ((who.staff.rights & rights) != rights)
		return answered(t,
		    fault_set(t->f, ERR_DENIED, "staff_right_missing",
			"%.*s has %u, needs %u", STR_ARG(who.staff.login),
			who.staff.rights, rights));
	*out = (struct desk){ .id = who.staff.id,
		.login = who.staff.login,
		.name = who.staff.name,
		.portal = who.staff.portal,
		.supplier = who.staff.supplier,
		.rights = who.staff.rights,
		.csrf = login_csrf(t->a, token) };
	return true;
}

static enum err
read_form(struct turn *t, struct str csrf, struct url_params *form)
{
	enum err rc = session_same_site(t);

	if (rc == ERR_OK &&
	    !request_is(t->rq, "application/x-www-form-urlencoded"))
		rc = fault_set(t->f, ERR_INVALID, "media_type", "no form");
	if (rc == ERR_OK)
		rc = url_params(t->a, t->rq->body, form, t->f);
	if (rc == ERR_OK && !secret_eq(url_param(form, "csrf"), csrf))
		rc = fault_set(
		    t->f, ERR_DENIED, "form_stale", "csrf does not fit");
	return rc;
}

bool
desk_form(struct turn *t, const struct desk *d, struct url_params *form)
{
	enum err rc = read_form(t, d->csrf, form);

	return rc == ERR_OK || answered(t, rc);
}

/* --- acting ------------------------------------------------------------ */

const struct ports *
desk_noted(struct turn *t, const struct desk *d, const char *what,
    struct str object, struct str detail)
{
	struct staff who = {
		.id = d->id, .login = d->login, .portal = d->portal
	};
	struct staff_event *e = ARENA_NEW(t->a, struct staff_event);

	*e = noted_event(t->p, t->a, &who, what);
	e->object = object;
	e->detail = utf8_cut(detail, NOTED_DETAIL_MAX);
	e->address = staff_network(t->a, t->rq->remote);
	return noted_ports(t->p, t->a, e);
}

struct str
desk_actor(struct turn *t, const struct desk *d)
{
	return noted_actor(t->a, d->login);
}

struct caller
desk_caller(const struct desk *d)
{
	return (struct caller){ .key_id = d->id,
		.portal = d->portal,
		.supplier = d->supplier,
		.rights = d->rights };
}

void
desk_names(struct page *pg, const struct desk *d)
{
	const struct ref_portal *po = NULL;
	const struct ref *r;
	struct fault f;

	fault_init(&f);
	if (reference(pg->t->p, &r, &f) == ERR_OK)
		po = ref_portal(r, d->portal);
	page_portal_names(pg, po);
	page_text(pg, "staff_name", d->name);
	page_text(pg, "staff_login", d->login);
	page_flag(pg, "supplier_only", d->supplier.len > 0);
	page_text(pg, "csrf", d->csrf);
}
