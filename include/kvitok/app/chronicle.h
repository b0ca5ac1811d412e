/*
 * chronicle: write one event of a payment's story.
 *
 * Called inside tx.run, together with the change that it tells of.
 */
#ifndef KVITOK_APP_CHRONICLE_H
#define KVITOK_APP_CHRONICLE_H

#include "kvitok/app/ports.h"
#include "kvitok/app/proof.h"
#include "kvitok/domain/payment.h"

struct chronicle_entry {
	const char *kind; /* id of the words in story.def */
	struct str actor;
	int n;            /* attempt; 0 none */
	const char *from; /* state names; "" where no state changed */
	const char *to;
	struct str evidence; /* of proof_end; empty: {} */
};

/* Fill a row of the story: id and instant from the ports. */
void chronicle_row(const struct ports *p, struct arena *a,
    const struct chronicle_entry *e, struct pay_event *row);
/* [tx] Append it to the payment's story. */
KV_MUST_CHECK enum err chronicle_put(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct chronicle_entry *e, struct fault *f);
/* [tx] Owe a job about a payment: ref is its number or a bank number. */
KV_MUST_CHECK enum err chronicle_job(const struct ports *p, struct arena *a,
    const struct payment *pm, const char *kind, struct str ref, int64_t due_at,
    struct fault *f);
/* [tx] Open a case about a payment and tell it in the story; one that was
 * resolved by asking the bank again is opened again.
 * Gives: *made, false when the case was there, open or resolved. */
KV_MUST_CHECK enum err chronicle_case(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct pay_case *c, struct str actor,
    bool *made, struct fault *f);

#endif
