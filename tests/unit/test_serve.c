#include "web_test.h"

#include "kvitok/base/day.h"

#include <stdio.h>

#define LINE                                                                   \
	"{\"supplier\":\"voda\",\"service\":\"hvs\","                          \
	"\"account\":\"10019743\",\"sum_kop\":120000}"

#define VODA "{portal=\"alpha\",supplier=\"voda\"} "

static void
who_asks_is_known_before_anything_else(void **state)
{
	struct fixture *fx = *state;

	ask(fx, "GET", "/api/v1/suppliers");
	assert_int_equal(answer(fx), 401);
	assert_string_equal(fx->served.fault.reason, "key_missing");
	assert_true(str_starts(header(fx, "WWW-Authenticate"), STR("Bearer")));
	test_env(&fx->http, "HTTP_AUTHORIZATION=Basic a2V5");
	assert_int_equal(answer(fx), 401);
	ask(fx, "GET", "/api/v1/suppliers");
	test_env(&fx->http, "HTTP_AUTHORIZATION=Bearer kv_nobody");
	assert_int_equal(answer(fx), 401);
	assert_string_equal(fx->served.fault.reason, "key_unknown");
	ask(fx, "POST", "/api/v1/payments");
	test_env(&fx->http, "HTTP_AUTHORIZATION=bearer " READ_KEY);
	with_body(fx, "text/plain", "x");
	assert_int_equal(answer(fx), 403);
	assert_string_equal(fx->served.fault.reason, "right_missing");
	assert_int_equal(fx->http.body_read, 0);
}

static void
a_key_is_good_as_soon_as_it_was_made(void **state)
{
	struct fixture *fx = *state;

	fx->ref.keys_len = 0;
	assert_int_equal(get(fx, "/api/v1/suppliers"), 401);
	fx->ref.keys_len = 2;
	fx->ref.version++;
	assert_int_equal(get(fx, "/api/v1/suppliers"), 200);
}

static void
a_worker_serves_the_addresses_of_its_pool_alone(void **state)
{
	struct fixture *fx = *state;

	assert_int_equal(get(fx, "/pay/A.B"), 404);
	assert_string_equal(fx->served.fault.reason, "path_unknown");
	assert_true(str_starts(header(fx, "Content-Type"), STR("text/html")));
	fx->web.pool = WEB_PAY;
	assert_int_equal(get(fx, "/pay/A.B"), 404);
	assert_string_equal(fx->served.fault.reason, "payment_unknown");
	assert_int_equal(get(fx, "/api/v1/suppliers"), 404);
	assert_true(str_eq(
	    header(fx, "Content-Type"), STR("application/problem+json")));
	fx->web.pool = WEB_BANK;
	assert_int_equal(get(fx, "/healthz"), 200);
	assert_int_equal(get(fx, "/bank/nobody"), 404);
	assert_true(str_starts(header(fx, "Content-Type"), STR("text/plain")));
}

static void
another_method_is_answered_with_what_is_allowed(void **state)
{
	struct fixture *fx = *state;

	ask(fx, "DELETE", "/api/v1/payments");
	assert_int_equal(answer(fx), 405);
	assert_true(str_eq(header(fx, "Allow"), STR("GET, HEAD, POST")));
}

static void
suppliers_are_told_with_limits_and_commission(void **state)
{
	struct fixture *fx = *state;

	assert_int_equal(get(fx, "/api/v1/suppliers"), 200);
	assert_true(says(fx, "\"supplier\":\"voda\""));
	assert_true(says(fx, "\"min_kop\":1000,\"max_kop\":1400000"));
	assert_true(says(fx, "\"commission\":\"комиссия 1,5"));
	assert_true(says(fx, "\"bank\":\"gazprombank\""));
}

static void
an_account_is_shown_masked(void **state)
{
	struct fixture *fx = *state;

	assert_int_equal(get(fx, "/api/v1/accounts/voda/1001%209743"), 200);
	assert_true(says(fx, "\"owner\":\"И*** М. П.\""));
	assert_true(says(fx, "кв. ***"));
	assert_false(says(fx, "Иванова"));
	assert_true(says(fx, "\"debt_kop\":171425"));
	assert_int_equal(get(fx, "/api/v1/accounts/voda/7"), 404);
	assert_int_equal(get(fx, "/api/v1/accounts/voda/7%3B"), 400);
	assert_string_equal(fx->served.fault.reason, "account_form");
}

