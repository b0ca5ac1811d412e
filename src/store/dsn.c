#include "kvitok/store/dsn.h"

/* Neither driver takes quotes around values, but for the password. */
static enum err
put_part(struct buf *b, const char *key, struct str value, struct fault *f)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.p[i] == '\0' || strchr(";{}", value.p[i]) != NULL)
			return fault_set(f, ERR_INVALID, "conf_bad",
			    "database: %s must hold no ; and no braces", key);
	buf_fmt(b, "%s=", key);
	buf_text(b, value);
	buf_char(b, ';');
	return ERR_OK;
}

static enum err
put_password(struct buf *b, struct str value, struct fault *f)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.p[i] == '\0' || strchr("{}", value.p[i]) != NULL)
			return fault_set(f, ERR_INVALID, "conf_bad",
			    "database: password must hold no braces");
	if (value.len > 0) {
		buf_lit(b, "Pwd={");
		buf_text(b, value);
		buf_lit(b, "};");
	}
	return ERR_OK;
}

static enum err
postgresql(const struct store_settings *s, struct buf *b, struct fault *f)
{
	enum err rc;

	buf_lit(b, "Driver={PostgreSQL Unicode};");
	if ((rc = put_part(b, "Server", s->host, f)) != ERR_OK ||
	    (rc = put_part(b, "Database", s->name, f)) != ERR_OK ||
	    (rc = put_part(b, "Uid", s->user, f)) != ERR_OK ||
	    (rc = put_password(b, s->password, f)) != ERR_OK)
		return rc;
	buf_fmt(b, "Port=%d;SSLmode=%.*s;", s->port, STR_ARG(s->tls));
	/* 7.4-0: it never rolls back by itself and begins anew (as -1 does),
	 * and sends no savepoints (as -2 does). */
	buf_lit(b,
	    "UseServerSidePrepare=1;UseDeclareFetch=0;"
	    "Protocol=7.4-0;");
	buf_fmt(b,
	    "pqopt={options='-c statement_timeout=%d"
	    " -c lock_timeout=%d"
	    " -c idle_in_transaction_session_timeout=%d'"
	    " application_name=kvitok connect_timeout=%d};",
	    (int)s->statement_ms, (int)s->lock_ms,
	    (int)(s->statement_ms + DSN_SILENCE_MS),
	    (int)((s->connect_ms + 999) / 1000));
	return ERR_OK;
}

static enum err
sqlite(const struct store_settings *s, struct buf *b, struct fault *f)
{
	enum err rc;

	buf_lit(b, "Driver=SQLite3;");
	if ((rc = put_part(b, "Database", s->file, f)) != ERR_OK)
		return rc;
	/* Timeout is the driver's own waiting, in which a transaction that
	 * can never go on is repeated in vain; SQLite waits instead. */
	buf_lit(b,
	    "Timeout=1;JournalMode=WAL;SyncPragma=FULL;FKSupport=1;"
	    "BigInt=1;");
	return ERR_OK;
}

enum err
dsn_put(const struct store_settings *s, struct buf *b, struct fault *f)
{
	enum err rc =
	    s->driver == DB_SQLITE ? sqlite(s, b, f) : postgresql(s, b, f);

	if (rc == ERR_OK && b->full)
		return fault_set(
		    f, ERR_INVALID, "conf_bad", "database: settings too long");
	return rc;
}
