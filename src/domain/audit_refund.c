#include "kvitok/domain/audit_refund.h"

static struct str
line_key(struct audit *u, const struct refund *r, int n)
{
	return arena_fmt(u->a, "%.*s/%d", STR_ARG(r->id), n);
}

/* What a column of the lines adds up to; each line is a suspect then. */
static void
check_line_sum(struct audit *u, const struct refund *r, const char *column,
    int64_t kept, bool fee)
{
	int64_t sum = 0;

	for (size_t i = 0; i < r->lines_len; i++)
		sum = audit_add(
		    sum, fee ? r->lines[i].fee_kop : r->lines[i].sum_kop);
	if (sum == kept)
		return;
	audit_number(u, "refund", r->id, column, kept, sum);
	for (size_t i = 0; i < r->lines_len; i++) {
		int64_t own = fee ? r->lines[i].fee_kop : r->lines[i].sum_kop;

		audit_number(u, "refund_line", line_key(u, r, r->lines[i].n),
		    column, own, audit_add(own, audit_add(kept, -sum)));
	}
}

static const struct audit_case *
case_of(const struct audit *u, const char *kind, struct str subject)
{
	for (size_t i = 0; i < u->x->cases_len; i++)
		if (str_eq(u->x->cases[i].kind, str_of(kind)) &&
		    str_eq(u->x->cases[i].subject, subject))
			return &u->x->cases[i];
	return NULL;
}

static void
check_case(struct audit *u, const struct refund *r, const char *kind)
{
	const struct audit_case *c = case_of(u, kind, r->id);

	if (c && c->sum_kop != refund_total(r)) {
		audit_number(u, "pay_case", c->id, "sum_kop", c->sum_kop,
		    refund_total(r));
		audit_number(u, "refund", r->id, "sum_kop + fee_kop",
		    refund_total(r), c->sum_kop);
	}
}

static void
check_state(struct audit *u, const struct audit_refund *x)
{
	const struct refund *r = &x->r;
	bool ended = r->state == REFUND_DONE || r->state == REFUND_FAILED;
	const struct audit_case *other = case_of(u, "refund_unclear", r->id);
	bool refused = case_of(u, "refund_failed", r->id) != NULL ||
	    /* or the bank has done another one in its place */
	    (r->state == REFUND_FAILED && other &&
		str_eq(other->resolution, STR("accept")));

	if (refused != (r->state == REFUND_FAILED)) {
		audit_wrong(u, "refund", r->id, "state",
		    str_of(refund_state_name(r->state)),
		    refused ? STR("failed") : STR("another: no case tells"));
		if (!refused)
			audit_wrong(u, "pay_case",
			    arena_fmt(
				u->a, "refund_failed/%.*s", STR_ARG(r->id)),
			    "row", STR("missing"), STR("one"));
	}
	if (x->of_case != (r->way == REFUND_BY_CHARGEBACK))
		audit_wrong(u, "refund", r->id, "way",
		    str_of(refund_way_name(r->way)),
		    x->of_case ? STR("chargeback")
			       : STR("another: no case tells"));
	/* Somebody must go on with it: the job, or a person. */
	if (!ended && !str_eq(x->job_state, STR("due")) &&
	    !case_of(u, "refund_unclear", r->id))
		audit_wrong(u, "job",
		    arena_fmt(u->a, "refund/%.*s", STR_ARG(r->id)), "state",
		    x->job_state.len > 0 ? x->job_state : STR("missing"),
		    STR("due"));
	check_case(u, r, "refund_failed");
	check_case(u, r, "refund_unclear");
}

/* Of no line more may go back than it has brought. */
static void
check_rest(struct audit *u, size_t line)
{
	const struct pay_line *l = &u->pm->lines[line];
	int64_t sum = 0, fee = 0, supplier_fee = 0, loss = 0;

	for (size_t i = 0; i < u->x->refunds_len; i++) {
		const struct refund *r = &u->x->refunds[i].r;

		for (size_t k = 0; k < r->lines_len; k++) {
			if (r->state == REFUND_FAILED ||
			    r->lines[k].n != u->x->line_ns[line])
				continue;
			sum = audit_add(sum, r->lines[k].sum_kop);
			fee = audit_add(fee, r->lines[k].fee_kop);
			supplier_fee = audit_add(
			    supplier_fee, r->lines[k].supplier_fee_kop);
			loss = audit_add(loss, r->lines[k].loss_kop);
		}
	}
	if (sum > l->sum_kop || fee > l->fee_kop ||
	    supplier_fee > l->supplier_fee_kop || loss > l->loss_kop)
		audit_wrong(u, "refund_line",
		    arena_fmt(u->a, "*/%d", u->x->line_ns[line]), "sums",
		    arena_fmt(u->a, "%lld + %lld + %lld + %lld", (long long)sum,
			(long long)fee, (long long)supplier_fee,
			(long long)loss),
		    arena_fmt(u->a, "at most %lld + %lld + %lld + %lld",
			(long long)l->sum_kop, (long long)l->fee_kop,
			(long long)l->supplier_fee_kop,
			(long long)l->loss_kop));
}

static void
check_told(struct audit *u, const char *kind, int64_t must)
{
	int64_t n = 0;

	for (size_t i = 0; i < u->x->events_len; i++)
		n += str_eq(u->x->events[i].kind, str_of(kind));
	audit_number(u, "event", str_of(kind), "row", n, must);
}

void
audit_refund(struct audit *u)
{
	const struct payment *pm = u->pm;
	int64_t held = 0, done = 0, times_done = 0, times_failed = 0;
	enum pay_state must;

	for (size_t i = 0; i < u->x->refunds_len; i++) {
		const struct refund *r = &u->x->refunds[i].r;

		check_line_sum(u, r, "sum_kop", r->sum_kop, false);
		check_line_sum(u, r, "fee_kop", r->fee_kop, true);
		check_state(u, &u->x->refunds[i]);
		times_done += r->state == REFUND_DONE;
		times_failed += r->state == REFUND_FAILED;
		if (r->state != REFUND_FAILED)
			held = audit_add(held, refund_total(r));
		if (r->state == REFUND_DONE)
			done = audit_add(done, refund_total(r));
	}
	for (size_t i = 0; i < pm->lines_len; i++)
		check_rest(u, i);
	check_told(u, "refund_asked", (int64_t)u->x->refunds_len);
	check_told(u, "refund_done", times_done);
	check_told(u, "refund_refused", times_failed);
	audit_number(
	    u, "payment", STR(""), "refunded_kop", pm->refunded_kop, held);
	must = done == 0            ? PAY_PAID
	    : done == pm->total_kop ? PAY_REFUNDED
				    : PAY_PARTLY_REFUNDED;
	if (pay_is_paid(pm->state))
		audit_text(u, "payment", STR(""), "state",
		    str_of(pay_state_name(pm->state)),
		    str_of(pay_state_name(must)));
	else if (u->x->refunds_len > 0)
		audit_wrong(u, "payment", STR(""), "state",
		    str_of(pay_state_name(pm->state)),
		    STR("a paid one: it has refunds"));
}
