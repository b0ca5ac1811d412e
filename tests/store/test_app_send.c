/* Documents that go out: each line once, whoever is killed; on both
 * databases. */
#include "sending.h"
#include "unlocked.h"

static struct str
number_attr(struct world *w, const struct payment *pm)
{
	return arena_fmt(w->fx.a, " number=\"%.*s\"", STR_ARG(pm->number));
}

static int64_t
sum_attr(struct world *w, const char *kind, size_t from)
{
	int64_t sum = 0;

	for (size_t i = from; i < handed_len; i++)
		if (str_eq(handed[i].kind, str_of(kind)) && !came_before(i))
			sum += seen_in(w, handed[i].text).said_kop;
	return sum;
}

static void
a_day_goes_out_when_it_is_over_and_once(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	size_t from = handed_len;

	box_look(w);
	assert_int_equal(times_sent("payments", from, number_attr(w, pm)), 0);
	(void)day_over(w);
	box_look(w);
	assert_int_equal(times_sent("payments", from, number_attr(w, pm)), 1);
	assert_int_equal(sum_attr(w, "payments", from), 50000);
	box_look(w);
	(void)day_over(w);
	box_look(w);
	assert_int_equal(times_sent("payments", from, number_attr(w, pm)), 1);
}

static void
refunds_go_out_with_what_was_given_back(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	size_t from;

	(void)day_over(w);
	box_look(w);
	from = handed_len;
	life_give_back(w, pm, 12300);
	(void)day_over(w);
	box_look(w);
	assert_int_equal(times_sent("refunds", from, number_attr(w, pm)), 1);
	assert_int_equal(times_sent("payments", from, number_attr(w, pm)), 0);
	assert_int_equal(sum_attr(w, "refunds", from), 12300);
}

/* Numbers of all kinds are one sequence, without gaps. */
static void
numbers_are_one_sequence(void **state)
{
	struct world *w = *state;
	int64_t last = 0;

	(void)ex_next_is(w,
	    "balances as_of_day='2026-11-01' count='0' sum_kop='0'", STR(""),
	    EXCHANGE_APPLIED);
	(void)life_paid(w);
	(void)day_over(w);
	box_look(w);
	for (size_t i = 0; i < handed_len; i++) {
		if (came_before(i))
			continue;
		assert_int_equal(handed[i].number, last + 1);
		last = handed[i].number;
	}
	assert_true(last >= 3);
}

static void
whoever_is_killed_each_line_goes_out_once_and_unchanged(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w), *other = life_paid(w);
	size_t from = handed_len;
	int kills = 0;

	life_give_back(w, pm, 700);
	(void)day_over(w);
	/* At a later step each time: some of them are done again. */
	while (box_killed(w, kills + 1))
		kills++;
	assert_true(kills >= 4); /* begun, taken, made, handed */
	assert_int_equal(times_sent("payments", from, number_attr(w, pm)), 1);
	assert_int_equal(
	    times_sent("payments", from, number_attr(w, other)), 1);
	assert_int_equal(times_sent("refunds", from, number_attr(w, pm)), 1);
	assert_int_equal(sum_attr(w, "payments", from), 100000);
}

static int
fresh_from(size_t from)
{
	int n = 0;

	for (size_t i = from; i < handed_len; i++)
		n += !came_before(i);
	return n;
}

static void
an_empty_day_goes_out_only_to_who_wants_it(void **state)
{
	struct world *w = *state;
	size_t from;

	(void)day_over(w);
	box_look(w);
	from = handed_len;
	(void)day_over(w);
	box_look(w);
	assert_int_equal(fresh_from(from), 0);
	box_owner.send_empty = true;
	(void)day_over(w);
	box_look(w);
	box_owner.send_empty = false;
	/* Payments, refunds and readings. */
	assert_int_equal(fresh_from(from), 3);
	assert_int_equal(seen_in(w, handed[handed_len - 1].text).said, 0);
}

/* --- readings and settlements ------------------------------------------- */

