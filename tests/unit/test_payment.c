/* Unit tests of domain/payment and domain/bill. */
#include "kvitok/base/day.h"
#include "kvitok/domain/bill.h"
#include "kvitok/domain/payment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NUMBER "7K3M9QZT-4F8D2K1M0X"
#define SECRET "ABCDEFGHJKMNPQRSTVWXYZ0123"
#define T0 INT64_C(1700000000000)
#define PATIENCE 30000

static struct attempt
attempt_in(enum att_state state)
{
	return (struct attempt){ .n = 1,
		.state = state,
		.form_url = STR("https://bank.example/1"),
		.started_at = T0,
		.expires_at = T0 + 1200000 };
}

static struct payment
payment_in(enum pay_state state, const struct attempt *at, size_t len)
{
	return (struct payment){ .number = STR(NUMBER),
		.state = state,
		.total_kop = 121800,
		.created_at = T0,
		.expires_at = T0 + DAY_MS,
		.attempts = at,
		.attempts_len = len,
		.attempts_len_stored = (int)len };
}

static void
every_state_has_a_name_and_is_found_by_it(void **state)
{
	enum pay_state p;
	enum att_state t;

	(void)state;
	for (int i = 0; i < PAY__COUNT; i++) {
		assert_true(pay_state_of(
		    str_of(pay_state_name((enum pay_state)i)), &p));
		assert_int_equal(p, i);
	}
	for (int i = 0; i < ATT__COUNT; i++) {
		assert_true(att_state_of(
		    str_of(att_state_name((enum att_state)i)), &t));
		assert_int_equal(t, i);
	}
	assert_false(pay_state_of(STR("Paid"), &p));
	assert_false(att_state_of(STR(""), &t));
}

static void
a_late_confirmation_wins_over_every_unpaid_state(void **state)
{
	(void)state;
	assert_true(pay_may_move(PAY_PENDING, PAY_PAID));
	assert_true(pay_may_move(PAY_DECLINED, PAY_PAID));
	assert_true(pay_may_move(PAY_EXPIRED, PAY_PAID));
	assert_true(pay_may_move(PAY_CANCELLED, PAY_PAID));
	assert_false(pay_may_move(PAY_CREATED, PAY_PAID));
	for (int i = 0; i < ATT__COUNT; i++)
		assert_int_equal(
		    att_may_move((enum att_state)i, ATT_PAID), i != ATT_PAID);
}

static void
a_paid_payment_goes_to_refunds_only(void **state)
{
	(void)state;
	for (int i = 0; i < PAY__COUNT; i++)
		assert_int_equal(pay_may_move(PAY_PAID, (enum pay_state)i),
		    i == PAY_PARTLY_REFUNDED || i == PAY_REFUNDED);
	for (int i = 0; i < PAY__COUNT; i++)
		assert_false(pay_may_move(PAY_REFUNDED, (enum pay_state)i));
}

