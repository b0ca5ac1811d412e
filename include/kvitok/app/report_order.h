/*
 * report_order: reports that are asked for, made later, and fetched.
 *
 * A front-end sees its portal's rows alone, and the key of a supplier's
 * accountant that supplier's alone.  Files wait for a week.
 */
#ifndef KVITOK_APP_REPORT_ORDER_H
#define KVITOK_APP_REPORT_ORDER_H

#include "kvitok/app/report.h"

#define REPORT_RUNS_MAX 3 /* that died; then it is given up */

struct report_order_request {
	const struct caller *who;
	struct report_query q;
	enum report_format format;
	enum codepage encoding;
	char separator;
	struct str email; /* empty: nobody is told */
	struct str ikey, body_hash;
};

/* May who have the report at all?  Its portal and, where it has one, its
 * supplier can narrow it. */
bool report_order_may(const struct caller *who, const struct report_def *d);
/*
 * Narrow what is asked for to what who may see, whatever was said.
 * Gives: *q with the portal and, of a supplier's accountant, the supplier.
 * Fails: ERR_DENIED report_foreign, its field named.
 */
KV_MUST_CHECK enum err report_order_narrow(
    const struct caller *who, struct report_query *q, struct fault *f);
/*
 * Keep an order, narrowed to what who may see; or find the one that was made
 * with this key of idempotency.
 * Gives: *out in a; *replay.
 * Fails: as report_asked; ERR_INVALID email_bad, ...; ERR_DENIED
 * report_foreign; ERR_LIMIT report_off, report_too_many,
 * idempotency_key_reused.
 */
KV_MUST_CHECK enum err report_order_create(const struct ports *p,
    struct arena *a, const struct report_order_request *req,
    struct report_order *out, bool *replay, struct fault *f);
/* An order of who; or one of a schedule, when who may see all that is in it.
 * Fails: ERR_ABSENT report_order_unknown. */
KV_MUST_CHECK enum err report_order_load(const struct ports *p, struct arena *a,
    const struct caller *who, struct str id, struct report_order *out,
    struct fault *f);
/*
 * Open the file of an order for reading.
 * Gives: *name, that it is to have, in a; *fd, the caller's to close; *size.
 * Fails: ERR_CONFLICT report_not_ready; ERR_ABSENT report_gone; ERR_AGAIN.
 */
KV_MUST_CHECK enum err report_order_open(const struct ports *p, struct arena *a,
    const struct report_order *o, struct str *name, int *fd, int64_t *size,
    struct fault *f);
/*
 * Make the oldest report that waits, and remove files whose time is over.
 * Gives: *did, false when there was nothing.
 * Fails: ERR_AGAIN; a report's own failure is written to its order.
 */
KV_MUST_CHECK enum err report_order_work(
    const struct ports *p, struct arena *a, bool *did, struct fault *f);
/* Tell by mail how an order ended.  Fails: as mailer. */
KV_MUST_CHECK enum err report_order_mail(
    const struct ports *p, struct arena *a, struct str id, struct fault *f);

#endif
