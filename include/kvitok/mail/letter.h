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
/* Gives: a writer that holds nothing. */
struct letters letter_writer(void);

#endif
