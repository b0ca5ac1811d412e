/*
 * work_bank: the jobs that ask a bank about an attempt, or call it off there.
 *
 * A job's ref is the number that the bank knows the attempt by.  A bank that
 * is taken for down is left alone for a while.
 */
#ifndef KVITOK_APP_WORK_BANK_H
#define KVITOK_APP_WORK_BANK_H

#include "kvitok/app/working.h"

/* Ask how the attempt stands, and again by its schedule until it is final. */
KV_MUST_CHECK enum fate work_ask(struct working *w);
/*
 * Call the order off.  A bank that says no is asked once more how it stands;
 * what is just being registered is waited for.
 */
KV_MUST_CHECK enum fate work_cancel(struct working *w);

#endif
