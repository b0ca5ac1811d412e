/*
 * file_source: a file on the disk as a source.
 */
#ifndef KVITOK_MAIN_FILE_SOURCE_H
#define KVITOK_MAIN_FILE_SOURCE_H

#include "kvitok/base/arena.h"
#include "kvitok/port/source.h"

/*
 * Open a regular file; it is closed with the arena.
 * Gives: *out, as long as a.  Fails: ERR_ABSENT file_unread.
 */
KV_MUST_CHECK enum err file_source_open(
    struct arena *a, struct str path, struct source *out, struct fault *f);

#endif