static void
an_account_key_is_eight_digits_that_depend_on_portal_and_account(void **state)
{
	char a[9], b[9], c[9];

	(void)state;
	pay_akey(STR("portalgkh"), STR("10019743"), a);
	pay_akey(STR("portalgkh"), STR("10019743"), b);
	pay_akey(STR("moygaz"), STR("10019743"), c);
	assert_string_equal(a, b);
	assert_string_not_equal(a, c);
	assert_int_equal(strlen(a), PAY_AKEY_LEN);
	assert_int_equal(strspn(a, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 8);
}

static void
a_bank_number_is_split_into_number_and_attempt(void **state)
{
	struct str number;
	char text[PAY_BANK_NO_MAX + 1];
	int n;

	(void)state;
	pay_bank_no(STR(NUMBER), 12, text);
	assert_string_equal(text, NUMBER "-12");
	assert_true(strlen(text) <= 30); /* what every bank takes */
	assert_true(pay_bank_no_split(str_of(text), &number, &n));
	assert_true(str_eq(number, STR(NUMBER)));
	assert_int_equal(n, 12);
}

static void
what_is_not_a_bank_number_is_refused(void **state)
{
	static const char *const bad[] = { "", NUMBER, NUMBER "-", NUMBER "-0",
		NUMBER "-01", NUMBER "-100", NUMBER "-1a", NUMBER "_1",
		"7k3m9qzt-4F8D2K1M0X-1", "7K3M9QZTX4F8D2K1M0X-1",
		"7K3M9QZI-4F8D2K1M0X-1", NUMBER "--1", " " NUMBER "-1" };
	struct str number;
	int n;

	(void)state;
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		assert_false(pay_bank_no_split(str_of(bad[i]), &number, &n));
}

static void
a_token_is_a_number_and_a_secret_of_full_length(void **state)
{
	struct str number, secret;

	(void)state;
	assert_true(pay_token_split(STR(NUMBER "." SECRET), &number, &secret));
	assert_true(str_eq(secret, STR(SECRET)));
	assert_false(pay_token_split(STR(NUMBER "-" SECRET), &number, &secret));
	assert_false(
	    pay_token_split(STR(NUMBER "." SECRET "0"), &number, &secret));
	assert_false(pay_token_split(
	    STR(NUMBER ".ABCDEFGHJKMNPQRSTVWXYZ012\0"), &number, &secret));
	assert_false(pay_token_split(STR(""), &number, &secret));
	assert_false(pay_token_split(
	    STR("7k3m9qzt-4F8D2K1M0X." SECRET), &number, &secret));
	assert_false(pay_token_split(
	    STR("7K3M9QZT-4f8d2k1m0x." SECRET), &number, &secret));
	assert_false(pay_token_split(STR("." SECRET), &number, &secret));
}

static void
money_was_taken_in_three_states_only(void **state)
{
	(void)state;
	for (int s = 0; s < PAY__COUNT; s++)
		assert_int_equal(pay_is_paid((enum pay_state)s),
		    s == PAY_PAID || s == PAY_PARTLY_REFUNDED ||
			s == PAY_REFUNDED);
}

static void
an_attempt_is_either_open_or_closed(void **state)
{
	(void)state;
	for (int s = 0; s < ATT__COUNT; s++) {
		bool open = s == ATT_INTENDED || s == ATT_REGISTERED ||
		    s == ATT_UNKNOWN;

		assert_int_equal(att_is_open((enum att_state)s), open);
		assert_int_equal(att_is_closed((enum att_state)s), !open);
	}
}

static void
an_attempt_is_found_by_its_number(void **state)
{
	const struct attempt all[] = { { .n = 1 }, { .n = 3 } };
	const struct payment pm = { .attempts = all, .attempts_len = 2 };

	(void)state;
	assert_ptr_equal(payment_attempt(&pm, 1), &all[0]);
	assert_ptr_equal(payment_attempt(&pm, 3), &all[1]);
	assert_null(payment_attempt(&pm, 2));
	assert_null(payment_attempt(&pm, 0));
}

static void
an_account_key_of_a_long_text_has_eight_digits_too(void **state)
{
	char text[300], key[PAY_AKEY_LEN + 1];

	(void)state;
	memset(text, 'x', sizeof(text));
	pay_akey(STR("portal"), (struct str){ text, sizeof(text) }, key);
	assert_int_equal(strlen(key), PAY_AKEY_LEN);
}

static enum open_step
opened(enum pay_state ps, enum att_state as, int64_t now)
{
	struct attempt t = attempt_in(as);
	struct payment pm = payment_in(ps, &t, 1);
	const struct attempt *at;

	return payment_on_open(&pm, now, PATIENCE, &at);
}

static void
a_first_visit_begins_an_attempt_while_the_payment_lives(void **state)
{
	struct payment pm = payment_in(PAY_CREATED, NULL, 0);
	const struct attempt *at;

	(void)state;
	assert_int_equal(
	    payment_on_open(&pm, pm.expires_at - 1, PATIENCE, &at), OPEN_NEW);
	assert_null(at);
	assert_int_equal(
	    payment_on_open(&pm, pm.expires_at, PATIENCE, &at), OPEN_RESULT);
}

static void
a_second_visit_goes_where_the_first_one_went(void **state)
{
	(void)state;
	assert_int_equal(opened(PAY_PENDING, ATT_REGISTERED, T0 + 1), OPEN_GO);
	assert_int_equal(
	    opened(PAY_PENDING, ATT_REGISTERED, T0 + 1199999), OPEN_GO);
	assert_int_equal(
	    opened(PAY_PENDING, ATT_REGISTERED, T0 + 1200000), OPEN_ASK);
	assert_int_equal(
	    opened(PAY_PENDING, ATT_INTENDED, T0 + PATIENCE - 1), OPEN_WAIT);
	assert_int_equal(
	    opened(PAY_PENDING, ATT_INTENDED, T0 + PATIENCE), OPEN_ASK);
	assert_int_equal(opened(PAY_PENDING, ATT_UNKNOWN, T0 + 1), OPEN_ASK);
	assert_int_equal(opened(PAY_DECLINED, ATT_DECLINED, T0), OPEN_NEW);
	assert_int_equal(opened(PAY_EXPIRED, ATT_EXPIRED, T0), OPEN_NEW);
	assert_int_equal(opened(PAY_DECLINED, ATT_REFUSED, T0), OPEN_NEW);
	assert_int_equal(
	    opened(PAY_EXPIRED, ATT_EXPIRED, T0 + DAY_MS), OPEN_RESULT);
}

static void
nothing_begins_when_paid_cancelled_or_on_a_case(void **state)
{
	struct attempt t = attempt_in(ATT_REGISTERED);
	struct payment pm = payment_in(PAY_PENDING, &t, 1);
	const struct attempt *at;

	(void)state;
	assert_int_equal(opened(PAY_PAID, ATT_PAID, T0), OPEN_RESULT);
	assert_int_equal(opened(PAY_REFUNDED, ATT_PAID, T0), OPEN_RESULT);
	assert_int_equal(
	    opened(PAY_CANCELLED, ATT_REGISTERED, T0), OPEN_RESULT);
	t.on_case = true;
	assert_int_equal(
	    payment_on_open(&pm, T0 + 1, PATIENCE, &at), OPEN_RESULT);
}

static void
a_registered_attempt_without_a_link_is_asked_about(void **state)
{
	struct attempt t = attempt_in(ATT_REGISTERED);
	struct payment pm = payment_in(PAY_PENDING, &t, 1);
	const struct attempt *at;

	(void)state;
	t.form_url = STR("");
	assert_int_equal(payment_on_open(&pm, T0 + 1, PATIENCE, &at), OPEN_ASK);
	assert_ptr_equal(at, &t);
}

static void
only_the_exact_sum_in_roubles_is_credited_and_only_once(void **state)
{
	struct attempt t[2] = { attempt_in(ATT_DECLINED),
		attempt_in(ATT_REGISTERED) };
	struct payment pm = payment_in(PAY_PENDING, t, 2);

	(void)state;
	t[1].n = 2;
	assert_int_equal(payment_on_paid(&pm, &t[1], 121800, 643), PAID_CREDIT);
	assert_int_equal(payment_on_paid(&pm, &t[1], 121800, 0), PAID_CREDIT);
	assert_int_equal(
	    payment_on_paid(&pm, &t[1], 121799, 643), PAID_WRONG_SUM);
	assert_int_equal(
	    payment_on_paid(&pm, &t[1], 121801, 643), PAID_WRONG_SUM);
	assert_int_equal(payment_on_paid(&pm, &t[1], -1, 643), PAID_WRONG_SUM);
	assert_int_equal(
	    payment_on_paid(&pm, &t[1], 121800, 840), PAID_WRONG_CURRENCY);
	pm.state = PAY_CANCELLED;
	assert_int_equal(payment_on_paid(&pm, &t[0], 121800, 643), PAID_CREDIT);
	pm.state = PAY_PAID;
	t[1].state = ATT_PAID;
	assert_int_equal(
	    payment_on_paid(&pm, &t[1], 121800, 643), PAID_REPEATED);
	assert_int_equal(payment_on_paid(&pm, &t[0], 121800, 643), PAID_SECOND);
}

static void
another_bank_is_open_only_to_what_nobody_can_have_paid(void **state)
{
	static const struct {
		enum att_state state;
		const char *reason, *bank_id;
		bool on_case, may;
	} cases[] = {
		{ ATT_REFUSED, "bank_unavailable", "", false, true },
		{ ATT_REFUSED, "pay_bank_down", "", false, true },
		{ ATT_REFUSED, "pay_order_refused", "", false, true },
		/* The payer's own, and what was unknown before. */
		{ ATT_REFUSED, "pay_bank_refused", "", false, false },
		{ ATT_REFUSED, "", "", false, false },
		{ ATT_REFUSED, "pay_bank_down", "ID-1", false, false },
		{ ATT_REFUSED, "pay_bank_down", "", true, false },
		/* The page was seen, or may have been. */
		{ ATT_REGISTERED, "", "", false, false },
		{ ATT_INTENDED, "bank_unavailable", "", false, false },
		{ ATT_UNKNOWN, "bank_unavailable", "", false, false },
		{ ATT_DECLINED, "pay_bank_down", "", false, false },
		{ ATT_EXPIRED, "pay_bank_down", "", false, false },
		{ ATT_PAID, "pay_bank_down", "", false, false },
	};
	struct attempt all[2] = { attempt_in(ATT_REFUSED),
		attempt_in(ATT_REFUSED) };
	struct payment pm = payment_in(PAY_DECLINED, all, 2);

	(void)state;
	all[0].reason = STR("pay_bank_down");
	all[0].bank_id = STR("");
	all[0].contract = all[1].contract = STR("a");
	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		all[1].state = cases[i].state;
		all[1].reason = str_of(cases[i].reason);
		all[1].bank_id = str_of(cases[i].bank_id);
		all[1].on_case = cases[i].on_case;
		assert_int_equal(payment_may_switch(&pm), cases[i].may);
	}
	assert_int_equal(payment_tries(&pm, STR("a")), 2);
	assert_int_equal(payment_tries(&pm, STR("b")), 0);
	pm.attempts_len = 0;
	assert_true(payment_may_switch(&pm));
}

