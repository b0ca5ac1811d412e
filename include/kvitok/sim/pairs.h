/*
 * pairs: names and values of a query or of a posted form.
 *
 * Decoded once, kept in order of arrival, doubled names kept too.  Never
 * decodes what is not UTF-8 into something else: bytes stay bytes.
 */
#ifndef KVITOK_SIM_PAIRS_H
#define KVITOK_SIM_PAIRS_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/str.h"

#include <stdbool.h>

#define PAIRS_MAX 256

struct pair {
	struct str name, value;
};

struct pairs {
	struct pair *v;
	size_t len;
};

/* An empty list in a with room for PAIRS_MAX pairs. */
void pairs_init(struct pairs *p, struct arena *a);
/* Appends; gives false when the list is full. */
bool pairs_add(struct pairs *p, struct str name, struct str value);
/*
 * Append the pairs of name=value&name=value text; + is a space.
 * Gives: false when there are too many or a %XX is broken.
 */
KV_MUST_CHECK bool pairs_parse(
    struct pairs *p, struct arena *a, struct str text);
/* Gives: the first value of that name; STR_NONE (p NULL) when absent. */
struct str pairs_get(const struct pairs *p, const char *name);
bool pairs_has(const struct pairs *p, const char *name);
/* Append name=value&... as application/x-www-form-urlencoded. */
void pairs_form(const struct pairs *p, struct buf *b);
/* Gives: url with one more parameter, before its fragment if any, in a. */
struct str pairs_url_with(
    struct arena *a, struct str url, const char *name, struct str value);

#endif
