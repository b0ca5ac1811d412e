#include "kvitok/store/st_report.h"

#include "kvitok/base/day.h"
#include "kvitok/store/tx.h"

#include <assert.h>

#define ROWS_MAX 30000 /* of a page: 500 transfers of at most 50 lines */
#define IN_MAX 32
#define SHAPE_MAX (REPORT_KEYS_MAX + 1 + REPORT_COLUMNS_MAX + 1)

/*
 * A statement: what its keys are, a letter each as db_read has them; and what
 * its markers are, in order:
 *
 *   f t     first and last day
 *   F T     the instants at which they begin and end in Moscow
 *   0 .. 4  keys of the row before
 *   P S C B X   portal, supplier, contract, bank, state, and after each of
 *           them whether any will do
 *   a       the ledger's accounts of a portal or supplier (seven markers)
 *   A       the account that was asked for (four markers)
 */
struct source {
	enum sql_id id;
	const char *keys, *in;
};

static const struct source sources[REPORT__COUNT] = {
	[REPORT_PAYMENTS] = { SQL_REPORT_PAYMENTS, "titt", "ft0123PSCBX" },
	[REPORT_REFUNDS] = { SQL_REPORT_REFUNDS, "titt", "ft0123PSCB" },
	[REPORT_COMMISSIONS] = { SQL_REPORT_COMMISSIONS, "t", "0tf0tfPS" },
	[REPORT_TURNOVER] = { SQL_REPORT_TURNOVER, "t", "ffft0aA" },
	[REPORT_SETTLEMENTS] = { SQL_REPORT_SETTLEMENTS, "tt", "ft01PSX" },
	[REPORT_RECONCILIATION] = { SQL_REPORT_RECONCILIATION, "ttttt",
	    "ft01234PCX" },
	[REPORT_MISSING] = { SQL_REPORT_MISSING, "ttttt", "ft01234PCX" },
	[REPORT_CASES] = { SQL_REPORT_CASES, "it", "FT01PX" },
	[REPORT_READINGS] = { SQL_REPORT_READINGS, "itt", "FT012PS" },
	[REPORT_CLOSINGS] = { SQL_REPORT_CLOSINGS, "t", "ft0" },
};

struct inputs {
	struct arena *a;
	const struct report_query *q;
	const struct report_mark *mark;
	const char *keys;
	struct db_in v[IN_MAX];
	size_t len;
};

static void
add(struct inputs *in, struct db_in v)
{
	assert(in->len < IN_MAX);
	in->v[in->len++] = v;
}

static void
add_text(struct inputs *in, struct str s)
{
	add(in, db_t(s));
}

static void
add_key(struct inputs *in, int i)
{
	bool text = in->keys[i] == 't';

	if (text)
		add_text(in, str_of(in->mark->text[i]));
	else
		add(in, db_n(in->mark->begun ? in->mark->n[i] : INT64_MIN));
}

static void
add_filter(struct inputs *in, enum report_filter x)
{
	add_text(in, in->q->filter[x]);
	add(in, db_n(in->q->filter[x].len == 0));
}

/* payable/PORTAL/SUPPLIER by its head and its tail; what the portal itself
 * earns and bears where no supplier is asked for. */
static void
add_accounts(struct inputs *in)
{
	struct str portal = in->q->filter[REPORT_PORTAL];
	struct str supplier = in->q->filter[REPORT_SUPPLIER];
	struct str head = portal.len > 0
	    ? arena_fmt(in->a, "payable/%.*s/", STR_ARG(portal))
	    : STR("payable/");
	struct str tail = supplier.len > 0
	    ? arena_fmt(in->a, "/%.*s", STR_ARG(supplier))
	    : STR("");

	add(in, db_n(portal.len + supplier.len == 0));
	add(in, db_n((int64_t)head.len));
	add_text(in, head);
	add(in, db_n((int64_t)tail.len));
	add_text(in, tail);
	if (supplier.len > 0)
		portal = STR("");
	add_text(in, arena_fmt(in->a, "commission/%.*s", STR_ARG(portal)));
	add_text(in, arena_fmt(in->a, "exempt_loss/%.*s", STR_ARG(portal)));
}

