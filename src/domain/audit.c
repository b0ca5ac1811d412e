#include "kvitok/domain/audit.h"

#include "kvitok/base/day.h"
#include "kvitok/base/json.h"
#include "kvitok/domain/audit_cart.h"
#include "kvitok/domain/audit_case.h"
#include "kvitok/domain/audit_exempt.h"
#include "kvitok/domain/audit_ledger.h"
#include "kvitok/domain/audit_refund.h"
#include "kvitok/domain/audit_route.h"
#include "kvitok/domain/audit_story.h"
#include "kvitok/domain/bill.h"
#include "kvitok/domain/resolution.h"

static struct str
bank_no(struct audit *u, int n)
{
	char text[PAY_BANK_NO_MAX + 1];

	pay_bank_no(u->pm->number, n, text);
	return arena_str(u->a, str_of(text));
}

/* --- sums ------------------------------------------------------------ */

/* What a column of the lines adds up to; each line is a suspect then. */
static void
check_line_sum(struct audit *u, const char *column, int64_t kept, bool fee)
{
	const struct payment *pm = u->pm;
	int64_t sum = 0;

	for (size_t i = 0; i < pm->lines_len; i++)
		sum = audit_add(
		    sum, fee ? pm->lines[i].fee_kop : pm->lines[i].sum_kop);
	if (sum == kept)
		return;
	audit_number(u, "payment", STR(""), column, kept, sum);
	for (size_t i = 0; i < pm->lines_len; i++) {
		int64_t own = fee ? pm->lines[i].fee_kop : pm->lines[i].sum_kop;

		audit_number(u, "pay_line", audit_n(u, u->x->line_ns[i]),
		    column, own, audit_add(own, audit_add(kept, -sum)));
	}
}

/* The mark was made of the lines as the payer has seen them. */
static void
check_mark(struct audit *u)
{
	const struct payment *pm = u->pm;
	struct str mark = bill_mark(u->a, pm->lines, pm->lines_len,
	    bill_owner(u->a, pm->payer, pm->email));

	if (str_eq(mark, pm->lines_hash))
		return;
	audit_text(u, "payment", STR(""), "lines_hash", pm->lines_hash, mark);
	for (size_t i = 0; i < pm->lines_len; i++)
		audit_wrong(u, "pay_line", audit_n(u, u->x->line_ns[i]), "row",
		    pm->lines[i].account, STR("what lines_hash was made of"));
}

static void
check_lines(struct audit *u)
{
	const struct payment *pm = u->pm;

	for (size_t i = 0; i < pm->lines_len; i++)
		if (u->x->line_ns[i] != (int)i + 1) {
			audit_wrong(u, "pay_line", audit_n(u, (int64_t)i + 1),
			    "row", STR("missing"), STR("one"));
			break;
		}
	audit_number(u, "payment", STR(""), "lines_len", u->x->lines_len,
	    (int64_t)pm->lines_len);
	if (u->x->lines_len > (int64_t)pm->lines_len)
		audit_wrong(u, "pay_line", audit_n(u, u->x->lines_len), "row",
		    STR("missing"), STR("one"));
	check_line_sum(u, "sum_kop", pm->sum_kop, false);
	check_line_sum(u, "fee_kop", pm->fee_kop, true);
	audit_number(u, "payment", STR(""), "total_kop", pm->total_kop,
	    audit_add(pm->sum_kop, pm->fee_kop));
	if (pm->lines_len == 0)
		return;
	check_mark(u);
}

/* --- attempts -------------------------------------------------------- */

static void
check_paid_attempt(struct audit *u)
{
	const struct payment *pm = u->pm;
	const struct attempt *at = payment_attempt(pm, pm->paid_attempt);

	if (!pay_is_paid(pm->state)) {
		audit_number(
		    u, "payment", STR(""), "paid_attempt", pm->paid_attempt, 0);
		audit_number(u, "payment", STR(""), "paid_at", pm->paid_at, 0);
		return;
	}
	if (!at) {
		audit_wrong(u, "attempt", audit_n(u, pm->paid_attempt), "row",
		    STR("missing"), STR("the paid one"));
		return;
	}
	if (at->state != ATT_PAID) {
		audit_wrong(u, "payment", STR(""), "paid_attempt",
		    audit_n(u, pm->paid_attempt), STR("one that is paid"));
		audit_text(u, "attempt", audit_n(u, at->n), "state",
		    str_of(att_state_name(at->state)), STR("paid"));
	}
	/* Both are of the one instant at which it was credited. */
	if (at->closed_at != pm->paid_at) {
		audit_number(u, "payment", STR(""), "paid_at", pm->paid_at,
		    at->closed_at);
		audit_number(u, "attempt", audit_n(u, at->n), "closed_at",
		    at->closed_at, pm->paid_at);
	}
}

