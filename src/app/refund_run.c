#include "kvitok/app/back.h"
#include "kvitok/app/chronicle.h"
#include "kvitok/app/fiscal.h"
#include "kvitok/app/refund.h"
#include "kvitok/app/refund_end.h"
#include "kvitok/base/day.h"

/* The refund beside its way back. */
struct running {
	struct refund r;
	const struct refund *list; /* all of the payment */
	size_t list_len;
	bool cart_kept; /* the cart of what is asked, by a former call */
};

static struct refund *
refund_of(const struct back *x)
{
	return &((struct running *)x->own)->r;
}

static bool
paid_today(const struct back *x)
{
	char paid[DAY_TEXT_SIZE], today[DAY_TEXT_SIZE];

	day_of(x->pm->paid_at, DAY_ZONE_MOSCOW, paid);
	day_of(x->p->clock.now(x->p->clock.self), DAY_ZONE_MOSCOW, today);
	return strcmp(paid, today) == 0;
}

static void
fill_ask(struct back *x)
{
	char bank_no[PAY_BANK_NO_MAX + 1];

	pay_bank_no(x->number, x->at->n, bank_no);
	x->ask = (struct bank_refund){ .id = x->id,
		.bank_no = arena_str(x->a, str_of(bank_no)),
		.bank_id = x->at->bank_id,
		.paid_kop = x->pm->total_kop,
		.same_day = paid_today(x) };
}

/* Read the payment and its refunds. */
static enum err
read_all(struct back *x, struct fault *f)
{
	struct running *w = x->own;
	enum err rc =
	    x->p->pays.load(x->p->pays.self, x->a, x->number, &x->pm, f);

	if (rc == ERR_OK)
		rc = x->p->refunds.list(x->p->refunds.self, x->a, x->akey,
		    x->number, &w->list, &w->list_len, f);
	if (rc != ERR_OK)
		return rc;
	x->busy = false;
	for (size_t i = 0; i < w->list_len; i++) {
		if (str_eq(w->list[i].id, x->id))
			w->r = w->list[i];
		else
			x->busy |= refund_is_out(w->list[i].state);
	}
	x->at = payment_attempt(x->pm, x->pm->paid_attempt);
	if (w->r.id.len == 0 || !x->at)
		return fault_set(f, ERR_BUG, "internal",
		    "refund %.*s of an unpaid payment", STR_ARG(x->id));
	x->contract = x->at->contract;
	x->state = w->r.state;
	x->total_kop = refund_total(&w->r);
	x->before_kop = w->r.before_kop;
	x->created_at = w->r.created_at;
	x->sent_at = w->r.sent_at;
	fill_ask(x);
	return ERR_OK;
}

static struct str
proof_of(const struct back *x)
{
	const struct refund *r = refund_of(x);
	struct proof e;

	proof_begin(&e, x->a);
	jw_ktext(&e.w, "refund", x->id);
	jw_ktext(&e.w, "contract", x->contract);
	jw_kopt(&e.w, "bank_id", x->at->bank_id);
	jw_kint(&e.w, "total_kop", x->total_kop);
	if (x->before_kop >= 0)
		jw_kint(&e.w, "bank_before_kop", x->before_kop);
	if (x->now_kop >= 0)
		jw_kint(&e.w, "bank_now_kop", x->now_kop);
	if (x->said.len > 0)
		jw_ktext(&e.w, "bank_says", x->said);
	jw_kopt(&e.w, "code", x->code);
	jw_ktext(&e.w, "reason", r->reason);
	jw_ktext(&e.w, "actor", r->actor);
	return proof_end(&e);
}

static enum err
tell(struct back *x, const char *kind, struct fault *f)
{
	return chronicle_put(x->p, x->a, x->pm,
	    &(struct chronicle_entry){ .kind = kind,
		.actor = STR("job"),
		.n = x->at->n,
		.from = "",
		.to = "",
		.evidence = proof_of(x) },
	    f);
}

