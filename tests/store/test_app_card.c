/* Cards that banks remember: bound, chosen, refused, unbound; both databases.
 */
#include "bank_talk.h"

#include "kvitok/app/card.h"
#include "kvitok/app/card_open.h"

#define CARD "0f5c9d1e-77"

static void
render(struct buf *b, const struct ports *p, const struct bind *x)
{
	(void)p;
	buf_text(b, x->id);
}

/* Sberbank's word about a card of the client that it was last given. */
static struct bank_card
said(struct world *w, const char *client)
{
	return (struct bank_card){ .id = STR(CARD),
		.client = client ? str_of(client) : w->order.client,
		.mask = STR("220138**0047"),
		.scheme = STR("MIR"),
		.expiry = STR("203412") };
}

static struct payment *
wished(struct world *w, const struct world_order *o,
    const struct card_wish *wish, enum err wanted)
{
	struct world_order with = *o;
	struct pay_created made;
	enum err rc;

	w->now += 1000; /* what was paid at this instant would lead it */
	w->wish = *wish;
	rc = world_try(w, &with, &made);
	w->wish = (struct card_wish){ 0 };
	assert_rc(&w->fx, rc, wanted);
	return rc == ERR_OK ? world_load(w, made.number) : NULL;
}

static void
refused(struct world *w, const struct world_order *o, struct card_wish wish,
    enum err rc, const char *reason, const char *field)
{
	(void)wished(w, o, &wish, rc);
	assert_string_equal(w->fx.f.reason, reason);
	if (field)
		assert_string_equal(w->fx.f.fields[0].pointer, field);
}

static const struct card_wish save = { .save = true,
	.offer = { "2026-01", 7 } };

static void
says_paid(struct world *w, const struct payment *pm)
{
	world_bank_says_paid(w, pm->total_kop);
	w->now += w->p.set.ask_first_ms;
	(void)world_work(w);
}

static const struct card_seen *
cards(struct world *w, const struct world_order *o, size_t wanted)
{
	const struct card_seen *list;
	size_t len;

	assert_done(&w->fx,
	    card_list(&w->p, w->fx.a, str_of(o->portal), str_of(w->payer),
		&list, &len, &w->fx.f));
	assert_int_equal(len, wanted);
	return list;
}

/* A card bound by a payment at Sberbank; gives its id. */
static struct str
bound(struct world *w)
{
	struct payment *pm = wished(w, &sber_order, &save, ERR_OK);

	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	w->status.card = said(w, NULL);
	world_bank_says_paid(w, pm->total_kop);
	w->status.card = said(w, NULL);
	w->now += w->p.set.ask_first_ms;
	(void)world_work(w);
	assert_state(w, pm, "paid");
	assert_int_equal(world_told(w, pm, "card_bound"), 1);
	return cards(w, &sber_order, 1)[0].card.id;
}

static void
a_card_is_bound_by_the_payment_that_asked_for_it(void **state)
{
	struct world *w = *state;
	struct str id = bound(w);
	struct card c = cards(w, &sber_order, 1)[0].card;

	assert_true(card_id_ok(id));
	assert_int_equal(c.state, CARD_ACTIVE);
	assert_true(c.is_default);
	assert_text(c.mask, "220138**0047");
	assert_text(c.expiry, "203412");
	assert_text(c.offer, "2026-01");
	assert_int_equal(c.client.len, CARD_CLIENT_LEN);
}

static void
nothing_is_bound_that_nobody_asked_for(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);

	(void)world_open(w, pm);
	assert_int_equal(w->order.client.len, 0);
	w->status.card = said(w, "whoever");
	world_bank_says_paid(w, pm->total_kop);
	w->status.card = said(w, "whoever");
	says_paid(w, pm);
	assert_state(w, pm, "paid");
	(void)cards(w, &sber_order, 0);
}

static void
a_card_of_another_client_is_a_case_and_no_card(void **state)
{
	struct world *w = *state;
	static const char *const others[] = { "somebody-else", "" };

	for (size_t i = 0; i < KV_COUNT(others); i++) {
		struct payment *pm;

		world_reset(w);
		pm = wished(w, &sber_order, &save, ERR_OK);
		(void)world_open(w, pm);
		world_bank_says_paid(w, pm->total_kop);
		w->status.card = said(w, others[i]);
		w->now += w->p.set.ask_first_ms;
		(void)world_work(w);
		assert_state(w, pm, "paid");
		assert_int_equal(world_cases(w, pm, "card_client"), 1);
		(void)cards(w, &sber_order, 0);
	}
}

