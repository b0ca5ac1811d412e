#include "kvitok/domain/audit_find.h"

#include "kvitok/domain/money.h"

#include <inttypes.h>

void
audit_wrong(struct audit *u, const char *table, struct str key,
    const char *column, struct str is, struct str must)
{
	u->to->put(u->to->self,
	    &(struct audit_finding){ .table = table,
		.key = key.len > 0 ? arena_fmt(u->a, "%.*s/%.*s",
					 STR_ARG(u->pm->number), STR_ARG(key))
				   : u->pm->number,
		.column = column,
		.is = is,
		.must = must });
}

struct str
audit_n(struct audit *u, int64_t n)
{
	return arena_fmt(u->a, "%" PRId64, n);
}

void
audit_number(struct audit *u, const char *table, struct str key,
    const char *column, int64_t is, int64_t must)
{
	if (is != must)
		audit_wrong(
		    u, table, key, column, audit_n(u, is), audit_n(u, must));
}

void
audit_text(struct audit *u, const char *table, struct str key,
    const char *column, struct str is, struct str must)
{
	if (!str_eq(is, must))
		audit_wrong(u, table, key, column, is, must);
}

int64_t
audit_add(int64_t a, int64_t b)
{
	struct money sum = { a > 0 ? INT64_MAX : INT64_MIN };
	struct fault none;

	fault_init(&none);
	/* Only rows that are wrong add up to more than fits. */
	if (money_add((struct money){ a }, (struct money){ b }, &sum, &none) !=
	    ERR_OK)
		return sum.kop;
	return sum.kop;
}
