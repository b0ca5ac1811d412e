/*
 * conf: kvitok.conf, read once, checked as a whole.
 *
 * Sections and keys of an ini file (inih).  A section may be repeated by
 * name: "[contract sber-old]".  Every key must be declared in a table of
 * struct conf_key; unknown sections, unknown keys, doubled keys, wrong types
 * and values out of bounds are all reported at once, with line numbers.
 */
#ifndef KVITOK_BASE_CONF_H
#define KVITOK_BASE_CONF_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/fault.h"

#include <stdbool.h>
#include <stdint.h>

enum conf_type {
	CONF_TEXT,
	CONF_INT,    /* min..max */
	CONF_BOOL,   /* yes, no */
	CONF_CHOICE, /* one of choices, separated by | */
	CONF_URL,    /* https://, or http:// when the host is a loopback */
	CONF_FILE,   /* absolute path; must be readable */
	/*
	 * Path of a file that others cannot read.  One without / at its start
	 * is a credential of systemd (secret/bank.key is secret_bank.key in
	 * $CREDENTIALS_DIRECTORY), or lies beside kvitok.conf.
	 */
	CONF_SECRET,
	CONF_LIST /* texts separated by commas */
};

struct conf_key {
	const char *section; /* "mail", or "contract *" for named sections */
	const char *key;
	enum conf_type type;
	const char *fallback; /* NULL: must be set */
	int64_t min, max;     /* of CONF_INT; of a text: its length */
	const char *choices;
};

struct conf; /* owned by the arena of conf_load */

/*
 * Read and check a file.
 * Gives: *out in a; on failure a report, one line "file:line: words" per
 * error, appended to report.
 * Fails: ERR_INVALID conf_bad.
 */
KV_MUST_CHECK enum err conf_load(struct arena *a, const char *path,
    const struct conf_key *keys, size_t keys_len, struct conf **out,
    struct buf *report, struct fault *f);

/* The value or its fallback; the key must be in the table (asserted). */
struct str conf_text(
    const struct conf *c, const char *section, const char *key);
int64_t conf_int(const struct conf *c, const char *section, const char *key);
bool conf_yes(const struct conf *c, const char *section, const char *key);
/* Index of the value among the key's choices. */
size_t conf_choice(const struct conf *c, const char *section, const char *key);
/* Items of a CONF_LIST. */
size_t conf_list(struct arena *a, const struct conf *c, const char *section,
    const char *key, struct str **out);
/* Content of the file that a CONF_SECRET names; empty if it is not set. */
KV_MUST_CHECK enum err conf_secret(struct arena *a, const struct conf *c,
    const char *section, const char *key, struct str *out, struct fault *f);
/* Names of the sections "kind NAME", in order of appearance. */
size_t conf_names(
    struct arena *a, const struct conf *c, const char *kind, struct str **out);
/* "contract" + "sber" -> "contract sber", in a. */
const char *conf_section(struct arena *a, const char *kind, struct str name);
/* Report one more error, of the line where the key stands. */
void conf_complain(const struct conf *c, const char *section, const char *key,
    struct buf *report, const char *words);

#endif
