/*
 * reading: meter readings that come with a payment (P8, M2).
 *
 * Judged before the payment is made, kept with it, and handed over by the
 * transaction that credits it (confirm), or at once where the rule says so.
 */
#ifndef KVITOK_APP_READING_H
#define KVITOK_APP_READING_H

#include "kvitok/app/pay.h"

/*
 * Judge readings for the lines of q.  Fields of faults are JSON pointers:
 * /readings/0/value.
 * Gives: *out in a, with ids.
 * Fails: ERR_LIMIT reading_account (no line pays for that account),
 * reading_repeat, readings_not_taken, and as meter_take; ERR_ABSENT
 * meter_unknown; ERR_INVALID account_form; ERR_AGAIN.
 */
KV_MUST_CHECK enum err reading_judge(const struct ports *p, struct arena *a,
    struct str portal, const struct quote *q, const struct reading_in *in,
    size_t len, const struct pay_reading **out, struct fault *f);

/*
 * [tx] Hand over what pm has kept, and tell of it.
 * Fails: as the stores do.
 */
KV_MUST_CHECK enum err reading_give(const struct ports *p, struct arena *a,
    const struct payment *pm, struct str actor, struct fault *f);

/* What may be told about giving a reading of a meter today. */
struct reading_now {
	const struct meter_rule *rule; /* NULL: none are taken */
	const char *barred; /* reason why not now; NULL: they are taken */
	const struct pay_reading *sent; /* given this month; NULL: none */
};

/*
 * How it stands with meter m of acc.
 * Gives: *out in a.  Fails: ERR_AGAIN.
 */
KV_MUST_CHECK enum err reading_look(const struct ports *p, struct arena *a,
    const struct account *acc, const struct account_meter *m,
    struct reading_now *out, struct fault *f);

#endif
