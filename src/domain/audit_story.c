#include "kvitok/domain/audit_story.h"

/* Kinds of events that tell of a state. */
enum told {
	T_CREATED,
	T_CANCELLED,
	T_PAID,
	T_OVER,
	T_INTENDED,
	T_LINKED,
	T_REGISTERED,
	T_UNKNOWN,
	T_REFUSED,
	T_DECLINED,
	T_EXPIRED,
	T_FOUND,
	T_NEVER_THERE,
	T_LINK_LOST,
	T_TRY_REFUSED,
	T_AGAIN,
	T__COUNT
};

#define BIT(t) (1u << (t))

/* Their words, the state that each leads to, and whose it is. */
static const struct {
	const char *kind, *to;
	bool attempt; /* from and to are states of the attempt */
} kinds[T__COUNT] = {
	[T_CREATED] = { "payment_created", "created", false },
	[T_CANCELLED] = { "payment_cancelled", "cancelled", false },
	[T_PAID] = { "payment_paid", "paid", false },
	[T_OVER] = { "payment_over", "expired", false },
	[T_INTENDED] = { "attempt_intended", "pending", false },
	[T_LINKED] = { "attempt_linked", "pending", false },
	[T_REGISTERED] = { "attempt_registered", "registered", true },
	[T_UNKNOWN] = { "attempt_unknown", "unknown", true },
	[T_REFUSED] = { "attempt_refused", "refused", true },
	[T_DECLINED] = { "attempt_declined", "declined", true },
	[T_EXPIRED] = { "attempt_expired", "expired", true },
	[T_FOUND] = { "attempt_found", "registered", true },
	[T_NEVER_THERE] = { "attempt_never_there", "refused", true },
	[T_LINK_LOST] = { "attempt_link_lost", "refused", true },
	[T_TRY_REFUSED] = { "try_refused", "declined", false },
	[T_AGAIN] = { "opened_again", "pending", false },
};

#define ENDED                                                                  \
	(BIT(T_REFUSED) | BIT(T_NEVER_THERE) | BIT(T_LINK_LOST) |              \
	    BIT(T_DECLINED) | BIT(T_EXPIRED))
#define BEGUN (BIT(T_INTENDED) | BIT(T_LINKED) | BIT(T_AGAIN))
#define GIVEN_UP (BIT(T_CANCELLED) | BIT(T_PAID))

/* What must have been told of a state, one of them, and what must not. */
struct rule {
	unsigned one, none;
};

static const struct rule of_payment[PAY__COUNT] = {
	[PAY_CREATED] = { BIT(T_CREATED),
	    GIVEN_UP | BIT(T_OVER) | BIT(T_INTENDED) | BIT(T_LINKED) },
	[PAY_PENDING] = { BEGUN, GIVEN_UP },
	[PAY_PAID] = { BIT(T_PAID), 0 },
	[PAY_DECLINED] = { BIT(T_REFUSED) | BIT(T_NEVER_THERE) |
		BIT(T_LINK_LOST) | BIT(T_DECLINED) | BIT(T_TRY_REFUSED),
	    GIVEN_UP },
	[PAY_EXPIRED] = { BIT(T_OVER) | BIT(T_EXPIRED), GIVEN_UP },
	[PAY_CANCELLED] = { BIT(T_CANCELLED), BIT(T_PAID) },
	[PAY_PARTLY_REFUNDED] = { BIT(T_PAID), 0 },
	[PAY_REFUNDED] = { BIT(T_PAID), 0 },
};

/* The same of the events that bear the attempt's n. */
static const struct rule of_attempt[ATT__COUNT] = {
	[ATT_INTENDED] = { BIT(T_INTENDED),
	    BIT(T_REGISTERED) | BIT(T_UNKNOWN) | BIT(T_FOUND) | ENDED },
	[ATT_REGISTERED] = { BIT(T_REGISTERED) | BIT(T_LINKED) | BIT(T_FOUND),
	    ENDED },
	[ATT_UNKNOWN] = { BIT(T_UNKNOWN),
	    BIT(T_REGISTERED) | BIT(T_FOUND) | ENDED },
	[ATT_REFUSED] = { BIT(T_REFUSED) | BIT(T_NEVER_THERE) |
		BIT(T_LINK_LOST),
	    BIT(T_PAID) },
	[ATT_PAID] = { BIT(T_INTENDED) | BIT(T_LINKED), 0 },
	[ATT_DECLINED] = { BIT(T_DECLINED), BIT(T_PAID) },
	[ATT_EXPIRED] = { BIT(T_EXPIRED), BIT(T_PAID) },
};

static enum told
told_of(struct str kind)
{
	unsigned t = 0;

	while (t < T__COUNT && !str_eq(kind, str_of(kinds[t].kind)))
		t++;
	return (enum told)t;
}

/* May the state that an event names as the former one have led to its own? */
static bool
may_follow(const struct audit_event *e, enum told t)
{
	enum pay_state from, to;
	enum att_state was, is;

	if (t == T_CREATED)
		return e->from.len == 0;
	if (kinds[t].attempt)
		return att_state_of(e->from, &was) &&
		    att_state_of(e->to, &is) && att_may_move(was, is);
	return pay_state_of(e->from, &from) && pay_state_of(e->to, &to) &&
	    pay_may_move(from, to);
}

