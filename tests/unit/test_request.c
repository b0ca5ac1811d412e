#include "kvitok/http/request.h"

#include "http_test.h"

static void
method_path_and_query_are_taken_as_they_came(void **state)
{
	struct http_fixture *fx = *state;

	test_request(fx, "POST", "/a%2Fb/c?x=%D0&y=1?2");
	assert_int_equal(request_begin(&fx->r, STR("made"), &fx->f), ERR_OK);
	assert_int_equal(fx->r.method, HTTP_POST);
	assert_true(str_eq(fx->r.path, STR("/a%2Fb/c")));
	assert_true(str_eq(fx->r.query, STR("x=%D0&y=1?2")));
	test_request(fx, "BREW", "/");
	assert_int_equal(request_begin(&fx->r, STR("made"), &fx->f), ERR_OK);
	assert_int_equal(fx->r.method, HTTP_OTHER);
}

static void
an_address_that_is_too_long_or_no_path_is_refused(void **state)
{
	struct http_fixture *fx = *state;
	struct buf b;

	for (size_t n = REQUEST_PATH_MAX; n <= REQUEST_PATH_MAX + 1; n++) {
		test_request(fx, "GET", "");
		buf_init(&b, fx->a, 8192);
		buf_lit(&b, "REQUEST_URI=/");
		for (size_t i = 1; i < n; i++)
			buf_char(&b, 'a');
		fx->env[1] = buf_str(&b).p;
		assert_int_equal(request_begin(&fx->r, STR("made"), &fx->f),
		    n > REQUEST_PATH_MAX ? ERR_INVALID : ERR_OK);
	}
	assert_string_equal(fx->f.reason, "url_too_long");
	test_request(fx, "GET", "*");
	assert_int_equal(
	    request_begin(&fx->r, STR("made"), &fx->f), ERR_INVALID);
	assert_string_equal(fx->f.reason, "request_malformed");
	assert_true(str_eq(fx->r.id, STR("made")));
}

static void
a_request_id_is_kept_only_if_it_is_well_formed(void **state)
{
	static const struct {
		const char *sent;
		bool kept;
	} ids[] = {
		{ "REQUEST_ID=12345678", true },
		{ "REQUEST_ID=1234567", false },
		{ "HTTP_X_REQUEST_ID=a.b_c-D9", true },
		{ "HTTP_X_REQUEST_ID=12345678\n", false },
		{ "HTTP_X_REQUEST_ID=1234 5678", false },
		{ "REQUEST_ID=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaaaaaaaaaaaaaa",
		    true }, /* 64 */
		{ "REQUEST_ID=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaaaaaaaaaaaaaab",
		    false },
	};
	struct http_fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(ids); i++) {
		test_request(fx, "GET", "/");
		test_env(fx, ids[i].sent);
		assert_int_equal(
		    request_begin(&fx->r, STR("made"), &fx->f), ERR_OK);
		assert_int_equal(str_eq(fx->r.id, STR("made")), !ids[i].kept);
	}
}

static void
a_body_is_read_whole_up_to_its_limit_and_no_further(void **state)
{
	struct http_fixture *fx = *state;

	test_request(fx, "POST", "/");
	test_env(fx, "CONTENT_LENGTH=20");
	fx->body = "0123456789abcdefghijk";
	fx->body_len = 21;
	assert_int_equal(request_body(&fx->r, fx->a, 20, &fx->f), ERR_OK);
	assert_true(str_eq(fx->r.body, STR("0123456789abcdefghij")));
	fx->body_read = 0;
	assert_int_equal(request_body(&fx->r, fx->a, 19, &fx->f), ERR_INVALID);
	assert_string_equal(fx->f.reason, "body_too_large");
	assert_int_equal(fx->body_read, 0); /* refused before it was read */
}

static void
a_length_that_lies_is_refused(void **state)
{
	static const char *const lengths[] = { "CONTENT_LENGTH=x",
		"CONTENT_LENGTH=-1", "CONTENT_LENGTH=99999999999999999999",
		"CONTENT_LENGTH=12" };
	struct http_fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(lengths); i++) {
		test_request(fx, "POST", "/");
		test_env(fx, lengths[i]);
		fx->body = "eleven";
		fx->body_len = 6;
		assert_int_equal(
		    request_body(&fx->r, fx->a, 100, &fx->f), ERR_INVALID);
		assert_string_equal(fx->f.reason, "request_malformed");
	}
	test_request(fx, "POST", "/");
	test_env(fx, "CONTENT_LENGTH=");
	assert_int_equal(request_body(&fx->r, fx->a, 100, &fx->f), ERR_OK);
	assert_int_equal(fx->r.body.len, 0);
}

struct passed {
	char text[32];
	size_t len, pieces;
	enum err answer;
};

static enum err
take_piece(void *arg, struct str piece, struct fault *f)
{
	struct passed *x = arg;

	memcpy(x->text + x->len, piece.p, piece.len);
	x->len += piece.len;
	x->pieces++;
	return x->answer == ERR_OK
	    ? ERR_OK
	    : fault_set(f, x->answer, "busy", "of the taker");
}

