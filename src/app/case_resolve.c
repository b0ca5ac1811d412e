#include "kvitok/app/cases.h"

#include "kvitok/app/case_hold.h"
#include "kvitok/app/case_register.h"
#include "kvitok/app/case_trail.h"
#include "kvitok/app/chronicle.h"
#include "kvitok/app/give_back.h"
#include "kvitok/app/refund.h"
#include "kvitok/app/refund_end.h"
#include "kvitok/app/reference.h"
#include "kvitok/app/send_case.h"
#include "kvitok/base/utf8.h"

#define ANSWER_MAX 65536
#define TRIES 3

struct resolving {
	const struct ports *p;
	struct arena *a;
	const struct case_resolve *req;
	const struct ref *ref; /* for paid_by_hand only */
	struct case_resolved *out;
	/* Of this run of the body: */
	struct pay_case from, to;
	struct payment *pm; /* NULL: the case has none */
	const struct resolution *rule;
};

static enum err
refuse(struct fault *f, enum err rc, const char *pointer, const char *reason)
{
	(void)fault_set(f, rc, reason, "%s", pointer);
	fault_field(f, pointer, reason);
	return rc;
}

static enum err
check_request(const struct case_resolve *req, struct fault *f)
{
	size_t len = utf8_len(req->reason);

	if (!utf8_text(req->reason) || len < CASE_REASON_MIN ||
	    len > CASE_REASON_MAX)
		return refuse(f, ERR_INVALID, "/reason", "field_length");
	if (!resolution_known(req->how))
		return refuse(
		    f, ERR_INVALID, "/resolution", "resolution_unknown");
	/* Whoever names a payment means that something becomes its. */
	if (req->number.len > 0 && !str_eq(req->how, STR("assign")))
		return refuse(f, ERR_INVALID, "/number", "field_unknown");
	return ERR_OK;
}

static int64_t
now_of(const struct resolving *w)
{
	return w->p->clock.now(w->p->clock.self);
}

/* --- what each resolution does ------------------------------------------ */

/* Money that is in the books as owed back must go back. */
static enum err
not_owed(struct resolving *w, struct fault *f)
{
	bool owed;
	enum err rc;

	if (!w->pm)
		return ERR_OK;
	rc = give_back_owed(w->p, w->a, &w->from, &owed, f);
	return rc == ERR_OK && owed
	    ? fault_set(f, ERR_CONFLICT, "case_money_owed", "%.*s",
		  STR_ARG(w->from.subject))
	    : rc;
}

static enum err
dismiss(struct resolving *w, struct fault *f)
{
	enum err rc = not_owed(w, f);

	return rc == ERR_OK && w->pm
	    ? case_hold_end(w->p, w->a, w->pm, &w->from, STR("pay_declined"),
		  w->req->hand.actor, f)
	    : rc;
}

/* [tx] Wake the job that knows how to ask. */
static enum err
wake(struct resolving *w, const char *kind, struct str ref, struct fault *f)
{
	int64_t now = now_of(w);
	struct job j = { .akey = w->from.akey,
		.kind = str_of(kind),
		.ref = ref,
		.due_at = now,
		.created_at = now };
	char id[27];

	w->p->ids.ulid(w->p->ids.self, now, id);
	j.id = arena_str(w->a, str_of(id));
	return w->p->jobs.wake(w->p->jobs.self, &j, f);
}

static enum err
ask_again(struct resolving *w, struct fault *f)
{
	const struct attempt *at = payment_attempt(w->pm, w->from.n);
	char bank_no[PAY_BANK_NO_MAX + 1];
	enum err rc;

	if (str_eq(w->from.kind, STR("refund_unclear")))
		return wake(w, "refund", w->from.subject, f);
	if (!at || at->decided)
		return fault_set(
		    f, ERR_CONFLICT, "case_decided", "attempt %d", w->from.n);
	rc = not_owed(w, f);
	if (rc == ERR_OK)
		rc = case_hold_end(w->p, w->a, w->pm, &w->from, STR_NONE,
		    w->req->hand.actor, f);
	pay_bank_no(w->pm->number, w->from.n, bank_no);
	return rc == ERR_OK
	    ? wake(w, "ask", arena_str(w->a, str_of(bank_no)), f)
	    : rc;
}

/* Our account that it was paid from: said, or the one of the contract. */
static enum err
own_account(struct resolving *w, struct str *out, struct fault *f)
{
	const struct attempt *at = payment_attempt(w->pm, w->from.n);
	const struct ref_contract *k =
	    at ? ref_contract(w->ref, at->contract) : NULL;

	*out = w->req->own_account;
	if (out->len == 0 && k)
		*out = arena_str(w->a, k->own_account);
	if (out->len == 0)
		return refuse(f, ERR_LIMIT, "/own_account", "field_missing");
	if (!ref_own_account(w->ref, *out))
		return refuse(
		    f, ERR_INVALID, "/own_account", "own_account_unknown");
	return ERR_OK;
}

