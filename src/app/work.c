#include "kvitok/app/work.h"

#include "kvitok/app/card_run.h"
#include "kvitok/app/chronicle.h"
#include "kvitok/app/confirm.h"
#include "kvitok/app/exchange_run.h"
#include "kvitok/app/give_back.h"
#include "kvitok/app/mailing.h"
#include "kvitok/app/receipt.h"
#include "kvitok/app/reconcile.h"
#include "kvitok/app/reference.h"
#include "kvitok/app/refund.h"
#include "kvitok/app/report_order.h"
#include "kvitok/base/utf8.h"

#define ITEM_MAX ((size_t)64 << 20) /* memory of one job */
#define PAUSE_FIRST_MS 5000
#define PAUSE_MAX_MS 3600000
#define WORDS_MAX 390
#define UNKNOWN_KIND_MS 60000
#define REST_MS 10000 /* while a bank is taken for down */

/* What is to become of a job after its handler ran. */
enum fate {
	FATE_DONE,
	FATE_LATER,  /* due again at next_at, nothing wrong */
	FATE_RETRY,  /* failed: again after a growing pause, then given up */
	FATE_GIVE_UP /* failed for good */
};

struct working {
	const struct ports *p;
	struct arena *a;
	const struct job *j;
	int64_t next_at; /* of FATE_LATER, and of FATE_RETRY when not 0 */
	struct fault *f;
};

/* Nothing that the bank may still say changes how it ended. */
static bool
is_final(const struct working *w, const struct attempt *at)
{
	struct gateway_traits traits;
	struct fault none;

	if (!at || at->on_case || at->decided || at->state == ATT_PAID ||
	    at->state == ATT_REFUSED)
		return true;
	if (at->state != ATT_DECLINED)
		return false;
	/* Where each opening of the page may take money, one of them may have
	 * been refused and another one paid. */
	fault_init(&none);
	return w->p->gateway.traits(w->p->gateway.self, at->contract, &traits,
		   &none) != ERR_OK ||
	    traits.way == GATEWAY_REGISTERS;
}

static int64_t
jittered(const struct ports *p, int64_t pause)
{
	char dice[2];

	p->ids.text(p->ids.self, dice, 1);
	return pause + pause * ((unsigned char)dice[0] % 32) / 128;
}

/* Each question to a bank that does not answer costs its whole deadline, for
 * which letters and the other bank would wait: it is left alone for a while. */
static bool
bank_rests(struct working *w, struct str number, int n)
{
	const struct ports *p = w->p;
	const struct attempt *at;
	struct payment *pm;
	struct fault none;
	int64_t now = p->clock.now(p->clock.self);

	fault_init(&none);
	if (p->pays.load(p->pays.self, w->a, number, &pm, &none) != ERR_OK)
		return false; /* who asks will meet it, too */
	at = payment_attempt(pm, n);
	if (!at || p->gateway.admits(p->gateway.self, at->contract, now))
		return false;
	w->next_at = now + jittered(p, REST_MS);
	return true;
}

/* A job's ref that is a bank number: load what it is about. */
static enum fate
ask(struct working *w)
{
	struct asking q = { .actor = STR("job") };
	struct payment *pm;
	const struct attempt *at;
	enum err rc;

	if (!pay_bank_no_split(w->j->ref, &q.number, &q.n)) {
		(void)fault_set(w->f, ERR_BUG, "internal", "bad ref");
		return FATE_GIVE_UP;
	}
	if (bank_rests(w, q.number, q.n))
		return FATE_LATER;
	rc = confirm_ask(w->p, w->a, &q, &pm, w->f);
	if (rc == ERR_AGAIN) {
		struct fault none;

		fault_init(&none);
		if (w->p->pays.load(
			w->p->pays.self, w->a, q.number, &pm, &none) != ERR_OK)
			return FATE_RETRY;
	} else if (rc != ERR_OK) {
		return rc == ERR_ABSENT ? FATE_GIVE_UP : FATE_RETRY;
	}
	at = payment_attempt(pm, q.n);
	if (rc == ERR_OK && is_final(w, at))
		return FATE_DONE;
	w->next_at = payment_next_ask(
	    at, w->p->clock.now(w->p->clock.self), w->p->set.ask_first_ms);
	/* Woken after its schedule by a late notice, it has no next time of
	 * its own, but as many tries as any other job. */
	if (rc != ERR_OK)
		return FATE_RETRY;
	if (w->next_at == 0)
		return att_is_closed(at->state) ? FATE_DONE : FATE_GIVE_UP;
	return FATE_LATER;
}

