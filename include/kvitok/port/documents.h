/*
 * documents: exchange documents, judged and read as a stream.
 */
#ifndef KVITOK_PORT_DOCUMENTS_H
#define KVITOK_PORT_DOCUMENTS_H

#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/appeal.h"
#include "kvitok/domain/appeal_file.h"
#include "kvitok/domain/exchange.h"
#include "kvitok/port/send_store.h"

#define DOCUMENT_SIZE_MAX (INT64_C(4) << 30)

/* Where the bytes come from, in their order. */
struct document_bytes {
	void *self;
	/* Gives: how many bytes were put to p, at most len; 0 at the end, below
	 * 0 when they cannot be read. */
	int (*read)(void *self, char *p, int len);
};

/* One thing that is wrong with a document. */
struct document_problem {
	int64_t line; /* 0: nowhere in particular */
	struct str path, words;
};

/* Who is told; what is told is valid during the call. */
struct document_sink {
	void *self;
	/* Once, before the first record; what fails ends the reading. */
	KV_MUST_CHECK enum err (*head)(
	    void *self, const struct exchange_head *h, struct fault *f);
	/* Of kinds that are applied (exchange_kind_of) only. */
	KV_MUST_CHECK enum err (*record)(
	    void *self, const struct exchange_record *r, struct fault *f);
	/* A few times at most. */
	void (*problem)(void *self, const struct document_problem *x);
};

/* What an acknowledgement says. */
struct document_ack {
	struct str portal, supplier, of_kind, words;
	bool applied; /* else the document was refused as a whole */
	int64_t number, of_number, made_at;
	int64_t count, sum_kop, refused;
	const struct exchange_record *refusals; /* n and refused of each */
	size_t refusals_len;
};

/* What a document that goes out says of itself. */
struct document_out {
	const struct sent_doc *doc;
	const struct settlement *settlement; /* of that kind only */
	bool returned;                       /* it came back */
};

/* A record of a document of requests, in pieces, for its files are long. */
enum document_piece {
	DOCUMENT_REQUEST, /* the begin of one: appeal and fields */
	DOCUMENT_FILE,    /* the begin of a file of it */
	DOCUMENT_CONTENT, /* some of what is in the file, in base64 */
	DOCUMENT_FILE_END,
	DOCUMENT_REQUEST_END,
	DOCUMENT_CLOSED /* a whole record: the payer has closed appeal */
};

struct document_request {
	enum document_piece piece;
	const struct appeal *appeal;
	const struct appeal_field *fields;
	size_t fields_len;
	const struct appeal_file *file;
	struct str content;
};

struct documents {
	void *self;
	/*
	 * Read a whole document.  ERR_OK proves that it was whole, agreed with
	 * its schema and its own control totals.
	 * Fails: ERR_INVALID document_bad, what is wrong was told; as head or
	 * record.
	 */
	KV_MUST_CHECK enum err (*read)(void *self,
	    const struct document_bytes *from, const struct document_sink *to,
	    struct fault *f);
	/* Append an acknowledgement: the same bytes each time. */
	void (*ack)(void *self, const struct document_ack *x, struct buf *out);
	/* Append the begin of a document that goes out, a record of it, and its
	 * end: the same bytes each time. */
	void (*out_begin)(
	    void *self, const struct document_out *x, struct buf *out);
	void (*out_row)(void *self, const struct document_out *x,
	    const struct send_row *r, struct buf *out);
	void (*out_end)(
	    void *self, const struct document_out *x, struct buf *out);
	/* Instead of out_row: a piece of a record of requests. */
	void (*out_request)(
	    void *self, const struct document_request *x, struct buf *out);
};

#endif
