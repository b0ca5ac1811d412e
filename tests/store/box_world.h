/*
 * box_world: a supplier in the box over the database of a test.
 */
#ifndef KVITOK_TESTS_STORE_BOX_WORLD_H
#define KVITOK_TESTS_STORE_BOX_WORLD_H

#include "fixture.h"

#include "kvitok/base/tpl.h"
#include "kvitok/box/box_books.h"
#include "kvitok/box/box_fault.h"
#include "kvitok/xml/schema.h"

struct world {
	struct arena *a;
	struct box_conf set;
	struct box_db db;
	struct box_faults faults;
	struct xml_schema *schema;
	struct box_work w;
	struct fault f;
};

static inline void
script(struct world *x, const char *name)
{
	struct bytes t = asset_get(str_of(name));

	assert_non_null(t.p);
	assert_done(x,
	    box_db_script(
		&x->db, x->a, (struct str){ (const char *)t.p, t.len }, &x->f));
}

static inline void
sql(struct world *x, const char *text)
{
	assert_done(x, box_db_script(&x->db, x->a, str_of(text), &x->f));
}

static inline void
empty(struct world *x)
{
	static const char *const tables[] = { "box_account", "box_meter",
		"box_entry", "box_reading", "box_request", "box_request_file",
		"box_month", "box_doc", "box_doc_part", "box_taken",
		"box_refused", "kvitok_in", "kvitok_in_part", "kvitok_out",
		"kvitok_out_part" };

	for (size_t i = 0; i < KV_COUNT(tables); i++)
		sql(x, arena_fmt(x->a, "DELETE FROM %s;", tables[i]).p);
}

static inline int
make_all(void **state)
{
	static struct world x;
	struct str dsn;

	x = (struct world){ .set = { .portal = STR("portalgkh"),
				.supplier = STR("vodokanal"),
				.prefix = STR("77"),
				.metered = STR("hvs"),
				.services = { STR("hvs"), STR("tko") },
				.services_len = 2,
				.accounts = 2,
				.seed = 5 } };
	x.a = arena_new((size_t)64 << 20);
	fault_init(&x.f);
	dsn = fixture_is_sqlite()
	    ? arena_fmt(x.a, "Driver=SQLite3;Database=%s;Timeout=2000;",
		  fixture_env("KVITOK_TEST_FILE"))
	    : arena_fmt(x.a,
		  "Driver={PostgreSQL Unicode};Server=%s;Database=%s;"
		  "Uid=kvitok;UseServerSidePrepare=1;",
		  fixture_env("KVITOK_TEST_HOST"),
		  fixture_env("KVITOK_TEST_NAME"));
	assert_done(&x, box_db_make(&x.db, dsn, &x.f));
	xml_init();
	assert_done(&x, xml_schema_exchange(x.a, &x.schema, &x.f));
	script(&x, "sql/box/books.sql");
	script(&x,
	    fixture_is_sqlite() ? "sql/mailbox/sqlite.sql"
				: "sql/mailbox/postgresql.sql");
	x.w = (struct box_work){
		.db = &x.db, .set = &x.set, .a = x.a, .now = T0, .f = &x.f
	};
	*state = &x;
	return 0;
}

static inline int
end_all(void **state)
{
	struct world *x = *state;

	box_db_free(&x->db);
	arena_free(x->a);
	return 0;
}

static inline enum err
in_tx(struct world *x, enum err (*body)(const struct box_work *w))
{
	enum err rc;

	assert_done(x, box_db_begin(&x->db, &x->f));
	rc = body(&x->w);
	if (rc == ERR_OK)
		return box_db_commit(&x->db, &x->f);
	box_db_rollback(&x->db);
	return rc;
}

static inline int
make(void **state)
{
	struct world *x = *state;

	empty(x);
	x->faults = (struct box_faults){ .seed = 5 };
	x->w.now = T0;
	assert_done(x, in_tx(x, box_books_found));
	return 0;
}

