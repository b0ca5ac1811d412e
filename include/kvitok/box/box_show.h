/*
 * box_show: what the box tells of itself, as JSON.
 */
#ifndef KVITOK_BOX_BOX_SHOW_H
#define KVITOK_BOX_BOX_SHOW_H

#include "kvitok/base/json.h"
#include "kvitok/box/box.h"

/*
 * Write one object each; limit is that of its list, the newest first.
 * Fail: as box_db_read, with a part written.
 */
KV_MUST_CHECK enum err box_show_state(
    struct box *b, struct jw *w, struct fault *f);
KV_MUST_CHECK enum err box_show_documents(
    struct box *b, int64_t limit, struct jw *w, struct fault *f);
KV_MUST_CHECK enum err box_show_taken(
    struct box *b, int64_t limit, struct jw *w, struct fault *f);
KV_MUST_CHECK enum err box_show_requests(
    struct box *b, int64_t limit, struct jw *w, struct fault *f);
/* Do the books hold together, and did Kvitok say what it should? */
KV_MUST_CHECK enum err box_show_check(
    struct box *b, int64_t limit, struct jw *w, struct fault *f);
/* Those that are armed, and the menu. */
void box_show_faults(struct box *b, struct jw *w);

/*
 * What is wrong, a line each; none when nothing is.
 * Gives: *n, how many lines.  Fails: as box_db_read.
 */
KV_MUST_CHECK enum err box_findings(
    struct box *b, struct buf *out, int64_t *n, struct fault *f);

#endif