static void
a_payment_ends_with_its_last_open_attempt(void **state)
{
	struct attempt t[2] = { attempt_in(ATT_REGISTERED),
		attempt_in(ATT_REGISTERED) };
	struct payment pm = payment_in(PAY_PENDING, t, 2);

	(void)state;
	t[1].n = 2;
	assert_int_equal(
	    payment_after_end(&pm, &t[1], ATT_DECLINED), PAY_PENDING);
	t[0].state = ATT_DECLINED;
	assert_int_equal(
	    payment_after_end(&pm, &t[1], ATT_DECLINED), PAY_DECLINED);
	assert_int_equal(
	    payment_after_end(&pm, &t[1], ATT_REFUSED), PAY_DECLINED);
	assert_int_equal(
	    payment_after_end(&pm, &t[1], ATT_EXPIRED), PAY_EXPIRED);
	pm.state = PAY_CANCELLED;
	assert_int_equal(
	    payment_after_end(&pm, &t[1], ATT_EXPIRED), PAY_CANCELLED);
	pm.state = PAY_PAID;
	assert_int_equal(payment_after_end(&pm, &t[1], ATT_EXPIRED), PAY_PAID);
}

static void
what_is_paid_ended_or_on_a_case_cannot_be_cancelled(void **state)
{
	struct attempt t = attempt_in(ATT_REGISTERED);
	struct payment pm = payment_in(PAY_PENDING, &t, 1);

	(void)state;
	assert_true(payment_may_cancel(&pm));
	t.on_case = true;
	assert_false(payment_may_cancel(&pm));
	t.on_case = false;
	pm.state = PAY_PAID;
	assert_false(payment_may_cancel(&pm));
	pm.state = PAY_DECLINED;
	assert_true(payment_may_cancel(&pm));
}

