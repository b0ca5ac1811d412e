/* Documents that take longer than the lease of the work, and two workers. */
#include "sending.h"

#define LEASE w->p.set.jobs_lease_ms

static struct job ours; /* as the first worker has claimed it */
static int waits;       /* for the mailbox, so far */

/* Claim what is due.  Gives: whether the look into the mailbox is among it. */
static bool
claimed(struct world *w, const char *worker, struct job *out)
{
	const struct job *v;
	size_t len;
	bool found = false;

	assert_done(&w->fx,
	    w->p.jobs.claim(w->p.jobs.self, w->fx.a, str_of(worker), w->now,
		w->now + LEASE, 100, &v, &len, &w->fx.f));
	for (size_t i = 0; i < len; i++)
		if (str_eq(v[i].kind, STR(EXCHANGE_JOB))) {
			*out = v[i];
			found = true;
		}
	return found;
}

static enum err
look_as(struct world *w, const struct job *j, struct fault *f)
{
	int64_t next_at = 0;

	fault_init(f);
	return exchange_run(&w->p, w->fx.a, j, &next_at, f);
}

/* The first worker begins; the mailbox lets it wait. */
static enum err
first_worker(struct world *w, void (*wait)(struct world *w, bool last))
{
	enum err rc;

	fault_init(&w->fx.f);
	assert_done(&w->fx, exchange_run_begin(&w->p, &w->fx.f));
	assert_true(claimed(w, "first", &ours));
	waits = 0;
	box_wait = wait;
	rc = look_as(w, &ours, &w->fx.f);
	box_wait = NULL;
	return rc;
}

/* The second one does all of it. */
static void
second_worker(struct world *w)
{
	struct job theirs;
	struct fault f;

	box_wait = NULL;
	w->now += 2 * LEASE;
	assert_true(claimed(w, "second", &theirs));
	assert_int_equal(look_as(w, &theirs, &f), ERR_OK);
}

static void
a_long_wait(struct world *w, bool last)
{
	struct job theirs;

	(void)last;
	waits++;
	w->now += LEASE / 10 * 7;
	assert_false(claimed(w, "second", &theirs));
}

static void
the_lease_ends_in_the_middle(struct world *w, bool last)
{
	assert_false(last); /* there is a middle */
	second_worker(w);
}

static void
the_lease_ends_behind_the_end(struct world *w, bool last)
{
	if (last)
		second_worker(w);
}

static int64_t
fails_noted(struct world *w)
{
	const struct exchange_peer *v;
	size_t len;

	assert_done(&w->fx,
	    w->p.exchange_out.peers(
		w->p.exchange_out.self, w->fx.a, &v, &len, &w->fx.f));
	for (size_t i = 0; i < len; i++)
		if (str_eq(v[i].supplier, STR(EX_SUPPLIER)))
			return v[i].fails;
	return -1;
}

/* It lost its lease, says so to nobody, and cannot end what is not its own. */
static void
gave_way(struct world *w, enum err rc)
{
	assert_int_equal(rc, ERR_AGAIN);
	assert_string_equal(w->fx.f.reason, "lease_lost");
	assert_int_equal(fails_noted(w), 0);
	fault_init(&w->fx.f);
	assert_rc(&w->fx,
	    w->p.jobs.put_off(w->p.jobs.self, &ours, w->now, true, STR("x"),
		STR(""), &w->fx.f),
	    ERR_CONFLICT);
}

/* --- to the supplier ---------------------------------------------------- */

/* A day whose document is read in several pieces, made and not handed over. */
static void
long_day(struct world *w)
{
	for (int i = 0; i < 8; i++)
		(void)life_paid(w);
	(void)day_over(w);
	box_broken = true;
	assert_int_equal(box_try(w), ERR_AGAIN);
	box_broken = false;
}

static struct sent_doc
doc_of(struct world *w, int64_t number)
{
	struct sent_doc x;

	assert_done(&w->fx,
	    w->p.send.find(w->p.send.self, w->fx.a, STR(EX_PORTAL),
		STR(EX_SUPPLIER), number, &x, &w->fx.f));
	return x;
}

static int
times_handed(int64_t number)
{
	int n = 0;

	for (size_t i = 0; i < handed_len; i++) {
		n += handed[i].number == number;
		(void)came_before(i); /* else it is the same */
	}
	return n;
}

/* It does not come again, between the documents of other tests. */
static void
acknowledge(struct world *w, int64_t number)
{
	struct sent_doc doc = doc_of(w, number);

	(void)ex_next_is(w,
	    arena_fmt(w->fx.a,
		"acknowledgement of='%lld' state='applied' count='%lld' "
		"sum_kop='%lld' refused_count='0'",
		(long long)doc.number, (long long)doc.items,
		(long long)doc.sum_kop)
		.p,
	    STR(""), EXCHANGE_APPLIED);
}

static void
while_it_is_handed_over_the_lease_is_taken_anew(void **state)
{
	struct world *w = *state;
	size_t from = handed_len;
	int64_t number;

	long_day(w);
	assert_int_equal(first_worker(w, a_long_wait), ERR_OK);
	assert_true(waits >= 3); /* 0.7 of a lease each */
	number = sent_number("payments", from);
	assert_int_equal(times_handed(number), 1);
	assert_int_equal(doc_of(w, number).tries, 1);
	acknowledge(w, number);
}