/* A document of Kvitok's in the mailbox. */
static inline void
hand(struct world *x, int64_t n, const char *kind, const char *body)
{
	struct str text = arena_fmt(x->a,
	    "<document xmlns=\"urn:kvitok:exchange:1\" version=\"1.0\" "
	    "portal=\"portalgkh\" supplier=\"vodokanal\" number=\"%lld\" "
	    "made_at=\"2026-11-29T03:10:00Z\">%s</document>",
	    (long long)n, body);

	sql(x,
	    arena_fmt(x->a,
		"DELETE FROM kvitok_out WHERE number = %lld;"
		"DELETE FROM kvitok_out_part WHERE number = %lld;"
		"INSERT INTO kvitok_out_part VALUES (%lld, 1, '%.*s');"
		"INSERT INTO kvitok_out VALUES (%lld, '%s', 0, 1, 'new', '');",
		(long long)n, (long long)n, (long long)n, STR_ARG(text),
		(long long)n, kind)
		.p);
}

/* --- looking -------------------------------------------------------------- */

/* The first number of a statement of the box's own. */
static inline int64_t
number(struct world *x, enum sql_id id, const struct db_in *in, size_t in_len,
    const char *shape, size_t col)
{
	struct db_rows r;

	assert_done(x,
	    box_db_read(&x->db, x->a, id, in, in_len, shape, 100, &r, &x->f));
	assert_true(r.len > 0);
	return r.cells[col].n;
}

/* What an account owes for hvs; *told is what Kvitok is told. */
static inline int64_t
owes(struct world *x, const char *account, int64_t *told)
{
	struct db_rows r;

	assert_done(x,
	    box_db_read(&x->db, x->a, SQL_BOX_BALANCES, DB_IN(db_n(100)),
		"ttii", 100, &r, &x->f));
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		if (!str_eq(c[0].t, str_of(account)) ||
		    !str_eq(c[1].t, STR("hvs")))
			continue;
		*told = c[3].n;
		return c[2].n;
	}
	*told = 0;
	return 0;
}

static inline struct str
text_of(struct world *x, int64_t document)
{
	struct db_rows r;

	assert_done(x,
	    box_db_read(&x->db, x->a, SQL_BOX_DOC_PART_GET,
		DB_IN(db_n(document), db_n(1)), "t", 1, &r, &x->f));
	assert_int_equal(r.len, 1);
	return r.cells[0].t;
}

static inline int64_t
documents(struct world *x)
{
	return number(x, SQL_BOX_DOC_NEXT, DB_IN_NONE, "i", 0) - 1;
}

static inline bool
says(struct str text, const char *words)
{
	return str_find(text, str_of(words)) < text.len;
}

/* Kvitok's document as we have taken it. */
struct taken {
	struct str state, words;
	int64_t applied, applied_kop, refused, seen, changed, answer;
};

static inline struct taken
taken(struct world *x, int64_t n)
{
	struct db_rows r;

	assert_done(x,
	    box_db_read(&x->db, x->a, SQL_BOX_TAKEN_LIST, DB_IN(db_n(100)),
		"tttiiiiiii", 100, &r, &x->f));
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		if (c[3].n == n)
			return (struct taken){ c[1].t, c[2].t, c[4].n, c[5].n,
				c[6].n, c[7].n, c[8].n, c[9].n };
	}
	fixture_fail("document %lld was not taken\n", (long long)n);
	return (struct taken){ .seen = 0 };
}

static inline enum err
charge_11(const struct box_work *w)
{
	return box_books_charge(w, STR("2026-11"), STR("2026-11-28"));
}

static inline void
arm(struct world *x, enum box_fault fault, int64_t ms)
{
	struct box_armed armed = { .fault = fault, .count = 1, .ms = ms };

	assert_true(box_fault_arm(&x->faults, &armed));
}

#endif
