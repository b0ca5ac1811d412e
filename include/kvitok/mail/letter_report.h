/*
 * letter_report: the letter that tells how a report ended.
 */
#ifndef KVITOK_MAIL_LETTER_REPORT_H
#define KVITOK_MAIL_LETTER_REPORT_H

#include "kvitok/port/letters.h"

/* As the port says; self is not looked at. */
KV_MUST_CHECK enum err letter_report(void *self, struct arena *a,
    const struct report_order *o, const struct ref_portal *portal,
    struct str message_id, struct mail *out, struct fault *f);

#endif