static enum err
ask_again(struct working *w, const struct payment *pm)
{
	int64_t now = w->p->clock.now(w->p->clock.self);
	char id[27];

	w->p->ids.ulid(w->p->ids.self, now, id);
	return w->p->jobs.wake(w->p->jobs.self,
	    &(struct job){ .akey = pm->akey,
		.id = str_of(id),
		.kind = STR("ask"),
		.ref = w->j->ref,
		.due_at = now,
		.created_at = now },
	    w->f);
}

static enum fate
cancel(struct working *w)
{
	struct str number;
	struct payment *pm;
	const struct attempt *at;
	struct bank_query bq = { .bank_no = w->j->ref };
	int64_t now = w->p->clock.now(w->p->clock.self);
	int n;
	enum err rc;

	if (!pay_bank_no_split(w->j->ref, &number, &n)) {
		(void)fault_set(w->f, ERR_BUG, "internal", "bad ref");
		return FATE_GIVE_UP;
	}
	if (bank_rests(w, number, n))
		return FATE_LATER;
	rc = w->p->pays.load(w->p->pays.self, w->a, number, &pm, w->f);
	if (rc != ERR_OK)
		return FATE_RETRY;
	at = payment_attempt(pm, n);
	if (!at || at->state == ATT_PAID)
		return FATE_DONE;
	/* Its registration is under way: there is nothing to call off yet. */
	if ((at->state == ATT_INTENDED || at->state == ATT_UNKNOWN) &&
	    now < at->expires_at) {
		w->next_at = now + jittered(w->p, w->p->set.ask_first_ms);
		return FATE_LATER;
	}
	bq.bank_id = at->bank_id;
	rc = w->p->gateway.cancel(
	    w->p->gateway.self, w->a, at->contract, &bq, w->f);
	/* "No" is an answer: the next question will tell how it stands.  Of an
	 * attempt that was taken for over there would be none. */
	if (rc == ERR_CONFLICT && att_is_closed(at->state) &&
	    ask_again(w, pm) != ERR_OK)
		return FATE_RETRY;
	return rc == ERR_OK || rc == ERR_CONFLICT ? FATE_DONE : FATE_RETRY;
}

/* A letter on its way: the receipt of a payment or of a refund. */
struct carrying {
	struct working *w;
	const struct payment *pm;
	struct receipt r;
	const char *kind; /* of the event that tells of it */
	struct str ref;
};

static enum err
sent_body(void *arg, struct fault *f)
{
	struct carrying *m = arg;
	const struct ports *p = m->w->p;
	enum err rc =
	    p->jobs.done(p->jobs.self, m->w->j, p->clock.now(p->clock.self), f);

	if (rc != ERR_OK)
		return rc;
	return chronicle_put(p, m->w->a, m->pm,
	    &(struct chronicle_entry){
		.kind = m->kind, .actor = STR("job"), .from = "", .to = "" },
	    f);
}

static enum err
send_receipt(struct carrying *x)
{
	struct working *w = x->w;
	struct bytes pdf;
	struct mail m;
	struct str from, host, id;
	const struct ref *ref;
	const struct ref_portal *po;
	enum err rc = reference(w->p, &ref, w->f);

	if (rc != ERR_OK)
		return rc;
	po = ref_portal(ref, x->pm->portal);
	if (!po)
		return fault_set(w->f, ERR_BUG, "internal", "portal is gone");
	from = arena_str(w->a, po->mail_from);
	host = from;
	(void)str_cut(&host, '@', &id);
	/* The same for every try: a letter that came twice is known as one. */
	id = arena_fmt(
	    w->a, "receipt.%.*s@%.*s", STR_ARG(x->ref), STR_ARG(host));
	rc = w->p->printer.receipt(w->p->printer.self, w->a, &x->r, &pdf, w->f);
	if (rc == ERR_OK)
		rc = w->p->letters.receipt(w->p->letters.self, w->a, &x->r, pdf,
		    from, x->pm->email, x->r.paid_at, id, &m, w->f);
	if (rc == ERR_OK)
		rc = w->p->mailer.send(w->p->mailer.self, w->a, &m, w->f);
	return rc;
}

