/*
 * close: the days of the ledger, closed one after the other (Z7).
 *
 * A closed day has a hash over everything posted on it and over the hash of
 * the day before, so that nothing in it can be changed, added or removed
 * unseen.  Days are closed in order, empty ones too, from the first day of the
 * ledger on.  What is not written by close_day's last step is not closed; a
 * closing that was killed is begun anew and comes to the same.
 * Days are those of Moscow.  Checking them: close_check.h.
 */
#ifndef KVITOK_APP_CLOSE_H
#define KVITOK_APP_CLOSE_H

#include "kvitok/app/ports.h"

/*
 * How long after midnight a day may be closed.  No transaction is committed
 * that is older than a minute (DB_LIFE_MS) and none is run more than five
 * times (TX_RUNS_MAX), so that what took its day before midnight is posted
 * within five minutes or not at all; the rest is for hosts' clocks to differ.
 * Nothing rests on it: a day is shut in the database before it is read, and
 * whoever comes later takes the next day.
 */
#define CLOSE_MARGIN_MS INT64_C(600000)
#define CLOSE_PAGE 1000 /* transfers read at once, and of one part of marks */

/*
 * Gives: *day in a, the next one to be closed; empty when that one is not
 * over, or when nothing was ever posted.
 */
KV_MUST_CHECK enum err close_due(
    const struct ports *p, struct arena *a, struct str *day, struct fault *f);
/*
 * Close day, for actor.
 * Gives: *out, texts in a.
 * Fails: ERR_CONFLICT day_closed, day_not_over, day_order (another one comes
 * first, or it is before the ledger's first), day_unbalanced, marks_differ;
 * ERR_AGAIN, also day_busy.  Nothing is closed then.
 */
KV_MUST_CHECK enum err close_day(const struct ports *p, struct arena *a,
    struct str day, struct str actor, struct closing *out, struct fault *f);

/* Whoever looks at a day's transfers, page by page. */
struct close_reader {
	void *self;
	/* marks[i] is of t[i]; a is emptied after each page. */
	enum err (*page)(void *self, struct arena *a,
	    const struct seal_transfer *t, const char (*marks)[SEAL_MARK_SIZE],
	    size_t len, struct fault *f);
};

/*
 * Read all of day as it is now and seal it behind previous.
 * Gives: out's day, previous, hash (in a), counts and sums.
 * Fails: as the store and the reader do.
 */
KV_MUST_CHECK enum err close_read(const struct ports *p, struct arena *a,
    struct str day, struct str previous, const struct close_reader *to,
    struct closing *out, struct fault *f);

#endif
