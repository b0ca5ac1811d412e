#include "kvitok/app/refund_end.h"

#include "kvitok/app/case_trail.h"
#include "kvitok/app/chronicle.h"
#include "kvitok/app/posting.h"

static int64_t
now_of(const struct ports *p)
{
	return p->clock.now(p->clock.self);
}

static enum err
tell(const struct ports *p, struct arena *a, const struct payment *pm,
    struct chronicle_entry e, struct fault *f)
{
	e.n = pm->paid_attempt;
	return chronicle_put(p, a, pm, &e, f);
}

static enum err
move_payment(const struct ports *p, const struct payment *pm, enum pay_state to,
    struct fault *f)
{
	return p->pays.move(p->pays.self,
	    &(struct pay_move){ .akey = pm->akey,
		.number = pm->number,
		.from = pm->state,
		.to = to,
		.attempts = pm->attempts_len_stored,
		.attempts_to = pm->attempts_len_stored,
		.at = now_of(p) },
	    f);
}

static enum err
post(const struct ports *p, struct arena *a, const struct refund_end *e,
    struct fault *f)
{
	const struct attempt *at = payment_attempt(e->pm, e->pm->paid_attempt);
	struct ledger_transfer t;
	enum err rc;

	if (!at)
		return fault_set(f, ERR_BUG, "internal", "unpaid payment");
	rc = ledger_for_refund(a, e->pm, at, e->r, &t, f);
	return rc == ERR_OK ? posting_put(p, a, e->pm->akey, &t, f) : rc;
}

enum err
refund_end_write(const struct ports *p, struct arena *a,
    const struct refund_end *e, struct fault *f)
{
	enum pay_state from = e->pm->state;
	enum pay_state to = e->done_kop + refund_total(e->r) == e->pm->total_kop
	    ? PAY_REFUNDED
	    : PAY_PARTLY_REFUNDED;
	enum err rc = move_payment(p, e->pm, to, f);

	if (rc == ERR_OK)
		rc = post(p, a, e, f);
	if (rc == ERR_OK)
		rc = tell(p, a, e->pm,
		    (struct chronicle_entry){ .kind = "refund_done",
			.actor = e->actor,
			.from = pay_state_name(from),
			.to = pay_state_name(to),
			.evidence = e->evidence },
		    f);
	/* What his own bank has taken back was no doing of ours. */
	if (rc == ERR_OK && e->pm->email.len > 0 &&
	    e->r->way != REFUND_BY_CHARGEBACK)
		rc = chronicle_job(
		    p, a, e->pm, "refund_receipt", e->r->id, now_of(p), f);
	return rc;
}

static struct str
proof_of(struct arena *a, const struct refund *r)
{
	struct proof e;

	proof_begin(&e, a);
	jw_ktext(&e.w, "refund", r->id);
	jw_ktext(&e.w, "way", str_of(refund_way_name(r->way)));
	jw_kopt(&e.w, "own_account", r->own_account);
	jw_kint(&e.w, "sum_kop", r->sum_kop);
	jw_kint(&e.w, "fee_kop", r->fee_kop);
	jw_ktext(&e.w, "reason", r->reason);
	jw_ktext(&e.w, "actor", r->actor);
	return proof_end(&e);
}

enum err
refund_end_new(const struct ports *p, struct arena *a, const struct payment *pm,
    struct refund *r, int64_t done_kop, struct fault *f)
{
	const struct refund_store *st = &p->refunds;
	struct str proof;
	char id[27];
	enum err rc;

	r->akey = pm->akey;
	r->number = pm->number;
	r->state = REFUND_DONE;
	r->before_kop = -1;
	r->created_at = r->sent_at = r->ended_at = now_of(p);
	if (r->id.len == 0) {
		p->ids.ulid(p->ids.self, r->created_at, id);
		r->id = arena_str(a, str_of(id));
	}
	proof = proof_of(a, r);
	rc = st->reserve(
	    st->self, pm->akey, pm->number, refund_total(r), r->created_at, f);
	if (rc == ERR_OK)
		rc = st->put(st->self, r, f);
	if (rc == ERR_OK)
		rc = tell(p, a, pm,
		    (struct chronicle_entry){ .kind = "refund_asked",
			.actor = r->actor,
			.from = "",
			.to = "",
			.evidence = proof },
		    f);
	return rc == ERR_OK ? refund_end_write(p, a,
				  &(struct refund_end){ .pm = pm,
				      .r = r,
				      .done_kop = done_kop,
				      .actor = r->actor,
				      .evidence = proof },
				  f)
			    : rc;
}

/* --- as the bank says ------------------------------------------------- */

