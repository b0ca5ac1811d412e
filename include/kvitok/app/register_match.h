/*
 * register_match: rows of registers find our payments and refunds, and are
 * posted (S7).
 *
 * A row that is found moves receivable to the bank account and the bank's fee;
 * one that is not stands against differences and is a case.  Rows that were
 * not known are tried again by every run, for a payment may be confirmed after
 * its register came: the case then ends by itself.
 */
#ifndef KVITOK_APP_REGISTER_MATCH_H
#define KVITOK_APP_REGISTER_MATCH_H

#include "kvitok/app/ports.h"

struct register_counts {
	int64_t by[RECON__COUNT]; /* rows that were judged now */
	int64_t fees_off;
	int64_t late;     /* rows that had not been known, and are found now */
	int64_t missing;  /* payments and refunds without a row: cases */
	int64_t reversed; /* postings that leave no row, for they were reversed
			     on their day */
	int64_t came;     /* cases of missing ones that a row has ended */
};

/*
 * Judge what is new, and what was not known, of a contract.
 * Gives: *n, added to.
 * Fails: ERR_ABSENT register_contract; ERR_CONFLICT register_no_account (of
 * bank_contract: rows stay new); ERR_AGAIN.
 */
KV_MUST_CHECK enum err register_match(const struct ports *p,
    struct str contract, struct register_counts *n, struct fault *f);

#endif
