/*
 * invoice: the bill (квитанция) of an account for a month.
 *
 * It shows what the supplier has said of the month, the sum to be paid by the
 * due day of the law, and the square with which a bank pays it.  Before
 * anybody has proved to be the owner, name and address are masked, as
 * everywhere.
 */
#ifndef KVITOK_APP_INVOICE_H
#define KVITOK_APP_INVOICE_H

#include "kvitok/app/ports.h"

enum invoice_view {
	INVOICE_MASKED, /* for front-ends and letters */
	INVOICE_WHOLE   /* for paper in the owner's letter-box */
};

/*
 * Fill the bill of an account that is known; month is valid.
 * Gives: *out in a.
 * Fails: ERR_ABSENT bill_absent (the supplier has charged nothing for the
 * month, and nothing is owed); ERR_LIMIT sum_overflow; ERR_AGAIN.
 */
KV_MUST_CHECK enum err invoice_of(const struct ports *p, struct arena *a,
    const struct account *acc, struct str month, enum invoice_view view,
    struct invoice *out, struct fault *f);

/*
 * The bill as a front-end asks for it: number and month as typed; masked.
 * Gives: *pdf in a, and *bill.
 * Fails: ERR_INVALID month_form, month_ahead (field "month"); as
 * reference_account, invoice_of, and as the printer.
 */
KV_MUST_CHECK enum err invoice_print(const struct ports *p, struct arena *a,
    struct str portal, struct str supplier, struct str number, struct str month,
    struct invoice *bill, struct bytes *pdf, struct fault *f);

#endif
