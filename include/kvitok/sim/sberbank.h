/*
 * sberbank: Sberbank's acquiring gateway, both generations.
 *
 * Old: /payment/rest/<call>.do, form or query, signed GET call-backs.
 * New: /ecomm/gw/partner/api/v1/<call>.do, JSON, POST call-backs.
 * Both serve every [sber NAME]; an order remembers which one made it.
 */
#ifndef KVITOK_SIM_SBERBANK_H
#define KVITOK_SIM_SBERBANK_H

#include "kvitok/base/json.h"
#include "kvitok/sim/door.h"
#include "kvitok/sim/order.h"
#include "kvitok/sim/pairs.h"
#include "kvitok/sim/world.h"

#include <stdbool.h>

#define SBERBANK_OLD_PREFIX "/payment/rest/"
#define SBERBANK_NEW_PREFIX "/ecomm/gw/partner/api/v1/"

/* One call of the merchant, its fields flat: nested ones as JSON text. */
struct sberbank_call {
	struct req *r;
	struct world *w;
	const struct contract *c;
	const char *name; /* as in the journal: "register", "status", ... */
	bool old, english, by_token, two_stage;
	bool loose; /* fault: codes in the other JSON type */
	struct pairs in;
	struct order *o; /* made or found by the call */
	struct jw out;
};

/* Handle a request under one of the two prefixes. */
void sberbank_handle(struct req *r);

/* The calls (sberbank_register.c, sberbank_status.c, sberbank_money.c,
 * sberbank_bind.c). */
void sberbank_register(struct sberbank_call *s);
void sberbank_status(struct sberbank_call *s);
void sberbank_status_short(struct sberbank_call *s);
void sberbank_deposit(struct sberbank_call *s);
void sberbank_reverse(struct sberbank_call *s);
void sberbank_refund(struct sberbank_call *s);
void sberbank_decline(struct sberbank_call *s);
void sberbank_bindings(struct sberbank_call *s);
void sberbank_bind(struct sberbank_call *s);
void sberbank_unbind(struct sberbank_call *s);
void sberbank_pay_by_binding(struct sberbank_call *s);

/* Answer an error; words in the language of the call. */
void sberbank_error(
    struct sberbank_call *s, int code, const char *ru, const char *en);
/* errorCode 0 and nothing else. */
void sberbank_ok(struct sberbank_call *s);
/* Write a code under a name: as text, or as a number when that is odd. */
void sberbank_code(
    struct sberbank_call *s, const char *name, int64_t code, bool usually_text);
/* Find the order of orderId (or orderNumber) of this contract, or NULL. */
struct order *sberbank_find(struct sberbank_call *s, const char *id_name);
/* Gives: address of the bank's page for the order, in a. */
struct str sberbank_form_url(
    struct arena *a, const struct world *w, const struct order *o);

/* Notices (sberbank_notice.c). */
void sberbank_told_paid(struct world *w, struct order *o);
void sberbank_told_refused(struct world *w, struct order *o);
void sberbank_told(
    struct world *w, struct order *o, const char *operation, int ok);
/* The order's time is over; owner of its timer. */
void sberbank_expire(struct world *w, struct order *o);

#endif
