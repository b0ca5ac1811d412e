/* Carts for receipts: kept with attempts and refunds; on both databases. */
#include "spoil.h"

#include "case_life.h"
#include "register_world.h"

#include "kvitok/app/fiscal.h"

/* The bank issues receipts, and what it is handed is looked at. */
static struct {
	struct world *w;
	struct gateway real;
	int64_t order_kop, back_kop;
	/* The last one: how long, and its first position (no texts). */
	size_t back_len;
	struct cart_item back;
} bank;

static enum err
fiscal_traits(void *self, struct str contract, struct gateway_traits *out,
    struct fault *f)
{
	enum err rc = bank.real.traits(self, contract, out, f);

	out->fiscal = out->way == GATEWAY_REGISTERS;
	out->cart_name_max = 100;
	return rc;
}

static enum err
fiscal_start(void *self, struct arena *a, struct str contract,
    const struct bank_order *o, struct bank_start *out, struct fault *f)
{
	if (o->cart) {
		assert_done(&bank.w->fx, cart_check(o->cart, o->total_kop, f));
		bank.order_kop = o->cart->total_kop;
	}
	return bank.real.start(self, a, contract, o, out, f);
}

static enum err
fiscal_back(void *self, struct arena *a, struct str contract,
    const struct bank_refund *r, struct bank_refund_answer *out,
    struct fault *f)
{
	if (r->cart) {
		assert_done(&bank.w->fx, cart_check(r->cart, r->sum_kop, f));
		bank.back_kop += r->cart->total_kop;
		bank.back_len = r->cart->len;
		bank.back = r->cart->items[0];
	}
	return bank.real.refund(self, a, contract, r, out, f);
}

static void
begin(struct world *w)
{
	world_reset(w);
	bank.w = w;
	bank.order_kop = bank.back_kop = 0;
	bank.back_len = 0;
}

static int
make(void **state)
{
	int rc = reg_make(state);
	struct world *w = *state;

	bank.real = w->p.gateway;
	w->p.gateway.traits = fiscal_traits;
	w->p.gateway.start = fiscal_start;
	w->p.gateway.refund = fiscal_back;
	return rc;
}

static int
end(void **state)
{
	return world_end(state);
}

static struct payment *
paid(struct world *w)
{
	struct payment *pm = world_pay(w, &sber_order);

	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	world_bank_says_paid(w, pm->total_kop);
	life_later(w);
	return world_load(w, pm->number);
}

static struct cart
kept(struct world *w, const struct payment *pm, int n, struct str refund)
{
	struct cart_key k = { pm->akey, pm->number, n, refund };
	struct cart c;

	assert_done(
	    &w->fx, w->p.carts.get(w->p.carts.self, w->fx.a, &k, &c, &w->fx.f));
	return c;
}

static const struct refund *
refunds(struct world *w, const struct payment *pm, size_t *len)
{
	const struct refund *list;

	assert_done(&w->fx,
	    refund_list(
		&w->p, w->fx.a, STR(""), pm->number, &list, len, &w->fx.f));
	return list;
}

static void
an_order_is_kept_as_it_was_handed_over(void **state)
{
	struct world *w = *state;
	struct payment *pm;
	struct cart c;

	begin(w);
	pm = paid(w);
	assert_int_equal(bank.order_kop, pm->total_kop);
	c = kept(w, pm, 1, STR(""));
	assert_int_equal(c.total_kop, pm->total_kop);
	assert_true(c.len > 0);
	assert_int_equal(c.items[0].line, 1);
	assert_int_equal(c.items[0].vat, CART_VAT_22);
	assert_true(str_ends(c.items[0].name, STR(", л/с ИНЗБ17004717")));
}

static void
a_contract_without_receipts_gets_no_cart(void **state)
{
	struct world *w = *state;
	struct payment *pm;

	begin(w);
	pm = world_pay(w, &gpb_order);
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	assert_int_equal(bank.order_kop, 0);
	assert_int_equal(kept(w, pm, 1, STR("")).len, 0);
}

