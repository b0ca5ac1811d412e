/*
 * wlock: the one writer of an SQLite database.
 *
 * SQLite lets waiting writers race and gives no order, so that one may lose
 * until its patience ends (seconds); the kernel's queue for a file lock is
 * fair.  Held around BEGIN IMMEDIATE .. COMMIT and around single writing
 * statements; the lock of a process that dies is free at once.
 */
#ifndef KVITOK_STORE_WLOCK_H
#define KVITOK_STORE_WLOCK_H

#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/store/watch.h"

/* Gives: *fd of path, which is made when it is not there.
 * Fails: ERR_AGAIN database_unavailable. */
KV_MUST_CHECK enum err wlock_open(const char *path, int *fd, struct fault *f);
/* Fails: ERR_AGAIN busy, after ms. */
KV_MUST_CHECK enum err wlock_take(
    int fd, struct watch *w, int64_t ms, struct fault *f);
void wlock_free(int fd);
/* -1 is nothing; sets it to -1. */
void wlock_close(int *fd);

#endif