static enum err
give_back(struct resolving *w, struct fault *f)
{
	struct give_back_ask ask = { .pm = w->pm,
		.c = &w->from,
		.reason = w->req->reason,
		.actor = w->req->hand.actor };
	enum err rc = ERR_OK;

	if (w->rule->act == RESOLVE_BY_HAND)
		rc = own_account(w, &ask.own_account, f);
	return rc == ERR_OK ? give_back_owe(w->p, w->a, &ask, f) : rc;
}

/* The refund that the case is about, and all of its payment. */
static enum err
load_refund(struct resolving *w, struct refund *r, const struct refund **list,
    size_t *len, struct fault *f)
{
	enum err rc = w->p->refunds.list(
	    w->p->refunds.self, w->a, w->pm->akey, w->pm->number, list, len, f);

	for (size_t i = 0; rc == ERR_OK && i < *len; i++)
		if (str_eq((*list)[i].id, w->from.subject)) {
			*r = (*list)[i];
			return ERR_OK;
		}
	return rc != ERR_OK ? rc
			    : fault_set(f, ERR_ABSENT, "refund_unknown", "%.*s",
				  STR_ARG(w->from.subject));
}

static enum err
refund_lines(struct resolving *w, struct fault *f)
{
	const struct refund *list;
	struct refund r;
	size_t len;
	enum err rc = load_refund(w, &r, &list, &len, f);

	if (rc == ERR_OK && len >= REFUNDS_MAX)
		rc = fault_set(
		    f, ERR_LIMIT, "refunds_too_many", "%zu refunds", len);
	if (rc == ERR_OK)
		rc = refund_fits(w->pm, list, len, &r, f);
	r.id = STR("");
	r.reason = w->req->reason;
	r.actor = w->req->hand.actor;
	r.code = STR("");
	if (rc == ERR_OK && w->rule->act == RESOLVE_REFUND_AGAIN)
		return refund_owe(w->p, w->a, w->pm, &r, f);
	r.way = REFUND_BY_HAND;
	if (rc == ERR_OK)
		rc = own_account(w, &r.own_account, f);
	return rc == ERR_OK ? refund_end_new(w->p, w->a, w->pm, &r,
				  refund_done_kop(list, len), f)
			    : rc;
}

static enum err
act(struct resolving *w, struct fault *f)
{
	switch (w->rule->act) {
	case RESOLVE_DISMISS:
		return dismiss(w, f);
	case RESOLVE_ASK_AGAIN:
		return ask_again(w, f);
	case RESOLVE_GIVE_BACK:
	case RESOLVE_BY_HAND:
		return give_back(w, f);
	case RESOLVE_REFUND_AGAIN:
	case RESOLVE_REFUND_BY_HAND:
		return refund_lines(w, f);
	case RESOLVE_CHARGEBACK:
		return case_register_chargeback(w->p, w->a, w->pm, &w->to, f);
	case RESOLVE_WRITE_OFF:
		return case_register_write_off(w->p, w->a, &w->to, f);
	case RESOLVE_ASSIGN:
		return case_register_assign(w->p, w->a, &w->to,
		    &(struct case_assign){
			w->req->number, w->req->hand.portal },
		    f);
	case RESOLVE_SEND_AGAIN:
		return send_case_retry(w->p, w->a, &w->from, f);
	case RESOLVE_REFUND_AS_BANK:
		return wake(w, "refund", w->from.subject, f);
	}
	return fault_set(f, ERR_BUG, "internal", "act %d", (int)w->rule->act);
}

/* --- the transaction ----------------------------------------------------- */

static enum err
get(struct resolving *w, struct fault *f)
{
	const struct case_hand *h = &w->req->hand;
	enum err rc =
	    w->p->cases.get(w->p->cases.self, w->a, h->id, &w->from, f);

	return rc == ERR_OK && h->portal.len > 0 &&
		!str_eq(h->portal, w->from.portal)
	    ? fault_set(f, ERR_ABSENT, "case_unknown", "another portal's")
	    : rc;
}

/* Read all of it, once nobody else changes it. */
static enum err
read_all(struct resolving *w, struct fault *f)
{
	enum err rc = get(w, f);

	w->pm = NULL;
	if (rc != ERR_OK || w->from.number.len == 0)
		return rc;
	rc = w->p->refunds.lock(
	    w->p->refunds.self, w->from.akey, w->from.number, f);
	if (rc == ERR_OK)
		rc = get(w, f);
	if (rc == ERR_OK)
		rc = w->p->pays.load(
		    w->p->pays.self, w->a, w->from.number, &w->pm, f);
	return rc;
}

