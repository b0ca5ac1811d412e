#include "kvitok/app/chronicle.h"
#include "kvitok/app/posting.h"
#include "kvitok/app/fiscal.h"
#include "kvitok/app/refund.h"
#include "kvitok/base/day.h"
#include "kvitok/base/utf8.h"

#define CODE_MAX 40
#define WAIT_MAX_MS 600000
/* A bank that knows no id of a refund must have been silent about it for
 * longer before it is taken for not done. */
#define PATIENCE_WITHOUT_ID 10

/* One refund in the hands of the job. */
struct running {
	const struct ports *p;
	struct arena *a;
	struct str number, id;
	struct payment *pm;
	const struct attempt *at;  /* that took the money */
	struct refund r;           /* as it was read last */
	int64_t out_kop, done_kop; /* of others: with the bank; done */
	struct bank_refund ask;
	bool cart_kept;  /* the cart of ask, by a former call */
	struct str code; /* of a refusal */
	bool mine;       /* of a transaction: it was us */
	int64_t now_kop; /* what the bank has given back, as it says */
};

static int64_t
now_of(const struct running *x)
{
	return x->p->clock.now(x->p->clock.self);
}

/* Read the payment and its refunds. */
static enum err
read_all(struct running *x, struct fault *f)
{
	const struct refund *list;
	size_t len, i;
	enum err rc =
	    x->p->pays.load(x->p->pays.self, x->a, x->number, &x->pm, f);

	if (rc == ERR_OK)
		rc = x->p->refunds.list(x->p->refunds.self, x->a, x->pm->akey,
		    x->number, &list, &len, f);
	if (rc != ERR_OK)
		return rc;
	x->done_kop = refund_done_kop(list, len);
	x->out_kop = 0;
	for (i = 0; i < len; i++) {
		if (str_eq(list[i].id, x->id))
			x->r = list[i];
		else if (refund_is_out(list[i].state))
			x->out_kop += refund_total(&list[i]);
	}
	x->at = payment_attempt(x->pm, x->pm->paid_attempt);
	if (x->r.id.len == 0 || !x->at)
		return fault_set(f, ERR_BUG, "internal",
		    "refund %.*s of an unpaid payment", STR_ARG(x->id));
	return ERR_OK;
}

/* [tx] The same, and nobody changes it until the end. */
static enum err
hold(struct running *x, struct fault *f)
{
	struct str akey = { x->number.p, PAY_AKEY_LEN };
	enum err rc =
	    x->p->refunds.lock(x->p->refunds.self, akey, x->number, f);

	return rc == ERR_OK ? read_all(x, f) : rc;
}

static struct str
proof_of(const struct running *x)
{
	struct proof e;

	proof_begin(&e, x->a);
	jw_ktext(&e.w, "refund", x->id);
	jw_ktext(&e.w, "contract", x->at->contract);
	jw_kopt(&e.w, "bank_id", x->at->bank_id);
	jw_kint(&e.w, "total_kop", refund_total(&x->r));
	if (x->r.before_kop >= 0)
		jw_kint(&e.w, "bank_before_kop", x->r.before_kop);
	if (x->now_kop >= 0)
		jw_kint(&e.w, "bank_now_kop", x->now_kop);
	jw_kopt(&e.w, "code", x->code);
	jw_ktext(&e.w, "reason", x->r.reason);
	jw_ktext(&e.w, "actor", x->r.actor);
	return proof_end(&e);
}

static enum err
tell(struct running *x, const char *kind, enum pay_state from,
    enum pay_state to, struct fault *f)
{
	return chronicle_put(x->p, x->a, x->pm,
	    &(struct chronicle_entry){ .kind = kind,
		.actor = STR("job"),
		.n = x->at->n,
		.from = from == to ? "" : pay_state_name(from),
		.to = from == to ? "" : pay_state_name(to),
		.evidence = proof_of(x) },
	    f);
}

