/*
 * json: RFC 8259 in and out, bounded.
 *
 * In: jansson behind a narrow door: no duplicate names, no NUL, valid UTF-8,
 * 64-bit integers exact, depth and size limited before a tree is built.
 * Real numbers are refused: nothing that Kvitok reads may be a fraction;
 * foreign answers that have them are read with JSON_REALS.
 * Out: jw.h, which comes with this header.
 */
#ifndef KVITOK_BASE_JSON_H
#define KVITOK_BASE_JSON_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/jw.h"

#include <stdbool.h>
#include <stdint.h>

#define JSON_DEPTH_MAX 16

enum json_kind {
	JSON_NULL,
	JSON_BOOL,
	JSON_INT,
	JSON_REAL,
	JSON_TEXT,
	JSON_LIST,
	JSON_OBJECT
};

enum json_flags {
	JSON_STRICT = 0,
	JSON_REALS = 1 /* let fractions through (as JSON_REAL, no value) */
};

/* A value inside a document; owned by the arena of json_parse. */
struct json;

/*
 * Parse text into a tree.
 * Gives: *out, owned by a.
 * Fails: ERR_INVALID json_bad, json_deep, json_duplicate, json_number (above
 * 64 bits), text_bad_utf8.
 */
KV_MUST_CHECK enum err json_parse(struct arena *a, struct str text,
    enum json_flags flags, const struct json **out, struct fault *f);

/* All readers accept NULL for j and then find nothing. */
enum json_kind json_kind(const struct json *j); /* NULL is JSON_NULL */
/* Gives: the member, or NULL. */
const struct json *json_get(const struct json *j, const char *name);
size_t json_count(const struct json *j); /* of a list or object */
const struct json *json_at(const struct json *j, size_t i); /* of a list */
/* Names of an object in order of appearance. */
struct str json_name(const struct json *j, size_t i);
const struct json *json_value(const struct json *j, size_t i);
/* Give false, out untouched, when j has another kind. */
KV_MUST_CHECK bool json_text(const struct json *j, struct str *out);
KV_MUST_CHECK bool json_int(const struct json *j, int64_t *out);
KV_MUST_CHECK bool json_bool(const struct json *j, bool *out);
/* An integer that may come as text: "0" or 0 (Sberbank's loose typing). */
KV_MUST_CHECK bool json_loose_int(const struct json *j, int64_t *out);
/* Text of a text or an integer; empty when it is neither. */
struct str json_loose_text(struct arena *a, const struct json *j);
/* Append compact JSON with sorted names: equal values give equal bytes. */
void json_canonical(const struct json *j, struct buf *b);

#endif
