/*
 * dsn: settings of a database -> the driver's connection string.
 */
#ifndef KVITOK_STORE_DSN_H
#define KVITOK_STORE_DSN_H

#include "kvitok/base/buf.h"
#include "kvitok/store/db.h"

/* Past a server's own time-outs it is taken for silent after this long. */
#define DSN_SILENCE_MS 5000

/*
 * Append the connection string of s.
 * Fails: ERR_INVALID conf_bad (a value that it cannot hold).
 */
KV_MUST_CHECK enum err dsn_put(
    const struct store_settings *s, struct buf *b, struct fault *f);

#endif
