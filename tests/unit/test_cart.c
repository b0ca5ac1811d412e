/* Unit tests of domain/cart. */
#include "kvitok/domain/cart.h"

#include "kvitok/base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct arena *a;
static struct fault f;

static int
begin(void **state)
{
	(void)state;
	a = arena_new((size_t)64 << 20);
	fault_init(&f);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
#define assert_text(s, z) assert_true(str_eq((s), str_of(z)))

static struct cart_line
line(int64_t sum, int64_t debt)
{
	return (struct cart_line){ .title = STR("Отопление"),
		.account = STR("10019743"),
		.sum_kop = sum,
		.debt_kop = debt,
		.rule = { CART_VAT_22, CART_SUBJECT_SERVICE, 0, true },
		.supplier_inn = STR("3811090113"),
		.supplier_name = STR("ООО «Тепло»"),
		.supplier_phone = STR("+73952000000") };
}

static struct cart
built(const struct cart_line *lines, size_t len, int64_t fee)
{
	struct cart_bill b = { .lines = lines,
		.lines_len = len,
		.fee_kop = fee,
		.fee = { CART_VAT_NONE, CART_SUBJECT_AGENT_FEE, 0, false },
		.name_max = 100 };
	struct cart c;

	assert_int_equal(cart_of_bill(a, &b, &c, &f), ERR_OK);
	return c;
}

static void
a_billed_sum_is_one_position_of_full_payment(void **state)
{
	struct cart_line l = line(120000, 120000);
	struct cart c = built(&l, 1, 1800);

	(void)state;
	assert_int_equal(c.len, 2);
	assert_int_equal(c.total_kop, 121800);
	assert_int_equal(c.items[0].n, 1);
	assert_int_equal(c.items[0].line, 1);
	assert_int_equal(c.items[0].method, CART_METHOD_FULL);
	assert_int_equal(c.items[0].subject, CART_SUBJECT_SERVICE);
	assert_int_equal(c.items[0].vat, CART_VAT_22);
	assert_text(c.items[0].name, "Отопление, л/с 10019743");
	/* No agent, no supplier on the receipt. */
	assert_int_equal(c.items[0].supplier_inn.len, 0);
	assert_int_equal(c.items[1].line, 0);
	assert_int_equal(c.items[1].sum_kop, 1800);
	assert_int_equal(c.items[1].subject, CART_SUBJECT_AGENT_FEE);
	assert_int_equal(c.items[1].vat, CART_VAT_NONE);
}

static void
what_is_above_the_debt_is_an_advance(void **state)
{
	static const struct {
		int64_t sum, debt;
		bool advance;
		size_t len;
		int64_t first;
		enum cart_method method; /* of the last position */
	} t[] = {
		{ 100, 100, true, 1, 100, CART_METHOD_FULL },
		{ 101, 100, true, 2, 100, CART_METHOD_ADVANCE },
		{ 99, 100, true, 1, 99, CART_METHOD_FULL },
		{ 100, 0, true, 1, 100, CART_METHOD_ADVANCE },
		{ 100, -1, true, 1, 100, CART_METHOD_FULL },
		{ 101, 100, false, 1, 101, CART_METHOD_FULL },
		{ 100, 0, false, 1, 100, CART_METHOD_FULL },
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(t); i++) {
		struct cart_line l = line(t[i].sum, t[i].debt);
		struct cart c;

		l.rule.advance = t[i].advance;
		c = built(&l, 1, 0);
		assert_int_equal(c.len, t[i].len);
		assert_int_equal(c.items[0].sum_kop, t[i].first);
		assert_int_equal(c.items[c.len - 1].method, t[i].method);
		if (t[i].method == CART_METHOD_ADVANCE) {
			assert_int_equal(
			    c.items[c.len - 1].vat, CART_VAT_22_122);
			assert_int_equal(
			    c.items[c.len - 1].subject, CART_SUBJECT_PAYMENT);
		}
	}
}

static void
an_agent_names_his_supplier(void **state)
{
	struct cart_line l = line(100, 100);
	struct cart c;

	(void)state;
	l.agent = CART_AGENT_PAYING;
	c = built(&l, 1, 0);
	assert_int_equal(c.items[0].agent, CART_AGENT_PAYING);
	assert_text(c.items[0].supplier_inn, "3811090113");
	assert_text(c.items[0].supplier_name, "ООО \"Тепло\"");
	assert_text(c.items[0].supplier_phone, "+73952000000");
}

static void
names_keep_what_registers_print_and_lose_nothing_unseen(void **state)
{
	static const struct {
		const char *from, *to;
	} t[] = {
		{ "Ёлка ёж № 5", "Ёлка ёж № 5" },
		{ "ООО «Свет» — 3 м³", "ООО \"Свет\" - 3 м3" },
		{ "вода\u00A0горячая,\u202F5\u00A0°C", "вода горячая, 5 гр.C" },
		{ "  много   пробелов\t\n ", "много пробелов" },
		{ "<b>₽ € …", "(b)руб. евро ..." },
		{ "日本 ä", "?? ?" },
		{ "де\u00ADфис", "дефис" },
		{ "½ × 2 ± 1", "1/2 x 2 +/- 1" },
		{ "\x01\x7f", "" },
		{ "bad \xff", "bad ?" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(t); i++)
		assert_text(cart_text(a, str_of(t[i].from)), t[i].to);
}

static void
a_long_title_is_cut_where_it_is_seen_and_the_account_stays(void **state)
{
	struct str long_title =
	    STR("Содержание и текущий ремонт общего имущества многоквартирного "
		"дома, включая уборку, вывоз снега и обслуживание лифтов");
	struct str name = cart_name(a, long_title, STR("10019743"), 100);

	(void)state;
	assert_true(utf8_len(name) <= 100);
	assert_true(str_ends(name, STR("..., л/с 10019743")));
	assert_true(str_starts(name, STR("Содержание и текущий ремонт")));
	name = cart_name(a, STR("Газ"), STR(""), 100);
	assert_text(name, "Газ");
	/* Exactly as long as may be. */
	name = cart_name(
	    a, STR("12345678901234567890123456789"), STR("12345"), 40);
	assert_text(name, "12345678901234567890123456789, л/с 12345");
	name = cart_name(
	    a, STR("123456789012345678901234567890"), STR("12345"), 40);
	assert_text(name, "12345678901234567890123456..., л/с 12345");
	/* An account that fills it all. */
	name = cart_name(
	    a, STR("Газ"), STR("1234567890123456789012345678901234567890"), 40);
	assert_int_equal(utf8_len(name), 40);
}

static void
vat_is_the_part_inside_rounded_half_up(void **state)
{
	(void)state;
	assert_int_equal(cart_vat_kop(CART_VAT_NONE, 12200), 0);
	assert_int_equal(cart_vat_kop(CART_VAT_0, 12200), 0);
	assert_int_equal(cart_vat_kop(CART_VAT_22, 12200), 2200);
	assert_int_equal(cart_vat_kop(CART_VAT_22_122, 12200), 2200);
	assert_int_equal(cart_vat_kop(CART_VAT_20, 12000), 2000);
	assert_int_equal(cart_vat_kop(CART_VAT_5, 10500), 500);
	assert_int_equal(cart_vat_kop(CART_VAT_7_107, 10700), 700);
	assert_int_equal(cart_vat_kop(CART_VAT_10, 11000), 1000);
	assert_int_equal(cart_vat_kop(CART_VAT_20, 3), 1); /* 0.5 */
	assert_int_equal(cart_vat_kop(CART_VAT_20, 2), 0); /* 0.33 */
	assert_int_equal(cart_vat_kop(CART_VAT_5, 11), 1); /* 0.52 */
	assert_int_equal(cart_vat_kop(CART_VAT_5, 10), 0); /* 0.48 */
}

static void
rates_and_agents_have_words(void **state)
{
	enum cart_vat vat;
	enum cart_agent agent;

	(void)state;
	for (int i = 0; i < CART_VAT__COUNT; i++) {
		assert_true(
		    cart_vat_of(str_of(cart_vat_name((enum cart_vat)i)), &vat));
		assert_int_equal(vat, i);
		/* The rate of an advance is that of an advance. */
		vat = cart_vat_of_advance((enum cart_vat)i);
		assert_int_equal(cart_vat_of_advance(vat), vat);
	}
	assert_false(cart_vat_of(STR("18"), &vat));
	for (int i = 0; i < CART_AGENT__COUNT; i++) {
		assert_true(cart_agent_of(
		    str_of(cart_agent_name((enum cart_agent)i)), &agent));
		assert_int_equal(agent, i);
	}
	assert_false(cart_agent_of(STR("spy"), &agent));
}

static void
a_refund_takes_the_advance_first_and_keeps_the_rates(void **state)
{
	struct cart_line l = line(150, 100);
	struct cart sold = built(&l, 1, 10), back;
	int64_t gone[3] = { 0 };
	struct refund_line part = { .n = 1, .sum_kop = 60 };
	struct refund r = { .sum_kop = 60, .lines = &part, .lines_len = 1 };

	(void)state;
	assert_int_equal(cart_of_refund(a, &sold, gone, &r, &back, &f), ERR_OK);
	assert_int_equal(back.len, 2);
	assert_int_equal(back.total_kop, 60);
	assert_int_equal(back.items[0].n, 1);
	assert_int_equal(back.items[0].sum_kop, 10);
	assert_int_equal(back.items[0].vat, CART_VAT_22);
	assert_int_equal(back.items[1].n, 2);
	assert_int_equal(back.items[1].sum_kop, 50);
	assert_int_equal(back.items[1].vat, CART_VAT_22_122);
	/* The rest, with the commission. */
	gone[0] = 10;
	gone[1] = 50;
	part.sum_kop = r.sum_kop = 90;
	r.fee_kop = part.fee_kop = 10;
	assert_int_equal(cart_of_refund(a, &sold, gone, &r, &back, &f), ERR_OK);
	assert_int_equal(back.len, 2);
	assert_int_equal(back.items[0].sum_kop, 90);
	assert_int_equal(back.items[1].n, 3);
	assert_int_equal(back.items[1].line, 0);
	/* A kopeck more than is left. */
	part.sum_kop = r.sum_kop = 91;
	assert_int_equal(
	    cart_of_refund(a, &sold, gone, &r, &back, &f), ERR_BUG);
	assert_string_equal(f.reason, "cart_unbalanced");
}

static void
a_cart_that_does_not_add_up_is_never_fit(void **state)
{
	struct cart_line l[] = { line(100, 100), line(50, 50) };
	struct cart c = built(l, 2, 5);
	struct cart_item items[3];

	(void)state;
	assert_int_equal(cart_check(&c, 155, &f), ERR_OK);
	assert_int_equal(cart_check(&c, 156, &f), ERR_BUG);
	assert_int_equal(cart_check(&c, 154, &f), ERR_BUG);
	c.total_kop = 156;
	assert_int_equal(cart_check(&c, 155, &f), ERR_BUG);
	assert_int_equal(
	    cart_check(&(struct cart){ c.items, 0, 0 }, 0, &f), ERR_BUG);
	for (int i = 0; i < 8; i++) {
		struct cart x = { items, 3, 155 };

		memcpy(items, built(l, 2, 5).items, sizeof(items));
		assert_int_equal(cart_check(&x, 155, &f), ERR_OK);
		switch (i) {
		case 0:
			items[1].price_kop++;
			break;
		case 1:
			items[1].quantity_milli = 0;
			break;
		case 2:
			items[1].name = STR("");
			break;
		case 3:
			items[1].n = 1;
			break;
		case 4:
			items[1].measure = 256;
			break;
		case 5:
			items[1].measure = -1;
			break;
		case 6:
			items[1].sum_kop = items[1].price_kop = 0;
			items[0].sum_kop = items[0].price_kop = 150;
			break;
		default:
			items[0].n = 0;
			break;
		}
		assert_int_equal(cart_check(&x, 155, &f), ERR_BUG);
		assert_string_equal(f.reason, "cart_unbalanced");
	}
}

static void
sums_beyond_64_bits_are_refused(void **state)
{
	struct cart_line l[] = { line(INT64_MAX, -1), line(1, -1) };
	struct cart_bill b = { .lines = l, .lines_len = 2, .name_max = 100 };
	struct cart c;

	(void)state;
	assert_int_equal(cart_of_bill(a, &b, &c, &f), ERR_LIMIT);
}

/* --- 10 000 payments and their refunds -------------------------------- */

#define SEED UINT64_C(20261128)
#define ROUNDS 10000
#define REFUNDS 6

static uint64_t dice;

static int64_t
below(int64_t n)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return (int64_t)(dice % (uint64_t)n);
}

struct play {
	struct pay_line lines[PAY_LINES_MAX];
	struct cart_line cart_lines[PAY_LINES_MAX];
	struct payment pm;
	struct cart sold;
	int64_t gone[CART_ITEMS_MAX];
	struct refund list[REFUNDS + 1];
	size_t refunds;
};

static void
play_begin(struct play *p)
{
	*p = (struct play){ .pm = { .lines = p->lines } };
	p->pm.lines_len = (size_t)below(below(20) == 0 ? PAY_LINES_MAX : 4) + 1;
	for (size_t i = 0; i < p->pm.lines_len; i++) {
		int64_t sum = below(3) == 0 ? below(5) + 1 : below(1500000) + 1;
		bool freed = below(4) == 0; /* of commission */

		p->lines[i] = (struct pay_line){ .sum_kop = sum,
			.fee_kop = freed ? 0 : below(30000),
			.loss_kop = freed ? below(30000) : 0 };
		p->cart_lines[i] =
		    line(sum, below(4) == 0 ? -1 : below(sum * 2));
		p->cart_lines[i].rule.vat =
		    (enum cart_vat)below(CART_VAT_5_105);
		p->cart_lines[i].rule.advance = below(3) > 0;
		p->cart_lines[i].agent =
		    (enum cart_agent)below(CART_AGENT__COUNT);
		p->pm.sum_kop += sum;
		p->pm.fee_kop += p->lines[i].fee_kop;
	}
	p->pm.total_kop = p->pm.sum_kop + p->pm.fee_kop;
}

static bool
adds_up(const struct cart *c, int64_t total)
{
	int64_t sum = 0;

	for (size_t i = 0; i < c->len; i++)
		sum += c->items[i].sum_kop;
	return sum == total && c->total_kop == total;
}

/* Gives: false when the refund is not one that could be made. */
static bool
play_refund(struct play *p, bool *good)
{
	struct refund_want want = { .n = (int)below((int64_t)p->pm.lines_len) +
		    1 };
	struct refund_ask ask = { .fee = (enum refund_fee)below(3) };
	struct refund_plan *plan = ARENA_NEW(a, struct refund_plan);
	struct refund *r = &p->list[p->refunds];
	struct cart back;

	if (below(3) == 0)
		ask.sum_kop = below(p->pm.sum_kop) + 1;
	else if (below(3) > 0) {
		want.sum_kop =
		    below(2) == 0 ? 0 : below(p->lines[want.n - 1].sum_kop) + 1;
		ask.lines = &want;
		ask.lines_len = 1;
	}
	if (refund_share(&p->pm, p->list, p->refunds, &ask, plan, &f) != ERR_OK)
		return false;
	*r = (struct refund){ .state = REFUND_DONE,
		.sum_kop = plan->sum_kop,
		.fee_kop = plan->fee_kop,
		.lines = plan->lines,
		.lines_len = plan->lines_len };
	p->refunds++;
	*good = cart_of_refund(a, &p->sold, p->gone, r, &back, &f) == ERR_OK &&
	    adds_up(&back, refund_total(r));
	for (size_t i = 0; *good && i < back.len; i++) {
		const struct cart_item *x = &back.items[i];
		const struct cart_item *was = &p->sold.items[x->n - 1];

		p->gone[x->n - 1] += x->sum_kop;
		*good = was->n == x->n && was->vat == x->vat &&
		    was->method == x->method && was->line == x->line &&
		    p->gone[x->n - 1] <= was->sum_kop;
	}
	return true;
}

static void
carts_of_10_000_payments_and_their_refunds_add_up(void **state)
{
	struct play *p = malloc(sizeof(*p));

	(void)state;
	assert_non_null(p);
	for (int round = 0; round < ROUNDS; round++) {
		struct cart_bill b;
		bool good;

		dice = SEED + (uint64_t)round * 7919;
		play_begin(p);
		b = (struct cart_bill){ .lines = p->cart_lines,
			.lines_len = p->pm.lines_len,
			.fee_kop = p->pm.fee_kop,
			.fee = { CART_VAT_22, CART_SUBJECT_SERVICE, 0, false },
			.name_max = 100 };
		good = cart_of_bill(a, &b, &p->sold, &f) == ERR_OK &&
		    adds_up(&p->sold, p->pm.total_kop);
		for (int i = 0; i < REFUNDS && good; i++)
			(void)play_refund(p, &good);
		if (!good)
			print_error("seed %llu: %s\n",
			    (unsigned long long)(SEED + (uint64_t)round * 7919),
			    f.detail);
		assert_true(good);
		arena_reset(a);
	}
	free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_billed_sum_is_one_position_of_full_payment),
		T(what_is_above_the_debt_is_an_advance),
		T(an_agent_names_his_supplier),
		T(names_keep_what_registers_print_and_lose_nothing_unseen),
		T(a_long_title_is_cut_where_it_is_seen_and_the_account_stays),
		T(vat_is_the_part_inside_rounded_half_up),
		T(rates_and_agents_have_words),
		T(a_refund_takes_the_advance_first_and_keeps_the_rates),
		T(a_cart_that_does_not_add_up_is_never_fit),
		T(sums_beyond_64_bits_are_refused),
		T(carts_of_10_000_payments_and_their_refunds_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
