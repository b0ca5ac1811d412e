/* Schedules that accountants make: who sees, makes and stops what, and where
 * their reports may go; on both databases. */
#include "schedule_world.h"

#include "kvitok/app/schedule_desk.h"

#define PORTAL "irkutskenergosbyt"
#define OURS "vodokanal-irk"
#define OTHERS "irkutskenergo"
#define IT(s)                                                                  \
	{                                                                      \
		s, sizeof(s) - 1                                               \
	}

static const struct caller chief = {
	.portal = IT(PORTAL), .supplier = IT(""), .rights = RIGHT_REPORT
};
static const struct caller water = {
	.portal = IT(PORTAL), .supplier = IT(OURS), .rights = RIGHT_REPORT
};
static const struct caller stranger = {
	.portal = IT("portalgkh"), .supplier = IT(""), .rights = RIGHT_REPORT
};

/* The operator sends what is of whom to one address each. */
static int
trusted(void **state)
{
	static const struct {
		const char *name, *portal, *supplier, *mail;
	} ops[] = {
		{ "op-main", PORTAL, "", "main@example.ru" },
		{ "op-water", PORTAL, OURS, "water@example.ru" },
		{ "op-power", PORTAL, OTHERS, "power@example.ru" },
		{ "op-tgk", "portalgkh", "", "tgk@example.ru" },
	};
	struct world *w = *state;
	int rc = fresh(state);

	for (size_t i = 0; i < KV_COUNT(ops); i++) {
		struct schedule_request r = daily(ops[i].name);

		r.portal = str_of(ops[i].portal);
		r.supplier = str_of(ops[i].supplier);
		r.mail = str_of(ops[i].mail);
		assert_done(&w->fx, add(w, &r));
	}
	return rc;
}

static struct schedule_request
asked(const char *name, const char *supplier, const char *mail)
{
	struct schedule_request r = daily(name);

	r.supplier = str_of(supplier);
	r.mail = str_of(mail);
	r.actor = STR("staff:anna");
	return r;
}

static enum err
make_one(
    struct world *w, const struct caller *who, const struct schedule_request *r)
{
	struct schedule s;

	fault_init(&w->fx.f);
	return schedule_desk_add(&w->p, w->fx.a, who, r, &s, &w->fx.f);
}

static void
refused(struct world *w, const struct caller *who,
    const struct schedule_request *r, const char *reason, const char *field)
{
	assert_true(make_one(w, who, r) != ERR_OK);
	assert_string_equal(w->fx.f.reason, reason);
	if (field != NULL)
		assert_string_equal(w->fx.f.fields[0].pointer, field);
}

/* Gives: how many of those that who sees were made in the cabinet. */
static size_t
seen(struct world *w, const struct caller *who, struct str *first)
{
	struct schedule_desk d;
	size_t n = 0;

	fault_init(&w->fx.f);
	assert_done(
	    &w->fx, schedule_desk_read(&w->p, w->fx.a, who, &d, &w->fx.f));
	*first = STR("");
	for (size_t i = 0; i < d.len; i++)
		if (schedule_desk_made(&d.v[i]) && n++ == 0)
			*first = d.v[i].name;
	return n;
}

static enum err
stop_one(struct world *w, const struct caller *who, const char *name)
{
	fault_init(&w->fx.f);
	return schedule_desk_stop(
	    &w->p, w->fx.a, who, str_of(name), STR("staff:anna"), &w->fx.f);
}

static void
reports_go_only_where_the_operator_sends_them(void **state)
{
	struct world *w = *state;
	struct schedule_request r = asked("a", "", "me@gmail.example");

	refused(w, &chief, &r, "email_unlisted", "mail");
	r.mail = STR("main@example.ru me@gmail.example");
	refused(w, &chief, &r, "email_unlisted", "mail");
	r.mail = STR("");
	refused(w, &chief, &r, "schedule_nobody", "mail");
	r.mail = STR("tgk@example.ru"); /* another portal's */
	refused(w, &chief, &r, "email_unlisted", "mail");
	r.mail = STR("water@example.ru"); /* everybody's rows to a supplier */
	refused(w, &chief, &r, "email_unlisted", "mail");
	r.supplier = STR(OTHERS); /* another's rows to a supplier */
	refused(w, &chief, &r, "email_unlisted", "mail");
	r.supplier = STR(OURS);
	assert_done(&w->fx, make_one(w, &chief, &r));
	r = asked("b", "", "main@example.ru");
	r.folder = STR("{from}.csv"); /* counts for nothing */
	assert_done(&w->fx, make_one(w, &chief, &r));
}

