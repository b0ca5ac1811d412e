/*
 * letters: what is written to payers, as finished letters.
 */
#ifndef KVITOK_PORT_LETTERS_H
#define KVITOK_PORT_LETTERS_H

#include "kvitok/port/mailer.h"
#include "kvitok/domain/ref.h"
#include "kvitok/port/printer.h"
#include "kvitok/port/report_orders.h"
#include "kvitok/port/schedule_store.h"

/* A month's bill on its way to whoever asked for it. */
struct bill_letter {
	const struct invoice *bill;
	struct bytes pdf;
	struct str from, to, message_id;
	int64_t date_at;
	struct str pay_url;  /* where it can be paid; empty: not with us */
	struct str stop_url; /* where no more are asked for */
};

/* A report that somebody gets regularly. */
struct schedule_letter {
	const struct schedule *s;
	const struct report_order *o; /* done */
	const struct report_totals *totals;
	struct str from_name, from, portal_url, support; /* of the portal */
	struct str supplier; /* its title; empty: the whole portal */
	struct str name;     /* of the file */
	struct bytes file;   /* p NULL: too large for a letter, and then */
	struct str url;      /* where who logs in gets it */
	struct str to, message_id;
};

struct letters {
	void *self;
	/*
	 * Write the letter that brings a receipt: text, HTML and the PDF.
	 * date_at and message_id are the caller's: the same for every try.
	 * Gives: *out in a.  Fails: ERR_BUG tpl_bad.
	 */
	KV_MUST_CHECK enum err (*receipt)(void *self, struct arena *a,
	    const struct receipt *r, struct bytes pdf, struct str from,
	    struct str to, int64_t date_at, struct str message_id,
	    struct mail *out, struct fault *f);
	/* Write the letter that tells an accountant that his report is made,
	 * or why it is not.  Gives and fails: the same. */
	KV_MUST_CHECK enum err (*report)(void *self, struct arena *a,
	    const struct report_order *o, const struct ref_portal *portal,
	    struct str message_id, struct mail *out, struct fault *f);
	/* Write the letter that brings a bill, and says how to get no more of
	 * them.  Gives and fails: the same. */
	KV_MUST_CHECK enum err (*bill)(void *self, struct arena *a,
	    const struct bill_letter *l, struct mail *out, struct fault *f);
	/* Write the letter that brings a report of a schedule, or says where
	 * it is.  Gives and fails: the same. */
	KV_MUST_CHECK enum err (*scheduled)(void *self, struct arena *a,
	    const struct schedule_letter *l, struct mail *out, struct fault *f);
};

#endif
