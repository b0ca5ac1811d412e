/*
 * orders: payment orders as files of accounting and bank programs.
 */
#ifndef KVITOK_OUT_ORDERS_H
#define KVITOK_OUT_ORDERS_H

#include "kvitok/port/papers.h"

/*
 * Append a file 1CClientBankExchange 1.03 (windows-1251, CRLF) of orders.
 * Fails: ERR_LIMIT order_text: a name above 160 or a purpose above 210
 * characters, or one that windows-1251 has no likeness of.
 */
KV_MUST_CHECK enum err orders_1c(
    const struct settlement *v, size_t len, struct buf *out, struct fault *f);
/*
 * Append a message pain.001.001.09 (ISO 20022, UTF-8); orders of one account
 * are one PmtInf.  An INN is an identification of scheme TXID, a KPP of the
 * proprietary scheme KPP, a BIC a member of the clearing system RUCBC.
 * Fails: ERR_LIMIT order_text: a name above 140 characters.
 */
KV_MUST_CHECK enum err orders_pain001(
    const struct settlement *v, size_t len, struct buf *out, struct fault *f);

#endif
