#include "fixture.h"

struct taking {
	struct fixture *fx;
	const struct payment *pm;
	struct str expected, holder;
};

static enum err
take_body(void *arg, struct fault *f)
{
	struct taking *t = arg;

	return t->fx->st.bills.take(
	    t->fx->db, t->fx->a, t->pm, t->expected, &t->holder, f);
}

static struct str
take(struct fixture *fx, const struct payment *pm, struct str expected)
{
	struct taking t = { fx, pm, expected, STR("") };

	assert_done(fx, fx->st.tx.run(fx->db, "take", take_body, &t, &fx->f));
	return t.holder;
}

static struct payment *
billed(struct fixture *fx, struct str mark)
{
	struct payment *pm = fixture_put(fx);

	pm->lines_hash = mark;
	return pm;
}

static void
a_bill_has_one_holder_until_he_is_expected(void **state)
{
	struct fixture *fx = *state;
	struct str mark = fixture_ulid(fx->a, T0), got;
	struct payment *a = billed(fx, mark), *b = billed(fx, mark);

	assert_done(fx, fx->st.bills.holder(fx->db, fx->a, a, &got, &fx->f));
	assert_int_equal(got.len, 0);
	assert_true(str_eq(take(fx, a, STR("")), a->number));
	assert_true(str_eq(take(fx, a, STR("")), a->number));
	assert_true(str_eq(take(fx, b, STR("")), a->number));
	assert_true(str_eq(take(fx, b, STR("other")), a->number));
	assert_true(str_eq(take(fx, b, a->number), b->number));
	assert_done(fx, fx->st.bills.holder(fx->db, fx->a, a, &got, &fx->f));
	assert_true(str_eq(got, b->number));
	/* Another payer of the same lines has a bill of his own. */
	a->payer = STR("u-2");
	assert_true(str_eq(take(fx, a, STR("")), a->number));
}

struct crowd {
	struct str mark;
	int out;
};

static void
take_in_crowd(int i, void *arg)
{
	const struct crowd *c = arg;
	struct fixture fx;
	struct payment *pm;

	(void)i;
	fixture_open(&fx);
	pm = billed(&fx, c->mark);
	if (str_eq(take(&fx, pm, STR("")), pm->number) &&
	    write(c->out, "m", 1) != 1)
		_exit(1);
	fixture_close(&fx);
}

static void
of_eight_that_take_a_bill_at_once_one_has_it(void **state)
{
	struct fixture *fx = *state;
	struct crowd c = { fixture_ulid(fx->a, T0), -1 };
	char mine[16];
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	c.out = fd[1];
	fixture_crowd(8, take_in_crowd, &c);
	close(fd[1]);
	assert_int_equal(read(fd[0], mine, sizeof(mine)), 1);
	close(fd[0]);
}

/* --- transactions of a bank ----------------------------------------- */

struct trx {
	struct fixture *fx;
	const struct payment *pm;
	bool begin, lead;
	struct str id, state; /* state empty: put */
	int64_t at;
};

static enum err
trx_body(void *arg, struct fault *f)
{
	const struct trx *t = arg;
	struct bill_store *s = &t->fx->st.bills;
	struct attempt at = {
		.n = 1, .contract = STR("c"), .bank = STR("gazprombank")
	};
	enum err rc = ERR_OK;

	if (t->lead)
		return s->lead(s->self, t->pm->akey, t->pm->number, t->id, f);
	if (t->begin)
		rc = t->fx->st.pays.attempt_put(
		    t->fx->db, t->pm->akey, t->pm->number, &at, f);
	if (rc != ERR_OK)
		return rc;
	return t->state.len == 0 ? s->trx_put(s->self, t->pm->akey,
				       t->pm->number, 1, t->id, t->at, f)
				 : s->trx_move(s->self, t->pm->akey,
				       t->pm->number, 1, t->id, t->state, f);
}

static enum err
trx(struct trx t)
{
	return t.fx->st.tx.run(t.fx->db, "trx", trx_body, &t, &t.fx->f);
}

static void
transactions_of_an_attempt_are_noted_once_in_order(void **state)
{
	struct fixture *fx = *state;
	struct payment *pm = fixture_put(fx);
	struct str *ids, *states;
	size_t len;

	assert_rc(fx, trx((struct trx){ fx, pm, .id = STR("t0"), .at = T0 }),
	    ERR_CONFLICT); /* of no attempt */
	assert_done(fx,
	    trx((struct trx){
		fx, pm, .begin = true, .id = STR("t2"), .at = T0 + 2 }));
	assert_done(
	    fx, trx((struct trx){ fx, pm, .id = STR("t1"), .at = T0 + 1 }));
	assert_done(
	    fx, trx((struct trx){ fx, pm, .id = STR("t2"), .at = T0 + 9 }));
	assert_done(fx,
	    trx((struct trx){ fx, pm, .id = STR("t2"), .state = STR("paid") }));
	assert_rc(fx,
	    trx((struct trx){ fx, pm, .id = STR("t3"), .state = STR("paid") }),
	    ERR_ABSENT);
	assert_rc(fx,
	    trx((struct trx){ fx, pm, .id = STR("t2"), .state = STR("lost") }),
	    ERR_CONFLICT);
	assert_done(fx,
	    fx->st.bills.trxs(fx->db, fx->a, pm->akey, pm->number, 1, 10, &ids,
		&states, &len, &fx->f));
	assert_int_equal(len, 2);
	assert_text(ids[0], "t1");
	assert_text(states[0], "seen");
	assert_text(ids[1], "t2");
	assert_text(states[1], "paid");
}

static void
a_led_payment_says_where_to(void **state)
{
	struct fixture *fx = *state;
	struct payment *a = fixture_put(fx), *b = fixture_put(fx), *got;

	assert_done(
	    fx, trx((struct trx){ fx, a, .lead = true, .id = b->number }));
	assert_done(
	    fx, fx->st.pays.load(fx->db, fx->a, a->number, &got, &fx->f));
	assert_true(str_eq(got->led_to, b->number));
	a->number = fixture_number(fx->a);
	assert_rc(fx, trx((struct trx){ fx, a, .lead = true, .id = b->number }),
	    ERR_ABSENT);
}

static void
overdue_names_unpaid_payments_whose_life_ended(void **state)
{
	struct fixture *fx = *state;
	struct payment *pm = fixture_put(fx);
	struct str *numbers;
	size_t len;
	bool seen = false;

	assert_done(fx,
	    fx->st.bills.overdue(
		fx->db, fx->a, pm->expires_at - 1, 10, &numbers, &len, &fx->f));
	assert_int_equal(len, 0);
	assert_done(fx,
	    fx->st.bills.overdue(
		fx->db, fx->a, pm->expires_at, 1000, &numbers, &len, &fx->f));
	for (size_t i = 0; i < len; i++)
		seen = seen || str_eq(numbers[i], pm->number);
	assert_true(seen);
	assert_done(fx,
	    fx->st.bills.overdue(
		fx->db, fx->a, pm->expires_at, 2, &numbers, &len, &fx->f));
	assert_int_equal(len, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bill_has_one_holder_until_he_is_expected),
		cmocka_unit_test(of_eight_that_take_a_bill_at_once_one_has_it),
		cmocka_unit_test(
		    transactions_of_an_attempt_are_noted_once_in_order),
		cmocka_unit_test(a_led_payment_says_where_to),
		cmocka_unit_test(
		    overdue_names_unpaid_payments_whose_life_ended),
	};

	return cmocka_run_group_tests(tests, fixture_make, fixture_end);
}
