#include "kvitok/app/work.h"

#include "kvitok/app/card_run.h"
#include "kvitok/app/exchange_run.h"
#include "kvitok/app/give_back.h"
#include "kvitok/app/mailing.h"
#include "kvitok/app/reconcile.h"
#include "kvitok/app/refund.h"
#include "kvitok/app/report_order.h"
#include "kvitok/app/work_bank.h"
#include "kvitok/app/work_receipt.h"
#include "kvitok/base/utf8.h"

#define ITEM_MAX ((size_t)64 << 20) /* memory of one job */
#define PAUSE_FIRST_MS 5000
#define PAUSE_MAX_MS 3600000
#define WORDS_MAX 390
#define UNKNOWN_KIND_MS 60000

static enum fate
back(struct working *w, enum err rc)
{
	if (rc == ERR_OK)
		return w->next_at == 0 ? FATE_DONE : FATE_LATER;
	if (rc != ERR_ABSENT && rc != ERR_BUG && rc != ERR_CONFLICT)
		return FATE_RETRY; /* money: until it is known */
	w->next_at = 0;
	return FATE_GIVE_UP;
}

static enum fate
reconcile(struct working *w)
{
	enum err rc = reconcile_job(w->p, w->j->ref, &w->next_at, w->f);

	if (rc == ERR_OK)
		return w->next_at == 0 ? FATE_DONE : FATE_LATER;
	/* Settings of the contract are wrong: the next register tries. */
	return rc == ERR_ABSENT || rc == ERR_CONFLICT ? FATE_GIVE_UP
						      : FATE_RETRY;
}

/* A mailbox that is not reached is tried for as long as its settings name
 * it. */
static enum fate
exchange(struct working *w)
{
	enum err rc = exchange_run(w->p, w->a, w->j, &w->next_at, w->f);

	if (rc == ERR_OK)
		return FATE_LATER;
	return rc == ERR_ABSENT && w->next_at == 0 ? FATE_GIVE_UP : FATE_RETRY;
}

static enum fate
card_fate(struct working *w, enum err rc)
{
	if (rc == ERR_OK)
		return w->next_at == 0 ? FATE_DONE : FATE_LATER;
	return rc == ERR_ABSENT || rc == ERR_BUG || rc == ERR_CONFLICT
	    ? FATE_GIVE_UP
	    : FATE_RETRY;
}

/* It asks as a payment is asked about, by its own schedule. */
static enum fate
card_ask(struct working *w)
{
	return card_fate(
	    w, card_run_ask(w->p, w->a, w->j->ref, &w->next_at, w->f));
}

static enum fate
card_unbind_at_bank(struct working *w)
{
	enum fate fate = card_fate(
	    w, card_run_unbind(w->p, w->a, w->j->ref, &w->next_at, w->f));
	struct fault none;

	/* The last try: from now on a person has it. */
	fault_init(&none);
	if (fate == FATE_RETRY && w->j->fails + 1 >= w->p->set.job_fails_max &&
	    card_run_given_up(w->p, w->a, w->j->ref, &none) == ERR_OK)
		fate = FATE_GIVE_UP;
	return fate;
}

static enum fate
card_look(struct working *w)
{
	return card_fate(w,
	    card_run_look(
		w->p, w->a, w->j->akey, w->j->ref, &w->next_at, w->f));
}

static enum fate
refund(struct working *w)
{
	return back(w,
	    refund_run(w->p, w->a, w->j->akey, w->j->ref, &w->next_at, w->f));
}

static enum fate
give_back(struct working *w)
{
	return back(w,
	    give_back_run(
		w->p, w->a, w->j->akey, w->j->ref, &w->next_at, w->f));
}

static enum fate
report_mail(struct working *w)
{
	enum err rc = report_order_mail(w->p, w->a, w->j->ref, w->f);

	if (rc == ERR_OK)
		return FATE_DONE;
	return rc == ERR_INVALID || rc == ERR_ABSENT ? FATE_GIVE_UP
						     : FATE_RETRY;
}

static enum fate
bill_mail(struct working *w)
{
	enum err rc = mailing_run(w->p, w->a, w->j, &w->next_at, w->f);

	if (rc == ERR_OK)
		return w->next_at == 0 ? FATE_DONE : FATE_LATER;
	return rc == ERR_AGAIN || rc == ERR_UNSURE ? FATE_RETRY : FATE_GIVE_UP;
}