static void
a_chosen_card_goes_to_the_bank_once(void **state)
{
	struct world *w = *state;
	struct str id = bound(w);
	struct card_wish wish = { .card = id };
	struct payment *pm = wished(w, &sber_order, &wish, ERR_OK);

	(void)world_open(w, pm);
	assert_text(w->order.card, CARD);
	assert_true(w->order.client.len > 0);
	/* Refused for want of money: the next attempt takes any card, and the
	 * order that took only this one is called off. */
	w->status = (struct bank_status){ .outcome = BANK_OPEN,
		.taken_kop = -1,
		.reason = STR("pay_no_funds"),
		.code = STR("116") };
	w->now += w->p.set.ask_first_ms;
	w->cancels = 0;
	(void)world_work(w);
	assert_state(w, pm, "declined");
	assert_int_equal(w->cancels, 1);
	w->status.reason = STR("");
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	assert_int_equal(w->order.card.len, 0);
	assert_int_equal(world_load(w, pm->number)->attempts_len_stored, 2);
	assert_int_equal(cards(w, &sber_order, 1)[0].card.state, CARD_ACTIVE);
}

static void
a_card_that_the_bank_calls_expired_or_off_is_so(void **state)
{
	static const struct {
		const char *reason, *told, *refusal;
		enum card_state to;
	} t[] = {
		{ "pay_card_expired", "card_expired", "card_expired",
		    CARD_EXPIRED },
		{ "pay_card_off", "card_deactivated", "card_deactivated",
		    CARD_DEACTIVATED },
	};
	struct world *w = *state;

	for (size_t i = 0; i < KV_COUNT(t); i++) {
		struct card_wish wish;
		struct payment *pm;

		world_reset(w);
		wish = (struct card_wish){ .card = bound(w) };
		pm = wished(w, &sber_order, &wish, ERR_OK);
		(void)world_open(w, pm);
		w->status = (struct bank_status){ .outcome = BANK_DECLINED,
			.taken_kop = -1,
			.reason = str_of(t[i].reason) };
		w->now += w->p.set.ask_first_ms;
		(void)world_work(w);
		assert_int_equal(world_told(w, pm, t[i].told), 1);
		assert_int_equal(
		    cards(w, &sber_order, 1)[0].card.state, t[i].to);
		refused(w, &sber_order, wish, ERR_LIMIT, t[i].refusal, "/card");
	}
}

static void
what_cannot_be_chosen_is_refused_by_name(void **state)
{
	struct world *w = *state;
	struct str id = bound(w);
	struct card_wish mine = { .card = id }, both = save, later = mine;
	struct world_order o = sber_order;

	both.card = id;
	later.choose = true;
	refused(w, &gpb_order, mine, ERR_ABSENT, "card_unknown", "/card");
	refused(w, &sber_order, (struct card_wish){ .card = STR("x") },
	    ERR_ABSENT, "card_unknown", "/card");
	refused(
	    w, &sber_order, both, ERR_INVALID, "card_and_save", "/save_card");
	refused(w, &sber_order, later, ERR_INVALID, "card_and_choose",
	    "/choose_card");
	refused(w, &sber_order, (struct card_wish){ .save = true }, ERR_LIMIT,
	    "offer_not_accepted", "/offer");
	refused(w, &sber_order,
	    (struct card_wish){ .save = true, .offer = STR("2020-1") },
	    ERR_LIMIT, "offer_changed", "/offer");
	o.payer = "another-payer";
	refused(w, &o, mine, ERR_LIMIT, "card_of_another", "/card");
	o.payer = "";
	refused(w, &o, mine, ERR_INVALID, "card_payer_missing", "/payer");
	w->cards.no_cards = true;
	refused(w, &sber_order, mine, ERR_LIMIT, "cards_not_taken", "/card");
	refused(
	    w, &sber_order, save, ERR_LIMIT, "cards_not_taken", "/save_card");
	w->cards.no_cards = false;
	fixture_sql(&w->fx, "UPDATE bank_offer SET from_day = '2999-01-01'");
	refused(w, &sber_order, save, ERR_LIMIT, "offer_not_set", NULL);
	fixture_sql(&w->fx, "UPDATE bank_offer SET from_day = '2026-01-01'");
}

