#include "kvitok/domain/audit_ack.h"

#include <inttypes.h>

static void
wrong(struct arena *a, const struct audit_ack *x, const struct audit_sink *to,
    const char *column, struct str is, struct str must)
{
	struct str key = arena_fmt(a, "%.*s/%.*s/%.*s/%.*s/%.*s/%.*s",
	    STR_ARG(x->akey), STR_ARG(x->portal), STR_ARG(x->supplier),
	    STR_ARG(x->account), STR_ARG(x->month), STR_ARG(x->id));

	to->put(to->self,
	    &(struct audit_finding){ "payment_ack", key, column, is, must });
}

static void
same(struct arena *a, const struct audit_ack *x, const struct audit_sink *to,
    const char *column, struct str is, struct str must)
{
	if (!str_eq(is, must))
		wrong(a, x, to, column, is, must);
}

/* Several rows may count one line: when they do not add up, no other row tells
 * which of them is wrong, and each is named. */
static void
check_sum(
    struct arena *a, const struct audit_ack *x, const struct audit_sink *to)
{
	int64_t left = audit_add(x->line_kop, -x->back_kop);
	int64_t off = audit_add(left, -x->counted_kop);

	if (!x->fits)
		wrong(a, x, to, "sum_kop", arena_fmt(a, "%" PRId64, x->sum_kop),
		    arena_fmt(a, "%" PRId64, audit_add(x->sum_kop, off)));
}

void
audit_ack(
    struct arena *a, const struct audit_ack *x, const struct audit_sink *to)
{
	enum pay_state state;

	if (x->line_supplier.len == 0) {
		wrong(a, x, to, "row", STR("of nobody"),
		    STR("a line of a payment"));
		return;
	}
	same(a, x, to, "portal", x->portal, x->pay_portal);
	same(a, x, to, "supplier", x->supplier, x->line_supplier);
	same(a, x, to, "account", x->account, x->line_account);
	same(a, x, to, "service", x->service, x->line_service);
	same(a, x, to, "day", x->day, x->paid_day);
	if (!pay_state_of(x->pay_state, &state) || !pay_is_paid(state))
		wrong(a, x, to, "number", x->pay_state, STR("a paid payment"));
	if (!str_eq(x->document, STR("charges")))
		wrong(a, x, to, "id", x->document,
		    STR("a document of charges, behind its line"));
	check_sum(a, x, to);
}
