/*
 * send_store: documents that go out to suppliers, and their items.
 *
 * Changes are compare-and-set; what is marked [tx] is called inside tx.run.
 */
#ifndef KVITOK_PORT_SEND_STORE_H
#define KVITOK_PORT_SEND_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/send.h"
#include "kvitok/port/settle_store.h"

struct send_cursor {
	struct str portal, supplier;
	enum send_kind kind;
	struct str from_day;
	struct str day;      /* the last one that is done; empty: none */
	struct str look_day; /* look again from here; empty: no need */
};

struct sent_doc {
	struct str id, portal, supplier;
	enum send_kind kind;
	struct str period;
	enum sent_state state;
	struct str sha256; /* empty: its text was not made yet */
	struct str words;  /* refused: why */
	int64_t number;    /* 0: not yet */
	int64_t items, sum_kop, size, tries;
	int64_t next_at; /* 0: never again by itself */
	int64_t begun_at, made_at, ended_at, of_number; /* 0: not yet */
	int64_t applied, applied_kop, refused;
};

/* Lines that are looked at: those of days, and readings of a month that were
 * given between two instants, or one settlement; requests since an instant. */
struct send_range {
	struct str from_day, to_day;
	int64_t from_at, before_at;
	struct str settlement;
	bool returned;
};

/* An item, as a document tells of it. */
struct send_row {
	int64_t n;
	struct str ref, number, day;
	int64_t line, sum_kop;
	struct str account, service; /* of a reading: the meter */
	struct str bank_ref;
	int64_t fee_kop, at, value;
};

struct send_item {
	struct str document, akey, ref, number, day, answer, words;
	enum send_kind kind;
	int64_t n, line, sum_kop;
	bool live;
};

struct send_store {
	void *self;
	/* Gives: *found, false: nothing was sent yet. */
	KV_MUST_CHECK enum err (*cursor)(void *self, struct arena *a,
	    struct str portal, struct str supplier, enum send_kind kind,
	    struct send_cursor *out, bool *found, struct fault *f);
	/* One that is there already stays as it is. */
	KV_MUST_CHECK enum err (*cursor_put)(
	    void *self, const struct send_cursor *x, struct fault *f);
	/* [tx] A day is done.  Fails: ERR_AGAIN when the row no longer is as
	 * in from. */
	KV_MUST_CHECK enum err (*cursor_move)(void *self,
	    const struct send_cursor *from, struct str day, struct fault *f);
	/* [tx] Lines from the day on are to be looked for again. */
	KV_MUST_CHECK enum err (*look_again)(void *self,
	    const struct send_cursor *x, struct str day, struct fault *f);
	/* The one that is being gathered.  Gives: *found. */
	KV_MUST_CHECK enum err (*gathering)(void *self, struct arena *a,
	    struct str portal, struct str supplier, enum send_kind kind,
	    struct sent_doc *out, bool *found, struct fault *f);
	/* A new one, empty.  Fails: ERR_AGAIN: another one is being gathered.
	 */
	KV_MUST_CHECK enum err (*begin)(
	    void *self, const struct sent_doc *x, struct fault *f);
	/*
	 * [tx] Look at the next lines and take those that no document has; the
	 * figures of the row and of x grow with them.
	 * Gives: *mark in a, where it goes on; *more, false at the end.
	 * Fails: ERR_AGAIN when the row is no longer as in x.
	 */
	KV_MUST_CHECK enum err (*take)(void *self, struct arena *a,
	    struct sent_doc *x, const struct send_range *r,
	    struct settle_mark *mark, bool *more, struct fault *f);
	/*
	 * [tx] It is whole: it gets the next number of what we hand over.
	 * Gives: x->number.  Fails: ERR_AGAIN as take.
	 */
	KV_MUST_CHECK enum err (*end)(
	    void *self, struct arena *a, struct sent_doc *x, struct fault *f);
	/* [tx] Forget one that is being gathered and has nothing. */
	KV_MUST_CHECK enum err (*drop)(
	    void *self, const struct sent_doc *x, struct fault *f);
	/* Gives: *month, the first one of which readings wait; empty: none. */
	KV_MUST_CHECK enum err (*month)(void *self, struct arena *a,
	    struct str portal, struct str supplier, const struct send_range *r,
	    struct str *month, struct fault *f);
	/* Gives: *id and *day of a settlement that waits, and whether it is
	 * that it came back; empty: none. */
	KV_MUST_CHECK enum err (*settlement)(void *self, struct arena *a,
	    const struct send_cursor *c, struct str *id, struct str *day,
	    bool *returned, struct fault *f);
	/* Gives: *waits, whether something was asked or closed since
	 * r->from_at that no document has. */
	KV_MUST_CHECK enum err (*asked)(void *self, struct arena *a,
	    struct str portal, struct str supplier, const struct send_range *r,
	    bool *waits, struct fault *f);
	/* Fails: ERR_ABSENT exchange_unknown. */
	KV_MUST_CHECK enum err (*find)(void *self, struct arena *a,
	    struct str portal, struct str supplier, int64_t number,
	    struct sent_doc *out, struct fault *f);
	/* Fails: ERR_ABSENT exchange_unknown. */
	KV_MUST_CHECK enum err (*of_id)(void *self, struct arena *a,
	    struct str id, struct sent_doc *out, struct fault *f);
	/* Items after n, in order, as the document tells of them; none of a
	 * settlement.  Of requests: id, account, and when it was asked or
	 * closed. */
	KV_MUST_CHECK enum err (*rows)(void *self, struct arena *a,
	    const struct sent_doc *x, int64_t after, int limit,
	    const struct send_row **out, size_t *len, struct fault *f);
	/* The text was made for the first time: it stays as it is. */
	KV_MUST_CHECK enum err (*text_made)(
	    void *self, const struct sent_doc *x, struct fault *f);
	/*
	 * [tx] Write state, tries, next_at and what the supplier has said, if
	 * the row still is in the state and at the tries that were seen.
	 * Fails: ERR_AGAIN.
	 */
	KV_MUST_CHECK enum err (*move)(void *self, const struct sent_doc *x,
	    enum sent_state from, int64_t tries, struct fault *f);
	/* Documents that wait for an answer and whose time has come. */
	KV_MUST_CHECK enum err (*due)(void *self, struct arena *a,
	    struct str portal, struct str supplier, int64_t now, int limit,
	    const struct sent_doc **out, size_t *len, struct fault *f);
	/* Sent or refused, from number on, at most limit. */
	KV_MUST_CHECK enum err (*open)(void *self, struct arena *a,
	    struct str portal, struct str supplier, int64_t from, int limit,
	    const struct sent_doc **out, size_t *len, struct fault *f);
	/* Gives: *found; one record of a document. */
	KV_MUST_CHECK enum err (*item)(void *self, struct arena *a,
	    struct str document, int64_t n, struct send_item *out, bool *found,
	    struct fault *f);
	/* Gives: *found; the item of a reading that was sent to a supplier. */
	KV_MUST_CHECK enum err (*reading)(void *self, struct arena *a,
	    struct str portal, struct str supplier, struct str id,
	    struct send_item *out, bool *found, struct fault *f);
	/* [tx] Write answer, words and live of an item. */
	KV_MUST_CHECK enum err (*answer)(
	    void *self, const struct send_item *x, struct fault *f);
	/* Records that are refused: how many, and their sum. */
	KV_MUST_CHECK enum err (*refused)(void *self, struct arena *a,
	    struct str document, int64_t *len, int64_t *sum_kop,
	    struct fault *f);
};

#endif