static void
who_has_lost_the_lease_stops_in_the_middle(void **state)
{
	struct world *w = *state;
	size_t from = handed_len;
	int64_t number;

	long_day(w);
	gave_way(w, first_worker(w, the_lease_ends_in_the_middle));
	number = sent_number("payments", from);
	assert_int_equal(times_handed(number), 1);
	assert_int_equal(doc_of(w, number).tries, 1);
	acknowledge(w, number);
}

static void
answered_meanwhile(struct world *w, bool last)
{
	if (!last)
		return;
	second_worker(w);
	acknowledge(w, handed[handed_len - 1].number);
}

static void
of_two_that_have_handed_it_over_the_first_one_counts(void **state)
{
	struct world *w = *state;
	size_t from = handed_len;
	struct sent_doc doc;

	long_day(w);
	(void)first_worker(w, the_lease_ends_behind_the_end);
	doc = doc_of(w, sent_number("payments", from));
	assert_int_equal(times_handed(doc.number), 2);
	assert_int_equal(doc.tries, 1);
	assert_int_equal(doc.next_at, w->now + box_owner.answer_ms);
	acknowledge(w, doc.number);
	/* The answer comes before the slower one says that it is done. */
	from = handed_len;
	long_day(w);
	(void)first_worker(w, answered_meanwhile);
	doc = doc_of(w, sent_number("payments", from));
	assert_int_equal(times_handed(doc.number), 2);
	assert_int_equal(doc.state, SENT_ACKNOWLEDGED);
	assert_int_equal(doc.tries, 1);
	assert_int_equal(doc.next_at, 0);
}

/* --- from the supplier -------------------------------------------------- */

static struct str brought; /* what lies in the mailbox; empty: nothing */

static enum err
lies_there(void *self, struct arena *a, int64_t after, struct mailbox_item *out,
    bool *found, struct fault *f)
{
	(void)self, (void)a, (void)f;
	*found = brought.len > 0 && ex_next > after;
	*out = (struct mailbox_item){ ex_next, STR("balances") };
	return ERR_OK;
}

static enum err
slow_read(
    void *self, int64_t at, void *p, size_t len, size_t *got, struct fault *f)
{
	struct world *w = self;
	enum err rc =
	    source_of_text(&brought, at, p, len < 1000 ? len : 1000, got, f);

	if (box_wait != NULL)
		box_wait(w, *got == 0);
	return rc;
}

static enum err
is_fetched(void *self, struct arena *a, const struct mailbox_item *m,
    const struct pulse *pulse, struct source *out, struct fault *f)
{
	(void)a, (void)m;
	*out = (struct source){ self, (int64_t)brought.len, slow_read };
	return pulse_beat(pulse, f);
}

static enum err
is_answered(void *self, int64_t number, const char *state, struct str words,
    int64_t at, struct fault *f)
{
	(void)self, (void)number, (void)words, (void)at, (void)f;
	assert_string_equal(state, "applied");
	brought = STR("");
	return ERR_OK;
}

static enum err
open_slow(void *self, struct arena *a, struct str name, struct mailbox *out,
    struct fault *f)
{
	(void)a, (void)name, (void)f;
	*out = (struct mailbox){ self, lies_there, is_fetched, is_answered,
		box_hand, box_untaken };
	return ERR_OK;
}

/* Of more than one piece. */
static void
bring_long(struct world *w)
{
	struct buf b;

	buf_init(&b, w->fx.a, 100000);
	for (int i = 0; i < 40; i++)
		buf_fmt(&b,
		    "<balance account='" EX_ACCOUNT
		    "' service='elektro' debt_kop='%d'/>\n",
		    100 + i);
	brought = ex_doc(w, ex_next,
	    "balances as_of_day='2026-11-01' count='40' sum_kop='4780'",
	    buf_str(&b));
	assert_true(brought.len > 3000);
}

static void
is_applied_once(struct world *w)
{
	struct exchange_doc doc = ex_find(w, ex_next);

	assert_int_equal(doc.state, EXCHANGE_APPLIED);
	assert_int_equal(doc.record, 40);
	assert_int_equal(doc.applied + doc.refused, 40);
	assert_int_equal(brought.len, 0);
	ex_next++;
}

static void
while_it_is_read_the_lease_is_taken_anew(void **state)
{
	struct world *w = *state;

	w->p.mailboxes.open = open_slow;
	bring_long(w);
	assert_int_equal(first_worker(w, a_long_wait), ERR_OK);
	assert_true(waits >= 6); /* it is read twice */
	is_applied_once(w);
}

static void
who_has_lost_the_lease_applies_nothing(void **state)
{
	struct world *w = *state;

	bring_long(w);
	gave_way(w, first_worker(w, the_lease_ends_in_the_middle));
	is_applied_once(w);
}

static int
make(void **state)
{
	int rc = sending_make(state);
	struct world *w = *state;

	box_look(w); /* what world_make has left */
	return rc;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    while_it_is_handed_over_the_lease_is_taken_anew),
		cmocka_unit_test(who_has_lost_the_lease_stops_in_the_middle),
		cmocka_unit_test(
		    of_two_that_have_handed_it_over_the_first_one_counts),
		cmocka_unit_test(while_it_is_read_the_lease_is_taken_anew),
		cmocka_unit_test(who_has_lost_the_lease_applies_nothing),
	};

	return cmocka_run_group_tests(tests, make, world_end);
}
