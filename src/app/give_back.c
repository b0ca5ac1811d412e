#include "kvitok/app/give_back.h"

#include "kvitok/app/back.h"
#include "kvitok/app/case_hold.h"
#include "kvitok/app/case_trail.h"
#include "kvitok/app/chronicle.h"
#include "kvitok/app/posting.h"
#include "kvitok/base/day.h"
#include "kvitok/base/utf8.h"

#define BANK_TEXT_MAX 64
#define TRANSFERS_MAX 1000 /* of one payment */
/* What the payer sees of the attempt. */
#define REASON STR("pay_money_back")

/* What the bank says of it: how much is back, and what cannot be so. */
struct said {
	int64_t now_kop; /* -1: nothing */
	struct str odd;
};

static const struct said nothing = { -1, { NULL, 0 } };

static struct str
proof_of(struct arena *a, const struct give_back *g, const struct said *s)
{
	struct proof e;

	proof_begin(&e, a);
	jw_ktext(&e.w, "give_back", g->id);
	jw_ktext(&e.w, "case", g->case_id);
	jw_ktext(&e.w, "way", str_of(refund_way_name(g->way)));
	jw_kopt(&e.w, "own_account", g->own_account);
	jw_ktext(&e.w, "contract", g->contract);
	jw_ktext(&e.w, "bank_no", g->bank_no);
	jw_ktext(&e.w, "bank_id", g->bank_id);
	jw_kint(&e.w, "sum_kop", g->sum_kop);
	if (g->before_kop >= 0)
		jw_kint(&e.w, "bank_before_kop", g->before_kop);
	if (s->now_kop >= 0)
		jw_kint(&e.w, "bank_now_kop", s->now_kop);
	if (s->odd.len > 0)
		jw_ktext(&e.w, "bank_says", s->odd);
	jw_kopt(&e.w, "code", g->code);
	jw_ktext(&e.w, "reason", g->reason);
	jw_ktext(&e.w, "actor", g->actor);
	return proof_end(&e);
}

static enum err
tell(const struct ports *p, struct arena *a, const struct payment *pm,
    const struct give_back *g, const char *kind, struct str actor,
    const struct said *s, struct fault *f)
{
	return chronicle_put(p, a, pm,
	    &(struct chronicle_entry){ .kind = kind,
		.actor = actor,
		.n = g->n,
		.from = "",
		.to = "",
		.evidence = proof_of(a, g, s) },
	    f);
}

/* --- owing it ---------------------------------------------------------- */

static enum err
fill(const struct ports *p, struct arena *a, const struct give_back_ask *ask,
    struct give_back *g, struct fault *f)
{
	const struct pay_case *c = ask->c;
	int64_t now = p->clock.now(p->clock.self);
	bool by_hand = ask->own_account.len > 0;
	struct case_money m;
	char id[27];

	if (!resolution_money(a, ask->pm, c->n, c->subject, c->evidence, &m) ||
	    m.bank_id.len == 0 || c->sum_kop <= 0)
		return fault_set(f, ERR_CONFLICT, "case_money_unnamed",
		    "case %.*s", STR_ARG(c->id));
	if (m.credited)
		return fault_set(f, ERR_CONFLICT, "case_money_credited",
		    "%.*s was credited", STR_ARG(m.bank_id));
	p->ids.ulid(p->ids.self, now, id);
	*g = (struct give_back){ .akey = ask->pm->akey,
		.number = ask->pm->number,
		.id = arena_str(a, str_of(id)),
		.case_id = c->id,
		.n = c->n,
		.contract = m.contract,
		.bank_no = utf8_cut_bytes(m.bank_no, BANK_TEXT_MAX),
		.bank_id = utf8_cut_bytes(m.bank_id, BANK_TEXT_MAX),
		.way = by_hand ? REFUND_BY_HAND : REFUND_BY_BANK,
		.own_account = ask->own_account,
		.state = by_hand ? REFUND_DONE : REFUND_INTENDED,
		.sum_kop = c->sum_kop,
		.reason = ask->reason,
		.actor = ask->actor,
		.before_kop = -1,
		.created_at = now,
		.sent_at = by_hand ? now : 0,
		.ended_at = by_hand ? now : 0 };
	return ERR_OK;
}

