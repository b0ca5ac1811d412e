/*
 * audit_exchange: documents of suppliers, what they have brought, and what we
 * have answered.
 *
 * Pure: no database, no clock.  A document's counts are compared with what it
 * says of itself, with the records that were refused of it, with the payments
 * that it has brought, and with our acknowledgements.  What later documents
 * write over (accounts, meters, debts, charges) tells nothing of the sums of
 * earlier ones.
 */
#ifndef KVITOK_DOMAIN_AUDIT_EXCHANGE_H
#define KVITOK_DOMAIN_AUDIT_EXCHANGE_H

#include "kvitok/base/arena.h"
#include "kvitok/domain/audit_find.h"
#include "kvitok/domain/exchange.h"

#include <stdbool.h>
#include <stdint.h>

/* A row of exchange_in, and what other rows say of it. */
struct audit_document {
	struct str portal, supplier, kind, sha256;
	struct str state, error_path, error_words;
	int64_t number, size, waits_for; /* 0: for none */
	int64_t said, said_kop, record, applied, applied_kop, refused;
	int64_t error_line, received_at, ended_at; /* 0: not ended */
	bool follows; /* it is the first one, or the one before is there */
	struct str waits_kind;           /* of waits_for */
	bool waits_known;                /* that is there */
	int64_t refusals, refusals_last; /* rows, and the last one's record */
	int64_t payments, payments_kop;  /* of payment_elsewhere */
	int64_t acks_applied, acks_refused; /* of exchange_out */
};

/* A row of exchange_out; of an acknowledgement the document that it answers. */
struct audit_answer_out {
	struct str portal, supplier, kind, of_kind, of_state, words, state;
	int64_t number, of_number, applied, applied_kop, refused;
	int64_t made_at, handed_at; /* 0: not handed over */
	bool follows;
	struct str in_kind, in_state; /* in_state empty: there is none */
	int64_t in_applied, in_applied_kop, in_refused, in_ended_at;
};

/* A row of exchange_refused. */
struct audit_refusal {
	struct str portal, supplier, reason;
	int64_t number, record;
};

/* A row that names a document which did not bring it. */
struct audit_brought {
	struct str akey, portal, supplier, account, month, id; /* its key */
	int64_t document;
	struct str kind; /* of the document; empty: there is none */
};

/* Compare one row; what they build is in a. */
void audit_document(struct arena *a, const struct audit_document *x,
    const struct audit_sink *to);
void audit_answer_out(struct arena *a, const struct audit_answer_out *x,
    const struct audit_sink *to);
void audit_refusal(struct arena *a, const struct audit_refusal *x,
    const struct audit_sink *to);
/* Tell of one; table is charge or payment_elsewhere. */
void audit_brought(struct arena *a, const char *table,
    const struct audit_brought *x, const struct audit_sink *to);

#endif