static void
a_quote_is_exact(void **state)
{
	struct fixture *fx = *state;

	assert_int_equal(
	    post(fx, "/api/v1/quotes", "{\"lines\":[" LINE "]}", NULL), 200);
	assert_true(says(
	    fx, "\"sum_kop\":120000,\"fee_kop\":1800,\"total_kop\":121800"));
	assert_int_equal(
	    post(fx, "/api/v1/quotes", "{\"lines\":[]}", NULL), 422);
	assert_string_equal(fx->served.fault.reason, "lines_empty");
	assert_int_equal(
	    post(fx, "/api/v1/quotes",
		"{\"lines\":[" LINE "],\"email\":\"a@b.ru\"}", NULL),
	    400);
	assert_true(says(fx, "\"pointer\":\"/email\""));
}

static void
a_payment_is_made_and_told_where_it_is(void **state)
{
	static const char body[] =
	    "{\"lines\":[" LINE "],\"email\":\"a@b.ru\",\"payer\":\"p1\"}";
	struct fixture *fx = *state;

	assert_int_equal(
	    post(fx, "/api/v1/payments", body, "HTTP_IDEMPOTENCY_KEY=k1"), 201);
	assert_true(
	    str_starts(header(fx, "Location"), STR("/api/v1/payments/")));
	assert_null(header(fx, "Idempotent-Replay").p);
	assert_true(says(fx, "\"state\":\"created\""));
	assert_true(says(fx, "\"pay_url\":\"https://pay.example/pay/"));
	assert_true(says(fx, "\"paid_at\":null"));
	assert_true(says(fx, "\"reason\":null,\"reason_text\":null"));
	assert_true(says(fx, "\"attempts\":[]"));
	assert_int_equal(fx->created, 1);
}

static void
a_payment_needs_a_good_idempotency_key(void **state)
{
	static const struct {
		const char *header, *reason;
	} cases[] = {
		{ NULL, "idempotency_key_missing" },
		{ "HTTP_IDEMPOTENCY_KEY=", "idempotency_key_missing" },
		{ "HTTP_IDEMPOTENCY_KEY=a b", "idempotency_key_bad" },
		{ "HTTP_IDEMPOTENCY_KEY=ключ", "idempotency_key_bad" },
		{ "HTTP_IDEMPOTENCY_KEY="
		  "12345678901234567890123456789012345678901234567890"
		  "123456789012345",
		    "idempotency_key_bad" },
	};
	struct fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		assert_int_equal(post(fx, "/api/v1/payments",
				     "{\"lines\":[" LINE "],"
				     "\"email\":\"a@b.ru\"}",
				     cases[i].header),
		    400);
		assert_string_equal(fx->served.fault.reason, cases[i].reason);
	}
	assert_int_equal(fx->created, 0);
}

static void
readings_of_a_wrong_form_are_refused_by_their_fields(void **state)
{
	static const struct {
		const char *readings, *reason, *pointer;
	} cases[] = {
		{ "1", "field_type", "/readings" },
		{ "[{\"supplier\":\"s\",\"account\":\"1\",\"meter\":\"m\"}]",
		    "field_missing", "/readings/0/value" },
		{ "[{\"supplier\":\"s\",\"account\":\"1\",\"meter\":\"m\","
		  "\"value\":-1}]",
		    "reading_not_whole", "/readings/0/value" },
		{ "[{\"supplier\":\"s\",\"account\":\"1\",\"meter\":\"m\","
		  "\"value\":1,\"x\":1}]",
		    "field_unknown", "/readings/0/x" },
	};
	struct fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		struct str body = arena_fmt(fx->http.a,
		    "{\"lines\":[" LINE "],\"email\":\"a@b.ru\","
		    "\"readings\":%s}",
		    cases[i].readings);

		assert_int_equal(post(fx, "/api/v1/payments", body.p,
				     "HTTP_IDEMPOTENCY_KEY=k1"),
		    400);
		assert_string_equal(
		    fx->served.fault.fields[0].pointer, cases[i].pointer);
		assert_string_equal(
		    fx->served.fault.fields[0].reason, cases[i].reason);
	}
}

static void
lists_refuse_what_they_do_not_know(void **state)
{
	static const struct {
		const char *uri, *pointer;
	} cases[] = {
		{ "/api/v1/payments?limit=0", "limit" },
		{ "/api/v1/payments?limit=201", "limit" },
		{ "/api/v1/payments?state=open", "state" },
		{ "/api/v1/payments?after=x", "after" },
		{ "/api/v1/payments?from=today", "from" },
		{ "/api/v1/payments?nonsense=1", "nonsense" },
		{ "/api/v1/payments?payer=a&payer=b", "payer" },
	};
	struct fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		assert_int_equal(get(fx, cases[i].uri), 400);
		assert_string_equal(
		    fx->served.fault.fields[0].pointer, cases[i].pointer);
	}
}

