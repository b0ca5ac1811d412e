/* dBase III without a memo: a header, a descriptor of 32 bytes per column,
 * rows of one width, 0x1A at the end; cp866, as byte 29 says (0x65).  The
 * number of rows stands in the header: it is written over at the end.  What
 * cp866 has not is "?", and counted; a format of rows alone has no place for
 * the period, totals and hash, which are told beside it. */
#include "kvitok/base/day.h"
#include "kvitok/out/report_file.h"

#include <string.h>

#define HEAD 32
#define COLUMN 32
#define COUNT_AT 4
#define INSTANT_LEN 19
#define LINE_MAX ((size_t)16 << 10)

struct dbf {
	struct report_target t;
	const struct report_def *d;
	struct buf cell, bytes, line;
	int64_t replaced;
};

static char
type_of(const struct report_column *c)
{
	if (c->type == REPORT_DAY)
		return 'D';
	return c->type == REPORT_SUM || c->type == REPORT_NUMBER ? 'N' : 'C';
}

static int
length_of(const struct report_column *c)
{
	if (c->type == REPORT_DAY)
		return 8;
	return c->type == REPORT_INSTANT ? INSTANT_LEN : c->length;
}

static void
put_le(struct buf *out, int64_t n, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_char(out, (char)(n >> (8 * i) & 0xFF));
}

/* The day of making. */
static void
put_day(struct buf *out, int64_t at)
{
	char day[DAY_TEXT_SIZE];

	day_of(at, DAY_ZONE_MOSCOW, day);
	put_le(out, (day[2] - '0') * 10 + day[3] - '0' + 100, 1);
	put_le(out, (day[5] - '0') * 10 + day[6] - '0', 1);
	put_le(out, (day[8] - '0') * 10 + day[9] - '0', 1);
}

static void
put_column(struct buf *out, const struct report_column *c)
{
	size_t len = strlen(c->dbf);

	buf_bytes(out, c->dbf, len);
	buf_fill(out, '\0', 11 - len);
	buf_char(out, type_of(c));
	buf_fill(out, '\0', 4);
	put_le(out, length_of(c), 1);
	put_le(out, c->type == REPORT_SUM ? 2 : 0, 1);
	buf_fill(out, '\0', 14);
}

static enum err
put_head(struct dbf *w, const struct report_head *head, struct fault *f)
{
	struct buf *b = &w->line;
	int64_t width = 1;
	enum err rc;

	for (size_t i = 0; i < w->d->columns_len; i++)
		width += length_of(&w->d->columns[i]);
	put_le(b, 0x03, 1);
	put_day(b, head->made_at);
	put_le(b, 0, 4);
	put_le(b, HEAD + COLUMN * (int64_t)w->d->columns_len + 1, 2);
	put_le(b, width, 2);
	buf_fill(b, '\0', 17);
	put_le(b, 0x65, 1);
	buf_fill(b, '\0', 2);
	for (size_t i = 0; i < w->d->columns_len; i++)
		put_column(b, &w->d->columns[i]);
	buf_char(b, '\r');
	rc = report_target_put(&w->t, buf_str(b), f);
	b->len = 0;
	return rc;
}

static void
put_encoded(struct dbf *w, struct str s)
{
	while (s.len > 0) {
		size_t n = codepage_write(CODEPAGE_CP866, s, 0, &w->bytes);

		s.p += n;
		s.len -= n;
		if (s.len == 0)
			return;
		do {
			s.p++;
			s.len--;
		} while (s.len > 0 && ((unsigned char)*s.p & 0xC0) == 0x80);
		buf_char(&w->bytes, '?');
		w->replaced++;
	}
}

static void
put_text(struct dbf *w, const struct report_column *c,
    const struct report_cell *cell)
{
	char *p;

	if (c->type == REPORT_WORD || c->type == REPORT_INSTANT)
		report_plain(&w->cell, c, cell, '.');
	else
		report_machine(&w->cell, c, cell);
	p = w->cell.p;
	for (size_t i = 0; i < w->cell.len; i++)
		if (p[i] == '\r' || p[i] == '\n' || p[i] == '\t')
			p[i] = ' ';
	put_encoded(w, buf_str(&w->cell));
}

/* 2026-11-30 is 20261130. */
static void
put_cell(struct dbf *w, const struct report_column *c,
    const struct report_cell *cell)
{
	w->cell.len = w->bytes.len = 0;
	if (c->type != REPORT_DAY) {
		put_text(w, c, cell);
		return;
	}
	for (size_t i = 0; i < cell->t.len; i++)
		if (cell->t.p[i] != '-')
			buf_char(&w->bytes, cell->t.p[i]);
}

/* Numbers stand at the right, words at the left; what is too long is refused,
 * for it would be another value. */
static enum err
put_padded(struct dbf *w, const struct report_column *c, struct fault *f)
{
	size_t width = (size_t)length_of(c), len = w->bytes.len;
	bool number = type_of(c) == 'N';

	if (w->cell.full || w->bytes.full || len > width)
		return fault_set(f, ERR_LIMIT, "report_text",
		    "%s: longer than its column", c->name);
	buf_fill(&w->line, ' ', number ? width - len : 0);
	buf_text(&w->line, buf_str(&w->bytes));
	buf_fill(&w->line, ' ', number ? 0 : width - len);
	return ERR_OK;
}

static enum err
dbf_row(void *self, const struct report_cell *row, struct fault *f)
{
	struct dbf *w = self;
	enum err rc = ERR_OK;

	buf_char(&w->line, ' '); /* not deleted */
	for (size_t i = 0; i < w->d->columns_len && rc == ERR_OK; i++) {
		put_cell(w, &w->d->columns[i], &row[i]);
		rc = put_padded(w, &w->d->columns[i], f);
	}
	if (rc == ERR_OK)
		rc = report_target_put(&w->t, buf_str(&w->line), f);
	w->line.len = 0;
	return rc;
}

static enum err
dbf_end(void *self, const struct report_end *end, struct report_file *out,
    struct fault *f)
{
	struct dbf *w = self;
	enum err rc;

	if (end->totals->rows > UINT32_MAX)
		rc = fault_set(f, ERR_LIMIT, "report_text", "too many rows");
	else
		rc = report_target_put(&w->t, STR("\x1A"), f);
	put_le(&w->line, end->totals->rows, 4);
	if (rc == ERR_OK)
		rc = report_target_patch(&w->t, COUNT_AT, buf_str(&w->line), f);
	out->replaced = w->replaced;
	return report_target_end(&w->t, rc, out, f);
}

static void
dbf_drop(void *self)
{
	struct dbf *w = self;

	report_target_drop(&w->t);
}

enum err
report_dbf_open(struct arena *a, const struct report_head *head,
    struct str path, struct report_writer *out, struct fault *f)
{
	struct dbf *w = ARENA_NEW(a, struct dbf);
	enum err rc = report_target_open(a, path, &w->t, f);

	w->d = report_def(head->q->id);
	buf_init(&w->cell, a, LINE_MAX);
	buf_init(&w->bytes, a, LINE_MAX);
	buf_init(&w->line, a, LINE_MAX);
	*out = (struct report_writer){ w, dbf_row, dbf_end, dbf_drop };
	if (rc == ERR_OK)
		rc = put_head(w, head, f);
	if (rc != ERR_OK)
		report_target_drop(&w->t);
	return rc;
}
