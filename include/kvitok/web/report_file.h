/*
 * report_file: the file of a report's order, as an answer.
 */
#ifndef KVITOK_WEB_REPORT_FILE_H
#define KVITOK_WEB_REPORT_FILE_H

#include "kvitok/web/turn.h"

/* Answer with the file of an order that is done.  Fails: as
 * report_order_open. */
KV_MUST_CHECK enum err report_answer_file(
    struct turn *t, const struct report_order *o);

#endif
