/* Refunds: asked for, carried out, asked about; on both databases. */
#define _DEFAULT_SOURCE /* NOLINT(bugprone-reserved-identifier,cert-*) */
#include "bank_talk.h"

#include "kvitok/app/refund.h"
#include "kvitok/base/num.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define SUM 50000

static void
render(struct buf *b, const struct refund *r)
{
	buf_text(b, r->id);
	buf_char(b, ' ');
	buf_i64(b, refund_total(r));
}

/* A payment of one line, paid at Sberbank. */
static struct payment *
paid(struct world *w, const struct world_order *o)
{
	struct payment *pm = world_pay(w, o);

	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	world_bank_says_paid(w, pm->total_kop);
	w->now += w->p.set.ask_first_ms;
	(void)world_work(w);
	assert_state(w, pm, "paid");
	return world_load(w, pm->number);
}

static struct refund_request
request(struct world *w, const struct payment *pm, int64_t kop)
{
	struct refund_request req = { .portal = pm->portal,
		.number = pm->number,
		.ask = { .sum_kop = kop },
		.reason = STR("ошибка плательщика"),
		.actor = STR("frontend:01KEY"),
		.ikey = fixture_ulid(w->fx.a, w->now),
		.render = render };

	secret_sha256_hex(
	    arena_fmt(w->fx.a, "%lld", (long long)kop), req.body_hash);
	return req;
}

static enum err
ask(struct world *w, const struct refund_request *req, struct refund_made *made)
{
	fault_init(&w->fx.f);
	return refund_create(&w->p, w->fx.a, req, made, &w->fx.f);
}

static void
give_back(struct world *w, const struct payment *pm, int64_t kop)
{
	struct refund_request req = request(w, pm, kop);
	struct refund_made made;

	assert_done(&w->fx, ask(w, &req, &made));
	assert_false(made.replay);
}

static void
refused(struct world *w, const struct payment *pm, int64_t kop, enum err rc,
    const char *reason)
{
	struct refund_request req = request(w, pm, kop);
	struct refund_made made;

	assert_rc(&w->fx, ask(w, &req, &made), rc);
	assert_string_equal(w->fx.f.reason, reason);
}

/* The state of the newest refund. */
static const char *
newest(struct world *w, const struct payment *pm)
{
	const struct refund *list;
	size_t len;

	assert_done(&w->fx,
	    refund_list(
		&w->p, w->fx.a, pm->portal, pm->number, &list, &len, &w->fx.f));
	assert_true(len > 0);
	return refund_state_name(list[len - 1].state);
}

static void
later(struct world *w, int64_t ms)
{
	w->now += ms;
	(void)world_work(w);
}

static void
a_whole_refund_ends_the_payment_and_its_books(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w, &sber_order);

	give_back(w, pm, 0);
	assert_int_equal(
	    world_load(w, pm->number)->refunded_kop, pm->total_kop);
	assert_state(w, pm, "paid"); /* nobody has given anything yet */
	later(w, 1);
	assert_state(w, pm, "refunded");
	assert_string_equal(newest(w, pm), "done");
	assert_int_equal(w->refunds, 1);
	assert_int_equal(w->refund.sum_kop, pm->total_kop);
	assert_int_equal(w->refund.paid_kop, pm->total_kop);
	assert_true(w->refund.same_day);
	assert_int_equal(world_moved(w, pm, "commission/irkutskenergosbyt"), 0);
	assert_int_equal(
	    world_moved(w, pm, "payable/irkutskenergosbyt/irkutskenergosbyt"),
	    0);
	assert_int_equal(world_told(w, pm, "refund_asked"), 1);
	assert_int_equal(world_told(w, pm, "refund_done"), 1);
	assert_int_equal(world_told(w, pm, "refund_receipt_sent"), 1);
	assert_int_equal(w->mails, 2); /* the payment's, and the refund's */
	refused(w, pm, 1, ERR_LIMIT, "refund_too_large");
}

