#include "kvitok/app/reference.h"

#include "kvitok/base/day.h"
#include "kvitok/base/secret.h"
#include "kvitok/domain/payment.h"

#define SNAPSHOT_MAX ((size_t)256 << 20) /* memory of the reference data */
#define FRESH_MS 1000
#define FORMER_MAX 4 /* within one request or round of jobs */

struct ref_cache {
	struct arena *a; /* of the snapshot */
	const struct ref *ref;
	int64_t checked_at;
	/* Snapshots that somebody may still look at. */
	struct arena *former[FORMER_MAX];
	size_t former_len;
};

static void
free_snapshot(void *cache)
{
	struct ref_cache *c = cache;

	ref_cache_settle(c);
	arena_free(c->a);
}

struct ref_cache *
ref_cache_new(struct arena *long_lived)
{
	struct ref_cache *c = ARENA_NEW(long_lived, struct ref_cache);

	arena_defer(long_lived, free_snapshot, c);
	return c;
}

void
ref_cache_settle(struct ref_cache *c)
{
	while (c->former_len > 0)
		arena_free(c->former[--c->former_len]);
}

static enum err
load_anew(const struct ports *p, struct fault *f)
{
	struct ref_cache *c = p->cache;
	struct arena *a = arena_new(SNAPSHOT_MAX);
	const struct ref *fresh;
	enum err rc = p->refs.load(p->refs.self, a, &fresh, f);

	if (rc != ERR_OK) {
		arena_free(a);
		return rc;
	}
	if (c->a != NULL)
		c->former[c->former_len++] = c->a;
	c->a = a;
	c->ref = fresh;
	return ERR_OK;
}

/* Who runs on and on while rules change keeps to the last that he has seen. */
static bool
may_renew(const struct ref_cache *c)
{
	return c->former_len < FORMER_MAX;
}

enum err
reference(const struct ports *p, const struct ref **out, struct fault *f)
{
	struct ref_cache *c = p->cache;
	int64_t now = p->clock.now(p->clock.self);
	int64_t version;
	enum err rc;

	/* A clock that was set back must not freeze the snapshot. */
	if (!c->ref || now - c->checked_at >= FRESH_MS || now < c->checked_at) {
		rc = p->refs.version(p->refs.self, &version, f);
		if (rc == ERR_OK && may_renew(c) &&
		    (!c->ref || c->ref->version != version))
			rc = load_anew(p, f);
		if (rc != ERR_OK)
			return rc;
		c->checked_at = now;
	}
	*out = c->ref;
	return ERR_OK;
}

enum err
reference_caller(const struct ports *p, struct arena *a, struct str key,
    struct caller *out, struct fault *f)
{
	char hash[65];
	const struct ref *r;
	const struct ref_key *k;
	enum err rc = reference(p, &r, f);

	if (rc != ERR_OK)
		return rc;
	/* The look-up is by digest: its timing tells nothing of the key. */
	secret_sha256_hex(key, hash);
	k = ref_key(r, str_of(hash));
	if (!k) { /* it may have been made a moment ago */
		p->cache->checked_at = 0;
		rc = reference(p, &r, f);
		if (rc != ERR_OK)
			return rc;
		k = ref_key(r, str_of(hash));
	}
	if (!k)
		return fault_set(f, ERR_DENIED, "key_unknown", "no such key");
	out->key_id = arena_str(a, k->key_id);
	out->portal = arena_str(a, k->portal);
	out->supplier = arena_str(a, k->supplier);
	out->rights = k->rights;
	return ERR_OK;
}

void
reference_today(const struct ref_portal *portal, int64_t now, char out[11])
{
	day_of(now, portal->zone_min, out);
}

enum err
reference_account(const struct ports *p, struct arena *a, struct str portal,
    struct str supplier, struct str number, const struct account **out,
    struct fault *f)
{
	const struct ref *r;
	const struct ref_portal *po;
	struct str folded;
	char today[11];
	enum err rc = reference(p, &r, f);

	if (rc != ERR_OK)
		return rc;
	po = ref_portal(r, portal);
	if (po)
		reference_today(po, p->clock.now(p->clock.self), today);
	if (!po || !ref_supplier(r, portal, supplier, str_of(today)))
		return fault_set(f, ERR_ABSENT, "supplier_unknown",
		    "no valid supplier of the portal");
	if (!account_fold(a, number, &folded)) {
		(void)fault_set(
		    f, ERR_INVALID, "account_form", "not an account number");
		fault_field(f, "number", "account_form");
		return f->err;
	}
	return p->refs.account(
	    p->refs.self, a, portal, supplier, folded, out, f);
}
