#include "kvitok/app/chronicle.h"
#include "kvitok/app/posting.h"
#include "kvitok/app/reference.h"
#include "kvitok/app/settle.h"
#include "kvitok/base/num.h"
#include "kvitok/base/utf8.h"

#define ANSWER_MAX 65536
#define CONFIRM_TRIES 3

struct confirming {
	const struct ports *p;
	struct arena *a;
	const struct settle_confirm_request *req;
	const struct ref *ref;
	struct settle_confirmed *out;
};

static enum err
replay(const struct confirming *c, const struct idem *was, struct fault *f)
{
	if (!str_eq(was->body_hash, str_of(c->req->body_hash))) {
		(void)fault_set(
		    f, ERR_LIMIT, "idempotency_key_reused", "was used before");
		fault_field(f, "Idempotency-Key", "idempotency_key_reused");
		return f->err;
	}
	*c->out = (struct settle_confirmed){ was->answer, true };
	tx_idle(&c->p->tx);
	return ERR_OK;
}

static enum err
changed(const struct settlement *s, const char *what, struct str of,
    struct fault *f)
{
	return fault_set(f, ERR_CONFLICT, "settlement_changed", "%.*s: %s %.*s",
	    STR_ARG(s->id), what, STR_ARG(of));
}

/* What was agreed on with the supplier is what it was when it was prepared;
 * no case was opened since. */
static enum err
check_same(
    const struct confirming *c, const struct settlement *s, struct fault *f)
{
	struct settlement now = {
		.portal = s->portal, .supplier = s->supplier, .day = s->day
	};
	const struct settle_reader *rd = &c->p->settlements;
	struct str number, purpose;
	enum err rc = settle_fill(c->ref, &now, f);

	if (rc == ERR_OK)
		rc = settle_purpose(c->a,
		    ref_deal(c->ref, s->portal, s->supplier, s->day)->purpose,
		    s, &purpose, f);
	if (rc != ERR_OK)
		return rc;
	if (!settle_same_terms(s, &now) || !str_eq(purpose, s->purpose))
		return changed(s, "other terms of", now.contract, f);
	rc = rd->cases(rd->self, c->a, s->id, &number, f);
	if (rc == ERR_OK && number.len > 0)
		return changed(s, "an open case of", number, f);
	return rc;
}

static enum err
tell(const struct ports *p, struct arena *a, const struct settlement *s,
    const char *kind, struct str actor, int64_t at, struct fault *f)
{
	struct settle_event e = {
		.kind = str_of(kind), .actor = actor, .at = at
	};
	struct proof proof;
	char id[27];

	proof_begin(&proof, a);
	jw_kint(&proof.w, "transfer_kop", s->sums.transfer_kop);
	jw_kint(&proof.w, "order_no", s->order_no);
	jw_ktext(&proof.w, "order_day", s->order_day);
	jw_ktext(&proof.w, "account", s->payee.account);
	jw_ktext(&proof.w, "bic", s->payee.bic);
	jw_kopt(&proof.w, "reason", s->reason);
	e.evidence = proof_end(&proof);
	p->ids.ulid(p->ids.self, at, id);
	e.id = str_of(id);
	return p->settle.tell(p->settle.self, s, &e, f);
}

/* Of two at once one has posted: the other one looks again. */
static enum err
post(const struct ports *p, struct arena *a, const struct settlement *s,
    bool back, struct ledger_transfer *t, struct fault *f)
{
	enum err rc;

	settle_posting(a, s, back, t);
	rc = posting_put(p, a, s->akey, t, f);
	return rc == ERR_CONFLICT
	    ? fault_set(f, ERR_AGAIN, "busy", "%.*s is posted", STR_ARG(s->id))
	    : rc;
}

/* The order's number and day, the posting, the story: one commit. */
static enum err
write_confirmed(
    const struct confirming *c, struct settlement *s, struct fault *f)
{
	const struct settle_store *st = &c->p->settle;
	struct ledger_transfer t;
	int64_t year = 0;
	enum err rc;

	rc = post(c->p, c->a, s, false, &t, f);
	if (rc != ERR_OK)
		return rc;
	/* One instant and one day of everything. */
	s->state = SETTLE_CONFIRMED;
	s->confirmed_at = t.at;
	s->confirmed_by = c->req->actor;
	s->order_day = t.day;
	if (!num_parse((struct str){ t.day.p, 4 }, 1900, 2999, &year))
		return fault_set(
		    f, ERR_BUG, "internal", "day %.*s", STR_ARG(t.day));
	rc = st->order_no(
	    st->self, c->a, s->own_account, (int)year, &s->order_no, f);
	if (rc == ERR_OK)
		rc = st->move(st->self, s, f);
	return rc == ERR_OK ? tell(c->p, c->a, s, "confirmed", c->req->actor,
				  s->confirmed_at, f)
			    : rc;
}

