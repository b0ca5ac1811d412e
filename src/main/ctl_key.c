#include "ctl.h"

#include "kvitok/base/secret.h"
#include "kvitok/base/utf8.h"

#define KEY_PREFIX "kv_"
#define KEY_RANDOM 32 /* 160 bits */
#define KEY_SIZE (sizeof(KEY_PREFIX) + KEY_RANDOM)
#define TITLE_MAX 120

static enum err
check_supplier(struct ctl *c, const struct ref *ref, const struct new_key *k)
{
	for (size_t i = 0; i < ref->suppliers_len; i++)
		if (str_eq(ref->suppliers[i].portal, k->portal) &&
		    str_eq(ref->suppliers[i].supplier, k->supplier))
			return ERR_OK;
	return fault_set(&c->f, ERR_ABSENT, "supplier_unknown",
	    "--supplier: %.*s has no %.*s", STR_ARG(k->portal),
	    STR_ARG(k->supplier));
}

static enum err
check_key(struct ctl *c, const struct new_key *k)
{
	const struct ref *ref;
	unsigned rights;
	enum err rc;

	if (!ref_rights(k->rights, &rights))
		return fault_set(&c->f, ERR_INVALID, "field_form",
		    "--rights: words of: pay read refund report admin "
		    "exchange");
	if (k->title.len == 0 || !utf8_text(k->title) ||
	    utf8_len(k->title) > TITLE_MAX)
		return fault_set(&c->f, ERR_INVALID, "field_length",
		    "--title: 1 to %d characters", TITLE_MAX);
	rc = c->p->refs.load(c->p->refs.self, c->a, &ref, &c->f);
	if (rc != ERR_OK)
		return rc;
	if (ref_portal(ref, k->portal) == NULL)
		return fault_set(&c->f, ERR_ABSENT, "portal_unknown",
		    "--portal: there is no %.*s", STR_ARG(k->portal));
	if (k->supplier.len > 0 &&
	    (rights & ~(unsigned)(RIGHT_REPORT | RIGHT_EXCHANGE)) != 0)
		return fault_set(&c->f, ERR_INVALID, "usage",
		    "a key of a supplier has the rights report and exchange "
		    "alone");
	if (k->supplier.len == 0 && (rights & RIGHT_EXCHANGE) != 0)
		return fault_set(&c->f, ERR_INVALID, "usage",
		    "the right exchange is that of a supplier: --supplier");
	return k->supplier.len == 0 ? ERR_OK : check_supplier(c, ref, k);
}

/* Gives: the words parted by single spaces; "pay,read" is easier to type. */
static struct str
spaced(struct arena *a, struct str words)
{
	char *p = arena_z(a, words);

	for (size_t i = 0; i < words.len; i++)
		if (p[i] == ',')
			p[i] = ' ';
	return (struct str){ p, words.len };
}

struct keying {
	const struct ctl *c;
	const struct new_key *k; /* NULL: withdraw the one that is named */
};

static enum err
key_body(void *arg, struct fault *f)
{
	const struct keying *x = arg;
	const struct ports *p = x->c->p;

	return x->k != NULL ? p->refs.key_put(p->refs.self, x->k, f)
			    : p->refs.key_withdraw(p->refs.self, x->c->words[0],
				  p->clock.now(p->clock.self), f);
}

enum err
ctl_key_add(struct ctl *c)
{
	char key[KEY_SIZE] = KEY_PREFIX, hash[65], id[SECRET_ULID_SIZE];
	int64_t now = c->p->clock.now(c->p->clock.self);
	struct new_key k = { .portal = ctl_option(c, "portal"),
		.rights = spaced(c->a, ctl_option(c, "rights")),
		.title = ctl_option(c, "title"),
		.supplier = ctl_option(c, "supplier"),
		.at = now };
	enum err rc;

	rc = check_key(c, &k);
	if (rc != ERR_OK)
		return rc;
	secret_random_text(key + sizeof(KEY_PREFIX) - 1, KEY_RANDOM);
	secret_sha256_hex(str_of(key), hash);
	secret_ulid(now, id);
	k.key_id = str_of(id);
	k.key_hash = str_of(hash);
	c->note->object = arena_str(c->a, k.key_id);
	rc = c->p->tx.run(c->p->tx.self, "key_add", key_body,
	    &(struct keying){ c, &k }, &c->f);
	if (rc == ERR_OK) {
		/* The only time that it is seen: its digest is stored. */
		buf_text(&c->out, str_of(key));
		buf_char(&c->out, '\n');
	}
	secret_wipe(key, sizeof(key));
	return rc;
}

enum err
ctl_key_list(struct ctl *c)
{
	const struct ref *ref;
	enum err rc;

	rc = c->p->refs.load(c->p->refs.self, c->a, &ref, &c->f);
	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; i < ref->keys_len; i++) {
		const struct ref_key *k = &ref->keys[i];
		char rights[REF_RIGHTS_SIZE];

		ctl_cell(&c->out, k->key_id, 28);
		ctl_cell(&c->out, k->portal, 20);
		ctl_cell(&c->out, ref_rights_words(k->rights, rights), 32);
		buf_text(&c->out, k->title);
		if (k->supplier.len > 0)
			ctl_say(&c->out, ", of supplier ", k->supplier);
		buf_char(&c->out, '\n');
	}
	return ERR_OK;
}

enum err
ctl_key_withdraw(struct ctl *c)
{
	enum err rc = c->p->tx.run(c->p->tx.self, "key_withdraw", key_body,
	    &(struct keying){ c, NULL }, &c->f);

	if (rc == ERR_OK)
		buf_lit(&c->out, "withdrawn; refused within a second\n");
	return rc;
}