static void
parts_make_the_payment_partly_refunded_and_keep_the_commission(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w, &gpb_order);

	give_back(w, pm, 20000);
	later(w, 1);
	assert_state(w, pm, "partly_refunded");
	assert_int_equal(world_load(w, pm->number)->refunded_kop, 20000);
	assert_int_equal(world_moved(w, pm, "commission/portalgkh"), -1800);
	assert_int_equal(
	    world_moved(w, pm, "payable/portalgkh/yuzhnoe-zhks"), -100000);
	refused(w, pm, 100001, ERR_LIMIT, "refund_too_large");
	give_back(w, pm, 100000);
	later(w, 1);
	assert_state(w, pm, "partly_refunded"); /* the commission was kept */
	assert_int_equal(world_load(w, pm->number)->refunded_kop, 120000);
}

static void
what_was_not_paid_or_has_no_reason_is_refused(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);
	struct refund_request req = request(w, pm, 0);
	struct refund_made made;

	refused(w, pm, 0, ERR_CONFLICT, "payment_not_paid");
	req.portal = STR("portalgkh");
	assert_rc(&w->fx, ask(w, &req, &made), ERR_ABSENT);
	pm = paid(w, &sber_order);
	req = request(w, pm, 0);
	req.reason = STR("яб");
	assert_rc(&w->fx, ask(w, &req, &made), ERR_INVALID);
	assert_string_equal(w->fx.f.fields[0].pointer, "/reason");
	req.reason = STR("ябв");
	assert_done(&w->fx, ask(w, &req, &made));
}

static void
a_key_that_comes_again_gets_its_first_answer(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w, &sber_order);
	struct refund_request req = request(w, pm, 10000);
	struct refund_made made, again;

	assert_done(&w->fx, ask(w, &req, &made));
	later(w, 1);
	assert_done(&w->fx, ask(w, &req, &again));
	assert_true(again.replay);
	assert_true(str_eq(again.answer, made.answer));
	assert_int_equal(world_load(w, pm->number)->refunded_kop, 10000);
	secret_sha256_hex(STR("another body"), req.body_hash);
	assert_rc(&w->fx, ask(w, &req, &again), ERR_LIMIT);
	assert_string_equal(w->fx.f.reason, "idempotency_key_reused");
}

static void
a_lost_answer_is_asked_about_and_never_repeated(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w, &sber_order);

	w->refund_rc = ERR_UNSURE; /* done, and not answered */
	give_back(w, pm, 10000);
	later(w, 1);
	assert_string_equal(newest(w, pm), "unknown");
	assert_state(w, pm, "paid");
	later(w, w->p.set.ask_first_ms);
	assert_string_equal(newest(w, pm), "done");
	assert_state(w, pm, "partly_refunded");
	assert_int_equal(w->refunds, 1);
}

static void
what_the_bank_certainly_has_not_done_is_tried_again_with_its_id(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w, &sber_order);
	struct str id;

	w->refund_rc = ERR_UNSURE;
	w->refund_not_done = true;
	give_back(w, pm, 10000);
	later(w, 1);
	id = w->refund.id;
	later(w, w->p.set.ask_first_ms);
	assert_string_equal(newest(w, pm), "unknown");
	assert_int_equal(w->refunds, 1); /* it may be on its way */
	w->refund_rc = ERR_OK;
	w->refund_not_done = false;
	later(w, w->p.set.patience_ms);
	later(w, w->p.set.patience_ms);
	assert_string_equal(newest(w, pm), "done");
	assert_int_equal(w->refunds, 2);
	assert_true(str_eq(w->refund.id, id));
	assert_int_equal(w->refunded_kop, 10000);
}

static void
a_bank_without_ids_is_waited_for_ten_times_as_long(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w, &gpb_order);

	w->refund_rc = ERR_UNSURE;
	w->refund_not_done = true;
	give_back(w, pm, 10000);
	later(w, 1);
	for (int i = 0; i < 9; i++)
		later(w, w->p.set.patience_ms);
	assert_int_equal(w->refunds, 1);
	for (int i = 0; i < 9; i++)
		later(w, w->p.set.patience_ms);
	assert_true(w->refunds > 1);
}

