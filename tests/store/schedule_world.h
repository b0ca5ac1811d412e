/*
 * schedule_world: reports by schedule over a real database and real files; the
 * test holds the mail server.
 */
#ifndef KVITOK_TESTS_STORE_SCHEDULE_WORLD_H
#define KVITOK_TESTS_STORE_SCHEDULE_WORLD_H

#include "life.h"

#include "kvitok/app/report_order.h"
#include "kvitok/app/schedule.h"
#include "kvitok/app/schedule_send.h"
#include "kvitok/base/day.h"
#include "kvitok/mail/letter.h"
#include "kvitok/out/report_file.h"
#include "kvitok/out/report_outbox.h"
#include "kvitok/out/report_spool.h"

#include <string.h>
#include <sys/stat.h>

#define MAILS_MAX 40

/* The mail server: what it got, and whom it refuses. */
static struct {
	int n;
	struct {
		char to[100], id[200], subject[300];
		size_t parts, bytes;
		bool empty; /* it says so */
	} got[MAILS_MAX];
	const char *refused, *later;
} post;

static inline enum err
post_send(void *self, struct arena *a, const struct mail *m, struct fault *f)
{
	(void)self, (void)a;
	if (post.refused != NULL && str_eq(m->to, str_of(post.refused)))
		return fault_set(f, ERR_INVALID, "mail_refused", "smtp 550");
	if (post.later != NULL && str_eq(m->to, str_of(post.later)))
		return fault_set(f, ERR_AGAIN, "mail_later", "smtp 450");
	assert_true(post.n < MAILS_MAX);
	(void)snprintf(post.got[post.n].to, 100, "%.*s", STR_ARG(m->to));
	(void)snprintf(
	    post.got[post.n].id, 200, "%.*s", STR_ARG(m->message_id));
	(void)snprintf(
	    post.got[post.n].subject, 300, "%.*s", STR_ARG(m->subject));
	post.got[post.n].parts = m->parts_len;
	post.got[post.n].bytes = m->parts_len > 0 ? m->parts[0].data.len : 0;
	post.got[post.n].empty =
	    str_find(m->text, STR("ни одной строки")) < m->text.len;
	post.n++;
	return ERR_OK;
}

static struct db *reader;
static char folder[] = "/tmp/kvitok-schedule.XXXXXX";
static struct report_outbox outbox; /* as it was made */
static struct report_press press;

static inline int
make(void **state)
{
	int rc = world_make(state);
	struct world *w = *state;
	struct store_settings set = fixture_settings();
	struct stores st;
	struct str spool, out;

	assert_done(&w->fx, store_open(w->fx.a, &set, &st, &reader, &w->fx.f));
	assert_non_null(mkdtemp(folder));
	spool = arena_fmt(w->fx.a, "%s/spool", folder);
	out = arena_fmt(w->fx.a, "%s/out", folder);
	assert_int_equal(mkdir(spool.p, 0700), 0);
	assert_int_equal(mkdir(out.p, 0700), 0);
	w->p.letters = letter_writer();
	w->p.mailer = (struct mailer){ NULL, post_send };
	w->p.reports = st.reports;
	w->p.report_orders = w->fx.st.report_orders;
	w->p.schedules = w->fx.st.schedules;
	w->p.schedule_runs = w->fx.st.schedule_runs;
	w->p.press = press = report_press_of();
	w->p.spool = report_spool_of(w->fx.a, spool);
	w->p.outbox = outbox = report_outbox_of(w->fx.a, out);
	w->p.set.report_keep_ms = 7 * DAY_MS;
	w->p.set.report_waiting_max = 1;
	w->p.set.report_catch_up_max = 5;
	w->p.set.report_letter_max = 1 << 20;
	w->p.set.job_fails_max = 4;
	w->p.set.public_url = STR("https://pay.example");
	return rc;
}

static inline int
fresh(void **state)
{
	struct world *w = *state;

	memset(&post, 0, sizeof(post));
	fixture_sql(&w->fx,
	    "UPDATE report_schedule SET stopped_by = 'test', stopped_at = 1 "
	    "WHERE stopped_at IS NULL");
	w->p.press = press;
	w->p.outbox = outbox;
	w->p.set.report_letter_max = 1 << 20;
	return 0;
}

static inline struct schedule_request
daily(const char *name)
{
	return (struct schedule_request){ .name = str_of(name),
		.portal = STR("irkutskenergosbyt"),
		.q = { .id = REPORT_PAYMENTS },
		.format = REPORT_CSV,
		.separator = ';',
		.period = STR("day"),
		.days = STR("every"),
		.at = STR("07:30"),
		.mail = STR("buh@example.ru"),
		.folder = STR(""),
		.actor = STR("operator:test") };
}

static inline enum err
add(struct world *w, const struct schedule_request *r)
{
	struct schedule s;

	fault_init(&w->fx.f);
	return schedule_add(&w->p, w->fx.a, r, &s, &w->fx.f);
}

/* What kvitok-jobs --reports does until there is nothing to be done. */
static inline void
work(struct world *w)
{
	size_t planned;
	bool made, sent;
	int rounds = 0;

	do {
		struct arena *a = arena_new((size_t)16 << 20);

		fault_init(&w->fx.f);
		assert_done(
		    &w->fx, schedule_plan(&w->p, a, &planned, &w->fx.f));
		assert_done(
		    &w->fx, report_order_work(&w->p, a, &made, &w->fx.f));
		assert_done(&w->fx, schedule_send(&w->p, a, &sent, &w->fx.f));
		arena_free(a);
		assert_true(++rounds < 200);
	} while (planned > 0 || made || sent);
}

/* To so many minutes after half past seven of Irkutsk, days later. */
static inline void
go_to(struct world *w, int days, int minutes)
{
	char day[DAY_TEXT_SIZE];
	int64_t at;

	day_of(w->now, 480, day);
	assert_true(day_start(str_of(day), 480, &at));
	w->now = at + days * DAY_MS + (450 + minutes) * INT64_C(60000);
}

static inline int64_t
count(struct world *w, const char *what, struct str name)
{
	const struct parcel_whole *v;
	struct schedule s;
	size_t len;
	int64_t n = 0;

	assert_done(&w->fx,
	    w->p.schedules.by_name(
		w->p.schedules.self, w->fx.a, name, &s, &w->fx.f));
	assert_done(&w->fx,
	    w->p.schedule_runs.parcels(w->p.schedule_runs.self, w->fx.a, s.id,
		true, 100, &v, &len, &w->fx.f));
	for (size_t i = 0; i < len; i++)
		n += strcmp(parcel_state_name(v[i].p.state), what) == 0;
	return n;
}

static inline int
end(void **state)
{
	store_close(reader);
	return world_end(state);
}

#endif