static bool
has_case(const struct audit *u, int n, struct str kind, struct str subject)
{
	for (size_t i = 0; i < u->x->cases_len; i++) {
		const struct audit_case *c = &u->x->cases[i];

		if (c->n == n && (kind.len == 0 || str_eq(c->kind, kind)) &&
		    (subject.len == 0 || str_eq(c->subject, subject)))
			return true;
	}
	return false;
}

/* Money that came for a payment that had been paid. */
static void
need_second(struct audit *u, int n, struct str subject)
{
	if (!has_case(u, n, STR("second_payment"), subject))
		audit_wrong(u, "pay_case",
		    arena_fmt(u->a, "second_payment/%.*s", STR_ARG(subject)),
		    "row", STR("missing"), STR("one"));
}

static void
check_hold(struct audit *u, const struct attempt *at)
{
	bool held = false;

	for (size_t i = 0; i < u->x->cases_len; i++) {
		const struct audit_case *c = &u->x->cases[i];

		held |= c->n == at->n && str_eq(c->state, STR("open")) &&
		    resolution_holds(c->kind, c->subject, u->pm->number, at->n);
	}
	if (held == at->on_case)
		return;
	audit_number(
	    u, "attempt", audit_n(u, at->n), "on_case", at->on_case, held);
	if (at->on_case)
		audit_wrong(u, "pay_case", bank_no(u, at->n), "row",
		    STR("missing"), STR("an open one"));
}

static void
check_attempt(struct audit *u, const struct attempt *at)
{
	struct str n = audit_n(u, at->n);

	audit_number(u, "attempt", n, "paid_kop", at->paid_kop,
	    at->state == ATT_PAID ? u->pm->total_kop : 0);
	if (att_is_closed(at->state) != (at->closed_at != 0))
		audit_wrong(u, "attempt", n, "closed_at",
		    audit_n(u, at->closed_at),
		    att_is_closed(at->state) ? STR("set") : STR("0"));
	if (at->state == ATT_PAID && at->n != u->pm->paid_attempt) {
		if (!pay_is_paid(u->pm->state))
			audit_wrong(u, "attempt", n, "state", STR("paid"),
			    STR("not paid: the payment is not"));
		need_second(u, at->n, bank_no(u, at->n));
	}
	check_hold(u, at);
}

static void
check_attempts(struct audit *u)
{
	const struct payment *pm = u->pm;

	if (pm->attempts_len_stored != (int)pm->attempts_len) {
		audit_number(u, "payment", STR(""), "attempts",
		    pm->attempts_len_stored, (int64_t)pm->attempts_len);
		for (int n = 1; n <= pm->attempts_len_stored; n++)
			if (!payment_attempt(pm, n))
				audit_wrong(u, "attempt", audit_n(u, n), "row",
				    STR("missing"), STR("one"));
	}
	for (size_t i = 0; i < pm->attempts_len; i++) {
		if (pm->attempts[i].n > pm->attempts_len_stored)
			audit_wrong(u, "attempt", audit_n(u, pm->attempts[i].n),
			    "row", STR("too much"), STR("none"));
		check_attempt(u, &pm->attempts[i]);
	}
	check_paid_attempt(u);
}

