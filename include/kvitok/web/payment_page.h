/*
 * payment_page: what pages about one payment say of it.
 */
#ifndef KVITOK_WEB_PAYMENT_PAGE_H
#define KVITOK_WEB_PAYMENT_PAGE_H

#include "kvitok/domain/payment.h"
#include "kvitok/web/page.h"

/* A payment and the names that belong to it. */
struct payment_page {
	const struct payment *pm;
	const struct ref *r;
	const struct ref_portal *portal; /* NULL: gone since */
	char day[11];                    /* that its names are valid on */
};

/* Fails: ERR_AGAIN database_unavailable. */
KV_MUST_CHECK enum err payment_page_begin(
    struct payment_page *pp, struct turn *t, const struct payment *pm);
/* Gives: titles; the ids where they are gone. */
struct str payment_page_supplier(
    const struct payment_page *pp, const struct pay_line *l);
struct str payment_page_service(
    const struct payment_page *pp, const struct pay_line *l);
/* Add «lines»: service_title, supplier_name, account, line_sum of each. */
void payment_page_lines(struct page *pg, const struct payment_page *pp);

#endif
