#include "kvitok/base/json_in.h"

#include "kvitok/base/utf8.h"

#include <stdio.h>

#define WORD_MAX_LEN 200

enum err
json_in_wrong(struct json_in *in, const char *name, const char *reason)
{
	char pointer[JSON_IN_POINTER_MAX * 2];

	(void)snprintf(pointer, sizeof(pointer), "%s%s%s", in->at,
	    *name != '\0' ? "/" : "", name);
	(void)fault_set(
	    in->f, ERR_INVALID, in->reason, "%s: %s", pointer, reason);
	fault_field(in->f, pointer, reason);
	return ERR_INVALID;
}

size_t
json_in_which(struct str s, const char *const *names, size_t len)
{
	size_t i = 0;

	while (i < len && !str_eq(s, str_of(names[i])))
		i++;
	return i;
}

enum err
json_in_known(struct json_in *in, const char *const *names)
{
	size_t len = 0;

	if (json_kind(in->j) != JSON_OBJECT)
		return json_in_wrong(in, "", "field_type");
	while (names[len] != NULL)
		len++;
	for (size_t i = 0; i < json_count(in->j); i++)
		if (json_in_which(json_name(in->j, i), names, len) == len)
			return json_in_wrong(in,
			    arena_z(in->a, json_name(in->j, i)),
			    "field_unknown");
	return ERR_OK;
}

enum err
json_in_text(struct json_in *in, const char *name, size_t max, struct str *out)
{
	const struct json *j = json_get(in->j, name);
	struct str s;

	if (j == NULL)
		return ERR_OK;
	if (!json_text(j, &s))
		return json_in_wrong(in, name, "field_type");
	if (s.len == 0 || utf8_len(s) > max)
		return json_in_wrong(in, name, "field_length");
	if (!utf8_text(s))
		return json_in_wrong(in, name, "text_bad_utf8");
	*out = s;
	return ERR_OK;
}

enum err
json_in_number(struct json_in *in, const char *name, int min, int max, int *out)
{
	const struct json *j = json_get(in->j, name);
	int64_t n;

	if (j == NULL)
		return ERR_OK;
	if (!json_int(j, &n))
		return json_in_wrong(in, name, "field_type");
	if (n < min || n > max)
		return json_in_wrong(in, name, "field_range");
	*out = (int)n;
	return ERR_OK;
}

enum err
json_in_flag(struct json_in *in, const char *name, bool *out)
{
	const struct json *j = json_get(in->j, name);

	if (j != NULL && !json_bool(j, out))
		return json_in_wrong(in, name, "field_type");
	return ERR_OK;
}

enum err
json_in_mark(struct json_in *in, const char *name, char *out)
{
	struct str s = STR_NONE;
	enum err rc = json_in_text(in, name, 3, &s);

	if (rc != ERR_OK || s.len == 0)
		return rc;
	if (str_eq(s, STR("tab"))) {
		*out = '\t';
		return ERR_OK;
	}
	if (s.len != 1 || s.p[0] <= ' ' || s.p[0] > '~' ||
	    (s.p[0] >= '0' && s.p[0] <= '9') ||
	    (s.p[0] >= 'A' && s.p[0] <= 'Z') ||
	    (s.p[0] >= 'a' && s.p[0] <= 'z'))
		return json_in_wrong(in, name, "field_form");
	*out = s.p[0];
	return ERR_OK;
}

enum err
json_in_word(struct json_in *in, const char *name, const char *const *words,
    size_t len, size_t *out)
{
	struct str s = STR_NONE;
	enum err rc = json_in_text(in, name, WORD_MAX_LEN, &s);
	size_t i;

	if (rc != ERR_OK || s.len == 0)
		return rc;
	i = json_in_which(s, words, len);
	if (i == len)
		return json_in_wrong(in, name, "field_form");
	*out = i;
	return ERR_OK;
}

struct json_in
json_in_inside(const struct json_in *in, const char *name, const struct json *j)
{
	struct json_in to = {
		.a = in->a, .j = j, .reason = in->reason, .f = in->f
	};

	(void)snprintf(to.at, sizeof(to.at), "%.60s/%.32s", in->at, name);
	return to;
}

struct json_in
json_in_item(const struct json_in *in, const char *name, size_t i)
{
	char place[40];

	(void)snprintf(place, sizeof(place), "%.20s/%zu", name, i);
	return json_in_inside(in, place, json_at(json_get(in->j, name), i));
}