static const struct {
	const char *kind;
	enum fate (*run)(struct working *w);
} handlers[] = {
	{ "ask", work_ask },
	{ "bill_mail", bill_mail },
	{ "cancel", work_cancel },
	{ "card_ask", card_ask },
	{ "card_look", card_look },
	{ "card_unbind", card_unbind_at_bank },
	{ EXCHANGE_JOB, exchange },
	{ "give_back", give_back },
	{ "receipt", work_receipt },
	{ "reconcile", reconcile },
	{ "refund", refund },
	{ "refund_receipt", work_refund_receipt },
	{ "report_mail", report_mail },
};

static enum fate
handle(struct working *w)
{
	for (size_t i = 0; i < KV_COUNT(handlers); i++)
		if (str_eq(w->j->kind, str_of(handlers[i].kind)))
			return handlers[i].run(w);
	/* A newer program's job: leave it to that. */
	w->next_at = w->p->clock.now(w->p->clock.self) + UNKNOWN_KIND_MS;
	return FATE_LATER;
}

/* Doubled with each failure, and jittered by up to a quarter. */
static int64_t
pause_after(const struct ports *p, int64_t fails)
{
	int64_t pause = PAUSE_FIRST_MS;

	for (int64_t i = 0; i < fails && pause < PAUSE_MAX_MS; i++)
		pause *= 2;
	if (pause > PAUSE_MAX_MS)
		pause = PAUSE_MAX_MS;
	return working_jittered(p, pause);
}

static enum err
settle(struct working *w, enum fate fate, struct fault *f)
{
	const struct ports *p = w->p;
	const struct job *j = w->j;
	int64_t now = p->clock.now(p->clock.self);
	struct str words;

	if (fate == FATE_RETRY && j->fails + 1 >= p->set.job_fails_max &&
	    w->next_at == 0)
		fate = FATE_GIVE_UP;
	if (fate == FATE_DONE)
		return p->jobs.done(p->jobs.self, j, now, f);
	if (fate == FATE_LATER)
		return p->jobs.put_off(p->jobs.self, j, w->next_at, false,
		    STR(""), j->progress, f);
	words =
	    utf8_cut_bytes(arena_fmt(w->a, "%s %s: %s", err_name(w->f->err),
			       w->f->reason ? w->f->reason : "", w->f->detail),
		WORDS_MAX);
	if (fate == FATE_GIVE_UP)
		return p->jobs.fail(p->jobs.self, j, now, words, f);
	return p->jobs.put_off(p->jobs.self, j,
	    w->next_at ? w->next_at : now + pause_after(p, j->fails), true,
	    words, j->progress, f);
}

static void
note(struct working *w, enum fate fate)
{
	static const char *const names[] = { "job_done", "job_later",
		"job_retry", "job_given_up" };
	const struct log *l = w->p->log;

	if (!l)
		return;
	if (fate == FATE_RETRY || fate == FATE_GIVE_UP)
		log_fault(l, fate == FATE_GIVE_UP ? LOG_ERROR : LOG_WARN,
		    "job_failure", w->f);
	log_event(l, LOG_INFO, names[fate], LOG_TEXT, "kind", w->j->kind,
	    LOG_TEXT, "ref", w->j->ref, LOG_INT, "runs", w->j->runs, LOG_END);
}

/* A job's own failure is written to the job; only a database that cannot
 * be reached stops the round. */
static enum err
do_one(const struct ports *p, struct arena *a, const struct job *j,
    struct fault *f)
{
	struct fault own;
	struct working w = { .p = p, .a = a, .j = j, .f = &own };
	enum fate fate;
	enum err rc;

	fault_init(&own);
	fate = handle(&w);
	note(&w, fate);
	rc = settle(&w, fate, f);
	/* Somebody has it by now: our lease ran out, or it was woken. */
	return rc == ERR_CONFLICT ? ERR_OK : rc;
}

enum err
work_some(const struct ports *p, struct arena *a, struct str worker, int limit,
    size_t *did, struct fault *f)
{
	const struct job *jobs;
	size_t len = 0;
	int64_t now = p->clock.now(p->clock.self);
	struct arena *item;
	enum err rc = p->jobs.claim(p->jobs.self, a, worker, now,
	    now + p->set.jobs_lease_ms, limit, &jobs, &len, f);

	*did = 0;
	if (rc != ERR_OK || len == 0)
		return rc;
	item = arena_new(ITEM_MAX);
	for (size_t i = 0; i < len && rc == ERR_OK; i++) {
		/* What the lease no longer covers is left to fall due. */
		if (p->clock.now(p->clock.self) >= jobs[i].due_at)
			break;
		rc = do_one(p, item, &jobs[i], f);
		arena_reset(item);
		*did += rc == ERR_OK;
	}
	arena_free(item);
	return rc;
}
