/* The desk's door and forms, on ports in memory. */
#include "web_test.h"

#include "kvitok/app/login.h"
#include "kvitok/web/desk.h"

#define TOKEN "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#define COOKIE "HTTP_COOKIE=a=b; __Host-kvitok=" TOKEN "; c=d"

static struct staff person;
static struct staff_session session;
static int64_t seen;

static enum err
find(void *self, struct arena *a, struct str digest, struct staff *who,
    struct staff_session *s, struct fault *f)
{
	char hex[65];

	(void)self, (void)a;
	secret_sha256_hex(STR(TOKEN), hex);
	if (!str_eq(digest, str_of(hex)))
		return fault_set(f, ERR_ABSENT, "session_over", "none");
	*who = person;
	*s = session;
	s->digest = digest;
	return ERR_OK;
}

static enum err
note_seen(void *self, struct str digest, int64_t at, struct fault *f)
{
	(void)self, (void)digest;
	seen = at;
	return fault_set(f, ERR_AGAIN, "busy", "as the test says");
}

static int
make(void **state)
{
	int rc = setup(state);
	struct fixture *fx = *state;

	person = (struct staff){ .id = STR("01STAFF"),
		.login = STR("anna"),
		.name = STR("Анна <b>"),
		.portal = STR("demo"),
		.supplier = STR("voda"),
		.rights = RIGHT_READ | RIGHT_REPORT };
	session = (struct staff_session){ .staff = STR("01STAFF"),
		.created_at = NOW - 120000,
		.seen_at = NOW - 120000,
		.expires_at = NOW + 1 };
	seen = 0;
	fx->web.pool = WEB_REPORT;
	fx->p.sessions.find = find;
	fx->p.sessions.seen = note_seen;
	fx->p.set.desk_idle_ms = 1800000;
	return rc;
}

/* A handler's turn, for a path with the session's cookie. */
static struct turn
turn(
    struct fixture *fx, const char *method, const char *uri, const char *cookie)
{
	struct turn t = { .web = &fx->web,
		.p = &fx->p,
		.a = fx->http.a,
		.rq = &fx->http.r,
		.out = &fx->out,
		.f = &fx->served.fault };

	ask(fx, method, uri);
	if (cookie != NULL)
		test_env(&fx->http, cookie);
	fault_init(t.f);
	reply_begin(t.out, t.a);
	assert_int_equal(request_begin(t.rq, STR("made-id"), t.f), ERR_OK);
	return t;
}

static void
who_has_a_live_session_is_at_the_desk(void **state)
{
	struct fixture *fx = *state;
	struct turn t = turn(fx, "GET", "/cabinet/", COOKIE);
	struct desk d;
	struct caller c;

	assert_true(desk_enter(&t, RIGHT_REPORT, &d));
	assert_true(str_eq(d.login, STR("anna")));
	assert_true(str_eq(d.supplier, STR("voda")));
	assert_int_equal(d.csrf.len, 32);
	assert_true(str_eq(desk_actor(&t, &d), STR("staff:anna")));
	c = desk_caller(&d);
	assert_true(str_eq(c.key_id, STR("01STAFF")));
	assert_true(str_eq(c.supplier, STR("voda")));
	/* That it could not be noted is no reason to keep anybody out. */
	assert_int_equal(seen, NOW);
}

static void
what_a_script_asks_for_keeps_nobody_logged_in(void **state)
{
	struct fixture *fx = *state;
	struct turn t = turn(fx, "GET", "/cabinet/", COOKIE);
	struct desk d;

	test_env(&fx->http, "HTTP_SEC_FETCH_DEST=empty");
	assert_true(desk_enter(&t, 0, &d));
	assert_int_equal(seen, 0);
}