static void
of_a_meters_readings_the_last_one_goes_out_with_its_month(void **state)
{
	struct world *w = *state;
	struct payment *first, *last;
	size_t from;
	int64_t number;

	sending_meter(w);
	first = life_reading(w, 80500);
	last = life_reading(w, 80512);
	from = handed_len;
	box_look(w);
	assert_int_equal(sent_number("readings", from), 0);
	(void)day_over(w);
	box_look(w);
	number = sent_number("readings", from);
	assert_true(number > 0);
	for (size_t i = from; i < handed_len; i++) {
		struct exchange_head head;
		char month[DAY_TEXT_SIZE];

		if (handed[i].number != number)
			continue;
		head = seen_in(w, handed[i].text);
		day_of(w->now - DAY_MS, DAY_ZONE_MOSCOW, month);
		assert_text(handed[i].kind, "readings");
		assert_int_equal(head.said, 1);
		assert_text(head.month, arena_fmt(w->fx.a, "%.7s", month).p);
	}
	assert_int_equal(
	    times_sent("readings", from,
		arena_fmt(w->fx.a,
		    "account=\"" EX_ACCOUNT "\" meter=\"" SENDING_METER
		    "\" value=\"80512\"")),
	    1);
	assert_int_equal(times_sent("readings", from, STR("value=\"")), 1);
	assert_int_equal(
	    times_sent("readings", from,
		arena_fmt(w->fx.a, " payment=\"%.*s\"", STR_ARG(last->number))),
	    1);
	assert_int_equal(times_sent("readings", from,
			     arena_fmt(w->fx.a, " payment=\"%.*s\"",
				 STR_ARG(first->number))),
	    0);
	from = handed_len;
	(void)day_over(w);
	box_look(w);
	assert_int_equal(sent_number("readings", from), 0);
}

/* The words of the settlement's document of a state. */
static struct str
settlement_words(struct world *w, const struct settlement *s, const char *state)
{
	return arena_fmt(w->fx.a,
	    "<settlement business_day=\"%.*s\" taken_kop=\"%lld\" "
	    "refunded_kop=\"%lld\" other_kop=\"%lld\" "
	    "supplier_fee_kop=\"%lld\" held_kop=\"%lld\" "
	    "released_kop=\"%lld\" to_transfer_kop=\"%lld\" "
	    "order=\"%lld\" order_day=\"%.*s\" state=\"%s\"/>",
	    STR_ARG(s->day), (long long)s->sums.taken_kop,
	    (long long)s->sums.refunded_kop, (long long)s->sums.other_kop,
	    (long long)s->sums.supplier_fee_kop, (long long)s->sums.held_kop,
	    (long long)s->sums.released_kop, (long long)s->sums.transfer_kop,
	    (long long)s->order_no, STR_ARG(s->order_day), state);
}

static void
a_settlement_goes_out_when_it_is_transferred_and_when_it_comes_back(
    void **state)
{
	struct world *w = *state;
	struct settlement s, back;
	size_t from;

	box_look(w);
	from = handed_len;
	(void)life_paid(w);
	s = prepared(w, SBER, day_over(w));
	box_look(w);
	assert_int_equal(sent_number("settlement", from), 0);
	s = confirmed(w, &s);
	assert_true(s.sums.taken_kop >= 50000 && s.sums.transfer_kop > 0);
	box_look(w);
	box_look(w);
	assert_int_equal(times_sent("settlement", from,
			     settlement_words(w, &s, "transferred")),
	    1);
	assert_int_equal(times_sent("settlement", from, STR("returned")), 0);
	assert_done(&w->fx,
	    settle_return(&w->p, w->fx.a, s.id, STR("счёт закрыт"),
		STR("operator:test"), &back, &w->fx.f));
	box_look(w);
	box_look(w);
	assert_int_equal(
	    times_sent("settlement", from, settlement_words(w, &s, "returned")),
	    1);
	assert_int_equal(
	    times_sent("settlement", from, STR("<settlement ")), 2);
	for (size_t i = from; i < handed_len; i++)
		(void)seen_in(w, handed[i].text); /* by its schema */
}

/* --- what is not fetched ------------------------------------------------ */

static struct exchange_peer
peer(struct world *w)
{
	const struct exchange_peer *v;
	size_t len, i = 0;

	assert_done(&w->fx,
	    w->p.exchange_out.peers(
		w->p.exchange_out.self, w->fx.a, &v, &len, &w->fx.f));
	while (i < len && !str_eq(v[i].supplier, STR(EX_SUPPLIER)))
		i++;
	assert_true(i < len);
	return v[i];
}

