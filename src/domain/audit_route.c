#include "kvitok/domain/audit_route.h"

#include "kvitok/base/json.h"

/* A bank as an event names it; empty: it does not say. */
struct told {
	struct str contract, bank;
};

/* What an event says; an event that should and does not is wrong. */
static struct told
read_event(struct audit *u, const struct audit_event *e)
{
	struct told t = { STR(""), STR("") };
	const struct json *j = NULL;
	struct fault none;

	fault_init(&none);
	if (json_parse(u->a, e->evidence, JSON_STRICT, &j, &none) != ERR_OK ||
	    !json_text(json_get(j, "contract"), &t.contract)) {
		audit_wrong(u, "event", e->id, "evidence", STR("names no bank"),
		    STR("the contract"));
		return t;
	}
	/* Stories begun before there were second banks do not say. */
	(void)!json_text(json_get(j, "bank"), &t.bank);
	return t;
}

/*
 * Where attempt n was to be made: where the payment was created for, or where
 * the last switch before it led.
 */
static struct told
told_of(struct audit *u, int n)
{
	const struct audit_event *last = NULL;

	for (size_t i = 0; i < u->x->events_len; i++) {
		const struct audit_event *e = &u->x->events[i];
		bool made = str_eq(e->kind, STR("payment_created"));

		if (!made && !str_eq(e->kind, STR("bank_switched")))
			continue;
		if (e->n <= n && (last == NULL || e->n >= last->n))
			last = e;
	}
	if (last == NULL)
		return (struct told){ STR(""), STR("") };
	return read_event(u, last);
}

/* One of the two rows is wrong: both are suspects. */
static void
check_same(struct audit *u, const struct attempt *at, const char *column,
    struct str theirs, struct str ours)
{
	if (str_eq(theirs, ours))
		return;
	audit_text(u, "attempt", audit_n(u, at->n), column, theirs, ours);
	audit_text(u, "payment", STR(""), column, ours, theirs);
}

static void
check_attempt(struct audit *u, const struct attempt *at)
{
	struct told t = told_of(u, at->n);
	struct str n = audit_n(u, at->n);

	if (t.contract.len > 0)
		audit_text(
		    u, "attempt", n, "contract", at->contract, t.contract);
	if (t.bank.len > 0)
		audit_text(u, "attempt", n, "bank", at->bank, t.bank);
}

/* The attempt whose bank is the payment's: the paid one, else the last. */
static const struct attempt *
counting(const struct payment *pm)
{
	const struct attempt *at = payment_attempt(pm, pm->paid_attempt);

	if (at == NULL && pm->attempts_len > 0)
		at = &pm->attempts[pm->attempts_len - 1];
	return at;
}

void
audit_route(struct audit *u)
{
	const struct payment *pm = u->pm;
	const struct attempt *at = counting(pm);
	struct told t;

	for (size_t i = 0; i < pm->attempts_len; i++)
		check_attempt(u, &pm->attempts[i]);
	if (at != NULL) {
		check_same(u, at, "contract", at->contract, pm->contract);
		check_same(u, at, "bank", at->bank, pm->bank);
		return;
	}
	t = told_of(u, 0);
	if (t.contract.len > 0)
		audit_text(u, "payment", STR(""), "contract", pm->contract,
		    t.contract);
	if (t.bank.len > 0)
		audit_text(u, "payment", STR(""), "bank", pm->bank, t.bank);
}