static void
who_has_none_is_led_to_the_door_and_back(void **state)
{
	static const struct {
		const char *method, *uri, *cookie, *location;
	} cases[] = {
		{ "GET", "/cabinet/", NULL, "/cabinet/login?to=%2Fcabinet%2F" },
		{ "GET", "/cabinet/reports?day=1&x=%D0%AF", NULL,
		    "/cabinet/login?to=%2Fcabinet%2Freports%3F"
		    "day%3D1%26x%3D%25D0%25AF" },
		{ "GET", "/cabinet/", "HTTP_COOKIE=kvitok=" TOKEN,
		    "/cabinet/login?to=%2Fcabinet%2F" },
		{ "GET", "/cabinet/",
		    "HTTP_COOKIE=__Host-kvitok="
		    "X123456789ABCDEFGHJKMNPQRSTVWXYZ",
		    "/cabinet/login?why=over&to=%2Fcabinet%2F" },
		{ "POST", "/cabinet/x", "HTTP_COOKIE=__Host-kvitok=short",
		    "/cabinet/login?why=over" },
		{ "POST", "/cabinet/x", NULL, "/cabinet/login" },
	};
	struct fixture *fx = *state;
	struct desk d;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		struct turn t =
		    turn(fx, cases[i].method, cases[i].uri, cases[i].cookie);

		assert_false(desk_enter(&t, 0, &d));
		assert_int_equal(t.f->err, ERR_OK);
		assert_int_equal(fx->out.status, 303);
		assert_true(
		    str_eq(header(fx, "Location"), str_of(cases[i].location)));
	}
}

static void
a_session_that_is_over_opens_nothing(void **state)
{
	struct fixture *fx = *state;
	struct turn t = turn(fx, "GET", "/cabinet/", COOKIE);
	struct desk d;

	session.expires_at = NOW;
	assert_false(desk_enter(&t, 0, &d));
	session.expires_at = NOW + 1;
	session.seen_at = NOW - fx->p.set.desk_idle_ms;
	assert_false(desk_enter(&t, 0, &d));
	session.seen_at++;
	assert_true(desk_enter(&t, 0, &d));
	person.blocked = true;
	assert_false(desk_enter(&t, 0, &d));
}

static void
all_of_the_rights_are_needed(void **state)
{
	struct fixture *fx = *state;
	struct turn t = turn(fx, "GET", "/cabinet/", COOKIE);
	struct desk d;

	assert_true(desk_enter(&t, RIGHT_READ | RIGHT_REPORT, &d));
	assert_false(desk_enter(&t, RIGHT_READ | RIGHT_ADMIN, &d));
	assert_int_equal(t.f->err, ERR_DENIED);
	assert_string_equal(t.f->reason, "staff_right_missing");
	assert_int_equal(fx->out.status, 403);
	assert_true(says(fx, "Нет доступа"));
	assert_true(says(fx, "href=\"/cabinet/\""));
	assert_false(says(fx, "Если вы уже оплатили"));
}

static void
a_password_of_somebody_else_is_changed_before_anything(void **state)
{
	struct fixture *fx = *state;
	struct turn t = turn(fx, "GET", "/cabinet/", COOKIE);
	struct desk d;

	person.must_change = true;
	assert_false(desk_enter(&t, 0, &d));
	assert_true(str_eq(header(fx, "Location"), STR("/cabinet/password")));
	ask(fx, "GET", "/cabinet/password");
	test_env(&fx->http, COOKIE);
	assert_int_equal(answer(fx), 200);
	assert_true(says(fx, "выдан администратором"));
	assert_true(says(fx, "Анна &lt;b&gt;"));
	assert_true(str_eq(header(fx, "Cache-Control"), STR("no-store")));
}

