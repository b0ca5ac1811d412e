#include "kvitok/app/back.h"

#include "kvitok/base/utf8.h"

#define CODE_MAX 40
#define WAIT_MAX_MS 600000
/* A bank that knows no id of a refund must have been silent about it for
 * longer before it is taken for not done. */
#define PATIENCE_WITHOUT_ID 10

int64_t
back_call_kop(const struct back *x)
{
	return x->kind->whole && x->before_kop > 0
	    ? x->total_kop - x->before_kop
	    : x->total_kop;
}

static int64_t
now_of(const struct back *x)
{
	return x->p->clock.now(x->p->clock.self);
}

/* [tx] Read it, and nobody changes it until the end. */
static enum err
hold(struct back *x, struct fault *f)
{
	enum err rc =
	    x->p->refunds.lock(x->p->refunds.self, x->akey, x->number, f);

	return rc == ERR_OK ? x->kind->read(x, f) : rc;
}

static enum err
run(struct back *x, const char *name,
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
done_body(void *arg, struct fault *f)
{
	struct back *x = arg;
	enum err rc = hold(x, f);

	/* It was taken for not done, and is. */
	if (rc == ERR_OK && x->state == REFUND_INTENDED) {
		rc = x->kind->move(x, REFUND_SENT, f);
		x->state = REFUND_SENT;
	}
	if (rc != ERR_OK || !refund_is_out(x->state))
		return rc; /* somebody else has written it */
	rc = x->kind->move(x, REFUND_DONE, f);
	if (rc == ERR_OK)
		rc = x->kind->done(x, f);
	ports_step(x->p, x->kind->done_step);
	return rc;
}

static enum err
refused_body(void *arg, struct fault *f)
{
	struct back *x = arg;
	enum err rc = hold(x, f);

	if (rc != ERR_OK || !refund_is_out(x->state))
		return rc;
	rc = x->kind->move(x, REFUND_FAILED, f);
	return rc == ERR_OK ? x->kind->refused(x, f) : rc;
}

static enum err
unclear_body(void *arg, struct fault *f)
{
	struct back *x = arg;
	enum err rc = hold(x, f);

	x->settled = false;
	return rc != ERR_OK || !refund_is_out(x->state)
	    ? rc
	    : x->kind->unclear(x, f);
}

static enum err
unknown_body(void *arg, struct fault *f)
{
	struct back *x = arg;
	enum err rc = hold(x, f);

	if (rc != ERR_OK || x->state != REFUND_SENT)
		return rc;
	rc = x->kind->move(x, REFUND_UNKNOWN, f);
	return rc == ERR_OK ? x->kind->unknown(x, f) : rc;
}

static enum err
not_done_body(void *arg, struct fault *f)
{
	struct back *x = arg;
	enum err rc = hold(x, f);

	if (rc != ERR_OK || !refund_is_out(x->state))
		return rc;
	rc = x->kind->move(x, REFUND_INTENDED, f);
	return rc == ERR_OK ? x->kind->not_done(x, f) : rc;
}

/* --- how it goes ------------------------------------------------------ */

static enum err
ask_bank(struct back *x, struct fault *f)
{
	enum err rc;

	x->now_kop = -1;
	rc = x->p->gateway.refunded(
	    x->p->gateway.self, x->a, x->contract, &x->ask, &x->now_kop, f);
	if (rc != ERR_OK)
		x->now_kop = -1;
	if (rc == ERR_CONFLICT)
		x->said = arena_str(x->a, str_of(f->detail));
	return rc == ERR_OK || rc == ERR_CONFLICT ? rc : ERR_AGAIN;
}

/* Later, the longer nothing is known. */
static void
wait_on(const struct back *x, int64_t *next_at)
{
	int64_t since = x->sent_at > 0 ? x->sent_at : x->created_at;
	int64_t pause = (now_of(x) - since) / 2;

	if (pause > WAIT_MAX_MS)
		pause = WAIT_MAX_MS;
	if (pause < x->p->set.ask_first_ms)
		pause = x->p->set.ask_first_ms;
	*next_at = now_of(x) + pause;
}

static int64_t
patience_of(const struct back *x)
{
	struct gateway_traits traits;
	struct fault none;

	fault_init(&none);
	if (x->p->gateway.traits(
		x->p->gateway.self, x->contract, &traits, &none) == ERR_OK &&
	    traits.refund_once)
		return x->p->set.patience_ms;
	return x->p->set.patience_ms * PATIENCE_WITHOUT_ID;
}

static enum err
unclear(struct back *x, int64_t *next_at, struct fault *f)
{
	enum err rc = run(x, "back_unclear", unclear_body, f);

	if (rc != ERR_OK)
		return rc;
	if (x->settled) {
		*next_at = 0;
		return ERR_OK;
	}
	return fault_set(f, ERR_CONFLICT, "refund_unclear",
	    "bank gave %lld, before %lld", (long long)x->now_kop,
	    (long long)x->before_kop);
}

/*
 * It was called, or may have been: what does the bank say?  refused: it has
 * just said no, which is believed only when it has given nothing back.
 */
static enum err
judge(struct back *x, bool refused, int64_t *next_at, struct fault *f)
{
	int64_t grown;
	enum err rc;

	wait_on(x, next_at);
	rc = ask_bank(x, f);
	if (rc == ERR_CONFLICT)
		return unclear(x, next_at, f);
	if (rc != ERR_OK)
		return rc;
	grown = x->now_kop - x->before_kop;
	if (grown != 0 && grown != back_call_kop(x))
		return unclear(x, next_at, f);
	if (grown != 0)
		rc = run(x, "back_done", done_body, f);
	else if (refused)
		rc = run(x, "back_refused", refused_body, f);
	else if (now_of(x) - x->sent_at < patience_of(x))
		return ERR_OK; /* it may still be on its way */
	else {
		rc = run(x, "back_not_done", not_done_body, f);
		if (rc == ERR_OK)
			return ERR_OK; /* and then it is called again */
	}
	if (rc == ERR_OK && x->state != REFUND_INTENDED)
		*next_at = 0;
	return rc;
}

static enum err
take_body(void *arg, struct fault *f)
{
	struct back *x = arg;
	enum err rc = hold(x, f);

	/* One at a time: of two on their way nobody could tell which one the
	 * bank has done. */
	x->mine = false;
	if (rc != ERR_OK || x->state != REFUND_INTENDED || x->busy)
		return rc;
	x->mine = true;
	return x->kind->move(x, REFUND_SENT, f);
}

static enum err
calling_body(void *arg, struct fault *f)
{
	struct back *x = arg;

	return x->kind->note_call(x, f);
}

static enum err
end(struct back *x, int64_t *next_at, struct fault *f)
{
	enum err rc;

	*next_at = 0;
	rc = run(x, "back_done", done_body, f);
	if (rc != ERR_OK)
		wait_on(x, next_at);
	return rc;
}

static enum err
call_bank(struct back *x, int64_t *next_at, struct fault *f)
{
	struct bank_refund_answer answer = { .refused = false };
	enum err rc;

	x->before_kop = x->ask.refunded_before_kop = x->now_kop;
	x->ask.sum_kop = back_call_kop(x);
	x->sent_at = now_of(x);
	x->now_kop = -1;
	ports_step(x->p, x->kind->calling_step);
	rc = x->p->gateway.refund(
	    x->p->gateway.self, x->a, x->contract, &x->ask, &answer, f);
	ports_step(x->p, x->kind->called_step);
	wait_on(x, next_at);
	if (rc == ERR_OK && answer.refused) {
		x->code = utf8_cut_bytes(answer.code, CODE_MAX);
		return judge(x, true, next_at, f);
	}
	if (rc == ERR_OK)
		return end(x, next_at, f);
	if (rc == ERR_UNSURE)
		return run(x, "back_unknown", unknown_body, f);
	/* Certainly not done. */
	return run(x, "back_not_done", not_done_body, f);
}

/*
 * Before any call the bank says what cannot be so of money that goes back
 * whole: it is not asked to, and a person decides again.
 */
static enum err
not_asked(struct back *x, const char *code, int64_t *next_at, struct fault *f)
{
	enum err rc;

	if (!x->kind->whole)
		return unclear(x, next_at, f);
	x->code = str_of(code);
	fault_init(f);
	rc = run(x, "back_refused", refused_body, f);
	if (rc == ERR_OK)
		*next_at = 0;
	return rc;
}

/* Taken in hand, and not called yet. */
static enum err
call(struct back *x, int64_t *next_at, struct fault *f)
{
	enum err rc;

	wait_on(x, next_at);
	if (x->kind->prepare && (rc = x->kind->prepare(x, f)) != ERR_OK)
		return rc;
	rc = ask_bank(x, f);
	if (rc == ERR_CONFLICT)
		return not_asked(x, "other_sum_taken", next_at, f);
	if (rc != ERR_OK)
		return rc;
	/* Somebody has given it back at the bank's own cabinet. */
	if (x->kind->whole && x->now_kop == x->total_kop)
		return end(x, next_at, f);
	if (x->kind->whole && x->now_kop > x->total_kop)
		return not_asked(x, "more_is_back", next_at, f);
	rc = run(x, "back_calling", calling_body, f);
	return rc == ERR_OK && x->mine ? call_bank(x, next_at, f) : rc;
}

enum err
back_run(struct back *x, int64_t *next_at, struct fault *f)
{
	enum err rc;

	x->now_kop = -1;
	*next_at = now_of(x) + x->p->set.ask_first_ms;
	rc = x->kind->read(x, f);
	if (rc != ERR_OK)
		return rc;
	x->ask.sum_kop = back_call_kop(x);
	if (x->state == REFUND_INTENDED) {
		wait_on(x, next_at);
		rc = run(x, "back_take", take_body, f);
		if (rc != ERR_OK || !x->mine)
			return rc;
		x->state = REFUND_SENT;
		x->sent_at = now_of(x);
		x->before_kop = -1;
	}
	if (x->state == REFUND_DONE || x->state == REFUND_FAILED) {
		*next_at = 0;
		return ERR_OK;
	}
	return x->before_kop < 0 ? call(x, next_at, f)
				 : judge(x, false, next_at, f);
}
