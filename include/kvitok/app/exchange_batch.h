/*
 * exchange_batch: records of a document into the tables, in batches.
 *
 * A part of exchange.h.  The last batch is written by exchange_batch_last
 * alone, when the caller knows that the document is still the one that was
 * judged.
 */
#ifndef KVITOK_APP_EXCHANGE_BATCH_H
#define KVITOK_APP_EXCHANGE_BATCH_H

#include "kvitok/app/ports.h"

#define EXCHANGE_BATCH_ROWS 1000

struct ref;
struct exchange_portion;

struct exchange_batching {
	const struct ports *p;
	const struct exchange_head *head;
	struct exchange_doc *doc; /* as it is written so far */
	int64_t until;            /* stop after this instant; 0: never */
	bool more;                /* it was reached */
	/* Its own. */
	struct arena *life, *batch, *run; /* run: of one run of a transaction */
	struct exchange_portion *w;
	const struct ref *ref;
};

/* Days and months that the kind needs are real ones. */
bool exchange_head_check(const struct exchange_head *h);
/* Gives: b, ended by exchange_batch_end, also after failure of others.
 * Fails: ERR_AGAIN. */
KV_MUST_CHECK enum err exchange_batch_begin(
    struct exchange_batching *b, struct fault *f);
/*
 * Read the document and write all full batches but the last one.
 * Fails: ERR_INVALID document_bad; ERR_LIMIT sum_overflow; ERR_AGAIN; with
 * b->more anything.
 */
KV_MUST_CHECK enum err exchange_batch_read(struct exchange_batching *b,
    const struct document_bytes *bytes, struct fault *f);
/* Write the last batch: the document is applied, and acknowledged. */
KV_MUST_CHECK enum err exchange_batch_last(
    struct exchange_batching *b, struct fault *f);
void exchange_batch_end(struct exchange_batching *b);

#endif