static enum err
move(struct back *x, enum refund_state to, struct fault *f)
{
	bool ends = to == REFUND_DONE || to == REFUND_FAILED;
	int64_t now = x->p->clock.now(x->p->clock.self);

	return x->p->refunds.move(x->p->refunds.self,
	    &(struct refund_move){ .akey = x->akey,
		.number = x->number,
		.id = x->id,
		.from = x->state,
		.to = to,
		.code = x->code,
		.sent_at = to == REFUND_SENT ? now : 0,
		.ended_at = ends ? now : 0 },
	    f);
}

/* The bank wants to know what of the cart goes back. */
static enum err
prepare(struct back *x, struct fault *f)
{
	struct running *w = x->own;

	return fiscal_refund(
	    x->p, x->a, x->pm, x->at, &w->r, &x->ask.cart, &w->cart_kept, f);
}

static enum err
note_call(struct back *x, struct fault *f)
{
	const struct running *w = x->own;
	int64_t now = x->p->clock.now(x->p->clock.self);
	enum err rc = x->p->refunds.calling(
	    x->p->refunds.self, &w->r, x->now_kop, now, &x->mine, f);

	if (rc != ERR_OK || !x->mine || !x->ask.cart || w->cart_kept)
		return rc;
	return fiscal_keep_refund(
	    x->p, x->pm, x->at, &w->r, x->ask.cart, now, f);
}

static enum err
done(struct back *x, struct fault *f)
{
	struct running *w = x->own;
	struct refund_end e = { .pm = x->pm,
		.r = &w->r,
		.done_kop = refund_done_kop(w->list, w->list_len),
		.actor = STR("job"),
		.evidence = proof_of(x) };
	enum err rc = refund_end_write(x->p, x->a, &e, f);

	return rc == ERR_OK ? refund_end_unclear(x->p, x->a, x->pm, x->id, f)
			    : rc;
}

/* [tx] A case about the refund. */
static enum err
open_case(struct back *x, const char *kind, struct fault *f)
{
	struct pay_case row = { .kind = str_of(kind),
		.proposal = STR("ask_bank"),
		.n = x->at->n,
		.subject = x->id,
		.sum_kop = x->total_kop,
		.evidence = proof_of(x) };
	bool made;

	return chronicle_case(x->p, x->a, x->pm, &row, STR("job"), &made, f);
}

static enum err
refused(struct back *x, struct fault *f)
{
	enum err rc = x->p->refunds.reserve(x->p->refunds.self, x->akey,
	    x->number, -x->total_kop, x->p->clock.now(x->p->clock.self), f);

	if (rc == ERR_OK)
		rc = tell(x, "refund_refused", f);
	if (rc == ERR_OK)
		rc = open_case(x, "refund_failed", f);
	return rc == ERR_OK ? refund_end_unclear(x->p, x->a, x->pm, x->id, f)
			    : rc;
}

static enum err
unclear(struct back *x, struct fault *f)
{
	struct running *w = x->own;
	struct refund_said s = { .pm = x->pm,
		.r = &w->r,
		.list = w->list,
		.list_len = w->list_len,
		/* Nothing when it says what cannot be so. */
		.gave_kop = x->now_kop < 0 ? 0 : x->now_kop - x->before_kop,
		.evidence = proof_of(x) };
	enum err rc = refund_end_as_bank(x->p, x->a, &s, &x->settled, f);

	return rc != ERR_OK || x->settled ? rc
					  : open_case(x, "refund_unclear", f);
}

static enum err
unknown(struct back *x, struct fault *f)
{
	return tell(x, "refund_unknown", f);
}

static enum err
not_done(struct back *x, struct fault *f)
{
	return tell(x, "refund_not_done", f);
}

static const struct back_kind kind = { "refund_calling", "refund_called",
	"refund_done_writing", false, read_all, prepare, move, note_call, done,
	refused, unclear, unknown, not_done };

enum err
refund_run(const struct ports *p, struct arena *a, struct str akey,
    struct str id, int64_t *next_at, struct fault *f)
{
	struct running own = { .list = NULL };
	struct back x = { .p = p,
		.a = a,
		.kind = &kind,
		.own = &own,
		.akey = akey,
		.id = id };
	enum err rc;

	*next_at = p->clock.now(p->clock.self) + p->set.ask_first_ms;
	rc = p->refunds.number(p->refunds.self, a, akey, id, &x.number, f);
	return rc == ERR_OK ? back_run(&x, next_at, f) : rc;
}
