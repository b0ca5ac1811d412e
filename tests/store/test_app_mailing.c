/* Bills by mail, over a real database; the test holds clock and mailbox. */
#include "world.h"

#include "kvitok/app/mailing.h"

#define PORTAL STR("irkutskenergosbyt")
#define SUPPLIER STR("irkutskenergosbyt")
#define BILLED STR("ИНЗБ17004717") /* has charges of October 2026 */
#define BARE STR("ИНЗБ17009999")   /* has none */
#define MAIL STR("payer@example.org")
#define HOUR INT64_C(3600000)

#define TEXT(literal)                                                          \
	{                                                                      \
		literal, sizeof(literal) - 1                                   \
	}

static const struct charge charges[] = {
	{ TEXT("2026-10"), TEXT("elektro"), TEXT("кВт·ч"), 250500000, 1580000,
	    39579, 0, TEXT(""), 0, 125 },
};

static enum err draw_rc;
static char stop_url[200], link_url[300];
static int64_t mail_date;

static enum err
draw(void *self, struct arena *a, const struct invoice *i, struct bytes *pdf,
    struct fault *f)
{
	(void)self, (void)a, (void)i;
	*pdf = (struct bytes){ (const unsigned char *)"%PDF", 4 };
	return draw_rc == ERR_OK
	    ? ERR_OK
	    : fault_set(f, draw_rc, "print_failed", "as the test says");
}

static enum err
write_letter(void *self, struct arena *a, const struct bill_letter *l,
    struct mail *out, struct fault *f)
{
	(void)self, (void)a, (void)f;
	(void)snprintf(
	    stop_url, sizeof(stop_url), "%.*s", STR_ARG(l->stop_url));
	(void)snprintf(link_url, sizeof(link_url), "%.*s", STR_ARG(l->pay_url));
	mail_date = l->date_at;
	*out = (struct mail){ .from = l->from,
		.to = l->to,
		.date_at = l->date_at,
		.message_id = l->message_id };
	return ERR_OK;
}

static int
make(void **state)
{
	static const struct str pages[] = { TEXT("irkutskenergosbyt") };
	struct account acc[2];
	struct loader_book book = { .account = &acc[0],
		.facts = {
		    .charges = charges, .charges_len = KV_COUNT(charges) } };
	int rc = world_make(state);
	struct world *w = *state;

	acc[0] = world_account(
	    "irkutskenergosbyt", "irkutskenergosbyt", "ИНЗБ17004717");
	acc[1] = world_account(
	    "irkutskenergosbyt", "irkutskenergosbyt", "ИНЗБ17009999");
	assert_done(&w->fx, loader_accounts(w->fx.db, acc, 2, &w->fx.f));
	assert_done(&w->fx, loader_books(w->fx.db, &book, 1, &w->fx.f));
	w->p.mailings = w->fx.st.mailings;
	w->p.printer.invoice = draw;
	w->p.letters.bill = write_letter;
	w->p.set.pages = pages;
	w->p.set.pages_len = 1;
	return rc;
}

/* The hour of the day of November 2026, by Moscow. */
static int64_t
november(int day, int hour)
{
	int64_t at;

	assert_true(day_start(STR("2026-11-01"), DAY_ZONE_MOSCOW, &at));
	return at + (day - 1) * DAY_MS + hour * HOUR;
}

/* Nobody has asked for anything; it is the first hour of the window. */
static struct world *
fresh(void **state)
{
	struct world *w = *state;

	world_reset(w);
	draw_rc = ERR_OK;
	fixture_sql(&w->fx, "DELETE FROM bill_mail");
	fixture_sql(&w->fx, "DELETE FROM bill_subscription");
	fixture_sql(&w->fx, "DELETE FROM job WHERE kind = 'bill_mail'");
	w->now = november(15, 9);
	return w;
}

static struct mailing
ask(struct world *w, struct str number, struct str email)
{
	struct mailing_request r = { PORTAL, SUPPLIER, number, email,
		STR("operator:test") };
	struct mailing m;

	assert_done(&w->fx, mailing_ask(&w->p, w->fx.a, &r, &m, &w->fx.f));
	return m;
}

static size_t
plan(struct world *w)
{
	size_t n;

	assert_done(&w->fx, mailing_plan(&w->p, &n, &w->fx.f));
	return n;
}

/* The last of the month's letters to be looked for. */
static struct mailing_count
only(struct world *w)
{
	const struct mailing_count *v;
	size_t len;

	assert_done(&w->fx,
	    w->p.mailings.counts(w->p.mailings.self, w->fx.a, STR("2026-10"),
		&v, &len, &w->fx.f));
	assert_int_equal(len, 1);
	return v[0];
}