static enum err
keep_answer(
    const struct confirming *c, const struct settlement *s, struct fault *f)
{
	const struct refund_store *st = &c->p->refunds;
	struct buf b;
	bool made;
	enum err rc;

	buf_init(&b, c->a, ANSWER_MAX);
	c->req->render(&b, s);
	if (b.full)
		return fault_set(f, ERR_BUG, "internal", "answer too large");
	*c->out = (struct settle_confirmed){ .answer = buf_str(&b) };
	rc = st->answer_put(st->self, s->portal, c->req->ikey,
	    &(struct idem){
		str_of(c->req->body_hash), s->akey, STR(""), c->out->answer },
	    s->confirmed_at, &made, f);
	/* The same key at the same time: the next run finds its answer. */
	return rc != ERR_OK || made
	    ? rc
	    : fault_set(f, ERR_AGAIN, "busy", "the key is being used");
}

static enum err
confirm_body(void *arg, struct fault *f)
{
	struct confirming *c = arg;
	const struct ports *p = c->p;
	struct settlement s;
	struct idem was;
	struct fault none;
	enum err rc = settle_load(p, c->a, c->req->portal, c->req->id, &s, f);

	if (rc != ERR_OK)
		return rc;
	fault_init(&none);
	rc = p->pays.find(
	    p->pays.self, c->a, s.portal, c->req->ikey, &was, &none);
	if (rc == ERR_OK)
		return replay(c, &was, f);
	if (rc != ERR_ABSENT)
		return fault_set(f, rc, none.reason, "%s", none.detail);
	rc = settle_may_confirm(&s, c->req->sum_kop, f);
	if (rc == ERR_OK)
		rc = check_same(c, &s, f);
	if (rc == ERR_OK)
		rc = write_confirmed(c, &s, f);
	if (rc == ERR_OK)
		rc = keep_answer(c, &s, f);
	ports_step(p, "settle_confirming");
	return rc;
}

enum err
settle_confirm(const struct ports *p, struct arena *a,
    const struct settle_confirm_request *req, struct settle_confirmed *out,
    struct fault *f)
{
	struct confirming c = { .p = p, .a = a, .req = req, .out = out };
	enum err rc = reference(p, &c.ref, f);

	if (rc == ERR_OK)
		rc = ERR_UNSURE;
	/* The key makes it safe to repeat: a commit whose answer was lost is
	 * found by it. */
	for (int i = 0; i < CONFIRM_TRIES && rc == ERR_UNSURE; i++)
		rc = p->tx.run(
		    p->tx.self, "settle_confirm", confirm_body, &c, f);
	return rc;
}

struct returning {
	const struct ports *p;
	struct arena *a;
	struct str id, reason, actor;
	struct settlement *out;
};

static enum err
return_body(void *arg, struct fault *f)
{
	struct returning *x = arg;
	const struct ports *p = x->p;
	struct ledger_transfer t;
	struct settlement *s = x->out;
	enum err rc = settle_load(p, x->a, STR_NONE, x->id, s, f);

	if (rc == ERR_OK)
		rc = settle_is_out(s, f);
	if (rc != ERR_OK)
		return rc;
	rc = post(p, x->a, s, true, &t, f);
	s->state = SETTLE_RETURNED;
	s->returned_at = t.at;
	s->returned_by = x->actor;
	s->reason = x->reason;
	if (rc == ERR_OK)
		rc = p->settle.move(p->settle.self, s, f);
	if (rc == ERR_OK)
		rc = tell(p, x->a, s, "returned", x->actor, s->returned_at, f);
	ports_step(p, "settle_returning");
	return rc;
}

enum err
settle_return(const struct ports *p, struct arena *a, struct str id,
    struct str reason, struct str actor, struct settlement *out,
    struct fault *f)
{
	struct returning x = { p, a, id, reason, actor, out };
	size_t len = utf8_len(reason);

	if (!utf8_text(reason) || len < SETTLE_REASON_MIN ||
	    len > SETTLE_REASON_MAX) {
		(void)fault_set(f, ERR_INVALID, "field_length", "reason");
		fault_field(f, "/reason", "field_length");
		return f->err;
	}
	return p->tx.run(p->tx.self, "settle_return", return_body, &x, f);
}
