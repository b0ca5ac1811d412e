#include "kvitok/base/json.h"
#include "kvitok/base/num.h"
#include "kvitok/base/utf8.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

/* Jansson gives its kinds the names that json.h has for ours. */
#define JSON_OBJECT JANSSON_OBJECT
#define JSON_ARRAY JANSSON_ARRAY
#define JSON_STRING JANSSON_STRING
#define JSON_INTEGER JANSSON_INTEGER
#define JSON_REAL JANSSON_REAL
#define JSON_TRUE JANSSON_TRUE
#define JSON_FALSE JANSSON_FALSE
#define JSON_NULL JANSSON_NULL
#include <jansson.h>
#undef JSON_OBJECT
#undef JSON_ARRAY
#undef JSON_STRING
#undef JSON_INTEGER
#undef JSON_REAL
#undef JSON_TRUE
#undef JSON_FALSE
#undef JSON_NULL

struct json {
	enum json_kind kind;
	union {
		bool yes;
		int64_t n;
		struct str text;
		struct {
			struct json *items;
			struct str *names; /* of an object, else NULL */
			size_t len;
		} all;
	} as;
};

/*
 * Nesting is counted before a parser recurses into it.  Brackets in strings
 * do not count; whether they match is the parser's business.
 */
static bool
is_deep(struct str s)
{
	size_t depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (quoted) {
			if (c == '\\')
				i++;
			else if (c == '"')
				quoted = false;
		} else if (c == '"') {
			quoted = true;
		} else if (c == '[' || c == '{') {
			if (++depth > JSON_DEPTH_MAX)
				return true;
		} else if ((c == ']' || c == '}') && depth > 0) {
			depth--;
		}
	}
	return false;
}

static enum err
refuse(const json_error_t *e, struct fault *f)
{
	const char *reason = "json_bad";

	switch (json_error_code(e)) {
	case json_error_duplicate_key:
		reason = "json_duplicate";
		break;
	case json_error_invalid_utf8:
	case json_error_null_character:
	case json_error_null_byte_in_key:
		reason = "text_bad_utf8";
		break;
	case json_error_numeric_overflow:
		reason = "json_number";
		break;
	case json_error_unknown:
	case json_error_out_of_memory:
	case json_error_stack_overflow:
	case json_error_cannot_open_file:
	case json_error_invalid_argument:
	case json_error_premature_end_of_input:
	case json_error_end_of_input_expected:
	case json_error_invalid_syntax:
	case json_error_invalid_format:
	case json_error_wrong_type:
	case json_error_null_value:
	case json_error_item_not_found:
	case json_error_index_out_of_range:
		break;
	}
	/* Not its words: they quote the text, which may be a person's. */
	return fault_set(
	    f, ERR_INVALID, reason, "line %d, column %d", e->line, e->column);
}

/* A container that is being copied, and how far it is. */
struct level {
	const json_t *from;
	json_t *object; /* from, as jansson's iterators want it */
	void *iter;
	struct json *to;
	size_t next;
};

struct copy {
	struct arena *a;
	struct level stack[JSON_DEPTH_MAX];
	size_t depth;
	bool real; /* one was seen */
};

static struct str
copy_text(struct arena *a, const char *p, size_t len)
{
	return arena_str(a, (struct str){ p, len });
}

static void
enter(struct copy *c, json_t *from, struct json *to)
{
	struct level *l;

	/* is_deep counted the same brackets. */
	assert(c->depth < JSON_DEPTH_MAX);
	l = &c->stack[c->depth++];
	*l = (struct level){ .from = from, .to = to };
	if (to->kind == JSON_OBJECT) {
		to->as.all.len = json_object_size(from);
		to->as.all.names =
		    ARENA_ARRAY(c->a, to->as.all.len, struct str);
		l->object = from;
		l->iter = json_object_iter(from);
	} else {
		to->as.all.len = json_array_size(from);
	}
	to->as.all.items = ARENA_ARRAY(c->a, to->as.all.len, struct json);
}

