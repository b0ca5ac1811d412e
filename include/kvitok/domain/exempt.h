/*
 * exempt: a payer whom the law frees from the commission (Z1).
 *
 * Pure: no clock, no database.  An exemption is of a payer (the front-end's
 * own id) or of an account; it has its evidence and its days.  What it costs
 * and who bears that is fee.h's.
 */
#ifndef KVITOK_DOMAIN_EXEMPT_H
#define KVITOK_DOMAIN_EXEMPT_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define EXEMPT_ID_LEN 35 /* akey, '-', ULID */
#define EXEMPT_SUBJECT_MAX 64
#define EXEMPT_DOCUMENT_MAX 60
#define EXEMPT_REASON_MAX 200

enum exempt_holder { EXEMPT_PAYER, EXEMPT_ACCOUNT };

/* Whose it is; one at a time. */
struct exempt_key {
	struct str portal;
	enum exempt_holder holder;
	struct str supplier; /* of an account; of a payer empty */
	struct str subject;  /* the payer's id, or the account, folded */
};

struct exempt {
	struct str akey, id;
	struct exempt_key key;
	struct str kind;                      /* of the reference data */
	struct str document, document_number; /* the evidence */
	struct str seen_by;                   /* who has looked at it */
	struct str from_day, to_day;          /* to_day empty: open */
	int64_t created_at, ended_at;         /* ended_at 0: not ended */
	struct str created_by, ended_by, end_reason;
};

/* Gives: the word of tables: "payer", "account". */
const char *exempt_holder_name(enum exempt_holder h);
KV_MUST_CHECK bool exempt_holder_of(struct str name, enum exempt_holder *h);
/* Gives: whether it frees on the day: begun, not over, not ended. */
bool exempt_holds(const struct exempt *x, struct str day);
/* Gives: whether two say the same of the same: a repeat, not a change. */
bool exempt_same(const struct exempt *x, const struct exempt *y);
/* Gives: the name that payments and people know it by, in a. */
struct str exempt_name(struct arena *a, const struct exempt *x);
/* Split such a name.  Gives: false when it has not its form. */
KV_MUST_CHECK bool exempt_name_split(
    struct str name, struct str *akey, struct str *id);
/*
 * The number of a document with all but its last three characters hidden;
 * of one that has six at most nothing is shown.
 * Gives: a text in a.
 */
struct str exempt_mask(struct arena *a, struct str number);

#endif
