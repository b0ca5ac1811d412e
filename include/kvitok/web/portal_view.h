/*
 * portal_view: the payment page of a portal in the making.
 *
 * Shows what was found and typed; a handler notes what is wrong beside the
 * fields.  Never calls what writes.
 */
#ifndef KVITOK_WEB_PORTAL_VIEW_H
#define KVITOK_WEB_PORTAL_VIEW_H

#include "kvitok/app/pay.h"
#include "kvitok/domain/account.h"
#include "kvitok/domain/ref.h"
#include "kvitok/web/owed.h"
#include "kvitok/web/portal_meter.h"
#include "kvitok/web/turn.h"

/* One service of the account, and what stands in its field. */
struct portal_line {
	struct owed owed;
	struct str typed, error; /* as typed; words */
	int64_t sum_kop;         /* 0: not paid for */
};

struct portal_view {
	struct turn *t;
	const struct ref *r;
	const struct ref_portal *portal;
	char day[11];
	struct str error, supplier, supplier_error;
	struct str account_typed, account_error;
	const struct account *account; /* NULL: none is shown */
	struct portal_line *lines;     /* that can be paid for now */
	size_t lines_len;
	struct portal_meters meters; /* whose readings may be given */
	const struct quote *quote;   /* NULL: not known */
	struct str total_error;
	struct str email, email_error, ikey;
};

/*
 * Begin the page of t->who.portal.
 * Fails: ERR_AGAIN database_unavailable; ERR_BUG.
 */
KV_MUST_CHECK enum err portal_view_begin(struct portal_view *v, struct turn *t);
/*
 * Find the account; sums are set to its debts.  A refusal is noted beside its
 * field.
 * Gives: *status 200, or that of the refusal.
 * Fails: ERR_AGAIN, ERR_BUG.
 */
KV_MUST_CHECK enum err portal_view_find(
    struct portal_view *v, struct str supplier, struct str number, int *status);
/* Gives: words of a reason with the arguments of t->f, in the arena. */
struct str portal_view_words(const struct portal_view *v, const char *reason);
/* Answer with the page.  Fails: ERR_BUG tpl_bad. */
KV_MUST_CHECK enum err portal_view_send(struct portal_view *v, int status);

#endif
