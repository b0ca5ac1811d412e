/*
 * cabinet_ask: a report that is being asked for on the accountant's page:
 * what was chosen, what is wrong with it, what it adds up to.
 */
#ifndef KVITOK_WEB_CABINET_ASK_H
#define KVITOK_WEB_CABINET_ASK_H

#include "kvitok/app/report_count.h"
#include "kvitok/web/cabinet.h"

struct cabinet_ask {
	struct turn *t;
	const struct desk *d;
	const struct ref *ref; /* while it is shown */
	struct report_query q; /* narrowed to what the person may see */
	/* Of the file. */
	struct str format, encoding, separator, email;
	/* Words beside fields; empty: nothing is wrong. */
	struct str from_wrong, to_wrong, format_wrong, email_wrong, wrong;
	struct str filter_wrong[REPORT_FILTER__COUNT];
	bool refused; /* one of them is not empty */
	bool counted;
	struct report_counted sum; /* when counted */
	int status;
};

/*
 * Read what is asked for out of a query or a form; what is wrong is noted.
 * Gives: *x.
 * Fails: ERR_ABSENT report_unknown.
 */
KV_MUST_CHECK enum err cabinet_ask_read(struct cabinet_ask *x, struct turn *t,
    const struct desk *d, const struct url_params *form);
/* Note t->f beside its field.  Gives: ERR_OK, or t->f->err for what a page of
 * its own has to say. */
KV_MUST_CHECK enum err cabinet_ask_refuse(struct cabinet_ask *x);
/* Answer with the page.  Fails: ERR_AGAIN. */
KV_MUST_CHECK enum err cabinet_ask_show(struct cabinet_ask *x);
/* Gives: may the person have the report at all? */
bool cabinet_ask_may(const struct desk *d, const struct report_def *r);

#endif
