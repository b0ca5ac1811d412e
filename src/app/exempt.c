#include "kvitok/app/exempt.h"

#include "kvitok/app/reference.h"
#include "kvitok/base/day.h"
#include "kvitok/base/utf8.h"
#include "kvitok/domain/account.h"
#include "kvitok/domain/payment.h"

#define SEEN_BY_MAX 64
#define SET_TRIES 3

static enum err
refuse(struct fault *f, enum err err, const char *pointer, const char *reason)
{
	(void)fault_set(f, err, reason, "%s", pointer);
	fault_field(f, pointer, reason);
	return err;
}

static bool
length_ok(struct str s, size_t max)
{
	size_t len = utf8_len(s);

	return utf8_text(s) && len > 0 && len <= max;
}

/* The account as the key has it. */
static enum err
fold(struct arena *a, const struct exempt_key *in, struct exempt_key *out,
    struct fault *f)
{
	*out = *in;
	if (in->holder == EXEMPT_PAYER) {
		out->supplier = STR("");
		return length_ok(in->subject, EXEMPT_SUBJECT_MAX)
		    ? ERR_OK
		    : refuse(f, ERR_INVALID, "payer", "field_length");
	}
	return account_fold(a, in->subject, &out->subject)
	    ? ERR_OK
	    : refuse(f, ERR_INVALID, "number", "account_form");
}

static enum err
check_texts(const struct exempt_request *req, struct fault *f)
{
	if (!length_ok(req->document, EXEMPT_DOCUMENT_MAX))
		return refuse(f, ERR_INVALID, "/document", "field_length");
	if (!length_ok(req->document_number, EXEMPT_DOCUMENT_MAX))
		return refuse(
		    f, ERR_INVALID, "/document_number", "field_length");
	if (!length_ok(req->seen_by, SEEN_BY_MAX))
		return refuse(f, ERR_INVALID, "/seen_by", "field_length");
	return ERR_OK;
}

static enum err
check_days(const struct exempt *x, struct fault *f)
{
	if (!day_valid(x->from_day))
		return refuse(f, ERR_INVALID, "/from_day", "field_form");
	if (x->to_day.len == 0)
		return ERR_OK;
	if (!day_valid(x->to_day))
		return refuse(f, ERR_INVALID, "/to_day", "field_form");
	return str_cmp(x->to_day, x->from_day) >= 0
	    ? ERR_OK
	    : refuse(f, ERR_LIMIT, "/to_day", "exempt_days");
}

static enum err
check_holder(const struct ports *p, struct arena *a, const struct ref *r,
    struct str today, const struct exempt_key *k, struct fault *f)
{
	struct str closed; /* its debt may be paid */
	enum err rc;

	if (!ref_exempts(r, k->portal, today))
		return fault_set(f, ERR_LIMIT, "exempt_not_set",
		    "no exempt_rule of %.*s", STR_ARG(k->portal));
	if (k->holder == EXEMPT_PAYER)
		return ERR_OK;
	if (!ref_supplier(r, k->portal, k->supplier, today))
		return refuse(f, ERR_ABSENT, "supplier", "supplier_unknown");
	rc = p->refs.account_known(
	    p->refs.self, a, k->portal, k->supplier, k->subject, &closed, f);
	return rc == ERR_ABSENT
	    ? refuse(f, ERR_ABSENT, "number", "account_unknown")
	    : rc;
}

enum err
exempt_check(const struct ports *p, struct arena *a,
    const struct exempt_request *req, struct exempt *out, struct fault *f)
{
	const struct ref *r;
	const struct ref_portal *po;
	int64_t now = p->clock.now(p->clock.self);
	char today[DAY_TEXT_SIZE], akey[PAY_AKEY_LEN + 1];
	enum err rc = reference(p, &r, f);

	if (rc != ERR_OK)
		return rc;
	po = ref_portal(r, req->key.portal);
	if (!po)
		return refuse(f, ERR_ABSENT, "portal", "portal_unknown");
	reference_today(po, now, today);
	*out = (struct exempt){ .kind = req->kind,
		.document = req->document,
		.document_number = req->document_number,
		.seen_by = req->seen_by,
		.from_day = req->from_day.len > 0 ? req->from_day
						  : arena_str(a, str_of(today)),
		.to_day = req->to_day,
		.created_at = now,
		.created_by = req->actor };
	rc = fold(a, &req->key, &out->key, f);
	if (rc == ERR_OK)
		rc = check_texts(req, f);
	if (rc == ERR_OK)
		rc = check_days(out, f);
	if (rc == ERR_OK)
		rc = check_holder(p, a, r, str_of(today), &out->key, f);
	if (rc == ERR_OK && !ref_exempt_kind(r, req->kind, str_of(today)))
		rc = refuse(f, ERR_ABSENT, "/kind", "exempt_kind_unknown");
	pay_akey(out->key.portal, out->key.subject, akey);
	out->akey = arena_str(a, str_of(akey));
	return rc;
}

struct setting {
	const struct ports *p;
	struct arena *a;
	struct exempt *v;
	size_t len, made, at;
	bool replace;
};

/* The day of Moscow will do: what is over by it is over in every zone but
 * for some hours, in which it is replaced a little early. */
static bool
is_over(const struct exempt *x, int64_t now)
{
	char today[DAY_TEXT_SIZE];

	day_of(now, DAY_ZONE_MOSCOW, today);
	return x->to_day.len > 0 && str_cmp(x->to_day, str_of(today)) < 0;
}

