#include "kvitok/domain/audit_act.h"

#include <inttypes.h>

static void
same(struct arena *a, const struct audit_act *x, const struct audit_sink *to,
    const char *column, int64_t is, int64_t must)
{
	struct str key = arena_fmt(a, "%.*s/%.*s/%.*s/%.*s/%.*s",
	    STR_ARG(x->akey), STR_ARG(x->portal), STR_ARG(x->supplier),
	    STR_ARG(x->account), STR_ARG(x->number));

	if (is != must)
		to->put(to->self,
		    &(struct audit_finding){ "account_act", key, column,
			arena_fmt(a, "%" PRId64, is),
			arena_fmt(a, "%" PRId64, must) });
}

void
audit_act(
    struct arena *a, const struct audit_act *x, const struct audit_sink *to)
{
	same(a, x, to, "sum_kop", x->sum_kop, x->made_kop);
	same(a, x, to, "works", x->works, x->made);
}
