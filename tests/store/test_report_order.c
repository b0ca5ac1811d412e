/* Reports by order: who may ask for what, how many wait, who makes them, and
 * when their files go; on both databases. */
#include "life.h"

#include "kvitok/app/report_count.h"
#include "kvitok/app/report_order.h"
#include "kvitok/base/day.h"
#include "kvitok/mail/letter.h"

#include <string.h>

#define KEEP_MS (7 * DAY_MS)

/* The writer and the folder: nothing is written. */
static struct {
	enum err rc; /* of the writer's end */
	const char *reason;
	int made, removed;
	char path[200], last_removed[200];
	void (*meanwhile)(struct world *w); /* before a report is done */
	struct world *w;
} files;

static enum err
write_row(void *self, const struct report_cell *row, struct fault *f)
{
	(void)self, (void)row, (void)f;
	return ERR_OK;
}

static enum err
write_end(void *self, const struct report_end *end, struct report_file *out,
    struct fault *f)
{
	(void)self, (void)end;
	if (files.meanwhile != NULL)
		files.meanwhile(files.w);
	if (files.rc != ERR_OK)
		return fault_set(f, files.rc, files.reason, "as the test says");
	files.made++;
	*out = (struct report_file){ .size = 17 };
	memset(out->digest, 'd', 64);
	return ERR_OK;
}

static void
drop(void *self)
{
	(void)self;
}

static enum err
open_file(void *self, struct arena *a, const struct report_head *head,
    enum report_format format, struct str path, struct report_writer *out,
    struct fault *f)
{
	(void)self, (void)a, (void)head, (void)format, (void)f;
	(void)snprintf(files.path, sizeof(files.path), "%.*s", STR_ARG(path));
	*out = (struct report_writer){ NULL, write_row, write_end, drop };
	return ERR_OK;
}

static struct str
path_of(void *self, struct arena *a, struct str name)
{
	(void)self;
	return arena_fmt(a, "spool/%.*s", STR_ARG(name));
}

static void
remove_file(void *self, struct arena *a, struct str name)
{
	(void)self, (void)a;
	files.removed++;
	(void)snprintf(files.last_removed, sizeof(files.last_removed), "%.*s",
	    STR_ARG(name));
}

static enum err
open_spool(void *self, struct arena *a, struct str name, int *fd, int64_t *size,
    struct fault *f)
{
	(void)self, (void)a, (void)name, (void)f;
	*fd = -1;
	*size = 17;
	return ERR_OK;
}

/* Reports are read by a connection of their own, as kvitok-jobs has it. */
static struct db *reader;

static int
make(void **state)
{
	int rc = world_make(state);
	struct world *w = *state;
	struct store_settings set = fixture_settings();
	struct stores st;

	assert_done(&w->fx, store_open(w->fx.a, &set, &st, &reader, &w->fx.f));
	files.w = w;
	w->p.letters.report = letter_writer().report;
	w->p.reports = st.reports;
	w->p.report_orders = w->fx.st.report_orders;
	w->p.press = (struct report_press){ NULL, open_file };
	w->p.spool =
	    (struct report_spool){ &files, path_of, remove_file, open_spool };
	w->p.set.report_keep_ms = KEEP_MS;
	w->p.set.report_waiting_max = 3;
	return rc;
}

/* Of a test's own key: what others have left waiting does not count. */
static struct caller
accountant(struct world *w, const char *portal)
{
	return (struct caller){ .key_id = fixture_ulid(w->fx.a, w->now),
		.portal = str_of(portal),
		.supplier = STR(""),
		.rights = RIGHT_REPORT };
}

static struct report_order_request
request_of(const struct caller *who)
{
	return (struct report_order_request){ .who = who,
		.q = { .id = REPORT_PAYMENTS,
		    .from_day = STR("2026-01-01"),
		    .to_day = STR("2026-12-31") },
		.format = REPORT_XML,
		.separator = ';',
		.email = STR(""),
		.ikey = STR("one"),
		.body_hash = STR("0123456789abcdef0123456789abcdef0123456789abc"
				 "def0123456789abcdef") };
}

static enum err
ask(struct world *w, const struct report_order_request *req,
    struct report_order *out)
{
	bool replay;

	fault_init(&w->fx.f);
	return report_order_create(&w->p, w->fx.a, req, out, &replay, &w->fx.f);
}

static bool
work(struct world *w)
{
	bool did;

	fault_init(&w->fx.f);
	assert_done(&w->fx, report_order_work(&w->p, w->fx.a, &did, &w->fx.f));
	return did;
}

static struct report_order
look(struct world *w, const struct caller *who, struct str id)
{
	struct report_order o;

	fault_init(&w->fx.f);
	assert_done(
	    &w->fx, report_order_load(&w->p, w->fx.a, who, id, &o, &w->fx.f));
	return o;
}

