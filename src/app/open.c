#include "kvitok/app/open.h"

#include "kvitok/app/begin.h"
#include "kvitok/app/confirm_ask.h"
#include "kvitok/base/secret.h"
#include "kvitok/domain/bill.h"
#include "kvitok/domain/ref.h"

#include <assert.h>

/* Decisions of one visit: each follows a change, or a bank that was tried. */
#define STEPS_MAX (4 + REF_ROUTES_MAX)
#define URL_MAX 2000

static enum err
load_by_token(const struct ports *p, struct arena *a, struct str token,
    struct payment **pm, struct fault *f)
{
	struct str number, secret;
	enum err rc;

	if (!pay_token_split(token, &number, &secret))
		return fault_set(
		    f, ERR_ABSENT, "payment_unknown", "not a token of ours");
	rc = p->pays.load(p->pays.self, a, number, pm, f);
	if (rc == ERR_OK && !secret_eq((*pm)->secret, secret))
		return fault_set(
		    f, ERR_ABSENT, "payment_unknown", "wrong secret");
	return rc;
}

/* The front-end did not say who pays. */
static bool
nobody(const struct payment *pm)
{
	return pm->payer.len == 0 && pm->email.len == 0;
}

/* Whoever was led to another payment stays with it while that leads. */
static enum err
follow(const struct ports *p, struct arena *a, struct payment **pm,
    struct fault *f)
{
	struct payment *other;
	enum err rc;

	if ((*pm)->led_to.len == 0 || pay_is_paid((*pm)->state))
		return ERR_OK;
	rc = p->pays.load(p->pays.self, a, (*pm)->led_to, &other, f);
	if (rc == ERR_OK && bill_leads(other, *pm))
		*pm = other;
	return rc;
}

static enum err
ask(const struct ports *p, struct arena *a, const struct attempt *at,
    struct opened *out, struct fault *f)
{
	struct asking q = {
		.number = out->pm->number, .n = at->n, .actor = STR("payer")
	};
	int n = at->n;
	enum err rc = ERR_AGAIN;

	/* Nobody waits for a bank that is down. */
	if (p->gateway.admits(
		p->gateway.self, at->contract, p->clock.now(p->clock.self)))
		rc = confirm_ask(p, a, &q, &out->pm, f);
	/* No answer yet, or none to be had by number: the job goes on. */
	if (rc == ERR_AGAIN || rc == ERR_CONFLICT) {
		out->answer = OPENED_WAIT;
		return ERR_OK;
	}
	if (rc != ERR_OK)
		return rc;
	/* The bank holds it open, past our own clock too: go there. */
	at = payment_attempt(out->pm, n);
	if (at && at->state == ATT_REGISTERED && at->form_url.len > 0 &&
	    !at->on_case) {
		out->answer = OPENED_BANK;
		out->url = at->form_url;
	}
	return ERR_OK;
}

/* One decision.  Gives: *more when it must be looked at again. */
static enum err
visit(const struct ports *p, struct arena *a, struct opened *out, bool *more,
    struct fault *f)
{
	const struct attempt *at;
	enum open_step step = payment_on_open(
	    out->pm, p->clock.now(p->clock.self), p->set.patience_ms, &at);

	*more = false;
	out->answer = OPENED_RESULT;
	out->why = NULL;
	switch (step) {
	case OPEN_RESULT:
		return ERR_OK;
	case OPEN_GO:
		out->answer = OPENED_BANK;
		out->url = at->form_url;
		return begin_again(p, a, out->pm, at, f);
	case OPEN_WAIT:
		out->answer = OPENED_WAIT;
		return ERR_OK;
	case OPEN_ASK:
		*more = true;
		return ask(p, a, at, out, f);
	case OPEN_NEW:
		return begin_attempt(p, a, out, more, f);
	}
	return fault_set(f, ERR_BUG, "internal", "step %d", (int)step);
}

enum err
open_link(const struct ports *p, struct arena *a, struct str token,
    struct opened *out, struct fault *f)
{
	bool more = true;
	enum err rc;

	memset(out, 0, sizeof(*out));
	rc = load_by_token(p, a, token, &out->pm, f);
	if (rc == ERR_OK)
		rc = follow(p, a, &out->pm, f);
	for (int i = 0; i < STEPS_MAX && rc == ERR_OK && more; i++) {
		rc = visit(p, a, out, &more, f);
		/* An answer that was found ends the visit. */
		if (out->answer == OPENED_BANK || out->answer == OPENED_WAIT)
			more = false;
	}
	if (rc == ERR_OK && more)
		out->answer = OPENED_WAIT;
	return rc;
}