static void
check(struct world *w, enum mailing_state state, const char *reason)
{
	struct mailing_count c = only(w);

	assert_string_equal(
	    mailing_state_name(c.state), mailing_state_name(state));
	assert_text(c.reason, reason);
	assert_int_equal(c.n, 1);
}

/* Each time its hour has come, until nothing is left of the window. */
static void
pass(struct world *w, int day)
{
	w->now = november(day, 19) + HOUR - 1;
	(void)world_work(w);
}

static void
asked_twice_it_is_one_and_another_address_has_another_link(void **state)
{
	struct world *w = fresh(state);
	struct mailing a = ask(w, STR("инзб 17004717"), MAIL), b, c;

	w->now += 1;
	b = ask(w, BILLED, MAIL);
	assert_true(str_eq(a.token, b.token));
	assert_int_equal(a.asked_at, b.asked_at);
	c = ask(w, BILLED, STR("other@example.org"));
	assert_false(str_eq(a.token, c.token));
	assert_text(c.email, "other@example.org");
	/* The former one's letters stop nothing any more. */
	assert_rc(&w->fx,
	    mailing_stop_by_link(&w->p, w->fx.a, a.token, &b, &w->fx.f),
	    ERR_ABSENT);
	assert_string_equal(w->fx.f.reason, "mailing_unknown");
	assert_int_equal(plan(w), 1);
}

static void
stopped_twice_it_is_stopped_once_and_may_be_asked_for_again(void **state)
{
	struct world *w = fresh(state);
	struct mailing m = ask(w, BILLED, MAIL), x;
	int64_t at = w->now;

	assert_done(&w->fx,
	    mailing_stop_by_link(&w->p, w->fx.a, m.token, &x, &w->fx.f));
	w->now += 1000;
	assert_done(&w->fx,
	    mailing_stop_by_link(&w->p, w->fx.a, m.token, &x, &w->fx.f));
	assert_int_equal(x.stopped_at, at);
	assert_text(x.stopped_by, "payer");
	assert_int_equal(plan(w), 0);
	x = ask(w, BILLED, MAIL);
	assert_int_equal(x.stopped_at, 0);
	assert_int_equal(plan(w), 1);
}

static void
a_letter_is_planned_once_and_sent_once_in_its_window(void **state)
{
	struct world *w = fresh(state);
	struct mailing m = ask(w, BILLED, MAIL);

	w->now = november(15, 0) - 1;
	assert_int_equal(plan(w), 0);
	w->now = november(15, 0);
	assert_int_equal(plan(w), 1);
	assert_int_equal(plan(w), 0);
	assert_int_equal(world_work(w), 0);
	check(w, MAILING_WAITING, "");
	pass(w, 18);
	check(w, MAILING_SENT, "");
	assert_int_equal(w->mails, 1);
	assert_string_equal(w->mail_to, "payer@example.org");
	assert_true(mail_date >= november(15, 9));
	assert_true(mail_date < november(18, 20));
	assert_text(arena_fmt(w->fx.a, "https://pay.example/mailing/%.*s",
			STR_ARG(m.token)),
	    stop_url);
	assert_string_equal(link_url,
	    "https://pay.example/irkutskenergosbyt/?supplier="
	    "irkutskenergosbyt&account=%D0%98%D0%9D%D0%97%D0%9117004717");
	assert_int_equal(plan(w), 0);
	pass(w, 20);
	assert_int_equal(w->mails, 1);
}

static void
what_falls_due_at_night_waits_for_the_morning(void **state)
{
	struct world *w = fresh(state);

	(void)ask(w, BILLED, MAIL);
	assert_int_equal(plan(w), 1);
	w->now = november(18, 20);
	(void)world_work(w);
	assert_int_equal(w->mails, 0);
	check(w, MAILING_WAITING, "");
	w->now = november(19, 9);
	(void)world_work(w);
	assert_int_equal(w->mails, 1);
}

/* The supplier's charges may come late; after the window they have not. */
static void
no_bill_is_waited_for_until_the_window_ends(void **state)
{
	struct world *w = fresh(state);

	(void)ask(w, BARE, MAIL);
	assert_int_equal(plan(w), 1);
	fixture_sql(
	    &w->fx, "UPDATE job SET due_at = 0 WHERE kind = 'bill_mail'");
	w->now = november(15, 10);
	(void)world_work(w);
	check(w, MAILING_WAITING, "bill_absent");
	for (int day = 16; day <= 18; day++)
		pass(w, day);
	check(w, MAILING_ABSENT, "bill_absent");
	assert_int_equal(w->mails, 0);
}

