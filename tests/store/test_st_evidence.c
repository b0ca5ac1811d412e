#include "fixture.h"

static struct notice
notice(struct fixture *fx, const struct payment *pm, struct str raw)
{
	struct notice n = { .akey = pm->akey,
		.id = fixture_ulid(fx->a, T0),
		.number = pm->number,
		.n = 1,
		.bank = STR("sberbank"),
		.contract = STR("sber-irk"),
		.kind = STR("deposited"),
		.verdict = STR("accepted"),
		.raw = raw,
		.at = T0 };

	secret_sha256_hex(raw, n.digest);
	return n;
}

static bool
keep(struct fixture *fx, const struct notice *n, struct str wake, int64_t at)
{
	bool first;

	assert_done(fx,
	    fx->st.evidence.notice_put(fx->db, n, wake, at, &first, &fx->f));
	return first;
}

static void
a_repeated_call_back_is_counted_not_kept_twice(void **state)
{
	struct fixture *fx = *state;
	struct payment *pm = fixture_put(fx);
	struct notice n = notice(fx, pm, pm->number), again = n;
	const struct notice *got;
	size_t len;

	assert_true(keep(fx, &n, STR_NONE, 0));
	for (int i = 1; i <= 3; i++) {
		again.id = fixture_ulid(fx->a, T0);
		again.at = T0 + i;
		assert_false(keep(fx, &again, STR_NONE, 0));
	}
	assert_done(fx,
	    fx->st.evidence.notices(
		fx->db, fx->a, pm->akey, pm->number, 10, &got, &len, &fx->f));
	assert_int_equal(len, 1);
	assert_int_equal(got[0].times, 4);
	assert_int_equal(got[0].at, T0);
	assert_int_equal(got[0].n, 1);
	assert_true(str_eq(got[0].id, n.id));
	assert_true(str_eq(got[0].raw, n.raw));
	assert_string_equal(got[0].digest, n.digest);
	assert_text(got[0].bank, "sberbank");
	assert_text(got[0].contract, "sber-irk");
	assert_text(got[0].kind, "deposited");
	assert_text(got[0].verdict, "accepted");
}

static size_t
claimed(struct fixture *fx, int64_t now, const struct job **got)
{
	size_t len;

	assert_done(fx,
	    fx->st.jobs.claim(fx->db, fx->a, STR("w"), now, now + 60000, 10,
		got, &len, &fx->f));
	return len;
}

static void
a_call_back_wakes_the_question_also_when_repeated(void **state)
{
	struct fixture *fx = *state;
	struct payment *pm = fixture_put(fx);
	struct notice n = notice(fx, pm, pm->number);
	const struct job *got;

	fixture_sql(fx, "DELETE FROM job");
	assert_true(keep(fx, &n, STR("7K3M9QZT-X-1"), T0 + 7));
	assert_int_equal(claimed(fx, T0 + 6, &got), 0);
	assert_int_equal(claimed(fx, T0 + 7, &got), 1);
	assert_text(got[0].kind, "ask");
	assert_text(got[0].ref, "7K3M9QZT-X-1");
	assert_done(fx, fx->st.jobs.done(fx->db, &got[0], T0, &fx->f));
	n.id = fixture_ulid(fx->a, T0);
	assert_false(keep(fx, &n, STR("7K3M9QZT-X-1"), T0 + 9));
	assert_int_equal(claimed(fx, T0 + 9, &got), 1);
	/* It runs now: what it finds came before this call-back. */
	n.id = fixture_ulid(fx->a, T0);
	assert_false(keep(fx, &n, STR("7K3M9QZT-X-1"), T0 + 10));
	assert_rc(
	    fx, fx->st.jobs.done(fx->db, &got[0], T0, &fx->f), ERR_CONFLICT);
	assert_int_equal(claimed(fx, T0 + 10, &got), 1);
}

struct keeping {
	struct fixture *fx;
	struct notice n;
	enum err end;
};

static enum err
keep_body(void *arg, struct fault *f)
{
	struct keeping *k = arg;
	bool first;
	enum err rc = k->fx->st.evidence.notice_put(
	    k->fx->db, &k->n, STR("7K3M9QZT-T-1"), T0, &first, f);

	if (rc == ERR_OK && k->end != ERR_OK)
		return fault_set(f, k->end, "internal", "as asked");
	return rc;
}

static void
inside_of_a_transaction_a_call_back_goes_with_it(void **state)
{
	struct fixture *fx = *state;
	struct payment *pm = fixture_put(fx);
	struct keeping k = { fx, notice(fx, pm, pm->number), ERR_BUG };
	const struct notice *got;
	size_t len;

	assert_rc(
	    fx, fx->st.tx.run(fx->db, "keep", keep_body, &k, &fx->f), ERR_BUG);
	assert_done(fx,
	    fx->st.evidence.notices(
		fx->db, fx->a, pm->akey, pm->number, 10, &got, &len, &fx->f));
	assert_int_equal(len, 0);
	k.end = ERR_OK;
	assert_done(fx, fx->st.tx.run(fx->db, "keep", keep_body, &k, &fx->f));
	assert_done(fx,
	    fx->st.evidence.notices(
		fx->db, fx->a, pm->akey, pm->number, 10, &got, &len, &fx->f));
	assert_int_equal(len, 1);
}

struct crowd {
	struct payment *pm;
	int out;
};

static void
keep_in_crowd(int i, void *arg)
{
	const struct crowd *c = arg;
	struct fixture fx;
	struct notice n;

	(void)i;
	fixture_open(&fx);
	n = notice(&fx, c->pm, c->pm->number);
	if (keep(&fx, &n, STR("7K3M9QZT-C-1"), T0) &&
	    write(c->out, "f", 1) != 1)
		_exit(1);
	fixture_close(&fx);
}