static enum err
move(struct running *x, enum refund_state to, struct fault *f)
{
	bool ends = to == REFUND_DONE || to == REFUND_FAILED;

	return x->p->refunds.move(x->p->refunds.self,
	    &(struct refund_move){ .akey = x->pm->akey,
		.number = x->number,
		.id = x->id,
		.from = x->r.state,
		.to = to,
		.code = x->code,
		.sent_at = to == REFUND_SENT ? now_of(x) : 0,
		.ended_at = ends ? now_of(x) : 0 },
	    f);
}

static enum err
run(struct running *x, const char *name,
    enum err (*body)(void *arg, struct fault *f), struct fault *f)
{
	enum err rc = x->p->tx.run(x->p->tx.self, name, body, x, f);

	/* Read again: whatever was written is found then. */
	return rc == ERR_UNSURE
	    ? fault_set(f, ERR_AGAIN, "database_unavailable", "commit unsure")
	    : rc;
}

/* --- how it ends ------------------------------------------------------ */

static enum err
post(struct running *x, struct fault *f)
{
	struct ledger_transfer t;
	enum err rc = ledger_for_refund(x->a, x->pm, x->at, &x->r, &t, f);

	return rc == ERR_OK ? posting_put(x->p, x->a, x->pm->akey, &t, f) : rc;
}

static enum err
move_payment(struct running *x, enum pay_state to, struct fault *f)
{
	return x->p->pays.move(x->p->pays.self,
	    &(struct pay_move){ .akey = x->pm->akey,
		.number = x->number,
		.from = x->pm->state,
		.to = to,
		.attempts = x->pm->attempts_len_stored,
		.attempts_to = x->pm->attempts_len_stored,
		.at = now_of(x) },
	    f);
}

static enum err
done_body(void *arg, struct fault *f)
{
	struct running *x = arg;
	enum pay_state to, from;
	enum err rc = hold(x, f);

	/* It was taken for not done, and is. */
	if (rc == ERR_OK && x->r.state == REFUND_INTENDED) {
		rc = move(x, REFUND_SENT, f);
		x->r.state = REFUND_SENT;
	}
	if (rc != ERR_OK || !refund_is_out(x->r.state))
		return rc; /* somebody else has written it */
	from = x->pm->state;
	to = x->done_kop + refund_total(&x->r) == x->pm->total_kop
	    ? PAY_REFUNDED
	    : PAY_PARTLY_REFUNDED;
	rc = move(x, REFUND_DONE, f);
	if (rc == ERR_OK)
		rc = move_payment(x, to, f);
	if (rc == ERR_OK)
		rc = post(x, f);
	if (rc == ERR_OK)
		rc = tell(x, "refund_done", from, to, f);
	if (rc == ERR_OK && x->pm->email.len > 0)
		rc = chronicle_job(
		    x->p, x->a, x->pm, "refund_receipt", x->id, now_of(x), f);
	ports_step(x->p, "refund_done_writing");
	return rc;
}

static enum err
failed_body(void *arg, struct fault *f)
{
	struct running *x = arg;
	struct pay_case row = { .kind = STR("refund_failed"),
		.proposal = STR("ask_bank") };
	bool made;
	enum err rc = hold(x, f);

	if (rc != ERR_OK || !refund_is_out(x->r.state))
		return rc;
	rc = move(x, REFUND_FAILED, f);
	if (rc == ERR_OK)
		rc = x->p->refunds.reserve(x->p->refunds.self, x->pm->akey,
		    x->number, -refund_total(&x->r), now_of(x), f);
	if (rc == ERR_OK)
		rc = tell(x, "refund_refused", x->pm->state, x->pm->state, f);
	row.n = x->at->n;
	row.subject = x->id;
	row.sum_kop = refund_total(&x->r);
	row.evidence = proof_of(x);
	return rc == ERR_OK
	    ? chronicle_case(x->p, x->a, x->pm, &row, STR("job"), &made, f)
	    : rc;
}

/* What the bank has given back is neither with nor without this refund. */
static enum err
unclear_body(void *arg, struct fault *f)
{
	struct running *x = arg;
	struct pay_case row = { .kind = STR("refund_unclear"),
		.proposal = STR("ask_bank") };
	bool made;
	enum err rc = hold(x, f);

	if (rc != ERR_OK || !refund_is_out(x->r.state))
		return rc;
	row.n = x->at->n;
	row.subject = x->id;
	row.sum_kop = refund_total(&x->r);
	row.evidence = proof_of(x);
	return chronicle_case(x->p, x->a, x->pm, &row, STR("job"), &made, f);
}

