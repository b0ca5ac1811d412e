/*
 * send_request: records of a document of requests, a piece at a time.
 *
 * A request's files are long: no more than a part of one is in memory.
 */
#ifndef KVITOK_APP_SEND_REQUEST_H
#define KVITOK_APP_SEND_REQUEST_H

#include "kvitok/app/ports.h"

/* Where the making is; all zero but for the first two in the beginning. */
struct send_request {
	const struct ports *p;
	const struct sent_doc *doc;
	struct arena *a; /* of the record in hand; made at the first piece */
	int64_t n;       /* the last record that was begun */
	struct appeal appeal;
	const struct appeal_file *files;
	size_t files_len, file; /* the one in hand */
	int64_t part;           /* the last one of it that was put */
	bool open;              /* a record is begun, and not ended */
};

/*
 * Append the next piece.
 * Gives: *end, when there was none.
 * Fails: as the stores do; ERR_BUG exchange_text_differs: a record is missing.
 */
KV_MUST_CHECK enum err send_request_piece(
    struct send_request *x, struct buf *b, bool *end, struct fault *f);
void send_request_free(struct send_request *x);

#endif