static void
questions_come_in_growing_pauses_and_end_a_day_after_the_expiry(void **state)
{
	struct attempt t = attempt_in(ATT_REGISTERED);
	int64_t now = T0, next;
	int asked = 0;

	(void)state;
	assert_int_equal(payment_next_ask(&t, T0, 10000), T0 + 10000);
	assert_int_equal(payment_next_ask(&t, T0 + 100000, 10000), T0 + 150000);
	/* One falls right after the expiry. */
	assert_int_equal(
	    payment_next_ask(&t, T0 + 1190000, 10000), t.expires_at + 10000);
	for (; (next = payment_next_ask(&t, now, 10000)) != 0; now = next) {
		assert_true(next > now);
		assert_true(next - now <= 3600000);
		assert_true(++asked < 100);
	}
	assert_int_equal(now, t.expires_at + DAY_MS);
}

static struct pay_line
line(const char *supplier, const char *account, int64_t kop)
{
	return (struct pay_line){ .supplier = str_of(supplier),
		.service = STR("zhku"),
		.account = str_of(account),
		.sum_kop = kop };
}

static void
a_bill_is_the_same_in_any_order_and_another_with_another_sum(void **state)
{
	struct arena *a = arena_new(1 << 20);
	struct pay_line x[] = { line("a", "1", 100), line("b", "2", 200) };
	struct pay_line y[] = { line("b", "2", 200), line("a", "1", 100) };
	struct pay_line z[] = { line("b", "2", 201), line("a", "1", 100) };
	struct str who = STR("me@mail.example");

	(void)state;
	assert_true(str_eq(bill_mark(a, x, 2, who), bill_mark(a, y, 2, who)));
	assert_false(str_eq(bill_mark(a, x, 2, who), bill_mark(a, z, 2, who)));
	assert_false(str_eq(bill_mark(a, x, 1, who), bill_mark(a, x, 2, who)));
	assert_int_equal(bill_mark(a, x, 2, who).len, BILL_MARK_LEN);
	assert_true(str_eq(bill_home(x, 2), STR("1")));
	assert_true(str_eq(bill_home(y, 2), STR("1")));
	assert_false(str_eq(bill_mark(a, x, 2, who),
	    bill_mark(a, x, 2, STR("you@mail.example"))));
	arena_free(a);
}

