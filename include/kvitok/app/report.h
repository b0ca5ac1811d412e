/*
 * report: make the file of a report (S8).
 *
 * Rows are read page by page inside of one snapshot of the database and
 * written as they come: memory does not grow with them, and everything in the
 * file is of one instant.
 */
#ifndef KVITOK_APP_REPORT_H
#define KVITOK_APP_REPORT_H

#include "kvitok/app/ports.h"

/* How far it has come. */
struct report_progress {
	int64_t rows;
	struct str day; /* that was reached; empty where rows have none */
};

struct report_request {
	struct report_query q;
	enum report_format format;
	enum codepage encoding;
	char separator;
	struct str asked_by;
	struct str path;
	/* Called after every page; NULL: not at all.  Fails: what ends the
	 * report. */
	enum err (*progress)(
	    void *arg, const struct report_progress *at, struct fault *f);
	void *arg;
};

struct report_made {
	struct report_totals totals;
	struct report_file file;
	char hash[65]; /* of the rows: the same in every format */
};

/*
 * Judge what is asked for: report_check, and whether portal, supplier and
 * contract are there.
 * Fails: as report_check; ERR_INVALID portal_unknown, supplier_unknown,
 * report_contract, their field named.
 */
KV_MUST_CHECK enum err report_asked(const struct ports *p,
    const struct report_query *q, enum report_format format, struct fault *f);
/*
 * Make the file.
 * Gives: *out.
 * Fails: as report_asked, report_writer, report_store; as progress.
 */
KV_MUST_CHECK enum err report_make(const struct ports *p, struct arena *a,
    const struct report_request *req, struct report_made *out, struct fault *f);

#endif
