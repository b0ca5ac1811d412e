#include "kvitok/app/bank_said.h"

#include "kvitok/app/chronicle.h"
#include "kvitok/app/confirm.h"
#include "kvitok/app/openings.h"
#include "kvitok/base/utf8.h"

#define SUBJECT_MAX 100 /* of a case */

static struct str
actor_of(const struct bank_said *c)
{
	return arena_fmt(c->a, "bank:%.*s", STR_ARG(c->at->contract));
}

/* What the signed call says, in the shape of a status. */
static struct bank_status
status_of(const struct bank_said *c, enum bank_outcome outcome)
{
	return (struct bank_status){ .outcome = outcome,
		.bank_no = c->n->bank_no,
		.bank_id = c->n->trx,
		.taken_kop = c->n->taken_kop,
		.card_mask = c->n->card_mask,
		.rrn = c->n->rrn,
		.auth_code = c->n->auth_code,
		.reason = c->n->reason,
		.code = c->n->code,
		.card = c->n->card };
}

static enum err
write_said(
    const struct bank_said *c, enum bank_outcome outcome, struct fault *f)
{
	struct bank_status s = status_of(c, outcome);

	return confirm_write(c->p, c->a, c->pm, c->at, &s, actor_of(c), f);
}

static struct str
proof_of(const struct bank_said *c)
{
	struct proof e;

	proof_begin(&e, c->a);
	jw_ktext(&e.w, "trx", c->n->trx);
	jw_ktext(&e.w, "notice", c->notice);
	jw_kint(&e.w, "total_kop", c->pm->total_kop);
	jw_kint(&e.w, "taken_kop", c->n->taken_kop);
	return proof_end(&e);
}

/* Order and opening: what names this money. */
static struct str
subject_of(const struct bank_said *c)
{
	return utf8_cut_bytes(arena_fmt(c->a, "%.*s/%.*s",
				  STR_ARG(c->n->bank_no), STR_ARG(c->n->trx)),
	    SUBJECT_MAX);
}

static enum err
case_of(
    const struct bank_said *c, const char *kind, bool *made, struct fault *f)
{
	return chronicle_case(c->p, c->a, c->pm,
	    &(struct pay_case){ .n = c->at->n,
		.kind = str_of(kind),
		.subject = subject_of(c),
		.proposal = STR("ask_bank"),
		.sum_kop = c->n->taken_kop >= 0 ? c->n->taken_kop : 0,
		.evidence = proof_of(c) },
	    actor_of(c), made, f);
}

static enum err
second(const struct bank_said *c, struct fault *f)
{
	return confirm_second(c->p, c->a, c->pm, c->at,
	    &(struct second_money){
		subject_of(c), c->n->taken_kop, proof_of(c) },
	    actor_of(c), f);
}

/* Lock the attempt's row, and put it on hold. */
static enum err
touch(const struct bank_said *c, bool on_case, struct fault *f)
{
	return c->p->pays.attempt_move(c->p->pays.self,
	    &(struct att_move){ .akey = c->pm->akey,
		.number = c->pm->number,
		.n = c->at->n,
		.from = c->at->state,
		.to = c->at->state,
		.on_case = on_case },
	    f);
}

/* A person decides; what one has decided is not asked again. */
static enum err
hold(const struct bank_said *c, const char *kind, struct fault *f)
{
	bool made;
	enum err rc = case_of(c, kind, &made, f);

	return rc == ERR_OK && made ? touch(c, true, f) : rc;
}

/* Locks the attempt's row and notes how this opening of the page ended. */
static enum err
note_trx(const struct bank_said *c, const char *state, struct fault *f)
{
	const struct ports *p = c->p;
	enum err rc = touch(c, false, f);

	if (rc == ERR_OK)
		rc = p->bills.trx_put(p->bills.self, c->pm->akey, c->pm->number,
		    c->at->n, c->n->trx, c->now, f);
	if (rc == ERR_OK)
		rc = p->bills.trx_move(p->bills.self, c->pm->akey,
		    c->pm->number, c->at->n, c->n->trx, str_of(state), f);
	return rc;
}

/* Money of an attempt that has been credited. */
static enum err
said_paid_again(const struct bank_said *c, struct fault *f)
{
	bool made; /* once is enough: whoever was first has told it */

	if (!str_eq(c->at->bank_id, c->n->trx))
		return second(c, f);
	/* A status, which names no sum, may have come before this call. */
	return c->n->taken_kop == c->pm->total_kop
	    ? ERR_OK
	    : case_of(c, "wrong_sum", &made, f);
}

enum err
bank_said_paid(const struct bank_said *c, struct fault *f)
{
	bool repeat;
	enum err rc =
	    openings_paid(c->p, c->a, c->pm, c->at->n, c->n->trx, &repeat, f);

	if (rc == ERR_OK)
		rc = note_trx(c, "paid", f);
	if (rc != ERR_OK)
		return rc;
	/* On hold from now on: a status names no account, and must not be
	 * taken for a proof. */
	if (!c->n->account_ok)
		return hold(c, "wrong_account", f);
	if (c->at->state == ATT_PAID)
		return said_paid_again(c, f);
	/* A person decides about the attempt, or has decided, and must know
	 * of this, too. */
	if (c->at->on_case || c->at->decided)
		return repeat ? ERR_OK : hold(c, "paid_on_hold", f);
	if (c->traits->proof_by_notice || c->n->taken_kop != c->pm->total_kop)
		return write_said(c, BANK_PAID, f);
	return ERR_OK; /* its status query must agree: the job is awake */
}

/* Another opening of the page may still be under way. */
enum err
bank_said_declined(const struct bank_said *c, struct fault *f)
{
	bool over, made;
	enum err rc;

	if (c->at->state == ATT_PAID)
		return str_eq(c->at->bank_id, c->n->trx)
		    ? case_of(c, "failed_after_paid", &made, f)
		    : note_trx(c, "failed", f);
	rc = note_trx(c, "failed", f);
	if (rc == ERR_OK)
		rc = openings_failed(c->p, c->a, c->pm, c->at->n, &over, f);
	return rc == ERR_OK && over ? write_said(c, BANK_DECLINED, f) : rc;
}