/* Unbind it at the front-end's word. */
static void
unbind(struct world *w, struct str id)
{
	assert_done(&w->fx,
	    card_unbind(&w->p, w->fx.a, STR("irkutskenergosbyt"),
		str_of(w->payer), id, &w->fx.f));
}

static void
a_card_is_gone_at_once_and_the_bank_told_until_it_knows(void **state)
{
	struct world *w = *state;
	struct str id = bound(w);
	struct card c;

	w->cards.unbind_rc = ERR_AGAIN;
	unbind(w, id);
	unbind(w, id); /* twice is once */
	(void)cards(w, &sber_order, 0);
	(void)world_work(w);
	assert_int_equal(w->cards.unbinds, 1);
	refused(w, &sber_order, (struct card_wish){ .card = id }, ERR_LIMIT,
	    "card_unbound", "/card");
	w->cards.unbind_rc = ERR_OK;
	w->now += 3600000;
	(void)world_work(w);
	assert_int_equal(w->cards.unbinds, 2);
	assert_done(&w->fx,
	    w->p.cards.load(w->p.cards.self, w->fx.a, id, &c, &w->fx.f));
	assert_int_equal(c.state, CARD_UNBOUND);
	w->now += 3600000;
	(void)world_work(w);
	assert_int_equal(w->cards.unbinds, 2);
}

static size_t
open_cases(struct world *w, const char *kind, struct str subject)
{
	const struct pay_case *cs;
	size_t len, n = 0;

	assert_done(&w->fx,
	    w->p.cases.list(w->p.cases.self, w->fx.a,
		&(struct case_query){ .unresolved = true, .limit = 200 }, &cs,
		&len, &w->fx.f));
	for (size_t i = 0; i < len; i++)
		n += str_eq(cs[i].kind, str_of(kind)) &&
		    str_eq(cs[i].subject, subject);
	return n;
}

static void
a_bank_that_never_answers_or_refuses_leaves_a_case(void **state)
{
	struct world *w = *state;
	struct str id = bound(w);

	w->cards.unbind_rc = ERR_AGAIN;
	unbind(w, id);
	for (int i = 0; i < 10; i++) {
		(void)world_work(w);
		w->now += 7200000;
	}
	assert_int_equal(w->cards.unbinds, w->p.set.job_fails_max);
	assert_int_equal(open_cases(w, "card_unbind_failed", id), 1);
	world_reset(w);
	id = bound(w);
	w->cards.unbind_rc = ERR_CONFLICT;
	unbind(w, id);
	(void)world_work(w);
	assert_int_equal(open_cases(w, "card_unbind_refused", id), 1);
	/* Where the bank has no call its id is forgotten here alone. */
	world_reset(w);
	id = bound(w);
	w->cards.no_unbinds = true;
	unbind(w, id);
	(void)world_work(w);
	assert_int_equal(w->cards.unbinds, 0);
}

static struct bind_made
bind(struct world *w, const struct world_order *o)
{
	struct caller who = world_caller(o->portal);
	struct bind_request req = { .payer = str_of(w->payer),
		.bank = STR(""),
		.offer = save.offer,
		.return_url = STR(""),
		.ikey = fixture_ulid(w->fx.a, w->now),
		.render = render };
	struct bind_made made;

	secret_sha256_hex(req.ikey, req.body_hash);
	assert_done(
	    &w->fx, card_bind(&w->p, w->fx.a, &who, &req, &made, &w->fx.f));
	return made;
}

static struct bind
load_bind(struct world *w, struct str id)
{
	struct bind x;

	assert_done(&w->fx,
	    w->p.binds.load(w->p.binds.self, w->fx.a, id, &x, &w->fx.f));
	return x;
}

static struct card_opened
visit(struct world *w, struct str id)
{
	struct bind x = load_bind(w, id);
	struct card_opened out;

	assert_done(&w->fx,
	    card_open_link(&w->p, w->fx.a,
		arena_fmt(
		    w->fx.a, "%.*s.%.*s", STR_ARG(x.id), STR_ARG(x.secret)),
		&out, &w->fx.f));
	return out;
}