static void
what_the_supplier_lets_lie_is_noted(void **state)
{
	struct world *w = *state;
	struct exchange_ack ours;

	(void)life_paid(w);
	(void)day_over(w);
	box_look(w);
	assert_int_equal(peer(w).untaken, 0);
	assert_int_equal(peer(w).untaken_made_at, 0);
	box_left = handed[handed_len - 1].number;
	box_look(w);
	assert_done(&w->fx,
	    w->p.exchange_out.find(w->p.exchange_out.self, w->fx.a,
		STR(EX_PORTAL), STR(EX_SUPPLIER), box_left, &ours, &w->fx.f));
	assert_int_equal(peer(w).untaken, box_left);
	assert_int_equal(peer(w).untaken_made_at, ours.made_at);
	/* Not reached, it says nothing new. */
	(void)life_paid(w);
	(void)day_over(w);
	box_broken = true;
	assert_int_equal(box_try(w), ERR_AGAIN);
	box_broken = false;
	assert_int_equal(peer(w).untaken, box_left);
	box_left = 0;
	box_look(w);
	assert_int_equal(peer(w).untaken, 0);
}

/* --- what went out never changes ---------------------------------------- */

struct resending {
	struct world *w;
	int64_t number;
};

static enum err
resend_body(void *arg, struct fault *f)
{
	const struct resending *x = arg;

	return send_resend(&x->w->p, x->w->fx.a, STR(EX_PORTAL),
	    STR(EX_SUPPLIER), x->number, f);
}

static void
resend(struct world *w, int64_t number)
{
	struct resending x = { w, number };

	fault_init(&w->fx.f);
	assert_done(&w->fx,
	    w->p.tx.run(w->p.tx.self, "resend", resend_body, &x, &w->fx.f));
}

/* A row of the document is not what it was. */
static void
differs(struct world *w, int64_t number, const char *spoil, const char *mend)
{
	size_t from = handed_len;

	resend(w, number);
	fixture_sql(&w->fx, spoil);
	assert_int_equal(box_try(w), ERR_BUG);
	assert_string_equal(w->fx.f.reason, "exchange_text_differs");
	for (size_t i = from; i < handed_len; i++)
		assert_true(handed[i].number != number);
	fixture_sql(&w->fx, mend);
}

static void
another_text_never_goes_out_under_a_number(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	size_t from = handed_len;
	int64_t number;
	struct sent_doc doc;
	const char *id;

	unlocked(&w->fx);
	(void)day_over(w);
	box_look(w);
	number = sent_number("payments", from);
	assert_done(&w->fx,
	    w->p.send.find(w->p.send.self, w->fx.a, STR(EX_PORTAL),
		STR(EX_SUPPLIER), number, &doc, &w->fx.f));
	id = arena_z(w->fx.a, doc.id);
	differs(w, number,
	    arena_fmt(w->fx.a,
		"UPDATE pay_line SET account = 'Б1' WHERE number = '%.*s'",
		STR_ARG(pm->number))
		.p,
	    arena_fmt(w->fx.a,
		"UPDATE pay_line SET account = '" EX_ACCOUNT
		"' WHERE number = '%.*s'",
		STR_ARG(pm->number))
		.p);
	/* As long as it was, or of a record less. */
	differs(w, number,
	    arena_fmt(w->fx.a,
		"UPDATE exchange_item SET sum_kop = sum_kop + 1 "
		"WHERE document = '%s'",
		id)
		.p,
	    arena_fmt(w->fx.a,
		"UPDATE exchange_item SET sum_kop = sum_kop - 1 "
		"WHERE document = '%s'",
		id)
		.p);
	differs(w, number,
	    arena_fmt(w->fx.a,
		"UPDATE exchange_item SET n = n + 100 WHERE document = '%s'",
		id)
		.p,
	    arena_fmt(w->fx.a,
		"UPDATE exchange_item SET n = n - 100 WHERE document = '%s'",
		id)
		.p);
	from = handed_len;
	box_look(w);
	assert_int_equal(handed[from].number, number);
	assert_true(came_before(from)); /* and is the same */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_goes_out_when_it_is_over_and_once),
		cmocka_unit_test(refunds_go_out_with_what_was_given_back),
		cmocka_unit_test(numbers_are_one_sequence),
		cmocka_unit_test(
		    whoever_is_killed_each_line_goes_out_once_and_unchanged),
		cmocka_unit_test(an_empty_day_goes_out_only_to_who_wants_it),
		cmocka_unit_test(
		    of_a_meters_readings_the_last_one_goes_out_with_its_month),
		cmocka_unit_test(
		    a_settlement_goes_out_when_it_is_transferred_and_when_it_comes_back),
		cmocka_unit_test(what_the_supplier_lets_lie_is_noted),
		cmocka_unit_test(another_text_never_goes_out_under_a_number),
	};

	return cmocka_run_group_tests(tests, sending_make, world_end);
}
