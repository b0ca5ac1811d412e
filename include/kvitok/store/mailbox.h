/*
 * mailbox: suppliers' mailboxes, by the sections [exchange NAME] of
 * kvitok.conf: tables of theirs over ODBC (sql/mailbox), a folder, or, for
 * documents that come over HTTPS, a folder of our own.
 */
#ifndef KVITOK_STORE_MAILBOX_H
#define KVITOK_STORE_MAILBOX_H

#include "kvitok/base/conf.h"
#include "kvitok/port/exchange_desk.h"
#include "kvitok/port/mailboxes.h"

#define MAILBOX_CONF_LEN 14
extern const struct conf_key mailbox_conf[MAILBOX_CONF_LEN];

/* In the order of their names in mailbox_conf. */
enum mailbox_kind { MAILBOX_ODBC, MAILBOX_FOLDER, MAILBOX_HTTPS };

struct mailbox_settings {
	enum mailbox_kind kind;
	struct str folder; /* of ODBC: empty */
	struct str dsn, spool;
	int64_t timeout_ms; /* for one statement */
	int64_t size_max;   /* of HTTPS: bytes of a document */
};

/*
 * Read the sections [exchange NAME].
 * Gives: *out, which lives as long as a.
 * Fails: ERR_INVALID conf_bad, secret_file.
 */
KV_MUST_CHECK enum err mailbox_settings_of(struct arena *a,
    const struct conf *c, struct mailboxes *out, struct fault *f);

/*
 * The desks of the sections of kind https; the secrets of others are not read.
 * Gives: *out, which lives as long as a.
 * Fails: ERR_INVALID conf_bad.
 */
KV_MUST_CHECK enum err mailbox_desks_of(struct arena *a, const struct conf *c,
    struct exchange_desk *out, struct fault *f);

/* Of the three kinds; as the port's open. */
KV_MUST_CHECK enum err mailbox_odbc(struct arena *a,
    const struct mailbox_settings *s, struct mailbox *out, struct fault *f);
KV_MUST_CHECK enum err mailbox_folder(struct arena *a,
    const struct mailbox_settings *s, struct mailbox *out, struct fault *f);
KV_MUST_CHECK enum err mailbox_https(struct arena *a,
    const struct mailbox_settings *s, struct mailbox *out, struct fault *f);
/* The same folder from the front.  Fails: ERR_AGAIN mailbox_unavailable. */
KV_MUST_CHECK enum err mailbox_desk(struct arena *a,
    const struct mailbox_settings *s, struct supplier_desk *out,
    struct fault *f);

/* Gives: the path of a paper in a folder: in/7.xml. */
struct str mailbox_path(struct arena *a, struct str folder, const char *part,
    int64_t number, const char *end);
/* Gives: whether a file of that name is a paper; "7.xml" is 7, "07.xml" and
 * all others are none. */
bool mailbox_number(const char *name, int64_t *number);

#endif