static void
a_bill_without_a_payer_belongs_to_an_address_or_to_everybody(void **state)
{
	struct arena *a = arena_new(1 << 20);
	struct str none = STR(""), mail = STR("Me@Mail.example");

	(void)state;
	assert_true(str_eq(bill_owner(a, STR("user-1"), mail), none));
	assert_true(str_eq(bill_owner(a, none, mail), STR("me@mail.example")));
	assert_true(str_eq(bill_owner(a, none, none), none));
	arena_free(a);
}

static void
a_visitor_is_led_to_what_is_open_or_was_paid_meanwhile(void **state)
{
	struct attempt t = attempt_in(ATT_REGISTERED);
	struct payment holder = payment_in(PAY_PENDING, &t, 1);
	struct payment mine = payment_in(PAY_CREATED, NULL, 0);

	(void)state;
	assert_false(bill_leads(&holder, &holder));
	mine.number = STR("7K3M9QZT-0000000000");
	assert_true(bill_leads(&holder, &mine));
	t.state = ATT_DECLINED;
	holder.state = PAY_DECLINED;
	assert_false(bill_leads(&holder, &mine));
	holder.state = PAY_PAID;
	holder.paid_at = mine.created_at;
	assert_true(bill_leads(&holder, &mine));
	holder.paid_at = mine.created_at - 1; /* last month's: another bill */
	assert_false(bill_leads(&holder, &mine));
}

