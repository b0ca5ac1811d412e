/*
 * cabinet: what the accountant's pages have in common.
 *
 * Who sits there is desk.h's; what they may see is narrowed by each page:
 * their portal's rows alone, a supplier's accountant that supplier's alone.
 */
#ifndef KVITOK_WEB_CABINET_H
#define KVITOK_WEB_CABINET_H

#include "kvitok/web/desk.h"
#include "kvitok/web/grid.h"

#include <stdint.h>

#define CABINET_KEY_MIN 8
#define CABINET_KEY_MAX 64

/* Begin a page with the names of every page's head; here is the section of the
 * menu that is shown: "home", "reports", "settlements", "cases". */
void cabinet_begin(
    struct page *pg, struct turn *t, const struct desk *d, const char *here);
/* Gives: who asks, for use-cases that know front-ends. */
struct caller cabinet_caller(const struct desk *d);
/* Cases are the portal's own: what banks say of money that nobody has been
 * credited with yet is shown to no supplier. */
bool cabinet_may_cases(const struct desk *d);
/* Gives: a fresh key for a form, so that sending it twice is once. */
struct str cabinet_key(struct turn *t);
/*
 * Read the form's key, and bind it to what the form says: a form that was
 * changed and sent again is another one.
 * Gives: *out, 48 hex digits.
 * Fails: ERR_DENIED form_stale: it is no form of ours.
 */
KV_MUST_CHECK enum err cabinet_key_read(
    struct turn *t, const struct url_params *q, struct str *out);
/* Gives: SHA-256 of the request's path and what stands in the form, without
 * the names that differ each time it is shown. */
void cabinet_mark(struct turn *t, const struct url_params *q, char out[65]);
/* Gives: words of t->f: of its first field, else its own. */
struct str cabinet_words(struct turn *t);
/* Is it something to be told on the page, rather than a page of its own? */
bool cabinet_told(const struct fault *f);

/* Gives: the title of a supplier as it is today; its id where it has none. */
struct str cabinet_supplier(
    const struct turn *t, struct str portal, struct str supplier);

/* --- how things are written ------------------------------------------ */

/* Gives: words of a group of cabinet.def, or the id. */
struct str cabinet_word(const char *group, struct str id);
/* Gives: whether the group has the id. */
bool cabinet_has_word(const char *group, struct str id);
/* Gives: «1 218,00» with narrow spaces, and a real minus. */
struct str cabinet_sum(struct arena *a, int64_t kop);
/* Gives: «1 240». */
struct str cabinet_count(struct arena *a, int64_t n);
/* Gives: «27.11.2026», «27.11.2026 14:05» of Moscow; empty for none. */
struct str cabinet_day(struct arena *a, struct str day);
struct str cabinet_moment(struct arena *a, int64_t at);
/* Gives: how long ago: «5 мин», «3 ч», «12 дн.». */
struct str cabinet_age(struct arena *a, int64_t ms);
/* Gives: «1,2 МБ», «340 КБ». */
struct str cabinet_size(struct arena *a, int64_t bytes);
/* Gives: who an actor is: «сотрудник ivanova», «портал», ... */
struct str cabinet_who(struct arena *a, struct str actor);

#endif
