#include "kvitok/domain/audit_look.h"

#include <inttypes.h>

void
audit_look_wrong(const struct audit_look *w, const char *column, struct str is,
    struct str must)
{
	w->to->put(w->to->self,
	    &(struct audit_finding){ w->table, w->key, column, is, must });
}

void
audit_must_be(
    const struct audit_look *w, const char *column, int64_t is, int64_t must)
{
	if (is != must)
		audit_look_wrong(w, column, arena_fmt(w->a, "%" PRId64, is),
		    arena_fmt(w->a, "%" PRId64, must));
}

void
audit_must_equal(const struct audit_look *w, const char *column, struct str is,
    struct str must)
{
	if (!str_eq(is, must))
		audit_look_wrong(w, column, is, must);
}

void
audit_must_hold(const struct audit_look *w, bool holds, const char *column,
    int64_t is, const char *must)
{
	if (!holds)
		audit_look_wrong(
		    w, column, arena_fmt(w->a, "%" PRId64, is), str_of(must));
}

void
audit_must_read(const struct audit_look *w, bool holds, const char *column,
    struct str is, const char *must)
{
	if (!holds)
		audit_look_wrong(w, column, is, str_of(must));
}
