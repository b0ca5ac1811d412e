#include "kvitok/store/odbc.h"

#include <assert.h>
#include <sql.h>
#include <sqlext.h>

#define IN_MAX 64
#define COLS_MAX 64
#define CELL_FIRST 512 /* most cells fit at once */

/* ODBC takes texts that it only reads as pointers to what may change. */
static void *
unconst(const void *p)
{
	union {
		const void *in;
		void *out;
	} u = { p };

	return u.out;
}

/* 100 is "no rows", on both drivers, and no failure. */
static bool
good(SQLRETURN rc)
{
	return rc == SQL_SUCCESS || rc == SQL_SUCCESS_WITH_INFO ||
	    rc == SQL_NO_DATA;
}

enum err
odbc_make(struct odbc *o, bool sqlite, struct fault *f)
{
	*o = (struct odbc){ .sqlite = sqlite };
	if (SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &o->env) !=
		SQL_SUCCESS ||
	    SQLSetEnvAttr(o->env, SQL_ATTR_ODBC_VERSION,
		(SQLPOINTER)SQL_OV_ODBC3, 0) != SQL_SUCCESS)
		return fault_set(f, ERR_BUG, "internal", "no ODBC");
	return ERR_OK;
}

void
odbc_drop(struct odbc *o)
{
	for (size_t i = 0; i < SQL__COUNT; i++) {
		if (o->stmt[i] != NULL)
			(void)SQLFreeHandle(SQL_HANDLE_STMT, o->stmt[i]);
		o->stmt[i] = NULL;
	}
	/* A lost connection may complain; it is given up all the same. */
	if (o->open)
		(void)SQLDisconnect(o->dbc);
	if (o->dbc != NULL)
		(void)SQLFreeHandle(SQL_HANDLE_DBC, o->dbc);
	o->dbc = NULL;
	o->open = false;
}

void
odbc_free(struct odbc *o)
{
	odbc_drop(o);
	if (o->env != NULL)
		(void)SQLFreeHandle(SQL_HANDLE_ENV, o->env);
	o->env = NULL;
}

/* Only the first line of a driver's words, and none when it may repeat a
 * value: those of class 22 do. */
static void
cut_words(const char *state, char *words)
{
	if (strncmp(state, "22", 2) == 0)
		words[0] = '\0';
	words[strcspn(words, "\r\n")] = '\0';
}

/* psqlODBC says HY000 to many a connection that is lost, and its attribute
 * "dead" comes late.  Whoever answers, be it that the transaction has failed,
 * is alive. */
static bool
is_dead(const struct odbc *o)
{
	SQLCHAR state[6] = "", words[8];
	SQLINTEGER native;
	SQLSMALLINT len;
	SQLHSTMT st;
	bool alive;

	if (o->sqlite || !o->open)
		return false;
	if (SQLAllocHandle(SQL_HANDLE_STMT, o->dbc, &st) != SQL_SUCCESS)
		return true;
	alive = good(SQLExecDirect(st, unconst("SELECT 1"), SQL_NTS));
	if (!alive &&
	    good(SQLGetDiagRec(SQL_HANDLE_STMT, st, 1, state, &native, words,
		sizeof(words), &len)))
		alive = strcmp((const char *)state, "25P02") == 0;
	(void)SQLFreeHandle(SQL_HANDLE_STMT, st);
	return !alive;
}

static enum diag
complain(struct odbc *o, SQLSMALLINT type, SQLHANDLE h, const char *what,
    struct fault *f)
{
	SQLCHAR state[6] = "HY000", words[200] = "";
	SQLINTEGER native = 0;
	SQLSMALLINT len;
	enum diag d;

	if (!good(SQLGetDiagRec(
		type, h, 1, state, &native, words, sizeof(words), &len)))
		native = 0;
	d = diag_of(o->sqlite, (const char *)state, native);
	cut_words((const char *)state, (char *)words);
	if (d == DIAG_OTHER && is_dead(o))
		d = DIAG_GONE;
	(void)fault_set(f, diag_err(d), diag_reason(d), "%s: %s %d %s", what,
	    (const char *)state, (int)native, (const char *)words);
	if (d == DIAG_GONE)
		odbc_drop(o);
	return d;
}

/* What a driver does not know it refuses: watch.h is there, too. */
static void
limit_time(struct odbc *o)
{
	SQLULEN s = (SQLULEN)o->timeout_s;
	union {
		SQLULEN n;
		SQLPOINTER p;
	} value = { s };

	if (s == 0)
		return;
	(void)SQLSetConnectAttr(
	    o->dbc, SQL_ATTR_LOGIN_TIMEOUT, value.p, SQL_IS_UINTEGER);
	(void)SQLSetConnectAttr(
	    o->dbc, SQL_ATTR_CONNECTION_TIMEOUT, value.p, SQL_IS_UINTEGER);
}

