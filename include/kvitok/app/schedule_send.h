/*
 * schedule_send: parcels of scheduled reports, as letters and as files.
 *
 * A letter has the file in it while it is not too large; else it names the page
 * of the cabinet where who logs in gets it: no link of ours opens books to
 * whoever holds the letter.
 */
#ifndef KVITOK_APP_SCHEDULE_SEND_H
#define KVITOK_APP_SCHEDULE_SEND_H

#include "kvitok/app/ports.h"

/*
 * Send the oldest parcel whose report is made; have a report that failed, or
 * whose file is gone, made again.  A parcel goes out at least once, under one
 * Message-ID; it is tried so often as any job, and then given up.
 * Gives: *did, false when there was none.
 * Fails: ERR_AGAIN; a parcel's own failure is written to it.
 */
KV_MUST_CHECK enum err schedule_send(
    const struct ports *p, struct arena *a, bool *did, struct fault *f);

#endif
