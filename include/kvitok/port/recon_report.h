/*
 * recon_report: what registers and reconciliation look like; reads only.
 */
#ifndef KVITOK_PORT_RECON_REPORT_H
#define KVITOK_PORT_RECON_REPORT_H

#include "kvitok/port/register_store.h"

/* Rows of one day and outcome; or postings without a row ("missing",
 * "reversed"), of which gross is their sum. */
struct recon_line {
	struct str day, outcome;
	int64_t count, gross_kop, fee_kop, vat_kop, net_kop;
	int64_t fees_off;  /* rows whose fee is not as agreed */
	int64_t apart_kop; /* gross less what we had posted */
};

#define RECON_LINES_MAX 4000

struct recon_report {
	void *self;
	/* Files of a contract (empty: of any) before an id (empty: from the
	 * newest), at most limit. */
	KV_MUST_CHECK enum err (*files)(void *self, struct arena *a,
	    struct str contract, struct str before_id, int limit,
	    const struct register_file **out, size_t *len, struct fault *f);
	/* Fails: ERR_ABSENT register_unknown. */
	KV_MUST_CHECK enum err (*file)(void *self, struct arena *a,
	    struct str id, struct register_file *out, struct fault *f);
	/* Lines of a file that were not understood, after a line. */
	KV_MUST_CHECK enum err (*bads)(void *self, struct arena *a,
	    const struct register_file *file, int64_t after_line, int limit,
	    const struct reg_bad **out, size_t *len, struct fault *f);
	/* By day and outcome, portal empty: of all and of nobody; from_day and
	 * to_day no further apart than 400 days. */
	KV_MUST_CHECK enum err (*summary)(void *self, struct arena *a,
	    struct str contract, struct str portal, struct str from_day,
	    struct str to_day, const struct recon_line **out, size_t *len,
	    struct fault *f);
	/* Rows that are not known and not older than an instant. */
	KV_MUST_CHECK enum err (*waiting)(void *self, struct str contract,
	    int64_t after_at, int64_t *count, struct fault *f);
	/* All contracts. */
	KV_MUST_CHECK enum err (*contracts)(void *self, struct arena *a,
	    const struct str **out, size_t *len, struct fault *f);
};

#endif
