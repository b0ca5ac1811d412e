/*
 * letter_schedule: the letter that brings a report of a schedule.
 */
#ifndef KVITOK_MAIL_LETTER_SCHEDULE_H
#define KVITOK_MAIL_LETTER_SCHEDULE_H

#include "kvitok/port/letters.h"

/* As the port says; self is not looked at. */
KV_MUST_CHECK enum err letter_schedule(void *self, struct arena *a,
    const struct schedule_letter *l, struct mail *out, struct fault *f);

#endif
