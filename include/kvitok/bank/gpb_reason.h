/*
 * gpb_reason: what Gazprombank's extended result codes mean to a payer.
 *
 * One table of names, with the numbers that stand for some of them: which of
 * the two a contract gets is not documented.
 */
#ifndef KVITOK_BANK_GPB_REASON_H
#define KVITOK_BANK_GPB_REASON_H

#include "kvitok/base/str.h"

#include <stdbool.h>

enum gpb_code {
	GPB_NOT_REFUSED, /* success, or a hold */
	GPB_REFUSED,
	GPB_CANCELLED, /* by the payer */
	GPB_TIME_OVER,
	GPB_UNCLEAR /* may have been paid: ask */
};

/*
 * Judge a code, a name or a number.
 * Gives: *reason, an id of reason.def; empty for GPB_NOT_REFUSED.  No code at
 * all and one that is not in the table are GPB_REFUSED pay_declined.
 */
enum gpb_code gpb_reason(struct str code, struct str *reason);
/* The table has this code itself; for its test. */
bool gpb_reason_known(struct str code);

#endif
