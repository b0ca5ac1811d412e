#include "kvitok/app/confirm.h"

#include "kvitok/app/card_pay.h"
#include "kvitok/app/chronicle.h"
#include "kvitok/app/openings.h"
#include "kvitok/app/reading.h"
#include "kvitok/app/posting.h"
#include "kvitok/base/utf8.h"

#define CASE_SUBJECT_MAX 100

enum err
confirm_second(const struct ports *p, struct arena *a, const struct payment *pm,
    const struct attempt *at, const struct second_money *m, struct str actor,
    struct fault *f)
{
	struct ledger_transfer t;
	bool made;
	struct pay_case row = { .n = at->n,
		.kind = STR("second_payment"),
		.subject = utf8_cut_bytes(m->subject, CASE_SUBJECT_MAX),
		.proposal = STR("refund"),
		.sum_kop = m->taken_kop,
		.evidence = m->evidence };
	enum err rc = chronicle_case(p, a, pm, &row, actor, &made, f);

	if (rc != ERR_OK || !made)
		return rc;
	rc = ledger_for_second(a, pm, at, row.subject, m->taken_kop, &t, f);
	return rc == ERR_OK ? posting_put(p, a, pm->akey, &t, f) : rc;
}

struct confirming {
	const struct ports *p;
	struct arena *a;
	const struct payment *pm;
	const struct attempt *at;
	const struct bank_status *s;
	struct str actor;
	struct gateway_traits traits;
	int64_t now;
	struct fault *f;
};

/* Foreign text for a column of max bytes. */
static struct str
fit(struct str s, size_t max)
{
	return utf8_cut_bytes(s, max);
}

static struct str
proof_of(struct confirming *c)
{
	struct proof e;

	proof_begin(&e, c->a);
	jw_ktext(&e.w, "contract", c->at->contract);
	jw_kopt(&e.w, "bank_id", c->s->bank_id);
	jw_kopt(&e.w, "bank_no", c->s->bank_no);
	if (c->s->taken_kop >= 0)
		jw_kint(&e.w, "taken_kop", c->s->taken_kop);
	if (c->s->currency != 0)
		jw_kint(&e.w, "currency", c->s->currency);
	jw_kint(&e.w, "total_kop", c->pm->total_kop);
	jw_kopt(&e.w, "code", c->s->code);
	jw_kopt(&e.w, "reason", c->s->reason);
	jw_kopt(&e.w, "card_mask", c->s->card_mask);
	jw_kopt(&e.w, "rrn", c->s->rrn);
	jw_kopt(&e.w, "auth_code", c->s->auth_code);
	jw_kopt(&e.w, "answer", fit(c->s->raw, 2000));
	return proof_end(&e);
}

static enum err
tell(struct confirming *c, const char *kind, const char *from, const char *to)
{
	return chronicle_put(c->p, c->a, c->pm,
	    &(struct chronicle_entry){ .kind = kind,
		.actor = c->actor,
		.n = c->at->n,
		.from = from,
		.to = to,
		.evidence = proof_of(c) },
	    c->f);
}

static struct att_move
attempt_to(struct confirming *c, enum att_state to)
{
	return (struct att_move){ .akey = c->pm->akey,
		.number = c->pm->number,
		.n = c->at->n,
		.from = c->at->state,
		.to = to,
		.closed_at = att_is_closed(to) ? c->now : 0 };
}

static struct pay_move
payment_to(struct confirming *c, enum pay_state to)
{
	return (struct pay_move){ .akey = c->pm->akey,
		.number = c->pm->number,
		.from = c->pm->state,
		.to = to,
		.attempts = c->pm->attempts_len_stored,
		.attempts_to = c->pm->attempts_len_stored,
		.at = c->now };
}

static enum err
move_attempt(struct confirming *c, const struct att_move *m)
{
	return c->p->pays.attempt_move(c->p->pays.self, m, c->f);
}

static enum err
move_payment(struct confirming *c, const struct pay_move *m)
{
	return c->p->pays.move(c->p->pays.self, m, c->f);
}

static enum err
attempt_paid(struct confirming *c, int64_t taken_kop)
{
	struct att_move m = attempt_to(c, ATT_PAID);

	m.paid_kop = taken_kop;
	m.reason = m.code = STR("");
	if (c->s->bank_id.len)
		m.bank_id = fit(c->s->bank_id, 64);
	return move_attempt(c, &m);
}

static struct str
bank_no_of(struct confirming *c)
{
	char bank_no[PAY_BANK_NO_MAX + 1];

	pay_bank_no(c->pm->number, c->at->n, bank_no);
	return arena_str(c->a, str_of(bank_no));
}

