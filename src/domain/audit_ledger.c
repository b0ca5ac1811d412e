#include "kvitok/domain/audit_ledger.h"

#include "kvitok/base/day.h"
#include "kvitok/domain/audit_case.h"
#include "kvitok/domain/ledger.h"
#include "kvitok/domain/resolution.h"

static struct str
line_key_of(struct audit *u, struct str id, int n)
{
	return arena_fmt(u->a, "%.*s/%d", STR_ARG(id), n);
}

static struct str
line_key(struct audit *u, const struct audit_transfer *t, int n)
{
	return line_key_of(u, t->id, n);
}

/* The day is of Moscow; each line bears it, too. */
static void
check_days(struct audit *u, const struct audit_transfer *t)
{
	char day[DAY_TEXT_SIZE];

	day_of(t->at, DAY_ZONE_MOSCOW, day);
	audit_text(u, "ledger_transfer", t->id, "day", t->day,
	    arena_str(u->a, str_of(day)));
	for (size_t i = 0; i < t->lines_len; i++)
		audit_text(u, "ledger_line", line_key(u, t, t->lines[i].n),
		    "day", t->lines[i].day, t->day);
}

/* Gives: whether the lines are as they must be. */
static bool
check_lines(struct audit *u, const struct audit_transfer *t,
    const struct ledger_transfer *must)
{
	size_t n =
	    t->lines_len > must->lines_len ? t->lines_len : must->lines_len;
	bool good = true;

	for (size_t i = 0; i < n; i++) {
		const struct audit_line *l =
		    i < t->lines_len ? &t->lines[i] : NULL;
		struct str key = line_key(u, t, l ? l->n : (int)i + 1);

		if (!l || i >= must->lines_len) {
			audit_wrong(u, "ledger_line", key, "row",
			    l ? STR("too much") : STR("missing"),
			    l ? STR("none") : must->lines[i].account);
			good = false;
			continue;
		}
		good &= l->n == (int)i + 1 &&
		    l->sum_kop == must->lines[i].sum_kop &&
		    str_eq(l->account, must->lines[i].account);
		audit_number(u, "ledger_line", key, "n", l->n, (int64_t)i + 1);
		audit_text(u, "ledger_line", key, "account", l->account,
		    must->lines[i].account);
		audit_number(u, "ledger_line", key, "sum_kop", l->sum_kop,
		    must->lines[i].sum_kop);
	}
	return good;
}

static void
check_zero(struct audit *u, const struct audit_transfer *t)
{
	int64_t sum = 0;

	for (size_t i = 0; i < t->lines_len; i++)
		sum = audit_add(sum, t->lines[i].sum_kop);
	audit_number(u, "ledger_transfer", t->id, "sum of lines", sum, 0);
}

/* What it is made of disagrees with it: the lines of the bill are suspects,
 * too. */
static void
name_bill(struct audit *u, const struct audit_transfer *t)
{
	for (size_t i = 0; i < u->pm->lines_len; i++) {
		const struct pay_line *l = &u->pm->lines[i];

		audit_wrong(u, "pay_line", audit_n(u, u->x->line_ns[i]),
		    "sum_kop + fee_kop + supplier_fee_kop + loss_kop",
		    arena_fmt(u->a, "%lld + %lld + %lld + %lld",
			(long long)l->sum_kop, (long long)l->fee_kop,
			(long long)l->supplier_fee_kop, (long long)l->loss_kop),
		    arena_fmt(
			u->a, "what transfer %.*s has posted", STR_ARG(t->id)));
	}
}

static void
check_paid(struct audit *u, const struct audit_transfer *t)
{
	const struct attempt *at = payment_attempt(u->pm, u->pm->paid_attempt);
	struct ledger_transfer must;
	struct fault none;

	audit_text(
	    u, "ledger_transfer", t->id, "cause", t->cause, u->pm->number);
	if (!pay_is_paid(u->pm->state)) {
		audit_wrong(u, "ledger_transfer", t->id, "row", STR("too much"),
		    STR("none: the payment is not paid"));
		return;
	}
	fault_init(&none);
	/* Without the attempt or a sum that adds up, those were named. */
	if (!at || ledger_for_paid(u->a, u->pm, at, &must, &none) != ERR_OK)
		return;
	if (!check_lines(u, t, &must))
		name_bill(u, t);
}

