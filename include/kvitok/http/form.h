/*
 * form: input by declaration.
 *
 * A table of fields says what may come; a handler sees only values that are
 * in it.  Every wrong field is reported at once, with a JSON pointer
 * ("/lines/0/sum_kop") or the name of a parameter; what is not declared is
 * refused by name.  Knows types and bounds, no rules of business.
 */
#ifndef KVITOK_HTTP_FORM_H
#define KVITOK_HTTP_FORM_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/json.h"
#include "kvitok/http/url.h"

#include <stddef.h>

enum field_kind {
	FIELD_TEXT,  /* struct str, one line; min and max in characters */
	FIELD_LINES, /* as FIELD_TEXT, of many lines; JSON only */
	FIELD_INT,   /* int64_t, min and max */
	FIELD_TIME,  /* int64_t, ms since 1970 from RFC 3339 */
	FIELD_BOOL,  /* bool; JSON only */
	FIELD_LIST,  /* struct form_list of objects; JSON only, not nested */
	FIELD_LATER  /* known, but not served yet: refused by its name */
};

struct form {
	const struct field *fields;
	size_t len;
	size_t size; /* of the struct that it fills */
};

struct field {
	const char *name;
	enum field_kind kind;
	bool required;
	int64_t min, max;
	size_t at;               /* offsetof the value in the struct */
	const struct form *item; /* of a FIELD_LIST */
	const char *wrong;       /* reason of a bad bound; NULL: by kind */
};

struct form_list {
	void *items;
	size_t len;
};

/*
 * Fill the struct out, which the caller has set to its defaults, from an
 * object.  min and max of a list bound how many items it may have.
 * Gives: *out; texts and items in a.
 * Fails: ERR_INVALID input_invalid with fields: field_type, field_missing,
 * field_unknown, field_range, field_length, text_bad_utf8, field_form;
 * ERR_LIMIT field_unsupported.
 */
KV_MUST_CHECK enum err form_json(struct arena *a, const struct form *form,
    const struct json *j, void *out, struct fault *f);
/*
 * The same from a query; no lists.  Fails: also with field_repeated.
 */
KV_MUST_CHECK enum err form_query(const struct form *form,
    const struct url_params *q, void *out, struct fault *f);

#endif