static void
a_long_body_is_passed_on_in_pieces_as_it_comes(void **state)
{
	struct http_fixture *fx = *state;
	struct passed x = { .answer = ERR_OK };

	test_request(fx, "POST", "/");
	test_env(fx, "CONTENT_LENGTH=20");
	fx->body = "0123456789abcdefghijk";
	fx->body_len = 21;
	assert_int_equal(
	    request_pass(&fx->r, fx->a, 20, take_piece, &x, &fx->f), ERR_OK);
	assert_int_equal(x.len, 20);
	assert_int_equal(x.pieces, 3);
	assert_memory_equal(x.text, "0123456789abcdefghij", 20);
	/* Refused before it was read; by who takes it; and short. */
	fx->body_read = 0;
	assert_int_equal(
	    request_pass(&fx->r, fx->a, 19, take_piece, &x, &fx->f),
	    ERR_INVALID);
	assert_string_equal(fx->f.reason, "body_too_large");
	assert_int_equal(fx->body_read, 0);
	x = (struct passed){ .answer = ERR_AGAIN };
	assert_int_equal(
	    request_pass(&fx->r, fx->a, 20, take_piece, &x, &fx->f), ERR_AGAIN);
	assert_int_equal(x.pieces, 1);
	x.answer = ERR_OK;
	fx->body_read = 0;
	fx->body_len = 12;
	assert_int_equal(
	    request_pass(&fx->r, fx->a, 20, take_piece, &x, &fx->f),
	    ERR_INVALID);
	assert_string_equal(fx->f.reason, "request_malformed");
}

static void
only_json_is_read_as_json(void **state)
{
	static const struct {
		const char *type, *body, *reason; /* NULL: taken */
	} cases[] = {
		{ "CONTENT_TYPE=application/json", "{}", NULL },
		{ "CONTENT_TYPE=Application/JSON; charset=utf-8", "{}", NULL },
		{ "CONTENT_TYPE=text/plain", "{}", "media_type" },
		{ "CONTENT_TYPE=", "{}", "media_type" },
		{ "CONTENT_TYPE=application/jsonx", "{}", "media_type" },
		{ "CONTENT_TYPE=application/json", "", "json_bad" },
		{ "CONTENT_TYPE=application/json", "{\"a\":1}x", "json_bad" },
		{ "CONTENT_TYPE=application/json",
		    "{\"a\":9999999999999999999}", "json_number" },
		{ "CONTENT_TYPE=application/json", "{\"a\":1,\"a\":2}",
		    "json_duplicate" },
		{ "CONTENT_TYPE=application/json", "\"\\u0000\"",
		    "text_bad_utf8" },
		{ "CONTENT_TYPE=application/json",
		    "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", "json_deep" },
	};
	struct http_fixture *fx = *state;
	const struct json *j;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		test_request(fx, "POST", "/");
		test_env(fx, cases[i].type);
		assert_int_equal(
		    request_begin(&fx->r, STR("made"), &fx->f), ERR_OK);
		fx->r.body = str_of(cases[i].body);
		if (!cases[i].reason) {
			assert_int_equal(
			    request_json(&fx->r, fx->a, &j, &fx->f), ERR_OK);
			continue;
		}
		assert_int_equal(
		    request_json(&fx->r, fx->a, &j, &fx->f), ERR_INVALID);
		assert_string_equal(fx->f.reason, cases[i].reason);
	}
}

static void
a_form_of_another_site_is_told_from_ours(void **state)
{
	static const struct {
		const char *header;
		bool ours;
	} cases[] = {
		{ "HTTP_SEC_FETCH_SITE=same-origin", true },
		{ "HTTP_SEC_FETCH_SITE=none", true },
		{ "HTTP_SEC_FETCH_SITE=same-site", false },
		{ "HTTP_SEC_FETCH_SITE=cross-site", false },
		{ "HTTP_ORIGIN=https://pay.example:8443", true },
		{ "HTTP_ORIGIN=https://pay.example", false },
		{ "HTTP_ORIGIN=https://evil.example", false },
		{ "HTTP_ORIGIN=null", false },
		{ "HTTP_ACCEPT=text/html", true },
	};
	struct http_fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		test_request(fx, "POST", "/");
		test_env(fx, "HTTP_HOST=pay.example:8443");
		test_env(fx, cases[i].header);
		assert_int_equal(request_same_site(&fx->r), cases[i].ours);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(method_path_and_query_are_taken_as_they_came),
		cmocka_unit_test(
		    an_address_that_is_too_long_or_no_path_is_refused),
		cmocka_unit_test(
		    a_request_id_is_kept_only_if_it_is_well_formed),
		cmocka_unit_test(
		    a_body_is_read_whole_up_to_its_limit_and_no_further),
		cmocka_unit_test(a_length_that_lies_is_refused),
		cmocka_unit_test(
		    a_long_body_is_passed_on_in_pieces_as_it_comes),
		cmocka_unit_test(only_json_is_read_as_json),
		cmocka_unit_test(a_form_of_another_site_is_told_from_ours),
	};

	return cmocka_run_group_tests(tests, http_setup, http_teardown);
}
