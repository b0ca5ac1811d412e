#include "kvitok/box/box_db.h"

#define TIMEOUT_S 10
#define TEXT_MAX ((size_t)4 << 20)

const char *
box_db_kind(const struct box_db *db)
{
	if (str_find(db->dsn, STR("SQLite")) < db->dsn.len)
		return "sqlite";
	return str_find(db->dsn, STR("MariaDB")) < db->dsn.len ? "mariadb"
							       : "postgresql";
}

enum err
box_db_make(struct box_db *db, struct str dsn, struct fault *f)
{
	enum err rc;

	*db = (struct box_db){ .dsn = dsn };
	rc = odbc_make(
	    &db->o, str_eq(str_of(box_db_kind(db)), STR("sqlite")), f);
	db->o.timeout_s = TIMEOUT_S;
	return rc;
}

void
box_db_free(struct box_db *db)
{
	box_db_rollback(db);
	odbc_free(&db->o);
}

static enum err
connected(struct box_db *db, struct fault *f)
{
	if (db->o.open)
		return ERR_OK;
	if (db->in_tx)
		return fault_set(f, ERR_AGAIN, "database_unavailable",
		    "the connection was lost");
	return diag_err(odbc_dial(&db->o, db->dsn, f));
}

enum err
box_db_begin(struct box_db *db, struct fault *f)
{
	enum err rc = connected(db, f);

	if (rc != ERR_OK)
		return rc;
	/* SQLite: a reader that wants to write later may be refused then. */
	rc = diag_err(odbc_direct(
	    &db->o, db->o.sqlite ? "BEGIN IMMEDIATE" : "BEGIN", "begin", f));
	db->in_tx = rc == ERR_OK;
	return rc;
}

enum err
box_db_commit(struct box_db *db, struct fault *f)
{
	enum err rc = connected(db, f);

	if (rc == ERR_OK)
		rc = diag_err(odbc_direct(&db->o, "COMMIT", "commit", f));
	if (rc == ERR_OK)
		db->in_tx = false;
	else
		box_db_rollback(db);
	return rc;
}

void
box_db_rollback(struct box_db *db)
{
	struct fault none;

	fault_init(&none);
	if (db->in_tx && db->o.open &&
	    odbc_direct(&db->o, "ROLLBACK", "rollback", &none) != DIAG_OK)
		odbc_drop(&db->o); /* whatever it was, it ends with it */
	db->in_tx = false;
}

enum err
box_db_run(struct box_db *db, enum sql_id id, const struct db_in *in,
    size_t in_len, struct fault *f)
{
	struct odbc_call c = {
		.id = id, .text = sql_text[id].text, .in = in, .in_len = in_len
	};
	enum err rc = connected(db, f);

	return rc == ERR_OK ? diag_err(odbc_run(&db->o, &c, f)) : rc;
}

enum err
box_db_read(struct box_db *db, struct arena *a, enum sql_id id,
    const struct db_in *in, size_t in_len, const char *shape, size_t limit,
    struct db_rows *out, struct fault *f)
{
	struct odbc_call c = { .id = id,
		.text = sql_text[id].text,
		.in = in,
		.in_len = in_len,
		.shape = shape,
		.a = a,
		.limit = limit,
		.text_max = TEXT_MAX,
		.rows = out };
	enum err rc = connected(db, f);

	*out = (struct db_rows){ NULL, strlen(shape), 0 };
	return rc == ERR_OK ? diag_err(odbc_run(&db->o, &c, f)) : rc;
}

/* Append text without its comments; our scripts quote no hyphens. */
static void
add_bare(struct buf *b, struct str text)
{
	struct str line, bare;

	while (text.len > 0) {
		(void)str_cut(&text, '\n', &line); /* or the last one */
		bare = (struct str){ line.p, str_find(line, STR("--")) };
		buf_text(b, bare);
		buf_char(b, '\n');
	}
}

enum err
box_db_script(
    struct box_db *db, struct arena *scratch, struct str text, struct fault *f)
{
	struct buf b;
	struct str rest, one;
	enum err rc = connected(db, f);

	buf_init(&b, scratch, TEXT_MAX);
	add_bare(&b, text);
	rest = buf_str(&b);
	while (rc == ERR_OK && str_cut(&rest, ';', &one)) {
		one = str_trim(one);
		if (one.len > 0)
			rc = diag_err(odbc_direct(
			    &db->o, arena_z(scratch, one), "script", f));
	}
	return rc;
}
