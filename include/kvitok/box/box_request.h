/*
 * box_request: what payers ask of the supplier: taken, and answered.
 */
#ifndef KVITOK_BOX_BOX_REQUEST_H
#define KVITOK_BOX_BOX_REQUEST_H

#include "kvitok/box/box_books.h"
#include "kvitok/xml/in.h"

/*
 * [tx] One record of a document of requests: a request, or that one was closed;
 * whatever comes twice is there once.
 * Gives: *words, why it is not taken; empty: it is.
 * Fails: as box_db_run.
 */
KV_MUST_CHECK enum err box_request_take(const struct box_work *w,
    const struct xml_node *n, int64_t document, struct str *words);

/* What an accountant says to one request, or to all that wait. */
struct box_request_reply {
	struct str request; /* empty: all */
	struct str state, text;
};
/*
 * [tx] Document: answers, when there is anything to be answered.
 * Fails: ERR_CONFLICT row_conflict: there is no such request; as box_db_run.
 */
KV_MUST_CHECK enum err box_request_answer(
    const struct box_work *w, const struct box_request_reply *r);

#endif
