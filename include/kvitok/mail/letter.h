/*
 * letter: the letters port, written from the templates of web/tpl/mail/.
 *
 * Sends nothing and prints nothing: the PDF comes from the caller.
 */
#ifndef KVITOK_MAIL_LETTER_H
#define KVITOK_MAIL_LETTER_H

#include "kvitok/base/tpl.h"
#include "kvitok/port/letters.h"

/* Fill a template of web/.  Gives: *out in a.  Fails: ERR_BUG tpl_bad. */
KV_MUST_CHECK enum err letter_render(struct arena *a, enum tpl_dest dest,
    const char *path, const struct tpl_vars *vars, struct str *out,
    struct fault *f);
/*
 * Fill the three templates of a letter: NAME_subject.txt, NAME.txt, NAME.html.
 * Gives: m->subject, text and html, in a.  Fails: ERR_BUG tpl_bad.
 */
KV_MUST_CHECK enum err letter_fill(struct arena *a, const char *name,
    const struct tpl_vars *vars, struct mail *m, struct fault *f);
/* Gives: a sum as people read it, without the sign of the rouble. */
struct str letter_roubles(struct arena *a, int64_t kop);
/* Gives: the days of a report as people read them. */
struct str letter_period(struct arena *a, const struct report_query *q);
/* Gives: a writer that holds nothing. */
struct letters letter_writer(void);

#endif
