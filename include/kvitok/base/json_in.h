/*
 * json_in: read a document that a person has written, member by member.
 *
 * For layouts and the like: strict, every failure names the member by its
 * JSON pointer (RFC 6901).  A member that is absent leaves its target as it
 * was; which ones must be there is for the caller to say, with json_in_wrong.
 */
#ifndef KVITOK_BASE_JSON_IN_H
#define KVITOK_BASE_JSON_IN_H

#include "kvitok/base/json.h"

#define JSON_IN_POINTER_MAX 96

/* An object that is being read, and where it stands. */
struct json_in {
	struct arena *a;
	const struct json *j;
	const char *reason; /* of the failure as a whole: "layout_bad" */
	char at[JSON_IN_POINTER_MAX];
	struct fault *f;
};

/*
 * Say that the member name ("" for the object itself) is wrong.
 * Gives: ERR_INVALID with the reason of in, its field and its detail.
 */
enum err json_in_wrong(
    struct json_in *in, const char *name, const char *reason);
/* Nothing else may stand there; names ends in NULL. */
KV_MUST_CHECK enum err json_in_known(
    struct json_in *in, const char *const *names);
/* A text of 1 to max characters. */
KV_MUST_CHECK enum err json_in_text(
    struct json_in *in, const char *name, size_t max, struct str *out);
KV_MUST_CHECK enum err json_in_number(
    struct json_in *in, const char *name, int min, int max, int *out);
KV_MUST_CHECK enum err json_in_flag(
    struct json_in *in, const char *name, bool *out);
/* One printable ASCII character, neither letter nor digit nor space; "tab" is
 * one, too. */
KV_MUST_CHECK enum err json_in_mark(
    struct json_in *in, const char *name, char *out);
/* Gives: *out, which of the words it is. */
KV_MUST_CHECK enum err json_in_word(struct json_in *in, const char *name,
    const char *const *words, size_t len, size_t *out);
/* Gives: which of the words s is; len when it is none. */
size_t json_in_which(struct str s, const char *const *words, size_t len);
/* The object under name, j, with its own pointer. */
struct json_in json_in_inside(
    const struct json_in *in, const char *name, const struct json *j);
/* The object i of the list under name. */
struct json_in json_in_item(
    const struct json_in *in, const char *name, size_t i);

#endif
