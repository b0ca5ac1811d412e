/*
 * mailbox: suppliers' mailboxes, by the sections [exchange NAME] of
 * kvitok.conf: tables of theirs over ODBC (sql/mailbox), or a folder.
 */
#ifndef KVITOK_STORE_MAILBOX_H
#define KVITOK_STORE_MAILBOX_H

#include "kvitok/base/conf.h"
#include "kvitok/port/mailboxes.h"

#define MAILBOX_CONF_LEN 13
extern const struct conf_key mailbox_conf[MAILBOX_CONF_LEN];

struct mailbox_settings {
	struct str folder; /* empty: over ODBC */
	struct str dsn, spool;
	int64_t timeout_ms; /* for one statement */
};

/*
 * Read the sections [exchange NAME].
 * Gives: *out, which lives as long as a.
 * Fails: ERR_INVALID conf_bad, secret_file.
 */
KV_MUST_CHECK enum err mailbox_settings_of(struct arena *a,
    const struct conf *c, struct mailboxes *out, struct fault *f);

/* Of the two kinds; as the port's open. */
KV_MUST_CHECK enum err mailbox_odbc(struct arena *a,
    const struct mailbox_settings *s, struct mailbox *out, struct fault *f);
KV_MUST_CHECK enum err mailbox_folder(struct arena *a,
    const struct mailbox_settings *s, struct mailbox *out, struct fault *f);

#endif
