/* What payers ask goes out to suppliers, with files: once, whoever is killed;
 * on both databases. */
#include "asking.h"

#include "kvitok/app/send_case.h"
#include "kvitok/base/num.h"

static struct str
id_attr(struct world *w, const struct appeal *x)
{
	return arena_fmt(w->fx.a, "<request id=\"%.*s\"", STR_ARG(x->id));
}

static struct str
closed_attr(struct world *w, const struct appeal *x)
{
	return arena_fmt(w->fx.a, "<closed request=\"%.*s\"", STR_ARG(x->id));
}

static void
close_it(struct world *w, const struct appeal *x)
{
	assert_done(
	    &w->fx, appeal_end(&w->p, w->fx.a, x->portal, x->id, &w->fx.f));
}

/* What stands between two words of a text, from its begin. */
static struct str
between(struct str text, const char *from, const char *to)
{
	size_t at = str_find(text, str_of(from)) + strlen(from);

	assert_true(at < text.len);
	text = (struct str){ text.p + at, text.len - at };
	return (struct str){ text.p, str_find(text, str_of(to)) };
}

/* The only document since; it is whole and agrees with its schema. */
static const struct handed *
one_document(struct world *w, size_t from)
{
	assert_int_equal(handed_len, from + 1);
	assert_text(handed[from].kind, "requests");
	(void)seen_in(w, handed[from].text);
	return &handed[from];
}

static void
a_request_goes_out_at_the_next_look_with_its_words_and_files(void **state)
{
	struct world *w = *state;
	struct appeal_field field = { STR("month"), STR("2026-11 <&>") };
	struct appeal_upload in = ask_upload(w, ask_bytes(w, 200001, 1));
	struct str id = ask_bring(w, &in, false).id, text, bytes;
	struct appeal_request rq = ask_request(w, &id, 1);
	const struct handed *h;
	size_t from = handed_len, len = 300000;
	char *p = arena_alloc(w->fx.a, len);

	rq.fields = &field;
	rq.fields_len = 1;
	(void)ask_create(w, &rq);
	box_look(w);
	h = one_document(w, from);
	text = h->text;
	assert_int_equal(seen_in(w, text).said, 1);
	assert_text(between(text, " kind=\"", "\""), "recalculation");
	assert_text(between(text, " account=\"", "\""), EX_ACCOUNT);
	assert_text(between(text, " email=\"", "\""), "ivanova@example.org");
	assert_text(between(text, "<text>", "</text>"),
	    "Прошу&#10;пересчитать &lt;&amp;&gt;");
	assert_text(between(text, "<field name=\"month\"><value>", "</value>"),
	    "2026-11 &lt;&amp;&gt;");
	assert_text(between(text, "<file name=\"", "\""), "Справка.pdf");
	assert_text(between(text, " type=\"", "\""), "application/pdf");
	bytes = between(text, "<content>", "</content>");
	assert_true(num_parse_base64(bytes, p, &len));
	assert_true(str_eq((struct str){ p, len }, in.bytes));
	box_look(w);
	assert_int_equal(handed_len, from + 1);
}

static void
that_it_was_closed_goes_out_behind_it_and_once(void **state)
{
	struct world *w = *state;
	struct appeal first = ask_with(w, 0), x;
	size_t from = handed_len;

	box_look(w);
	(void)one_document(w, from);
	close_it(w, &first);
	x = ask_with(w, 0);
	close_it(w, &x);
	box_look(w);
	assert_int_equal(handed_len, from + 2);
	assert_int_equal(seen_in(w, handed[from + 1].text).said, 3);
	assert_int_equal(
	    times_sent("requests", from, closed_attr(w, &first)), 1);
	assert_int_equal(times_sent("requests", from, closed_attr(w, &x)), 1);
	assert_int_equal(times_sent("requests", from, id_attr(w, &x)), 1);
	close_it(w, &x); /* twice is once */
	box_look(w);
	assert_int_equal(handed_len, from + 2);
}

static void
what_was_asked_before_sending_began_stays_here(void **state)
{
	struct world *w = *state;
	struct appeal x;
	size_t from = handed_len;

	w->now -= INT64_C(3) * 86400000;
	x = ask_with(w, 0);
	w->now += INT64_C(3) * 86400000;
	close_it(w, &x);
	box_look(w);
	assert_int_equal(handed_len, from);
}

/* Kvitok-jobs was down for a month. */
static void
what_has_waited_long_goes_out_all_the_same(void **state)
{
	struct world *w = *state;
	struct appeal x = ask_with(w, 0);
	size_t from = handed_len;

	w->now += INT64_C(30) * 86400000;
	box_look(w);
	assert_int_equal(times_sent("requests", from, id_attr(w, &x)), 1);
}

static void
many_are_cut_into_documents_by_number_and_by_size(void **state)
{
	struct world *w = *state;
	size_t from = handed_len;
	struct appeal x[8];

	for (size_t i = 0; i < KV_COUNT(x); i++)
		x[i] = ask_with(w, 9);
	/* As if each had 5 MB: 32 are six of them. */
	fixture_sql(&w->fx, "UPDATE appeal_file SET size = 5242880");
	box_look(w);
	assert_int_equal(handed_len, from + 2);
	assert_int_equal(seen_in(w, handed[from].text).said, 6);
	assert_int_equal(seen_in(w, handed[from + 1].text).said, 2);
	for (size_t i = 0; i < KV_COUNT(x); i++)
		assert_int_equal(
		    times_sent("requests", from, id_attr(w, &x[i])), 1);
	from = handed_len;
	for (int i = 0; i < SEND_REQUESTS_MAX + 1; i++)
		(void)ask_with(w, 0);
	box_look(w);
	assert_int_equal(handed_len, from + 2);
	assert_int_equal(seen_in(w, handed[from].text).said, SEND_REQUESTS_MAX);
	assert_int_equal(seen_in(w, handed[from + 1].text).said, 1);
}