static enum err
unknown_body(void *arg, struct fault *f)
{
	struct running *x = arg;
	enum err rc = hold(x, f);

	if (rc != ERR_OK || x->r.state != REFUND_SENT)
		return rc;
	rc = move(x, REFUND_UNKNOWN, f);
	return rc == ERR_OK
	    ? tell(x, "refund_unknown", x->pm->state, x->pm->state, f)
	    : rc;
}

static enum err
not_done_body(void *arg, struct fault *f)
{
	struct running *x = arg;
	enum err rc = hold(x, f);

	if (rc != ERR_OK || !refund_is_out(x->r.state))
		return rc;
	rc = move(x, REFUND_INTENDED, f);
	return rc == ERR_OK
	    ? tell(x, "refund_not_done", x->pm->state, x->pm->state, f)
	    : rc;
}

/* --- how it goes ------------------------------------------------------ */

static enum err
ask_bank(struct running *x, struct fault *f)
{
	x->now_kop = -1;
	return x->p->gateway.refunded(
	    x->p->gateway.self, x->a, x->at->contract, &x->ask, &x->now_kop, f);
}

/* Later, the longer nothing is known. */
static void
wait_on(const struct running *x, int64_t *next_at)
{
	int64_t since = x->r.sent_at > 0 ? x->r.sent_at : x->r.created_at;
	int64_t pause = (now_of(x) - since) / 2;

	if (pause > WAIT_MAX_MS)
		pause = WAIT_MAX_MS;
	if (pause < x->p->set.ask_first_ms)
		pause = x->p->set.ask_first_ms;
	*next_at = now_of(x) + pause;
}

static int64_t
patience_of(const struct running *x)
{
	struct gateway_traits traits;
	struct fault none;

	fault_init(&none);
	if (x->p->gateway.traits(x->p->gateway.self, x->at->contract, &traits,
		&none) == ERR_OK &&
	    traits.refund_once)
		return x->p->set.patience_ms;
	return x->p->set.patience_ms * PATIENCE_WITHOUT_ID;
}

/*
 * It was called, or may have been: what does the bank say?  refused: it has
 * just said no, which is believed only when it has given nothing back.
 */
static enum err
judge(struct running *x, bool refused, int64_t *next_at, struct fault *f)
{
	int64_t grown;
	enum err rc;

	wait_on(x, next_at);
	if (ask_bank(x, f) != ERR_OK)
		return ERR_AGAIN;
	grown = x->now_kop - x->r.before_kop;
	if (grown != 0 && grown != refund_total(&x->r)) {
		rc = run(x, "refund_unclear", unclear_body, f);
		return rc != ERR_OK
		    ? rc
		    : fault_set(f, ERR_CONFLICT, "refund_unclear",
			  "bank gave %lld", (long long)grown);
	}
	if (grown != 0)
		rc = run(x, "refund_done", done_body, f);
	else if (refused)
		rc = run(x, "refund_failed", failed_body, f);
	else if (now_of(x) - x->r.sent_at < patience_of(x))
		return ERR_OK; /* it may still be on its way */
	else {
		rc = run(x, "refund_not_done", not_done_body, f);
		if (rc == ERR_OK)
			return ERR_OK; /* and then it is called again */
	}
	if (rc == ERR_OK && x->r.state != REFUND_INTENDED)
		*next_at = 0;
	return rc;
}

static enum err
take_body(void *arg, struct fault *f)
{
	struct running *x = arg;
	enum err rc = hold(x, f);

	/* One at a time: of two on their way nobody could tell which one the
	 * bank has done. */
	x->mine = false;
	if (rc != ERR_OK || x->r.state != REFUND_INTENDED || x->out_kop > 0)
		return rc;
	x->mine = true;
	return move(x, REFUND_SENT, f);
}

