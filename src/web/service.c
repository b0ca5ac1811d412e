#include "kvitok/base/day.h"
#include "kvitok/base/jw.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/note.h"

enum err
service_health(struct turn *t)
{
	struct buf b;
	struct jw w;

	turn_buf(t, &b);
	jw_init(&w, &b);
	jw_object(&w);
	jw_ktext(&w, "status", STR("alive"));
	jw_ktext(&w, "version", STR(KVITOK_VERSION));
	jw_object_end(&w);
	buf_char(&b, '\n');
	return turn_json(t, 200, &b);
}

static int64_t
age_s(int64_t now, int64_t at)
{
	return at > 0 && now > at ? (now - at) / 1000 : 0;
}

/* What is owed tells that the database answers, too. */
static bool
look(struct turn *t, int64_t now, struct job_ages *ages)
{
	struct fault f;
	int64_t version;

	fault_init(&f);
	memset(ages, 0, sizeof(*ages));
	return t->p->refs.version(t->p->refs.self, &version, &f) == ERR_OK &&
	    t->p->jobs.ages(t->p->jobs.self, now, ages, &f) == ERR_OK;
}

enum err
service_ready(struct turn *t)
{
	int64_t now = t->p->clock.now(t->p->clock.self);
	struct job_ages ages;
	bool ready = look(t, now, &ages);
	struct buf b;
	struct jw w;

	turn_buf(t, &b);
	jw_init(&w, &b);
	jw_object(&w);
	jw_ktext(&w, "status", ready ? STR("ready") : STR("not_ready"));
	jw_ktext(&w, "database", ready ? STR("ok") : STR("unreachable"));
	if (ready) {
		jw_key(&w, "jobs");
		jw_object(&w);
		jw_kint(&w, "due", ages.due);
		jw_kint(&w, "oldest_due_age_s", age_s(now, ages.oldest_due_at));
		jw_kint(&w, "failed", ages.failed);
		jw_object_end(&w);
	} else {
		reply_header(t->out, "Retry-After", STR("3"));
	}
	/* A bank that is down is no reason to be taken out of service. */
	if (t->web->more_ready)
		t->web->more_ready(t->web->more_self, now, &w);
	jw_object_end(&w);
	buf_char(&b, '\n');
	return turn_json(t, ready ? 200 : 503, &b);
}

static void
put_gauge(struct buf *b, const char *name, const char *help, int64_t n)
{
	buf_fmt(b, "# HELP %s %s\n# TYPE %s gauge\n%s %lld\n", name, help, name,
	    name, (long long)n);
}

static void
put_kind(struct buf *b, const char *name, struct str kind, int64_t n)
{
	buf_fmt(b, "%s{kind=\"", name);
	buf_text(b, kind); /* a word of ours */
	buf_fmt(b, "\"} %lld\n", (long long)n);
}

static void
put_cases(struct turn *t, int64_t now, struct buf *b)
{
	static const char open[] = "kvitok_cases_open",
			  age[] = "kvitok_case_oldest_age_seconds";
	const struct case_age *v;
	struct fault f;
	size_t len;

	fault_init(&f);
	if (t->p->cases.ages(t->p->cases.self, t->a, STR(""), &v, &len, &f) !=
	    ERR_OK)
		return; /* kvitok_database_up has told why */
	buf_fmt(b, "# HELP %s Cases that are not resolved.\n# TYPE %s gauge\n",
	    open, open);
	for (size_t i = 0; i < len; i++)
		put_kind(b, open, v[i].kind, v[i].open);
	buf_fmt(b,
	    "# HELP %s Age of the oldest case that is not resolved.\n"
	    "# TYPE %s gauge\n",
	    age, age);
	for (size_t i = 0; i < len; i++)
		put_kind(b, age, v[i].kind, age_s(now, v[i].oldest_at));
}