static enum err
second(struct confirming *c, struct str subject, int64_t taken_kop)
{
	return confirm_second(c->p, c->a, c->pm, c->at,
	    &(struct second_money){ subject, taken_kop, proof_of(c) }, c->actor,
	    c->f);
}

/*
 * Gazprombank: every opening of its page may take money.  The attempt's row
 * is locked by now, and whoever notes a paid opening locks it too, so that
 * of two at once the later one is seen here or sees us.
 */
static enum err
other_openings(struct confirming *c)
{
	struct str *ids = NULL, *states = NULL;
	size_t len = 0;
	bool apart;
	enum err rc = ERR_OK;

	if (c->traits.way != GATEWAY_REDIRECTS)
		return ERR_OK;
	rc =
	    c->p->bills.trxs(c->p->bills.self, c->a, c->pm->akey, c->pm->number,
		c->at->n, OPENINGS_LIST_MAX, &ids, &states, &len, c->f);
	for (size_t i = 0; i < len && rc == ERR_OK; i++)
		if (str_eq(states[i], STR("paid")) &&
		    !str_eq(ids[i], c->s->bank_id)) {
			struct str subject = arena_fmt(c->a, "%.*s/%.*s",
			    STR_ARG(bank_no_of(c)), STR_ARG(ids[i]));

			rc = openings_apart(
			    c->p, c->a, c->pm, subject, &apart, c->f);
			if (rc == ERR_OK && !apart)
				rc = second(c, subject, c->pm->total_kop);
		}
	return rc;
}

/* The one credit of a payment; the receipt is owed by the same commit. */
static enum err
credit(struct confirming *c, int64_t taken_kop)
{
	struct pay_move m = payment_to(c, PAY_PAID);
	struct ledger_transfer t;
	enum err rc = attempt_paid(c, taken_kop);

	if (rc == ERR_OK)
		rc = other_openings(c);
	m.paid_at = c->now;
	m.paid_attempt = c->at->n;
	/* A late answer may make an earlier attempt the paid one. */
	m.contract = c->at->contract;
	m.bank = c->at->bank;
	m.card_mask = fit(c->s->card_mask, 24);
	m.bank_ref = fit(c->s->rrn, 40);
	m.auth_code = fit(c->s->auth_code, 16);
	m.reason = STR("");
	if (rc == ERR_OK)
		rc = move_payment(c, &m);
	if (rc == ERR_OK)
		rc = ledger_for_paid(c->a, c->pm, c->at, &t, c->f);
	if (rc == ERR_OK)
		rc = posting_put(c->p, c->a, c->pm->akey, &t, c->f);
	if (rc == ERR_OK)
		rc = tell(c, "payment_paid", pay_state_name(c->pm->state),
		    pay_state_name(PAY_PAID));
	if (rc == ERR_OK)
		rc = card_paid(
		    c->p, c->a, c->pm, c->at, &c->s->card, c->actor, c->f);
	if (rc == ERR_OK)
		rc = reading_give(c->p, c->a, c->pm, c->actor, c->f);
	if (rc == ERR_OK && c->pm->email.len > 0)
		rc = chronicle_job(
		    c->p, c->a, c->pm, "receipt", c->pm->number, c->now, c->f);
	return rc;
}

static enum err
open_case(struct confirming *c, const char *kind, struct str subject,
    const char *proposal, bool *made)
{
	struct pay_case row = {
		.n = c->at->n,
		.kind = str_of(kind),
		.subject = fit(subject, CASE_SUBJECT_MAX),
		.proposal = str_of(proposal),
		.sum_kop =
		    c->s->taken_kop >= 0 ? c->s->taken_kop : c->pm->total_kop,
		.evidence = proof_of(c),
	};

	return chronicle_case(c->p, c->a, c->pm, &row, c->actor, made, c->f);
}

/* Hold the attempt for a person: nothing is credited, nothing is dropped.
 * What a person has decided before is not asked again. */
static enum err
hold(struct confirming *c, const char *kind)
{
	struct att_move m = attempt_to(c, c->at->state);
	bool made = false;
	enum err rc;

	if (c->at->on_case)
		return ERR_OK;
	m.closed_at = 0;
	rc = move_attempt(c, &m); /* nobody else opens a case meanwhile */
	if (rc == ERR_OK)
		rc = open_case(c, kind, bank_no_of(c), "ask_bank", &made);
	if (rc != ERR_OK || !made)
		return rc;
	m.on_case = true;
	return move_attempt(c, &m);
}

/*
 * A status is asked by the number that the check has brought.  Where anybody
 * may send a check, that may be the number of somebody else's payment: it
 * credits only what a signed call has confirmed, too.
 */
