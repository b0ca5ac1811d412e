/*
 * notice_row: a call-back as it is kept, whatever it is about.
 */
#ifndef KVITOK_APP_NOTICE_ROW_H
#define KVITOK_APP_NOTICE_ROW_H

#include "kvitok/app/ports.h"

/*
 * Make the row of a call that came now, with its verdict.
 * Gives: *out in a, of nobody's number: akey, number and n are the caller's.
 */
void notice_row(const struct ports *p, struct arena *a,
    const struct bank_call *call, struct str bank, const struct bank_notice *n,
    const char *verdict, struct notice *out);
/*
 * Keep a signed call that says money was taken for a number which is not
 * ours, and open a case.
 * Fails: ERR_AGAIN; ERR_UNSURE commit_unsure.
 */
KV_MUST_CHECK enum err notice_unknown(const struct ports *p, struct arena *a,
    const struct bank_notice *n, const struct notice *kept, struct fault *f);

#endif