static enum err
calling_body(void *arg, struct fault *f)
{
	struct running *x = arg;
	enum err rc = x->p->refunds.calling(
	    x->p->refunds.self, &x->r, x->now_kop, now_of(x), &x->mine, f);

	if (rc != ERR_OK || !x->mine || !x->ask.cart || x->cart_kept)
		return rc;
	return fiscal_keep_refund(
	    x->p, x->pm, x->at, &x->r, x->ask.cart, now_of(x), f);
}

static bool
paid_today(const struct running *x)
{
	char paid[DAY_TEXT_SIZE], today[DAY_TEXT_SIZE];

	day_of(x->pm->paid_at, DAY_ZONE_MOSCOW, paid);
	day_of(now_of(x), DAY_ZONE_MOSCOW, today);
	return strcmp(paid, today) == 0;
}

static void
fill_ask(struct running *x)
{
	char bank_no[PAY_BANK_NO_MAX + 1];

	pay_bank_no(x->number, x->at->n, bank_no);
	x->ask = (struct bank_refund){ .id = x->id,
		.bank_no = arena_str(x->a, str_of(bank_no)),
		.bank_id = x->at->bank_id,
		.sum_kop = refund_total(&x->r),
		.paid_kop = x->pm->total_kop,
		.same_day = paid_today(x) };
}

/* Taken in hand, and not called yet. */
static enum err
call(struct running *x, int64_t *next_at, struct fault *f)
{
	struct bank_refund_answer answer = { .refused = false };
	enum err rc;

	wait_on(x, next_at);
	rc = fiscal_refund(
	    x->p, x->a, x->pm, x->at, &x->r, &x->ask.cart, &x->cart_kept, f);
	if (rc != ERR_OK)
		return rc;
	if (ask_bank(x, f) != ERR_OK)
		return ERR_AGAIN;
	rc = run(x, "refund_calling", calling_body, f);
	if (rc != ERR_OK || !x->mine)
		return rc;
	x->r.before_kop = x->ask.refunded_before_kop = x->now_kop;
	x->r.sent_at = now_of(x);
	x->now_kop = -1;
	ports_step(x->p, "refund_calling");
	rc = x->p->gateway.refund(
	    x->p->gateway.self, x->a, x->at->contract, &x->ask, &answer, f);
	ports_step(x->p, "refund_called");
	wait_on(x, next_at);
	if (rc == ERR_OK && answer.refused) {
		x->code = utf8_cut_bytes(answer.code, CODE_MAX);
		return judge(x, true, next_at, f);
	}
	if (rc == ERR_OK) {
		*next_at = 0;
		rc = run(x, "refund_done", done_body, f);
		if (rc != ERR_OK)
			wait_on(x, next_at);
		return rc;
	}
	if (rc == ERR_UNSURE)
		return run(x, "refund_unknown", unknown_body, f);
	/* Certainly not done. */
	return run(x, "refund_not_done", not_done_body, f);
}

enum err
refund_run(const struct ports *p, struct arena *a, struct str akey,
    struct str id, int64_t *next_at, struct fault *f)
{
	struct running x = { .p = p, .a = a, .id = id, .now_kop = -1 };
	enum err rc;

	*next_at = p->clock.now(p->clock.self) + p->set.ask_first_ms;
	rc = p->refunds.number(p->refunds.self, a, akey, id, &x.number, f);
	if (rc == ERR_OK)
		rc = read_all(&x, f);
	if (rc != ERR_OK)
		return rc;
	fill_ask(&x);
	if (x.r.state == REFUND_INTENDED) {
		wait_on(&x, next_at);
		rc = run(&x, "refund_take", take_body, f);
		if (rc != ERR_OK || !x.mine)
			return rc;
		x.r.state = REFUND_SENT;
		x.r.sent_at = now_of(&x);
		x.r.before_kop = -1;
	}
	if (x.r.state == REFUND_DONE || x.r.state == REFUND_FAILED) {
		*next_at = 0;
		return ERR_OK;
	}
	return x.r.before_kop < 0 ? call(&x, next_at, f)
				  : judge(&x, false, next_at, f);
}
