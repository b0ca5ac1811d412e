/*
 * gazprom: Gazprombank's acquiring: start, CPA, RP, API v4, merchantapi.
 *
 * A transaction is made when the customer opens the start address (or when
 * API v4 starts it); the merchant's order number then is o.order_id.
 */
#ifndef KVITOK_SIM_GAZPROM_H
#define KVITOK_SIM_GAZPROM_H

#include "kvitok/base/json.h"
#include "kvitok/sim/door.h"
#include "kvitok/sim/order.h"
#include "kvitok/sim/world.h"

struct gazprom_sessions;

/* /payment/start.wsm, /pages/, /pages-rec/ and merchants' own /pages-x/ */
bool gazprom_is_start(struct str path);
void gazprom_start(struct req *r);
/* /api/v4/<portal>/... */
void gazprom_api(struct req *r);
/* /merchantapi/refund, /merchantapi/reconciliation */
void gazprom_merchantapi(struct req *r);
/* GET /control/gpb/register: operations of a day as CSV; ?day= */
void gazprom_register_csv(struct req *r);

/* Tell the merchant how it ended: RP, signed. */
void gazprom_told_outcome(struct world *w, struct order *o);
/* Gives: address of the page where the card is typed, in a. */
struct str gazprom_page_url(
    struct arena *a, const struct world *w, const struct order *o);

/* Shared by the parts. */
const struct contract *gazprom_by_merchant(
    const struct world *w, struct str merch_id);
/* 20 upper-case characters (pga) or 32 upper-case hex digits (pps). */
struct str gazprom_make_trx(struct arena *a, bool pps);
/* The transaction may be paid from now on, and is lost after a time. */
void gazprom_open(struct world *w, struct order *o);
/* Charge a card without its owner.  Gives: false when it cannot be used. */
bool gazprom_charge_absent(
    struct world *w, struct order *o, struct str card_id, struct str card_trx);
/* Now in Moscow as 20261121 05:13:11 */
struct str gazprom_ts(struct arena *a, const struct world *w);

/* Gives: room for sessions of API v4, in a. */
struct gazprom_sessions *gazprom_sessions_new(struct arena *a);

#endif
