#include "kvitok/http/form.h"

#include "http_test.h"

struct line {
	struct str account;
	int64_t sum;
};

struct order {
	struct str email;
	struct form_list lines;
	int64_t from_at;
	int64_t limit;
};

static const struct field line_fields[] = {
	{ "account", FIELD_TEXT, true, 1, 5, offsetof(struct line, account),
	    NULL, NULL },
	{ "sum", FIELD_INT, true, 1, INT64_MAX, offsetof(struct line, sum),
	    NULL, "sum_not_positive" },
};
static const struct form line_form = { line_fields, KV_COUNT(line_fields),
	sizeof(struct line) };
static const struct field order_fields[] = {
	{ "email", FIELD_TEXT, false, 0, 8, offsetof(struct order, email), NULL,
	    NULL },
	{ "lines", FIELD_LIST, true, 0, 3, offsetof(struct order, lines),
	    &line_form, "lines_too_many" },
	{ "from", FIELD_TIME, false, 0, 0, offsetof(struct order, from_at),
	    NULL, NULL },
	{ "limit", FIELD_INT, false, 1, 200, offsetof(struct order, limit),
	    NULL, NULL },
	{ "card", FIELD_LATER, false, 0, 0, 0, NULL, NULL },
};
static const struct form order_form = { order_fields, KV_COUNT(order_fields),
	sizeof(struct order) };

static const struct field list_fields[] = {
	{ "limit", FIELD_INT, false, 1, 200, offsetof(struct order, limit),
	    NULL, NULL },
	{ "email", FIELD_TEXT, true, 1, 8, offsetof(struct order, email), NULL,
	    NULL },
	{ "from", FIELD_TIME, false, 0, 0, offsetof(struct order, from_at),
	    NULL, NULL },
};
static const struct form list_form = { list_fields, KV_COUNT(list_fields),
	sizeof(struct order) };

static enum err
read_order(struct http_fixture *fx, const char *text, struct order *out)
{
	const struct json *j;

	memset(out, 0, sizeof(*out));
	assert_int_equal(
	    json_parse(fx->a, str_of(text), JSON_REALS, &j, &fx->f), ERR_OK);
	return form_json(fx->a, &order_form, j, out, &fx->f);
}

static void
declared_values_arrive(void **state)
{
	struct http_fixture *fx = *state;
	struct order o;
	const struct line *lines;

	assert_int_equal(
	    read_order(fx,
		"{\"email\":\"и@м.ру\",\"from\":\"2026-11-21T03:00:00+03:00\","
		"\"lines\":[{\"account\":\"А1/5\",\"sum\":1},"
		"{\"sum\":9223372036854775807,\"account\":\"12345\"}]}",
		&o),
	    ERR_OK);
	assert_true(str_eq(o.email, STR("и@м.ру")));
	assert_int_equal(o.from_at, INT64_C(1795219200000));
	assert_int_equal(o.lines.len, 2);
	lines = o.lines.items;
	assert_true(str_eq(lines[0].account, STR("А1/5")));
	assert_int_equal(lines[0].sum, 1);
	assert_int_equal(lines[1].sum, INT64_MAX);
	assert_int_equal(o.limit, 0); /* as the caller has set it */
}

/* Of many lines, but of no other control characters. */
static void
lines_are_taken_where_they_are_declared(void **state)
{
	static const struct field fields[] = {
		{ "text", FIELD_LINES, false, 1, 8, 0, NULL, NULL },
		{ "word", FIELD_TEXT, false, 1, 8, 0, NULL, NULL },
	};
	static const struct form form = { fields, KV_COUNT(fields),
		sizeof(struct str) };
	static const struct {
		const char *text;
		enum err want;
	} list[] = {
		{ "{\"text\":\"а\\n\\tб\\r\\n\"}", ERR_OK },
		{ "{\"text\":\"а\\u0007\"}", ERR_INVALID },
		{ "{\"text\":\"123456789\"}", ERR_INVALID },
		{ "{\"text\":7}", ERR_INVALID },
		{ "{\"word\":\"а\\nб\"}", ERR_INVALID },
	};
	struct http_fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(list); i++) {
		const struct json *j;
		struct str out = STR_NONE;

		assert_int_equal(json_parse(fx->a, str_of(list[i].text),
				     JSON_REALS, &j, &fx->f),
		    ERR_OK);
		assert_int_equal(
		    form_json(fx->a, &form, j, &out, &fx->f), list[i].want);
		if (list[i].want == ERR_OK)
			assert_true(str_eq(out, STR("а\n\tб\r\n")));
	}
}

