/* What both banks say of cards, and what of it is believed. */
#include "kvitok/bank/gpb_card.h"
#include "kvitok/bank/gpb_status.h"
#include "kvitok/bank/sber_card.h"
#include "kvitok/bank/sber_status.h"

#include "bank_test.h"

static struct http_answer
answer(int status, const char *body)
{
	return (struct http_answer){ .status = status, .body = str_of(body) };
}

#define ORDER                                                                  \
	"\"errorCode\":\"0\",\"orderNumber\":\"N\",\"amount\":0,"              \
	"\"currency\":\"643\","

static void
an_order_that_checked_a_card_names_it(void **state)
{
	struct fixture *fx = *state;
	struct bank_bind_status out;
	struct http_answer a = answer(200,
	    "{" ORDER "\"orderStatus\":3,\"cardAuthInfo\":{\"maskedPan\":"
	    "\"220138**0047\",\"expiration\":\"203412\","
	    "\"paymentSystem\":\"MIR\"},\"bindingInfo\":{\"bindingId\":\"B1\","
	    "\"clientId\":\"C1\"}}");

	assert_int_equal(sber_bind_read(fx->a, &a, &out, &fx->f), ERR_OK);
	assert_int_equal(out.outcome, BANK_BIND_DONE);
	assert_text(out.bank_no, "N");
	assert_text(out.card.id, "B1");
	assert_text(out.card.client, "C1");
	assert_text(out.card.mask, "220138**0047");
	assert_text(out.card.scheme, "MIR");
	assert_text(out.card.expiry, "203412");
}

static void
an_order_ends_as_its_status_says(void **state)
{
	static const struct {
		const char *body;
		enum bank_bind_outcome outcome;
		const char *reason;
	} t[] = {
		{ "{" ORDER "\"orderStatus\":0,\"actionCode\":-100}",
		    BANK_BIND_OPEN, "" },
		{ "{" ORDER "\"orderStatus\":5}", BANK_BIND_OPEN, "" },
		{ "{" ORDER "\"orderStatus\":2}", BANK_BIND_DONE, "" },
		{ "{" ORDER "\"orderStatus\":6,\"actionCode\":-2007}",
		    BANK_BIND_FAILED, "pay_time_over" },
		{ "{" ORDER "\"orderStatus\":6,\"actionCode\":116}",
		    BANK_BIND_FAILED, "pay_no_funds" },
		{ "{\"errorCode\":6}", BANK_BIND_ABSENT, "" },
	};
	struct fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(t); i++) {
		struct bank_bind_status out;
		struct http_answer a = answer(200, t[i].body);

		assert_int_equal(
		    sber_bind_read(fx->a, &a, &out, &fx->f), ERR_OK);
		assert_int_equal(out.outcome, t[i].outcome);
		assert_text(out.reason, t[i].reason);
		assert_int_equal(out.card.id.len, 0);
	}
}

/* A whole number in the place of a mask must not get through. */
static void
a_whole_card_number_is_cut_to_a_mask(void **state)
{
	struct fixture *fx = *state;
	struct bank_bind_status out;
	const struct bank_stored *list;
	size_t len;
	struct http_answer a = answer(200,
	    "{" ORDER "\"orderStatus\":3,\"cardAuthInfo\":{\"pan\":"
	    "\"4111111111111111\"},\"bindingInfo\":{\"bindingId\":\"B1\"}}");

	assert_int_equal(sber_bind_read(fx->a, &a, &out, &fx->f), ERR_OK);
	assert_text(out.card.mask, "411111******1111");
	a = answer(200,
	    "{\"errorCode\":0,\"bindings\":[{\"bindingId\":\"B1\","
	    "\"maskedPan\":\"4111111111111111\"}]}");
	assert_int_equal(
	    sber_cards_read(fx->a, &a, &list, &len, &fx->f), ERR_OK);
	assert_text(list[0].card.mask, "411111******1111");
}

static void
a_list_of_bindings_is_read_in_both_dialects(void **state)
{
	struct fixture *fx = *state;
	const struct bank_stored *list;
	size_t len;
	struct http_answer a = answer(200,
	    "{\"errorCode\":\"0\",\"bindings\":["
	    "{\"bindingId\":\"B1\",\"clientId\":\"C1\",\"maskedPan\":"
	    "\"220138**0047\",\"expiryDate\":\"203412\"},"
	    "{\"bindingId\":\"B2\",\"clientId\":\"C1\",\"bindingStatus\":\"1\"}"
	    ","
	    "{\"bindingId\":\"B3\",\"clientId\":\"C1\",\"bindingStatus\":0}]}");

	assert_int_equal(
	    sber_cards_read(fx->a, &a, &list, &len, &fx->f), ERR_OK);
	assert_int_equal(len, 3);
	assert_text(list[0].card.expiry, "203412");
	assert_text(list[0].card.client, "C1");
	assert_true(list[0].active); /* the old gateway says nothing */
	assert_true(list[1].active);
	assert_false(list[2].active);
	a = answer(200, "{\"errorCode\":2,\"errorMessage\":\"nothing\"}");
	assert_int_equal(
	    sber_cards_read(fx->a, &a, &list, &len, &fx->f), ERR_OK);
	assert_int_equal(len, 0);
}