static enum err
is_alone(struct confirming *c, bool *alone)
{
	enum err rc;

	*alone = false;
	if (c->traits.caller_known || c->traits.way != GATEWAY_REDIRECTS ||
	    c->s->taken_kop >= 0)
		return ERR_OK;
	rc = openings_paid(
	    c->p, c->a, c->pm, c->at->n, c->s->bank_id, alone, c->f);
	*alone = !*alone;
	return rc;
}

static enum err
write_paid(struct confirming *c)
{
	/* Gazprombank's status names no sum: the bank charges what our own
	 * answer to its check has said, which is the total. */
	bool silent = c->traits.way == GATEWAY_REDIRECTS && c->s->taken_kop < 0;
	int64_t taken = silent ? c->pm->total_kop : c->s->taken_kop;
	bool alone;
	enum err rc;

	if (c->at->on_case)
		return ERR_OK; /* a person decides */
	if ((rc = is_alone(c, &alone)) != ERR_OK)
		return rc;
	if (alone) /* the signed call is perhaps on its way */
		return c->now < c->at->expires_at ? ERR_OK
						  : hold(c, "not_signed");
	if (c->s->bank_no.len > 0 ? !str_eq(c->s->bank_no, bank_no_of(c))
				  : c->traits.way == GATEWAY_REGISTERS)
		return hold(c, "wrong_number");
	switch (payment_on_paid(c->pm, c->at, taken, c->s->currency)) {
	case PAID_REPEATED:
		return ERR_OK;
	case PAID_WRONG_SUM:
		return hold(c, "wrong_sum");
	case PAID_WRONG_CURRENCY:
		return hold(c, "wrong_currency");
	case PAID_SECOND:
		rc = attempt_paid(c, taken);
		return rc == ERR_OK ? second(c, bank_no_of(c), taken) : rc;
	case PAID_CREDIT:
		break;
	}
	return credit(c, taken);
}

/* A card that it was made with may have come to its end. */
static enum err
card_end(struct confirming *c)
{
	return card_refused(
	    c->p, c->a, c->pm, c->at, c->s->reason, c->actor, c->f);
}

static enum err
write_end(struct confirming *c, enum att_state to, const char *kind)
{
	struct att_move am = attempt_to(c, to);
	struct pay_move pm;
	enum pay_state after = payment_after_end(c->pm, c->at, to);
	enum err rc;

	if (!att_may_move(c->at->state, to))
		return ERR_OK; /* known already */
	am.reason = c->s->reason;
	am.code = fit(c->s->code, 40);
	if (c->s->bank_id.len > 0) /* calling it off needs it */
		am.bank_id = fit(c->s->bank_id, 64);
	rc = move_attempt(c, &am);
	if (rc == ERR_OK && after != c->pm->state) {
		pm = payment_to(c, after);
		pm.reason = c->s->reason;
		rc = move_payment(c, &pm);
	}
	if (rc == ERR_OK)
		rc = tell(
		    c, kind, att_state_name(c->at->state), att_state_name(to));
	return rc == ERR_OK ? card_end(c) : rc;
}

/* Registered after all: the answer to the registration had been lost. */
static enum err
write_found(struct confirming *c)
{
	struct att_move m = attempt_to(c, ATT_REGISTERED);
	struct str url;
	enum err rc = c->p->gateway.page_url(c->p->gateway.self, c->a,
	    c->at->contract, c->s->bank_id, &url, c->f);

	if (rc != ERR_OK)
		return rc;
	if (url.len > 0) {
		m.bank_id = fit(c->s->bank_id, 64);
		m.form_url = url;
		rc = move_attempt(c, &m);
		return rc == ERR_OK
		    ? tell(c, "attempt_found", att_state_name(c->at->state),
			  att_state_name(ATT_REGISTERED))
		    : rc;
	}
	/* Nobody has ever seen the page of this order: call it off, so that
	 * the next visit begins a new attempt. */
	rc = chronicle_job(
	    c->p, c->a, c->pm, "cancel", bank_no_of(c), c->now, c->f);
	return rc == ERR_OK ? write_end(c, ATT_REFUSED, "attempt_link_lost")
			    : rc;
}