static void
of_ten_equal_call_backs_at_once_one_is_the_first(void **state)
{
	struct fixture *fx = *state;
	struct crowd c = { fixture_put(fx), -1 };
	const struct notice *got;
	char firsts[16];
	size_t len;
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	c.out = fd[1];
	fixture_crowd(10, keep_in_crowd, &c);
	close(fd[1]);
	assert_int_equal(read(fd[0], firsts, sizeof(firsts)), 1);
	close(fd[0]);
	assert_done(fx,
	    fx->st.evidence.notices(fx->db, fx->a, c.pm->akey, c.pm->number, 10,
		&got, &len, &fx->f));
	assert_int_equal(len, 1);
	assert_int_equal(got[0].times, 10);
}

/* --- the story ------------------------------------------------------ */

struct telling {
	struct fixture *fx;
	const struct payment *pm;
	const struct pay_event *e;
};

static enum err
tell_body(void *arg, struct fault *f)
{
	const struct telling *t = arg;

	return t->fx->st.evidence.event_put(
	    t->fx->db, t->pm->akey, t->pm->number, t->e, f);
}

static void
a_story_is_told_in_order_and_by_pages(void **state)
{
	struct fixture *fx = *state;
	struct payment *pm = fixture_put(fx);
	const struct pay_event *got;
	struct str after = STR("");
	size_t len, all = 0;

	for (int i = 1; i <= 6; i++) {
		struct telling t = { fx, pm,
			fixture_event(fx->a, T0 + i, "opened") };

		assert_done(
		    fx, fx->st.tx.run(fx->db, "tell", tell_body, &t, &fx->f));
	}
	do {
		assert_done(fx,
		    fx->st.evidence.events(fx->db, fx->a, pm->number, after, 3,
			&got, &len, &fx->f));
		for (size_t i = 0; i < len; i++) {
			assert_int_equal(got[i].at, T0 + (int64_t)all);
			assert_text(got[i].kind,
			    all == 0 ? "payment_created" : "opened");
			assert_text(got[i].evidence, "{\"words\":\"первое\"}");
			after = got[i].id;
			all++;
		}
	} while (len == 3);
	assert_int_equal(all, 7);
	assert_done(fx,
	    fx->st.evidence.events(
		fx->db, fx->a, STR("no"), STR(""), 3, &got, &len, &fx->f));
	assert_int_equal(len, 0);
}

/* --- cases ---------------------------------------------------------- */

struct case_opening {
	struct fixture *fx;
	struct pay_case c;
	bool made;
};

static enum err
open_body(void *arg, struct fault *f)
{
	struct case_opening *o = arg;

	return o->fx->st.evidence.case_put(o->fx->db, &o->c, &o->made, f);
}

static bool
open_case(struct fixture *fx, const struct payment *pm, const char *kind,
    const char *portal, int64_t at)
{
	struct case_opening o = { fx,
		{ .akey = pm->akey,
		    .id = fixture_ulid(fx->a, at),
		    .portal = str_of(portal),
		    .number = pm->number,
		    .n = 2,
		    .kind = str_of(kind),
		    .subject = pm->number,
		    .proposal = STR("refund"),
		    .sum_kop = 170000,
		    .evidence = STR("{}"),
		    .created_at = at },
		false };

	assert_done(fx, fx->st.tx.run(fx->db, "case", open_body, &o, &fx->f));
	return o.made;
}

static void
a_case_is_opened_once_and_listed_by_pages(void **state)
{
	struct fixture *fx = *state;
	struct payment *a = fixture_put(fx), *b = fixture_put(fx);
	struct case_query q = { .unresolved = true };
	const struct pay_case *got;
	size_t len;

	assert_true(open_case(fx, a, "wrong_sum", "portalgkh", T0));
	assert_false(open_case(fx, a, "wrong_sum", "portalgkh", T0 + 1));
	assert_true(open_case(fx, a, "second_payment", "portalgkh", T0));
	assert_true(open_case(fx, b, "wrong_sum", "tgk1", T0 + 5));
	assert_done(fx,
	    fx->st.evidence.cases_of(
		fx->db, fx->a, a->akey, a->number, 10, &got, &len, &fx->f));
	assert_int_equal(len, 2);
	assert_int_equal(got[0].sum_kop, 170000);
	assert_int_equal(got[0].n, 2);
	assert_text(got[0].state, "open");
	assert_text(got[0].proposal, "refund");
	q.limit = 2;
	assert_done(
	    fx, fx->st.cases.list(fx->db, fx->a, &q, &got, &len, &fx->f));
	assert_int_equal(len, 2);
	q.after_at = got[1].created_at;
	q.after_id = got[1].id;
	assert_done(
	    fx, fx->st.cases.list(fx->db, fx->a, &q, &got, &len, &fx->f));
	assert_int_equal(len, 1);
	assert_true(str_eq(got[0].number, b->number));
	q = (struct case_query){ .portal = STR("tgk1"), .limit = 9 };
	assert_done(
	    fx, fx->st.cases.list(fx->db, fx->a, &q, &got, &len, &fx->f));
	assert_int_equal(len, 1);
	assert_text(got[0].portal, "tgk1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_repeated_call_back_is_counted_not_kept_twice),
		cmocka_unit_test(
		    a_call_back_wakes_the_question_also_when_repeated),
		cmocka_unit_test(
		    inside_of_a_transaction_a_call_back_goes_with_it),
		cmocka_unit_test(
		    of_ten_equal_call_backs_at_once_one_is_the_first),
		cmocka_unit_test(a_story_is_told_in_order_and_by_pages),
		cmocka_unit_test(a_case_is_opened_once_and_listed_by_pages),
	};

	return cmocka_run_group_tests(tests, fixture_make, fixture_end);
}