static void
a_form_must_fit_the_session(void **state)
{
	struct fixture *fx = *state;
	struct turn t = turn(fx, "POST", "/cabinet/x", COOKIE);
	struct url_params form;
	struct desk d;

	assert_true(desk_enter(&t, 0, &d));
	fx->http.r.type = STR("application/x-www-form-urlencoded");
	fx->http.r.body =
	    arena_fmt(fx->http.a, "csrf=%.*s&a=1", STR_ARG(d.csrf));
	assert_true(desk_form(&t, &d, &form));
	assert_true(str_eq(url_param(&form, "a"), STR("1")));
	fx->http.r.body = STR("a=1");
	assert_false(desk_form(&t, &d, &form));
	assert_int_equal(fx->out.status, 403);
	assert_string_equal(t.f->reason, "form_stale");
	fx->http.r.body = STR("csrf=0123456789abcdef0123456789abcdef&a=1");
	assert_false(desk_form(&t, &d, &form));
	fx->http.r.body =
	    arena_fmt(fx->http.a, "csrf=%.*s&a=%%zz", STR_ARG(d.csrf));
	assert_false(desk_form(&t, &d, &form));
	assert_int_equal(fx->out.status, 400);
	fx->http.r.type = STR("application/json");
	assert_false(desk_form(&t, &d, &form));
	assert_int_equal(fx->out.status, 415);
	test_env(&fx->http, "HTTP_SEC_FETCH_SITE=same-site");
	assert_false(desk_form(&t, &d, &form));
	assert_string_equal(t.f->reason, "page_foreign");
}

static void
cookies_are_for_this_host_and_tls_alone(void **state)
{
	struct fixture *fx = *state;

	ask(fx, "GET", "/cabinet/login");
	assert_int_equal(answer(fx), 200);
	assert_true(str_eq(header(fx, "Set-Cookie"),
	    STR("__Host-kvitok-form=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; Path=/; "
		"HttpOnly; SameSite=Strict; Secure")));
	fx->p.set.public_url = STR("http://127.0.0.1:8080");
	ask(fx, "GET", "/cabinet/login");
	assert_int_equal(answer(fx), 200);
	assert_true(str_eq(header(fx, "Set-Cookie"),
	    STR("kvitok-form=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; Path=/; "
		"HttpOnly; SameSite=Strict")));
}

/* A header takes no control character: what came is never sent back. */
static void
a_cookie_that_is_none_of_ours_is_replaced(void **state)
{
	static const char *const cookies[] = {
		"HTTP_COOKIE=__Host-kvitok-form=",
		"HTTP_COOKIE=__Host-kvitok-form=\x01\x02 456789ABCDEFGHJKMNPQRS"
		"TVWXYZ",
		"HTTP_COOKIE=__Host-kvitok-form=0123456789ABCDEFGHJKMNPQRSTVWXY"
		"Z0",
		"HTTP_COOKIE=;;;=;__Host-kvitok-form",
	};
	struct fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(cookies); i++) {
		ask(fx, "GET", "/cabinet/login");
		test_env(&fx->http, cookies[i]);
		assert_int_equal(answer(fx), 200);
		assert_true(str_starts(header(fx, "Set-Cookie"),
		    STR("__Host-kvitok-form=AAAAAAAA")));
	}
	ask(fx, "GET", "/cabinet/login");
	test_env(&fx->http, "HTTP_COOKIE=__Host-kvitok-form=" TOKEN);
	assert_int_equal(answer(fx), 200);
	assert_null(header(fx, "Set-Cookie").p);
	assert_true(login_token_form(STR(TOKEN)));
	assert_false(login_token_form(STR("")));
}

static void
another_pool_knows_no_door(void **state)
{
	struct fixture *fx = *state;

	fx->web.pool = WEB_API;
	ask(fx, "GET", "/cabinet/login");
	assert_int_equal(answer(fx), 404);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, teardown)
		TEST(who_has_a_live_session_is_at_the_desk),
		TEST(what_a_script_asks_for_keeps_nobody_logged_in),
		TEST(who_has_none_is_led_to_the_door_and_back),
		TEST(a_session_that_is_over_opens_nothing),
		TEST(all_of_the_rights_are_needed),
		TEST(a_password_of_somebody_else_is_changed_before_anything),
		TEST(a_form_must_fit_the_session),
		TEST(cookies_are_for_this_host_and_tls_alone),
		TEST(a_cookie_that_is_none_of_ours_is_replaced),
		TEST(another_pool_knows_no_door),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
