/*
 * exchange: a supplier's document into the tables, once and in its turn
 * (X1 to X3).
 *
 * The document is read twice.  The first time it is judged as a whole and
 * nothing is written; then it is applied in batches, each one transaction that
 * also notes how far it got: whoever is killed goes on there.  A bad document
 * is put aside and acknowledged as refused; its number may come again with
 * another content.  doc/decisions says who waits for whom.
 */
#ifndef KVITOK_APP_EXCHANGE_H
#define KVITOK_APP_EXCHANGE_H

#include "kvitok/app/ports.h"
#include "kvitok/port/source.h"

#define EXCHANGE_PROBLEMS_MAX 20

struct exchange_ask {
	const struct source *src;
	struct str portal, supplier; /* whose it must be; empty: whoever's */
	int64_t number;              /* that it must have; 0: any */
	struct str kind;  /* that it is said to be, if it cannot be read */
	struct str actor; /* who brings it */
	int64_t until;    /* stop after this instant; 0: never */
};

struct exchange_problem {
	int64_t line;
	struct str path, words;
};

struct exchange_done {
	struct exchange_doc doc; /* as it is now; state of what is written */
	bool known;              /* nothing was done: it had come before */
	bool more;               /* time is over, the rest is not applied */
	int64_t gap; /* this number comes first, and nothing was written; 0 */
	struct exchange_problem problems[EXCHANGE_PROBLEMS_MAX];
	size_t problems_len;
};

/*
 * Apply a document, or find out why not.
 * Gives: *out in a; a document that is bad or waits is no failure.
 * Fails: ERR_INVALID document_bad (its envelope cannot be read and nobody
 * knows its number: problems are in out); ERR_ABSENT supplier_unknown;
 * ERR_CONFLICT exchange_number_taken (applied with another content),
 * exchange_changed (while it was applied); ERR_AGAIN; as source.read.
 */
KV_MUST_CHECK enum err exchange_apply(const struct ports *p, struct arena *a,
    const struct exchange_ask *ask, struct exchange_done *out, struct fault *f);

/*
 * Let a number be: the next one, or one that is not applied.  What was applied
 * of it stays.
 * Fails: ERR_ABSENT supplier_unknown; ERR_CONFLICT exchange_not_next,
 * exchange_done; ERR_AGAIN.
 */
KV_MUST_CHECK enum err exchange_skip(const struct ports *p, struct arena *a,
    const struct exchange_doc *x, struct fault *f);

#endif
