/*
 * payment_json: a payment as front-ends see it.
 */
#ifndef KVITOK_WEB_PAYMENT_JSON_H
#define KVITOK_WEB_PAYMENT_JSON_H

#include "kvitok/app/ports.h"
#include "kvitok/base/jw.h"
#include "kvitok/domain/payment.h"

/* Append the payment as one object; attempts only where they were loaded
 * (lists leave them out). */
void payment_json(struct jw *w, const struct ports *p, const struct payment *pm,
    bool attempts);
/* The same as a whole body; what pay_create keeps for repeats. */
void payment_body(
    struct buf *b, const struct ports *p, const struct payment *pm);

#endif
