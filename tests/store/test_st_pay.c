#include "fixture.h"

static void
a_payment_is_read_back_as_it_was_written(void **state)
{
	struct fixture *fx = *state;
	struct payment *pm = fixture_put(fx), *got;

	assert_done(
	    fx, fx->st.pays.load(fx->db, fx->a, pm->number, &got, &fx->f));
	assert_int_equal(got->state, PAY_CREATED);
	assert_true(str_eq(got->number, pm->number));
	assert_true(str_eq(got->akey, pm->akey));
	assert_text(got->email, "payer@example.org");
	assert_text(got->return_url, "");
	assert_int_equal(got->sum_kop, 170000);
	assert_int_equal(got->fee_kop, 1800);
	assert_int_equal(got->total_kop, 171800);
	assert_int_equal(got->refunded_kop, 0);
	assert_int_equal(got->created_at, T0);
	assert_int_equal(got->paid_at, 0);
	assert_int_equal(got->paid_attempt, 0);
	assert_int_equal(got->attempts_len, 0);
	assert_int_equal(got->lines_len, 2);
	assert_text(got->lines[0].account, "10019743");
	assert_text(got->lines[1].account, "ИНЗБ17004717");
	assert_int_equal(got->lines[0].fee_kop, 1800);
	assert_int_equal(got->lines[1].supplier_fee_kop, 400);
}

static void
fifty_lines_with_quotes_are_kept_in_order(void **state)
{
	struct fixture *fx = *state;
	struct payment *pm = fixture_payment(fx->a), *got;
	struct pay_line lines[50];
	struct new_payment np;
	struct idem found;
	bool was;

	pm->sum_kop = pm->fee_kop = 0;
	for (int i = 0; i < 50; i++) {
		lines[i] = (struct pay_line){ STR("a\"b\\c"), STR("«ж»"),
			arena_fmt(fx->a, "%d", i), 100 + i, i, 0, FEE_LOSS_NONE,
			0, { "", 0 } };
		pm->sum_kop += 100 + i;
		pm->fee_kop += i;
	}
	pm->total_kop = pm->sum_kop + pm->fee_kop;
	pm->lines = lines;
	pm->lines_len = 50;
	np = fixture_new(fx->a, pm, pm->number);
	assert_done(
	    fx, fx->st.pays.create(fx->db, fx->a, &np, &was, &found, &fx->f));
	assert_done(
	    fx, fx->st.pays.load(fx->db, fx->a, pm->number, &got, &fx->f));
	assert_int_equal(got->lines_len, 50);
	for (int i = 0; i < 50; i++) {
		assert_text(got->lines[i].supplier, "a\"b\\c");
		assert_text(got->lines[i].service, "«ж»");
		assert_int_equal(got->lines[i].sum_kop, 100 + i);
	}
}

static void
an_unknown_number_is_absent(void **state)
{
	struct fixture *fx = *state;
	struct payment *got;

	assert_rc(fx,
	    fx->st.pays.load(
		fx->db, fx->a, STR("00000000-0000000000"), &got, &fx->f),
	    ERR_ABSENT);
	assert_string_equal(fx->f.reason, "payment_unknown");
	assert_rc(fx, fx->st.pays.load(fx->db, fx->a, STR("x"), &got, &fx->f),
	    ERR_ABSENT);
}

static void
a_used_key_gives_the_first_answer_and_makes_nothing(void **state)
{
	struct fixture *fx = *state;
	struct payment *pm = fixture_put(fx), *second, *got;
	struct new_payment np;
	struct idem found;
	bool was;

	second = fixture_payment(fx->a);
	np = fixture_new(fx->a, second, pm->number);
	np.body_hash = STR("other");
	np.answer = STR("other");
	assert_done(
	    fx, fx->st.pays.create(fx->db, fx->a, &np, &was, &found, &fx->f));
	assert_true(was);
	assert_true(str_eq(found.number, pm->number));
	assert_text(found.body_hash, "hash");
	assert_text(found.answer, "{\"n\":1}");
	assert_rc(fx,
	    fx->st.pays.load(fx->db, fx->a, second->number, &got, &fx->f),
	    ERR_ABSENT);
}