/* Since the end of the last closed day; since the first day when none is. */
static void
put_proof(struct turn *t, int64_t now, struct buf *b)
{
	struct close_state s;
	struct fault f;
	int64_t end = now;

	fault_init(&f);
	if (t->p->close.state(t->p->close.self, t->a, &s, &f) != ERR_OK)
		return; /* as above */
	if (s.last.day.len > 0 && day_start(s.last.day, DAY_ZONE_MOSCOW, &end))
		end += DAY_MS;
	else if (s.first_day.len > 0 &&
	    !day_start(s.first_day, DAY_ZONE_MOSCOW, &end))
		return; /* no day that we have written */
	put_gauge(b, "kvitok_ledger_proof_age_seconds",
	    "Since the end of the last closed day of the ledger.",
	    age_s(now, end));
}

static void
put_peers(struct buf *b, const char *name, const char *help,
    const struct exchange_peer *v, size_t len,
    int64_t (*value)(const struct exchange_peer *x, int64_t now), int64_t now)
{
	buf_fmt(b, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
	for (size_t i = 0; i < len; i++)
		buf_fmt(b, "%s{portal=\"%.*s\",supplier=\"%.*s\"} %lld\n", name,
		    STR_ARG(v[i].portal), STR_ARG(v[i].supplier),
		    (long long)value(&v[i], now));
}

static int64_t
peer_bad(const struct exchange_peer *x, int64_t now)
{
	(void)now; /* a count */
	return x->open_aside;
}

static int64_t
peer_open_age(const struct exchange_peer *x, int64_t now)
{
	return age_s(now, x->oldest_open_at);
}

static int64_t
peer_gap_age(const struct exchange_peer *x, int64_t now)
{
	return x->ahead > x->next ? age_s(now, x->ahead_at) : 0;
}

static int64_t
peer_letter_age(const struct exchange_peer *x, int64_t now)
{
	return age_s(now, x->oldest_unhanded_at);
}

static int64_t
peer_answer_age(const struct exchange_peer *x, int64_t now)
{
	return age_s(now, x->oldest_unanswered_at);
}

/* It lies there, and is not fetched. */
static int64_t
peer_untaken_age(const struct exchange_peer *x, int64_t now)
{
	return age_s(now, x->untaken_made_at);
}

static int64_t
peer_fails(const struct exchange_peer *x, int64_t now)
{
	(void)now; /* a count */
	return x->fails;
}

static void
put_exchange(struct turn *t, int64_t now, struct buf *b)
{
	const struct exchange_peer *v;
	struct fault f;
	size_t len;

	fault_init(&f);
	if (t->p->exchange_out.peers(
		t->p->exchange_out.self, t->a, &v, &len, &f) != ERR_OK)
		return; /* as above */
	put_peers(b, "kvitok_exchange_documents_aside",
	    "Bad documents of a supplier that nobody has put right.", v, len,
	    peer_bad, now);
	put_peers(b, "kvitok_exchange_oldest_open_age_seconds",
	    "Age of the oldest document that is not done.", v, len,
	    peer_open_age, now);
	put_peers(b, "kvitok_exchange_gap_age_seconds",
	    "Since when a document waits for one that is missing.", v, len,
	    peer_gap_age, now);
	put_peers(b, "kvitok_exchange_unhanded_age_seconds",
	    "Age of our oldest document that is not handed over.", v, len,
	    peer_letter_age, now);
	put_peers(b, "kvitok_exchange_unanswered_age_seconds",
	    "Age of our oldest document that is not acknowledged.", v, len,
	    peer_answer_age, now);
	put_peers(b, "kvitok_exchange_untaken_age_seconds",
	    "Age of our oldest document that the supplier has not fetched.", v,
	    len, peer_untaken_age, now);
	put_peers(b, "kvitok_exchange_fails",
	    "Looks into the mailbox in a row that failed.", v, len, peer_fails,
	    now);
}

/* Of the bills that are mailed in this month. */
static void
put_mailing(struct turn *t, int64_t now, struct buf *b)
{
	static const char name[] = "kvitok_bill_letters";
	int64_t n[MAILING__COUNT];
	char month[DAY_MONTH_SIZE];
	struct fault f;

	fault_init(&f);
	mailing_month(now, month);
	if (t->p->mailings.states(t->p->mailings.self, str_of(month), n, &f) !=
	    ERR_OK)
		return; /* as above */
	buf_fmt(b,
	    "# HELP %s Letters with bills of the month before.\n"
	    "# TYPE %s gauge\n",
	    name, name);
	for (int i = 0; i < MAILING__COUNT; i++)
		buf_fmt(b, "%s{state=\"%s\"} %lld\n", name,
		    mailing_state_name((enum mailing_state)i), (long long)n[i]);
}

/* Reports by schedule: what is late, and what was given up. */
static void
put_schedules(struct turn *t, int64_t now, struct buf *b)
{
	static const char name[] = "kvitok_report_parcels";
	struct schedule_health h;
	struct fault f;

	fault_init(&f);
	if (t->p->schedules.health(t->p->schedules.self, now, &h, &f) != ERR_OK)
		return; /* as above */
	buf_fmt(b,
	    "# HELP %s Reports by schedule that have not reached somebody.\n"
	    "# TYPE %s gauge\n",
	    name, name);
	for (int i = 0; i < PARCEL__COUNT; i++)
		if (i != PARCEL_DONE)
			buf_fmt(b, "%s{state=\"%s\"} %lld\n", name,
			    parcel_state_name((enum parcel_state)i),
			    (long long)h.n[i]);
	put_gauge(b, "kvitok_report_late_seconds",
	    "Age of the oldest report by schedule that is not sent.",
	    age_s(now, h.oldest_due_at));
}

/* Who is at the desk, and whose next try must wait. */
static void
put_desk(struct turn *t, int64_t now, struct buf *b)
{
	const struct ports *p = t->p;
	struct fault f;
	int64_t n;

	fault_init(&f);
	if (p->sessions.count(p->sessions.self, now, now - p->set.desk_idle_ms,
		&n, &f) != ERR_OK)
		return; /* as above */
	put_gauge(b, "kvitok_desk_sessions", "Sessions at the desk.", n);
	if (p->tries.locked(p->tries.self, now, &n, &f) == ERR_OK)
		put_gauge(b, "kvitok_desk_locked",
		    "Logins from an address that have to wait.", n);
}

enum err
service_metrics(struct turn *t)
{
	int64_t now = t->p->clock.now(t->p->clock.self);
	struct job_ages ages;
	bool up = look(t, now, &ages);
	struct buf b;

	turn_buf(t, &b);
	note_metrics(t->web->stats, &b);
	put_gauge(&b, "kvitok_database_up", "The database answers.", up);
	if (up) {
		put_gauge(&b, "kvitok_jobs_due", "Jobs due now.", ages.due);
		put_gauge(&b, "kvitok_job_oldest_due_age_seconds",
		    "Age of the oldest job that is due.",
		    age_s(now, ages.oldest_due_at));
		put_gauge(&b, "kvitok_jobs_failed", "Jobs that were given up.",
		    ages.failed);
		put_cases(t, now, &b);
		put_proof(t, now, &b);
		put_exchange(t, now, &b);
		put_mailing(t, now, &b);
		put_schedules(t, now, &b);
		put_desk(t, now, &b);
	}
	if (t->web->more_metrics)
		t->web->more_metrics(t->web->more_self, now, &b);
	if (b.full)
		return fault_set(
		    t->f, ERR_BUG, "internal", "metrics do not fit");
	reply_body(t->out, 200, "text/plain; version=0.0.4; charset=utf-8",
	    buf_str(&b));
	reply_header(t->out, "Cache-Control", STR("no-store"));
	return ERR_OK;
}