static void
a_suppliers_accountant_makes_sees_and_stops_its_own_alone(void **state)
{
	struct world *w = *state;
	struct schedule_request r = asked("own", "", "water@example.ru");
	struct schedule_request all = asked("all", "", "main@example.ru");
	struct schedule_request other =
	    asked("other", OTHERS, "power@example.ru");
	struct schedule s;
	struct str first;

	assert_done(&w->fx, make_one(w, &chief, &all));
	assert_done(&w->fx, make_one(w, &chief, &other));
	assert_int_equal(seen(w, &water, &first), 0);
	assert_done(&w->fx, make_one(w, &water, &r));
	assert_done(&w->fx,
	    w->p.schedules.by_name(
		w->p.schedules.self, w->fx.a, r.name, &s, &w->fx.f));
	assert_text(s.q.filter[REPORT_SUPPLIER], OURS);
	assert_text(s.q.filter[REPORT_PORTAL], PORTAL);
	assert_int_equal(seen(w, &water, &first), 1);
	assert_text(first, "own");
	assert_int_equal(seen(w, &chief, &first), 3);
	assert_int_equal(seen(w, &stranger, &first), 0);
	r = asked("wrong", OTHERS, "water@example.ru");
	refused(w, &water, &r, "report_foreign", "supplier");
	r = asked("wrong", "", "main@example.ru"); /* not of the supplier */
	refused(w, &water, &r, "email_unlisted", "mail");
	r = asked("wrong", "", "water@example.ru");
	r.q.id = REPORT_CASES;
	refused(w, &water, &r, "report_foreign", NULL);
	assert_rc(&w->fx, stop_one(w, &water, "all"), ERR_ABSENT);
	assert_string_equal(w->fx.f.reason, "schedule_unknown");
	assert_rc(&w->fx, stop_one(w, &water, "other"), ERR_ABSENT);
	assert_rc(&w->fx, stop_one(w, &water, "nothing"), ERR_ABSENT);
	assert_string_equal(w->fx.f.reason, "schedule_unknown");
	assert_rc(&w->fx, stop_one(w, &stranger, "own"), ERR_ABSENT);
	assert_done(&w->fx, stop_one(w, &water, "own"));
	assert_int_equal(seen(w, &water, &first), 0);
	assert_rc(&w->fx, stop_one(w, &water, "own"), ERR_ABSENT);
	assert_int_equal(seen(w, &chief, &first), 2);
}

static void
what_is_made_twice_is_one_and_an_operators_name_is_not_taken(void **state)
{
	struct world *w = *state;
	struct schedule_request r = asked("twice", "", "main@example.ru");
	struct schedule_request op = daily("twice");
	struct str first;

	assert_done(&w->fx, make_one(w, &chief, &r));
	assert_done(&w->fx, make_one(w, &chief, &r));
	assert_int_equal(seen(w, &chief, &first), 1);
	assert_done(&w->fx, stop_one(w, &chief, "twice"));
	assert_done(&w->fx, add(w, &op));
	refused(w, &chief, &r, "schedule_known", "name");
}

static void
what_an_operator_has_made_is_his_to_stop_and_gives_its_addresses(void **state)
{
	struct world *w = *state;
	struct schedule_request r = daily("op-folder");
	struct schedule_desk d;

	r.mail = STR("");
	r.folder = STR("{from}.csv");
	assert_done(&w->fx, add(w, &r));
	assert_rc(&w->fx, stop_one(w, &chief, "op-folder"), ERR_DENIED);
	assert_string_equal(w->fx.f.reason, "schedule_of_operator");
	assert_rc(&w->fx, stop_one(w, &water, "op-water"), ERR_DENIED);
	fault_init(&w->fx.f);
	assert_done(
	    &w->fx, schedule_desk_read(&w->p, w->fx.a, &water, &d, &w->fx.f));
	assert_int_equal(d.len, 1);
	assert_int_equal(d.to_len, 1);
	assert_text(d.to[0].email, "water@example.ru");
	assert_text(d.to[0].supplier, OURS);
	/* Trusted with everything it is named once. */
	r = daily("op-z");
	r.mail = STR("water@example.ru");
	assert_done(&w->fx, add(w, &r));
	assert_done(
	    &w->fx, schedule_desk_read(&w->p, w->fx.a, &chief, &d, &w->fx.f));
	assert_int_equal(d.len, 5);
	assert_int_equal(d.to_len, 3);
	assert_text(d.to[2].email, "water@example.ru");
	assert_text(d.to[2].supplier, "");
}

static void
where_the_operator_sends_nothing_any_more_no_letter_goes(void **state)
{
	struct world *w = *state;
	struct schedule_request r =
	    asked("left", OURS, "water@example.ru main@example.ru");

	(void)life_paid(w); /* there is something to be told */
	go_to(w, 1, -60);
	assert_done(&w->fx, make_one(w, &chief, &r));
	go_to(w, 1, 0);
	work(w);
	assert_int_equal(count(w, "done", r.name), 2);
	assert_done(&w->fx,
	    schedule_remove(&w->p, w->fx.a, STR("op-water"),
		STR("operator:test"), &w->fx.f));
	go_to(w, 1, 0);
	work(w);
	assert_int_equal(count(w, "refused", r.name), 1);
	assert_int_equal(count(w, "done", r.name), 3);
}

static void
there_is_an_end_to_how_many_there_are(void **state)
{
	struct world *w = *state;
	char name[20];

	for (int i = 1; i <= SCHEDULE_DESK_MAX; i++) {
		struct schedule_request r = asked("", OURS, "water@example.ru");

		(void)snprintf(name, sizeof(name), "many-%d", i);
		r.name = arena_str(w->fx.a, str_of(name));
		if (i == SCHEDULE_DESK_MAX)
			refused(w, &water, &r, "schedule_too_many", NULL);
		else
			assert_done(&w->fx, make_one(w, &water, &r));
	}
}

#define T(name) cmocka_unit_test_setup(name, trusted)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(reports_go_only_where_the_operator_sends_them),
		T(a_suppliers_accountant_makes_sees_and_stops_its_own_alone),
		T(what_is_made_twice_is_one_and_an_operators_name_is_not_taken),
		T(what_an_operator_has_made_is_his_to_stop_and_gives_its_addresses),
		T(where_the_operator_sends_nothing_any_more_no_letter_goes),
		T(there_is_an_end_to_how_many_there_are),
	};

	return cmocka_run_group_tests(tests, make, end);
}