static void
a_report_is_made_once_and_its_file_goes_after_a_week(void **state)
{
	struct world *w = *state;
	struct caller who = accountant(w, "irkutskenergosbyt");
	struct caller other = accountant(w, "irkutskenergosbyt");
	struct report_order_request req = request_of(&who);
	struct report_order o, again;
	struct str name;
	int64_t size;
	int fd, made = files.made;

	(void)life_paid(w);
	assert_done(&w->fx, ask(w, &req, &o));
	assert_int_equal(o.state, REPORT_ORDER_WAITING);
	assert_text(o.q.filter[REPORT_PORTAL], "irkutskenergosbyt");
	assert_done(&w->fx, ask(w, &req, &again));
	assert_true(str_eq(o.id, again.id));
	assert_rc(&w->fx,
	    report_order_open(&w->p, w->fx.a, &o, &name, &fd, &size, &w->fx.f),
	    ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "report_not_ready");
	assert_rc(&w->fx,
	    report_order_load(&w->p, w->fx.a, &other, o.id, &again, &w->fx.f),
	    ERR_ABSENT);
	assert_string_equal(w->fx.f.reason, "report_order_unknown");

	assert_true(work(w));
	assert_false(work(w));
	assert_int_equal(files.made, made + 1);
	o = look(w, &who, o.id);
	assert_int_equal(o.state, REPORT_ORDER_DONE);
	assert_int_equal(o.runs, 1);
	assert_true(o.lines > 0);
	assert_int_equal(o.hash.len, 64);
	assert_int_equal(o.size, 17);
	assert_true(str_find(o.totals, STR("\"total_kop\":")) < o.totals.len);
	assert_done(&w->fx,
	    report_order_open(&w->p, w->fx.a, &o, &name, &fd, &size, &w->fx.f));
	assert_text(name, "payments-2026-01-01-2026-12-31.xml");

	w->now += KEEP_MS; /* to the last millisecond */
	(void)work(w);
	assert_int_equal(look(w, &who, o.id).state, REPORT_ORDER_DONE);
	w->now++;
	(void)work(w);
	o = look(w, &who, o.id);
	assert_int_equal(o.state, REPORT_ORDER_GONE);
	assert_true(str_starts(str_of(files.last_removed), o.id));
	assert_rc(&w->fx,
	    report_order_open(&w->p, w->fx.a, &o, &name, &fd, &size, &w->fx.f),
	    ERR_ABSENT);
	assert_string_equal(w->fx.f.reason, "report_gone");
}

static void
refused(struct world *w, const struct report_order_request *req, enum err rc,
    const char *reason, const char *field)
{
	struct report_order o;

	assert_rc(&w->fx, ask(w, req, &o), rc);
	assert_string_equal(w->fx.f.reason, reason);
	if (field != NULL)
		assert_string_equal(w->fx.f.fields[0].pointer, field);
}

static void
others_data_are_refused(void **state)
{
	struct world *w = *state;
	struct caller who = accountant(w, "portalgkh"), of_supplier;
	struct report_order_request req = request_of(&who);
	struct report_order o;

	req.q.filter[REPORT_PORTAL] = STR("irkutskenergosbyt");
	refused(w, &req, ERR_DENIED, "report_foreign", "portal");
	req = request_of(&who);
	req.q.id = REPORT_CLOSINGS; /* of all portals */
	refused(w, &req, ERR_DENIED, "report_foreign", "report");

	of_supplier = accountant(w, "portalgkh");
	of_supplier.supplier = STR("yuzhnoe-zhks");
	req = request_of(&of_supplier);
	req.q.filter[REPORT_SUPPLIER] = STR("another");
	refused(w, &req, ERR_DENIED, "report_foreign", "supplier");
	req = request_of(&of_supplier);
	req.q.id = REPORT_CASES; /* they have no supplier */
	refused(w, &req, ERR_DENIED, "report_foreign", "report");
	req = request_of(&of_supplier);
	assert_done(&w->fx, ask(w, &req, &o));
	assert_text(o.q.filter[REPORT_SUPPLIER], "yuzhnoe-zhks");
	while (work(w))
		continue;
}