static void
refunds_take_what_is_left_and_add_up(void **state)
{
	struct world *w = *state;
	struct payment *pm;
	const struct refund *list;
	size_t len;

	begin(w);
	pm = paid(w);
	life_give_back(w, pm, 10000);
	assert_int_equal(bank.back_kop, 10000);
	life_give_back(w, pm, 0);
	assert_int_equal(bank.back_kop, pm->total_kop);
	assert_state(w, pm, "refunded");
	list = refunds(w, pm, &len);
	assert_int_equal(len, 2);
	for (size_t i = 0; i < len; i++)
		assert_int_equal(kept(w, pm, 1, list[i].id).total_kop,
		    refund_total(&list[i]));
}

/* The debt, by which the positions were made, is another one by then. */
static void
a_refund_keeps_the_rates_of_its_payment(void **state)
{
	struct world *w = *state;
	struct payment *pm;

	begin(w);
	pm = paid(w);
	fixture_sql(&w->fx,
	    "UPDATE vat_rule SET vat = '7' WHERE portal = "
	    "'irkutskenergosbyt' AND vat = '22'");
	world_rules(w);
	w->now += 2000;
	life_give_back(w, pm, 0);
	assert_state(w, pm, "refunded");
	assert_int_equal(bank.back.vat, CART_VAT_22);
	fixture_sql(&w->fx,
	    "UPDATE vat_rule SET vat = '22' WHERE portal = "
	    "'irkutskenergosbyt' AND vat = '7'");
	world_rules(w);
}

static void
a_repeat_hands_over_the_cart_that_is_kept(void **state)
{
	struct world *w = *state;
	struct payment *pm;
	const struct refund *list;
	struct cart first;
	size_t len;

	begin(w);
	pm = paid(w);
	/* Certainly not done, and then done. */
	w->refund_rc = ERR_AGAIN;
	w->refund_not_done = true;
	life_give_back(w, pm, 10000);
	assert_int_equal(w->refunds, 1);
	list = refunds(w, pm, &len);
	first = kept(w, pm, 1, list[0].id);
	assert_int_equal(first.total_kop, 10000);
	w->refund_rc = ERR_OK;
	w->refund_not_done = false;
	w->now += 3600000;
	(void)world_work(w);
	assert_int_equal(w->refunds, 2);
	assert_int_equal(bank.back_len, first.len);
	assert_int_equal(bank.back.n, first.items[0].n);
	assert_int_equal(bank.back.sum_kop, first.items[0].sum_kop);
	assert_state(w, pm, "partly_refunded");
}

static void
what_was_charged_back_has_no_cart(void **state)
{
	struct world *w = *state;
	struct payment *pm;
	const struct refund *list;
	struct reg_file x;
	struct reg_op o;
	size_t len;

	begin(w);
	pm = paid(w);
	assert_true(kept(w, pm, 1, STR("")).len > 0);
	o = reg_paid(w, pm);
	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	o.kind = "Опротестование";
	o.op_id = fixture_ulid(w->fx.a, w->now);
	o.gross = -pm->total_kop;
	o.fee = o.vat = 0;
	reg_put(&x, &o);
	reg_end(&x);
	(void)reg_import(w, &x);
	(void)reg_reconcile(w);
	resolve(w, pm, "chargeback", "accept");
	list = refunds(w, pm, &len);
	assert_int_equal(len, 1);
	assert_int_equal(kept(w, pm, 1, list[0].id).len, 0);
	assert_true(is_clean(w));
}

static void
a_service_without_a_rate_reaches_no_bank(void **state)
{
	struct world *w = *state;
	struct payment *pm;
	struct opened out;

	begin(w);
	pm = world_pay(w, &sber_order);
	fixture_sql(
	    &w->fx, "UPDATE vat_rule SET service = 'x' WHERE service = '*'");
	world_rules(w);
	w->now += 2000;
	assert_rc(&w->fx,
	    open_link(&w->p, w->fx.a, world_token(w, pm), &out, &w->fx.f),
	    ERR_LIMIT);
	assert_string_equal(w->fx.f.reason, "fiscal_not_set");
	assert_int_equal(w->starts, 0);
	fixture_sql(
	    &w->fx, "UPDATE vat_rule SET service = '*' WHERE service = 'x'");
	world_rules(w);
	w->now += 2000;
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
}

/* --- the audit names what is spoiled ---------------------------------- */