/* Copy what has no parts; containers are entered and filled by copy_tree. */
static void
copy_one(struct copy *c, json_t *from, struct json *to)
{
	switch (json_typeof(from)) {
	case JANSSON_OBJECT:
		to->kind = JSON_OBJECT;
		enter(c, from, to);
		break;
	case JANSSON_ARRAY:
		to->kind = JSON_LIST;
		enter(c, from, to);
		break;
	case JANSSON_STRING:
		to->kind = JSON_TEXT;
		to->as.text = copy_text(
		    c->a, json_string_value(from), json_string_length(from));
		break;
	case JANSSON_INTEGER:
		to->kind = JSON_INT;
		to->as.n = json_integer_value(from);
		break;
	case JANSSON_REAL:
		to->kind = JSON_REAL;
		c->real = true;
		break;
	case JANSSON_TRUE:
	case JANSSON_FALSE:
		to->kind = JSON_BOOL;
		to->as.yes = json_typeof(from) == JANSSON_TRUE;
		break;
	case JANSSON_NULL:
		to->kind = JSON_NULL;
		break;
	}
}

static void
copy_tree(struct copy *c, json_t *from, struct json *to)
{
	copy_one(c, from, to);
	while (c->depth > 0) {
		struct level *l = &c->stack[c->depth - 1];
		size_t i = l->next++;
		json_t *child;

		if (i == l->to->as.all.len) {
			c->depth--;
			continue;
		}
		if (l->object != NULL) {
			const char *name = json_object_iter_key(l->iter);

			l->to->as.all.names[i] =
			    copy_text(c->a, name, strlen(name));
			child = json_object_iter_value(l->iter);
			l->iter = json_object_iter_next(l->object, l->iter);
		} else {
			child = json_array_get(l->from, i);
		}
		copy_one(c, child, &l->to->as.all.items[i]);
	}
}