static void
a_bill_that_cannot_be_drawn_is_named_and_can_be_tried_again(void **state)
{
	struct world *w = fresh(state);
	const struct mailing_letter *v;
	const struct mailing_letter after = { .akey = STR(""), .id = STR("") };
	size_t len;

	(void)ask(w, BILLED, MAIL);
	assert_int_equal(plan(w), 1);
	draw_rc = ERR_BUG;
	pass(w, 18);
	check(w, MAILING_FAILED, "print_failed");
	assert_done(&w->fx,
	    w->p.mailings.unsent(w->p.mailings.self, w->fx.a, STR("2026-10"),
		&after, 10, &v, &len, &w->fx.f));
	assert_int_equal(len, 1);
	assert_true(str_eq(v[0].account, BILLED));
	draw_rc = ERR_OK;
	fixture_sql(&w->fx,
	    "UPDATE job SET state = 'due', ended_at = NULL, due_at = 0 "
	    "WHERE kind = 'bill_mail'");
	(void)world_work(w);
	check(w, MAILING_SENT, "");
}

static void
a_refusal_for_good_ends_it_and_silence_ends_it_after_some_tries(void **state)
{
	struct world *w = fresh(state);

	(void)ask(w, BILLED, MAIL);
	assert_int_equal(plan(w), 1);
	w->mail_rc = ERR_INVALID;
	pass(w, 18);
	check(w, MAILING_REFUSED, "mail_refused");

	w = fresh(state);
	(void)ask(w, BILLED, MAIL);
	assert_int_equal(plan(w), 1);
	w->mail_rc = ERR_AGAIN;
	pass(w, 18);
	check(w, MAILING_WAITING, "");
	pass(w, 19);
	pass(w, 20);
	check(w, MAILING_FAILED, "mail_later");
	assert_int_equal(w->mails, 0);
}

static void
stopped_before_its_hour_it_is_not_sent(void **state)
{
	struct world *w = fresh(state);
	struct mailing m = ask(w, BILLED, MAIL), x;

	assert_int_equal(plan(w), 1);
	assert_done(&w->fx,
	    mailing_stop_by_link(&w->p, w->fx.a, m.token, &x, &w->fx.f));
	pass(w, 18);
	check(w, MAILING_STOPPED, "");
	assert_int_equal(w->mails, 0);
}

static void
pages_of_subscriptions_are_all_planned(void **state)
{
	struct world *w = fresh(state);
	int64_t n[MAILING__COUNT];

	fixture_sql(&w->fx,
	    "INSERT INTO bill_subscription (akey, portal, supplier, account, "
	    "email, token, asked_by, asked_at, stopped_by) "
	    "WITH RECURSIVE q (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM q "
	    "WHERE i < 401) SELECT 'AAAAAAAA', 'irkutskenergosbyt', "
	    "'irkutskenergosbyt', CAST(1000 + i AS VARCHAR(40)), "
	    "'a@example.org', 'T', 'operator:test', 1, '' FROM q");
	assert_int_equal(plan(w), 401);
	assert_int_equal(plan(w), 0);
	assert_done(&w->fx,
	    w->p.mailings.states(
		w->p.mailings.self, STR("2026-10"), n, &w->fx.f));
	assert_int_equal(n[MAILING_WAITING], 401);
	assert_int_equal(n[MAILING_SENT], 0);
}

/* No money has moved: there are no books to be proved. */
static int
end(void **state)
{
	return fixture_end((void *[]){ &((struct world *)*state)->fx });
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    asked_twice_it_is_one_and_another_address_has_another_link),
		cmocka_unit_test(
		    stopped_twice_it_is_stopped_once_and_may_be_asked_for_again),
		cmocka_unit_test(
		    a_letter_is_planned_once_and_sent_once_in_its_window),
		cmocka_unit_test(what_falls_due_at_night_waits_for_the_morning),
		cmocka_unit_test(no_bill_is_waited_for_until_the_window_ends),
		cmocka_unit_test(
		    a_bill_that_cannot_be_drawn_is_named_and_can_be_tried_again),
		cmocka_unit_test(
		    a_refusal_for_good_ends_it_and_silence_ends_it_after_some_tries),
		cmocka_unit_test(stopped_before_its_hour_it_is_not_sent),
		cmocka_unit_test(pages_of_subscriptions_are_all_planned),
	};

	return cmocka_run_group_tests(tests, make, end);
}