static enum err
write_open(struct confirming *c)
{
	struct pay_move pm;
	struct att_move am;
	bool chosen;
	enum err rc = ERR_OK;

	if (c->at->state == ATT_INTENDED || c->at->state == ATT_UNKNOWN)
		return write_found(c);
	/* A link alone never runs out at the bank: our clock ends it. */
	if (c->traits.way == GATEWAY_REDIRECTS && c->now >= c->at->expires_at)
		return write_end(c, ATT_EXPIRED, "attempt_expired");
	if (c->s->reason.len == 0 || c->pm->state != PAY_PENDING ||
	    c->at->state != ATT_REGISTERED)
		return ERR_OK;
	/* With a chosen card its page takes no other one: the payer is to
	 * have a new attempt, and this order is called off. */
	rc = card_was_used(c->p, c->a, c->pm, c->at, &chosen, c->f);
	if (rc == ERR_OK && chosen)
		rc = chronicle_job(
		    c->p, c->a, c->pm, "cancel", bank_no_of(c), c->now, c->f);
	if (rc != ERR_OK || chosen)
		return rc == ERR_OK
		    ? write_end(c, ATT_DECLINED, "attempt_declined")
		    : rc;
	/* Refused, and the bank lets the payer try again on its page. */
	am = attempt_to(c, ATT_REGISTERED);
	am.reason = c->s->reason;
	am.code = fit(c->s->code, 40);
	pm = payment_to(c, PAY_DECLINED);
	pm.reason = c->s->reason;
	rc = move_attempt(c, &am);
	if (rc == ERR_OK)
		rc = move_payment(c, &pm);
	if (rc == ERR_OK)
		rc = tell(c, "try_refused", pay_state_name(PAY_PENDING),
		    pay_state_name(PAY_DECLINED));
	return rc == ERR_OK ? card_end(c) : rc;
}

static enum err
write_absent(struct confirming *c)
{
	/* The page was opened, and nobody has begun to pay there. */
	if (c->traits.way == GATEWAY_REDIRECTS)
		return write_open(c);
	/* Registered once, and now unknown to the bank: past its time nobody
	 * can pay it.  Before, we do not believe it. */
	if (c->at->state == ATT_REGISTERED)
		return c->now >= c->at->expires_at
		    ? write_end(c, ATT_EXPIRED, "attempt_expired")
		    : ERR_OK;
	/* A registration under way may not have arrived yet. */
	if (c->now - c->at->started_at < c->p->set.patience_ms ||
	    (c->at->state != ATT_INTENDED && c->at->state != ATT_UNKNOWN))
		return ERR_OK;
	return write_end(c, ATT_REFUSED, "attempt_never_there");
}

static struct confirming
about(const struct ports *p, struct arena *a, const struct payment *pm,
    const struct attempt *at, const struct bank_status *s, struct str actor,
    struct fault *f)
{
	return (struct confirming){ .p = p,
		.a = a,
		.pm = pm,
		.at = at,
		.s = s,
		.actor = actor,
		.now = p->clock.now(p->clock.self),
		.f = f };
}

enum err
confirm_write(const struct ports *p, struct arena *a, const struct payment *pm,
    const struct attempt *at, const struct bank_status *s, struct str actor,
    struct fault *f)
{
	struct confirming c = about(p, a, pm, at, s, actor, f);
	enum err rc =
	    p->gateway.traits(p->gateway.self, at->contract, &c.traits, f);

	if (rc != ERR_OK)
		return rc;
	if (at->decided)
		return ERR_OK; /* by a person */
	switch (s->outcome) {
	case BANK_PAID:
		return write_paid(&c);
	case BANK_OPEN:
		return write_open(&c);
	case BANK_DECLINED:
		return write_end(&c, ATT_DECLINED, "attempt_declined");
	case BANK_EXPIRED:
		return write_end(&c, ATT_EXPIRED, "attempt_expired");
	case BANK_ABSENT:
		return write_absent(&c);
	case BANK_GIVEN_BACK:
		return hold(&c, "given_back");
	}
	return fault_set(f, ERR_BUG, "internal", "outcome %d", (int)s->outcome);
}

enum err
confirm_refused(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct attempt *at, struct str reason,
    struct str code, struct str actor, struct fault *f)
{
	struct bank_status s = {
		.reason = reason, .code = code, .taken_kop = -1
	};
	struct confirming c = about(p, a, pm, at, &s, actor, f);

	return write_end(&c, ATT_REFUSED, "attempt_refused");
}

enum err
confirm_release(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct attempt *at, const struct release *r,
    struct fault *f)
{
	struct bank_status s = {
		.reason = r->reason, .code = STR(""), .taken_kop = -1
	};
	struct confirming c = about(p, a, pm, at, &s, r->actor, f);
	struct att_move m = attempt_to(&c, at->state);
	enum err rc;

	m.closed_at = 0;
	m.on_case = false;
	m.off_case = !r->held;
	/* Of one that was credited everything has been decided. */
	m.decided = r->decided && at->state != ATT_PAID;
	rc = move_attempt(&c, &m);
	return rc == ERR_OK && m.decided && att_is_open(at->state)
	    ? write_end(&c, ATT_DECLINED, "attempt_declined")
	    : rc;
}
