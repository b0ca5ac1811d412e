/*
 * letter: a letter taken apart, for those who want to look into it.
 *
 * Understands what mailers send: headers with encoded words, nested
 * multiparts, base64 and quoted-printable.  Bounded; refuses nothing: what
 * it does not understand is shown as it came.
 */
#ifndef KVITOK_SIM_LETTER_H
#define KVITOK_SIM_LETTER_H

#include "kvitok/base/arena.h"
#include "kvitok/base/str.h"

#define LETTER_PARTS_MAX 40

struct letter_part {
	struct str type;    /* lower case, without parameters: text/html */
	struct str charset; /* lower case; empty when not given */
	struct str name;    /* file name, decoded; empty when none */
	struct str body;    /* decoded bytes */
};

struct letter {
	struct str from, to, subject, message_id, date; /* decoded */
	struct letter_part parts[LETTER_PARTS_MAX];     /* leaves, in order */
	size_t parts_len;
};

/* Take a letter apart; texts point into raw or lie in a. */
void letter_parse(struct arena *a, struct str raw, struct letter *out);
/* Gives: the header of that name, unfolded, not decoded; or empty. */
struct str letter_header(struct arena *a, struct str raw, const char *name);
/* Gives: text with its RFC 2047 words decoded. */
struct str letter_decode_words(struct arena *a, struct str text);

#endif
