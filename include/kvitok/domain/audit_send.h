/*
 * audit_send: documents that went out to suppliers, and their records.
 *
 * Pure: no database, no clock.  Each record is compared with the line of the
 * payment, of the refund, with the reading or the settlement that it tells of;
 * a document's totals with its records; what the supplier has said with the
 * records that it refused, or with the case that says it does not agree.  The
 * text is not made again here: its digest is compared whenever it goes out.
 */
#ifndef KVITOK_DOMAIN_AUDIT_SEND_H
#define KVITOK_DOMAIN_AUDIT_SEND_H

#include "kvitok/base/arena.h"
#include "kvitok/domain/audit_find.h"
#include "kvitok/domain/send.h"

#include <stdbool.h>
#include <stdint.h>

/* One that is gathered for longer is gathered by nobody. */
#define AUDIT_SEND_GATHERING_MS (INT64_C(7) * DAY_MS)

/* A row of exchange_sent, and what other rows say of it. */
struct audit_sent {
	struct str id, portal, supplier, kind, period, state, sha256, words;
	struct str out_kind, out_state; /* of exchange_out; empty: none */
	struct str in_kind, in_state;   /* of its acknowledgement; or empty */
	struct str from_day, done_day;  /* of exchange_send; empty: none */
	int64_t number, items, sum_kop, size, tries;
	int64_t next_at, begun_at, made_at, ended_at, of_number; /* 0: none */
	int64_t applied, applied_kop, refused;
	int64_t out_made_at;
	bool differs_told;    /* a case says so */
	bool unanswered_told; /* after so many tries */
};

/* A row of exchange_item, and the row that it tells of. */
struct audit_sent_item {
	struct str kind, akey, ref, number, day, answer, words;
	struct str portal, supplier, row_day, row_state; /* of that row */
	int64_t n, line, sum_kop, row_kop;
	bool live, there;  /* that row is there */
	bool refusal_told; /* a case says so */
};

/* What a document's records make together. */
struct audit_sent_sums {
	int64_t items, sum_kop, refused, refused_kop;
};

/* How far a kind of documents was made for a supplier. */
struct audit_send_cursor {
	struct str portal, supplier, kind, from_day, day, look_day;
};

/* Compare a record, and add it to the sums; what it builds is in a. */
void audit_sent_item(struct arena *a, const struct audit_sent *x,
    const struct audit_sent_item *i, struct audit_sent_sums *sums,
    const struct audit_sink *to);
/* Compare a document; all of its records were added to the sums. */
void audit_sent(struct arena *a, const struct audit_sent *x,
    const struct audit_sent_sums *sums, int64_t now,
    const struct audit_sink *to);
/* Something of that number was handed over, and nobody knows what. */
void audit_sent_stray(struct arena *a, struct str portal, struct str supplier,
    int64_t number, const struct audit_sink *to);
/*
 * Compare a cursor.
 * Gives: false when it is at no day; else before: lines of earlier days, from
 * from_day on, must be in documents, for nobody looks for them any more.
 */
bool audit_send_cursor(struct arena *a, const struct audit_send_cursor *x,
    int64_t now, char before[DAY_TEXT_SIZE], const struct audit_sink *to);
/* A line that no document has; key is its own. */
void audit_unsent(
    enum send_kind kind, struct str key, const struct audit_sink *to);

#endif
