/*
 * appeal: what a payer asks of a supplier, and how it stands (R1 to R3).
 *
 * Pure.  Kinds and states are those of the exchange (xsd/1); a payer may close
 * an appeal at any time, and what is answered after that is kept without
 * opening it again.
 */
#ifndef KVITOK_DOMAIN_APPEAL_H
#define KVITOK_DOMAIN_APPEAL_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define APPEAL_TEXT_MAX 4000 /* characters, by the schema */
#define APPEAL_FIELDS_MAX 200

enum appeal_kind {
	APPEAL_PLAIN,
	APPEAL_MAINTENANCE,
	APPEAL_RECALCULATION,
	APPEAL_APPLICATION,
	APPEAL_KIND__COUNT
};

enum appeal_state {
	APPEAL_IN_PROGRESS,
	APPEAL_NEEDS_ANSWER,
	APPEAL_REFUSED,
	APPEAL_DONE,
	APPEAL_CLOSED, /* by the payer */
	APPEAL_STATE__COUNT
};

struct appeal {
	struct str id, portal, supplier, account, shown;
	enum appeal_kind kind;
	struct str payer, email, text;
	struct str fields; /* JSON: a list of {"name", "value"} */
	enum appeal_state state;
	int64_t answers, answered_at; /* 0: not answered */
	int64_t files;                /* how many there are */
	struct str key_id, ikey, body_hash;
	int64_t created_at, closed_at; /* 0: not */
};

struct appeal_answer {
	struct str appeal; /* id */
	enum appeal_state state;
	struct str text, actor;
	int64_t at, created_at;
};

/* A field that was filled in. */
struct appeal_field {
	struct str name, value;
};

/* Gives: the word of API, exchange and tables. */
const char *appeal_kind_name(enum appeal_kind k);
const char *appeal_state_name(enum appeal_state s);
/* Gives: ..._COUNT when it is none. */
enum appeal_kind appeal_kind_of(struct str name);
enum appeal_state appeal_state_of(struct str name);
/* Gives: what a payer is shown, the guides' word. */
const char *appeal_state_title(enum appeal_state s);

/* May an answer name the state? */
bool appeal_answer_may(enum appeal_state s);
/* Gives: the state after an answer: an older one than that which has set it,
 * and any after the payer has closed it, leave it. */
enum appeal_state appeal_after(
    const struct appeal *x, const struct appeal_answer *answer);
/* Gives: the index of the first field whose name the exchange does not take
 * (a-z, 0-9, "-", at most 32), or that has been named before; len: none. */
size_t appeal_field_wrong(const struct appeal_field *v, size_t len);

#endif
