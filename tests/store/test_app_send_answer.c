/* What suppliers say of documents that we have sent. */
#include "sending.h"

#include "kvitok/app/cases.h"
#include "kvitok/app/send_case.h"

/* Pay and close the day.  Gives: the number of its document of payments. */
static int64_t
sent_day(struct world *w, int payments)
{
	size_t from = handed_len;
	int64_t number;

	for (int i = 0; i < payments; i++)
		(void)life_paid(w);
	(void)day_over(w);
	box_look(w);
	number = sent_number("payments", from);
	assert_true(number > 0);
	return number;
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

static void
acknowledge(struct world *w, int64_t of, const char *state, int64_t count,
    int64_t sum_kop, int refused, const char *children)
{
	(void)ex_next_is(w,
	    arena_fmt(w->fx.a,
		"acknowledgement of='%lld' state='%s' count='%lld' "
		"sum_kop='%lld' refused_count='%d'",
		(long long)of, state, (long long)count, (long long)sum_kop,
		refused)
		.p,
	    str_of(children), EXCHANGE_APPLIED);
}

/* The open case of a kind about a document. */
static bool
case_is(struct world *w, const char *kind, int64_t number, int64_t which,
    struct pay_case *out)
{
	bool found;

	assert_done(&w->fx,
	    w->p.cases.find(w->p.cases.self, w->fx.a, STR(PAY_AKEY_NONE),
		str_of(kind),
		arena_fmt(w->fx.a, EX_PORTAL "/" EX_SUPPLIER "/%lld/%lld",
		    (long long)number, (long long)which),
		out, &found, &w->fx.f));
	return found && str_eq(out->state, STR("open"));
}

static void
render(struct buf *b, const struct pay_case *c)
{
	buf_text(b, c->id);
}

static enum err
resolve(struct world *w, const struct pay_case *c, const char *how)
{
	struct case_resolve req = { .hand = { .portal = STR(""),
					.id = c->id,
					.actor = STR("operator:test") },
		.how = str_of(how),
		.reason = STR("согласовано"),
		.own_account = STR(""),
		.number = STR(""),
		.ikey = fixture_ulid(w->fx.a, w->now),
		.render = render };
	struct case_resolved out;

	secret_sha256_hex(c->id, req.body_hash);
	fault_init(&w->fx.f);
	return cases_resolve(&w->p, w->fx.a, &req, &out, &w->fx.f);
}

struct retrying {
	struct world *w;
	const struct pay_case *c;
};

static enum err
retry_body(void *arg, struct fault *f)
{
	struct retrying *x = arg;

	return send_case_retry(&x->w->p, x->w->fx.a, x->c, f);
}

struct asked_again {
	struct world *w;
	int64_t number;
};

static enum err
ask_again(void *arg, struct fault *f)
{
	const struct asked_again *x = arg;

	return send_resend(&x->w->p, x->w->fx.a, STR(EX_PORTAL),
	    STR(EX_SUPPLIER), x->number, f);
}

static void
what_is_acknowledged_is_not_sent_again(void **state)
{
	struct world *w = *state;
	struct pay_case c;
	int64_t of = sent_day(w, 2);

	acknowledge(w, of, "applied", 2, 100000, 0, "");
	assert_int_equal(doc_of(w, of).state, SENT_ACKNOWLEDGED);
	assert_false(case_is(w, "exchange_differs", of, ex_next - 1, &c));
	for (int i = 0; i < 5; i++) {
		w->now += box_owner.answer_ms * 9;
		box_look(w);
	}
	for (size_t i = 0; i < handed_len; i++)
		assert_false(handed[i].number == of && handed[i].again);
	/* The same again, by another document, is nothing new. */
	acknowledge(w, of, "applied", 2, 100000, 0, "");
	assert_false(case_is(w, "exchange_differs", of, ex_next - 1, &c));
	acknowledge(w, of, "applied", 1, 50000, 1, "");
	assert_true(case_is(w, "exchange_differs", of, ex_next - 1, &c));
	assert_int_equal(doc_of(w, of).applied, 2);
	assert_done(&w->fx, resolve(w, &c, "dismiss"));
	/* Handed over once more by hand, it stays so. */
	assert_done(&w->fx,
	    w->p.tx.run(w->p.tx.self, "resend", ask_again,
		&(struct asked_again){ w, of }, &w->fx.f));
	assert_int_equal(doc_of(w, of).state, SENT_ACKNOWLEDGED);
	assert_int_equal(doc_of(w, of).applied, 2);
}

static void
without_an_answer_it_comes_again_the_same_and_then_a_person_is_asked(
    void **state)
{
	struct world *w = *state;
	struct pay_case c;
	int64_t of = sent_day(w, 1);
	int again = 0;
	size_t from = handed_len;

	for (int i = 0; i < 5; i++) {
		w->now += box_owner.answer_ms * 5;
		box_look(w);
	}
	for (size_t i = from; i < handed_len; i++) {
		assert_true(came_before(i));
		again += handed[i].number == of && handed[i].again;
	}
	assert_int_equal(again, box_owner.send_tries - 1);
	assert_true(case_is(w, "exchange_unanswered", of, 3, &c));
	/* The answer comes after all. */
	acknowledge(w, of, "applied", 1, 50000, 0, "");
	assert_false(case_is(w, "exchange_unanswered", of, 3, &c));
	assert_string_equal(c.resolution.p, "settled");
}

static void
a_line_that_is_refused_is_a_case_and_goes_out_anew(void **state)
{
	struct world *w = *state;
	struct pay_case c;
	struct send_item item;
	bool found;
	int64_t of = sent_day(w, 2);
	size_t from;

	acknowledge(w, of, "applied", 1, 50000, 1,
	    "<refused record='2'><words>Счёт не найден</words></refused>");
	assert_int_equal(doc_of(w, of).state, SENT_ACKNOWLEDGED);
	assert_true(case_is(w, "exchange_line_refused", of, 2, &c));
	assert_int_equal(c.sum_kop, 50000);
	assert_non_null(strstr(c.evidence.p, "Счёт не найден"));
	assert_false(case_is(w, "exchange_differs", of, ex_next - 1, &c));
	assert_true(case_is(w, "exchange_line_refused", of, 2, &c));
	assert_done(&w->fx,
	    w->p.send.item(w->p.send.self, w->fx.a, doc_of(w, of).id, 2, &item,
		&found, &w->fx.f));
	/* Long before the days that are looked at by themselves. */
	for (int i = 0; i < 10; i++) {
		(void)day_over(w);
		box_look(w);
	}
	from = handed_len;
	assert_done(&w->fx, resolve(w, &c, "retry"));
	(void)day_over(w);
	box_look(w);
	assert_int_equal(
	    times_sent("payments", from,
		arena_fmt(w->fx.a, " number=\"%.*s\"", STR_ARG(item.number))),
	    1);
	/* Its record is free already. */
	assert_rc(&w->fx,
	    w->p.tx.run(w->p.tx.self, "retry", retry_body,
		&(struct retrying){ w, &c }, &w->fx.f),
	    ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "exchange_line_free");
}

static void
a_document_that_is_refused_is_a_case_and_comes_again(void **state)
{
	struct world *w = *state;
	struct pay_case c;
	int64_t of = sent_day(w, 1);
	int again = 0;

	acknowledge(w, of, "refused", 0, 0, 0, "<words>Не читается</words>");
	assert_int_equal(doc_of(w, of).state, SENT_REFUSED);
	assert_string_equal(doc_of(w, of).words.p, "Не читается");
	assert_true(case_is(w, "exchange_refused", of, ex_next - 1, &c));
	assert_done(&w->fx, resolve(w, &c, "retry"));
	box_look(w);
	for (size_t i = 0; i < handed_len; i++)
		again += came_before(i) && handed[i].number == of;
	assert_int_equal(again, 1);
	assert_int_equal(doc_of(w, of).state, SENT_SENT);
	acknowledge(w, of, "applied", 1, 50000, 0, "");
	assert_int_equal(doc_of(w, of).state, SENT_ACKNOWLEDGED);
}

static void
sums_that_differ_are_a_case(void **state)
{
	struct world *w = *state;
	struct pay_case c;
	int64_t of = sent_day(w, 1);

	acknowledge(w, of, "applied", 1, 49999, 0, "");
	assert_int_equal(doc_of(w, of).state, SENT_ACKNOWLEDGED);
	assert_true(case_is(w, "exchange_differs", of, ex_next - 1, &c));
	assert_non_null(strstr(c.evidence.p, "\"words\":\"sum_kop\""));
	assert_done(&w->fx, resolve(w, &c, "dismiss"));
}

static void
an_answer_to_what_was_never_sent_is_put_aside(void **state)
{
	struct world *w = *state;
	struct exchange_done out = ex_next_is(w,
	    "acknowledgement of='777777' state='applied' count='0' sum_kop='0' "
	    "refused_count='0'",
	    STR(""), EXCHANGE_ASIDE);

	assert_string_equal(
	    out.problems[0].words.p, reason_words("exchange_ack_unknown"));
	ex_settle(w);
	/* A record that there is not, a reading that was not sent. */
	out = ex_next_is(w,
	    arena_fmt(w->fx.a,
		"acknowledgement of='%lld' state='applied' count='0' "
		"sum_kop='0' refused_count='1'",
		(long long)sent_day(w, 1))
		.p,
	    STR("<refused record='5'><words>x</words></refused>"),
	    EXCHANGE_APPLIED);
	assert_int_equal(out.doc.refused, 1);
	assert_true(ex_refused(w, &out, "exchange_record_unknown"));
	out = ex_next_is(w, "reading_answers count='1'",
	    STR("<answer reading='01JDQK5T9ZC8F3M2X7V4B6N1RB' "
		"accepted='false'><reason>x</reason></answer>"),
	    EXCHANGE_APPLIED);
	assert_int_equal(out.doc.refused, 1);
	assert_true(ex_refused(w, &out, "exchange_reading_unknown"));
	fixture_sql(&w->fx,
	    "UPDATE exchange_in SET state = 'skipped' WHERE state = 'aside'");
}

/* A settlement is taken as a whole: it has no records that could be refused. */
static void
a_settlement_has_no_record_that_is_refused(void **state)
{
	struct world *w = *state;
	struct exchange_done out;
	struct settlement s;
	struct pay_case c;
	struct send_item item;
	size_t from = handed_len;
	int64_t of;
	bool found;

	(void)life_paid(w);
	s = prepared(w, SBER, day_over(w));
	(void)confirmed(w, &s);
	box_look(w);
	of = sent_number("settlement", from);
	assert_true(of > 0);
	out = ex_next_is(w,
	    arena_fmt(w->fx.a,
		"acknowledgement of='%lld' state='applied' count='1' "
		"sum_kop='0' refused_count='1'",
		(long long)of)
		.p,
	    STR("<refused record='1'><words>x</words></refused>"),
	    EXCHANGE_APPLIED);
	assert_true(ex_refused(w, &out, "exchange_record_unknown"));
	assert_false(case_is(w, "exchange_line_refused", of, 1, &c));
	assert_done(&w->fx,
	    w->p.send.item(w->p.send.self, w->fx.a, doc_of(w, of).id, 1, &item,
		&found, &w->fx.f));
	assert_true(found);
	assert_text(item.answer, "");
	/* It differs from what was sent, which is told. */
	assert_true(case_is(w, "exchange_differs", of, ex_next - 1, &c));
	assert_done(&w->fx, resolve(w, &c, "dismiss"));
}

/* --- readings ----------------------------------------------------------- */

/* What the supplier has said of a reading that was sent. */
static struct send_item
reading_item(struct world *w, struct str id)
{
	struct send_item item;
	bool found;

	assert_done(&w->fx,
	    w->p.send.reading(w->p.send.self, w->fx.a, STR(EX_PORTAL),
		STR(EX_SUPPLIER), id, &item, &found, &w->fx.f));
	assert_true(found);
	return item;
}

static void
answer_reading(struct world *w, struct str id, const char *how)
{
	struct exchange_done out = ex_next_is(w, "reading_answers count='1'",
	    arena_fmt(w->fx.a, "<answer reading='%.*s' %s</answer>",
		STR_ARG(id), how),
	    EXCHANGE_APPLIED);

	assert_int_equal(out.doc.refused, 0);
}

static void
answers_about_readings_reach_them(void **state)
{
	struct world *w = *state;
	const struct pay_reading *v;
	struct payment *pm;
	struct send_item item;
	struct pay_case c;
	size_t from = handed_len, len;
	int64_t of;
	struct str id;

	sending_meter(w);
	pm = life_reading(w, 80500);
	assert_done(&w->fx,
	    w->p.readings.of_payment(w->p.readings.self, w->fx.a, pm->akey,
		pm->number, &v, &len, &w->fx.f));
	assert_int_equal(len, 1);
	id = v[0].id;
	(void)day_over(w);
	box_look(w);
	of = sent_number("readings", from);
	acknowledge(w, of, "applied", 1, 0, 0, "");
	item = reading_item(w, id);
	assert_text(item.answer, "");
	answer_reading(
	    w, id, "accepted='false'><reason>Меньше прежнего</reason>");
	item = reading_item(w, id);
	assert_text(item.answer, "refused");
	assert_text(item.words, "Меньше прежнего");
	assert_true(case_is(w, "exchange_line_refused", of, item.n, &c));
	assert_non_null(strstr(c.evidence.p, "Меньше прежнего"));
	assert_non_null(strstr(c.evidence.p, id.p));
	/* It was accepted after all, and nobody need look. */
	answer_reading(w, id, "accepted='true'>");
	item = reading_item(w, id);
	assert_text(item.answer, "accepted");
	assert_text(item.words, "");
	assert_true(item.live);
	assert_false(case_is(w, "exchange_line_refused", of, item.n, &c));
	assert_text(c.resolution, "settled");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_acknowledged_is_not_sent_again),
		cmocka_unit_test(
		    without_an_answer_it_comes_again_the_same_and_then_a_person_is_asked),
		cmocka_unit_test(
		    a_line_that_is_refused_is_a_case_and_goes_out_anew),
		cmocka_unit_test(
		    a_document_that_is_refused_is_a_case_and_comes_again),
		cmocka_unit_test(sums_that_differ_are_a_case),
		cmocka_unit_test(an_answer_to_what_was_never_sent_is_put_aside),
		cmocka_unit_test(a_settlement_has_no_record_that_is_refused),
		cmocka_unit_test(answers_about_readings_reach_them),
	};

	return cmocka_run_group_tests(tests, sending_make, world_end);
}
