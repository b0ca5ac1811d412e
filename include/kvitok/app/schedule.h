/*
 * schedule: reports that suppliers and accountants get regularly (S8).
 *
 * Each period of a schedule becomes one run, written when it falls due
 * together with the order of its report and a parcel for everybody who gets
 * it.  A host that was off makes up what it has missed, in order, up to a
 * bound.  A schedule of a supplier has that supplier's rows alone.
 */
#ifndef KVITOK_APP_SCHEDULE_H
#define KVITOK_APP_SCHEDULE_H

#include "kvitok/app/ports.h"

struct schedule_request {
	struct str name, portal, supplier; /* supplier empty: all of it */
	struct report_query q;             /* report and other filters */
	enum report_format format;
	enum codepage encoding;
	char separator;
	struct str period, days, at; /* as schedule_rule_of reads them */
	struct str mail, folder;     /* one of both is empty */
	struct str from_day, to_day; /* empty: today; without end */
	struct str actor;            /* operator:NAME */
};

/*
 * Keep a schedule; the period that from_day is in is its first one.
 * Gives: *out in a.
 * Fails: ERR_INVALID schedule_name, schedule_target, schedule_from, schedule_to
 * (no period would end by to_day), as schedule_rule_of, schedule_mails,
 * schedule_path_check, report_asked; ERR_DENIED report_foreign: a report that
 * the supplier may not see; ERR_LIMIT schedule_no_folder; ERR_CONFLICT
 * schedule_known, schedule_folder_taken (its file is that of another one);
 * ERR_AGAIN.
 */
KV_MUST_CHECK enum err schedule_add(const struct ports *p, struct arena *a,
    const struct schedule_request *r, struct schedule *out, struct fault *f);
/* It goes on no more, and what waits is not sent.
 * Fails: ERR_ABSENT schedule_unknown. */
KV_MUST_CHECK enum err schedule_remove(const struct ports *p, struct arena *a,
    struct str name, struct str actor, struct fault *f);
/*
 * Send the period that has the day (empty: the last run) now: for the first
 * time, or once more.
 * Gives: *out in a, its run.
 * Fails: ERR_ABSENT schedule_unknown; ERR_INVALID report_day; ERR_CONFLICT
 * schedule_not_over: nothing to be sent yet; as report_asked.
 */
KV_MUST_CHECK enum err schedule_send_now(const struct ports *p, struct arena *a,
    struct str name, struct str day, struct schedule_run *out, struct fault *f);
/*
 * Write a run for each schedule that has a period due: one of each.
 * Gives: *did, how many there were.
 * Fails: ERR_AGAIN.
 */
KV_MUST_CHECK enum err schedule_plan(
    const struct ports *p, struct arena *a, size_t *did, struct fault *f);

/*
 * The order of a run's report, as [tx] report_orders.put takes it.
 * Gives: *out, in a; q of it lives as long as s and r.
 */
void schedule_order(const struct ports *p, struct arena *a,
    const struct schedule *s, const struct schedule_run *r,
    struct report_order *out);

#endif
