/*
 * exchange_ack: the text of an acknowledgement, made anew from its row
 * whenever it is wanted: the same bytes each time.
 */
#ifndef KVITOK_APP_EXCHANGE_ACK_H
#define KVITOK_APP_EXCHANGE_ACK_H

#include "kvitok/app/ports.h"

#define EXCHANGE_ACK_MAX ((size_t)4 << 20)

/* Gives: *text in a.  Fails: ERR_AGAIN; ERR_BUG (too long). */
KV_MUST_CHECK enum err exchange_ack_text(const struct ports *p, struct arena *a,
    const struct exchange_ack *x, struct str *text, struct fault *f);

#endif
