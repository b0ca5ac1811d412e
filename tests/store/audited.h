/*
 * audited: whatever happened in a test, the books must be right after it.
 */
#ifndef KVITOK_TESTS_STORE_AUDITED_H
#define KVITOK_TESTS_STORE_AUDITED_H

#include "fixture.h"

#include "kvitok/app/audit.h"

static inline void
audited_found(void *self, const struct audit_finding *x)
{
	(void)self;
	print_error("%s %.*s %s: is %.*s, must be %.*s\n", x->table,
	    STR_ARG(x->key), x->column, STR_ARG(x->is), STR_ARG(x->must));
}

/* End the test program when they are not: cmocka does not count what fails
 * after the last test. */
static inline void
audited_books(const struct ports *p)
{
	struct audit_counts n;
	struct fault f;
	enum err rc;

	fault_init(&f);
	rc = audit_run(p, &(struct audit_span){ .all = true },
	    &(struct audit_sink){ NULL, audited_found }, &n, &f);
	if (rc == ERR_OK && n.payments > 0 && n.findings == 0 &&
	    n.debit_kop == n.credit_kop)
		return;
	print_error("books: %s %s, %d findings\n", err_name(rc), f.detail,
	    (int)n.findings);
	exit(1);
}

#endif
