#include "kvitok/http/form.h"

#include "kvitok/base/day.h"
#include "kvitok/base/num.h"
#include "kvitok/base/utf8.h"

#include <assert.h>
#include <stdio.h>

#define POINTER_MAX 300 /* longer than what a fault keeps of it */
#define TIME_MAX 40     /* characters of an instant */

struct filling {
	struct arena *a;
	struct fault *f;
	bool later;      /* a field that is not served yet was sent */
	char prefix[64]; /* of pointers: "/lines/3/"; empty in a query */
};

/* Names that came from outside are escaped as RFC 6901 wants. */
static void
complain(struct filling *c, struct str name, const char *reason)
{
	char pointer[POINTER_MAX];
	size_t n = strlen(c->prefix);

	memcpy(pointer, c->prefix, n);
	for (size_t i = 0; i < name.len && n < sizeof(pointer) - 3; i++) {
		char ch = name.p[i];

		if (c->prefix[0] != '\0' && (ch == '~' || ch == '/')) {
			pointer[n++] = '~';
			ch = ch == '~' ? '0' : '1';
		}
		pointer[n++] = ch;
	}
	pointer[n] = '\0';
	fault_field(c->f, pointer, reason);
}

static void
wrong(struct filling *c, const struct field *fd, const char *reason)
{
	complain(c, str_of(fd->name), reason);
}

static void
put_text(struct filling *c, const struct field *fd, struct str s, void *out)
{
	size_t len = utf8_len(s);
	bool line = utf8_text(s);

	for (size_t i = 0; i < s.len; i++)
		line = line &&
		    ((unsigned char)s.p[i] >= ' ' || fd->kind == FIELD_LINES);
	if (!line) {
		wrong(c, fd, fd->wrong ? fd->wrong : "text_bad_utf8");
		return;
	}
	if (len < (size_t)fd->min || len > (size_t)fd->max) {
		wrong(c, fd,
		    len == 0        ? "field_missing"
			: fd->wrong ? fd->wrong
				    : "field_length");
		return;
	}
	memcpy((char *)out + fd->at, &s, sizeof(s));
}

static void
put_int(struct filling *c, const struct field *fd, int64_t n, void *out)
{
	if (n < fd->min || n > fd->max)
		wrong(c, fd, fd->wrong ? fd->wrong : "field_range");
	else
		memcpy((char *)out + fd->at, &n, sizeof(n));
}

static void
put_time(struct filling *c, const struct field *fd, struct str s, void *out)
{
	char text[TIME_MAX + 1];
	int64_t at;

	if (s.len > TIME_MAX) {
		wrong(c, fd, "field_form");
		return;
	}
	/* The plus of an offset, not encoded, has become a space. */
	for (size_t i = 0; i < s.len; i++)
		text[i] = s.p[i] == ' ' ? '+' : s.p[i];
	text[s.len] = '\0';
	if (!day_parse_rfc3339(str_of(text), &at))
		wrong(c, fd, "field_form");
	else
		memcpy((char *)out + fd->at, &at, sizeof(at));
}

static const struct field *
find(const struct form *form, struct str name)
{
	for (size_t i = 0; i < form->len; i++)
		if (str_eq(str_of(form->fields[i].name), name))
			return &form->fields[i];
	return NULL;
}

/* One member that is no list. */
static void
put_plain(
    struct filling *c, const struct field *fd, const struct json *j, void *out)
{
	struct str s;
	int64_t n;
	bool yes;

	switch (fd->kind) {
	case FIELD_TEXT:
	case FIELD_LINES:
	case FIELD_TIME:
		if (!json_text(j, &s))
			wrong(c, fd, "field_type");
		else if (fd->kind == FIELD_TIME)
			put_time(c, fd, s, out);
		else
			put_text(c, fd, s, out);
		return;
	case FIELD_INT:
		if (!json_int(j, &n))
			wrong(c, fd, "field_type");
		else
			put_int(c, fd, n, out);
		return;
	case FIELD_BOOL:
		if (json_bool(j, &yes))
			memcpy((char *)out + fd->at, &yes, sizeof(yes));
		else
			wrong(c, fd, "field_type");
		return;
	case FIELD_LATER:
		c->later = true;
		return;
	case FIELD_LIST:
		break;
	}
	assert(false); /* the caller has taken lists out */
}

static void
check_missing(struct filling *c, const struct form *form, const struct json *j)
{
	for (size_t i = 0; i < form->len; i++)
		if (form->fields[i].required &&
		    !json_get(j, form->fields[i].name))
			wrong(c, &form->fields[i], "field_missing");
}

