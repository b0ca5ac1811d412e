/*
 * Whatever bytes come as address, query, form or body: readers end inside of
 * their bounds, what was decoded is text, and a problem can be told of what
 * was refused.
 */
#include "kvitok/base/utf8.h"
#include "kvitok/http/form.h"
#include "kvitok/http/reply.h"
#include "kvitok/http/router.h"
#include "kvitok/http/url.h"
#include "kvitok/web/cursor.h"
#include "kvitok/web/routes.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct item {
	struct str name;
	int64_t sum;
};

struct body {
	struct form_list items;
	struct str text;
	int64_t at;
};

static const struct field item_fields[] = {
	{ "name", FIELD_TEXT, true, 1, 5, offsetof(struct item, name), NULL,
	    NULL },
	{ "sum", FIELD_INT, true, 1, 1000, offsetof(struct item, sum), NULL,
	    NULL },
};
static const struct form item_form = { item_fields, KV_COUNT(item_fields),
	sizeof(struct item) };
static const struct field body_fields[] = {
	{ "items", FIELD_LIST, true, 0, 3, offsetof(struct body, items),
	    &item_form, NULL },
	{ "text", FIELD_TEXT, false, 0, 8, offsetof(struct body, text), NULL,
	    NULL },
	{ "at", FIELD_TIME, false, 0, 0, offsetof(struct body, at), NULL,
	    NULL },
	{ "card", FIELD_LATER, false, 0, 0, 0, NULL, NULL },
};
static const struct form body_form = { body_fields, KV_COUNT(body_fields),
	sizeof(struct body) };
static const struct form query_form = { body_fields + 1, 2,
	sizeof(struct body) };

static void
check_problem(struct arena *a, const struct fault *f)
{
	struct reply r;
	struct buf head;

	reply_begin(&r, a);
	reply_problem(&r, f, STR("request-1"));
	assert(r.status >= 400 && utf8_valid(r.body));
	buf_init(&head, a, 4096);
	reply_head(&r, STR("request-1"), &head);
	assert(!head.full);
}

static void
check_address(struct arena *a, struct str s)
{
	static const char *const env[] = { NULL };
	struct request r = { .method = HTTP_GET, .path = s, .env = env };
	const struct route *row;
	struct route_params params;
	char allow[ROUTE_ALLOW_SIZE];
	struct fault f;
	struct str out;

	fault_init(&f);
	if (url_decode(a, s, true, &out, &f) == ERR_OK)
		assert(out.len <= s.len && utf8_text(out));
	if (s.len == 0 || s.p[0] != '/')
		return;
	if (route_find(a, web_routes, web_routes_len, UINT32_MAX, &r, &row,
		&params, allow, &f) != ERR_OK)
		check_problem(a, &f);
	else
		for (size_t i = 0; i < params.len; i++)
			assert(params.v[i].len > 0);
}

static void
check_query(struct arena *a, struct str s)
{
	struct body out = { .at = 0 };
	struct url_params q;
	struct fault f;

	fault_init(&f);
	if (url_params(a, s, &q, &f) != ERR_OK ||
	    form_query(&query_form, &q, &out, &f) != ERR_OK)
		check_problem(a, &f);
	else
		assert(utf8_len(out.text) <= 8);
}

static void
check_body(struct arena *a, struct str s)
{
	struct body out = { .at = 0 };
	const struct json *j;
	const struct item *items;
	struct fault f;

	fault_init(&f);
	if (json_parse(a, s, JSON_REALS, &j, &f) != ERR_OK ||
	    form_json(a, &body_form, j, &out, &f) != ERR_OK) {
		check_problem(a, &f);
		return;
	}
	items = out.items.items;
	assert(out.items.len <= 3);
	for (size_t i = 0; i < out.items.len; i++)
		assert(items[i].sum >= 1 && items[i].sum <= 1000 &&
		    items[i].name.len > 0);
}

static void
check_cursor(struct arena *a, struct str s)
{
	struct str number, again;
	int64_t at, at_again;

	if (!cursor_read(a, s, &at, &number))
		return;
	assert(cursor_read(a, cursor_make(a, at, number), &at_again, &again));
	assert(at == at_again && str_eq(number, again));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(16 << 20);
	struct str s = { (const char *)data, size };

	check_address(a, s);
	check_query(a, s);
	check_body(a, s);
	check_cursor(a, s);
	arena_free(a);
	return 0;
}
