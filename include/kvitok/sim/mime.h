/*
 * mime: a letter taken apart, for those who want to look into it.
 *
 * Understands what mailers send: headers with encoded words, nested
 * multiparts, base64 and quoted-printable.  Bounded; refuses nothing: what
 * it does not understand is shown as it came.
 */
#ifndef KVITOK_SIM_MIME_H
#define KVITOK_SIM_MIME_H

#include "kvitok/base/arena.h"
#include "kvitok/base/str.h"

#define MIME_PARTS_MAX 40

struct mime_part {
	struct str type;    /* lower case, without parameters: text/html */
	struct str charset; /* lower case; empty when not given */
	struct str name;    /* file name, decoded; empty when none */
	struct str body;    /* decoded bytes */
};

struct mime {
	struct str from, to, subject, message_id, date; /* decoded */
	struct mime_part parts[MIME_PARTS_MAX];         /* leaves, in order */
	size_t parts_len;
};

/* Take a letter apart; texts point into raw or lie in a. */
void mime_parse(struct arena *a, struct str raw, struct mime *out);
/* Gives: the header of that name, unfolded, not decoded; or empty. */
struct str mime_header(struct arena *a, struct str raw, const char *name);
/* Gives: text with its RFC 2047 words decoded. */
struct str mime_decode_words(struct arena *a, struct str text);

#endif
