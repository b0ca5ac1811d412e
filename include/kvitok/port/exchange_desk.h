/*
 * exchange_desk: where suppliers put their documents down over HTTPS and fetch
 * ours: a mailbox of the kind https, seen from the front.
 *
 * kvitok-jobs sees it from behind, as one of mailboxes.  What was kept stays
 * there until it was judged, whatever breaks.
 */
#ifndef KVITOK_PORT_EXCHANGE_DESK_H
#define KVITOK_PORT_EXCHANGE_DESK_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/port/source.h"

#include <stdbool.h>

enum desk_side { DESK_IN, DESK_OUT }; /* to us, from us */

struct desk_paper {
	int64_t number, size;
};

struct desk_draft; /* a document that is being brought */

/* Of one supplier. */
struct supplier_desk {
	void *self;
	int64_t size_max; /* bytes of a document */
	/*
	 * Gives: an empty draft, which is gone with a unless it is kept.
	 * Fails: ERR_AGAIN spool_failed.
	 */
	KV_MUST_CHECK enum err (*begin)(void *self, struct arena *a,
	    struct desk_draft **out, struct fault *f);
	/* Append.  Fails: ERR_AGAIN spool_failed. */
	KV_MUST_CHECK enum err (*add)(
	    struct desk_draft *d, struct str piece, struct fault *f);
	/* Gives: what was written, as long as the draft lives. */
	struct source (*source)(struct desk_draft *d);
	/*
	 * From now on it waits under the number, also when power is lost.  The
	 * same bytes twice is once.
	 * Fails: ERR_CONFLICT exchange_number_waits (with other bytes);
	 * ERR_AGAIN spool_failed.
	 */
	KV_MUST_CHECK enum err (*keep)(
	    void *self, struct desk_draft *d, int64_t number, struct fault *f);
	/* Papers above after, in order, at most limit.  Fails: ERR_AGAIN
	 * mailbox_unavailable. */
	KV_MUST_CHECK enum err (*list)(void *self, struct arena *a,
	    enum desk_side side, int64_t after, size_t limit,
	    const struct desk_paper **out, size_t *len, struct fault *f);
	/* Open one of ours.  Gives: *fd, the caller's to close.
	 * Fails: ERR_ABSENT exchange_unknown. */
	KV_MUST_CHECK enum err (*open)(void *self, struct arena *a,
	    int64_t number, int *fd, int64_t *size, struct fault *f);
	/* The supplier has it.  Twice is once.  Fails: ERR_AGAIN
	 * mailbox_unavailable. */
	KV_MUST_CHECK enum err (*taken)(
	    void *self, struct arena *a, int64_t number, struct fault *f);
};

struct exchange_desk {
	void *self;
	/* Fails: ERR_ABSENT exchange_no_desk; ERR_AGAIN mailbox_unavailable. */
	KV_MUST_CHECK enum err (*of)(void *self, struct arena *a,
	    struct str portal, struct str supplier, struct supplier_desk *out,
	    struct fault *f);
};

#endif
