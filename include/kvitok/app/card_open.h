/*
 * card_open: a visit to the link of a binding, and the page after the bank.
 *
 * As open.h for payments; card_open_link is the one that waits for a bank.
 */
#ifndef KVITOK_APP_CARD_OPEN_H
#define KVITOK_APP_CARD_OPEN_H

#include "kvitok/app/open.h"
#include "kvitok/app/ports.h"

struct card_opened {
	enum open_answer answer;
	struct str url;
	const char *why;  /* reason id, when OPENED_SORRY */
	struct bind bind; /* as loaded last */
};

/*
 * Open token ("ID.SECRET").
 * Gives: *out in a.  Fails: ERR_ABSENT card_unknown; ERR_AGAIN.
 */
KV_MUST_CHECK enum err card_open_link(const struct ports *p, struct arena *a,
    struct str token, struct card_opened *out, struct fault *f);

struct card_result {
	struct bind bind;
	struct card card; /* when bound: id empty if it is gone again */
	struct str go_to; /* the front-end's page with ?card=; empty: ours */
};

/*
 * Show how it stands; when it is not known the bank is asked soon.
 * Fails: ERR_ABSENT card_unknown; ERR_AGAIN.
 */
KV_MUST_CHECK enum err card_open_result(const struct ports *p, struct arena *a,
    struct str token, struct card_result *out, struct fault *f);
/* [tx] or not: have the bank asked about a binding at due_at. */
KV_MUST_CHECK enum err card_ask_soon(const struct ports *p, struct arena *a,
    const struct bind *x, int64_t due_at, struct fault *f);

#endif
