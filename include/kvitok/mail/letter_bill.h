/*
 * letter_bill: the letter that brings a bill to whoever asked for it.
 */
#ifndef KVITOK_MAIL_LETTER_BILL_H
#define KVITOK_MAIL_LETTER_BILL_H

#include "kvitok/port/letters.h"

/* As the port says; self is not looked at. */
KV_MUST_CHECK enum err letter_bill(void *self, struct arena *a,
    const struct bill_letter *l, struct mail *out, struct fault *f);

#endif