static void
a_refusal_frees_the_sum_and_opens_a_case(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w, &sber_order);

	w->refund_refused = true;
	give_back(w, pm, 0);
	later(w, 1);
	assert_string_equal(newest(w, pm), "failed");
	assert_state(w, pm, "paid");
	assert_int_equal(world_load(w, pm->number)->refunded_kop, 0);
	assert_int_equal(world_cases(w, pm, "refund_failed"), 1);
	assert_int_equal(world_told(w, pm, "refund_refused"), 1);
	w->refund_refused = false;
	give_back(w, pm, 0);
	later(w, 1);
	assert_state(w, pm, "refunded");
}

static void
a_refusal_of_what_was_done_before_is_success(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w, &sber_order);

	w->refund_rc = ERR_UNSURE; /* a reversal, done and not answered */
	give_back(w, pm, 0);
	later(w, 1);
	w->refund_rc = ERR_OK;
	w->refund_refused = true; /* «impossible in this state» */
	later(w, w->p.set.ask_first_ms);
	assert_state(w, pm, "refunded");
	assert_int_equal(world_cases(w, pm, "refund_failed"), 0);
}

static void
another_sum_at_the_bank_is_a_case_and_the_sum_stays_reserved(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w, &sber_order);

	w->refund_rc = ERR_UNSURE;
	give_back(w, pm, 10000);
	later(w, 1);
	w->refunded_kop += 1;
	later(w, w->p.set.ask_first_ms);
	assert_int_equal(world_cases(w, pm, "refund_unclear"), 1);
	assert_string_equal(newest(w, pm), "unknown");
	assert_int_equal(world_load(w, pm->number)->refunded_kop, 10000);
	later(w, 3600000);
	assert_int_equal(w->refunds, 1); /* given up, until a person wakes it */
}

static void
a_bank_that_cannot_be_asked_is_not_called(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w, &sber_order);

	w->refunded_rc = ERR_AGAIN;
	give_back(w, pm, 10000);
	later(w, 1);
	for (int i = 0; i < 10; i++) /* more often than jobs are given up */
		later(w, w->p.set.ask_first_ms * 10);
	assert_int_equal(w->refunds, 0);
	w->refunded_rc = ERR_OK;
	later(w, 600000);
	assert_string_equal(newest(w, pm), "done");
}

static void
of_one_payment_one_refund_at_a_time_is_with_the_bank(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w, &sber_order);

	w->refund_rc = ERR_UNSURE;
	w->refunded_rc = ERR_OK;
	give_back(w, pm, 10000);
	later(w, 1);
	w->refunded_rc = ERR_AGAIN; /* its outcome stays unknown */
	w->refund_rc = ERR_OK;
	give_back(w, pm, 20000);
	later(w, 1);
	assert_int_equal(w->refunds, 1);
	w->refunded_rc = ERR_OK;
	for (int i = 0; i < 5; i++)
		later(w, 600000);
	assert_int_equal(w->refunds, 2);
	assert_int_equal(w->refunded_kop, 30000);
	assert_int_equal(world_load(w, pm->number)->refunded_kop, 30000);
	assert_string_equal(newest(w, pm), "done");
}

/* --- a crowd ----------------------------------------------------------- */

#define CROWD 10
#define EACH 10
#define ROUNDS 10 /* or KVITOK_ROUNDS: make refund-crowd has 1 000 */
#define ROUNDS_MAX 10000
#define CARRIED_OUT 10 /* of the rounds, the last ones: by the bank, too */

