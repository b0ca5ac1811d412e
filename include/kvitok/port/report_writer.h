/*
 * report_writer: files of reports, in any of the formats.
 *
 * A file comes into being beside its place, as PATH.part, and takes it when
 * it is whole and on the disk; what stood there is replaced in one step.
 * Memory does not grow with the rows.  The same rows give the same bytes but
 * for the time of making.
 */
#ifndef KVITOK_PORT_REPORT_WRITER_H
#define KVITOK_PORT_REPORT_WRITER_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/codepage.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/report.h"

/* What stands before the rows. */
struct report_head {
	const struct report_query *q;
	struct str asked_by;
	int64_t made_at;        /* its rows are of this instant */
	enum codepage encoding; /* of CSV */
	char separator;         /* of CSV; with ';' and TAB a decimal comma */
};

/* What stands after them. */
struct report_end {
	const struct report_totals *totals;
	struct str hash; /* of the rows, 64 hex digits */
};

/* What has become of the texts. */
struct report_file {
	int64_t size;     /* bytes */
	char digest[65];  /* SHA-256 of them */
	int64_t replaced; /* characters that the encoding has not */
};

struct report_writer {
	void *self;
	/* Fails: ERR_AGAIN file_not_written (no room, ...); ERR_LIMIT
	 * report_text: a cell that the format cannot hold. */
	KV_MUST_CHECK enum err (*row)(
	    void *self, const struct report_cell *row, struct fault *f);
	/* Finish the file and put it in its place; the writer is gone then,
	 * after failure, too.  Fails: as row. */
	KV_MUST_CHECK enum err (*end)(void *self, const struct report_end *end,
	    struct report_file *out, struct fault *f);
	/* Give it up instead: nothing is left. */
	void (*drop)(void *self);
};

/* Makes writers. */
struct report_press {
	void *self;
	/*
	 * Begin the file path (its folder is there).
	 * Gives: *out, to be ended or dropped; texts of head live until then.
	 * Fails: as row; it is dropped then.
	 */
	KV_MUST_CHECK enum err (*open)(void *self, struct arena *a,
	    const struct report_head *head, enum report_format format,
	    struct str path, struct report_writer *out, struct fault *f);
};

#endif
