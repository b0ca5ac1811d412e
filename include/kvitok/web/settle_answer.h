/*
 * settle_answer: files of settlements, as answers.
 *
 * format: "1c" or "pain001".  Each answers with the file, or fails as
 * settle_files does, and with ERR_INVALID field_form.
 */
#ifndef KVITOK_WEB_SETTLE_ANSWER_H
#define KVITOK_WEB_SETTLE_ANSWER_H

#include "kvitok/web/turn.h"

/* All payment orders of a day. */
KV_MUST_CHECK enum err settle_answer_orders(
    struct turn *t, struct str portal, struct str day, struct str format);
/* The payment order of one settlement. */
KV_MUST_CHECK enum err settle_answer_order(
    struct turn *t, struct str portal, struct str id, struct str format);
/* Its register for the supplier. */
KV_MUST_CHECK enum err settle_answer_register(
    struct turn *t, struct str portal, struct str id);

#endif