static const struct audit_case *
second_of(const struct audit *u, struct str subject)
{
	for (size_t i = 0; i < u->x->cases_len; i++)
		if (str_eq(u->x->cases[i].kind, STR("second_payment")) &&
		    str_eq(u->x->cases[i].subject, subject))
			return &u->x->cases[i];
	return NULL;
}

static void
check_second(struct audit *u, const struct audit_transfer *t)
{
	const struct audit_case *c = second_of(u, t->cause);
	const struct attempt *at = c ? payment_attempt(u->pm, c->n) : NULL;
	struct ledger_transfer must;
	struct fault none;

	if (!c) {
		audit_wrong(u, "ledger_transfer", t->id, "cause", t->cause,
		    STR("the subject of a case second_payment"));
		return;
	}
	fault_init(&none);
	if (!at ||
	    ledger_for_second(u->a, u->pm, at, c->subject, c->sum_kop, &must,
		&none) != ERR_OK)
		return;
	if (!check_lines(u, t, &must))
		audit_wrong(u, "pay_case", c->id, "sum_kop",
		    audit_n(u, c->sum_kop),
		    arena_fmt(
			u->a, "what transfer %.*s has posted", STR_ARG(t->id)));
}

static const struct audit_refund *
refund_of(const struct audit *u, struct str id)
{
	for (size_t i = 0; i < u->x->refunds_len; i++)
		if (str_eq(u->x->refunds[i].r.id, id))
			return &u->x->refunds[i];
	return NULL;
}

/* What it is made of disagrees with it. */
static void
name_refund(
    struct audit *u, const struct audit_transfer *t, const struct refund *r)
{
	for (size_t i = 0; i < r->lines_len; i++) {
		const struct refund_line *l = &r->lines[i];

		audit_wrong(u, "refund_line", line_key_of(u, r->id, l->n),
		    "sum_kop + fee_kop + supplier_fee_kop + loss_kop",
		    arena_fmt(u->a, "%lld + %lld + %lld + %lld",
			(long long)l->sum_kop, (long long)l->fee_kop,
			(long long)l->supplier_fee_kop, (long long)l->loss_kop),
		    arena_fmt(
			u->a, "what transfer %.*s has posted", STR_ARG(t->id)));
	}
}

/* The postings of refunds by the way on which their money went. */
static const char *const way_kinds[REFUND_WAY__COUNT] = {
	[REFUND_BY_BANK] = "refund",
	[REFUND_BY_HAND] = "paid_by_hand",
	[REFUND_BY_CHARGEBACK] = "chargeback",
};

static bool
way_of(struct str kind, enum refund_way *way)
{
	for (unsigned i = 0; i < REFUND_WAY__COUNT; i++)
		if (str_eq(kind, str_of(way_kinds[i]))) {
			*way = (enum refund_way)i;
			return true;
		}
	return false;
}

static void
check_refund(struct audit *u, const struct audit_transfer *t)
{
	const struct audit_refund *x = refund_of(u, t->cause);
	const struct attempt *at = payment_attempt(u->pm, u->pm->paid_attempt);
	struct ledger_transfer must;
	enum refund_way way;
	struct fault none;

	if (!x || x->r.state != REFUND_DONE || !way_of(t->kind, &way) ||
	    way != x->r.way) {
		audit_wrong(u, "ledger_transfer", t->id, "cause, kind",
		    arena_fmt(
			u->a, "%.*s %.*s", STR_ARG(t->cause), STR_ARG(t->kind)),
		    STR("a refund that is done, by its way"));
		return;
	}
	fault_init(&none);
	if (!at ||
	    ledger_for_refund(u->a, u->pm, at, &x->r, &must, &none) != ERR_OK) {
		name_refund(u, t, &x->r);
		return;
	}
	if (!check_lines(u, t, &must))
		name_refund(u, t, &x->r);
}

static const struct give_back *
back_of(const struct audit *u, struct str id)
{
	for (size_t i = 0; i < u->x->backs_len; i++)
		if (str_eq(u->x->backs[i].g.id, id))
			return &u->x->backs[i].g;
	return NULL;
}

/* A give-back because of whose case the subject was posted as owed. */
static const struct give_back *
odd_of(const struct audit *u, struct str subject)
{
	for (size_t i = 0; i < u->x->backs_len; i++) {
		const struct give_back *g = &u->x->backs[i].g;
		const struct audit_case *c = audit_case_of(u, g->case_id);

		if (c && str_eq(c->subject, subject) &&
		    !resolution_posted(c->kind))
			return g;
	}
	return NULL;
}

