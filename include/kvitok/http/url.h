/*
 * url: percent-encoding, and name=value pairs of a query or a form.
 *
 * Strict: what is not well formed is refused by name, never guessed at.
 */
#ifndef KVITOK_HTTP_URL_H
#define KVITOK_HTTP_URL_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

#include <stdbool.h>

#define URL_PARAMS_MAX 128

struct url_param {
	struct str name, value;
};

struct url_params {
	const struct url_param *v;
	size_t len;
};

/*
 * Decode %XX; plus: '+' is a space (queries and forms, not paths).
 * Gives: *out in a; text without controls other than tab and line ends.
 * Fails: ERR_INVALID url_bad (a % without two digits), text_bad_utf8 (NUL
 * and other controls too).
 */
KV_MUST_CHECK enum err url_decode(struct arena *a, struct str raw, bool plus,
    struct str *out, struct fault *f);
/*
 * Split and decode "a=1&b=2"; names may come twice (form.h judges that).
 * Gives: *out in a, in the order of raw.
 * Fails: as url_decode; ERR_INVALID url_bad (above URL_PARAMS_MAX).
 */
KV_MUST_CHECK enum err url_params(
    struct arena *a, struct str raw, struct url_params *out, struct fault *f);
/* Gives: the first value of a name; empty when there is none. */
struct str url_param(const struct url_params *p, const char *name);
/* Add name=value, percent-encoded, to the address in b; without a value,
 * nothing. */
void url_add(struct buf *b, const char *name, struct str value);

#endif
