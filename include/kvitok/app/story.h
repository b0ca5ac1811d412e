/*
 * story: why is this payment so? (Z5)
 *
 * Every event, call-back and case of a payment in order of time: when, who,
 * what in Russian words, and the evidence.
 */
#ifndef KVITOK_APP_STORY_H
#define KVITOK_APP_STORY_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/payment.h"

struct story_item {
	int64_t at;
	struct str kind; /* id: payment_paid, notice, case, ... */
	struct str actor; /* words: «банк», «плательщик», ... */
	struct str words;    /* one sentence */
	struct str evidence; /* JSON object */
};

struct story {
	struct payment *pm;
	struct str summary; /* one or two sentences: how it stands and why */
	const struct story_item *items;
	size_t items_len;
	bool cut; /* more than STORY_MAX items: the newest are left out */
};

#define STORY_MAX 500

/* portal empty: any (the operator).  Fails: ERR_ABSENT payment_unknown. */
KV_MUST_CHECK enum err story_of(const struct ports *p, struct arena *a,
    struct str portal, struct str number, struct story *out, struct fault *f);

#endif
