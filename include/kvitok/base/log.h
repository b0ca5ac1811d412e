/*
 * log: one line per event on standard error, for the journal.
 *
 *   2026-11-21T02:13:11.000Z info program=kvitokd req=01J...
 *       event=payment_paid number=...
 *
 * Values with spaces, quotes or controls are quoted and escaped, so that no
 * foreign text can forge a line.  A line is one write(2), cut at 2000 bytes.
 * Never given: secrets, card numbers.  Phones and e-mails go through
 * LOG_MASK.  Severity error is what wakes the operator.
 */
#ifndef KVITOK_BASE_LOG_H
#define KVITOK_BASE_LOG_H

#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_NOTICE, LOG_WARN, LOG_ERROR };

struct log {
	int fd;
	enum log_level level; /* lines below are not written */
	const char *program;  /* kvitokd, kvitok-jobs, ... */
	char context[64];     /* request id or job id; "" none */
	int64_t (*now)(void); /* ms UTC */
};

enum log_kind {
	LOG_END,
	LOG_TEXT, /* const char *name, struct str */
	LOG_INT,  /* const char *name, int64_t */
	LOG_MASK  /* const char *name, struct str: a***@d.ru, +7***12 */
};

/*
 * Write one event: triples (kind, name, value), closed by LOG_END.
 * Example: log_event(l, LOG_INFO, "payment_paid",
 *              LOG_TEXT, "number", number, LOG_INT, "total_kop", kop, LOG_END);
 */
void log_event(
    const struct log *l, enum log_level level, const char *event, ...);
/* Write a fault: event, class, reason, detail. */
void log_fault(const struct log *l, enum log_level level, const char *event,
    const struct fault *f);
/* Append s masked: first character and domain of an e-mail, last two digits
 * of a phone, first character of anything else. */
void log_mask(struct buf *b, struct str s);

#endif