static void
a_key_is_found_in_its_own_portal_only(void **state)
{
	struct fixture *fx = *state;
	struct payment *pm = fixture_put(fx);
	struct idem found;

	assert_done(fx,
	    fx->st.pays.find(
		fx->db, fx->a, STR("portalgkh"), pm->number, &found, &fx->f));
	assert_true(str_eq(found.number, pm->number));
	assert_rc(fx,
	    fx->st.pays.find(
		fx->db, fx->a, STR("tgk1"), pm->number, &found, &fx->f),
	    ERR_ABSENT);
}

static void
a_payment_that_breaks_a_rule_leaves_nothing(void **state)
{
	struct fixture *fx = *state;
	struct payment *pm = fixture_payment(fx->a);
	struct new_payment np = fixture_new(fx->a, pm, pm->number);
	struct idem found;
	bool was;

	pm->total_kop += 1;
	assert_rc(fx,
	    fx->st.pays.create(fx->db, fx->a, &np, &was, &found, &fx->f),
	    ERR_CONFLICT);
	assert_string_equal(fx->f.reason, "row_conflict");
	assert_rc(fx,
	    fx->st.pays.find(
		fx->db, fx->a, pm->portal, pm->number, &found, &fx->f),
	    ERR_ABSENT);
}

#define CROWD 10

struct crowd {
	struct str ikey;
	int out; /* a pipe: 'm' made, 'w' was */
};

static void
create_in_crowd(int i, void *arg)
{
	const struct crowd *c = arg;
	struct fixture fx;
	struct payment *pm;
	struct new_payment np;
	struct idem found;
	bool was;

	(void)i; /* all do the same */
	fixture_open(&fx);
	pm = fixture_payment(fx.a);
	np = fixture_new(fx.a, pm, c->ikey);
	if (fx.st.pays.create(fx.db, fx.a, &np, &was, &found, &fx.f) !=
	    ERR_OK) {
		fprintf(stderr, "%s %s\n", fx.f.reason, fx.f.detail);
		_exit(1);
	}
	if (write(c->out, was ? "w" : "m", 1) != 1)
		_exit(1);
	fixture_close(&fx);
}

static void
one_key_at_once_from_ten_makes_one_payment(void **state)
{
	struct fixture *fx = *state;

	for (int round = 0; round < 3; round++) {
		struct crowd c = { fixture_ulid(fx->a, T0), -1 };
		int fd[2], made = 0;
		char got[CROWD + 1];
		ssize_t n;

		assert_int_equal(pipe(fd), 0);
		c.out = fd[1];
		fixture_crowd(CROWD, create_in_crowd, &c);
		n = read(fd[0], got, sizeof(got));
		assert_int_equal(n, CROWD);
		for (int i = 0; i < CROWD; i++)
			made += got[i] == 'm';
		assert_int_equal(made, 1);
		close(fd[0]);
		close(fd[1]);
	}
}

/* --- moving --------------------------------------------------------- */

struct moving {
	struct fixture *fx;
	struct pay_move pay;
	struct att_move att;
	const struct attempt *put;
	int runs;
};

static enum err
moving_body(void *arg, struct fault *f)
{
	struct moving *m = arg;
	struct pay_store *s = &m->fx->st.pays;
	enum err rc = ERR_OK;

	m->runs++;
	if (m->pay.number.len > 0)
		rc = s->move(s->self, &m->pay, f);
	if (rc == ERR_OK && m->put != NULL)
		rc = s->attempt_put(
		    s->self, m->pay.akey, m->pay.number, m->put, f);
	if (rc == ERR_OK && m->att.number.len > 0)
		rc = s->attempt_move(s->self, &m->att, f);
	return rc;
}

static enum err
moved(struct moving *m)
{
	struct tx *tx = &m->fx->st.tx;

	m->runs = 0;
	return tx->run(tx->self, "moving", moving_body, m, &m->fx->f);
}

