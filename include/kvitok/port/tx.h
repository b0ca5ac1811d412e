/*
 * tx: one transaction of the worker's own connection.
 */
#ifndef KVITOK_PORT_TX_H
#define KVITOK_PORT_TX_H

#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"

struct tx {
	void *self;
	/*
	 * Run body inside BEGIN .. COMMIT (READ COMMITTED); any error rolls
	 * back.  After ERR_AGAIN the body is run afresh, five times at most,
	 * so that it must not keep what a former run has found.  Inside: no
	 * bank, no mail, no file, no other socket.
	 * Fails: as body; ERR_AGAIN database_unavailable; ERR_UNSURE
	 * commit_unsure when the connection was lost at COMMIT: read again.
	 */
	KV_MUST_CHECK enum err (*run)(void *self, const char *name,
	    enum err (*body)(void *arg, struct fault *f), void *arg,
	    struct fault *f);
	/* [tx] See tx_idle; NULL: nobody wants to know. */
	void (*idle)(void *self);
};

/* [tx] Say that this run of the body changes nothing, for what it would do is
 * done already: whoever notes what is done has nothing to note. */
static inline void
tx_idle(const struct tx *tx)
{
	if (tx->idle != NULL)
		tx->idle(tx->self);
}

#endif