static void
check_made(struct audit *u, const struct audit_transfer *t,
    const struct give_back *g, enum err made,
    const struct ledger_transfer *must)
{
	if (made == ERR_OK && check_lines(u, t, must))
		return;
	audit_wrong(u, "give_back", g->id, "sum_kop", audit_n(u, g->sum_kop),
	    arena_fmt(u->a, "what transfer %.*s has posted", STR_ARG(t->id)));
}

static void
check_odd(struct audit *u, const struct audit_transfer *t)
{
	const struct give_back *g = odd_of(u, t->cause);
	struct ledger_transfer must;
	struct fault none;

	fault_init(&none);
	if (!g)
		audit_wrong(u, "ledger_transfer", t->id, "cause", t->cause,
		    STR("the subject of a case that gives money back"));
	else
		check_made(u, t, g,
		    ledger_for_odd(u->a, g, t->cause, &must, &none), &must);
}

static void
check_back(struct audit *u, const struct audit_transfer *t)
{
	const struct give_back *g = back_of(u, t->cause);
	struct ledger_transfer must;
	struct fault none;

	fault_init(&none);
	if (!g || g->state != REFUND_DONE ||
	    ledger_for_give_back(u->a, g, &must, &none) != ERR_OK ||
	    !str_eq(must.kind, t->kind))
		audit_wrong(u, "ledger_transfer", t->id, "cause, kind",
		    arena_fmt(
			u->a, "%.*s %.*s", STR_ARG(t->cause), STR_ARG(t->kind)),
		    STR("a give-back that is done, by its way"));
	else
		check_made(u, t, g, ERR_OK, &must);
}

static void
check_transfer(struct audit *u, const struct audit_transfer *t)
{
	enum refund_way way;

	check_days(u, t);
	check_zero(u, t);
	if (str_eq(t->kind, STR("paid")))
		check_paid(u, t);
	else if (str_eq(t->kind, STR("second_payment")))
		check_second(u, t);
	else if (str_eq(t->kind, STR("odd_money")))
		check_odd(u, t);
	else if (str_eq(t->kind, STR("give_back")) || back_of(u, t->cause))
		check_back(u, t);
	else if (way_of(t->kind, &way))
		check_refund(u, t);
	else
		audit_wrong(u, "ledger_transfer", t->id, "kind", t->kind,
		    STR("one that a payment causes"));
}

static size_t
count(const struct audit *u, struct str kind, struct str cause)
{
	size_t n = 0;

	for (size_t i = 0; i < u->x->transfers_len; i++)
		n += str_eq(u->x->transfers[i].kind, kind) &&
		    str_eq(u->x->transfers[i].cause, cause);
	return n;
}

static void
need(struct audit *u, struct str kind, struct str cause)
{
	if (count(u, kind, cause) != 1)
		audit_wrong(u, "ledger_transfer",
		    arena_fmt(u->a, "%.*s/%.*s", STR_ARG(kind), STR_ARG(cause)),
		    "row", STR("missing"), STR("one"));
}

static void
need_back(struct audit *u, const struct give_back *g)
{
	const struct audit_case *c = audit_case_of(u, g->case_id);

	if (g->state == REFUND_DONE)
		need(u,
		    g->way == REFUND_BY_HAND ? STR("paid_by_hand")
					     : STR("give_back"),
		    g->id);
	if (c && !resolution_posted(c->kind))
		need(u, STR("odd_money"), c->subject);
}

void
audit_ledger(struct audit *u)
{
	for (size_t i = 0; i < u->x->transfers_len; i++)
		check_transfer(u, &u->x->transfers[i]);
	if (pay_is_paid(u->pm->state))
		need(u, STR("paid"), u->pm->number);
	for (size_t i = 0; i < u->x->refunds_len; i++)
		if (u->x->refunds[i].r.state == REFUND_DONE)
			need(u, str_of(way_kinds[u->x->refunds[i].r.way]),
			    u->x->refunds[i].r.id);
	for (size_t i = 0; i < u->x->backs_len; i++)
		need_back(u, &u->x->backs[i].g);
	for (size_t i = 0; i < u->x->cases_len; i++)
		if (resolution_posted(u->x->cases[i].kind))
			need(u, STR("second_payment"), u->x->cases[i].subject);
}