static void
what_is_asked_wrongly_is_refused(void **state)
{
	struct world *w = *state;
	struct caller who = accountant(w, "portalgkh");
	struct report_order_request req = request_of(&who);
	struct report_order o;

	req.q.to_day = STR("2025-01-01");
	refused(w, &req, ERR_INVALID, "report_upside_down", "from");
	req = request_of(&who);
	req.email = STR("nobody");
	refused(w, &req, ERR_INVALID, "email_bad", "email");
	req = request_of(&who);
	assert_done(&w->fx, ask(w, &req, &o));
	req.body_hash = STR("another");
	refused(
	    w, &req, ERR_LIMIT, "idempotency_key_reused", "Idempotency-Key");
	w->p.spool.self = NULL;
	req = request_of(&who);
	req.ikey = STR("two");
	refused(w, &req, ERR_LIMIT, "report_off", NULL);
	w->p.spool.self = &files;
	while (work(w))
		continue;
}

static void
so_many_wait_for_a_key_and_no_more(void **state)
{
	struct world *w = *state;
	struct caller who = accountant(w, "portalgkh");
	struct caller other = accountant(w, "portalgkh");
	struct report_order_request req = request_of(&who);
	struct report_order_request theirs = request_of(&other);
	struct report_order o;

	for (int i = 0; i < 3; i++) {
		req.ikey = arena_fmt(w->fx.a, "k%d", i);
		assert_done(&w->fx, ask(w, &req, &o));
	}
	req.ikey = STR("k3");
	refused(w, &req, ERR_LIMIT, "report_too_many", NULL);
	req.ikey = STR("k2"); /* a repeat is none more */
	assert_done(&w->fx, ask(w, &req, &o));
	w->now++;
	assert_done(&w->fx, ask(w, &theirs, &o));
	assert_true(work(w)); /* the oldest one */
	req.ikey = STR("k3");
	assert_done(&w->fx, ask(w, &req, &o));
	while (work(w))
		continue;
}

/* Another one makes it while the first is thought to be dead. */
static void
make_it_too(struct world *w)
{
	files.meanwhile = NULL;
	w->now += w->p.set.jobs_lease_ms + 1;
	fixture_sql(&w->fx,
	    "UPDATE report_order SET runs = runs + 1 WHERE state = 'running'");
}

static void
of_two_who_make_it_one_counts(void **state)
{
	struct world *w = *state;
	struct caller who = accountant(w, "portalgkh");
	struct report_order_request req = request_of(&who);
	struct report_order o;

	assert_done(&w->fx, ask(w, &req, &o));
	files.meanwhile = make_it_too;
	assert_true(work(w));
	/* The first one's file is gone, and is not what is told. */
	assert_text(str_of(files.last_removed),
	    arena_fmt(w->fx.a, "%.*s-1.xml", STR_ARG(o.id)).p);
	assert_int_equal(look(w, &who, o.id).state, REPORT_ORDER_RUNNING);
	assert_true(work(w));
	o = look(w, &who, o.id);
	assert_int_equal(o.state, REPORT_ORDER_DONE);
	assert_int_equal(o.runs, 3);
	assert_true(str_ends(str_of(files.path), STR("-3.xml")));
}

static void
who_dies_three_times_gives_it_up(void **state)
{
	struct world *w = *state;
	struct caller who = accountant(w, "portalgkh");
	struct report_order_request req = request_of(&who);
	struct report_order o;

	assert_done(&w->fx, ask(w, &req, &o));
	files.rc = ERR_AGAIN; /* as when the database goes away */
	files.reason = "database_unavailable";
	for (int i = 1; i <= REPORT_RUNS_MAX; i++) {
		assert_true(work(w));
		assert_false(work(w)); /* while its lease lasts */
		assert_int_equal(
		    look(w, &who, o.id).state, REPORT_ORDER_RUNNING);
		w->now += w->p.set.jobs_lease_ms + 1;
	}
	assert_true(work(w));
	files.rc = ERR_OK;
	o = look(w, &who, o.id);
	assert_int_equal(o.state, REPORT_ORDER_FAILED);
	assert_text(o.reason, "report_given_up");
	assert_false(work(w));
}

static void
a_full_disk_is_said_at_once_and_by_mail(void **state)
{
	struct world *w = *state;
	struct caller who = accountant(w, "portalgkh");
	struct report_order_request req = request_of(&who);
	struct report_order o;

	world_reset(w); /* what is owed so far waits */
	req.email = STR("buh@example.ru");
	assert_done(&w->fx, ask(w, &req, &o));
	files.rc = ERR_AGAIN;
	files.reason = "file_not_written";
	assert_true(work(w));
	files.rc = ERR_OK;
	o = look(w, &who, o.id);
	assert_int_equal(o.state, REPORT_ORDER_FAILED);
	assert_text(o.reason, "file_not_written");
	w->mails = 0;
	(void)world_work(w);
	assert_int_equal(w->mails, 1);
	assert_string_equal(w->mail_to, "buh@example.ru");
	(void)world_work(w);
	assert_int_equal(w->mails, 1);
}