enum diag
odbc_dial(struct odbc *o, struct str dsn, struct fault *f)
{
	SQLSMALLINT len;
	enum diag d;

	assert(!o->open && o->dbc == NULL);
	if (SQLAllocHandle(SQL_HANDLE_DBC, o->env, &o->dbc) != SQL_SUCCESS) {
		(void)fault_set(f, ERR_BUG, "internal", "no handle");
		return DIAG_OTHER;
	}
	limit_time(o);
	if (!good(SQLDriverConnect(o->dbc, NULL, unconst(dsn.p),
		(SQLSMALLINT)dsn.len, NULL, 0, &len, SQL_DRIVER_NOPROMPT))) {
		d = complain(o, SQL_HANDLE_DBC, o->dbc, "connect", f);
		odbc_drop(o);
		return d;
	}
	o->open = true;
	return DIAG_OK;
}

enum diag
odbc_direct(struct odbc *o, const char *text, const char *what, struct fault *f)
{
	SQLHSTMT st;
	enum diag d = DIAG_OK;

	if (SQLAllocHandle(SQL_HANDLE_STMT, o->dbc, &st) != SQL_SUCCESS)
		return complain(o, SQL_HANDLE_DBC, o->dbc, what, f);
	if (!good(SQLExecDirect(st, unconst(text), SQL_NTS)))
		d = complain(o, SQL_HANDLE_STMT, st, what, f);
	/* A dropped connection has freed its statements. */
	if (o->open)
		(void)SQLFreeHandle(SQL_HANDLE_STMT, st);
	return d;
}

static bool
set_autocommit(struct odbc *o, SQLULEN on)
{
	union {
		SQLULEN n;
		SQLPOINTER p;
	} value = { on };

	return good(SQLSetConnectAttr(
	    o->dbc, SQL_ATTR_AUTOCOMMIT, value.p, SQL_IS_UINTEGER));
}

enum diag
odbc_begin(struct odbc *o, struct fault *f)
{
	return set_autocommit(o, SQL_AUTOCOMMIT_OFF)
	    ? DIAG_OK
	    : complain(o, SQL_HANDLE_DBC, o->dbc, "begin", f);
}

enum diag
odbc_end(struct odbc *o, bool commit, struct fault *f)
{
	enum diag d = DIAG_OK;

	if (!good(SQLEndTran(
		SQL_HANDLE_DBC, o->dbc, commit ? SQL_COMMIT : SQL_ROLLBACK)) ||
	    !set_autocommit(o, SQL_AUTOCOMMIT_ON))
		d = complain(o, SQL_HANDLE_DBC, o->dbc, "end", f);
	return d;
}

static void
limit_statement(const struct odbc *o, SQLHSTMT st)
{
	union {
		SQLULEN n;
		SQLPOINTER p;
	} value = { (SQLULEN)o->timeout_s };

	if (o->timeout_s > 0)
		(void)SQLSetStmtAttr(st, SQL_ATTR_QUERY_TIMEOUT, value.p,
		    SQL_IS_UINTEGER); /* as above */
}

static enum diag
prepared(
    struct odbc *o, const struct odbc_call *c, SQLHSTMT *out, struct fault *f)
{
	const char *what = sql_text[c->id].name;
	SQLHSTMT st;
	enum diag d;

	if (o->stmt[c->id] != NULL) {
		*out = o->stmt[c->id];
		return DIAG_OK;
	}
	if (SQLAllocHandle(SQL_HANDLE_STMT, o->dbc, &st) != SQL_SUCCESS)
		return complain(o, SQL_HANDLE_DBC, o->dbc, what, f);
	limit_statement(o, st);
	if (!good(SQLPrepare(st, unconst(c->text), SQL_NTS))) {
		d = complain(o, SQL_HANDLE_STMT, st, what, f);
		if (o->open)
			(void)SQLFreeHandle(SQL_HANDLE_STMT, st);
		return d;
	}
	*out = o->stmt[c->id] = st;
	return DIAG_OK;
}

/* Bound anew for every execution: SQLite's driver keeps the length that it
 * saw at the first one. */
static bool
bind(SQLHSTMT st, SQLUSMALLINT i, const struct db_in *in, SQLLEN *ind)
{
	const char *p = in->text.p != NULL ? in->text.p : "";

	switch (in->kind) {
	case DB_IN_INT:
		*ind = 0;
		return good(
		    SQLBindParameter(st, i, SQL_PARAM_INPUT, SQL_C_SBIGINT,
			SQL_BIGINT, 0, 0, unconst(&in->n), sizeof(in->n), ind));
	case DB_IN_NULL:
		*ind = SQL_NULL_DATA;
		return good(SQLBindParameter(st, i, SQL_PARAM_INPUT, SQL_C_CHAR,
		    SQL_VARCHAR, 1, 0, unconst(""), 0, ind));
	case DB_IN_TEXT:
		break;
	}
	*ind = (SQLLEN)in->text.len;
	return good(
	    SQLBindParameter(st, i, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR,
		in->text.len > 0 ? in->text.len : 1, 0, unconst(p), *ind, ind));
}