static void
a_card_is_bound_without_a_payment(void **state)
{
	struct world *w = *state;
	struct str id = bind(w, &sber_order).id;

	assert_int_equal(visit(w, id).answer, OPENED_BANK);
	assert_int_equal(visit(w, id).answer, OPENED_BANK);
	assert_int_equal(w->cards.binds, 1);
	w->order.client = w->cards.order.client;
	w->cards.bound = (struct bank_bind_status){ .outcome = BANK_BIND_DONE,
		.card = said(w, NULL) };
	w->now += w->p.set.ask_first_ms;
	(void)world_work(w);
	assert_text(cards(w, &sber_order, 1)[0].card.id, id.p);
	assert_int_equal(load_bind(w, id).state, BIND_BOUND);
	assert_int_equal(visit(w, id).answer, OPENED_RESULT);
	/* The same card once more is told, and stays one. */
	id = bind(w, &sber_order).id;
	(void)visit(w, id);
	w->now += w->p.set.ask_first_ms;
	(void)world_work(w);
	assert_text(load_bind(w, id).reason, "card_bound_already");
	(void)cards(w, &sber_order, 1);
}

static void
a_binding_ends_as_the_bank_says(void **state)
{
	static const struct {
		struct bank_bind_status s;
		const char *reason;
		int64_t after_ms;
	} t[] = {
		{ { .outcome = BANK_BIND_DONE }, "card_not_saved", 0 },
		{ { .outcome = BANK_BIND_FAILED,
		      .reason = { "pay_no_funds", 12 } },
		    "pay_no_funds", 0 },
		{ { .outcome = BANK_BIND_FAILED }, "card_bind_refused", 0 },
		{ { .outcome = BANK_BIND_OPEN }, "pay_time_over", 1300000 },
		{ { .outcome = BANK_BIND_ABSENT }, "pay_time_over", 1300000 },
		{ { .outcome = BANK_BIND_DONE,
		      .bank_no = { "ANOTHER", 7 },
		      .card = { .id = { CARD, sizeof(CARD) - 1 } } },
		    "card_bind_refused", 0 },
	};
	struct world *w = *state;

	for (size_t i = 0; i < KV_COUNT(t); i++) {
		struct str id;

		world_reset(w);
		id = bind(w, &sber_order).id;
		(void)visit(w, id);
		w->cards.bound = t[i].s;
		w->now += w->p.set.ask_first_ms + t[i].after_ms;
		(void)world_work(w);
		assert_int_equal(load_bind(w, id).state, BIND_FAILED);
		assert_text(load_bind(w, id).reason, t[i].reason);
		(void)cards(w, &sber_order, 0);
	}
	/* Nobody opened its link. */
	world_reset(w);
	struct str id = bind(w, &sber_order).id;

	w->now += 90000000;
	assert_int_equal(visit(w, id).answer, OPENED_RESULT);
	assert_text(load_bind(w, id).reason, "pay_time_over");
}

static void
a_lost_answer_to_a_binding_is_asked_about(void **state)
{
	struct world *w = *state;
	struct str id = bind(w, &sber_order).id;

	w->cards.bind_rc = ERR_UNSURE;
	assert_int_equal(visit(w, id).answer, OPENED_WAIT);
	assert_int_equal(load_bind(w, id).state, BIND_UNKNOWN);
	w->now += w->p.set.ask_first_ms;
	(void)world_work(w);
	assert_int_equal(visit(w, id).answer, OPENED_BANK);
	/* Its page cannot be found again. */
	world_reset(w);
	id = bind(w, &sber_order).id;
	w->cards.bind_rc = ERR_UNSURE;
	w->lost_page = true;
	(void)visit(w, id);
	w->now += w->p.set.ask_first_ms;
	(void)world_work(w);
	assert_text(load_bind(w, id).reason, "pay_order_refused");
	/* It has never arrived. */
	world_reset(w);
	id = bind(w, &sber_order).id;
	w->cards.bind_rc = ERR_UNSURE;
	w->cards.bound.outcome = BANK_BIND_ABSENT;
	(void)visit(w, id);
	(void)world_work(w);
	assert_int_equal(load_bind(w, id).state, BIND_UNKNOWN);
	w->now += w->p.set.patience_ms;
	(void)world_work(w);
	assert_text(load_bind(w, id).reason, "bank_unavailable");
}