enum err
open_peek(const struct ports *p, struct arena *a, struct str token,
    struct payment **out, struct fault *f)
{
	enum err rc = load_by_token(p, a, token, out, f);

	/* Somebody else's receipt is not for whom nothing is known of. */
	return rc == ERR_OK && !nobody(*out) ? follow(p, a, out, f) : rc;
}

/* The front-end's page with our number, before a fragment. */
static struct str
front_page(struct arena *a, const struct payment *pm, struct str number)
{
	struct buf b;
	struct str url = pm->return_url;
	size_t hash = str_find(url, STR("#"));
	struct str head = { url.p, hash };
	struct str tail = { url.p + hash, url.len - hash };

	if (url.len == 0)
		return STR_NONE;
	buf_init(&b, a, URL_MAX);
	buf_text(&b, head);
	buf_char(&b, str_find(head, STR("?")) == head.len ? '?' : '&');
	buf_lit(&b, "number=");
	buf_url(&b, number);
	buf_text(&b, tail);
	return buf_str(&b);
}

static enum result_kind
kind_of(const struct ports *p, const struct payment *pm, bool *may_retry)
{
	const struct attempt *at;
	int64_t now = p->clock.now(p->clock.self);
	enum open_step step = payment_on_open(pm, now, p->set.patience_ms, &at);

	*may_retry = step != OPEN_RESULT && step != OPEN_WAIT &&
	    pm->attempts_len_stored < PAY_ATTEMPTS_MAX;
	if (pay_is_paid(pm->state))
		return RESULT_PAID;
	if (pm->state == PAY_CANCELLED)
		return RESULT_ENDED;
	if (at ? at->on_case : false)
		return RESULT_CHECKING;
	switch (pm->state) {
	case PAY_DECLINED:
		return RESULT_REFUSED;
	case PAY_CREATED:
		return *may_retry ? RESULT_NOT_BEGUN : RESULT_ENDED;
	case PAY_EXPIRED:
		return *may_retry ? RESULT_EXPIRED : RESULT_ENDED;
	case PAY_PENDING:
	case PAY_PAID:
	case PAY_CANCELLED:
	case PAY_PARTLY_REFUNDED:
	case PAY_REFUNDED:
	case PAY__COUNT:
		break;
	}
	return RESULT_CHECKING;
}

/* The payer is back: the bank is asked at once, by a job. */
static enum err
ask_soon(const struct ports *p, struct arena *a, const struct payment *pm,
    struct fault *f)
{
	int64_t now = p->clock.now(p->clock.self);
	char bank_no[PAY_BANK_NO_MAX + 1], id[27];
	enum err rc = ERR_OK;

	for (size_t i = 0; i < pm->attempts_len && rc == ERR_OK; i++) {
		const struct attempt *at = &pm->attempts[i];

		if (!att_is_open(at->state) || at->on_case)
			continue;
		pay_bank_no(pm->number, at->n, bank_no);
		p->ids.ulid(p->ids.self, now, id);
		rc = p->jobs.wake(p->jobs.self,
		    &(struct job){ .akey = pm->akey,
			.id = arena_str(a, str_of(id)),
			.kind = STR("ask"),
			.ref = arena_str(a, str_of(bank_no)),
			.due_at = now,
			.created_at = now },
		    f);
	}
	return rc;
}

enum err
open_result(const struct ports *p, struct arena *a, struct str token,
    struct result *out, struct fault *f)
{
	struct payment *mine = NULL;
	enum err rc = load_by_token(p, a, token, &mine, f);

	if (rc != ERR_OK)
		return rc;
	assert(mine != NULL);
	memset(out, 0, sizeof(*out));
	out->pm = mine;
	rc = follow(p, a, &out->pm, f);
	if (rc != ERR_OK)
		return rc;
	out->kind = kind_of(p, out->pm, &out->may_retry);
	out->reason =
	    out->pm->reason.len > 0 ? arena_z(a, out->pm->reason) : "";
	out->go_to = front_page(a, mine, out->pm->number);
	out->theirs = out->pm != mine && nobody(mine);
	return pay_is_paid(out->pm->state) ? ERR_OK
					   : ask_soon(p, a, out->pm, f);
}