/* Gazprombank: each opening of its page may take money. */
static void
check_trx(struct audit *u, const struct audit_trx *t)
{
	const struct attempt *at = payment_attempt(u->pm, t->n);
	struct str subject = arena_fmt(
	    u->a, "%.*s/%.*s", STR_ARG(bank_no(u, t->n)), STR_ARG(t->id));
	bool second = has_case(u, t->n, STR("second_payment"), subject);
	bool paid = str_eq(t->state, STR("paid")), apart;

	if (second && !paid)
		audit_text(u, "attempt_trx",
		    arena_fmt(u->a, "%d/%.*s", t->n, STR_ARG(t->id)), "state",
		    t->state, STR("paid"));
	/* A person decides, or has decided, about some of it. */
	apart = has_case(u, t->n, STR("wrong_account"), subject) ||
	    has_case(u, t->n, STR("paid_on_hold"), subject);
	if (!second && !apart && paid && at && at->state == ATT_PAID &&
	    !str_eq(at->bank_id, t->id)) {
		audit_wrong(u, "attempt_trx",
		    arena_fmt(u->a, "%d/%.*s", t->n, STR_ARG(t->id)), "state",
		    t->state, STR("not paid, or a case second_payment"));
		need_second(u, t->n, subject);
	}
}

/* --- cases ----------------------------------------------------------- */

/* Of which opening of the page a case tells; empty: of the whole attempt. */
static struct str
opening_of(struct audit *u, const struct audit_case *c)
{
	struct str head = bank_no(u, c->n);

	if (!str_starts(c->subject, head) || c->subject.len <= head.len + 1 ||
	    c->subject.p[head.len] != '/')
		return STR("");
	return (struct str){ c->subject.p + head.len + 1,
		c->subject.len - head.len - 1 };
}

static bool
has_trx(const struct audit *u, int n, struct str id)
{
	for (size_t i = 0; i < u->x->trxs_len; i++)
		if (u->x->trxs[i].n == n && str_eq(u->x->trxs[i].id, id))
			return true;
	return false;
}

/* What the evidence says that it is about. */
static void
check_case_sum(struct audit *u, const struct audit_case *c)
{
	const struct json *j;
	struct fault none;
	int64_t taken;
	bool cut;

	fault_init(&none);
	if (json_parse(u->a, c->evidence, JSON_STRICT, &j, &none) != ERR_OK) {
		audit_wrong(u, "pay_case", c->id, "evidence",
		    STR("not readable"), STR("a JSON object"));
		return;
	}
	if (json_bool(json_get(j, "too_large"), &cut))
		return;
	/* What came; else what was expected, to come or to go back. */
	if (!json_int(json_get(j, "taken_kop"), &taken)) {
		if (!json_int(json_get(j, "total_kop"), &taken))
			return;
	}
	if (taken < 0)
		taken = 0;
	audit_number(u, "pay_case", c->id, "sum_kop", c->sum_kop, taken);
}

static void
check_second(struct audit *u, const struct audit_case *c)
{
	const struct attempt *at = payment_attempt(u->pm, c->n);
	struct str opening = opening_of(u, c);

	if (!pay_is_paid(u->pm->state))
		audit_wrong(u, "pay_case", c->id, "kind", c->kind,
		    STR("another: the payment is not paid"));
	if (opening.len > 0 && !has_trx(u, c->n, opening))
		audit_wrong(u, "attempt_trx",
		    arena_fmt(u->a, "%d/%.*s", c->n, STR_ARG(opening)), "row",
		    STR("missing"), STR("one"));
	if (at && at->state != ATT_PAID)
		audit_text(u, "attempt", audit_n(u, at->n), "state",
		    str_of(att_state_name(at->state)), STR("paid"));
	if (opening.len == 0 && c->n == u->pm->paid_attempt)
		audit_wrong(u, "pay_case", c->id, "n", audit_n(u, c->n),
		    STR("another: this attempt was credited"));
}

static void
check_case(struct audit *u, const struct audit_case *c)
{
	audit_text(u, "pay_case", c->id, "portal", c->portal, u->pm->portal);
	if (c->n != 0 && !payment_attempt(u->pm, c->n))
		audit_wrong(u, "pay_case", c->id, "n", audit_n(u, c->n),
		    STR("an attempt of this payment"));
	check_case_sum(u, c);
	if (str_eq(c->kind, STR("second_payment")))
		check_second(u, c);
}

/* --- what is owed ---------------------------------------------------- */

static const struct audit_job *
job_of(const struct audit *u, const char *kind, struct str ref)
{
	for (size_t i = 0; i < u->x->jobs_len; i++)
		if (str_eq(u->x->jobs[i].kind, str_of(kind)) &&
		    str_eq(u->x->jobs[i].ref, ref))
			return &u->x->jobs[i];
	return NULL;
}

