#include "kvitok/store/migrate.h"

#include "kvitok/base/secret.h"
#include "kvitok/store/tx.h"

#define VERSIONS_MAX 9999 /* four digits */

struct step {
	struct db *db;
	struct arena *a;
	int64_t now;
	bool applied; /* by this run of the body */
};

/*
 * A statement may be of one database only: then it begins with a comment that
 * names it, which is left out, for SQLite's driver knows a trigger by its
 * first word.
 * Gives: what is to be run, or NULL when it is not meant for this database.
 */
static const char *
text_for(const struct db *db, const char *stmt)
{
	static const struct {
		enum db_driver driver;
		struct str mark;
	} marks[] = {
		{ DB_SQLITE, { "/*sqlite*/ ", 11 } },
		{ DB_POSTGRESQL, { "/*postgresql*/ ", 15 } },
	};

	for (size_t i = 0; i < KV_COUNT(marks); i++)
		if (str_starts(str_of(stmt), marks[i].mark))
			return marks[i].driver == db_driver(db)
			    ? stmt + marks[i].mark.len
			    : NULL;
	return stmt;
}

static void
digest_of(const struct sql_script *m, struct arena *a, char out[65])
{
	struct buf b;

	buf_init(&b, a, 1 << 20);
	for (size_t i = 0; i < m->stmts_len; i++) {
		buf_text(&b, str_of(m->stmts[i]));
		buf_lit(&b, ";\n");
	}
	secret_sha256_hex(buf_str(&b), out);
}

/* Rows are version, checksum, in order of version. */
static enum err
compare(const struct db_rows *rows, struct arena *a, struct fault *f)
{
	for (size_t i = 0; i < rows->len && i < sql_migrations_len; i++) {
		const struct db_cell *c = db_row(rows, i);
		char digest[65];

		digest_of(&sql_migrations[i], a, digest);
		if (c[0].n != (int64_t)i + 1 || !str_eq(c[1].t, str_of(digest)))
			return fault_set(f, ERR_CONFLICT, "schema_changed",
			    "%s was applied in another form",
			    sql_migrations[i].name);
	}
	return ERR_OK;
}

static enum err
applied_rows(
    struct db *db, struct arena *a, struct db_rows *rows, struct fault *f)
{
	return db_read(
	    db, a, SQL_SCHEMA_LIST, DB_IN_NONE, "it", VERSIONS_MAX, rows, f);
}

static enum err
apply(const struct step *s, size_t i, struct fault *f)
{
	const struct sql_script *m = &sql_migrations[i];
	char digest[65];

	for (size_t k = 0; k < m->stmts_len; k++) {
		const char *text = text_for(s->db, m->stmts[k]);

		if (text && db_script(s->db, text, f) != ERR_OK)
			return fault_wrap(
			    f, "%s, statement %zu", m->name, k + 1);
	}
	digest_of(m, s->a, digest);
	return db_run(s->db, SQL_SCHEMA_PUT,
	    DB_IN(db_n((int64_t)i + 1), db_t(str_of(m->name)),
		db_t(str_of(digest)), db_n(s->now)),
	    NULL, f);
}

static enum err
be_patient(struct db *db, struct fault *f)
{
	enum err rc;

	if (!db_has(db, SQL_SCHEMA_PATIENCE))
		return ERR_OK;
	rc = db_run(db, SQL_SCHEMA_PATIENCE, DB_IN_NONE, NULL, f);
	if (rc == ERR_OK)
		rc = db_run(db, SQL_SCHEMA_LOCK_PATIENCE, DB_IN_NONE, NULL, f);
	return rc;
}

/* One transaction: the next migration that is missing, if any. */
static enum err
step_body(void *arg, struct fault *f)
{
	struct step *s = arg;
	struct db_rows rows;
	enum err rc;

	s->applied = false;
	/* Whoever else migrates waits here. */
	if ((rc = be_patient(s->db, f)) != ERR_OK ||
	    (rc = db_read(s->db, s->a, SQL_SCHEMA_LOCK, DB_IN_NONE, "i", 1,
		 &rows, f)) != ERR_OK ||
	    (rc = db_run(s->db, SQL_SCHEMA_TABLE, DB_IN_NONE, NULL, f)) !=
		ERR_OK ||
	    (rc = applied_rows(s->db, s->a, &rows, f)) != ERR_OK ||
	    (rc = compare(&rows, s->a, f)) != ERR_OK)
		return rc;
	if (rows.len > sql_migrations_len)
		return fault_set(f, ERR_CONFLICT, "schema_newer",
		    "the database is at %zu, this program at %zu", rows.len,
		    sql_migrations_len);
	if (rows.len == sql_migrations_len)
		return ERR_OK;
	if ((rc = apply(s, rows.len, f)) != ERR_OK)
		return rc;
	s->applied = true;
	return ERR_OK;
}

enum err
migrate_run(
    struct db *db, struct arena *a, int64_t now, int *applied, struct fault *f)
{
	struct step s = { .db = db, .a = a, .now = now };
	enum err rc;

	*applied = 0;
	db_be_patient(db, true);
	do {
		rc = tx_run(db, "migrate", step_body, &s, f);
		if (rc == ERR_OK && s.applied)
			++*applied;
	} while (rc == ERR_OK && s.applied);
	db_be_patient(db, false);
	return rc;
}

enum err
migrate_check(struct db *db, struct arena *a, struct fault *f)
{
	struct db_rows rows;
	enum err rc;

	/* A missing table is ERR_BUG to the statement; say what it is. */
	rc = applied_rows(db, a, &rows, f);
	if (rc == ERR_BUG)
		return fault_set(f, ERR_CONFLICT, "schema_older",
		    "the database has no tables of ours");
	if (rc != ERR_OK || (rc = compare(&rows, a, f)) != ERR_OK)
		return rc;
	if (rows.len < sql_migrations_len)
		return fault_set(f, ERR_CONFLICT, "schema_older",
		    "the database is at %zu, this program at %zu", rows.len,
		    sql_migrations_len);
	return ERR_OK;
}
