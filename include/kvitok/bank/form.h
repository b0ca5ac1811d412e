/*
 * form: parameters of a bank's call, and what of them may be believed to be
 * what it says.
 *
 * Splits and decodes; judges no signature.  A name that comes twice is
 * refused: two readers could take different ones.
 */
#ifndef KVITOK_BANK_FORM_H
#define KVITOK_BANK_FORM_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FORM_TEXT_MAX ((size_t)16384)
#define FORM_PAIRS_MAX 64

struct form_pair {
	struct str name, value; /* decoded */
};

struct form {
	struct form_pair pairs[FORM_PAIRS_MAX];
	size_t len;
};

/*
 * Split a query or a form body; + is a space.
 * Gives: *out, its texts in a.
 * Fails: ERR_INVALID notice_bad (longer than FORM_TEXT_MAX, more than
 * FORM_PAIRS_MAX, a name twice or empty, a broken %, a NUL).
 */
KV_MUST_CHECK enum err form_parse(
    struct arena *a, struct str text, struct form *out, struct fault *f);
/* Add one pair.  Fails: ERR_INVALID notice_bad (as form_parse). */
KV_MUST_CHECK enum err form_add(
    struct form *form, struct str name, struct str value, struct fault *f);
bool form_has(const struct form *form, const char *name);
/* Gives: the value, empty when it is not there. */
struct str form_get(const struct form *form, const char *name);
/* Gives: %XX decoded, and + as a space when plus is set; false for a broken
 * % or a NUL. */
KV_MUST_CHECK bool form_decode(
    struct arena *a, struct str text, bool plus, struct str *out);

/* Gives: s when it is 1 to max printable ASCII characters without a space,
 * else an empty text. */
struct str form_word(struct str s, size_t max);
/*
 * The mask of a card as the bank gives it, with at most the first six and
 * last four digits left: whole numbers must not enter, even by a bank's
 * mistake.
 * Gives: a text in a; empty when s does not look like a card.
 */
struct str form_card(struct arena *a, struct str s);

#endif