static void
each_wrong_field_has_its_own_reason(void **state)
{
	static const struct {
		const char *text, *pointer, *reason;
	} cases[] = {
		{ "[]", "", "field_type" },
		{ "7", "", "field_type" },
		{ "{}", "/lines", "field_missing" },
		{ "{\"lines\":{}}", "/lines", "field_type" },
		{ "{\"lines\":null}", "/lines", "field_type" },
		{ "{\"lines\":[1]}", "/lines/0", "field_type" },
		{ "{\"lines\":[{},{},{},{}]}", "/lines", "lines_too_many" },
		{ "{\"lines\":[{\"account\":\"1\",\"sum\":0}]}", "/lines/0/sum",
		    "sum_not_positive" },
		{ "{\"lines\":[{\"account\":\"1\",\"sum\":-5}]}",
		    "/lines/0/sum", "sum_not_positive" },
		{ "{\"lines\":[{\"account\":\"1\",\"sum\":10.5}]}",
		    "/lines/0/sum", "field_type" },
		{ "{\"lines\":[{\"account\":\"1\",\"sum\":\"10\"}]}",
		    "/lines/0/sum", "field_type" },
		{ "{\"lines\":[{\"account\":\"1\"}]}", "/lines/0/sum",
		    "field_missing" },
		{ "{\"lines\":[{\"account\":1,\"sum\":1}]}", "/lines/0/account",
		    "field_type" },
		{ "{\"lines\":[{\"account\":\"\",\"sum\":1}]}",
		    "/lines/0/account", "field_missing" },
		{ "{\"lines\":[{\"account\":\"123456\",\"sum\":1}]}",
		    "/lines/0/account", "field_length" },
		{ "{\"lines\":[{\"account\":\"1\",\"sum\":1,\"s/u~m\":2}]}",
		    "/lines/0/s~1u~0m", "field_unknown" },
		{ "{\"lines\":[],\"emial\":\"x\"}", "/emial", "field_unknown" },
		{ "{\"lines\":[],\"email\":\"a\\nb\"}", "/email",
		    "text_bad_utf8" },
		{ "{\"lines\":[],\"email\":\"a\\u007fb\"}", "/email",
		    "text_bad_utf8" },
		{ "{\"lines\":[],\"limit\":201}", "/limit", "field_range" },
		{ "{\"lines\":[],\"limit\":0}", "/limit", "field_range" },
		{ "{\"lines\":[],\"from\":\"yesterday\"}", "/from",
		    "field_form" },
	};
	struct http_fixture *fx = *state;
	struct order o;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		assert_int_equal(
		    read_order(fx, cases[i].text, &o), ERR_INVALID);
		assert_string_equal(fx->f.reason, "input_invalid");
		assert_int_equal(fx->f.fields_len, 1);
		assert_string_equal(fx->f.fields[0].pointer, cases[i].pointer);
		assert_string_equal(fx->f.fields[0].reason, cases[i].reason);
	}
}

static void
all_wrong_fields_are_reported_at_once(void **state)
{
	struct http_fixture *fx = *state;
	struct order o;

	assert_int_equal(
	    read_order(fx,
		"{\"lines\":[{\"sum\":1},{\"account\":\"1\",\"sum\":true}],"
		"\"email\":5,\"x\":1,\"card\":\"c\"}",
		&o),
	    ERR_INVALID);
	assert_int_equal(fx->f.fields_len, 4);
	assert_string_equal(fx->f.fields[0].pointer, "/lines/0/account");
	assert_string_equal(fx->f.fields[1].pointer, "/lines/1/sum");
	assert_string_equal(fx->f.fields[2].pointer, "/email");
	assert_string_equal(fx->f.fields[3].pointer, "/x");
}

static void
what_is_of_a_later_release_is_refused_by_name(void **state)
{
	struct http_fixture *fx = *state;
	struct order o;

	assert_int_equal(
	    read_order(fx, "{\"lines\":[],\"card\":\"c\"}", &o), ERR_LIMIT);
	assert_string_equal(fx->f.reason, "field_unsupported");
	assert_int_equal(fx->f.fields_len, 1);
	assert_string_equal(fx->f.fields[0].pointer, "/card");
}

static enum err
read_query(struct http_fixture *fx, const char *text, struct order *out)
{
	struct url_params q;

	memset(out, 0, sizeof(*out));
	assert_int_equal(url_params(fx->a, str_of(text), &q, &fx->f), ERR_OK);
	return form_query(&list_form, &q, out, &fx->f);
}

static void
a_query_is_read_by_the_same_declarations(void **state)
{
	static const struct {
		const char *text, *pointer, *reason;
	} bad[] = {
		{ "email=a&limit=0", "limit", "field_range" },
		{ "email=a&limit=201", "limit", "field_range" },
		{ "email=a&limit=1.5", "limit", "field_form" },
		{ "email=a&limit=", "limit", "field_form" },
		{ "email=a&limit=5&limit=5", "limit", "field_repeated" },
		{ "email=a&limt=5", "limt", "field_unknown" },
		{ "limit=5", "email", "field_missing" },
		{ "email=", "email", "field_missing" },
		{ "email=123456789", "email", "field_length" },
		{ "email=a&from=2026-13-01T00:00:00Z", "from", "field_form" },
	};
	struct http_fixture *fx = *state;
	struct order o;

	/* The plus of +03:00 that nobody has encoded is understood. */
	assert_int_equal(
	    read_query(
		fx, "email=a&limit=200&from=2026-11-21T03:00:00+03:00", &o),
	    ERR_OK);
	assert_int_equal(o.limit, 200);
	assert_int_equal(o.from_at, INT64_C(1795219200000));
	for (size_t i = 0; i < KV_COUNT(bad); i++) {
		assert_int_equal(read_query(fx, bad[i].text, &o), ERR_INVALID);
		assert_int_equal(fx->f.fields_len, 1);
		assert_string_equal(fx->f.fields[0].pointer, bad[i].pointer);
		assert_string_equal(fx->f.fields[0].reason, bad[i].reason);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(declared_values_arrive),
		cmocka_unit_test(lines_are_taken_where_they_are_declared),
		cmocka_unit_test(each_wrong_field_has_its_own_reason),
		cmocka_unit_test(all_wrong_fields_are_reported_at_once),
		cmocka_unit_test(what_is_of_a_later_release_is_refused_by_name),
		cmocka_unit_test(a_query_is_read_by_the_same_declarations),
	};

	return cmocka_run_group_tests(tests, http_setup, http_teardown);
}
