/* A document whose connection to our database is cut exactly at COMMIT, on
 * either side of it; and the same in a mailbox of the supplier's database,
 * where what we hand over is a transaction, and each other statement is one of
 * its own. */
#include "exchange_world.h"

#include "proxy.h"

#include "kvitok/store/mailbox.h"

#define MANY 2500 /* three batches */
#define TRIES_MAX 5

static struct str
many_accounts(struct world *w)
{
	struct buf b;

	buf_init(&b, w->fx.a, (size_t)4 << 20);
	for (int i = 0; i < MANY; i++)
		buf_fmt(&b,
		    "<account number='V-%d' address='A'><owner "
		    "last_name='B'/></account>\n",
		    i);
	return buf_str(&b);
}

/* Its transactions: begun, two full batches, the last one. */
static const struct {
	enum proxy_kind kind;
	int nth;
	bool done; /* the server has done it */
} cuts[] = {
	{ PROXY_DROP, 1, false },
	{ PROXY_CUT, 1, true },
	{ PROXY_DROP, 2, false },
	{ PROXY_CUT, 2, true },
	{ PROXY_DROP, 3, false },
	{ PROXY_CUT, 3, true },
	{ PROXY_DROP, 4, false },
	{ PROXY_CUT, 4, true },
};

static int64_t
acknowledgements(struct world *w, int64_t of)
{
	const struct exchange_ack *v;
	int64_t found = 0;
	size_t len;

	assert_done(&w->fx,
	    w->p.exchange_out.ready(w->p.exchange_out.self, w->fx.a,
		STR(EX_PORTAL), STR(EX_SUPPLIER), 1000, &v, &len, &w->fx.f));
	for (size_t i = 0; i < len; i++)
		found += v[i].of_number == of;
	return found;
}

/* What is written when the connection has been cut at the nth COMMIT. */
static void
check_written(struct world *w, int64_t number, int64_t commits)
{
	struct exchange_doc x;
	struct fault f;
	enum err rc;

	fault_init(&f);
	rc = w->p.exchange.find(w->p.exchange.self, w->fx.a, STR(EX_PORTAL),
	    STR(EX_SUPPLIER), number, &x, &f);
	if (commits == 0) {
		assert_int_equal(rc, ERR_ABSENT);
		return;
	}
	assert_int_equal(rc, ERR_OK);
	assert_int_equal(x.record, commits == 4 ? MANY : (commits - 1) * 1000);
	assert_int_equal(x.state == EXCHANGE_APPLIED, commits == 4);
	assert_int_equal(acknowledgements(w, number), commits == 4);
}

static void
bring_through(
    struct world *w, struct str text, enum proxy_kind kind, int nth, bool done)
{
	struct str own = text;
	struct source src = { &own, (int64_t)text.len, ex_read };
	struct exchange_ask ask = { .src = &src, .actor = STR("job:test") };
	struct store_settings s = fixture_settings();
	struct exchange_done out;
	struct ports p = w->p;
	struct fixture via;
	struct proxy px;
	enum err rc = ERR_AGAIN;
	int tries = 0;

	proxy_nth = nth;
	px = proxy_start(&w->fx, STR("COMMIT\0"), kind);
	s.host = px.dir;
	fixture_open_with(&via, &s);
	p.tx = via.st.tx;
	p.exchange = via.st.exchange;
	p.exchange_out = via.st.exchange_out;
	/* As the job does: again, until it is done. */
	while (rc != ERR_OK && tries < TRIES_MAX) {
		fault_init(&via.f);
		rc = exchange_apply(&p, via.a, &ask, &out, &via.f);
		if (++tries > 1)
			continue;
		assert_int_equal(rc, ERR_UNSURE);
		check_written(w, ex_next, done ? nth : nth - 1);
	}
	assert_done(&via, rc);
	assert_int_equal(tries, 2);
	assert_int_equal(out.known, done && nth == 4);
	assert_int_equal(out.doc.state, EXCHANGE_APPLIED);
	fixture_close(&via);
	proxy_stop(&px);
}

static void
cut_at_commit_on_either_side_it_is_applied_once(void **state)
{
	struct world *w = *state;
	struct str records, body;

	if (fixture_is_sqlite())
		skip(); /* there is no connection to lose */
	records = many_accounts(w);
	body = arena_fmt(w->fx.a, "accounts count='%d'", MANY);
	for (size_t i = 0; i < KV_COUNT(cuts); i++) {
		struct exchange_doc x;

		bring_through(w, ex_doc(w, ex_next, body.p, records),
		    cuts[i].kind, cuts[i].nth, cuts[i].done);
		x = ex_find(w, ex_next);
		assert_int_equal(x.record, MANY);
		assert_int_equal(x.applied, MANY);
		assert_int_equal(acknowledgements(w, ex_next), 1);
		ex_next++;
	}
}

/* --- the supplier's database --------------------------------------------- */

static void
make_mailbox(struct world *w)
{
	struct buf sql;
	char line[512];
	FILE *in = fopen("sql/mailbox/postgresql.sql", "r");

	assert_non_null(in);
	buf_init(&sql, w->fx.a, 65536);
	while (fgets(line, sizeof(line), in) != NULL) {
		char *comment = strstr(line, "--");

		if (comment != NULL)
			memcpy(comment, "\n", 2);
		buf_text(&sql, str_of(line));
	}
	assert_int_equal(fclose(in), 0);
	buf_char(&sql, '\0');
	fixture_sql(&w->fx, buf_str(&sql).p);
	fixture_sql(&w->fx,
	    "INSERT INTO kvitok_in (number, kind, parts) VALUES (1, 'a', 1)");
	fixture_sql(&w->fx,
	    "INSERT INTO kvitok_in_part (number, part, body) "
	    "VALUES (1, 1, '<theirs/>')");
}

