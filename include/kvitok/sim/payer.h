/*
 * payer: what a payer does at the bank's page, whichever bank it is.
 *
 * The pages and the control interface both come through here, so that a
 * test without a browser takes the same way as a person with one.
 */
#ifndef KVITOK_SIM_PAYER_H
#define KVITOK_SIM_PAYER_H

#include "kvitok/sim/card.h"
#include "kvitok/sim/order.h"
#include "kvitok/sim/world.h"

#include <stdbool.h>

enum payer_result {
	PAYER_DONE, /* paid: back to the shop */
	PAYER_NEEDS_CODE,
	PAYER_TRY_AGAIN, /* refused, attempts are left */
	PAYER_REFUSED,   /* refused for good: back to the shop */
	PAYER_CLOSED     /* the order cannot be paid any more */
};

/* The payer typed a card and pressed «Оплатить». */
enum payer_result payer_card(
    struct world *w, struct order *o, const struct card *card, bool save);
/* The same with a card that the bank remembers. */
enum payer_result payer_saved(struct world *w, struct order *o,
    const struct card *card, struct str saved_id);
/* The payer typed a code at the issuer's page. */
enum payer_result payer_code(struct world *w, struct order *o, struct str code);
/* The payer pressed «Отказаться от оплаты». */
enum payer_result payer_cancel(struct world *w, struct order *o);
/* Gives: where the browser goes now, in a. */
struct str payer_return_url(struct arena *a, const struct order *o);

#endif
