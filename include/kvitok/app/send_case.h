/*
 * send_case: cases of documents that go out.
 *
 * Kinds: exchange_line_refused (a line that the supplier does not take),
 * exchange_refused (a whole document), exchange_unanswered (nobody acknowledges
 * it), exchange_differs (its acknowledgement is not of what we have sent).
 * Their subject is portal/supplier/number/which; they belong to no payment, so
 * that none of its money is kept back for them.
 */
#ifndef KVITOK_APP_SEND_CASE_H
#define KVITOK_APP_SEND_CASE_H

#include "kvitok/app/ports.h"

struct send_trouble {
	const char *kind;
	int64_t which;                /* record, number of an answer, tries */
	const struct send_item *item; /* exchange_line_refused */
	struct str words;             /* of the supplier; what differs */
	struct send_answer answer;    /* exchange_differs */
};

/* [tx] Open a case about a document; the same one is opened once.
 * Fails: as the store does. */
KV_MUST_CHECK enum err send_case_open(const struct ports *p, struct arena *a,
    const struct sent_doc *x, const struct send_trouble *t, struct fault *f);
/* [tx] Settle one that is open: it was acknowledged after all.
 * Fails: as the store does. */
KV_MUST_CHECK enum err send_case_settle(const struct ports *p, struct arena *a,
    const struct sent_doc *x, const char *kind, int64_t which, struct fault *f);
/*
 * [tx] The resolution retry: the document is handed over again, or the line
 * goes into the next one of its kind.
 * Fails: ERR_ABSENT exchange_unknown; ERR_CONFLICT exchange_line_free (the
 * line is to be sent anew already).
 */
KV_MUST_CHECK enum err send_case_retry(const struct ports *p, struct arena *a,
    const struct pay_case *c, struct fault *f);

#endif
