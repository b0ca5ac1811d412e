/*
 * reading_store: meter readings that came with payments.
 *
 * They are written with the payment (pay_store.create).
 */
#ifndef KVITOK_PORT_READING_STORE_H
#define KVITOK_PORT_READING_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/meter.h"

/* A meter of an account, by the supplier's own id of it. */
struct reading_meter {
	struct str portal, supplier, account, meter;
};

struct reading_store {
	void *self;
	/*
	 * [tx] Hand over what is still kept of a payment; twice is once.
	 * Gives: *given, how many were.
	 */
	KV_MUST_CHECK enum err (*give)(void *self, struct str akey,
	    struct str number, int64_t at, int64_t *given, struct fault *f);
	/* Readings of a payment, in order of entry. */
	KV_MUST_CHECK enum err (*of_payment)(void *self, struct arena *a,
	    struct str akey, struct str number, const struct pay_reading **out,
	    size_t *len, struct fault *f);
	/*
	 * Readings of a meter that were handed over, the newest month first
	 * and in it the one first that counts; at most limit.
	 */
	KV_MUST_CHECK enum err (*history)(void *self, struct arena *a,
	    const struct reading_meter *m, int limit,
	    const struct pay_reading **out, size_t *len, struct fault *f);
};

#endif