/* Of the supplier's tables; a division by zero fails. */
static void
holds(struct world *w, const char *condition)
{
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"UPDATE kvitok_in SET number = number / "
		"(CASE WHEN %s THEN 1 ELSE 0 END)",
		condition)
		.p);
}

static enum err
answer_and_hand(
    struct arena *a, struct str host, int64_t number, struct fault *f)
{
	struct store_settings s = fixture_settings();
	struct mailbox_settings set = { .kind = MAILBOX_ODBC,
		.timeout_ms = 5000,
		.spool = STR("/tmp"),
		/* Whole statements: what is cut is the one that is done. */
		.dsn = arena_fmt(a,
		    "Driver={PostgreSQL Unicode};Server=%.*s;Database=%.*s;"
		    "Uid=%.*s;UseServerSidePrepare=0;",
		    STR_ARG(host), STR_ARG(s.name), STR_ARG(s.user)) };
	struct str text = STR("<ours/>");
	struct source src = { &text, (int64_t)text.len, source_of_text };
	struct source theirs;
	struct mailbox_letter m = {
		.number = number, .kind = STR("payments"), .text = &src
	};
	struct mailbox box;
	struct mailbox_item item;
	bool found;
	enum err rc = mailbox_odbc(a, &set, &box, f);

	if (rc == ERR_OK)
		rc = box.next(box.self, a, 0, &item, &found, f);
	if (rc == ERR_OK && found)
		rc = box.fetch(box.self, a, &item, NULL, &theirs, f);
	if (rc == ERR_OK && found)
		rc = box.answer(
		    box.self, item.number, "applied", STR(""), T0, f);
	return rc == ERR_OK ? box.hand(box.self, &m, f) : rc;
}

static void
cut_in_the_suppliers_database_it_is_answered_once(void **state)
{
	static const struct {
		struct str at;
		enum proxy_kind kind;
		const char *then; /* what the supplier has */
	} rows[] = {
		{ { "SET state = 'reading'", 21 }, PROXY_DROP,
		    "(SELECT state FROM kvitok_in) = 'new'" },
		{ { "SET state = 'reading'", 21 }, PROXY_CUT,
		    "(SELECT state FROM kvitok_in) = 'reading'" },
		{ { "answered_at = ", 14 }, PROXY_DROP,
		    "(SELECT state FROM kvitok_in) = 'reading'" },
		{ { "answered_at = ", 14 }, PROXY_CUT,
		    "(SELECT state FROM kvitok_in) = 'applied'" },
		{ { "INSERT INTO kvitok_out_part", 27 }, PROXY_DROP,
		    "(SELECT COUNT(*) FROM kvitok_out_part) = 0" },
		{ { "INSERT INTO kvitok_out_part", 27 }, PROXY_CUT,
		    "(SELECT COUNT(*) FROM kvitok_out_part) = 0" },
		{ { "INSERT INTO kvitok_out (", 24 }, PROXY_DROP,
		    "(SELECT COUNT(*) FROM kvitok_out_part) = 0" },
		{ { "INSERT INTO kvitok_out (", 24 }, PROXY_CUT,
		    "(SELECT COUNT(*) FROM kvitok_out_part) = 0" },
		{ { "COMMIT", 6 }, PROXY_DROP,
		    "(SELECT COUNT(*) FROM kvitok_out_part) = 0" },
		{ { "COMMIT", 6 }, PROXY_CUT,
		    "(SELECT COUNT(*) FROM kvitok_out) = 1" },
	};
	struct world *w = *state;

	if (fixture_is_sqlite())
		skip();
	make_mailbox(w);
	for (size_t i = 0; i < KV_COUNT(rows); i++) {
		struct arena *a = arena_new((size_t)32 << 20);
		struct proxy px = proxy_start(&w->fx, rows[i].at, rows[i].kind);

		fixture_sql(&w->fx, "UPDATE kvitok_in SET state = 'new'");
		fixture_sql(&w->fx, "DELETE FROM kvitok_out");
		fixture_sql(&w->fx, "DELETE FROM kvitok_out_part");
		fault_init(&w->fx.f);
		assert_int_equal(
		    answer_and_hand(a, px.dir, 1, &w->fx.f), ERR_AGAIN);
		assert_string_equal(w->fx.f.reason, "mailbox_unavailable");
		holds(w, rows[i].then);
		assert_done(&w->fx, answer_and_hand(a, px.dir, 1, &w->fx.f));
		holds(w, "(SELECT state FROM kvitok_in) = 'applied'");
		holds(
		    w, "(SELECT COUNT(*) FROM kvitok_out WHERE parts = 1) = 1");
		holds(w,
		    "(SELECT COUNT(*) FROM kvitok_out_part WHERE body = "
		    "'<ours/>') = 1");
		arena_free(a);
		proxy_stop(&px);
	}
}

static int
end(void **state)
{
	struct world *w = *state;

	fixture_close(&w->fx);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    cut_at_commit_on_either_side_it_is_applied_once),
		cmocka_unit_test(
		    cut_in_the_suppliers_database_it_is_answered_once),
	};

	return cmocka_run_group_tests(tests, ex_make, end);
}
