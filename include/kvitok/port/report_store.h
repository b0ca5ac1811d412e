/*
 * report_store: the rows of reports, page by page.
 *
 * Whatever is read inside of one look is of one instant: rows that are added
 * or change meanwhile are not seen.
 */
#ifndef KVITOK_PORT_REPORT_STORE_H
#define KVITOK_PORT_REPORT_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/report.h"

#define REPORT_KEYS_MAX 5
#define REPORT_KEY_SIZE 104 /* of its text */

/* Where reading goes on, after what keys; zero at first. */
struct report_mark {
	bool begun;
	int64_t n[REPORT_KEYS_MAX];
	char text[REPORT_KEYS_MAX][REPORT_KEY_SIZE]; /* ends in NUL */
};

struct report_store {
	void *self;
	/*
	 * Run body in a transaction that only reads, everything of one
	 * instant.  It is run afresh after ERR_AGAIN, five times at most.
	 */
	KV_MUST_CHECK enum err (*look)(void *self,
	    enum err (*body)(void *arg, struct fault *f), void *arg,
	    struct fault *f);
	/*
	 * The rows after mark.
	 * Gives: *rows in a, *len of them, as many cells each as the report
	 * has columns; *mark, where it goes on; *more, false at the end:
	 * a page may have no rows and not be the last one.
	 */
	KV_MUST_CHECK enum err (*page)(void *self, struct arena *a,
	    const struct report_query *q, struct report_mark *mark,
	    const struct report_cell **rows, size_t *len, bool *more,
	    struct fault *f);
};

#endif
