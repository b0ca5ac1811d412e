/*
 * send: documents that go out to suppliers (X3).
 *
 * Pure.  Which kinds there are, when a business day is over, when a document
 * that nobody acknowledges is handed over again, and whether what the supplier
 * says of one agrees with it (doc/decisions, documents that go out).
 */
#ifndef KVITOK_DOMAIN_SEND_H
#define KVITOK_DOMAIN_SEND_H

#include "kvitok/base/attr.h"
#include "kvitok/base/day.h"
#include "kvitok/base/fault.h"

#include <stdbool.h>

/*
 * A day is over so long after its midnight in Moscow: whatever was posted on
 * it is in the tables by then, for a transaction that lives longer than a
 * minute is not committed.  That clocks of hosts differ is allowed for.
 */
#define SEND_GRACE_MS INT64_C(600000)
/* Days before it are looked at again, for clocks that are wrong by more. */
#define SEND_LOOK_BACK_DAYS 7

enum send_kind {
	SEND_PAYMENTS,
	SEND_REFUNDS,
	SEND_READINGS,
	SEND_SETTLEMENT,
	SEND_REQUESTS, /* what payers ask, and that they have closed it */
	SEND_KIND__COUNT
};

/* A document of requests begins with so many of them at most, and with so many
 * bytes of their files; what is more goes into the next one. */
#define SEND_REQUESTS_MAX 200
#define SEND_FILES_MAX (INT64_C(32) << 20)

enum sent_state {
	SENT_GATHERING, /* its lines are being taken; it has no number */
	SENT_SENT,      /* handed over, or about to be: waits for an answer */
	SENT_ACKNOWLEDGED,
	SENT_REFUSED, /* as a whole */
	SENT__COUNT
};

/* Gives: the name of a kind, which is that of the document's element. */
const char *send_kind_name(enum send_kind k);
/* Gives: SEND_KIND__COUNT when it is none. */
enum send_kind send_kind_of(struct str name);
/* Gives: the name of a kind's records; also of its items. */
const char *send_record_name(enum send_kind k);
/* Gives: how many records a document of so many items has: none, where they
 * are its own attributes. */
int64_t send_records(enum send_kind k, int64_t items);

/* Gives: the word of the tables. */
const char *sent_state_name(enum sent_state s);
/* Gives: SENT__COUNT when it is none. */
enum sent_state sent_state_of(struct str name);

/* Gives: the last business day that is over. */
void send_over_day(int64_t now, char out[DAY_TEXT_SIZE]);
/*
 * Gives: the day from which lines of a day are looked for; not before from
 * (whose day it is that sending began), and as early as look, if that is a day.
 */
void send_look_from(
    struct str day, struct str from, struct str look, char out[DAY_TEXT_SIZE]);
/*
 * After so many times that it was handed over, when is it handed over again?
 * The gap doubles each time.
 * Gives: the instant.
 */
int64_t send_next_at(int64_t tries, int64_t answer_ms, int64_t now);

/* What a supplier says of a document of ours. */
struct send_answer {
	bool applied; /* else refused as a whole */
	int64_t count, sum_kop, refused;
};

/*
 * Does it agree with a document of so many records and that sum?  listed and
 * listed_kop: of the records that it names as refused.
 * Gives: the word for what does not, "count", "sum_kop" or "refused_count";
 * NULL when all of it does.
 */
const char *send_answer_differs(const struct send_answer *x, int64_t items,
    int64_t sum_kop, int64_t listed, int64_t listed_kop);

#endif
