#include "kvitok/app/refund.h"

#include "kvitok/app/chronicle.h"
#include "kvitok/base/utf8.h"

#define ANSWER_MAX 65536
#define CREATE_TRIES 3

static enum err
check_reason(struct str reason, struct fault *f)
{
	size_t len = utf8_len(reason);

	if (utf8_text(reason) && len >= REFUND_REASON_MIN &&
	    len <= REFUND_REASON_MAX)
		return ERR_OK;
	(void)fault_set(f, ERR_INVALID, "field_length", "reason");
	fault_field(f, "/reason", "field_length");
	return ERR_INVALID;
}

static enum err
load(const struct ports *p, struct arena *a, struct str portal,
    struct str number, struct payment **out, struct fault *f)
{
	enum err rc;

	if (!pay_number_ok(number))
		return fault_set(
		    f, ERR_ABSENT, "payment_unknown", "not a number of ours");
	rc = p->pays.load(p->pays.self, a, number, out, f);
	if (rc == ERR_OK && portal.len > 0 && !str_eq((*out)->portal, portal))
		return fault_set(
		    f, ERR_ABSENT, "payment_unknown", "another portal's");
	return rc;
}

struct creating {
	const struct ports *p;
	struct arena *a;
	const struct refund_request *req;
	struct refund_made *out;
};

static enum err
replay(const struct creating *c, const struct idem *was, struct fault *f)
{
	if (!str_eq(was->body_hash, str_of(c->req->body_hash))) {
		(void)fault_set(f, ERR_LIMIT, "idempotency_key_reused",
		    "was used for %.*s", STR_ARG(was->number));
		fault_field(f, "Idempotency-Key", "idempotency_key_reused");
		return f->err;
	}
	*c->out = (struct refund_made){
		.number = was->number, .answer = was->answer, .replay = true
	};
	tx_idle(&c->p->tx);
	return ERR_OK;
}

static struct str
proof_of(struct arena *a, const struct refund *r)
{
	struct proof e;

	proof_begin(&e, a);
	jw_ktext(&e.w, "refund", r->id);
	jw_kint(&e.w, "sum_kop", r->sum_kop);
	jw_kint(&e.w, "fee_kop", r->fee_kop);
	jw_ktext(&e.w, "reason", r->reason);
	jw_ktext(&e.w, "actor", r->actor);
	return proof_end(&e);
}

/* The row, its reservation, its story and its job are one commit. */
static enum err
write_refund(const struct ports *p, struct arena *a, const struct payment *pm,
    const struct refund *r, struct fault *f)
{
	const struct refund_store *st = &p->refunds;
	enum err rc = st->reserve(
	    st->self, pm->akey, pm->number, refund_total(r), r->created_at, f);

	if (rc == ERR_OK)
		rc = st->put(st->self, r, f);
	if (rc == ERR_OK)
		rc = chronicle_put(p, a, pm,
		    &(struct chronicle_entry){ .kind = "refund_asked",
			.actor = r->actor,
			.n = pm->paid_attempt,
			.from = "",
			.to = "",
			.evidence = proof_of(a, r) },
		    f);
	if (rc == ERR_OK)
		rc = chronicle_job(p, a, pm, "refund", r->id, r->created_at, f);
	return rc;
}

static void
begin(const struct ports *p, struct arena *a, const struct payment *pm,
    struct refund *r)
{
	char id[27];

	r->akey = pm->akey;
	r->number = pm->number;
	r->state = REFUND_INTENDED;
	r->before_kop = -1;
	r->created_at = p->clock.now(p->clock.self);
	r->sent_at = r->ended_at = 0;
	p->ids.ulid(p->ids.self, r->created_at, id);
	r->id = arena_str(a, str_of(id));
}

enum err
refund_owe(const struct ports *p, struct arena *a, const struct payment *pm,
    struct refund *r, struct fault *f)
{
	begin(p, a, pm, r);
	return write_refund(p, a, pm, r, f);
}

static enum err
keep_answer(const struct creating *c, const struct payment *pm,
    const struct refund *r, struct fault *f)
{
	const struct refund_store *st = &c->p->refunds;
	struct buf b;
	bool made;
	enum err rc;

	buf_init(&b, c->a, ANSWER_MAX);
	c->req->render(&b, r);
	if (b.full)
		return fault_set(f, ERR_BUG, "internal", "answer too large");
	*c->out =
	    (struct refund_made){ .number = pm->number, .answer = buf_str(&b) };
	rc = st->answer_put(st->self, pm->portal, c->req->ikey,
	    &(struct idem){ str_of(c->req->body_hash), pm->akey, pm->number,
		c->out->answer },
	    r->created_at, &made, f);
	/* The same key at the same time: the next run finds its answer. */
	return rc != ERR_OK || made
	    ? rc
	    : fault_set(f, ERR_AGAIN, "busy", "the key is being used");
}

