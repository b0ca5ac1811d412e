/* Exemptions out of a file: all of its rows, or, with any of them wrong, none;
 * every wrong row is named. */
#include "ctl.h"

#include "kvitok/app/exempt.h"
#include "kvitok/domain/csv.h"

#define FILE_MAX_BYTES ((size_t)4 << 20)
#define COLUMNS 9

static const char head[] =
    "holder;supplier;subject;kind;document;document_number;seen_by;from_day;"
    "to_day";

struct filing {
	struct ctl *c;
	struct exempt *v;
	int *lines; /* of the file */
	size_t len, bad;
};

static void
wrong(struct filing *x, int line, const char *field, const char *reason)
{
	buf_fmt(&x->c->out, "line %d: %s: %s\n", line, field, reason);
	x->bad++;
}

/* Gives: false when the database does not answer; what is wrong with the row
 * itself is told. */
static bool
take_row(struct filing *x, int line, const struct str *f)
{
	struct ctl *c = x->c;
	struct exempt_request req = { .key = { .portal =
						   ctl_option(c, "portal"),
					  .supplier = f[1],
					  .subject = f[2] },
		.kind = f[3],
		.document = f[4],
		.document_number = f[5],
		.seen_by = f[6],
		.from_day = f[7],
		.to_day = f[8],
		.actor = ctl_operator(c) };
	enum err rc;

	if (!exempt_holder_of(f[0], &req.key.holder)) {
		wrong(x, line, "holder", "neither payer nor account");
		return true;
	}
	rc = exempt_check(c->p, c->a, &req, &x->v[x->len], &c->f);
	if (rc == ERR_AGAIN || rc == ERR_BUG)
		return false;
	if (rc == ERR_OK)
		x->lines[x->len++] = line;
	else
		wrong(x, line,
		    c->f.fields_len > 0 ? c->f.fields[0].pointer : "row",
		    c->f.reason);
	fault_init(&c->f);
	return true;
}

static enum err
take_rows(struct filing *x, struct str text)
{
	struct str row, fields[COLUMNS];
	size_t len;
	int line = 1;

	if (str_starts(text, STR("\xEF\xBB\xBF"))) {
		text.p += 3;
		text.len -= 3;
	}
	(void)str_cut(&text, '\n', &row); /* or all of it */
	if (!str_eq(str_trim(row), str_of(head)))
		return fault_set(&x->c->f, ERR_INVALID, "file_rows_bad",
		    "line 1 must be: %s", head);
	while (text.len > 0) {
		(void)str_cut(&text, '\n', &row); /* or the last line */
		line++;
		row = str_trim(row);
		if (row.len == 0)
			continue;
		if (x->len == EXEMPT_BATCH_MAX)
			return fault_set(&x->c->f, ERR_LIMIT, "file_rows_bad",
			    "more than %d rows", EXEMPT_BATCH_MAX);
		if (!csv_split(x->c->a, row, ';', fields, COLUMNS, &len) ||
		    len != COLUMNS)
			wrong(x, line, "row", "not 9 fields parted by ;");
		else if (!take_row(x, line, fields))
			return x->c->f.err;
	}
	return ERR_OK;
}

enum err
ctl_exempt_import(struct ctl *c)
{
	struct filing x = { .c = c };
	struct str text = STR_NONE;
	size_t made, at;
	enum err rc = ctl_read_file(c, c->words[0], FILE_MAX_BYTES, &text);

	x.v = ARENA_ARRAY(c->a, EXEMPT_BATCH_MAX, struct exempt);
	x.lines = ARENA_ARRAY(c->a, EXEMPT_BATCH_MAX, int);
	if (rc == ERR_OK)
		rc = take_rows(&x, text);
	if (rc == ERR_OK && x.bad > 0)
		rc = fault_set(&c->f, ERR_LIMIT, "file_rows_bad",
		    "%zu rows are wrong, nothing was set", x.bad);
	if (rc != ERR_OK)
		return rc;
	rc = exempt_set(c->p, c->a, x.v, x.len, false, &made, &at, &c->f);
	if (rc == ERR_CONFLICT)
		wrong(&x, x.lines[at], "row", c->f.reason);
	if (rc == ERR_OK)
		buf_fmt(&c->out, "%zu set, %zu were set before\n", made,
		    x.len - made);
	return rc;
}