static enum err
move_refund(const struct ports *p, const struct refund *r, enum refund_state to,
    struct fault *f)
{
	return p->refunds.move(p->refunds.self,
	    &(struct refund_move){ .akey = r->akey,
		.number = r->number,
		.id = r->id,
		.from = r->state,
		.to = to,
		.code = STR_NONE,
		.ended_at = now_of(p) },
	    f);
}

/* The bank has done it, and more. */
static enum err
as_done(const struct ports *p, struct arena *a, const struct refund_said *s,
    struct fault *f)
{
	enum err rc = move_refund(p, s->r, REFUND_DONE, f);

	return rc == ERR_OK
	    ? refund_end_write(p, a,
		  &(struct refund_end){ .pm = s->pm,
		      .r = s->r,
		      .done_kop = refund_done_kop(s->list, s->list_len),
		      .actor = STR("job"),
		      .evidence = s->evidence },
		  f)
	    : rc;
}

/* The bank has done another one in its place. */
static enum err
as_failed(const struct ports *p, struct arena *a, const struct refund_said *s,
    struct fault *f)
{
	enum err rc = move_refund(p, s->r, REFUND_FAILED, f);

	if (rc == ERR_OK)
		rc = p->refunds.reserve(p->refunds.self, s->pm->akey,
		    s->pm->number, -refund_total(s->r), now_of(p), f);
	return rc == ERR_OK
	    ? tell(p, a, s->pm,
		  (struct chronicle_entry){ .kind = "refund_refused",
		      .actor = STR("job"),
		      .from = "",
		      .to = "",
		      .evidence = s->evidence },
		  f)
	    : rc;
}

/* The refunds of the payment, the one in question ended as it now is. */
static const struct refund *
with_end(struct arena *a, const struct refund_said *s, enum refund_state to)
{
	struct refund *v = ARENA_ARRAY(a, s->list_len + 1, struct refund);

	for (size_t i = 0; i < s->list_len; i++) {
		v[i] = s->list[i];
		if (str_eq(v[i].id, s->r->id))
			v[i].state = to;
	}
	return v;
}

static enum err
agree(const struct ports *p, struct arena *a, const struct refund_said *s,
    const struct pay_case *c, struct fault *f)
{
	bool more = s->gave_kop > refund_total(s->r);
	const struct refund *list =
	    with_end(a, s, more ? REFUND_DONE : REFUND_FAILED);
	int64_t kop = more ? s->gave_kop - refund_total(s->r) : s->gave_kop;
	struct refund_plan *plan = ARENA_NEW(a, struct refund_plan);
	struct payment *pm;
	struct refund r;
	enum err rc =
	    refund_share_total(s->pm, list, s->list_len, kop, plan, f);

	if (rc == ERR_OK)
		rc = more ? as_done(p, a, s, f) : as_failed(p, a, s, f);
	if (rc == ERR_OK) /* it has moved */
		rc = p->pays.load(p->pays.self, a, s->pm->number, &pm, f);
	if (rc != ERR_OK)
		return rc;
	r = (struct refund){ .sum_kop = plan->sum_kop,
		.fee_kop = plan->fee_kop,
		.reason = c->note,
		.actor = c->decided_by,
		.lines = plan->lines,
		.lines_len = plan->lines_len };
	rc =
	    refund_end_new(p, a, pm, &r, refund_done_kop(list, s->list_len), f);
	return rc == ERR_OK
	    ? case_trail_resolve(p, a, c, NULL, STR("job"), s->evidence, f)
	    : rc;
}

enum err
refund_end_as_bank(const struct ports *p, struct arena *a,
    const struct refund_said *s, bool *did, struct fault *f)
{
	struct fault none;
	struct pay_case c;
	bool found;
	enum err rc = case_trail_find(
	    p, a, s->pm, "refund_unclear", s->r->id, &c, &found, f);

	*did = false;
	if (rc != ERR_OK || !found ||
	    case_state(c.state, c.owner, c.resolution) != CASE_UNDER_WAY)
		return rc;
	fault_init(&none);
	rc = agree(p, a, s, &c, &none);
	*did = rc == ERR_OK;
	/* Less than nothing, or more than was paid: nothing is written yet. */
	if (rc == ERR_LIMIT)
		return case_trail_refuse(p, a, &c, s->evidence, f);
	return rc == ERR_OK ? rc
			    : fault_set(f, rc, none.reason, "%s", none.detail);
}

enum err
refund_end_unclear(const struct ports *p, struct arena *a,
    const struct payment *pm, struct str id, struct fault *f)
{
	struct pay_case c;
	bool found;
	enum err rc =
	    case_trail_find(p, a, pm, "refund_unclear", id, &c, &found, f);

	return rc != ERR_OK || !found || str_eq(c.state, STR("resolved"))
	    ? rc
	    : case_trail_resolve(p, a, &c, "settled", STR("job"), STR(""), f);
}
