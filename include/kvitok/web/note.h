/*
 * note: one line of the log and a few counters for each request.
 *
 * Never given: tokens, numbers, queries; an address is named by its pattern.
 */
#ifndef KVITOK_WEB_NOTE_H
#define KVITOK_WEB_NOTE_H

#include "kvitok/base/log.h"
#include "kvitok/web/web.h"

#define NOTE_ROUTES_MAX 128 /* rows of the table, and one for the rest */
#define NOTE_CLASSES 4      /* 2xx to 5xx */
#define NOTE_BUCKETS 14     /* of the time that an answer took */
#define NOTE_SLOTS                                                             \
	(NOTE_ROUTES_MAX * NOTE_CLASSES + WEB_POOLS * (NOTE_BUCKETS + 1) +     \
	    NOTE_LOGIN__COUNT)

/* How somebody's login at the desk has ended. */
enum note_login {
	NOTE_LOGIN_IN,
	NOTE_LOGIN_WRONG,
	NOTE_LOGIN_LOCKED,
	NOTE_LOGIN_BLOCKED,
	NOTE_LOGIN__COUNT
};

/* Append what names the slots, for the layout text of stats_open. */
void note_layout(struct buf *out);
/* Log and count an answer that took us microseconds. */
void note_served(const struct web *w, const struct log *log,
    const struct request *r, const struct reply *out, const struct served *s,
    int64_t us);
/* Count a login. */
void note_login(const struct web *w, enum note_login how);
/* Append the counters in the Prometheus text format. */
void note_metrics(const struct stats *s, struct buf *out);

#endif
