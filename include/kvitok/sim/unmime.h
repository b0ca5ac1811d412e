/*
 * unmime: a letter taken apart, for those who want to look into it.
 *
 * Understands what mailers send: headers with encoded words, nested
 * multiparts, base64 and quoted-printable.  Bounded; refuses nothing: what
 * it does not understand is shown as it came.
 */
#ifndef KVITOK_SIM_UNMIME_H
#define KVITOK_SIM_UNMIME_H

#include "kvitok/base/arena.h"
#include "kvitok/base/str.h"

#define UNMIME_PARTS_MAX 40

struct unmime_part {
	struct str type;    /* lower case, without parameters: text/html */
	struct str charset; /* lower case; empty when not given */
	struct str name;    /* file name, decoded; empty when none */
	struct str body;    /* decoded bytes */
};

struct unmime {
	struct str from, to, subject, message_id, date; /* decoded */
	struct unmime_part parts[UNMIME_PARTS_MAX];     /* leaves, in order */
	size_t parts_len;
};

/* Take a letter apart; texts point into raw or lie in a. */
void unmime_parse(struct arena *a, struct str raw, struct unmime *out);
/* Gives: the header of that name, unfolded, not decoded; or empty. */
struct str unmime_header(struct arena *a, struct str raw, const char *name);
/* Gives: text with its RFC 2047 words decoded. */
struct str unmime_decode_words(struct arena *a, struct str text);

#endif
