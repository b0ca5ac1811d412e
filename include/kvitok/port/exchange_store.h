/*
 * exchange_store: documents of suppliers and how far each was applied.
 */
#ifndef KVITOK_PORT_EXCHANGE_STORE_H
#define KVITOK_PORT_EXCHANGE_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/exchange.h"

struct exchange_doc {
	struct str portal, supplier, kind, sha256, made_at, actor;
	struct str error_path, error_words;
	enum exchange_state state;
	int64_t number, size, waits_for; /* 0: for none */
	int64_t said, said_kop;
	int64_t record, applied, applied_kop, refused;
	int64_t error_line, received_at, ended_at;
};

/* Records between two transactions. */
struct exchange_batch {
	const struct exchange_head *head;
	enum exchange_kind kind;
	struct exchange_record *v; /* refused is set by put */
	size_t len;
	struct str next_month;  /* of charges: the one after */
	int64_t counted_before; /* of charges: payments before this instant */
	int zone_min;           /* of the portal */
};

struct exchange_store {
	void *self;
	/* Fails: ERR_ABSENT exchange_unknown. */
	KV_MUST_CHECK enum err (*find)(void *self, struct arena *a,
	    struct str portal, struct str supplier, int64_t number,
	    struct exchange_doc *out, struct fault *f);
	/* Gives: *number, of the document whose turn is next. */
	KV_MUST_CHECK enum err (*next)(void *self, struct arena *a,
	    struct str portal, struct str supplier, int64_t *number,
	    struct fault *f);
	/* [tx] Write a document whose turn it is.  Fails: ERR_AGAIN busy when
	 * its turn is not, by now. */
	KV_MUST_CHECK enum err (*put)(
	    void *self, const struct exchange_doc *x, struct fault *f);
	/*
	 * [tx] Write all of a document but its key, if it still is in the
	 * state and at the record that were seen.
	 * Fails: ERR_AGAIN busy.
	 */
	KV_MUST_CHECK enum err (*move)(void *self, const struct exchange_doc *x,
	    enum exchange_state from, int64_t record, struct fault *f);
	/* Documents that are not done (applying, aside, held) from number on,
	 * below before; 0: without end; at most limit. */
	KV_MUST_CHECK enum err (*open)(void *self, struct arena *a,
	    struct str portal, struct str supplier, int64_t from,
	    int64_t before, int limit, const struct exchange_doc **out,
	    size_t *len, struct fault *f);
	/* Documents above after, in order, at most limit. */
	KV_MUST_CHECK enum err (*list)(void *self, struct arena *a,
	    struct str portal, struct str supplier, int64_t after, int limit,
	    const struct exchange_doc **out, size_t *len, struct fault *f);
	/*
	 * [tx] Apply records; those that name what is not there are refused.
	 * Of those that say the same thing the last one counts.
	 */
	KV_MUST_CHECK enum err (*apply)(void *self, struct arena *a,
	    const struct exchange_batch *b, struct fault *f);
	/* [tx] Keep what was refused, at most EXCHANGE_REFUSED_MAX of a
	 * document; before: so many are kept. */
	KV_MUST_CHECK enum err (*refuse)(void *self,
	    const struct exchange_batch *b, int64_t before, struct fault *f);
};

#define EXCHANGE_ACK_KIND "acknowledgement"

/* What we hand over, and what is known of a supplier.  Of other kinds than
 * acknowledgements, send_store tells what they are. */
struct exchange_ack {
	struct str portal, supplier, of_kind, words;
	struct str kind; /* when read */
	bool applied, again, handed;
	int64_t number, of_number;
	int64_t count, sum_kop, refused;
	int64_t made_at, handed_at;
};

struct exchange_peer {
	struct str portal, supplier, last_error;
	int64_t looked_at, fails; /* looked_at 0: never */
	int64_t ahead, ahead_at;  /* 0: nothing waits for a number */
	int64_t next, open_aside, open_held, open_applying;
	int64_t oldest_open_at; /* 0: none */
	int64_t unhanded, oldest_unhanded_at;
	int64_t unanswered, oldest_unanswered_at; /* of our documents */
	int64_t untaken, untaken_made_at; /* ours that lies there; 0: none */
};

struct exchange_outbox {
	void *self;
	/* [tx] Owe an acknowledgement; its number is the next one. */
	KV_MUST_CHECK enum err (*owe)(
	    void *self, const struct exchange_ack *x, struct fault *f);
	/* What is to be handed over, in order, at most limit. */
	KV_MUST_CHECK enum err (*ready)(void *self, struct arena *a,
	    struct str portal, struct str supplier, int limit,
	    const struct exchange_ack **out, size_t *len, struct fault *f);
	/* Fails: ERR_ABSENT exchange_unknown. */
	KV_MUST_CHECK enum err (*find)(void *self, struct arena *a,
	    struct str portal, struct str supplier, int64_t number,
	    struct exchange_ack *out, struct fault *f);
	/* The records that were refused of a document. */
	KV_MUST_CHECK enum err (*refusals)(void *self, struct arena *a,
	    struct str portal, struct str supplier, int64_t number,
	    const struct exchange_record **out, size_t *len, struct fault *f);
	/* It was handed over.  Gives: *first false when it is noted that it
	 * was: two have handed over the same. */
	KV_MUST_CHECK enum err (*handed)(void *self,
	    const struct exchange_ack *x, int64_t at, bool *first,
	    struct fault *f);
	/* It is to be handed over again.
	 * Fails: ERR_ABSENT exchange_unknown. */
	KV_MUST_CHECK enum err (*again)(
	    void *self, const struct exchange_ack *x, struct fault *f);
	/* Write looked_at, fails, last_error; at looked_at 0 it was not
	 * reached, and untaken stays what it was. */
	KV_MUST_CHECK enum err (*looked)(
	    void *self, const struct exchange_peer *x, struct fault *f);
	/* Write ahead; ahead_at stays when the same number waited before. */
	KV_MUST_CHECK enum err (*ahead)(
	    void *self, const struct exchange_peer *x, struct fault *f);
	/* Suppliers that anything is known of. */
	KV_MUST_CHECK enum err (*peers)(void *self, struct arena *a,
	    const struct exchange_peer **out, size_t *len, struct fault *f);
};

#endif
