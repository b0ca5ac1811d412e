/*
 * recon_store: rows of registers and postings of receivables, found as each
 * other.
 *
 * Functions marked [tx] are called inside tx.run.
 */
#ifndef KVITOK_PORT_RECON_STORE_H
#define KVITOK_PORT_RECON_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/recon.h"

#define RECON_POSTINGS_MAX 400 /* of one payment, or one RRN */
#define RECON_ROWS_MAX 200     /* that are looked up or judged at once */

/* A row that is to be judged. */
struct recon_row {
	struct str akey, key, file;
	struct str own_account; /* it was posted to; empty: it was not */
	struct reg_row r;
};

/* What became of it. */
struct recon_verdict {
	struct str contract;
	const struct recon_row *row;
	bool was_unknown;
	enum recon_outcome outcome;
	bool fee_off;
	struct str number, portal, own_account;
	const struct recon_posting *found; /* NULL: nothing */
	struct str hand_akey, hand_case;   /* a person has found it; empty: none
					      has */
	int64_t at;
};

/* What a posting was found as without a row. */
struct recon_pair {
	struct str contract, portal;
	const struct recon_posting *posting;
	bool missing; /* else reversed on its own day */
	int64_t at;
};

/* What postings are known by: the number of their payment, or its RRN and
 * code; both empty: nothing. */
struct recon_key {
	struct str number, rrn, auth_code;
};

/* Postings, and of each the portal of its payment. */
struct recon_known {
	struct recon_posting *v;
	struct str *portals;
	bool *missing; /* its case is open */
	size_t len;
};

struct recon_store {
	void *self;
	/* Rows of a contract that are new, or were not known, after (akey,
	 * key), at most limit. */
	KV_MUST_CHECK enum err (*rows)(void *self, struct arena *a,
	    struct str contract, bool unknown, struct str after_akey,
	    struct str after_key, int limit, const struct recon_row **out,
	    size_t *len, struct fault *f);
	/* Postings about what each key names, oldest first.
	 * Gives: out[i] for keys[i]. */
	KV_MUST_CHECK enum err (*known)(void *self, struct arena *a,
	    struct str contract, const struct recon_key *keys, size_t len,
	    struct recon_known *out, struct fault *f);
	/* [tx] Judge rows of one contract, no two of which found the same
	 * posting; all of them were unknown, or none was.
	 * Gives: mine[i], false when somebody else has judged that row.
	 * Fails: ERR_AGAIN busy: another row has taken a posting. */
	KV_MUST_CHECK enum err (*judge)(void *self, struct arena *a,
	    const struct recon_verdict *v, size_t len, bool *mine,
	    struct fault *f);
	/* [tx] Fails: ERR_AGAIN busy: it is found by now. */
	KV_MUST_CHECK enum err (*pair)(
	    void *self, const struct recon_pair *p, struct fault *f);
	/* A row that is not known, by its key.
	 * Gives: *out in a; *found, false when there is none by now. */
	KV_MUST_CHECK enum err (*row)(void *self, struct arena *a,
	    struct str contract, struct str key, struct recon_row *out,
	    bool *found, struct fault *f);
	/* Postings of a day that are found as nothing, after (akey, transfer),
	 * at most limit. */
	KV_MUST_CHECK enum err (*unpaired)(void *self, struct arena *a,
	    struct str contract, struct str day, struct str after_akey,
	    struct str after_transfer, int limit, struct recon_known *out,
	    struct fault *f);
	/* Days that registers cover and that were not judged, oldest first,
	 * at most 400, and the last covered day ("" none). */
	KV_MUST_CHECK enum err (*days)(void *self, struct arena *a,
	    struct str contract, const struct str **out, size_t *len,
	    struct str *last, struct fault *f);
	/* The day was judged. */
	KV_MUST_CHECK enum err (*day_judged)(void *self, struct str contract,
	    struct str day, int64_t at, struct fault *f);
};

#endif
