/*
 * rename: give a file that was written whole the name that others look for.
 */
#ifndef KVITOK_BASE_RENAME_H
#define KVITOK_BASE_RENAME_H

#include "kvitok/base/attr.h"

/*
 * rename(2), and then fsync(2) of the folder, so that the name outlives a loss
 * of power; a file system that cannot sync folders keeps its own promise.
 * Gives: 0, or -1 with errno of rename.
 */
KV_MUST_CHECK int rename_for_good(const char *from, const char *to);
/* The same of two names in an open folder (renameat(2)): links in the way to it
 * do not matter. */
KV_MUST_CHECK int rename_within(int folder, const char *from, const char *to);
/* The same for a name that came into path's folder by other means. */
void folder_for_good(const char *path);

#endif
