/*
 * mailboxes: where suppliers leave their documents and take ours: tables in a
 * database of theirs, or a folder.
 *
 * What a mailbox says may be lost on its way and is repeated; nothing in it
 * decides whether a document was applied.
 */
#ifndef KVITOK_PORT_MAILBOXES_H
#define KVITOK_PORT_MAILBOXES_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/send.h"
#include "kvitok/port/source.h"

struct mailbox_item {
	int64_t number;
	struct str kind; /* as it is said to be; empty: not said */
};

/* A document of ours on its way out. */
struct mailbox_letter {
	int64_t number, made_at;
	int64_t of_number; /* of an acknowledgement; 0 of others */
	struct str kind;
	/* Its text, read from its beginning to its end, once. */
	const struct source *text;
	bool again; /* to be shown anew, if it lies there already */
};

/* A mailbox that is reached; it is let go with its arena. */
struct mailbox {
	void *self;
	/* The first document above a number that is not done.
	 * Gives: *found false when there is none.  Fails: ERR_AGAIN. */
	KV_MUST_CHECK enum err (*next)(void *self, struct arena *a,
	    int64_t after, struct mailbox_item *out, bool *found,
	    struct fault *f);
	/*
	 * The text of a document, kept here until a ends; what the supplier
	 * does to it meanwhile changes nothing.  The pulse beats with each
	 * piece of it.
	 * Fails: ERR_INVALID mailbox_parts (it is not whole: told to the
	 * supplier); ERR_AGAIN; as the pulse.
	 */
	KV_MUST_CHECK enum err (*fetch)(void *self, struct arena *a,
	    const struct mailbox_item *x, const struct pulse *pulse,
	    struct source *out, struct fault *f);
	/* Say what became of a document that was fetched: applied, skipped,
	 * aside, held or refused.  Nothing is said of one that the supplier
	 * has put right since: it comes again.  Twice is once.
	 * Fails: ERR_AGAIN. */
	KV_MUST_CHECK enum err (*answer)(void *self, int64_t number,
	    const char *state, struct str words, int64_t at, struct fault *f);
	/* Hand over a document of ours.  Twice is once, also when two do it at
	 * the same time.  Fails: ERR_AGAIN; as the text's source. */
	KV_MUST_CHECK enum err (*hand)(
	    void *self, const struct mailbox_letter *x, struct fault *f);
	/* The first one of ours that lies there and was not taken.
	 * Gives: *number; 0 when there is none.  Fails: ERR_AGAIN. */
	KV_MUST_CHECK enum err (*untaken)(
	    void *self, int64_t *number, struct fault *f);
};

/* Whose a mailbox is. */
struct mailbox_owner {
	struct str name, portal, supplier;
	int64_t poll_ms; /* it is looked into so often */
	/* What goes out to it: a bit for each enum send_kind. */
	unsigned send;
	struct str send_from; /* from this business day on */
	bool send_empty;      /* of a day without lines, too */
	int64_t answer_ms;    /* an answer may take so long, at first */
	int64_t send_tries;   /* without an answer, so often at most */
};

struct mailboxes {
	void *self;
	const struct mailbox_owner *all;
	size_t len;
	/* Fails: ERR_AGAIN mailbox_unavailable; ERR_ABSENT mailbox_unknown. */
	KV_MUST_CHECK enum err (*open)(void *self, struct arena *a,
	    struct str name, struct mailbox *out, struct fault *f);
};

#endif