static void
a_return_address_must_be_of_a_listed_host(void **state)
{
	static const struct str hosts[] = { { "front.example", 13 },
		{ "localhost", 9 } };
	static const char *const good[] = { "https://front.example",
		"https://front.example/", "https://FRONT.example/a?b=1#c",
		"http://localhost:3000/x", "https://front.example?x=@" };
	static const char *const bad[] = { "", "front.example",
		"//front.example/", "javascript:alert(1)",
		"https://front.example.evil/", "https://evil/front.example",
		"https://user@front.example/", "https://front.example@evil/",
		"https://evil\\front.example/", "https://front.example:x/",
		"https://front.example/\r\nX: y", "ftp://front.example/",
		"https://sub.front.example/", "https:///front.example",
		"https://front.example/ x", "https://front.example:-1/",
		"https://front.example/\x7f", "https://front.example/ё",
		"https://front.example/\"", "https://front.example/<",
		"https://front.example/>" };

	(void)state;
	for (size_t i = 0; i < KV_COUNT(good); i++)
		assert_true(bill_return_ok(str_of(good[i]), hosts, 2));
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		assert_false(bill_return_ok(str_of(bad[i]), hosts, 2));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_state_has_a_name_and_is_found_by_it),
		cmocka_unit_test(
		    a_late_confirmation_wins_over_every_unpaid_state),
		cmocka_unit_test(a_paid_payment_goes_to_refunds_only),
		cmocka_unit_test(
		    an_account_key_is_eight_digits_that_depend_on_portal_and_account),
		cmocka_unit_test(
		    a_bank_number_is_split_into_number_and_attempt),
		cmocka_unit_test(what_is_not_a_bank_number_is_refused),
		cmocka_unit_test(
		    a_token_is_a_number_and_a_secret_of_full_length),
		cmocka_unit_test(money_was_taken_in_three_states_only),
		cmocka_unit_test(an_attempt_is_either_open_or_closed),
		cmocka_unit_test(an_attempt_is_found_by_its_number),
		cmocka_unit_test(
		    an_account_key_of_a_long_text_has_eight_digits_too),
		cmocka_unit_test(
		    a_first_visit_begins_an_attempt_while_the_payment_lives),
		cmocka_unit_test(a_second_visit_goes_where_the_first_one_went),
		cmocka_unit_test(
		    nothing_begins_when_paid_cancelled_or_on_a_case),
		cmocka_unit_test(
		    a_registered_attempt_without_a_link_is_asked_about),
		cmocka_unit_test(
		    only_the_exact_sum_in_roubles_is_credited_and_only_once),
		cmocka_unit_test(
		    another_bank_is_open_only_to_what_nobody_can_have_paid),
		cmocka_unit_test(a_payment_ends_with_its_last_open_attempt),
		cmocka_unit_test(
		    what_is_paid_ended_or_on_a_case_cannot_be_cancelled),
		cmocka_unit_test(
		    questions_come_in_growing_pauses_and_end_a_day_after_the_expiry),
		cmocka_unit_test(
		    a_bill_is_the_same_in_any_order_and_another_with_another_sum),
		cmocka_unit_test(
		    a_bill_without_a_payer_belongs_to_an_address_or_to_everybody),
		cmocka_unit_test(
		    a_visitor_is_led_to_what_is_open_or_was_paid_meanwhile),
		cmocka_unit_test(a_return_address_must_be_of_a_listed_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
