/*
 * mailer: a letter out.
 */
#ifndef KVITOK_PORT_MAILER_H
#define KVITOK_PORT_MAILER_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

#include <stdint.h>

struct mail_part {
	struct str name; /* ASCII file name: kvitok-NUMBER.pdf */
	struct str type; /* application/pdf */
	struct bytes data;
};

struct mail {
	struct str from_name; /* UTF-8 */
	struct str from;      /* address */
	struct str to;        /* address, checked with email_ok */
	struct str subject;   /* UTF-8 */
	struct str text;      /* plain text, UTF-8 */
	struct str html;
	const struct mail_part *parts;
	size_t parts_len;
	struct str message_id; /* without <>; the same for every try */
	int64_t date_at;
	/* Where a POST stops such letters at once (RFC 8058); empty: they can
	 * not be stopped, for each was asked for. */
	struct str stop_url;
};

struct mailer {
	void *self;
	/*
	 * Hand the letter to the mail server; one try, with a deadline.
	 * Fails: ERR_AGAIN mail_later (refused for now, not reached);
	 * ERR_INVALID mail_refused (5xx for this letter or address);
	 * ERR_UNSURE mail_unsure (lost after the last byte was sent).
	 */
	KV_MUST_CHECK enum err (*send)(
	    void *self, struct arena *a, const struct mail *m, struct fault *f);
};

#endif