static enum err
plan(const struct creating *c, const struct payment *pm, struct refund *r,
    struct fault *f)
{
	struct refund_plan *plan = ARENA_NEW(c->a, struct refund_plan);
	const struct refund *list;
	size_t len;
	enum err rc;

	if (!pay_is_paid(pm->state))
		return fault_set(f, ERR_CONFLICT, "payment_not_paid",
		    "state %s", pay_state_name(pm->state));
	rc = c->p->refunds.list(
	    c->p->refunds.self, c->a, pm->akey, pm->number, &list, &len, f);
	if (rc == ERR_OK && len >= REFUNDS_MAX)
		rc = fault_set(
		    f, ERR_LIMIT, "refunds_too_many", "%zu refunds", len);
	if (rc == ERR_OK)
		rc = refund_share(pm, list, len, &c->req->ask, plan, f);
	if (rc != ERR_OK)
		return rc;
	*r = (struct refund){ .sum_kop = plan->sum_kop,
		.fee_kop = plan->fee_kop,
		.reason = c->req->reason,
		.actor = c->req->actor,
		.lines = plan->lines,
		.lines_len = plan->lines_len };
	begin(c->p, c->a, pm, r);
	return ERR_OK;
}

static enum err
create_body(void *arg, struct fault *f)
{
	struct creating *c = arg;
	const struct ports *p = c->p;
	struct payment *pm;
	struct refund r;
	struct idem was;
	struct fault none;
	enum err rc = load(p, c->a, c->req->portal, c->req->number, &pm, f);

	if (rc == ERR_OK)
		rc = p->refunds.lock(p->refunds.self, pm->akey, pm->number, f);
	if (rc != ERR_OK)
		return rc;
	fault_init(&none);
	rc = p->pays.find(
	    p->pays.self, c->a, pm->portal, c->req->ikey, &was, &none);
	if (rc == ERR_OK)
		return replay(c, &was, f);
	if (rc != ERR_ABSENT)
		return fault_set(f, rc, none.reason, "%s", none.detail);
	/* How it stands now that nobody else changes it. */
	rc = load(p, c->a, c->req->portal, c->req->number, &pm, f);
	if (rc == ERR_OK)
		rc = plan(c, pm, &r, f);
	if (rc == ERR_OK)
		rc = write_refund(p, c->a, pm, &r, f);
	if (rc == ERR_OK)
		rc = keep_answer(c, pm, &r, f);
	ports_step(p, "refund_writing");
	return rc;
}

enum err
refund_create(const struct ports *p, struct arena *a,
    const struct refund_request *req, struct refund_made *out, struct fault *f)
{
	struct creating c = { .p = p, .a = a, .req = req, .out = out };
	enum err rc = check_reason(req->reason, f);

	if (rc == ERR_OK)
		rc = ERR_UNSURE;
	/* The key makes it safe to repeat: a commit whose answer was lost is
	 * found by it. */
	for (int i = 0; i < CREATE_TRIES && rc == ERR_UNSURE; i++)
		rc = p->tx.run(p->tx.self, "refund", create_body, &c, f);
	return rc;
}

enum err
refund_list(const struct ports *p, struct arena *a, struct str portal,
    struct str number, const struct refund **out, size_t *len, struct fault *f)
{
	struct payment *pm;
	enum err rc = load(p, a, portal, number, &pm, f);

	return rc == ERR_OK ? p->refunds.list(p->refunds.self, a, pm->akey,
				  pm->number, out, len, f)
			    : rc;
}

enum err
refund_load(const struct ports *p, struct arena *a, struct str akey,
    struct str id, struct payment **pm, struct refund *out, struct fault *f)
{
	const struct refund *list = NULL;
	struct str number;
	size_t len = 0;
	enum err rc =
	    p->refunds.number(p->refunds.self, a, akey, id, &number, f);

	if (rc == ERR_OK)
		rc = p->pays.load(p->pays.self, a, number, pm, f);
	if (rc == ERR_OK)
		rc = p->refunds.list(
		    p->refunds.self, a, akey, number, &list, &len, f);
	for (size_t i = 0; i < len && rc == ERR_OK; i++)
		if (str_eq(list[i].id, id)) {
			*out = list[i];
			return ERR_OK;
		}
	return rc != ERR_OK
	    ? rc
	    : fault_set(f, ERR_ABSENT, "refund_unknown", "%.*s", STR_ARG(id));
}
