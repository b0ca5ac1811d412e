/* Unit tests of bank/sber_cart and bank/settings_fiscal. */
#include "bank_test.h"

#include "kvitok/bank/sber_cart.h"
#include "kvitok/bank/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GOLDEN_MAX 16384

static int64_t
now(void *self)
{
	(void)self;
	return INT64_C(1795230000000); /* 2026-11-21 06:00 in Moscow */
}

static const struct clock clock_of_test = { .now = now };

static const struct cart_item items[] = {
	{ .n = 1,
	    .line = 1,
	    .name = { "Gaz", 3 },
	    .price_kop = 120000,
	    .sum_kop = 120000,
	    .quantity_milli = 1000,
	    .vat = CART_VAT_22,
	    .method = CART_METHOD_FULL,
	    .subject = CART_SUBJECT_SERVICE,
	    .agent = CART_AGENT_PAYING,
	    .supplier_inn = { "3811090113", 10 },
	    .supplier_name = { "OOO \"Gaz\"", 9 },
	    .supplier_phone = { "+73952000000", 12 } },
	{ .n = 2,
	    .line = 1,
	    .name = { "Gaz, advance", 12 },
	    .price_kop = 500,
	    .sum_kop = 500,
	    .quantity_milli = 1000,
	    .vat = CART_VAT_22_122,
	    .method = CART_METHOD_ADVANCE,
	    .subject = CART_SUBJECT_PAYMENT },
	{ .n = 3,
	    .name = { "Fee", 3 },
	    .price_kop = 1800,
	    .sum_kop = 1800,
	    .quantity_milli = 1000,
	    .vat = CART_VAT_NONE,
	    .method = CART_METHOD_FULL,
	    .subject = CART_SUBJECT_AGENT_FEE },
};
static const struct cart cart = { items, 3, 122300 };

static struct contract
contract(enum contract_dialect dialect, bool ffd_1_2)
{
	struct contract c = { .dialect = dialect,
		.clock = &clock_of_test,
		.fiscal = true,
		.ffd_1_2 = ffd_1_2,
		.tax_system_word = STR("osn"),
		.fiscal_inn = STR("3811090113"),
		.fiscal_email = STR("cheque@kvitok.example"),
		.fiscal_place = STR("https://kvitok.example") };

	c.tax_codes[CART_VAT_22] = 14;
	c.tax_codes[CART_VAT_22_122] = 15;
	return c;
}

/* Gives: the expected text, without its last line end. */
static struct str
golden(struct fixture *fx, const char *name)
{
	char *text = arena_alloc(fx->a, GOLDEN_MAX);
	FILE *in = fopen(arena_fmt(fx->a, "tests/golden/%s", name).p, "rb");
	size_t len;

	assert_non_null(in);
	len = fread(text, 1, GOLDEN_MAX, in);
	assert_true(len < GOLDEN_MAX);
	assert_int_equal(fclose(in), 0);
	return str_trim((struct str){ text, len });
}

static struct str
param(const struct sber_param *params, size_t len, const char *name)
{
	for (size_t i = 0; i < len; i++)
		if (strcmp(params[i].name, name) == 0)
			return params[i].text;
	return STR_NONE;
}

static void
check_order(struct fixture *fx, const struct contract *c, struct str email,
    const char *file)
{
	struct bank_order o = {
		.total_kop = 122300, .cart = &cart, .email = email
	};
	struct sber_param params[4];
	struct str want = golden(fx, file);
	size_t len = 0;

	assert_int_equal(
	    sber_cart_order(c, fx->a, &o, params, &len, &fx->f), ERR_OK);
	assert_text(param(params, len, "orderBundle"), arena_z(fx->a, want));
	if (c->dialect == CONTRACT_NEW)
		assert_text(param(params, len, "email"), "p@example.org");
}

static void
an_order_of_the_old_dialect_is_as_its_manual_shows(void **state)
{
	struct fixture *fx = *state;
	struct contract c = contract(CONTRACT_OLD, false);

	check_order(fx, &c, STR("p@example.org"), "cart-old.json");
}

static void
an_order_of_the_new_dialect_is_as_its_api_shows(void **state)
{
	struct fixture *fx = *state;
	struct contract c = contract(CONTRACT_NEW, true);

	check_order(fx, &c, STR("p@example.org"), "cart-new.json");
}

static void
without_a_payers_address_the_receipt_comes_to_us(void **state)
{
	struct fixture *fx = *state;
	struct contract c = contract(CONTRACT_NEW, false);
	struct bank_order o = { .total_kop = 122300, .cart = &cart };
	struct sber_param params[4];
	size_t len = 0;

	assert_int_equal(
	    sber_cart_order(&c, fx->a, &o, params, &len, &fx->f), ERR_OK);
	assert_text(param(params, len, "email"), "cheque@kvitok.example");
}