/* An item of a list: an object without lists of its own. */
static void
put_item(
    struct filling *c, const struct form *form, const struct json *j, void *out)
{
	for (size_t i = 0; i < json_count(j); i++) {
		const struct field *fd = find(form, json_name(j, i));

		if (!fd)
			complain(c, json_name(j, i), "field_unknown");
		else
			put_plain(c, fd, json_value(j, i), out);
	}
	check_missing(c, form, j);
}

static void
put_list(
    struct filling *c, const struct field *fd, const struct json *j, void *out)
{
	struct form_list list = { .len = json_count(j) };

	if (json_kind(j) != JSON_LIST) {
		wrong(c, fd, "field_type");
		return;
	}
	if (list.len < (size_t)fd->min || list.len > (size_t)fd->max) {
		wrong(c, fd, fd->wrong ? fd->wrong : "field_length");
		return;
	}
	list.items = arena_zalloc(c->a, list.len + 1, fd->item->size);
	for (size_t i = 0; i < list.len; i++) {
		const struct json *item = json_at(j, i);

		bool fits = json_kind(item) == JSON_OBJECT;

		(void)snprintf(c->prefix, sizeof(c->prefix), "/%s/%zu%s",
		    fd->name, i, fits ? "/" : ""); /* ours, and short */
		if (fits)
			put_item(c, fd->item, item,
			    (char *)list.items + i * fd->item->size);
		else
			complain(c, STR_NONE, "field_type");
	}
	memcpy(c->prefix, "/", 2);
	memcpy((char *)out + fd->at, &list, sizeof(list));
}

/* What was wrong; else what cannot be done yet. */
static enum err
verdict(const struct form *form, struct filling *c, const struct json *j)
{
	if (c->f->fields_len > 0)
		return c->f->err;
	if (!c->later)
		return ERR_OK;
	(void)fault_set(
	    c->f, ERR_LIMIT, "field_unsupported", "a field of a later release");
	for (size_t i = 0; i < form->len; i++)
		if (form->fields[i].kind == FIELD_LATER &&
		    json_get(j, form->fields[i].name))
			wrong(c, &form->fields[i], "field_unsupported");
	return c->f->err;
}

enum err
form_json(struct arena *a, const struct form *form, const struct json *j,
    void *out, struct fault *f)
{
	struct filling c = { .a = a, .f = f, .prefix = "/" };

	fault_init(f);
	if (json_kind(j) != JSON_OBJECT) {
		fault_field(f, "", "field_type");
		return f->err;
	}
	for (size_t i = 0; i < json_count(j); i++) {
		const struct field *fd = find(form, json_name(j, i));

		if (!fd)
			complain(&c, json_name(j, i), "field_unknown");
		else if (fd->kind == FIELD_LIST)
			put_list(&c, fd, json_value(j, i), out);
		else
			put_plain(&c, fd, json_value(j, i), out);
	}
	check_missing(&c, form, j);
	return verdict(form, &c, j);
}

static void
put_param(struct filling *c, const struct field *fd, struct str s, void *out)
{
	int64_t n;

	switch (fd->kind) {
	case FIELD_TEXT:
		put_text(c, fd, s, out);
		return;
	case FIELD_TIME:
		put_time(c, fd, s, out);
		return;
	case FIELD_INT:
		if (!num_parse(s, INT64_MIN, INT64_MAX, &n))
			wrong(c, fd, "field_form");
		else
			put_int(c, fd, n, out);
		return;
	case FIELD_LINES:
	case FIELD_LIST:
	case FIELD_BOOL:
	case FIELD_LATER:
		break;
	}
	assert(false); /* no query has them */
}

static bool
came_before(const struct url_params *q, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(q->v[k].name, q->v[i].name))
			return true;
	return false;
}

enum err
form_query(const struct form *form, const struct url_params *q, void *out,
    struct fault *f)
{
	struct filling c = { .f = f };

	fault_init(f);
	for (size_t i = 0; i < q->len; i++) {
		const struct field *fd = find(form, q->v[i].name);

		if (!fd)
			complain(&c, q->v[i].name, "field_unknown");
		else if (came_before(q, i))
			wrong(&c, fd, "field_repeated");
		else
			put_param(&c, fd, q->v[i].value, out);
	}
	for (size_t i = 0; i < form->len; i++) {
		const struct field *fd = &form->fields[i];

		if (fd->required && !url_param(q, fd->name).p)
			wrong(&c, fd, "field_missing");
	}
	return f->fields_len > 0 ? f->err : ERR_OK;
}
