#include "kvitok/store/diag.h"

#include <string.h>

struct state_rule {
	const char *prefix;
	enum diag diag;
};

/* The first prefix that fits decides. */
static const struct state_rule states[] = {
	{ "40001", DIAG_AGAIN }, /* serialization failure */
	{ "40P01", DIAG_AGAIN }, /* deadlock */
	{ "55P03", DIAG_AGAIN }, /* lock_timeout */
	{ "57014", DIAG_AGAIN }, /* statement_timeout */
	{ "23", DIAG_CONFLICT }, { "08", DIAG_GONE },
	{ "57P0", DIAG_GONE },  /* shut down, starting up, terminated */
	{ "25P03", DIAG_GONE }, /* idle_in_transaction_session_timeout */
	{ "53300", DIAG_GONE }, /* too many connections: refused at connect */
	{ "53", DIAG_FULL }, { "58", DIAG_FULL }, /* I/O error of the server */
};

static enum diag
of_postgresql(const char *state)
{
	for (size_t i = 0; i < KV_COUNT(states); i++)
		if (strncmp(
			state, states[i].prefix, strlen(states[i].prefix)) == 0)
			return states[i].diag;
	return DIAG_OTHER;
}

static enum diag
of_sqlite(int32_t native)
{
	/* The low byte is the primary code, the rest tells it finer. */
	switch (native & 0xff) {
	case 5: /* SQLITE_BUSY */
	case 6: /* SQLITE_LOCKED */
		return DIAG_AGAIN;
	case 19: /* SQLITE_CONSTRAINT */
		return DIAG_CONFLICT;
	case 7:  /* SQLITE_NOMEM */
	case 8:  /* SQLITE_READONLY */
	case 10: /* SQLITE_IOERR */
	case 13: /* SQLITE_FULL */
	case 14: /* SQLITE_CANTOPEN */
		return DIAG_FULL;
	default:
		return DIAG_OTHER;
	}
}

enum diag
diag_of(bool sqlite, const char *state, int32_t native)
{
	return sqlite ? of_sqlite(native) : of_postgresql(state);
}

static const struct {
	enum err err;
	const char *reason;
} meaning[DIAG__COUNT] = {
	[DIAG_OK] = { ERR_OK, "" },
	[DIAG_AGAIN] = { ERR_AGAIN, "busy" },
	[DIAG_CONFLICT] = { ERR_CONFLICT, "row_conflict" },
	[DIAG_GONE] = { ERR_AGAIN, "database_unavailable" },
	[DIAG_FULL] = { ERR_AGAIN, "database_unavailable" },
	[DIAG_OTHER] = { ERR_BUG, "internal" },
};

enum err
diag_err(enum diag d)
{
	return meaning[d].err;
}

const char *
diag_reason(enum diag d)
{
	return meaning[d].reason;
}
