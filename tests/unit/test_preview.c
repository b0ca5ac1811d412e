#include "kvitok/web/preview.h"

#include "http_test.h"

static bool
looked_at(struct http_fixture *fx, const char *method, const char *uri,
    const char *header)
{
	test_request(fx, method, uri);
	if (header)
		test_env(fx, header);
	assert_int_equal(request_begin(&fx->r, STR("made"), &fx->f), ERR_OK);
	return preview_is(&fx->r);
}

static void
programs_that_look_at_links_are_known(void **state)
{
	static const char *const headers[] = {
		"HTTP_USER_AGENT=WhatsApp/2.23.20.0",
		"HTTP_USER_AGENT=TelegramBot (like TwitterBot)",
		"HTTP_USER_AGENT=Viber/13.0",
		"HTTP_USER_AGENT=facebookexternalhit/1.1 "
		"(+http://www.facebook.com/externalhit_uatext.php)",
		"HTTP_USER_AGENT=Twitterbot/1.0",
		"HTTP_USER_AGENT=Mozilla/5.0 (compatible; vkShare; "
		"+http://vk.com/dev/Share)",
		"HTTP_USER_AGENT=Slackbot-LinkExpanding 1.0",
		"HTTP_USER_AGENT=Mozilla/5.0 (compatible; Discordbot/2.0)",
		"HTTP_USER_AGENT=SkypeUriPreview Preview/0.5",
		"HTTP_USER_AGENT=LinkedInBot/1.0",
		"HTTP_USER_AGENT=Mozilla/5.0 (compatible; Googlebot/2.1)",
		"HTTP_USER_AGENT=Mozilla/5.0 (compatible; bingbot/2.0)",
		"HTTP_USER_AGENT=Mozilla/5.0 (compatible; YandexBot/3.0)",
		"HTTP_USER_AGENT=BarracudaCentral",
		"HTTP_PURPOSE=prefetch",
		"HTTP_SEC_PURPOSE=prefetch;prerender",
		"HTTP_SEC_PURPOSE=Prefetch",
		"HTTP_X_PURPOSE=preview",
		"HTTP_X_MOZ=prefetch",
	};
	struct http_fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(headers); i++)
		assert_true(looked_at(fx, "GET", "/pay/A.B", headers[i]));
	assert_true(looked_at(fx, "HEAD", "/pay/A.B", NULL));
}

static void
people_are_no_previews(void **state)
{
	static const char *const headers[] = {
		"HTTP_USER_AGENT=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/"
		"537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36",
		"HTTP_USER_AGENT=Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like "
		"Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile Safari",
		"HTTP_USER_AGENT=Mozilla/5.0 (Linux; Android 10) YaBrowser/"
		"23.9 Mobile Safari/537.36",
		"HTTP_USER_AGENT=curl/7.88.1",
		"HTTP_USER_AGENT=",
		"HTTP_PURPOSE=",
		NULL,
	};
	struct http_fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(headers); i++)
		assert_false(looked_at(fx, "GET", "/pay/A.B", headers[i]));
}

static void
a_click_on_the_preview_is_a_visit_but_a_prefetch_of_it_is_not(void **state)
{
	struct http_fixture *fx = *state;
	const char *viber = "HTTP_USER_AGENT=Viber/13.0";

	assert_false(looked_at(fx, "GET", "/pay/A.B?go=1", viber));
	assert_false(looked_at(fx, "GET", "/pay/A.B?x=2&go=1", viber));
	assert_true(looked_at(fx, "GET", "/pay/A.B?go=11", viber));
	assert_true(looked_at(fx, "GET", "/pay/A.B?xgo=1", viber));
	assert_true(looked_at(fx, "HEAD", "/pay/A.B?go=1", NULL));
	assert_true(
	    looked_at(fx, "GET", "/pay/A.B?go=1", "HTTP_PURPOSE=prefetch"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_that_look_at_links_are_known),
		cmocka_unit_test(people_are_no_previews),
		cmocka_unit_test(
		    a_click_on_the_preview_is_a_visit_but_a_prefetch_of_it_is_not),
	};

	return cmocka_run_group_tests(tests, http_setup, http_teardown);
}