/* Who sits at the desk has an id as a key has, and a name. */
static void
a_person_orders_under_his_name_and_no_key_sees_it(void **state)
{
	struct world *w = *state;
	struct caller who = accountant(w, "portalgkh");
	struct caller key = accountant(w, "portalgkh");
	struct report_order_request req = request_of(&who);
	struct report_order o;

	who.person = STR("Анна Главбух");
	for (int i = 0; i < 3; i++) {
		req.ikey = arena_fmt(w->fx.a, "p%d", i);
		assert_done(&w->fx, ask(w, &req, &o));
	}
	assert_true(o.by_staff);
	assert_text(o.asked_by, "Анна Главбух");
	req.ikey = STR("p3");
	refused(w, &req, ERR_LIMIT, "report_too_many", NULL);
	fault_init(&w->fx.f);
	assert_rc(&w->fx,
	    report_order_load(&w->p, w->fx.a, &key, o.id, &o, &w->fx.f),
	    ERR_ABSENT);
	assert_string_equal(w->fx.f.reason, "report_order_unknown");
	while (work(w))
		continue;
}

static struct report_counted
counted(struct world *w, const struct report_query *q, int64_t patience_ms,
    int64_t rows_max)
{
	struct report_bounds bounds = { patience_ms, rows_max };
	struct report_counted c;

	fault_init(&w->fx.f);
	assert_done(
	    &w->fx, report_count(&w->p, w->fx.a, q, &bounds, &c, &w->fx.f));
	return c;
}

static int64_t
total_of(const struct report_counted *c, enum report_id id, const char *name)
{
	const struct report_def *d = report_def(id);
	int64_t sum = -1;

	for (size_t i = 0; i < d->columns_len; i++)
		if (strcmp(d->columns[i].name, name) == 0)
			sum = c->totals.sum[i];
	assert_true(sum >= 0);
	return sum;
}

static void
what_is_counted_before_is_what_the_file_has(void **state)
{
	struct world *w = *state;
	struct caller who = accountant(w, "irkutskenergosbyt");
	struct report_order_request req = request_of(&who);
	struct report_counted c;
	struct report_order o;

	(void)life_paid(w);
	(void)life_paid(w);
	assert_done(&w->fx, report_order_narrow(&who, &req.q, &w->fx.f));
	c = counted(w, &req.q, 60000, 1000000);
	assert_true(c.whole);
	assert_true(c.totals.rows >= 2);
	assert_done(&w->fx, ask(w, &req, &o));
	while (work(w))
		continue;
	o = look(w, &who, o.id);
	assert_int_equal(o.lines, c.totals.rows);
	assert_true(str_find(o.totals,
			arena_fmt(w->fx.a, "\"total_kop\":%lld,",
			    (long long)total_of(
				&c, REPORT_PAYMENTS, "total"))) < o.totals.len);
}

static void
a_count_that_takes_too_long_ends_and_says_so(void **state)
{
	struct world *w = *state;
	struct caller who = accountant(w, "irkutskenergosbyt");
	struct report_order_request req = request_of(&who);
	struct report_counted c;

	(void)life_paid(w);
	assert_done(&w->fx, report_order_narrow(&who, &req.q, &w->fx.f));
	c = counted(w, &req.q, 0, 1000000);
	assert_false(c.whole);
	assert_true(day_valid(c.reached));
	c = counted(w, &req.q, 60000, 1);
	assert_false(c.whole);
	assert_true(c.totals.rows > 0);
	req.q.filter[REPORT_SUPPLIER] = STR("nobody");
	assert_rc(&w->fx,
	    report_count(&w->p, w->fx.a, &req.q,
		&(struct report_bounds){ 60000, 1000 }, &c, &w->fx.f),
	    ERR_INVALID);
	assert_string_equal(w->fx.f.reason, "supplier_unknown");
}

static int
end(void **state)
{
	store_close(reader);
	return world_end(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_report_is_made_once_and_its_file_goes_after_a_week),
		cmocka_unit_test(others_data_are_refused),
		cmocka_unit_test(what_is_asked_wrongly_is_refused),
		cmocka_unit_test(so_many_wait_for_a_key_and_no_more),
		cmocka_unit_test(of_two_who_make_it_one_counts),
		cmocka_unit_test(who_dies_three_times_gives_it_up),
		cmocka_unit_test(a_full_disk_is_said_at_once_and_by_mail),
		cmocka_unit_test(
		    a_person_orders_under_his_name_and_no_key_sees_it),
		cmocka_unit_test(what_is_counted_before_is_what_the_file_has),
		cmocka_unit_test(a_count_that_takes_too_long_ends_and_says_so),
	};

	return cmocka_run_group_tests(tests, make, end);
}
