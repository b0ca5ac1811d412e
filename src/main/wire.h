/*
 * wire: choose the adapters and fill the ports; the only place that does.
 */
#ifndef KVITOK_MAIN_WIRE_H
#define KVITOK_MAIN_WIRE_H

#include "settings.h"

#include "kvitok/app/ports.h"
#include "kvitok/bank/bank.h"
#include "kvitok/base/stats.h"

/* The shared counters: the web's own slots first, then the banks'. */
#define WIRE_WEB_SLOTS 768

enum wire_role {
	WIRE_WORKER,  /* kvitokd: everything but mail */
	WIRE_FILES,   /* kvitokd of the pool report: documents, too */
	WIRE_JOBS,    /* kvitok-jobs: everything */
	WIRE_REPORTS, /* kvitok-jobs --reports: two connections */
	WIRE_HAND     /* kvitokctl: the store alone */
};

struct wired {
	struct settings set;
	struct ports ports;
	struct log log;
	struct db *db;
	struct db *reports_db; /* of WIRE_REPORTS; else NULL */
	struct bank *bank;     /* NULL for WIRE_HAND */
	struct stats *stats;   /* NULL for WIRE_HAND */
};

/*
 * Read the settings and open what the role needs.  What is wrong goes to
 * standard error, a line each.
 * Gives: *out, which lives as long as a, until wire_close.
 * Fails: ERR_INVALID conf_bad; ERR_AGAIN database_unavailable; ERR_BUG.
 */
KV_MUST_CHECK enum err wire_open(struct arena *a, const char *conf_path,
    const char *program, enum wire_role role, struct wired *out,
    struct fault *f);
void wire_close(struct wired *w);

/* Gives: the settings file of -c FILE or KVITOK_CONF; NULL when neither. */
const char *wire_conf_path(int argc, char **argv);

#endif