enum err
give_back_owed(const struct ports *p, struct arena *a, const struct pay_case *c,
    bool *owed, struct fault *f)
{
	const struct ledger_transfer *v;
	size_t len;
	enum err rc = p->ledger.of_payment(
	    p->ledger.self, a, c->akey, c->number, TRANSFERS_MAX, &v, &len, f);

	*owed = resolution_posted(c->kind);
	for (size_t i = 0; rc == ERR_OK && i < len; i++)
		*owed |= str_eq(v[i].kind, STR("odd_money")) &&
		    str_eq(v[i].cause, c->subject);
	return rc;
}

static enum err
post_owed(const struct ports *p, struct arena *a, const struct give_back *g,
    const struct pay_case *c, struct fault *f)
{
	struct ledger_transfer t;
	bool owed;
	enum err rc = give_back_owed(p, a, c, &owed, f);

	if (rc != ERR_OK || owed)
		return rc;
	rc = ledger_for_odd(a, g, c->subject, &t, f);
	return rc == ERR_OK ? posting_put(p, a, g->akey, &t, f) : rc;
}

static enum err
post_back(const struct ports *p, struct arena *a, const struct give_back *g,
    struct fault *f)
{
	struct ledger_transfer t;
	enum err rc = ledger_for_give_back(a, g, &t, f);

	return rc == ERR_OK ? posting_put(p, a, g->akey, &t, f) : rc;
}

enum err
give_back_owe(const struct ports *p, struct arena *a,
    const struct give_back_ask *ask, struct fault *f)
{
	struct give_back g;
	bool made;
	enum err rc = fill(p, a, ask, &g, f);

	if (rc == ERR_OK)
		rc = p->give_backs.put(p->give_backs.self, &g, &made, f);
	if (rc == ERR_OK && !made)
		rc = fault_set(f, ERR_CONFLICT, "case_money_back",
		    "%.*s of %.*s", STR_ARG(g.bank_id), STR_ARG(g.number));
	if (rc == ERR_OK)
		rc = post_owed(p, a, &g, ask->c, f);
	if (rc == ERR_OK)
		rc = tell(
		    p, a, ask->pm, &g, "give_back_asked", g.actor, &nothing, f);
	if (rc != ERR_OK)
		return rc;
	if (g.way == REFUND_BY_BANK)
		return chronicle_job(
		    p, a, ask->pm, "give_back", g.id, g.created_at, f);
	rc = post_back(p, a, &g, f);
	if (rc == ERR_OK)
		rc = tell(
		    p, a, ask->pm, &g, "give_back_done", g.actor, &nothing, f);
	return rc == ERR_OK
	    ? case_hold_end(p, a, ask->pm, ask->c, REASON, g.actor, f)
	    : rc;
}

/* --- the job ------------------------------------------------------------ */

struct running {
	struct give_back g;
	struct pay_case c;
};

static bool
same_day(const struct back *x, int64_t at)
{
	char one[DAY_TEXT_SIZE], two[DAY_TEXT_SIZE];

	day_of(at, DAY_ZONE_MOSCOW, one);
	day_of(x->p->clock.now(x->p->clock.self), DAY_ZONE_MOSCOW, two);
	return strcmp(one, two) == 0;
}

static void
fill_back(struct back *x, const struct running *w)
{
	const struct give_back *g = &w->g;

	x->at = payment_attempt(x->pm, g->n);
	x->contract = g->contract;
	x->state = g->state;
	x->total_kop = g->sum_kop;
	x->before_kop = g->before_kop;
	x->created_at = g->created_at;
	x->sent_at = g->sent_at;
	x->busy = false; /* of one money there is one */
	/* When it was taken nobody has said: the day on which that was found
	 * is never before.  A reversal that comes too late is refused, and a
	 * refund is asked for. */
	x->ask = (struct bank_refund){ .id = g->id,
		.bank_no = g->bank_no,
		.bank_id = g->bank_id,
		.paid_kop = g->sum_kop,
		.same_day = same_day(x, w->c.created_at) };
}