static bool
get_text(
    SQLHSTMT st, SQLUSMALLINT col, const struct odbc_call *r, struct str *out)
{
	struct arena *a = r->a;
	char first[CELL_FIRST];
	size_t have = sizeof(first) - 1, all;
	char *p;
	SQLLEN ind;

	if (!good(SQLGetData(st, col, SQL_C_CHAR, first, sizeof(first), &ind)))
		return false;
	*out = STR_NONE;
	if (ind == SQL_NULL_DATA)
		return true;
	if (ind < 0)
		return false; /* SQL_NO_TOTAL: neither driver says it */
	all = (size_t)ind;
	if (r->text_max > 0 && all > r->text_max) {
		*out = (struct str){ arena_alloc(a, r->text_max + 1),
			r->text_max + 1 };
		return true;
	}
	if (all <= have) {
		*out = arena_str(a, (struct str){ first, all });
		return true;
	}
	p = arena_alloc(a, all + 1);
	memcpy(p, first, have);
	if (!good(SQLGetData(st, col, SQL_C_CHAR, p + have,
		(SQLLEN)(all - have + 1), &ind)) ||
	    ind != (SQLLEN)(all - have))
		return false;
	*out = (struct str){ p, all };
	return true;
}

static bool
get_row(SQLHSTMT st, const struct odbc_call *r, struct db_cell *cell)
{
	for (size_t c = 0; r->shape[c] != '\0'; c++) {
		SQLUSMALLINT col = (SQLUSMALLINT)(c + 1);
		SQLLEN ind = 0;

		cell[c] = (struct db_cell){ STR_NONE, 0 };
		if (r->shape[c] == 't') {
			if (!get_text(st, col, r, &cell[c].t))
				return false;
			continue;
		}
		if (!good(SQLGetData(st, col, SQL_C_SBIGINT, &cell[c].n,
			sizeof(cell[c].n), &ind)))
			return false;
		if (ind == SQL_NULL_DATA)
			cell[c].n = 0;
	}
	return true;
}

static enum diag
fetch(struct odbc *o, SQLHSTMT st, const struct odbc_call *r, struct fault *f)
{
	const char *what = sql_text[r->id].name;
	struct db_cell row[COLS_MAX], *cells = NULL;
	size_t cols = strlen(r->shape), size = cols * sizeof(*cells);
	size_t len = 0, cap = 0;
	SQLRETURN rc;

	assert(cols > 0 && cols <= COLS_MAX);
	while ((rc = SQLFetch(st)) != SQL_NO_DATA) {
		if (!good(rc) || !get_row(st, r, row))
			return complain(o, SQL_HANDLE_STMT, st, what, f);
		if (len == r->limit) {
			(void)fault_set(f, ERR_BUG, "internal",
			    "%s: more than %zu rows", what, r->limit);
			return DIAG_OTHER;
		}
		if (len == cap) {
			size_t grown = cap == 0 ? 4 : cap * 2;

			cells = cap == 0
			    ? arena_alloc(r->a, grown * size)
			    : arena_grow(r->a, cells, cap * size, grown * size);
			cap = grown;
		}
		memcpy(cells + len * cols, row, size);
		len++;
	}
	*r->rows = (struct db_rows){ cells, cols, len };
	return DIAG_OK;
}

enum diag
odbc_run(struct odbc *o, const struct odbc_call *c, struct fault *f)
{
	const char *what = sql_text[c->id].name;
	SQLLEN ind[IN_MAX], changed = 0;
	SQLHSTMT st = NULL;
	SQLRETURN rc;
	enum diag d;

	assert(c->in_len == sql_text[c->id].in_len && c->in_len <= IN_MAX);
	if ((d = prepared(o, c, &st, f)) != DIAG_OK)
		return d;
	for (size_t i = 0; i < c->in_len; i++)
		if (!bind(st, (SQLUSMALLINT)(i + 1), &c->in[i], &ind[i]))
			return complain(o, SQL_HANDLE_STMT, st, what, f);
	rc = SQLExecute(st);
	if (!good(rc))
		d = complain(o, SQL_HANDLE_STMT, st, what, f);
	else if (c->shape != NULL && rc == SQL_NO_DATA)
		*c->rows = (struct db_rows){ NULL, strlen(c->shape), 0 };
	else if (c->shape != NULL)
		d = fetch(o, st, c, f);
	else if (c->changed != NULL && good(SQLRowCount(st, &changed)))
		*c->changed = changed > 0 ? changed : 0;
	if (o->open)
		(void)SQLFreeStmt(st, SQL_CLOSE);
	return d;
}