struct crowd {
	struct world *w;
	struct str portal;
	char number[ROUNDS_MAX][PAY_NUMBER_LEN + 1];
	int64_t rounds;
	pthread_barrier_t *step; /* nobody begins a round before all do */
	struct crowd_count {
		atomic_int done, refused, busy;
	} * count; /* for each round */
};

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void *
shared(size_t size)
{
	void *v = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(v != MAP_FAILED);
	return v;
}

static void
asks_for_a_tenth(struct world *w, struct crowd *c, int64_t round)
{
	struct payment pm = { .number = str_of(c->number[round]),
		.portal = c->portal };
	struct refund_request req = request(w, &pm, SUM / 10);
	struct refund_made made;
	enum err rc;

	while ((rc = ask(w, &req, &made)) == ERR_AGAIN)
		atomic_fetch_add(&c->count[round].busy, 1);
	if (rc == ERR_OK && !made.replay)
		atomic_fetch_add(&c->count[round].done, 1);
	else if (rc == ERR_LIMIT &&
	    strcmp(w->fx.f.reason, "refund_too_large") == 0)
		atomic_fetch_add(&c->count[round].refused, 1);
}

/* Processes with connections of their own ask for a tenth each, all at once:
 * ten times what there is. */
static void
asks_for_tenths(int i, void *arg)
{
	struct crowd *c = arg;
	struct world w = *c->w;
	struct arena *store;

	(void)i;
	fixture_open(&w.fx);
	world_ports(&w);
	store = w.fx.a; /* the connection lives in it */
	w.fx.a = arena_new((size_t)16 << 20);
	for (int64_t round = 0; round < c->rounds; round++) {
		(void)pthread_barrier_wait(c->step);
		for (int k = 0; k < EACH; k++)
			asks_for_a_tenth(&w, c, round);
		arena_reset(w.fx.a);
	}
	arena_free(w.fx.a);
	w.fx.a = store;
	fixture_close(&w.fx);
}

/* What was reserved is what was paid, and what its refunds come to. */
static void
assert_round(struct crowd *c, int64_t round)
{
	struct world *w = c->w;
	struct payment *pm = world_load(w, str_of(c->number[round]));
	const struct refund *list;
	int64_t sum = 0;
	size_t len;

	assert_done(&w->fx,
	    refund_list(
		&w->p, w->fx.a, pm->portal, pm->number, &list, &len, &w->fx.f));
	for (size_t i = 0; i < len; i++)
		sum += refund_total(&list[i]);
	assert_int_equal(sum, SUM);
	assert_int_equal(pm->refunded_kop, sum);
	assert_true(pm->refunded_kop <= pm->total_kop);
	assert_int_equal(len, c->count[round].done);
	assert_int_equal(len, 10);
	assert_int_equal(c->count[round].refused, CROWD * EACH - 10);
}

/* The bank, which in this world knows one order at a time, is called. */
static void
carry_out(struct crowd *c, int64_t round)
{
	struct world *w = c->w;

	fixture_sql(&w->fx,
	    arena_z(w->fx.a,
		arena_fmt(w->fx.a,
		    "UPDATE job SET due_at = 0 WHERE kind = 'refund' AND "
		    "state = 'due' AND ref IN (SELECT id FROM refund "
		    "WHERE number = '%s')",
		    c->number[round])));
	w->refunded_kop = 0;
	w->refunds = 0;
	for (int i = 0; i < 12; i++)
		later(w, 600000);
	assert_int_equal(w->refunded_kop, SUM);
	assert_int_equal(w->refunds, 10);
}

static int64_t
rounds_wanted(void)
{
	const char *many = getenv("KVITOK_ROUNDS");
	int64_t rounds = ROUNDS;

	assert_true(
	    !many || num_parse(str_of(many), CARRIED_OUT, ROUNDS_MAX, &rounds));
	return rounds;
}