static void
a_refund_brings_its_positions_in_the_shape_of_its_dialect(void **state)
{
	struct fixture *fx = *state;
	struct contract c = contract(CONTRACT_OLD, false);
	struct bank_refund r = { .sum_kop = 122300, .cart = &cart };
	struct sber_param out;

	assert_int_equal(sber_cart_refund(&c, fx->a, &r, &out, &fx->f), ERR_OK);
	assert_string_equal(out.name, "refundItems");
	assert_true(
	    str_starts(out.text, STR("{\"items\":[{\"positionId\":1,")));
	c = contract(CONTRACT_NEW, false);
	assert_int_equal(sber_cart_refund(&c, fx->a, &r, &out, &fx->f), ERR_OK);
	assert_string_equal(out.name, "orderBundle");
	assert_true(str_find(out.text, STR("\"receiptType\":\"sell_refund\"")) <
	    out.text.len);
	/* Words of format 1.05. */
	assert_true(
	    str_find(out.text, STR("\"paymentObject\":\"agent_commission\"")) <
	    out.text.len);
}

static void
a_cart_that_does_not_add_up_is_refused_before_any_call(void **state)
{
	struct fixture *fx = *state;
	struct contract c = contract(CONTRACT_OLD, false);
	struct bank_order o = { .total_kop = 122301, .cart = &cart };
	struct bank_refund r = { .sum_kop = 122299, .cart = &cart };
	struct sber_param params[4], out;
	size_t len = 0;

	assert_int_equal(
	    sber_cart_order(&c, fx->a, &o, params, &len, &fx->f), ERR_BUG);
	assert_string_equal(fx->f.reason, "cart_unbalanced");
	assert_int_equal(len, 0);
	assert_int_equal(
	    sber_cart_refund(&c, fx->a, &r, &out, &fx->f), ERR_BUG);
	assert_string_equal(fx->f.reason, "cart_unbalanced");
}

/* --- settings --------------------------------------------------------- */

static char path[] = "/tmp/kvitok-cart.XXXXXX";

static bool
settings(struct fixture *fx, const char *more, struct contract *c,
    const char *complaint)
{
	struct conf *conf;
	struct buf report;
	struct str text = arena_fmt(fx->a,
	    "[contract x]\nbank = sberbank\ndialect = old\n"
	    "base_url = https://bank.example/\nlogin = l\n%s\n",
	    more);
	FILE *out = fopen(path, "wb");
	bool good;

	assert_non_null(out);
	assert_int_equal(fwrite(text.p, 1, text.len, out), text.len);
	assert_int_equal(fclose(out), 0);
	buf_init(&report, fx->a, 1 << 16);
	*c = (struct contract){ .life_s = 0 };
	assert_int_equal(conf_load(fx->a, path, bank_conf, bank_conf_len, &conf,
			     &report, &fx->f),
	    ERR_OK);
	good = settings_contract(fx->a, conf, STR("x"), 0, c, &report);
	if (complaint && !strstr(arena_z(fx->a, buf_str(&report)), complaint))
		fail_msg(
		    "no \"%s\" in %.*s", complaint, STR_ARG(buf_str(&report)));
	return good;
}

#define OWNER                                                                  \
	"fiscal_inn = 3811090113\nfiscal_email = a@b.ru\n"                     \
	"fiscal_place = https://b.ru\n"

static void
settings_of_receipts_are_judged(void **state)
{
	struct fixture *fx = *state;
	struct contract c;

	/* The contract has no password: it is never good, but says why. */
	(void)settings(fx, "fiscal = bank", &c, "fiscal = bank needs it");
	(void)settings(fx, "fiscal = bank\n" OWNER, &c, NULL);
	assert_true(c.fiscal);
	assert_int_equal(c.tax_codes[CART_VAT_NONE], 0);
	assert_int_equal(c.tax_codes[CART_VAT_22], 14);
	(void)settings(fx,
	    "fiscal = bank\n" OWNER "tax_system = esn\n"
	    "tax_codes = 22=20, 22/122=21, none=9",
	    &c, NULL);
	assert_int_equal(c.tax_system, 4);
	assert_text(c.tax_system_word, "esn");
	assert_int_equal(c.tax_codes[CART_VAT_22], 20);
	assert_int_equal(c.tax_codes[CART_VAT_22_122], 21);
	assert_int_equal(c.tax_codes[CART_VAT_NONE], 9);
	(void)settings(fx, "tax_codes = 18=3", &c, "wanted: RATE=CODE");
	(void)settings(fx, "tax_codes = 22", &c, "wanted: RATE=CODE");
	(void)settings(fx, "tax_codes = 22=-1", &c, "wanted: RATE=CODE");
	(void)settings(fx, "fiscal = bank\nffd = 1.2\n" OWNER, &c,
	    "dialect = old knows 1.05 alone");
	(void)settings(fx,
	    "fiscal = bank\nfiscal_inn = 3811090114\n"
	    "fiscal_email = a@b.ru\nfiscal_place = x",
	    &c, "its control digit is wrong");
	(void)settings(fx, "", &c, NULL);
	assert_false(c.fiscal);
}

static int
make(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int
end(void **state)
{
	(void)state;
	return unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(an_order_of_the_old_dialect_is_as_its_manual_shows),
		T(an_order_of_the_new_dialect_is_as_its_api_shows),
		T(without_a_payers_address_the_receipt_comes_to_us),
		T(a_refund_brings_its_positions_in_the_shape_of_its_dialect),
		T(a_cart_that_does_not_add_up_is_refused_before_any_call),
		T(settings_of_receipts_are_judged),
	};

	return cmocka_run_group_tests(tests, make, end);
}
