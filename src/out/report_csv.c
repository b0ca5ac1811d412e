/* RFC 4180 as Russian spreadsheets read it: CRLF; with ';' or TAB sums have a
 * decimal comma, with ',' a point.
 *
 * A spreadsheet takes a cell that begins with = + - @ TAB CR or LF for a
 * formula, quoted or not, some of them their fullwidth forms, too: in texts an
 * apostrophe is put before it, in sums nothing is.
 * Breaks of lines and TABs within a text are written as spaces: many programs
 * read a file line by line.  A character that Windows-1251 has not is written
 * as "?", and those are counted. */
#include "kvitok/out/report_file.h"

#include <string.h>

#define LINE_MAX ((size_t)64 << 10)

struct csv {
	struct report_target t;
	const struct report_def *d;
	enum codepage encoding;
	char separator, decimal;
	struct buf cell, line;
	int64_t replaced;
};

static void
put_encoded(struct csv *w, struct str s)
{
	while (s.len > 0) {
		size_t n = codepage_write(w->encoding, s, 0, &w->line);

		s.p += n;
		s.len -= n;
		if (s.len == 0)
			return;
		/* One character of UTF-8 has no place there. */
		do {
			s.p++;
			s.len--;
		} while (s.len > 0 && ((unsigned char)*s.p & 0xC0) == 0x80);
		buf_char(&w->line, '?');
		w->replaced++;
	}
}

static bool
is_formula(struct str s)
{
	static const char *const wide[] = { "＝", "＋", "－", "＠" };

	if (s.len == 0 || s.p[0] == '\0')
		return false;
	for (size_t i = 0; i < KV_COUNT(wide); i++)
		if (str_starts(s, str_of(wide[i])))
			return true;
	return strchr("=+-@\t\r\n", s.p[0]) != NULL;
}

/* Most texts are: nothing in them is to be changed. */
static bool
is_plain(const struct csv *w, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (c == '"' || c == w->separator || c == '\r' || c == '\n' ||
		    c == '\t')
			return false;
	}
	return !is_formula(s);
}

/* Append a text to the line as one cell. */
static void
put_text(struct csv *w, struct str s)
{
	struct buf *b = &w->cell;
	bool quoted = false;

	if (is_plain(w, s)) {
		put_encoded(w, s);
		return;
	}
	b->len = 0;
	if (is_formula(s))
		buf_char(b, '\'');
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (c == '\r' || c == '\n' || c == '\t')
			c = ' ';
		if (c == '"')
			buf_char(b, c);
		quoted = quoted || c == '"' || c == w->separator;
		buf_char(b, c);
	}
	if (quoted)
		buf_char(&w->line, '"');
	put_encoded(w, buf_str(b));
	if (quoted)
		buf_char(&w->line, '"');
}

/* Numbers are written as they are: with a comma between cells they have
 * none. */
static void
put_cell(struct csv *w, const struct report_column *c,
    const struct report_cell *cell)
{
	if (c->type == REPORT_TEXT) {
		put_text(w, cell->t);
	} else if (c->type == REPORT_WORD) {
		put_text(w, report_word(c->words, cell->t));
	} else {
		report_plain(&w->line, c, cell, w->decimal);
	}
}

static enum err
end_line(struct csv *w, struct fault *f)
{
	enum err rc;

	buf_lit(&w->line, "\r\n");
	if (w->line.full || w->cell.full)
		return fault_set(
		    f, ERR_LIMIT, "report_text", "a row is too long");
	rc = report_target_put(&w->t, buf_str(&w->line), f);
	w->line.len = 0;
	return rc;
}

static enum err
put_pair(struct csv *w, struct str name, struct str value, struct fault *f)
{
	put_text(w, name);
	buf_char(&w->line, w->separator);
	put_text(w, value);
	return end_line(w, f);
}

static enum err
put_head(struct csv *w, struct arena *a, const struct report_head *head,
    struct fault *f)
{
	struct report_pair pairs[REPORT_PAIRS_MAX];
	size_t n = report_pairs(a, head, pairs);
	enum err rc;

	if (w->encoding == CODEPAGE_UTF8)
		buf_lit(&w->line, CODEPAGE_BOM);
	put_text(w, str_of(w->d->title));
	rc = end_line(w, f);
	for (size_t i = 0; i < n && rc == ERR_OK; i++)
		rc = put_pair(w, pairs[i].name, pairs[i].value, f);
	if (rc == ERR_OK)
		rc = end_line(w, f);
	for (size_t i = 0; i < w->d->columns_len; i++) {
		if (i > 0)
			buf_char(&w->line, w->separator);
		put_text(w, str_of(w->d->columns[i].title));
	}
	return rc == ERR_OK ? end_line(w, f) : rc;
}

static enum err
csv_row(void *self, const struct report_cell *row, struct fault *f)
{
	struct csv *w = self;

	for (size_t i = 0; i < w->d->columns_len; i++) {
		if (i > 0)
			buf_char(&w->line, w->separator);
		put_cell(w, &w->d->columns[i], &row[i]);
	}
	return end_line(w, f);
}

/* Totals stand in their columns. */
static enum err
put_totals(struct csv *w, const struct report_end *end, struct fault *f)
{
	bool named = false;

	for (size_t i = 0; i < w->d->columns_len; i++) {
		struct report_cell cell = { .n = end->totals->sum[i] };

		if (i > 0)
			buf_char(&w->line, w->separator);
		if (w->d->columns[i].total)
			put_cell(w, &w->d->columns[i], &cell);
		else if (!named)
			put_text(w, report_label(REPORT_LABEL_TOTAL));
		named = true;
	}
	return end_line(w, f);
}

static enum err
put_end(struct csv *w, const struct report_end *end, struct fault *f)
{
	enum err rc = end_line(w, f);

	if (rc == ERR_OK)
		rc = put_totals(w, end, f);
	put_text(w, report_label(REPORT_LABEL_ROWS));
	buf_char(&w->line, w->separator);
	buf_i64(&w->line, end->totals->rows);
	if (rc == ERR_OK)
		rc = end_line(w, f);
	if (rc == ERR_OK)
		rc = put_pair(w, report_label(REPORT_LABEL_HASH), end->hash, f);
	if (rc != ERR_OK || w->replaced == 0)
		return rc;
	put_text(w, report_label(REPORT_LABEL_REPLACED));
	buf_char(&w->line, w->separator);
	buf_i64(&w->line, w->replaced);
	return end_line(w, f);
}

static enum err
csv_end(void *self, const struct report_end *end, struct report_file *out,
    struct fault *f)
{
	struct csv *w = self;
	enum err rc = put_end(w, end, f);

	out->replaced = w->replaced;
	return report_target_end(&w->t, rc, out, f);
}

static void
csv_drop(void *self)
{
	struct csv *w = self;

	report_target_drop(&w->t);
}

enum err
report_csv_open(struct arena *a, const struct report_head *head,
    struct str path, struct report_writer *out, struct fault *f)
{
	struct csv *w = ARENA_NEW(a, struct csv);
	enum err rc = report_target_open(a, path, &w->t, f);

	w->d = report_def(head->q->id);
	w->encoding = head->encoding;
	w->separator = head->separator;
	w->decimal = head->separator == ',' ? '.' : ',';
	buf_init(&w->cell, a, LINE_MAX);
	buf_init(&w->line, a, LINE_MAX);
	*out = (struct report_writer){ w, csv_row, csv_end, csv_drop };
	if (rc == ERR_OK)
		rc = put_head(w, a, head, f);
	if (rc != ERR_OK)
		report_target_drop(&w->t);
	return rc;
}
