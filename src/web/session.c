#include "kvitok/web/session.h"

#include "kvitok/app/reference.h"
#include "kvitok/domain/ref.h"

#define KEY_MAX 200

static bool
bearer(const struct request *r, struct str *key)
{
	struct str s = request_env(r, "HTTP_AUTHORIZATION"), scheme;

	if (!str_cut(&s, ' ', &scheme) || !str_eq_nocase(scheme, STR("Bearer")))
		return false;
	*key = str_trim(s);
	return key->len > 0 && key->len <= KEY_MAX;
}

enum err
session_bearer(struct turn *t)
{
	struct str key;
	enum err rc;

	if (!bearer(t->rq, &key))
		return fault_set(
		    t->f, ERR_DENIED, "key_missing", "no bearer key");
	rc = reference_caller(t->p, t->a, key, &t->who, t->f);
	if (rc != ERR_OK)
		return rc;
	if (!(t->who.rights & t->route->right))
		return fault_set(t->f, ERR_DENIED, "right_missing",
		    "key %.*s has %u, needs one of %u", STR_ARG(t->who.key_id),
		    t->who.rights, t->route->right);
	if (t->who.supplier.len > 0 && !(t->route->right & RIGHT_OF_SUPPLIER))
		return fault_set(t->f, ERR_DENIED, "right_missing",
		    "key %.*s is of a supplier alone", STR_ARG(t->who.key_id));
	return ERR_OK;
}

enum err
session_page(struct turn *t, struct str portal)
{
	for (size_t i = 0; i < t->web->pages_len; i++) {
		const struct web_page *page = &t->web->pages[i];
		enum err rc;

		if (!str_eq(page->portal, portal))
			continue;
		rc = reference_caller(t->p, t->a, page->key, &t->who, t->f);
		if (rc == ERR_OK && !str_eq(t->who.portal, portal))
			rc = fault_set(t->f, ERR_DENIED, "key_unknown",
			    "key of another portal");
		/* A key of ours that does not work is our own mistake. */
		if (rc == ERR_DENIED)
			rc = fault_set(t->f, ERR_BUG, "internal",
			    "the key of [page %.*s] is no key of the portal",
			    STR_ARG(portal));
		return rc;
	}
	return fault_set(t->f, ERR_ABSENT, "path_unknown", "no such page");
}

enum err
session_same_site(const struct turn *t)
{
	if (request_same_site(t->rq))
		return ERR_OK;
	return fault_set(
	    t->f, ERR_DENIED, "page_foreign", "sent by another site");
}

enum err
session_script(const struct turn *t)
{
	/* A form of another site cannot send this header. */
	if (!str_eq(request_env(t->rq, "HTTP_X_REQUESTED_WITH"), STR("kvitok")))
		return fault_set(
		    t->f, ERR_DENIED, "page_foreign", "no X-Requested-With");
	return session_same_site(t);
}