static void
check_event(struct audit *u, const struct audit_event *e, enum told t)
{
	if (e->n != 0 && !payment_attempt(u->pm, e->n))
		audit_wrong(u, "event", e->id, "n", audit_n(u, e->n),
		    STR("an attempt of this payment"));
	if (t == T__COUNT)
		return;
	audit_text(u, "event", e->id, "to_state", e->to, str_of(kinds[t].to));
	if (str_eq(e->to, str_of(kinds[t].to)) && !may_follow(e, t))
		audit_wrong(u, "event", e->id, "from_state", e->from,
		    STR("a state that may become this one"));
}

/* "payment_paid or opened_again" */
static struct str
words_of(struct audit *u, unsigned set)
{
	struct str out = STR("");

	for (unsigned t = 0; t < T__COUNT; t++)
		if (set & BIT(t))
			out = arena_fmt(u->a, "%.*s%s%s", STR_ARG(out),
			    out.len > 0 ? " or " : "", kinds[t].kind);
	return out;
}

/* The state may be wrong, or its event is missing: both are suspects. */
static void
check_rule(struct audit *u, const char *table, struct str key,
    const char *state, unsigned seen, const struct rule *r)
{
	if (seen & r->none)
		audit_wrong(u, table, key, "state", str_of(state),
		    arena_fmt(u->a, "another: the story has %.*s",
			STR_ARG(words_of(u, seen & r->none))));
	if (seen & r->one)
		return;
	audit_wrong(u, table, key, "state", str_of(state),
	    STR("another: the story does not tell of it"));
	audit_wrong(
	    u, "event", words_of(u, r->one), "row", STR("missing"), STR("one"));
}

/* How often an event that is told once is told. */
static void
check_times(struct audit *u, enum told t, size_t times, size_t must)
{
	if (times != must)
		audit_number(u, "event", str_of(kinds[t].kind), "row",
		    (int64_t)times, (int64_t)must);
}

static void
check_payment(struct audit *u, unsigned seen, const size_t *times)
{
	const struct payment *pm = u->pm;
	const char *name = pay_state_name(pm->state);
	bool open = false;

	check_rule(u, "payment", STR(""), name, seen, &of_payment[pm->state]);
	check_times(u, T_CREATED, times[T_CREATED], 1);
	check_times(u, T_PAID, times[T_PAID], pay_is_paid(pm->state) ? 1 : 0);
	check_times(u, T_CANCELLED, times[T_CANCELLED],
	    pm->state == PAY_CANCELLED ||
		    (times[T_CANCELLED] == 1 && pay_is_paid(pm->state))
		? 1
		: 0);
	for (size_t i = 0; i < pm->attempts_len; i++)
		open |= att_is_open(pm->attempts[i].state);
	if (pm->state == PAY_PENDING && !open)
		audit_wrong(u, "payment", STR(""), "state", str_of(name),
		    STR("another: none of its attempts is open"));
	if ((pm->state == PAY_PENDING || pay_is_paid(pm->state) ||
		pm->state == PAY_CREATED) &&
	    pm->reason.len > 0)
		audit_text(
		    u, "payment", STR(""), "reason", pm->reason, STR(""));
}

static void
check_attempt(struct audit *u, const struct attempt *at)
{
	unsigned seen = 0;

	for (size_t i = 0; i < u->x->events_len; i++) {
		const struct audit_event *e = &u->x->events[i];
		enum told t = told_of(e->kind);

		if (e->n == at->n && t != T__COUNT)
			seen |= BIT(t);
	}
	check_rule(u, "attempt", audit_n(u, at->n), att_state_name(at->state),
	    seen, &of_attempt[at->state]);
	if (u->pm->paid_attempt != at->n || (seen & BIT(T_PAID)))
		return;
	audit_wrong(u, "event", STR("payment_paid"), "n",
	    STR("another attempt's"), audit_n(u, at->n));
	audit_wrong(u, "payment", STR(""), "paid_attempt", audit_n(u, at->n),
	    STR("that of the event payment_paid"));
}

static void
check_cases(struct audit *u)
{
	size_t opened = 0;

	for (size_t i = 0; i < u->x->events_len; i++)
		opened += str_eq(u->x->events[i].kind, STR("case_opened"));
	if (opened == u->x->cases_len)
		return;
	audit_number(u, "event", STR("case_opened"), "row", (int64_t)opened,
	    (int64_t)u->x->cases_len);
	audit_wrong(u, "pay_case", STR("all"), "row",
	    audit_n(u, (int64_t)u->x->cases_len), audit_n(u, (int64_t)opened));
}

void
audit_story(struct audit *u)
{
	size_t times[T__COUNT + 1] = { 0 };
	unsigned seen = 0;

	for (size_t i = 0; i < u->x->events_len; i++) {
		enum told t = told_of(u->x->events[i].kind);

		check_event(u, &u->x->events[i], t);
		times[t]++;
		if (t != T__COUNT)
			seen |= BIT(t);
	}
	check_payment(u, seen, times);
	for (size_t i = 0; i < u->pm->attempts_len; i++)
		check_attempt(u, &u->pm->attempts[i]);
	check_cases(u);
}