/* Gives: *done, what the key has done before. */
static enum err
replay(struct resolving *w, bool *done, struct fault *f)
{
	struct fault none;
	struct idem was;
	enum err rc;

	*done = false;
	fault_init(&none);
	rc = w->p->pays.find(
	    w->p->pays.self, w->a, w->from.portal, w->req->ikey, &was, &none);
	if (rc == ERR_ABSENT)
		return ERR_OK;
	if (rc != ERR_OK)
		return fault_set(f, rc, none.reason, "%s", none.detail);
	if (!str_eq(was.body_hash, str_of(w->req->body_hash)))
		return refuse(
		    f, ERR_LIMIT, "Idempotency-Key", "idempotency_key_reused");
	*done = true;
	*w->out = (struct case_resolved){ was.answer, true };
	tx_idle(&w->p->tx);
	return ERR_OK;
}

static enum err
may(struct resolving *w, struct fault *f)
{
	const struct pay_case *c = &w->from;

	switch (case_state(c->state, c->owner, c->resolution)) {
	case CASE_RESOLVED:
		return fault_set(f, ERR_CONFLICT, "case_resolved", "%.*s",
		    STR_ARG(c->resolution));
	case CASE_UNDER_WAY:
		return fault_set(f, ERR_CONFLICT, "case_under_way", "%.*s",
		    STR_ARG(c->resolution));
	case CASE_TAKEN:
		if (!str_eq(c->owner, w->req->hand.actor))
			return fault_set(f, ERR_CONFLICT, "case_taken",
			    "by %.*s", STR_ARG(c->owner));
		break;
	case CASE_OPEN:
	case CASE__COUNT:
		break;
	}
	w->rule = resolution_find(c->kind, w->req->how);
	return w->rule
	    ? ERR_OK
	    : refuse(f, ERR_LIMIT, "/resolution", "resolution_unfit");
}

/* Where a bank must be called or asked, a job ends it. */
static bool
is_carried_out(const struct resolving *w)
{
	return w->rule->act == RESOLVE_GIVE_BACK ||
	    w->rule->act == RESOLVE_REFUND_AS_BANK;
}

static enum err
write_case(struct resolving *w, struct fault *f)
{
	bool later = is_carried_out(w);
	struct pay_case *to = &w->to;
	struct proof e;

	*to = w->from;
	to->resolution = w->req->how;
	to->note = w->req->reason;
	to->decided_by = w->req->hand.actor;
	to->decided_at = now_of(w);
	if (!later) {
		to->state = STR("resolved");
		to->resolved_at = to->decided_at;
	}
	proof_begin(&e, w->a);
	if (w->req->number.len > 0)
		jw_ktext(&e.w, "number", w->req->number);
	return case_trail_move(w->p, w->a, &w->from, to,
	    &(struct case_step){
		later ? "decided" : "resolved", to->decided_by, proof_end(&e) },
	    f);
}

static enum err
keep_answer(struct resolving *w, struct fault *f)
{
	const struct refund_store *st = &w->p->refunds;
	struct buf b;
	bool made;
	enum err rc;

	buf_init(&b, w->a, ANSWER_MAX);
	w->req->render(&b, &w->to);
	if (b.full)
		return fault_set(f, ERR_BUG, "internal", "answer too large");
	*w->out = (struct case_resolved){ buf_str(&b), false };
	rc = st->answer_put(st->self, w->from.portal, w->req->ikey,
	    &(struct idem){ str_of(w->req->body_hash), w->from.akey,
		w->from.number, w->out->answer },
	    now_of(w), &made, f);
	/* The same key at the same time: the next run finds its answer. */
	return rc != ERR_OK || made
	    ? rc
	    : fault_set(f, ERR_AGAIN, "busy", "the key is being used");
}

static enum err
resolve_body(void *arg, struct fault *f)
{
	struct resolving *w = arg;
	bool done = false;
	enum err rc = read_all(w, f);

	if (rc == ERR_OK)
		rc = replay(w, &done, f);
	if (rc != ERR_OK || done)
		return rc;
	rc = may(w, f);
	if (rc == ERR_OK)
		rc = write_case(w, f);
	if (rc == ERR_OK)
		rc = act(w, f);
	if (rc == ERR_OK)
		rc = keep_answer(w, f);
	ports_step(w->p, "case_resolving");
	return rc;
}

enum err
cases_resolve(const struct ports *p, struct arena *a,
    const struct case_resolve *req, struct case_resolved *out, struct fault *f)
{
	struct resolving w = { .p = p, .a = a, .req = req, .out = out };
	enum err rc = check_request(req, f);

	if (rc == ERR_OK)
		rc = reference(p, &w.ref, f);
	if (rc == ERR_OK)
		rc = ERR_UNSURE;
	/* The key makes it safe to repeat: a commit whose answer was lost is
	 * found by it. */
	for (int i = 0; i < TRIES && rc == ERR_UNSURE; i++)
		rc = p->tx.run(p->tx.self, "case_resolve", resolve_body, &w, f);
	return rc;
}