static size_t
told(const struct audit *u, const char *kind)
{
	size_t n = 0;

	for (size_t i = 0; i < u->x->events_len; i++)
		n += str_eq(u->x->events[i].kind, str_of(kind));
	return n;
}

static void
check_receipt(struct audit *u)
{
	const struct audit_job *j = job_of(u, "receipt", u->pm->number);
	bool sent = told(u, "receipt_sent") > 0;

	if (!pay_is_paid(u->pm->state)) {
		if (j)
			audit_wrong(u, "job", j->id, "row", STR("a receipt"),
			    STR("none: the payment is not paid"));
		return;
	}
	if (u->pm->email.len > 0 && !j && !sent)
		audit_wrong(u, "job", STR("receipt"), "row", STR("missing"),
		    STR("one"));
	/* Both are written by one commit. */
	if (j && !sent && str_eq(j->state, STR("done"))) {
		audit_wrong(u, "job", j->id, "state", j->state,
		    STR("due or failed: no receipt was sent"));
		audit_wrong(u, "event", STR("receipt_sent"), "row",
		    STR("missing"), STR("one"));
	}
}

/* Whoever may still pay is asked about until a day after its end. */
static void
check_ask(struct audit *u, const struct attempt *at)
{
	const struct audit_job *j;

	if (!att_is_open(at->state) || at->on_case)
		return;
	j = job_of(u, "ask", bank_no(u, at->n));
	if (!j) {
		audit_wrong(u, "job",
		    arena_fmt(u->a, "ask/%.*s", STR_ARG(bank_no(u, at->n))),
		    "row", STR("missing"), STR("one that is due"));
		return;
	}
	if (str_eq(j->state, STR("due")) ||
	    (str_eq(j->state, STR("failed")) &&
		u->now >= audit_add(at->expires_at, DAY_MS)))
		return;
	audit_text(u, "job", j->id, "state", j->state, STR("due"));
}

static void
check_jobs(struct audit *u)
{
	for (size_t i = 0; i < u->x->jobs_len; i++) {
		const struct audit_job *j = &u->x->jobs[i];
		struct str number;
		int n;

		if (str_eq(j->kind, STR("receipt")))
			audit_text(
			    u, "job", j->id, "ref", j->ref, u->pm->number);
		else if (!pay_bank_no_split(j->ref, &number, &n) ||
		    !payment_attempt(u->pm, n))
			audit_wrong(u, "job", j->id, "ref", j->ref,
			    STR("an attempt of this payment"));
	}
	check_receipt(u);
	for (size_t i = 0; i < u->pm->attempts_len; i++)
		check_ask(u, &u->pm->attempts[i]);
}

static void
check_bill(struct audit *u, const struct audit_bill *b)
{
	struct str key = arena_fmt(
	    u->a, "%.*s/%.*s", STR_ARG(b->portal), STR_ARG(b->lines_hash));

	audit_text(u, "open_bill", key, "portal", b->portal, u->pm->portal);
	audit_text(u, "open_bill", key, "lines_hash", b->lines_hash,
	    u->pm->lines_hash);
	audit_text(u, "open_bill", key, "payer", b->payer, u->pm->payer);
}

void
audit_payment(struct arena *a, const struct audit_payment *x, int64_t now,
    const struct audit_sink *to)
{
	struct audit u = { .a = a, .x = x, .pm = &x->pm, .now = now, .to = to };

	if (!str_starts(x->pm.number, x->pm.akey))
		audit_wrong(&u, "payment", STR(""), "akey", x->pm.akey,
		    STR("what its number begins with"));
	check_lines(&u);
	check_attempts(&u);
	for (size_t i = 0; i < x->trxs_len; i++)
		check_trx(&u, &x->trxs[i]);
	for (size_t i = 0; i < x->cases_len; i++)
		check_case(&u, &x->cases[i]);
	for (size_t i = 0; i < x->bills_len; i++)
		check_bill(&u, &x->bills[i]);
	check_jobs(&u);
	audit_exempt(&u);
	audit_cart(&u);
	audit_route(&u);
	audit_refund(&u);
	audit_case(&u);
	audit_story(&u);
	audit_ledger(&u);
}