static void
the_script_of_the_page_proves_where_it_comes_from(void **state)
{
	static const char body[] = "{\"lines\":[" LINE "]}";
	struct fixture *fx = *state;

	assert_int_equal(post(fx, "/web/demo/quote", body, NULL), 403);
	assert_string_equal(fx->served.fault.reason, "page_foreign");
	assert_int_equal(
	    post(fx, "/web/demo/quote", body, "HTTP_X_REQUESTED_WITH=kvitok"),
	    200);
	ask(fx, "POST", "/web/demo/quote");
	with_body(fx, "application/json", body);
	test_env(&fx->http, "HTTP_X_REQUESTED_WITH=kvitok");
	test_env(&fx->http, "HTTP_SEC_FETCH_SITE=cross-site");
	assert_int_equal(answer(fx), 403);
	assert_int_equal(
	    post(fx, "/web/other/quote", body, "HTTP_X_REQUESTED_WITH=kvitok"),
	    404);
}

static void
the_page_shows_an_account_and_its_debt(void **state)
{
	struct fixture *fx = *state;

	assert_int_equal(get(fx, "/"), 200);
	assert_true(says(fx, "href=\"/demo/\""));
	assert_int_equal(get(fx, "/demo"), 303);
	assert_int_equal(
	    get(fx, "/demo/?supplier=voda&account=10019743&utm=1"), 200);
	assert_true(says(fx,
	    "1\xC2\xA0"
	    "714,25"));
	assert_true(says(fx, "И*** М. П."));
	assert_false(says(fx, "Иванова"));
	assert_int_equal(get(fx, "/demo/?supplier=voda&account=7"), 404);
	assert_true(says(fx, "Лицевой счёт не найден"));
	assert_int_equal(get(fx, "/demo/?supplier=voda&account="), 400);
	assert_int_equal(get(fx, "/other/"), 404);
}

static int
send_form(struct fixture *fx, const char *form)
{
	ask(fx, "POST", "/demo/pay");
	with_body(fx, "application/x-www-form-urlencoded", form);
	return answer(fx);
}

static void
a_form_shows_its_total_before_it_pays(void **state)
{
	struct fixture *fx = *state;

	assert_int_equal(send_form(fx,
			     "supplier=voda&account=10019743&service=hvs"
			     "&sum=1+200&email=a@b.ru&ikey=AAAAAAAA&total="),
	    200);
	assert_true(says(fx, "value=\"121800\""));
	assert_int_equal(fx->created, 0);
	/* Another total than the one that was seen is shown first, too. */
	assert_int_equal(
	    send_form(fx,
		"supplier=voda&account=10019743&service=hvs"
		"&sum=1300&email=a@b.ru&ikey=AAAAAAAA&total=121800"),
	    200);
	assert_int_equal(fx->created, 0);
}

static void
a_bad_form_comes_back_with_words_beside_its_fields(void **state)
{
	static const struct {
		const char *form, *words;
		int status;
	} cases[] = {
		{ "supplier=voda&account=10019743&service=hvs&sum=abc"
		  "&email=a@b.ru",
		    "Значение записано неверно", 400 },
		{ "supplier=voda&account=10019743&service=hvs&sum=5"
		  "&email=a@b.ru",
		    "минимальная сумма: 10", 422 },
		{ "supplier=voda&account=10019743&service=hvs&sum="
		  "&email=a@b.ru",
		    "Не выбрано ни одной услуги", 422 },
		{ "supplier=voda&account=10019743&service=hvs&sum=100"
		  "&email=a@b",
		    "Проверьте адрес электронной почты", 400 },
		{ "supplier=voda&account=10019743&service=gaz&sum=100"
		  "&email=a@b.ru",
		    "Услуга не найдена", 400 },
		{ "supplier=voda&account=7&email=a@b.ru",
		    "Лицевой счёт не найден", 404 },
	};
	struct fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		assert_int_equal(send_form(fx, cases[i].form), cases[i].status);
		assert_true(says(fx, cases[i].words));
	}
	ask(fx, "POST", "/demo/pay");
	with_body(fx, "application/x-www-form-urlencoded", "x=1");
	test_env(&fx->http, "HTTP_ORIGIN=https://evil.example");
	assert_int_equal(answer(fx), 403);
	assert_int_equal(fx->created, 0);
}

