/*
 * spool: a document on its way, in a file without a name: it is gone with
 * whoever holds it.
 */
#ifndef KVITOK_STORE_SPOOL_H
#define KVITOK_STORE_SPOOL_H

#include "kvitok/base/arena.h"
#include "kvitok/port/source.h"

struct spool {
	int fd;
	int64_t size, size_max;
};

/*
 * Gives: an empty file in the folder, closed with a.
 * Fails: ERR_AGAIN spool_failed.
 */
KV_MUST_CHECK enum err spool_open(struct arena *a, struct str folder,
    int64_t size_max, struct spool **out, struct fault *f);
/* Append.  Fails: ERR_AGAIN spool_failed; ERR_INVALID document_bad (too
 * long). */
KV_MUST_CHECK enum err spool_add(
    struct spool *s, struct str piece, struct fault *f);
/* Gives: what was written, as a source; lives as long as s. */
struct source spool_source(struct spool *s);
/*
 * A file that is there, as a source; closed with a.
 * Fails: ERR_ABSENT file_unread.
 */
KV_MUST_CHECK enum err spool_file(
    struct arena *a, struct str path, struct source *out, struct fault *f);

#endif
