/*
 * box_conf: the settings of a supplier in the box, as a struct.
 *
 * Read once at start; section [box] of the file of "kvitok-sim supplier".
 */
#ifndef KVITOK_BOX_BOX_CONF_H
#define KVITOK_BOX_BOX_CONF_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/fault.h"

#include <stdint.h>

#define BOX_ACCOUNTS_MAX 5000
#define BOX_SERVICES_MAX 4
/* Rows of one document that is about every account. */
#define BOX_ROWS_MAX ((size_t)BOX_ACCOUNTS_MAX * BOX_SERVICES_MAX + 1000)

struct box_conf {
	struct str http; /* host:port */
	struct str portal, supplier;
	struct str dsn;     /* the driver's connection string */
	struct str prefix;  /* of account numbers */
	struct str metered; /* service that has a meter; empty: none */
	struct str services[BOX_SERVICES_MAX];
	size_t services_len;
	int64_t accounts, seed, tick_ms;
};

/*
 * Read and check a settings file.
 * Gives: *out, owned by a; on failure words, line by line, in report.
 * Fails: ERR_INVALID conf_bad, secret_file.
 */
KV_MUST_CHECK enum err box_conf_load(struct arena *a, const char *path,
    struct box_conf *out, struct buf *report, struct fault *f);

#endif