static struct moving
begun(struct fixture *fx, const struct payment *pm, struct attempt *at)
{
	*at = (struct attempt){ .n = 1,
		.state = ATT_INTENDED,
		.contract = pm->contract,
		.bank = pm->bank,
		.started_at = T0 + 1,
		.expires_at = T0 + 1000 };
	return (struct moving){ .fx = fx,
		.pay = { .akey = pm->akey,
		    .number = pm->number,
		    .from = PAY_CREATED,
		    .to = PAY_PENDING,
		    .attempts = 0,
		    .attempts_to = 1,
		    .at = T0 + 1 },
		.put = at };
}

static void
an_attempt_goes_its_way_to_paid(void **state)
{
	struct fixture *fx = *state;
	struct payment *pm = fixture_put(fx), *got;
	struct attempt at;
	struct moving m = begun(fx, pm, &at);

	assert_done(fx, moved(&m));
	m = (struct moving){ .fx = fx,
		.att = { .akey = pm->akey,
		    .number = pm->number,
		    .n = 1,
		    .from = ATT_INTENDED,
		    .to = ATT_REGISTERED,
		    .bank_id = STR("b-1"),
		    .form_url = STR("https://b/1") } };
	assert_done(fx, moved(&m));
	m = (struct moving){ .fx = fx,
		.pay = { .akey = pm->akey,
		    .number = pm->number,
		    .from = PAY_PENDING,
		    .to = PAY_PAID,
		    .attempts = 1,
		    .attempts_to = 1,
		    .at = T0 + 5,
		    .paid_at = T0 + 4,
		    .paid_attempt = 1,
		    .card_mask = STR("2200****1234") },
		.att = { .akey = pm->akey,
		    .number = pm->number,
		    .n = 1,
		    .from = ATT_REGISTERED,
		    .to = ATT_PAID,
		    .closed_at = T0 + 5,
		    .paid_kop = 171800 } };
	assert_done(fx, moved(&m));
	assert_done(
	    fx, fx->st.pays.load(fx->db, fx->a, pm->number, &got, &fx->f));
	assert_int_equal(got->state, PAY_PAID);
	assert_int_equal(got->paid_at, T0 + 4);
	assert_int_equal(got->changed_at, T0 + 5);
	assert_int_equal(got->paid_attempt, 1);
	assert_text(got->card_mask, "2200****1234");
	assert_text(got->bank_ref, "");
	assert_int_equal(got->attempts_len, 1);
	assert_int_equal(got->attempts[0].state, ATT_PAID);
	assert_text(got->attempts[0].bank_id, "b-1");
	assert_text(got->attempts[0].form_url, "https://b/1");
	assert_int_equal(got->attempts[0].paid_kop, 171800);
	assert_int_equal(got->attempts[0].expires_at, T0 + 1000);
	assert_false(got->attempts[0].on_case);
}

static void
a_move_from_another_state_is_again_after_five_runs(void **state)
{
	struct fixture *fx = *state;
	struct payment *pm = fixture_put(fx), *got;
	struct attempt at;
	struct moving m = begun(fx, pm, &at);

	m.pay.from = PAY_PENDING;
	assert_rc(fx, moved(&m), ERR_AGAIN);
	assert_int_equal(m.runs, 5);
	m.pay.from = PAY_CREATED;
	m.pay.attempts = 3; /* somebody else has handed out others */
	assert_rc(fx, moved(&m), ERR_AGAIN);
	assert_done(
	    fx, fx->st.pays.load(fx->db, fx->a, pm->number, &got, &fx->f));
	assert_int_equal(got->state, PAY_CREATED);
	assert_int_equal(got->attempts_len, 0);
}

static void
paid_without_its_attempt_is_refused_by_the_table(void **state)
{
	struct fixture *fx = *state;
	struct payment *pm = fixture_put(fx);
	struct attempt at;
	struct moving m = begun(fx, pm, &at);

	m.pay.to = PAY_PAID;
	assert_rc(fx, moved(&m), ERR_CONFLICT);
	assert_int_equal(m.runs, 1);
}