static void
list_one(void *self, const struct audit_finding *x)
{
	buf_fmt(self, "%s %.*s %s\n", x->table, STR_ARG(x->key), x->column);
}

static bool
named(struct world *w, const char *set, const char *back, struct str where,
    const char *want)
{
	struct audit_counts n;
	struct buf b;
	bool good;

	fixture_sql(
	    &w->fx, arena_fmt(w->fx.a, "%s WHERE %.*s", set, STR_ARG(where)).p);
	buf_init(&b, w->fx.a, 1 << 16);
	assert_done(&w->fx,
	    audit_run(&w->p, &(struct audit_span){ .all = true },
		&(struct audit_sink){ &b, list_one }, &n, &w->fx.f));
	good = strstr(arena_z(w->fx.a, buf_str(&b)), want) != NULL;
	if (!good)
		print_error("%s: not named %s, but\n%.*s\n", set, want,
		    STR_ARG(buf_str(&b)));
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a, "%s WHERE %.*s", back, STR_ARG(where)).p);
	return good;
}

static void
every_spoiled_row_of_a_cart_is_named(void **state)
{
	struct world *w = *state;
	struct payment *pm;
	struct str sold, back;
	bool good = true;

	begin(w);
	pm = paid(w);
	life_give_back(w, pm, 0);
	sold = arena_fmt(
	    w->fx.a, "number = '%.*s' AND refund = ''", STR_ARG(pm->number));
	back = arena_fmt(
	    w->fx.a, "number = '%.*s' AND refund <> ''", STR_ARG(pm->number));
	for (int i = 0; i < 2; i++) {
		struct str which = i == 0 ? sold : back;

		good &=
		    named(w, "UPDATE fiscal_cart SET total_kop = total_kop + 1",
			"UPDATE fiscal_cart SET total_kop = total_kop - 1",
			which, "fiscal_cart ");
		good &= named(w,
		    "UPDATE fiscal_item SET sum_kop = sum_kop + 1, price_kop = "
		    "price_kop + 1",
		    "UPDATE fiscal_item SET sum_kop = sum_kop - 1, price_kop = "
		    "price_kop - 1",
		    which, "fiscal_item ");
		good &=
		    named(w, "UPDATE fiscal_item SET price_kop = price_kop + 1",
			"UPDATE fiscal_item SET price_kop = price_kop - 1",
			which, "fiscal_item ");
		good &= named(w, "UPDATE fiscal_item SET quantity_milli = 2000",
		    "UPDATE fiscal_item SET quantity_milli = 1000", which,
		    "fiscal_item ");
		good &= named(w, "UPDATE fiscal_item SET line = line + 9",
		    "UPDATE fiscal_item SET line = line - 9", which,
		    "fiscal_item ");
	}
	good &= named(w, "UPDATE fiscal_item SET item = item + 9",
	    "UPDATE fiscal_item SET item = item - 9", back, "fiscal_item ");
	good &= named(w, "UPDATE fiscal_item SET vat = '7'",
	    "UPDATE fiscal_item SET vat = '22'", sold, "fiscal_item ");
	good &= named(w, "UPDATE fiscal_item SET vat = '7'",
	    "UPDATE fiscal_item SET vat = '22'", back, "fiscal_item ");
	assert_true(good);
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"CREATE TABLE kept AS SELECT * FROM fiscal_item WHERE %.*s",
		STR_ARG(back))
		.p);
	assert_true(named(w, "DELETE FROM fiscal_item",
	    "INSERT INTO fiscal_item SELECT * FROM kept", back,
	    "fiscal_cart "));
	fixture_sql(&w->fx, "DROP TABLE kept");
}

#define T(name) cmocka_unit_test(name)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(an_order_is_kept_as_it_was_handed_over),
		T(a_contract_without_receipts_gets_no_cart),
		T(refunds_take_what_is_left_and_add_up),
		T(a_refund_keeps_the_rates_of_its_payment),
		T(a_repeat_hands_over_the_cart_that_is_kept),
		T(what_was_charged_back_has_no_cart),
		T(a_service_without_a_rate_reaches_no_bank),
		T(every_spoiled_row_of_a_cart_is_named),
	};

	return cmocka_run_group_tests(tests, make, end);
}
