#include "kvitok/app/appeal.h"

#include "kvitok/app/appeal_file.h"
#include "kvitok/app/reference.h"
#include "kvitok/base/jw.h"
#include "kvitok/domain/email.h"
#include "kvitok/domain/ref.h"

#define FIELDS_TEXT_MAX ((size_t)1 << 20) /* escapes grow a body of 64 KiB */

static enum err
wrong(struct fault *f, enum err rc, const char *field, const char *reason)
{
	(void)fault_set(f, rc, reason, "%s", field);
	fault_field(f, field, reason);
	return f->err;
}

/* Gives: *found with *out, the one that the key of idempotency has made. */
static enum err
find(const struct ports *p, struct arena *a, const struct appeal_request *rq,
    struct appeal *out, bool *found, struct fault *f)
{
	const struct appeal_store *st = &p->appeals;
	struct str id;
	enum err rc = st->known(st->self, a, rq->who->key_id, rq->ikey, &id, f);

	*found = rc == ERR_OK && id.len > 0;
	if (*found)
		rc = st->load(st->self, a, rq->who->portal, id, out, f);
	if (rc != ERR_OK || !*found || str_eq(out->body_hash, rq->body_hash))
		return rc;
	(void)fault_set(f, ERR_LIMIT, "idempotency_key_reused",
	    "was used for %.*s", STR_ARG(id));
	fault_field(f, "Idempotency-Key", "idempotency_key_reused");
	return f->err;
}

/* Whom it is for: an account, or, of an application, a supplier alone. */
static enum err
address(const struct ports *p, struct arena *a, const struct appeal_request *rq,
    struct appeal *x, struct fault *f)
{
	const struct account *acc;
	const struct ref *r;
	char today[11];
	enum err rc;

	if (rq->account.len > 0) {
		rc = reference_account(
		    p, a, rq->who->portal, rq->supplier, rq->account, &acc, f);
		if (rc != ERR_OK)
			return rc;
		x->account = acc->account;
		x->shown = acc->shown.len > 0 ? acc->shown : acc->account;
		return ERR_OK;
	}
	if (rq->kind != APPEAL_APPLICATION)
		return wrong(f, ERR_LIMIT, "account", "appeal_account");
	rc = reference(p, &r, f);
	if (rc != ERR_OK)
		return rc;
	reference_today(
	    ref_portal(r, rq->who->portal), p->clock.now(p->clock.self), today);
	return ref_supplier(r, rq->who->portal, rq->supplier, str_of(today))
	    ? ERR_OK
	    : fault_set(f, ERR_ABSENT, "supplier_unknown", "%.*s",
		  STR_ARG(rq->supplier));
}

static enum err
judge(const struct ports *p, struct arena *a, const struct appeal_request *rq,
    struct appeal *x, struct fault *f)
{
	if (rq->text.len == 0 && rq->fields_len == 0)
		return wrong(f, ERR_LIMIT, "text", "appeal_empty");
	if (rq->email.len > 0 && !email_ok(rq->email))
		return wrong(f, ERR_INVALID, "email", "email_bad");
	if (appeal_field_wrong(rq->fields, rq->fields_len) < rq->fields_len)
		return wrong(f, ERR_LIMIT, "fields", "appeal_field");
	return address(p, a, rq, x, f);
}

static struct str
fields_text(struct arena *a, const struct appeal_request *rq)
{
	struct buf b;
	struct jw w;

	buf_init(&b, a, FIELDS_TEXT_MAX);
	jw_init(&w, &b);
	jw_list(&w);
	for (size_t i = 0; i < rq->fields_len; i++) {
		jw_object(&w);
		jw_ktext(&w, "name", rq->fields[i].name);
		jw_ktext(&w, "value", rq->fields[i].value);
		jw_object_end(&w);
	}
	jw_list_end(&w);
	return buf_str(&b);
}

struct creating {
	const struct ports *p;
	struct arena *a;
	const struct appeal_request *rq;
	const struct appeal *x;
	bool fresh;
};

/* With its files, or not at all. */
static enum err
create_body(void *arg, struct fault *f)
{
	struct creating *c = arg;
	const struct appeal_store *st = &c->p->appeals;
	enum err rc = st->put(st->self, c->x, &c->fresh, f);

	return rc == ERR_OK && c->fresh ? appeal_file_attach(c->p, c->a, c->x,
					      c->rq->files, c->rq->files_len, f)
					: rc;
}

enum err
appeal_create(const struct ports *p, struct arena *a,
    const struct appeal_request *rq, struct appeal *out, bool *replay,
    struct fault *f)
{
	const struct appeal_store *st = &p->appeals;
	int64_t now = p->clock.now(p->clock.self);
	struct appeal x = { .portal = rq->who->portal,
		.supplier = rq->supplier,
		.kind = rq->kind,
		.payer = rq->payer,
		.email = rq->email,
		.text = rq->text,
		.key_id = rq->who->key_id,
		.ikey = rq->ikey,
		.body_hash = rq->body_hash,
		.created_at = now };
	struct creating c = { p, a, rq, &x, false };
	char id[27];
	enum err rc = find(p, a, rq, out, replay, f);

	if (rc != ERR_OK || *replay)
		return rc;
	rc = judge(p, a, rq, &x, f);
	if (rc != ERR_OK)
		return rc;
	p->ids.ulid(p->ids.self, now, id);
	x.id = arena_str(a, str_of(id));
	x.fields = fields_text(a, rq);
	rc = p->tx.run(p->tx.self, "appeal", create_body, &c, f);
	if (rc != ERR_OK)
		return rc;
	return c.fresh ? st->load(st->self, a, x.portal, x.id, out, f)
		       : find(p, a, rq, out, replay, f); /* a moment ago */
}

enum err
appeal_read(const struct ports *p, struct arena *a, struct str portal,
    struct str id, struct appeal *out, const struct appeal_answer **answers,
    size_t *len, struct fault *f)
{
	const struct appeal_store *st = &p->appeals;
	enum err rc = st->load(st->self, a, portal, id, out, f);

	return rc == ERR_OK ? st->answers(st->self, a, out->id,
				  APPEAL_ANSWERS_MAX, answers, len, f)
			    : rc;
}

enum err
appeal_end(const struct ports *p, struct arena *a, struct str portal,
    struct str id, struct fault *f)
{
	const struct appeal_store *st = &p->appeals;
	struct appeal x;
	enum err rc = st->load(st->self, a, portal, id, &x, f);

	return rc == ERR_OK
	    ? st->close(st->self, portal, id, p->clock.now(p->clock.self), f)
	    : rc;
}
