/*
 * audit: prove the books from the rows (S9).
 *
 * Reads every row that says something about money and makes anew what it must
 * be: sums of payments, states of attempts, postings, what accounts have by
 * day, what is owed, what suppliers were told.  Changes nothing and locks
 * nothing, so that it may run beside a live system; memory does not grow with
 * the number of payments. Not judged: reference data, accounts of payers and
 * their debts; of acts of work only that they say what their works make.
 */
#ifndef KVITOK_APP_AUDIT_H
#define KVITOK_APP_AUDIT_H

#include "kvitok/app/ports.h"

struct audit_counts {
	int64_t payments, lines, attempts, events, cases, jobs, refunds;
	int64_t give_backs, case_events; /* of payments' cases */
	int64_t transfers, postings;     /* lines of the ledger */
	int64_t days;                    /* of accounts */
	int64_t closed;                  /* days of the ledger */
	int64_t notices, answers;
	int64_t settlements, settlement_items;
	int64_t registers, register_rows;
	int64_t acks;                  /* of our payments by suppliers */
	int64_t documents;             /* of suppliers */
	int64_t sent, sent_items;      /* documents to suppliers */
	int64_t acts;                  /* of suppliers' work */
	int64_t debit_kop, credit_kop; /* of all accounts */
	int64_t findings;
};

/*
 * Audit what span holds.
 * Gives: counts; each finding is put to the sink as soon as it is found, its
 * texts valid during the call.
 * Fails: as the store does; what was found until then was told.
 */
KV_MUST_CHECK enum err audit_run(const struct ports *p,
    const struct audit_span *span, const struct audit_sink *to,
    struct audit_counts *counts, struct fault *f);

#endif
