/*
 * report_count: how many rows and what totals a report would have, before it
 * is made.
 *
 * Read as report_make reads, page by page inside of one snapshot, but within
 * bounds: somebody waits for the answer.  What was not counted is said.
 */
#ifndef KVITOK_APP_REPORT_COUNT_H
#define KVITOK_APP_REPORT_COUNT_H

#include "kvitok/app/ports.h"

struct report_bounds {
	int64_t patience_ms; /* no page is begun later than this */
	int64_t rows_max;
};

struct report_counted {
	struct report_totals totals;
	bool whole;         /* else there is more than was counted */
	struct str reached; /* the last day that was; empty: rows have none */
};

/*
 * Count what q asks for.
 * Gives: *out, texts in a.
 * Fails: as report_asked, report_store; ERR_LIMIT sum_overflow.
 */
KV_MUST_CHECK enum err report_count(const struct ports *p, struct arena *a,
    const struct report_query *q, const struct report_bounds *bounds,
    struct report_counted *out, struct fault *f);

#endif
