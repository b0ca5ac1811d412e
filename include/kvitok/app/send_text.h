/*
 * send_text: the text of a document that goes out, as a source.
 *
 * It is made from the rows of its items, a page at a time, and is the same
 * each time: the first time its digest and size are kept with the document, and
 * another text is never given out under its number.
 */
#ifndef KVITOK_APP_SEND_TEXT_H
#define KVITOK_APP_SEND_TEXT_H

#include "kvitok/app/ports.h"
#include "kvitok/port/source.h"

/*
 * Gives: *out, read once from its beginning to its end; it lives as long as a.
 * The digest of x is set when it was not.  The pulse beats with each reading
 * of a piece.
 * Fails: ERR_BUG exchange_text_differs: its rows are not what they were; as the
 * pulse.
 */
KV_MUST_CHECK enum err send_text(const struct ports *p, struct arena *a,
    struct sent_doc *x, const struct pulse *pulse, struct source *out,
    struct fault *f);

#endif