static void
a_database_that_is_away_makes_the_worker_not_ready(void **state)
{
	struct fixture *fx = *state;

	assert_int_equal(get(fx, "/readyz"), 200);
	assert_true(says(fx, "\"oldest_due_age_s\":5"));
	assert_int_equal(get(fx, "/metrics"), 200);
	assert_true(says(fx, "kvitok_database_up 1\n"));
	fx->down = true;
	assert_int_equal(get(fx, "/readyz"), 503);
	assert_int_equal(get(fx, "/healthz"), 200);
	assert_int_equal(get(fx, "/metrics"), 200);
	assert_true(says(fx, "kvitok_database_up 0\n"));
}

static void
mailboxes_and_letters_are_measured(void **state)
{
	struct fixture *fx = *state;
	static const char *const lines[] = {
		"kvitok_exchange_documents_aside" VODA "1\n",
		"kvitok_exchange_oldest_open_age_seconds" VODA "7\n",
		"kvitok_exchange_gap_age_seconds" VODA "4\n",
		"kvitok_exchange_unhanded_age_seconds" VODA "2\n",
		"kvitok_exchange_unanswered_age_seconds" VODA "9\n",
		"kvitok_exchange_untaken_age_seconds" VODA "5\n",
		"kvitok_exchange_fails" VODA "3\n",
		"kvitok_bill_letters{state=\"sent\"} 2\n",
		"kvitok_bill_letters{state=\"failed\"} 6\n",
		"kvitok_report_parcels{state=\"waiting\"} 3\n",
		"kvitok_report_parcels{state=\"refused\"} 4\n",
		"kvitok_report_parcels{state=\"failed\"} 5\n",
		"kvitok_report_late_seconds 8\n",
	};

	assert_int_equal(get(fx, "/metrics"), 200);
	for (size_t i = 0; i < KV_COUNT(lines); i++)
		assert_true(says(fx, lines[i]));
}

static void
the_age_of_the_ledgers_proof_is_told(void **state)
{
	struct fixture *fx = *state;
	char today[DAY_TEXT_SIZE], day[DAY_TEXT_SIZE];
	char line[64];
	int64_t start, now = NOW;

	assert_int_equal(get(fx, "/metrics"), 200);
	assert_true(says(fx, "kvitok_ledger_proof_age_seconds 0\n"));
	day_of(now, DAY_ZONE_MOSCOW, today);
	assert_true(day_start(str_of(today), DAY_ZONE_MOSCOW, &start));
	assert_true(day_step(str_of(today), -1, day));
	/* Yesterday is closed: since midnight.  Else since its beginning. */
	fake_closed_day = day;
	assert_int_equal(get(fx, "/metrics"), 200);
	(void)snprintf(line, sizeof(line),
	    "kvitok_ledger_proof_age_seconds %d\n",
	    (int)((now - start) / 1000));
	assert_true(says(fx, line));
	fake_closed_day = "";
	fake_first_day = day;
	assert_int_equal(get(fx, "/metrics"), 200);
	(void)snprintf(line, sizeof(line),
	    "kvitok_ledger_proof_age_seconds %d\n",
	    (int)((now - start + DAY_MS) / 1000));
	assert_true(says(fx, line));
	fake_first_day = "";
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(who_asks_is_known_before_anything_else),
		T(a_key_is_good_as_soon_as_it_was_made),
		T(a_worker_serves_the_addresses_of_its_pool_alone),
		T(another_method_is_answered_with_what_is_allowed),
		T(suppliers_are_told_with_limits_and_commission),
		T(an_account_is_shown_masked),
		T(a_quote_is_exact),
		T(a_payment_is_made_and_told_where_it_is),
		T(a_payment_needs_a_good_idempotency_key),
		T(readings_of_a_wrong_form_are_refused_by_their_fields),
		T(lists_refuse_what_they_do_not_know),
		T(the_script_of_the_page_proves_where_it_comes_from),
		T(the_page_shows_an_account_and_its_debt),
		T(a_form_shows_its_total_before_it_pays),
		T(a_bad_form_comes_back_with_words_beside_its_fields),
		T(a_database_that_is_away_makes_the_worker_not_ready),
		T(mailboxes_and_letters_are_measured),
		T(the_age_of_the_ledgers_proof_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