static enum err
end_former(struct setting *s, const struct exempt *was, struct exempt *x,
    struct fault *f)
{
	const struct exempt_store *st = &s->p->exempts;
	bool over = is_over(was, x->created_at), ended;

	if (!over && !s->replace)
		return fault_set(f, ERR_CONFLICT, "exemption_there",
		    "%.*s-%.*s", STR_ARG(was->akey), STR_ARG(was->id));
	return st->end(st->self,
	    &(struct exempt_end){ was->akey, was->id, x->created_by,
		over ? STR("over") : STR("replaced"), x->created_at },
	    &ended, f);
}

static enum err
set_one(struct setting *s, struct exempt *x, struct fault *f)
{
	const struct exempt_store *st = &s->p->exempts;
	struct exempt was;
	struct fault none;
	char id[27];
	enum err rc;

	fault_init(&none);
	rc = st->open(st->self, s->a, &x->key, &was, &none);
	if (rc == ERR_OK && exempt_same(&was, x)) {
		*x = was;
		return ERR_OK;
	}
	if (rc == ERR_OK)
		rc = end_former(s, &was, x, f);
	else if (rc == ERR_ABSENT)
		rc = ERR_OK;
	else
		return fault_set(f, rc, none.reason, "%s", none.detail);
	if (rc != ERR_OK)
		return rc;
	s->p->ids.ulid(s->p->ids.self, x->created_at, id);
	x->id = arena_str(s->a, str_of(id));
	s->made++;
	return st->put(st->self, x, f);
}

static enum err
set_body(void *arg, struct fault *f)
{
	struct setting *s = arg;
	enum err rc = ERR_OK;

	s->made = 0;
	for (s->at = 0; s->at < s->len; s->at++) {
		rc = set_one(s, &s->v[s->at], f);
		if (rc != ERR_OK)
			break;
	}
	if (s->made == 0)
		tx_idle(&s->p->tx); /* all of it is so already */
	return rc;
}

enum err
exempt_set(const struct ports *p, struct arena *a, struct exempt *v, size_t len,
    bool replace, size_t *made, size_t *at, struct fault *f)
{
	struct setting s = {
		.p = p, .a = a, .v = v, .len = len, .replace = replace
	};
	enum err rc = ERR_UNSURE;

	/* After a lost answer what was done is found as it is asked for. */
	for (int i = 0; i < SET_TRIES && rc == ERR_UNSURE; i++)
		rc = p->tx.run(p->tx.self, "exempt_set", set_body, &s, f);
	*made = s.made;
	*at = s.at;
	return rc;
}

struct ending {
	const struct ports *p;
	struct exempt_end e;
};

static enum err
end_body(void *arg, struct fault *f)
{
	struct ending *e = arg;
	bool ended = false;
	enum err rc = e->p->exempts.end(e->p->exempts.self, &e->e, &ended, f);

	if (!ended)
		tx_idle(&e->p->tx);
	return rc;
}

enum err
exempt_end(const struct ports *p, struct arena *a, struct str portal,
    struct str name, struct str actor, struct str reason, struct exempt *out,
    struct fault *f)
{
	const struct exempt_store *st = &p->exempts;
	struct ending e = { .p = p };
	enum err rc;

	if (!length_ok(reason, EXEMPT_REASON_MAX))
		return refuse(f, ERR_INVALID, "/reason", "field_length");
	e.e = (struct exempt_end){
		.by = actor, .reason = reason, .at = p->clock.now(p->clock.self)
	};
	if (!exempt_name_split(name, &e.e.akey, &e.e.id))
		return fault_set(f, ERR_ABSENT, "exemption_unknown", "no name");
	rc = st->get(st->self, a, e.e.akey, e.e.id, out, f);
	if (rc == ERR_OK && portal.len > 0 && !str_eq(out->key.portal, portal))
		rc = fault_set(
		    f, ERR_ABSENT, "exemption_unknown", "another portal's");
	if (rc != ERR_OK || out->ended_at != 0)
		return rc;
	rc = p->tx.run(p->tx.self, "exempt_end", end_body, &e, f);
	/* A lost answer: how does it stand? */
	if (rc == ERR_OK || rc == ERR_UNSURE)
		rc = st->get(st->self, a, e.e.akey, e.e.id, out, f);
	if (rc == ERR_OK && out->ended_at == 0)
		rc = fault_set(
		    f, ERR_AGAIN, "database_unavailable", "not ended");
	return rc;
}

enum err
exempt_of(const struct ports *p, struct arena *a, const struct exempt_key *key,
    const struct exempt **out, size_t *len, struct fault *f)
{
	struct exempt_key k;
	enum err rc = fold(a, key, &k, f);

	return rc == ERR_OK ? p->exempts.of(p->exempts.self, a, &k, out, len, f)
			    : rc;
}

enum err
exempt_find(const struct ports *p, struct arena *a,
    const struct exempt_key *key, struct str day, struct str *name,
    struct fault *f)
{
	struct exempt x;
	struct fault none;
	enum err rc;

	*name = STR("");
	fault_init(&none);
	rc = p->exempts.open(p->exempts.self, a, key, &x, &none);
	if (rc == ERR_ABSENT)
		return ERR_OK;
	if (rc != ERR_OK)
		return fault_set(f, rc, none.reason, "%s", none.detail);
	if (exempt_holds(&x, day))
		*name = exempt_name(a, &x);
	return ERR_OK;
}
