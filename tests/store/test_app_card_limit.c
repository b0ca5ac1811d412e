/* How many cards a payer may have, a binding that is over, and a card at
 * another bank than its own; both databases. */
#include "bank_talk.h"

#include "kvitok/app/card.h"
#include "kvitok/app/card_open.h"

#define OFFER "2026-01"

static void
render(struct buf *b, const struct ports *p, const struct bind *x)
{
	(void)p;
	buf_text(b, x->id);
}

static enum err
try_bind(struct world *w, const struct world_order *o, struct bind_made *made)
{
	struct caller who = world_caller(o->portal);
	struct bind_request req = { .payer = str_of(w->payer),
		.bank = STR(""),
		.offer = STR(OFFER),
		.return_url = STR(""),
		.ikey = fixture_ulid(w->fx.a, w->now),
		.render = render };

	secret_sha256_hex(req.ikey, req.body_hash);
	return card_bind(&w->p, w->fx.a, &who, &req, made, &w->fx.f);
}

static struct bind
load_bind(struct world *w, struct str id)
{
	struct bind x;

	assert_done(&w->fx,
	    w->p.binds.load(w->p.binds.self, w->fx.a, id, &x, &w->fx.f));
	return x;
}

static void
visit(struct world *w, struct str id)
{
	struct bind x = load_bind(w, id);
	struct card_opened out;

	assert_done(&w->fx,
	    card_open_link(&w->p, w->fx.a,
		arena_fmt(
		    w->fx.a, "%.*s.%.*s", STR_ARG(x.id), STR_ARG(x.secret)),
		&out, &w->fx.f));
	assert_int_equal(out.answer, OPENED_BANK);
}

/* The bank has remembered the card of this binding. */
static void
bank_binds(struct world *w, const char *bank_card)
{
	w->cards.bound = (struct bank_bind_status){ .outcome = BANK_BIND_DONE,
		.card = { .id = str_of(bank_card),
		    .client = w->cards.order.client,
		    .mask = STR("220138**0048"),
		    .scheme = STR("MIR"),
		    .expiry = STR("203412") } };
	w->now += w->p.set.ask_first_ms;
	(void)world_work(w);
}

static struct str
has_card(struct world *w, const char *bank_card)
{
	struct bind_made made;

	assert_done(&w->fx, try_bind(w, &sber_order, &made));
	visit(w, made.id);
	bank_binds(w, bank_card);
	assert_int_equal(load_bind(w, made.id).state, BIND_BOUND);
	return made.id;
}

static void
the_last_card_that_fits_is_bound_and_no_more(void **state)
{
	struct world *w = *state;
	struct bind_made made, late;

	for (int i = 1; i < CARDS_MAX; i++)
		(void)has_card(
		    w, arena_z(w->fx.a, arena_fmt(w->fx.a, "CARD-%d", i)));
	/* Two are begun while there is room for one. */
	assert_done(&w->fx, try_bind(w, &sber_order, &made));
	assert_done(&w->fx, try_bind(w, &sber_order, &late));
	visit(w, made.id);
	bank_binds(w, "LAST");
	assert_int_equal(load_bind(w, made.id).state, BIND_BOUND);
	visit(w, late.id);
	bank_binds(w, "ONE-TOO-MANY");
	assert_int_equal(load_bind(w, late.id).state, BIND_FAILED);
	assert_text(load_bind(w, late.id).reason, "cards_too_many");
	/* And one that is begun now is told at once. */
	assert_rc(&w->fx, try_bind(w, &sber_order, &made), ERR_LIMIT);
	assert_string_equal(w->fx.f.reason, "cards_too_many");
	assert_string_equal(w->fx.f.fields[0].pointer, "/payer");
}

static void
a_check_of_a_binding_that_is_over_is_refused_in_its_words(void **state)
{
	struct world *w = *state;
	struct bind_made made;

	assert_done(&w->fx, try_bind(w, &gpb_order, &made));
	visit(w, made.id);
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", made.id, "TRX1",
	    100);
	w->notice.card = (struct bank_card){ .id = STR("GPBCARD2") };
	assert_text(registers(w).body, "1");
	assert_int_equal(load_bind(w, made.id).state, BIND_BOUND);
	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-portalgkh", made.id, "TRX2",
	    -1);
	assert_text(check(w).body, "MAY NOT");
	assert_text(w->checked.refusal, reason_words("card_bind_over"));
	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-portalgkh",
	    STR("00000000-C0000000000000"), "TRX3", -1);
	assert_text(check(w).body, "MAY NOT");
	assert_text(w->checked.refusal, reason_words("card_unknown"));
}

/* Led to the second bank, for the first one was not reached. */
static struct payment *
led_to_gazprombank(struct world *w, const struct card_wish *wish)
{
	struct pay_created made;
	struct payment *pm;

	world_routes(w, true);
	w->wish = *wish;
	assert_done(&w->fx, world_try(w, &sber_order, &made));
	w->wish = (struct card_wish){ 0 };
	w->start_rc = ERR_AGAIN;
	pm = world_load(w, made.number);
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	pm = world_load(w, made.number);
	assert_text(pm->contract, "gpb-two");
	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-two", bank_no(w, pm, 2),
	    "TRX1", -1);
	(void)check(w);
	assert_true(w->checked.may);
	world_routes(w, false);
	return pm;
}

static void
a_card_of_the_first_bank_is_not_told_to_the_second(void **state)
{
	struct world *w = *state;
	struct card_wish wish = { .card = has_card(w, "CARD-1") };

	(void)led_to_gazprombank(w, &wish);
	assert_int_equal(w->order.card.len, 0);
	assert_int_equal(w->order.client.len, 0);
	assert_int_equal(w->checked.card.len, 0);
	assert_false(w->checked.may_remember);
}

/* The payer accepted the first bank's offer, and none of the second's. */
static void
the_second_bank_remembers_no_card_on_the_offer_of_the_first(void **state)
{
	struct world *w = *state;
	struct card_wish wish = { .save = true, .offer = STR(OFFER) };
	struct payment *pm = led_to_gazprombank(w, &wish);
	const struct card_seen *list;
	size_t len;

	assert_false(w->checked.may_remember);
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-two", bank_no(w, pm, 2), "TRX1",
	    pm->total_kop);
	w->notice.card = (struct bank_card){ .id = STR("GPBCARD1"),
		.mask = STR("220138******0047"),
		.expiry = STR("1234") };
	assert_text(registers(w).body, "1");
	assert_done(&w->fx,
	    card_list(&w->p, w->fx.a, str_of(sber_order.portal),
		str_of(w->payer), &list, &len, &w->fx.f));
	assert_int_equal(len, 0);
}

static int
fresh(void **state)
{
	world_reset(*state);
	return 0;
}

#define T(name) cmocka_unit_test_setup(name, fresh)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_last_card_that_fits_is_bound_and_no_more),
		T(a_check_of_a_binding_that_is_over_is_refused_in_its_words),
		T(a_card_of_the_first_bank_is_not_told_to_the_second),
		T(the_second_bank_remembers_no_card_on_the_offer_of_the_first),
	};

	return cmocka_run_group_tests(tests, world_make, world_end);
}
