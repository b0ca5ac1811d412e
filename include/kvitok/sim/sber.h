/*
 * sber: Sberbank's acquiring gateway, both generations.
 *
 * Old: /payment/rest/<call>.do, form or query, signed GET call-backs.
 * New: /ecomm/gw/partner/api/v1/<call>.do, JSON, POST call-backs.
 * Both serve every [sber NAME]; an order remembers which one made it.
 */
#ifndef KVITOK_SIM_SBER_H
#define KVITOK_SIM_SBER_H

#include "kvitok/base/json.h"
#include "kvitok/sim/door.h"
#include "kvitok/sim/order.h"
#include "kvitok/sim/pairs.h"
#include "kvitok/sim/world.h"

#include <stdbool.h>

#define SBER_OLD_PREFIX "/payment/rest/"
#define SBER_NEW_PREFIX "/ecomm/gw/partner/api/v1/"

/* One call of the merchant, its fields flat: nested ones as JSON text. */
struct sber_call {
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
void sber_handle(struct req *r);

/* The calls (sber_register.c, sber_status.c, sber_money.c, sber_bind.c). */
void sber_register(struct sber_call *s);
void sber_status(struct sber_call *s);
void sber_status_short(struct sber_call *s);
void sber_deposit(struct sber_call *s);
void sber_reverse(struct sber_call *s);
void sber_refund(struct sber_call *s);
void sber_decline(struct sber_call *s);
void sber_bindings(struct sber_call *s);
void sber_bind(struct sber_call *s);
void sber_unbind(struct sber_call *s);
void sber_pay_by_binding(struct sber_call *s);

/* Answer an error; words in the language of the call. */
void sber_error(struct sber_call *s, int code, const char *ru, const char *en);
/* errorCode 0 and nothing else. */
void sber_ok(struct sber_call *s);
/* Write a code under a name: as text, or as a number when that is odd. */
void sber_code(
    struct sber_call *s, const char *name, int64_t code, bool usually_text);
/* Find the order of orderId (or orderNumber) of this contract, or NULL. */
struct order *sber_find(struct sber_call *s, const char *id_name);
/* Gives: address of the bank's page for the order, in a. */
struct str sber_form_url(
    struct arena *a, const struct world *w, const struct order *o);

/* Notices (sber_notice.c). */
void sber_told_paid(struct world *w, struct order *o);
void sber_told_refused(struct world *w, struct order *o);
void sber_told(struct world *w, struct order *o, const char *operation, int ok);
/* The order's time is over; owner of its timer. */
void sber_expire(struct world *w, struct order *o);

#endif
