/*
 * sber_reason: what Sberbank's action codes mean to a payer.
 *
 * One table.  The bank's texts are never matched: they change.
 */
#ifndef KVITOK_BANK_SBER_REASON_H
#define KVITOK_BANK_SBER_REASON_H

#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum sber_code {
	SBER_NOT_REFUSED, /* success, no attempt yet, in progress */
	SBER_REFUSED,
	SBER_TIME_OVER, /* the order, or the payer's visit, ran out */
	SBER_UNCLEAR    /* sent to the card's bank, and no answer came */
};

/*
 * Judge an action code; 15, 34 and 71 put before a code change nothing
 * (151018, 341014, 71015).
 * Gives: *reason, an id of reason.def; empty for SBER_NOT_REFUSED.  A code
 * that is not in the table is SBER_REFUSED pay_declined.
 */
enum sber_code sber_reason(int64_t action_code, struct str *reason);
/* The table has this code itself; for its test. */
bool sber_reason_known(int64_t action_code);

#endif
