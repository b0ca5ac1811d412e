#include "kvitok/domain/words.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

struct row {
	int64_t kop;
	const char *want;
};

static void
check_all(const struct row *rows, size_t len)
{
	struct arena *a = arena_new(1 << 20);

	for (size_t i = 0; i < len; i++) {
		struct buf b;

		buf_init(&b, a, 1024);
		words_roubles(&b, rows[i].kop);
		assert_string_equal(b.p, rows[i].want);
	}
	arena_free(a);
}

static void
the_receipt_of_the_guide_is_spelled_out(void **state)
{
	static const struct row rows[] = {
		{ 121800, "Одна тысяча двести восемнадцать рублей 00 копеек" },
		{ 120000, "Одна тысяча двести рублей 00 копеек" },
		{ 1400000, "Четырнадцать тысяч рублей 00 копеек" },
		{ 1000, "Десять рублей 00 копеек" },
	};

	(void)state;
	check_all(rows, KV_COUNT(rows));
}

static void
every_number_below_twenty_has_its_word_and_ending(void **state)
{
	static const struct row rows[] = {
		{ 0, "Ноль рублей 00 копеек" },
		{ 100, "Один рубль 00 копеек" },
		{ 200, "Два рубля 00 копеек" },
		{ 300, "Три рубля 00 копеек" },
		{ 400, "Четыре рубля 00 копеек" },
		{ 500, "Пять рублей 00 копеек" },
		{ 600, "Шесть рублей 00 копеек" },
		{ 700, "Семь рублей 00 копеек" },
		{ 800, "Восемь рублей 00 копеек" },
		{ 900, "Девять рублей 00 копеек" },
		{ 1000, "Десять рублей 00 копеек" },
		{ 1100, "Одиннадцать рублей 00 копеек" },
		{ 1200, "Двенадцать рублей 00 копеек" },
		{ 1300, "Тринадцать рублей 00 копеек" },
		{ 1400, "Четырнадцать рублей 00 копеек" },
		{ 1500, "Пятнадцать рублей 00 копеек" },
		{ 1600, "Шестнадцать рублей 00 копеек" },
		{ 1700, "Семнадцать рублей 00 копеек" },
		{ 1800, "Восемнадцать рублей 00 копеек" },
		{ 1900, "Девятнадцать рублей 00 копеек" },
	};

	(void)state;
	check_all(rows, KV_COUNT(rows));
}

static void
every_ten_and_every_hundred_has_its_word(void **state)
{
	static const struct row rows[] = {
		{ 2000, "Двадцать рублей 00 копеек" },
		{ 2100, "Двадцать один рубль 00 копеек" },
		{ 3200, "Тридцать два рубля 00 копеек" },
		{ 4300, "Сорок три рубля 00 копеек" },
		{ 5400, "Пятьдесят четыре рубля 00 копеек" },
		{ 6500, "Шестьдесят пять рублей 00 копеек" },
		{ 7600, "Семьдесят шесть рублей 00 копеек" },
		{ 8700, "Восемьдесят семь рублей 00 копеек" },
		{ 9900, "Девяносто девять рублей 00 копеек" },
		{ 10000, "Сто рублей 00 копеек" },
		{ 10100, "Сто один рубль 00 копеек" },
		{ 11100, "Сто одиннадцать рублей 00 копеек" },
		{ 21200, "Двести двенадцать рублей 00 копеек" },
		{ 30000, "Триста рублей 00 копеек" },
		{ 40000, "Четыреста рублей 00 копеек" },
		{ 50000, "Пятьсот рублей 00 копеек" },
		{ 60000, "Шестьсот рублей 00 копеек" },
		{ 70000, "Семьсот рублей 00 копеек" },
		{ 80000, "Восемьсот рублей 00 копеек" },
		{ 90000, "Девятьсот рублей 00 копеек" },
		{ 99900, "Девятьсот девяносто девять рублей 00 копеек" },
	};

	(void)state;
	check_all(rows, KV_COUNT(rows));
}

