/*
 * net: listening sockets and whole files.
 */
#ifndef KVITOK_SIM_NET_H
#define KVITOK_SIM_NET_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

/*
 * Listen at "host:port" (IPv6 hosts in brackets), not blocking.
 * Gives: *fd, to be closed by the caller.
 * Fails: ERR_INVALID sim_listen.
 */
KV_MUST_CHECK enum err net_listen(
    struct arena *a, struct str address, int *fd, struct fault *f);
/*
 * Read a file of at most max bytes.
 * Gives: *out in a, followed by a NUL.
 * Fails: ERR_INVALID sim_file.
 */
KV_MUST_CHECK enum err net_read_file(struct arena *a, struct str path,
    size_t max, struct str *out, struct fault *f);

#endif
