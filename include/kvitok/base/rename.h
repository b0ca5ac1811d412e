/*
 * rename: give a file that was written whole the name that others look for.
 */
#ifndef KVITOK_BASE_RENAME_H
#define KVITOK_BASE_RENAME_H

#include "kvitok/base/attr.h"

#include <stdbool.h>

/*
 * A draft has one writer at a time; its lock ends with the last descriptor of
 * fd, and so with whoever is killed.
 * Gives: whether fd, opened under a name in an open folder (AT_FDCWD: where the
 * process is), is a file of one name, ours alone, and still has that name:
 * somebody else may have had it and given it its place a moment ago; and who
 * may write to the folder may have put a pipe there, or another name of a file
 * that is kept.
 */
bool draft_is_ours(int folder, const char *name, int fd);

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
