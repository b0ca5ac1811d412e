/*
 * seal: the hash of a day of the ledger, chained to the day before.
 *
 * Pure.  SHA-256 over one text, so that anybody can make it anew from the rows
 * (doc/operations.md has the form, tests/day-hash.sh a second program of it):
 * a record for the day, then one for each transfer in order of (akey, id), its
 * lines behind it in order of n.  A field is its length in bytes, a colon, the
 * field, a comma; a record ends with a line feed:
 *
 *   kvitok-day-1 DAY PREVIOUS
 *   transfer AKEY ID CAUSE KIND NUMBER DAY AT
 *   line N ACCOUNT DAY SUM
 */
#ifndef KVITOK_DOMAIN_SEAL_H
#define KVITOK_DOMAIN_SEAL_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/secret.h"

#include <stdint.h>

#define SEAL_MARK_SIZE 17 /* 16 hex digits and NUL */

struct seal_line {
	int64_t n;
	struct str account, day;
	int64_t sum_kop;
};

/* A transfer as its rows are. */
struct seal_transfer {
	struct str akey, id, cause, kind, number, day;
	int64_t at;
	const struct seal_line *lines; /* in order of n */
	size_t lines_len;
};

struct seal {
	struct secret_sum sum;
	struct buf record;     /* of the transfer in hand */
	char akey[40], id[40]; /* of the last one */
	int64_t transfers, lines, debit_kop, credit_kop;
};

/* Begin day; previous: the hash of the day before it, empty for the first.
 * s is ended by seal_end, whatever happens; its text lives in a. */
void seal_begin(
    struct seal *s, struct arena *a, struct str day, struct str previous);
/*
 * Add the next transfer.
 * Gives: mark, the beginning of its own SHA-256.
 * Fails: ERR_BUG internal (not in order, or longer than rows can be);
 * ERR_LIMIT sum_overflow.
 */
KV_MUST_CHECK enum err seal_add(struct seal *s, const struct seal_transfer *t,
    char mark[SEAL_MARK_SIZE], struct fault *f);
/* Gives: the hash of the day in hex, unless out is NULL. */
void seal_end(struct seal *s, char out[65]);

#endif