static void
add_account(struct inputs *in)
{
	struct str account = in->q->filter[REPORT_ACCOUNT];
	struct str head = arena_fmt(in->a, "%.*s/", STR_ARG(account));

	add(in, db_n(account.len == 0));
	add_text(in, account);
	add(in, db_n((int64_t)head.len));
	add_text(in, head);
}

/* Midnight before a day, or after it. */
static void
add_midnight(struct inputs *in, struct str day, bool after)
{
	int64_t at;
	bool valid = day_start(day, DAY_ZONE_MOSCOW, &at);

	assert(valid); /* report_check */
	add(in, db_n(after ? at + DAY_MS : at));
}

static void
add_of(struct inputs *in, char letter)
{
	static const char filters[REPORT_FILTER__COUNT + 1] = "PSCBX";
	const char *filter = strchr(filters, letter);

	if (filter != NULL)
		add_filter(in, (enum report_filter)(filter - filters));
	else if (letter == 'f')
		add_text(in, in->q->from_day);
	else if (letter == 't')
		add_text(in, in->q->to_day);
	else if (letter == 'F')
		add_midnight(in, in->q->from_day, false);
	else if (letter == 'T')
		add_midnight(in, in->q->to_day, true);
	else if (letter == 'a')
		add_accounts(in);
	else if (letter == 'A')
		add_account(in);
	else
		add_key(in, letter - '0');
}

/* The keys, the mark of a row, the columns by their types. */
static void
shape_of(const struct source *s, const struct report_def *d, char *out)
{
	size_t n = strlen(s->keys);

	memcpy(out, s->keys, n);
	out[n++] = 'i';
	for (size_t i = 0; i < d->columns_len; i++) {
		enum report_type type = d->columns[i].type;

		out[n++] = type == REPORT_TEXT || type == REPORT_WORD ||
			type == REPORT_DAY
		    ? 't'
		    : 'i';
	}
	out[n] = '\0';
}

static struct report_cell
cell_of(const struct db_cell *c)
{
	return (struct report_cell){ c->t, c->n };
}

/* Rows that are none of the report's have only a key. */
static const struct report_cell *
gather(struct arena *a, const struct db_rows *r, size_t keys, size_t *len)
{
	size_t cols = r->cols - keys - 1;
	struct report_cell *v =
	    ARENA_ARRAY(a, r->len * cols + 1, struct report_cell);

	*len = 0;
	for (size_t i = 0; i < r->len; i++) {
		const struct db_cell *c = db_row(r, i);

		if (c[keys].n == 0)
			continue;
		for (size_t k = 0; k < cols; k++)
			v[*len * cols + k] = cell_of(&c[keys + 1 + k]);
		++*len;
	}
	return v;
}

/* Keys are ids and days; none is longer than an account of the ledger. */
static void
mark_at(struct report_mark *mark, const struct db_cell *c, size_t keys)
{
	mark->begun = true;
	for (size_t k = 0; k < keys; k++) {
		assert(c[k].t.len < REPORT_KEY_SIZE);
		if (c[k].t.len > 0)
			memcpy(mark->text[k], c[k].t.p, c[k].t.len);
		mark->text[k][c[k].t.len] = '\0';
		mark->n[k] = c[k].n;
	}
}

static enum err
page(void *self, struct arena *a, const struct report_query *q,
    struct report_mark *mark, const struct report_cell **rows, size_t *len,
    bool *more, struct fault *f)
{
	const struct source *s = &sources[q->id];
	struct inputs in = { .a = a, .q = q, .mark = mark, .keys = s->keys };
	size_t keys = strlen(s->keys);
	char shape[SHAPE_MAX];
	struct db_rows r;
	enum err rc;

	for (const char *p = s->in; *p != '\0'; p++)
		add_of(&in, *p);
	shape_of(s, report_def(q->id), shape);
	rc = db_read(self, a, s->id, in.v, in.len, shape, ROWS_MAX, &r, f);
	if (rc != ERR_OK)
		return rc;
	*rows = gather(a, &r, keys, len);
	*more = r.len > 0;
	if (*more)
		mark_at(mark, db_row(&r, r.len - 1), keys);
	return ERR_OK;
}

static enum err
look(void *self, enum err (*body)(void *arg, struct fault *f), void *arg,
    struct fault *f)
{
	return tx_snapshot(self, "report", body, arg, f);
}

struct report_store
st_report(struct db *db)
{
	return (struct report_store){ db, look, page };
}
