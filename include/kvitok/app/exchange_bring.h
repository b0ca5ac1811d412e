/*
 * exchange_bring: a supplier brings its documents over HTTPS, learns what
 * became of them, and fetches ours.
 *
 * Of what is brought only the envelope is read at once; it is kept, and
 * kvitok-jobs judges and applies it like that of any other mailbox.  A key
 * acts for the supplier that it is bound to.
 */
#ifndef KVITOK_APP_EXCHANGE_BRING_H
#define KVITOK_APP_EXCHANGE_BRING_H

#include "kvitok/app/ports.h"
#include "kvitok/base/secret.h"

/* A supplier may be ahead by so many numbers: what waits is on our disk. */
#define EXCHANGE_AHEAD_MAX 100

/* What is known of a document. */
struct exchange_brought {
	struct exchange_doc doc;
	bool waits; /* kept and not judged: of doc only number and size, and
		       after exchange_bring_end what the envelope says */
};

struct exchange_bringing {
	const struct ports *p;
	struct arena *a;
	const struct caller *who;
	struct supplier_desk desk;
	struct desk_draft *draft;
	struct secret_sum sum;
	int64_t size;
};

/*
 * Gives: *b, ended by exchange_bring_end whatever comes between.
 * Fails: ERR_DENIED right_missing (a key of no supplier); ERR_ABSENT
 * exchange_no_desk; ERR_AGAIN.
 */
KV_MUST_CHECK enum err exchange_bring_begin(const struct ports *p,
    struct arena *a, const struct caller *who, struct exchange_bringing *b,
    struct fault *f);
/* The next bytes.  Fails: ERR_AGAIN spool_failed; ERR_INVALID
 * body_too_large. */
KV_MUST_CHECK enum err exchange_bring_add(
    struct exchange_bringing *b, struct str piece, struct fault *f);
/*
 * The document is whole (or was is the failure that came before): it is kept,
 * unless it had come before.
 * Gives: *out, in the arena of begin.
 * Fails: was; ERR_INVALID exchange_unread (its envelope), exchange_foreign
 * with the field; ERR_CONFLICT exchange_number_taken, exchange_changed,
 * exchange_number_waits, exchange_far; ERR_AGAIN.
 */
KV_MUST_CHECK enum err exchange_bring_end(struct exchange_bringing *b,
    enum err was, struct exchange_brought *out, struct fault *f);

/* Fails: as begin; ERR_ABSENT exchange_unknown. */
KV_MUST_CHECK enum err exchange_bring_find(const struct ports *p,
    struct arena *a, const struct caller *who, int64_t number,
    struct exchange_brought *out, struct fault *f);

struct exchange_shelf {
	const struct exchange_doc *docs;
	size_t docs_len;
	const struct desk_paper *waiting; /* kept, not judged */
	size_t waiting_len;
};

/* Documents above after, at most limit of each.  Fails: as begin. */
KV_MUST_CHECK enum err exchange_bring_list(const struct ports *p,
    struct arena *a, const struct caller *who, int64_t after, int limit,
    struct exchange_shelf *out, struct fault *f);
/* The supplier's desk.  Fails: as begin. */
KV_MUST_CHECK enum err exchange_bring_desk(const struct ports *p,
    struct arena *a, const struct caller *who, struct supplier_desk *out,
    struct fault *f);
/* One of ours was fetched: it is shown no more.  Twice is once.
 * Fails: as begin; ERR_ABSENT exchange_unknown. */
KV_MUST_CHECK enum err exchange_bring_taken(const struct ports *p,
    struct arena *a, const struct caller *who, int64_t number, struct fault *f);

#endif
