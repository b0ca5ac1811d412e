/* Rows about cards, each spoilt once: the audit must name it. */
#include "bank_talk.h"

#define CARD "0f5c9d1e-78"

struct seen {
	const char *table, *column;
	int hits, others;
};

static void
look(void *self, const struct audit_finding *x)
{
	struct seen *s = self;

	if (strcmp(x->table, s->table) == 0 &&
	    strcmp(x->column, s->column) == 0)
		s->hits++;
	else
		s->others++;
}

/* A card that was bound by a payment and has paid another one. */
static void
live(struct world *w)
{
	struct pay_created made;
	struct payment *pm;

	w->wish = (struct card_wish){ .save = true, .offer = STR("2026-01") };
	for (int i = 0; i < 2; i++) {
		w->now += 1000;
		assert_done(&w->fx, world_try(w, &sber_order, &made));
		pm = world_load(w, made.number);
		(void)world_open(w, pm);
		world_bank_says_paid(w, pm->total_kop);
		w->status.card = (struct bank_card){ .id = STR(CARD),
			.client = w->order.client,
			.mask = STR("220138**0047"),
			.expiry = STR("203412") };
		w->now += w->p.set.ask_first_ms;
		(void)world_work(w);
		w->wish = (struct card_wish){ 0 };
		if (i == 0) {
			const struct card *list;
			char akey[9];
			size_t len;

			card_akey(pm->portal, str_of(w->payer), akey);
			assert_done(&w->fx,
			    w->p.cards.list(w->p.cards.self, w->fx.a,
				str_of(akey), pm->portal, str_of(w->payer),
				&list, &len, &w->fx.f));
			assert_int_equal(len, 1);
			w->wish.card = list[0].id;
		}
	}
}

static const struct {
	const char *table, *column, *spoil, *mend;
} spoilt[] = {
	{ "pay_card", "portal, payer",
	    "UPDATE pay_card SET payer = 'x' WHERE save = 1",
	    "UPDATE pay_card SET payer = (SELECT payer FROM payment p"
	    " WHERE p.number = pay_card.number) WHERE save = 1" },
	{ "pay_card", "card",
	    "UPDATE pay_card SET contract = 'x' WHERE save = 0",
	    "UPDATE pay_card SET contract = 'sber-irk' WHERE save = 0" },
	{ "pay_card", "used_n", "UPDATE pay_card SET used_n = 9 WHERE save = 0",
	    "UPDATE pay_card SET used_n = 1 WHERE save = 0" },
	{ "card", "client", "UPDATE card SET client = 'x'",
	    "UPDATE card SET client = (SELECT client FROM card_client k"
	    " WHERE k.payer = card.payer)" },
	{ "card", "offer", "UPDATE card SET offer = 'x'",
	    "UPDATE card SET offer = '2026-01'" },
	{ "card", "origin",
	    "UPDATE pay_card SET save = 0, card = 'x', offer = '',"
	    " offer_hash = '' WHERE save = 1",
	    "UPDATE pay_card SET save = 1, card = '', offer = '2026-01',"
	    " offer_hash = (SELECT offer_hash FROM card) WHERE card = 'x'" },
	{ "card", "state", "UPDATE card SET state = 'unbinding'",
	    "UPDATE card SET state = 'active'" },
};

static void
each_spoilt_row_is_named(void **state)
{
	struct world *w = *state;

	live(w);
	world_books(w);
	for (size_t i = 0; i < KV_COUNT(spoilt); i++) {
		struct seen s = { spoilt[i].table, spoilt[i].column, 0, 0 };
		struct audit_counts n;

		fixture_sql(&w->fx, spoilt[i].spoil);
		assert_done(&w->fx,
		    audit_run(&w->p, &(struct audit_span){ .all = true },
			&(struct audit_sink){ &s, look }, &n, &w->fx.f));
		if (s.hits == 0)
			print_error("%s: not named\n", spoilt[i].spoil);
		assert_true(s.hits > 0);
		fixture_sql(&w->fx, spoilt[i].mend);
		world_books(w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_spoilt_row_is_named),
	};

	return cmocka_run_group_tests(tests, world_make, world_end);
}