static void
crowd_begin(struct crowd *c, struct world *w)
{
	pthread_barrierattr_t at;

	c->w = w;
	c->portal = STR("irkutskenergosbyt");
	c->rounds = rounds_wanted();
	c->count = shared(sizeof(*c->count) * (size_t)c->rounds);
	c->step = shared(sizeof(*c->step));
	assert_int_equal(pthread_barrierattr_init(&at), 0);
	assert_int_equal(
	    pthread_barrierattr_setpshared(&at, PTHREAD_PROCESS_SHARED), 0);
	assert_int_equal(pthread_barrier_init(c->step, &at, CROWD), 0);
	for (int64_t i = 0; i < c->rounds; i++) {
		const struct payment *pm = paid(w, &sber_order);

		(void)snprintf(c->number[i], sizeof(c->number[i]), "%.*s",
		    STR_ARG(pm->number));
		/* Or the payer is asked whether it is meant. */
		w->now += 3600000;
	}
}

static void
crowd_run(struct crowd *c)
{
	struct world *w = c->w;
	int64_t began = now_ms(), ms, busy = 0;

	fixture_crowd(CROWD, asks_for_tenths, c);
	ms = now_ms() - began;
	for (int64_t i = 0; i < c->rounds; i++) {
		assert_round(c, i);
		busy += c->count[i].busy;
	}
	print_message(
	    "measured: %lld rounds of %d tries: %lld ms, %lld repeated\n",
	    (long long)c->rounds, CROWD * EACH, (long long)ms, (long long)busy);
	fixture_sql(&w->fx,
	    "UPDATE job SET due_at = 9000000000000000000 WHERE state = 'due'");
	for (int64_t i = c->rounds - CARRIED_OUT; i < c->rounds; i++)
		carry_out(c, i);
	world_books(w);
}

static void
a_hundred_refunds_at_once_never_exceed_the_payment(void **state)
{
	static struct crowd c;
	struct world *w = *state;
	struct arena *store = w->fx.a; /* the connection lives in it */

	w->fx.a = arena_new((size_t)1 << 30);
	crowd_begin(&c, w);
	crowd_run(&c);
	world_reset(w);
	arena_free(w->fx.a);
	w->fx.a = store;
}

static void
of_one_payment_there_are_a_hundred_refunds_and_no_more(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w, &sber_order);

	for (int i = 0; i < REFUNDS_MAX; i++)
		give_back(w, pm, 1);
	refused(w, pm, 1, ERR_LIMIT, "refunds_too_many");
	assert_int_equal(world_load(w, pm->number)->refunded_kop, REFUNDS_MAX);
}

static void
a_refund_that_nobody_has_asked_for_is_unknown(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w, &sber_order), *out;
	struct refund r;

	fault_init(&w->fx.f);
	assert_rc(&w->fx,
	    refund_load(&w->p, w->fx.a, pm->akey, fixture_ulid(w->fx.a, w->now),
		&out, &r, &w->fx.f),
	    ERR_ABSENT);
	assert_string_equal(w->fx.f.reason, "refund_unknown");
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
		T(a_whole_refund_ends_the_payment_and_its_books),
		T(parts_make_the_payment_partly_refunded_and_keep_the_commission),
		T(what_was_not_paid_or_has_no_reason_is_refused),
		T(a_key_that_comes_again_gets_its_first_answer),
		T(a_lost_answer_is_asked_about_and_never_repeated),
		T(what_the_bank_certainly_has_not_done_is_tried_again_with_its_id),
		T(a_bank_without_ids_is_waited_for_ten_times_as_long),
		T(a_refusal_frees_the_sum_and_opens_a_case),
		T(a_refusal_of_what_was_done_before_is_success),
		T(another_sum_at_the_bank_is_a_case_and_the_sum_stays_reserved),
		T(a_bank_that_cannot_be_asked_is_not_called),
		T(of_one_payment_one_refund_at_a_time_is_with_the_bank),
		T(a_hundred_refunds_at_once_never_exceed_the_payment),
		T(of_one_payment_there_are_a_hundred_refunds_and_no_more),
		T(a_refund_that_nobody_has_asked_for_is_unknown),
	};

	return cmocka_run_group_tests(tests, world_make, world_end);
}
