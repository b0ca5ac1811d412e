#include "kvitok/bank/sber_reason.h"

#include "bank_test.h"

/* All action codes that the gateway's manuals name. */
static const int documented[] = { 0, -100, -99, -2000, -2001, -2005, -2010,
	-2015, -2019, -2020, -2006, -2007, -2011, -2016, -2017, -2013, -2014,
	-2018, -3100, -3101, -20010, 5, 7, 41, 43, 82, 100, 101, 103, 104, 107,
	106, 109, 110, 111, 116, 117, 118, 119, 120, 121, 123, 125, 208, 209,
	239, 400, 902, 904, 909, 913, 907, 910, 914, 999, 1001, 1014, 1015,
	1018, 1019, 2003, 2004, 2007, 2009, 2016, 151017, 151018, 151019,
	341014, 71015 };

static void
every_documented_code_has_words_for_the_payer(void **state)
{
	struct str reason;

	(void)state;
	for (size_t i = 0; i < KV_COUNT(documented); i++) {
		enum sber_code kind = sber_reason(documented[i], &reason);

		if (!sber_reason_known(documented[i]))
			fail_msg("%d", documented[i]);
		if (kind == SBER_NOT_REFUSED)
			assert_int_equal(reason.len, 0);
		else
			assert_true(reason_known(reason.p));
	}
	assert_false(sber_reason_known(31337));
}

static void
prefixed_codes_mean_the_same(void **state)
{
	struct str plain, prefixed;

	(void)state;
	sber_reason(1014, &plain);
	sber_reason(341014, &prefixed);
	assert_true(str_eq(plain, prefixed));
	sber_reason(1015, &plain);
	sber_reason(71015, &prefixed);
	assert_true(str_eq(plain, prefixed));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(every_documented_code_has_words_for_the_payer),
		T(prefixed_codes_mean_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