enum err
json_parse(struct arena *a, struct str text, enum json_flags flags,
    const struct json **out, struct fault *f)
{
	struct copy c = { .a = a };
	struct json *root;
	json_error_t e;
	json_t *tree;

	if (!utf8_valid(text) ||
	    (text.len > 0 && memchr(text.p, '\0', text.len) != NULL))
		return fault_set(
		    f, ERR_INVALID, "text_bad_utf8", "in a JSON text");
	if (is_deep(text))
		return fault_set(
		    f, ERR_INVALID, "json_deep", "above %d", JSON_DEPTH_MAX);

	tree = json_loadb(text.len > 0 ? text.p : "", text.len,
	    JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
	if (tree == NULL)
		return refuse(&e, f);
	root = ARENA_NEW(a, struct json);
	copy_tree(&c, tree, root);
	json_decref(tree);
	if (c.real && flags != JSON_REALS)
		return fault_set(
		    f, ERR_INVALID, "json_bad", "a number with a fraction");
	*out = root;
	return ERR_OK;
}

enum json_kind
json_kind(const struct json *j)
{
	return j != NULL ? j->kind : JSON_NULL;
}

const struct json *
json_get(const struct json *j, const char *name)
{
	if (json_kind(j) != JSON_OBJECT)
		return NULL;
	for (size_t i = 0; i < j->as.all.len; i++)
		if (str_eq(j->as.all.names[i], str_of(name)))
			return &j->as.all.items[i];
	return NULL;
}

size_t
json_count(const struct json *j)
{
	enum json_kind kind = json_kind(j);

	return kind == JSON_LIST || kind == JSON_OBJECT ? j->as.all.len : 0;
}

const struct json *
json_at(const struct json *j, size_t i)
{
	if (json_kind(j) != JSON_LIST || i >= j->as.all.len)
		return NULL;
	return &j->as.all.items[i];
}

struct str
json_name(const struct json *j, size_t i)
{
	if (json_kind(j) != JSON_OBJECT || i >= j->as.all.len)
		return STR_NONE;
	return j->as.all.names[i];
}

const struct json *
json_value(const struct json *j, size_t i)
{
	if (json_kind(j) != JSON_OBJECT || i >= j->as.all.len)
		return NULL;
	return &j->as.all.items[i];
}

bool
json_text(const struct json *j, struct str *out)
{
	if (json_kind(j) != JSON_TEXT)
		return false;
	*out = j->as.text;
	return true;
}

bool
json_int(const struct json *j, int64_t *out)
{
	if (json_kind(j) != JSON_INT)
		return false;
	*out = j->as.n;
	return true;
}

bool
json_bool(const struct json *j, bool *out)
{
	if (json_kind(j) != JSON_BOOL)
		return false;
	*out = j->as.yes;
	return true;
}

bool
json_loose_int(const struct json *j, int64_t *out)
{
	if (json_kind(j) == JSON_TEXT)
		return num_parse(j->as.text, INT64_MIN, INT64_MAX, out);
	return json_int(j, out);
}

struct str
json_loose_text(struct arena *a, const struct json *j)
{
	if (json_kind(j) == JSON_INT)
		return arena_fmt(a, "%" PRId64, j->as.n);
	return json_kind(j) == JSON_TEXT ? j->as.text : STR_NONE;
}

/* A member on its way to its place; a name occurs once. */
struct member {
	struct str name;
	const struct json *value;
};

static int
by_name(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return str_cmp(x->name, y->name);
}

/* A container that is being written, and how far it is. */
struct printing {
	const struct json *j;
	struct member *members; /* sorted; NULL for a list */
	size_t next;
};

static struct printing
print_begin(struct jw *w, const struct json *j)
{
	struct printing p = { .j = j };
	size_t len = j->as.all.len;

	if (j->kind == JSON_LIST) {
		jw_list(w);
		return p;
	}
	jw_object(w);
	p.members = ARENA_ARRAY(w->b->a, len, struct member);
	for (size_t i = 0; i < len; i++)
		p.members[i] =
		    (struct member){ j->as.all.names[i], &j->as.all.items[i] };
	if (len > 1)
		qsort(p.members, len, sizeof(*p.members), by_name);
	return p;
}

static const struct json *
print_next(struct jw *w, struct printing *p)
{
	size_t i = p->next++;

	if (p->members == NULL)
		return &p->j->as.all.items[i];
	jw_name(w, p->members[i].name);
	return p->members[i].value;
}

static void
print_end(struct jw *w, const struct printing *p)
{
	if (p->members == NULL)
		jw_list_end(w);
	else
		jw_object_end(w);
}

static void
print_plain(struct jw *w, const struct json *j)
{
	switch (json_kind(j)) {
	case JSON_BOOL:
		jw_bool(w, j->as.yes);
		break;
	case JSON_INT:
		jw_int(w, j->as.n);
		break;
	case JSON_TEXT:
		jw_text(w, j->as.text);
		break;
	case JSON_REAL: /* has no value (JSON_REALS) */
	case JSON_NULL:
	case JSON_LIST: /* these two are not plain */
	case JSON_OBJECT:
		jw_null(w);
		break;
	}
}

void
json_canonical(const struct json *j, struct buf *b)
{
	struct printing stack[JSON_DEPTH_MAX];
	size_t depth = 0;
	struct jw w;

	jw_init(&w, b);
	for (;;) {
		enum json_kind kind = json_kind(j);

		if (kind == JSON_OBJECT || kind == JSON_LIST) {
			/* json_parse makes nothing deeper. */
			assert(depth < JSON_DEPTH_MAX);
			stack[depth++] = print_begin(&w, j);
		} else {
			print_plain(&w, j);
		}
		while (depth > 0 &&
		    stack[depth - 1].next == json_count(stack[depth - 1].j))
			print_end(&w, &stack[--depth]);
		if (depth == 0)
			return;
		j = print_next(&w, &stack[depth - 1]);
	}
}
