/*
 * cabinet_schedule: the page of reports by schedule: those that go on, and one
 * that is being made.
 */
#ifndef KVITOK_WEB_CABINET_SCHEDULE_H
#define KVITOK_WEB_CABINET_SCHEDULE_H

#include "kvitok/web/cabinet_ask.h"

struct cabinet_schedule {
	struct turn *t;
	const struct desk *d;
	/* What was chosen; mails: parted by spaces. */
	struct str report, supplier, format, often, at, mails;
	/* Words beside fields; empty: nothing is wrong. */
	struct str report_wrong, supplier_wrong, format_wrong, at_wrong,
	    mail_wrong, wrong;
	struct str done; /* "made", "stopped": it is told */
	int status;
};

/* Answer with the page.  Fails: ERR_AGAIN. */
KV_MUST_CHECK enum err cabinet_schedule_show(struct cabinet_schedule *x);
/* Gives: «по рабочим дням в 08:00», «за месяц». */
struct str cabinet_schedule_when(
    struct arena *a, const struct schedule_rule *r);
struct str cabinet_schedule_period(
    struct arena *a, const struct schedule_rule *r);

#endif