static void
the_banks_list_wakes_and_ends_cards(void **state)
{
	struct world *w = *state;

	(void)bound(w);
	w->now += w->p.set.card_look_ms;
	(void)cards(w, &sber_order, 1);
	(void)world_work(w); /* an empty list */
	assert_int_equal(w->cards.lists, 1);
	assert_int_equal(
	    cards(w, &sber_order, 1)[0].card.state, CARD_DEACTIVATED);
	w->cards.stored_len = 2;
	w->cards.stored[0] =
	    (struct bank_stored){ { .id = STR(CARD), .expiry = STR("203501") },
		    true };
	w->cards.stored[1] = (struct bank_stored){
		{ .id = STR("FOREIGN-1"), .client = STR("somebody") }, true
	};
	w->now += w->p.set.card_look_ms;
	(void)cards(w, &sber_order, 1);
	(void)world_work(w);
	assert_int_equal(cards(w, &sber_order, 1)[0].card.state, CARD_ACTIVE);
	assert_text(cards(w, &sber_order, 1)[0].card.expiry, "203501");
	assert_int_equal(open_cases(w, "card_client", STR("FOREIGN-1")), 1);
	(void)cards(w, &sber_order, 1); /* asked a moment ago */
	(void)world_work(w);
	assert_int_equal(w->cards.lists, 2);
}

static void
a_stranger_is_not_told_which_card_is_meant(void **state)
{
	struct world *w = *state;
	struct payment *pm = wished(w, &gpb_order, &save, ERR_OK);
	struct card_wish wish;

	(void)world_open(w, pm);
	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-portalgkh",
	    bank_no(w, pm, 1), "TRX1", -1);
	(void)check(w);
	assert_true(w->checked.may_remember);
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX1", pm->total_kop);
	w->notice.card = (struct bank_card){ .id = STR("GPBCARD1"),
		.mask = STR("220138******0047"),
		.expiry = STR("1234") };
	assert_text(registers(w).body, "1");
	assert_text(cards(w, &gpb_order, 1)[0].card.expiry, "203412");
	world_bank_says_paid(w, pm->total_kop);
	(void)world_work(w);
	wish = (struct card_wish){ .card = cards(w, &gpb_order, 1)[0].card.id };
	pm = wished(w, &gpb_order, &wish, ERR_OK);
	(void)world_open(w, pm);
	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-portalgkh",
	    bank_no(w, pm, 1), "TRX2", -1);
	(void)check(w);
	assert_text(w->checked.card, "GPBCARD1");
	w->stranger = true;
	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-portalgkh",
	    bank_no(w, pm, 1), "TRX3", -1);
	(void)check(w);
	assert_int_equal(w->checked.card.len, 0);
}

static void
gazprombanks_binding_is_bound_by_its_signed_call_alone(void **state)
{
	struct world *w = *state;
	struct str id = bind(w, &gpb_order).id;

	w->stranger = true;
	(void)visit(w, id);
	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-portalgkh", id, "TRX1", -1);
	assert_text(check(w).body, "MAY 100");
	assert_true(w->checked.remembers_only);
	w->cards.bound = (struct bank_bind_status){ .outcome = BANK_BIND_DONE,
		.card = { .id = STR("GPBCARD2") } };
	w->now += w->p.set.ask_first_ms;
	(void)world_work(w);
	(void)cards(w, &gpb_order, 0); /* its number came from anybody */
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", id, "TRX1", 100);
	w->notice.card = (struct bank_card){ .id = STR("GPBCARD2") };
	assert_text(registers(w).body, "1");
	assert_text(cards(w, &gpb_order, 1)[0].card.id, id.p);
	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-portalgkh", id, "TRX4", -1);
	assert_text(check(w).body, "MAY NOT");
	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-portalgkh",
	    STR("00000000-C0000000000000"), "TRX5", -1);
	assert_text(check(w).body, "MAY NOT");
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
		T(a_card_is_bound_by_the_payment_that_asked_for_it),
		T(nothing_is_bound_that_nobody_asked_for),
		T(a_card_of_another_client_is_a_case_and_no_card),
		T(a_chosen_card_goes_to_the_bank_once),
		T(a_card_that_the_bank_calls_expired_or_off_is_so),
		T(what_cannot_be_chosen_is_refused_by_name),
		T(a_card_is_gone_at_once_and_the_bank_told_until_it_knows),
		T(a_bank_that_never_answers_or_refuses_leaves_a_case),
		T(a_card_is_bound_without_a_payment),
		T(a_binding_ends_as_the_bank_says),
		T(a_lost_answer_to_a_binding_is_asked_about),
		T(the_banks_list_wakes_and_ends_cards),
		T(a_stranger_is_not_told_which_card_is_meant),
		T(gazprombanks_binding_is_bound_by_its_signed_call_alone),
	};

	return cmocka_run_group_tests(tests, world_make, world_end);
}