static enum err
read_all(struct back *x, struct fault *f)
{
	struct running *w = x->own;
	const struct give_back *list;
	size_t len;
	enum err rc =
	    x->p->pays.load(x->p->pays.self, x->a, x->number, &x->pm, f);

	if (rc == ERR_OK)
		rc = x->p->give_backs.list(x->p->give_backs.self, x->a, x->akey,
		    x->number, &list, &len, f);
	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; i < len; i++)
		if (str_eq(list[i].id, x->id))
			w->g = list[i];
	if (w->g.id.len == 0)
		return fault_set(
		    f, ERR_BUG, "internal", "give_back %.*s", STR_ARG(x->id));
	rc = x->p->cases.get(x->p->cases.self, x->a, w->g.case_id, &w->c, f);
	if (rc == ERR_OK)
		fill_back(x, w);
	return rc;
}

static enum err
tell_of(struct back *x, const char *kind, struct fault *f)
{
	struct give_back g = ((struct running *)x->own)->g;
	struct said s = { x->now_kop, x->said };

	g.before_kop = x->before_kop;
	if (x->code.len > 0)
		g.code = x->code;
	return tell(x->p, x->a, x->pm, &g, kind, STR("job"), &s, f);
}

static enum err
move(struct back *x, enum refund_state to, struct fault *f)
{
	bool ends = to == REFUND_DONE || to == REFUND_FAILED;
	int64_t now = x->p->clock.now(x->p->clock.self);

	return x->p->give_backs.move(x->p->give_backs.self,
	    &(struct give_back_move){ .akey = x->akey,
		.number = x->number,
		.id = x->id,
		.from = x->state,
		.to = to,
		.code = x->code,
		.sent_at = to == REFUND_SENT ? now : 0,
		.ended_at = ends ? now : 0 },
	    f);
}

static enum err
note_call(struct back *x, struct fault *f)
{
	const struct running *w = x->own;

	return x->p->give_backs.calling(x->p->give_backs.self, &w->g,
	    x->now_kop, x->p->clock.now(x->p->clock.self), &x->mine, f);
}

static enum err
done(struct back *x, struct fault *f)
{
	struct running *w = x->own;
	struct said s = { x->now_kop, x->said };
	enum err rc = post_back(x->p, x->a, &w->g, f);

	if (rc == ERR_OK)
		rc = tell_of(x, "give_back_done", f);
	if (rc == ERR_OK)
		rc = case_trail_resolve(x->p, x->a, &w->c, NULL, STR("job"),
		    proof_of(x->a, &w->g, &s), f);
	return rc == ERR_OK
	    ? case_hold_end(x->p, x->a, x->pm, &w->c, REASON, STR("job"), f)
	    : rc;
}

static enum err
refused(struct back *x, struct fault *f)
{
	struct running *w = x->own;
	struct said s = { x->now_kop, x->said };
	enum err rc = tell_of(x, "give_back_refused", f);

	w->g.code = x->code;
	return rc == ERR_OK
	    ? case_trail_refuse(x->p, x->a, &w->c, proof_of(x->a, &w->g, &s), f)
	    : rc;
}

static enum err
unclear(struct back *x, struct fault *f)
{
	return tell_of(x, "give_back_unclear", f);
}

static enum err
unknown(struct back *x, struct fault *f)
{
	return tell_of(x, "give_back_unknown", f);
}

static enum err
not_done(struct back *x, struct fault *f)
{
	return tell_of(x, "give_back_not_done", f);
}

static const struct back_kind kind = { "give_back_calling", "give_back_called",
	"give_back_done_writing", true, read_all, NULL, move, note_call, done,
	refused, unclear, unknown, not_done };

enum err
give_back_run(const struct ports *p, struct arena *a, struct str akey,
    struct str id, int64_t *next_at, struct fault *f)
{
	struct running own = { .g = { .n = 0 } };
	struct back x = { .p = p,
		.a = a,
		.kind = &kind,
		.own = &own,
		.akey = akey,
		.id = id };
	enum err rc;

	*next_at = p->clock.now(p->clock.self) + p->set.ask_first_ms;
	rc =
	    p->give_backs.number(p->give_backs.self, a, akey, id, &x.number, f);
	return rc == ERR_OK ? back_run(&x, next_at, f) : rc;
}
