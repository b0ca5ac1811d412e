/*
 * str: a look at text that somebody else owns.
 *
 * UTF-8 with its length; it may hold NUL bytes and need not end in one.
 * Never allocates; whatever makes text lives in arena.h and buf.h.
 */
#ifndef KVITOK_BASE_STR_H
#define KVITOK_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
	const char *p; /* may be NULL when len is 0 */
	size_t len;
};

/* Bytes that are not text: PDFs, signatures, keys. */
struct bytes {
	const unsigned char *p;
	size_t len;
};

#define STR(literal) ((struct str){ "" literal "", sizeof(literal) - 1 })
#define STR_NONE ((struct str){ NULL, 0 })
/* For printf: "%.*s", STR_ARG(s). */
#define STR_ARG(s) (int)(s).len, (s).p ? (s).p : ""

/* Gives: a look at the NUL-terminated text z; NULL looks empty. */
static inline struct str
str_of(const char *z)
{
	return (struct str){ z, z ? strlen(z) : 0 };
}

static inline bool
str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

/* Byte order; for sorting, not for people. */
int str_cmp(struct str a, struct str b);
/* Equal when ASCII letters are folded: HTTP names, keywords. */
bool str_eq_nocase(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Gives: offset of needle in s, or s.len when it is not there. */
size_t str_find(struct str s, struct str needle);
/* Gives: s without leading and trailing space, tab, CR and LF. */
struct str str_trim(struct str s);
/*
 * Cut s at the first sep: *head is what stands before, s what stands after.
 * Gives: false, with *head the rest and *s empty, when sep is not in s.
 */
bool str_cut(struct str *s, char sep, struct str *head);

#endif
