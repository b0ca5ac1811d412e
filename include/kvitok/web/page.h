/*
 * page: what the payer's pages have in common.
 *
 * Pages are templates of web/tpl/page; doc/pages.md has the names that each
 * of them needs.  Nothing of a page is kept by a browser.
 */
#ifndef KVITOK_WEB_PAGE_H
#define KVITOK_WEB_PAGE_H

#include "kvitok/base/tpl.h"
#include "kvitok/domain/ref.h"
#include "kvitok/web/turn.h"

#define PAGE_VARS_MAX 48

/* Names of a template in the making. */
struct page {
	struct turn *t;
	struct tpl_var v[PAGE_VARS_MAX];
	size_t len;
};

/* Ready, without names. */
void page_begin(struct page *pg, struct turn *t);
/* Add a name; its text must live until page_send. */
void page_text(struct page *pg, const char *name, struct str text);
/* The same with «1» or nothing. */
void page_flag(struct page *pg, const char *name, bool yes);
void page_rows(
    struct page *pg, const char *name, const struct tpl_vars *rows, size_t len);
/*
 * Add portal, title, support and back_url of a portal; back_url and portal
 * are empty where no payment page of it is served.  po NULL: none is known.
 */
void page_portal_names(struct page *pg, const struct ref_portal *po);
/* Render the template and answer with it.  Fails: ERR_BUG tpl_bad. */
KV_MUST_CHECK enum err page_send(struct page *pg, int status, const char *path);
/* Answer with t->f as a page for people; plain text if even that fails. */
void page_error(struct turn *t);
/* Gives: head for a reason (head.def). */
struct str page_head(const char *reason);
/* Gives: "/pay/TOKEN" and such, encoded. */
struct str page_link(
    struct turn *t, const char *before, struct str token, const char *after);

#endif
