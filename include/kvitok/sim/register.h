/*
 * register: the daily registers of the simulated banks, each in its own form,
 * with what makes real ones hard to read.
 *
 * Sberbank's is Windows-1251 with CRLF, a title, an empty line, no-break
 * spaces between thousands, and a printed total of fees that need not be what
 * its rows add up to.  Gazprombank's is UTF-8 with a mark, points, sums without
 * signs.  Neither bank publishes its form: both are ours.
 */
#ifndef KVITOK_SIM_REGISTER_H
#define KVITOK_SIM_REGISTER_H

#include "kvitok/base/str.h"
#include "kvitok/sim/door.h"

/* GET /control/register?contract=&day=&plant= */
void register_give(struct req *r);
/* POST /control/orders/NUMBER/chargeback: the payer's bank takes the money
 * back; it stands in the register of that day. */
void register_chargeback(struct req *r, struct str which);

#endif