/* --- listing -------------------------------------------------------- */

static struct str
listed(struct fixture *fx, int i, const char *payer, const char *account)
{
	struct payment *pm = fixture_payment(fx->a);
	struct pay_line line = fixture_lines[0];
	struct new_payment np;
	struct idem found;
	bool was;

	pm->portal = STR("lists");
	pm->payer = str_of(payer);
	pm->created_at = T0 + i / 2; /* two at each instant */
	line.account = str_of(account);
	pm->lines = &line;
	pm->lines_len = 1;
	pm->sum_kop = line.sum_kop;
	pm->total_kop = line.sum_kop + pm->fee_kop;
	np = fixture_new(fx->a, pm, pm->number);
	assert_done(
	    fx, fx->st.pays.create(fx->db, fx->a, &np, &was, &found, &fx->f));
	return pm->number;
}

static size_t
count(struct fixture *fx, struct pay_query q)
{
	const struct payment *v;
	size_t len, all = 0;
	int64_t last_at = INT64_MAX;

	q.portal = STR("lists");
	do {
		assert_done(
		    fx, fx->st.pays.list(fx->db, fx->a, &q, &v, &len, &fx->f));
		for (size_t i = 0; i < len; i++) {
			assert_true(v[i].created_at <= last_at);
			last_at = v[i].created_at;
			assert_int_equal(v[i].lines_len, 1);
			assert_int_equal(v[i].lines[0].sum_kop, 120000);
		}
		all += len;
		if (len > 0) {
			q.before_at = v[len - 1].created_at;
			q.before_number = v[len - 1].number;
		}
	} while (len == (size_t)q.limit);
	return all;
}

static void
lists_are_paged_and_filtered(void **state)
{
	struct fixture *fx = *state;

	for (int i = 0; i < 20; i++)
		(void)listed(fx, i, i % 2 ? "odd" : "", i < 5 ? "A" : "B");
	assert_int_equal(count(fx, (struct pay_query){ .limit = 3 }), 20);
	assert_int_equal(count(fx, (struct pay_query){ .limit = 200 }), 20);
	assert_int_equal(
	    count(fx, (struct pay_query){ .limit = 5, .payer = STR("odd") }),
	    10);
	assert_int_equal(
	    count(fx, (struct pay_query){ .limit = 2, .account = STR("A") }),
	    5);
	assert_int_equal(
	    count(fx,
		(struct pay_query){
		    .limit = 2, .account = STR("A"), .payer = STR("odd") }),
	    2);
	assert_int_equal(
	    count(
		fx, (struct pay_query){ .limit = 7, .state = STR("created") }),
	    20);
	assert_int_equal(
	    count(fx, (struct pay_query){ .limit = 7, .state = STR("paid") }),
	    0);
	assert_int_equal(
	    count(fx,
		(struct pay_query){
		    .limit = 7, .from_at = T0 + 2, .to_at = T0 + 4 }),
	    4);
	assert_int_equal(
	    count(fx, (struct pay_query){ .limit = 7, .payer = STR("nobody") }),
	    0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_payment_is_read_back_as_it_was_written),
		cmocka_unit_test(fifty_lines_with_quotes_are_kept_in_order),
		cmocka_unit_test(an_unknown_number_is_absent),
		cmocka_unit_test(
		    a_used_key_gives_the_first_answer_and_makes_nothing),
		cmocka_unit_test(a_key_is_found_in_its_own_portal_only),
		cmocka_unit_test(a_payment_that_breaks_a_rule_leaves_nothing),
		cmocka_unit_test(one_key_at_once_from_ten_makes_one_payment),
		cmocka_unit_test(an_attempt_goes_its_way_to_paid),
		cmocka_unit_test(
		    a_move_from_another_state_is_again_after_five_runs),
		cmocka_unit_test(
		    paid_without_its_attempt_is_refused_by_the_table),
		cmocka_unit_test(lists_are_paged_and_filtered),
	};

	return cmocka_run_group_tests(tests, fixture_make, fixture_end);
}