static enum fate
mail(struct carrying *x)
{
	struct working *w = x->w;
	enum err rc = send_receipt(x);

	ports_step(w->p, "mail_sent");
	if (rc != ERR_OK)
		return rc == ERR_INVALID || rc == ERR_CONFLICT ? FATE_GIVE_UP
							       : FATE_RETRY;
	rc = w->p->tx.run(w->p->tx.self, "receipt_sent", sent_body, x, w->f);
	/* The letter is out: only the note of it is late. */
	return rc == ERR_OK || rc == ERR_CONFLICT ? FATE_DONE : FATE_RETRY;
}

static enum fate
receipt(struct working *w)
{
	struct carrying m = {
		.w = w, .kind = "receipt_sent", .ref = w->j->ref
	};
	struct payment *pm;
	enum err rc = w->p->pays.load(w->p->pays.self, w->a, m.ref, &pm, w->f);

	if (rc != ERR_OK)
		return FATE_RETRY;
	m.pm = pm;
	rc = receipt_of(w->p, w->a, pm, &m.r, w->f);
	if (rc != ERR_OK)
		return rc == ERR_CONFLICT ? FATE_GIVE_UP : FATE_RETRY;
	return mail(&m);
}

static enum fate
refund_receipt(struct working *w)
{
	struct carrying m = {
		.w = w, .kind = "refund_receipt_sent", .ref = w->j->ref
	};
	struct payment *pm;
	struct refund r;
	enum err rc = refund_load(w->p, w->a, w->j->akey, m.ref, &pm, &r, w->f);

	if (rc == ERR_OK)
		rc = receipt_of_refund(w->p, w->a, pm, &r, &m.r, w->f);
	if (rc != ERR_OK)
		return rc == ERR_CONFLICT || rc == ERR_ABSENT ? FATE_GIVE_UP
							      : FATE_RETRY;
	m.pm = pm;
	return mail(&m);
}

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
	enum err rc =
	    exchange_run(w->p, w->a, w->j->ref, w->j->fails, &w->next_at, w->f);

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
	{ "ask", ask },
	{ "bill_mail", bill_mail },
	{ "cancel", cancel },
	{ "card_ask", card_ask },
	{ "card_look", card_look },
	{ "card_unbind", card_unbind_at_bank },
	{ EXCHANGE_JOB, exchange },
	{ "give_back", give_back },
	{ "receipt", receipt },
	{ "reconcile", reconcile },
	{ "refund", refund },
	{ "refund_receipt", refund_receipt },
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
	return jittered(p, pause);
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

struct sweeping {
	const struct ports *p;
	struct arena *a;
	struct str number;
};

static enum err
sweep_body(void *arg, struct fault *f)
{
	struct sweeping *s = arg;
	struct payment *pm;
	int64_t now = s->p->clock.now(s->p->clock.self);
	enum err rc = s->p->pays.load(s->p->pays.self, s->a, s->number, &pm, f);

	if (rc != ERR_OK || pm->expires_at > now ||
	    (pm->state != PAY_CREATED && pm->state != PAY_DECLINED))
		return rc;
	rc = s->p->pays.move(s->p->pays.self,
	    &(struct pay_move){ .akey = pm->akey,
		.number = pm->number,
		.from = pm->state,
		.to = PAY_EXPIRED,
		.attempts = pm->attempts_len_stored,
		.attempts_to = pm->attempts_len_stored,
		.at = now,
		.reason = STR("pay_time_over") },
	    f);
	return rc == ERR_OK
	    ? chronicle_put(s->p, s->a, pm,
		  &(struct chronicle_entry){ .kind = "payment_over",
		      .actor = STR("job"),
		      .from = pay_state_name(pm->state),
		      .to = pay_state_name(PAY_EXPIRED) },
		  f)
	    : rc;
}

enum err
work_sweep(const struct ports *p, struct arena *a, int limit, size_t *did,
    struct fault *f)
{
	struct str *numbers;
	size_t len = 0;
	enum err rc = p->bills.overdue(p->bills.self, a,
	    p->clock.now(p->clock.self), limit, &numbers, &len, f);

	*did = 0;
	for (size_t i = 0; i < len && rc == ERR_OK; i++) {
		struct sweeping s = { p, a, numbers[i] };

		rc = p->tx.run(p->tx.self, "sweep", sweep_body, &s, f);
		/* Seen again by the next round. */
		if (rc == ERR_UNSURE)
			rc = ERR_OK;
		*did += 1;
	}
	return rc;
}