static void
kopecks_are_two_figures_with_their_own_ending(void **state)
{
	static const struct row rows[] = {
		{ 1, "Ноль рублей 01 копейка" },
		{ 2, "Ноль рублей 02 копейки" },
		{ 5, "Ноль рублей 05 копеек" },
		{ 11, "Ноль рублей 11 копеек" },
		{ 12, "Ноль рублей 12 копеек" },
		{ 21, "Ноль рублей 21 копейка" },
		{ 34, "Ноль рублей 34 копейки" },
		{ 199, "Один рубль 99 копеек" },
	};

	(void)state;
	check_all(rows, KV_COUNT(rows));
}

static void
thousands_are_feminine_and_millions_are_not(void **state)
{
	static const struct row rows[] = {
		{ 100000, "Одна тысяча рублей 00 копеек" },
		{ 200000, "Две тысячи рублей 00 копеек" },
		{ 500000, "Пять тысяч рублей 00 копеек" },
		{ 1100000, "Одиннадцать тысяч рублей 00 копеек" },
		{ 2100000, "Двадцать одна тысяча рублей 00 копеек" },
		{ 2200100, "Двадцать две тысячи один рубль 00 копеек" },
		{ 11200200, "Сто двенадцать тысяч два рубля 00 копеек" },
		{ 100000000, "Один миллион рублей 00 копеек" },
		{ 100000100, "Один миллион один рубль 00 копеек" },
		{ 200200000, "Два миллиона две тысячи рублей 00 копеек" },
		{ 1200000000, "Двенадцать миллионов рублей 00 копеек" },
	};

	(void)state;
	check_all(rows, KV_COUNT(rows));
}

static void
great_sums_go_up_to_the_end_of_int64(void **state)
{
	static const struct row rows[] = {
		{ INT64_C(100000000000), "Один миллиард рублей 00 копеек" },
		{ INT64_C(300000000000), "Три миллиарда рублей 00 копеек" },
		{ INT64_C(100000000000000), "Один триллион рублей 00 копеек" },
		{ INT64_C(99999999999999999),
		    "Девятьсот девяносто девять триллионов "
		    "девятьсот девяносто девять миллиардов "
		    "девятьсот девяносто девять миллионов "
		    "девятьсот девяносто девять тысяч "
		    "девятьсот девяносто девять рублей 99 копеек" },
		{ INT64_MAX,
		    "Девяносто два квадриллиона двести тридцать три "
		    "триллиона семьсот двадцать миллиардов триста "
		    "шестьдесят восемь миллионов пятьсот сорок семь тысяч "
		    "семьсот пятьдесят восемь рублей 07 копеек" },
		{ -100, "Минус один рубль 00 копеек" },
		{ INT64_MIN,
		    "Минус девяносто два квадриллиона двести тридцать три "
		    "триллиона семьсот двадцать миллиардов триста "
		    "шестьдесят восемь миллионов пятьсот сорок семь тысяч "
		    "семьсот пятьдесят восемь рублей 08 копеек" },
	};

	(void)state;
	check_all(rows, KV_COUNT(rows));
}

static void
a_month_is_named_with_its_year(void **state)
{
	struct arena *a = arena_new(1 << 16);
	struct buf b;

	(void)state;
	buf_init(&b, a, 200);
	words_month(&b, STR("2026-01"));
	buf_char(&b, ' ');
	words_month(&b, STR("2026-12"));
	assert_true(str_eq(buf_str(&b), STR("январь 2026 г. декабрь 2026 г.")));
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_receipt_of_the_guide_is_spelled_out),
		cmocka_unit_test(
		    every_number_below_twenty_has_its_word_and_ending),
		cmocka_unit_test(every_ten_and_every_hundred_has_its_word),
		cmocka_unit_test(kopecks_are_two_figures_with_their_own_ending),
		cmocka_unit_test(thousands_are_feminine_and_millions_are_not),
		cmocka_unit_test(great_sums_go_up_to_the_end_of_int64),
		cmocka_unit_test(a_month_is_named_with_its_year),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