static void
whoever_is_killed_each_goes_out_once_and_unchanged(void **state)
{
	struct world *w = *state;
	bool again = true;
	int kills;

	/* At a later step each time. */
	for (kills = 0; again; kills += again) {
		struct appeal x = ask_with(w, 100000), gone = ask_with(w, 0);
		size_t from = handed_len;

		close_it(w, &gone);
		again = box_killed(w, kills + 1);
		box_look(w);
		assert_int_equal(
		    times_sent("requests", from, id_attr(w, &x)), 1);
		assert_int_equal(
		    times_sent("requests", from, id_attr(w, &gone)), 1);
		assert_int_equal(
		    times_sent("requests", from, closed_attr(w, &gone)), 1);
	}
	assert_true(kills >= 4); /* begun, taken, made, handed */
}

static void
acknowledge(struct world *w, int64_t of, int count, const char *refused)
{
	(void)ex_next_is(w,
	    arena_fmt(w->fx.a,
		"acknowledgement of='%lld' state='applied' count='%d' "
		"sum_kop='0' refused_count='%d'",
		(long long)of, count, refused[0] != '\0')
		.p,
	    str_of(refused), EXCHANGE_APPLIED);
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

static struct pay_case
line_case(struct world *w, int64_t number, int64_t n)
{
	struct pay_case c;
	bool found;

	assert_done(&w->fx,
	    w->p.cases.find(w->p.cases.self, w->fx.a, STR(PAY_AKEY_NONE),
		STR("exchange_line_refused"),
		arena_fmt(w->fx.a, EX_PORTAL "/" EX_SUPPLIER "/%lld/%lld",
		    (long long)number, (long long)n),
		&c, &found, &w->fx.f));
	assert_true(found);
	return c;
}

/* His program refuses it; the payer is told nothing of that, and a person
 * has it sent again. */
static void
one_that_is_refused_is_a_case_and_goes_out_again_when_told_to(void **state)
{
	struct world *w = *state;
	struct appeal x = ask_with(w, 100), now;
	const struct appeal_answer *v;
	struct pay_case c;
	size_t from = handed_len, len;
	int64_t number;

	box_look(w);
	number = handed[from].number;
	acknowledge(w, number, 0,
	    "<refused record='1'><words>Счёт закрыт</words></refused>");
	c = line_case(w, number, 1);
	assert_done(&w->fx,
	    appeal_read(
		&w->p, w->fx.a, x.portal, x.id, &now, &v, &len, &w->fx.f));
	assert_int_equal(now.state, APPEAL_IN_PROGRESS);
	close_it(w, &x);
	w->now += INT64_C(20) * 86400000;
	box_look(w); /* he was not told of it: nor that it is closed */
	assert_int_equal(times_sent("requests", from, closed_attr(w, &x)), 0);
	assert_done(&w->fx,
	    w->p.tx.run(w->p.tx.self, "test", retry_body,
		&(struct retrying){ w, &c }, &w->fx.f));
	box_look(w);
	assert_int_equal(times_sent("requests", from, id_attr(w, &x)), 2);
	assert_int_equal(times_sent("requests", from, closed_attr(w, &x)), 1);
}

static void
without_an_answer_it_comes_again_the_same(void **state)
{
	struct world *w = *state;
	size_t from;
	int again = 0;

	(void)ask_with(w, 70000);
	from = handed_len;
	box_look(w);
	for (int i = 0; i < 5; i++) {
		w->now += box_owner.answer_ms * 5;
		box_look(w);
	}
	for (size_t i = from + 1; i < handed_len; i++) {
		assert_true(came_before(i));
		again += handed[i].number == handed[from].number;
	}
	assert_int_equal(again, box_owner.send_tries - 1);
}

static void
what_was_handed_over_never_changes_under_its_number(void **state)
{
	struct world *w = *state;
	struct appeal x = ask_with(w, 100);
	size_t from = handed_len;

	box_broken = true;
	assert_int_equal(box_try(w), ERR_AGAIN);
	box_broken = false;
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"UPDATE appeal_file SET name = 'x.pdf' WHERE appeal = '%.*s'",
		STR_ARG(x.id))
		.p);
	assert_int_equal(box_try(w), ERR_BUG);
	assert_string_equal(w->fx.f.reason, "exchange_text_differs");
	assert_int_equal(handed_len, from);
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"UPDATE appeal_file SET name = 'Справка.pdf' "
		"WHERE appeal = '%.*s'",
		STR_ARG(x.id))
		.p);
	box_look(w);
	assert_int_equal(times_sent("requests", from, id_attr(w, &x)), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_request_goes_out_at_the_next_look_with_its_words_and_files),
		cmocka_unit_test(
		    that_it_was_closed_goes_out_behind_it_and_once),
		cmocka_unit_test(
		    what_was_asked_before_sending_began_stays_here),
		cmocka_unit_test(
		    many_are_cut_into_documents_by_number_and_by_size),
		cmocka_unit_test(
		    whoever_is_killed_each_goes_out_once_and_unchanged),
		cmocka_unit_test(
		    what_was_handed_over_never_changes_under_its_number),
		cmocka_unit_test(
		    one_that_is_refused_is_a_case_and_goes_out_again_when_told_to),
		cmocka_unit_test(without_an_answer_it_comes_again_the_same),
		cmocka_unit_test(what_has_waited_long_goes_out_all_the_same),
	};

	return cmocka_run_group_tests(tests, ask_make, world_end);
}