/* An answer that is not understood must end no card. */
static void
a_list_that_is_not_understood_is_no_empty_list(void **state)
{
	static const struct {
		int status;
		const char *body;
	} t[] = {
		{ 200, "" },
		{ 200, "<html>" },
		{ 200, "{}" },
		{ 200, "{\"errorCode\":0}" },
		{ 200, "{\"errorCode\":0,\"bindings\":{}}" },
		{ 200,
		    "{\"errorCode\":0,\"bindings\":[{\"clientId\":\"C\"}]}" },
		{ 200, "{\"errorCode\":0,\"bindings\":[1]}" },
		{ 200, "{\"errorCode\":1}" },
		{ 200, "{\"errorCode\":5}" },
		{ 200, "{\"errorCode\":7}" },
		{ 200, "{\"errorCode\":\"x\"}" },
		{ 404, "{\"errorCode\":2}" },
		{ 502, "" },
	};
	struct fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(t); i++) {
		const struct bank_stored *list;
		size_t len;
		struct http_answer a = answer(t[i].status, t[i].body);

		fault_init(&fx->f);
		if (sber_cards_read(fx->a, &a, &list, &len, &fx->f) !=
		    ERR_AGAIN)
			fail_msg("%s", t[i].body);
		assert_string_equal(fx->f.reason, "bank_unavailable");
	}
}

static void
only_a_clear_answer_ends_an_unbinding(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum err sber;
	} t[] = {
		{ 200, "{\"errorCode\":0}", ERR_OK },
		{ 200, "{\"errorCode\":\"2\"}", ERR_OK },
		{ 200, "{\"errorCode\":5}", ERR_CONFLICT },
		{ 200, "{\"errorCode\":7}", ERR_AGAIN },
		{ 200, "{}", ERR_AGAIN },
		{ 200, "{\"errorCode\":null}", ERR_AGAIN },
		{ 200, "{\"errorCode\":\"x\"}", ERR_AGAIN },
		{ 200, "", ERR_AGAIN },
		{ 502, "{\"errorCode\":0}", ERR_AGAIN },
	};
	static const struct {
		int status;
		const char *body;
		enum err rc;
	} g[] = {
		{ 200, "{}", ERR_OK },
		{ 404, "", ERR_OK },
		{ 400, "{\"error\":\"NO_RIGHT\"}", ERR_CONFLICT },
		{ 400, "<html>", ERR_AGAIN },
		{ 401, "{}", ERR_AGAIN },
		{ 502, "", ERR_AGAIN },
	};
	struct fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(t); i++) {
		struct http_answer a = answer(t[i].status, t[i].body);

		fault_init(&fx->f);
		assert_int_equal(
		    sber_unbind_read(fx->a, &a, &fx->f), t[i].sber);
	}
	for (size_t i = 0; i < KV_COUNT(g); i++) {
		struct http_answer a = answer(g[i].status, g[i].body);

		fault_init(&fx->f);
		assert_int_equal(gpb_unbind_read(fx->a, &a, &fx->f), g[i].rc);
	}
}

static void
gazprombanks_status_names_the_card_and_no_client(void **state)
{
	struct fixture *fx = *state;
	struct bank_status out;
	struct http_answer a = answer(200,
	    "{\"token\":\"T\",\"result\":{\"status\":\"SUCCESS\"},"
	    "\"src\":{\"type\":\"card_id\",\"cardId\":\"K1\","
	    "\"pan\":\"220138xxxxxx0047\",\"paymentSystem\":\"MIR\"}}");

	assert_int_equal(
	    gpb_status_read(fx->a, STR("T"), &a, &out, &fx->f), ERR_OK);
	assert_text(out.card.id, "K1");
	assert_text(out.card.mask, "220138******0047");
	assert_int_equal(out.card.client.len, 0);
	assert_int_equal(out.card.expiry.len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(an_order_that_checked_a_card_names_it),
		T(an_order_ends_as_its_status_says),
		T(a_whole_card_number_is_cut_to_a_mask),
		T(a_list_of_bindings_is_read_in_both_dialects),
		T(a_list_that_is_not_understood_is_no_empty_list),
		T(only_a_clear_answer_ends_an_unbinding),
		T(gazprombanks_status_names_the_card_and_no_client),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
