#include "kvitok/app/work_bank.h"

#include "kvitok/app/confirm_ask.h"

#define REST_MS 10000 /* while a bank is taken for down */

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
	w->next_at = now + working_jittered(p, REST_MS);
	return true;
}

/* A job's ref that is a bank number: load what it is about. */
enum fate
work_ask(struct working *w)
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

enum fate
work_cancel(struct working *w)
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
		w->next_at =
		    now + working_jittered(w->p, w->p->set.ask_first_ms);
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
