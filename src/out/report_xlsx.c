/* Rows go to a temporary file of the library's as they come (its mode of
 * constant memory); a sheet ends where the format ends and the next one goes
 * on, with its own head.  Texts are texts whatever they begin with; sums are
 * numbers. */
#include "kvitok/base/day.h"
#include "kvitok/out/report_file.h"

#include <errno.h>
#include <string.h>
#include <xlsxwriter.h>

#define SHEET_ROWS 1048000 /* of 1 048 576 that the format has */
#define HEAD_ROWS 3        /* title, period, columns */
#define EPOCH_DAYS 25569   /* from 1899-12-30 to 1970-01-01 */
#define CHECK_ROWS 4096
#define HEAD_HEIGHT 32 /* points */
#define NAME_MAX 40

enum look {
	LOOK_TITLE,
	LOOK_PLAIN,
	LOOK_WRAPPED,
	LOOK_HEAD,
	LOOK_DAY,
	LOOK_INSTANT,
	LOOK_SUM,
	LOOK_NUMBER,
	LOOK_TOTAL,
	LOOK_TOTAL_SUM,
	LOOK_TOTAL_NUMBER,
	LOOK__COUNT
};

struct xlsx {
	struct report_target t;
	struct arena *a;
	const struct report_head *head;
	const struct report_def *d;
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_format *looks[LOOK__COUNT];
	lxw_row_t at; /* the next row of the sheet */
	int sheets;
	struct buf cell;
};

/* The library's numbers of rows and columns. */
static lxw_col_t
col(size_t i)
{
	return (lxw_col_t)i;
}

static enum err
fail(struct xlsx *w, lxw_error e, struct fault *f)
{
	return fault_set(f, ERR_AGAIN, "file_not_written", "%s: %s (%s)",
	    w->t.path, lxw_strerror(e), strerror(errno));
}

/* Rows that did not go to the disk are told here: the library does not look. */
static enum err
check(struct xlsx *w, struct fault *f)
{
	FILE *rows = w->sheet->optimize_tmpfile;

	if (rows == NULL || (fflush(rows) == 0 && !ferror(rows)))
		return ERR_OK;
	return report_target_fail(&w->t, "write", f);
}

/* --- looks ----------------------------------------------------------- */

static lxw_format *
add_look(struct xlsx *w, const char *numbers, bool bold)
{
	lxw_format *x = workbook_add_format(w->book);

	if (numbers != NULL)
		format_set_num_format(x, numbers);
	if (bold)
		format_set_bold(x);
	format_set_align(x, LXW_ALIGN_VERTICAL_TOP);
	return x;
}

static void
add_looks(struct xlsx *w)
{
	static const char sum[] = "#,##0.00", number[] = "#,##0";
	lxw_format **v = w->looks;

	v[LOOK_TITLE] = add_look(w, NULL, true);
	format_set_font_size(v[LOOK_TITLE], 14);
	v[LOOK_PLAIN] = add_look(w, NULL, false);
	v[LOOK_WRAPPED] = add_look(w, NULL, false);
	format_set_text_wrap(v[LOOK_WRAPPED]);
	v[LOOK_HEAD] = add_look(w, NULL, true);
	format_set_text_wrap(v[LOOK_HEAD]);
	format_set_bottom(v[LOOK_HEAD], LXW_BORDER_THIN);
	format_set_bg_color(v[LOOK_HEAD], 0xE8ECEF);
	v[LOOK_DAY] = add_look(w, "dd.mm.yyyy", false);
	v[LOOK_INSTANT] = add_look(w, "dd.mm.yyyy hh:mm:ss", false);
	format_set_align(v[LOOK_DAY], LXW_ALIGN_LEFT);
	format_set_align(v[LOOK_INSTANT], LXW_ALIGN_LEFT);
	v[LOOK_SUM] = add_look(w, sum, false);
	v[LOOK_NUMBER] = add_look(w, number, false);
	v[LOOK_TOTAL] = add_look(w, NULL, true);
	v[LOOK_TOTAL_SUM] = add_look(w, sum, true);
	v[LOOK_TOTAL_NUMBER] = add_look(w, number, true);
	for (int i = LOOK_TOTAL; i <= LOOK_TOTAL_NUMBER; i++)
		format_set_top(v[i], LXW_BORDER_THIN);
}

/* --- cells ----------------------------------------------------------- */

/* Does s begin with _xHHHH_, by which the format says a character? */
static bool
is_escape(struct str s)
{
	static const char digits[] = "0123456789ABCDEFabcdef";

	if (s.len < 7 || s.p[0] != '_' || s.p[1] != 'x' || s.p[6] != '_')
		return false;
	for (size_t i = 2; i < 6; i++)
		if (memchr(digits, s.p[i], sizeof(digits) - 1) == NULL)
			return false;
	return true;
}

/* Lines end with LF there; a text that looks like a character is none. */
static void
put_escaped(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		struct str rest = { s.p + i, s.len - i };

		if (s.p[i] == '\r') {
			if (rest.len == 1 || rest.p[1] != '\n')
				buf_char(b, '\n');
			continue;
		}
		if (is_escape(rest))
			buf_lit(b, "_x005F");
		buf_char(b, s.p[i]);
	}
}

static lxw_error
put_text(struct xlsx *w, lxw_col_t c, struct str s, enum look look)
{
	w->cell.len = 0;
	if (str_find(s, STR("_x")) < s.len || str_find(s, STR("\r")) < s.len)
		put_escaped(&w->cell, s);
	else
		buf_text(&w->cell, s); /* as nearly every text */
	/* The format has no place for an empty text. */
	if (s.len == 0)
		return worksheet_write_blank(
		    w->sheet, w->at, c, w->looks[look]);
	return worksheet_write_string(
	    w->sheet, w->at, c, w->cell.p, w->looks[look]);
}

static lxw_error
put_number(struct xlsx *w, lxw_col_t c, double n, enum look look)
{
	return worksheet_write_number(w->sheet, w->at, c, n, w->looks[look]);
}

/* Days and instants are days since 1899-12-30, of Moscow. */
static double
serial_of(int64_t at)
{
	int64_t seconds = at / 1000 + (int64_t)DAY_ZONE_MOSCOW * 60;

	return (double)seconds / 86400 + EPOCH_DAYS;
}

static lxw_error
put_cell(struct xlsx *w, size_t i, const struct report_cell *cell)
{
	const struct report_column *c = &w->d->columns[i];

	switch (c->type) {
	case REPORT_DAY:
		if (day_valid(cell->t))
			return put_number(w, col(i),
			    (double)(day_number(cell->t) + EPOCH_DAYS),
			    LOOK_DAY);
		break;
	case REPORT_INSTANT:
		if (cell->n != 0)
			return put_number(
			    w, col(i), serial_of(cell->n), LOOK_INSTANT);
		break;
	case REPORT_SUM:
		return put_number(w, col(i), (double)cell->n / 100, LOOK_SUM);
	case REPORT_NUMBER:
		return put_number(w, col(i), (double)cell->n, LOOK_NUMBER);
	case REPORT_WORD:
		return put_text(
		    w, col(i), report_word(c->words, cell->t), LOOK_PLAIN);
	case REPORT_TEXT:
	case REPORT_TYPE__COUNT:
		break;
	}
	return put_text(w, col(i), cell->t, LOOK_PLAIN);
}

/* --- sheets ---------------------------------------------------------- */

static lxw_worksheet *
add_sheet(struct xlsx *w, struct str name)
{
	return workbook_add_worksheet(w->book, arena_z(w->a, name));
}

/* On paper: A4 across, its head on every page, all columns on one. */
static void
set_paper(lxw_worksheet *s)
{
	worksheet_set_landscape(s);
	worksheet_set_paper(s, 9);
	worksheet_fit_to_pages(s, 1, 0);
	worksheet_set_margins(s, 0.4, 0.4, 0.5, 0.6);
	(void)worksheet_repeat_rows(s, 0, HEAD_ROWS - 1);
	(void)worksheet_set_footer(s, "&RСтраница &P из &N");
}

static lxw_error
put_head(struct xlsx *w)
{
	struct report_pair pairs[REPORT_PAIRS_MAX];
	size_t n = report_pairs(w->a, w->head, pairs);
	struct buf line;
	lxw_error e;

	buf_init(&line, w->a, REPORT_CELL_MAX);
	for (size_t i = 1; i < n; i++) {
		if (i > 1)
			buf_lit(&line, "; ");
		buf_text(&line, pairs[i].name);
		buf_lit(&line, ": ");
		buf_text(&line, pairs[i].value);
	}
	e = put_text(w, 0, str_of(w->d->title), LOOK_TITLE);
	w->at++;
	if (e == LXW_NO_ERROR)
		e = put_text(w, 0, buf_str(&line), LOOK_PLAIN);
	w->at++;
	/* Of two lines: rows in constant memory have no height of their own. */
	if (e == LXW_NO_ERROR)
		e = worksheet_set_row(w->sheet, w->at, HEAD_HEIGHT, NULL);
	for (size_t i = 0; i < w->d->columns_len && e == LXW_NO_ERROR; i++)
		e = put_text(
		    w, col(i), str_of(w->d->columns[i].title), LOOK_HEAD);
	w->at++;
	return e;
}

static enum err
begin_sheet(struct xlsx *w, struct fault *f)
{
	struct str name = w->sheets == 0
	    ? str_of(w->d->title)
	    : arena_fmt(w->a, "%.*s %d",
		  STR_ARG(report_label(REPORT_LABEL_SHEET)), w->sheets + 1);
	lxw_error e;

	w->sheet = add_sheet(w, name);
	if (w->sheet == NULL)
		return fail(w, LXW_ERROR_CREATING_TMPFILE, f);
	w->sheets++;
	w->at = 0;
	set_paper(w->sheet);
	for (size_t i = 0; i < w->d->columns_len; i++)
		(void)worksheet_set_column(w->sheet, col(i), col(i),
		    w->d->columns[i].width, NULL); /* in range: no failure */
	worksheet_freeze_panes(w->sheet, HEAD_ROWS, 0);
	e = put_head(w);
	return e == LXW_NO_ERROR ? ERR_OK : fail(w, e, f);
}

/* Its columns can be narrowed by their values. */
static enum err
end_sheet(struct xlsx *w, struct fault *f)
{
	if (w->at > HEAD_ROWS)
		(void)worksheet_autofilter(w->sheet, HEAD_ROWS - 1, 0,
		    w->at - 1, col(w->d->columns_len - 1));
	return check(w, f);
}

static enum err
xlsx_row(void *self, const struct report_cell *row, struct fault *f)
{
	struct xlsx *w = self;
	lxw_error e = LXW_NO_ERROR;
	enum err rc = ERR_OK;

	if (w->at == SHEET_ROWS) {
		rc = end_sheet(w, f);
		if (rc == ERR_OK)
			rc = begin_sheet(w, f);
	}
	if (rc == ERR_OK && w->at % CHECK_ROWS == 0)
		rc = check(w, f);
	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; i < w->d->columns_len && e == LXW_NO_ERROR; i++)
		e = put_cell(w, i, &row[i]);
	w->at++;
	if (w->cell.full)
		return fault_set(
		    f, ERR_LIMIT, "report_text", "a text is too long");
	return e == LXW_NO_ERROR ? ERR_OK : fail(w, e, f);
}

/* --- the end --------------------------------------------------------- */

static lxw_error
put_totals(struct xlsx *w, const struct report_totals *t)
{
	lxw_error e =
	    put_text(w, 0, report_label(REPORT_LABEL_TOTAL), LOOK_TOTAL);

	for (size_t i = 1; i < w->d->columns_len && e == LXW_NO_ERROR; i++) {
		const struct report_column *c = &w->d->columns[i];

		if (!c->total)
			e = put_text(w, col(i), STR(""), LOOK_TOTAL);
		else if (c->type == REPORT_SUM)
			e = put_number(
			    w, col(i), (double)t->sum[i] / 100, LOOK_TOTAL_SUM);
		else
			e = put_number(
			    w, col(i), (double)t->sum[i], LOOK_TOTAL_NUMBER);
	}
	w->at++;
	return e;
}

static lxw_error
put_pair(struct xlsx *w, struct str name, struct str value)
{
	lxw_error e = put_text(w, 0, name, LOOK_PLAIN);

	if (e == LXW_NO_ERROR)
		e = put_text(w, 1, value, LOOK_WRAPPED);
	w->at++;
	return e;
}

/* The last sheet says of what the others are. */
static lxw_error
put_about(struct xlsx *w, const struct report_end *end)
{
	struct report_pair pairs[REPORT_PAIRS_MAX];
	size_t n = report_pairs(w->a, w->head, pairs);
	lxw_error e;

	w->sheet = add_sheet(w, STR("Сведения"));
	if (w->sheet == NULL)
		return LXW_ERROR_CREATING_TMPFILE;
	w->at = 0;
	(void)worksheet_set_column(w->sheet, 0, 0, 28, NULL);
	(void)worksheet_set_column(w->sheet, 1, 1, 80, NULL);
	e = put_text(w, 0, str_of(w->d->title), LOOK_TITLE);
	w->at++;
	for (size_t i = 0; i < n && e == LXW_NO_ERROR; i++)
		e = put_pair(w, pairs[i].name, pairs[i].value);
	if (e == LXW_NO_ERROR)
		e = put_text(w, 0, report_label(REPORT_LABEL_ROWS), LOOK_PLAIN);
	if (e == LXW_NO_ERROR)
		e = worksheet_write_number(w->sheet, w->at, 1,
		    (double)end->totals->rows, w->looks[LOOK_NUMBER]);
	w->at++;
	return e == LXW_NO_ERROR
	    ? put_pair(w, report_label(REPORT_LABEL_HASH), end->hash)
	    : e;
}

static enum err
finish(struct xlsx *w, const struct report_end *end, struct fault *f)
{
	enum err rc = end_sheet(w, f);
	lxw_error e;

	if (rc != ERR_OK)
		return rc;
	e = put_totals(w, end->totals);
	if (e == LXW_NO_ERROR)
		rc = check(w, f);
	if (rc == ERR_OK && e == LXW_NO_ERROR)
		e = put_about(w, end);
	if (rc == ERR_OK && e == LXW_NO_ERROR)
		rc = check(w, f);
	return rc == ERR_OK && e != LXW_NO_ERROR ? fail(w, e, f) : rc;
}

static enum err
xlsx_end(void *self, const struct report_end *end, struct report_file *out,
    struct fault *f)
{
	struct xlsx *w = self;
	enum err rc = finish(w, end, f);

	if (rc == ERR_OK) {
		lxw_error e = workbook_close(w->book);

		rc = e == LXW_NO_ERROR ? ERR_OK : fail(w, e, f);
	} else {
		lxw_workbook_free(w->book);
	}
	out->replaced = 0;
	return report_target_end(&w->t, rc, out, f);
}

static void
xlsx_drop(void *self)
{
	struct xlsx *w = self;

	lxw_workbook_free(w->book);
	report_target_drop(&w->t);
}

static void
set_properties(struct xlsx *w)
{
	lxw_doc_properties p = { .title = arena_z(w->a, str_of(w->d->title)),
		.author = arena_z(w->a, w->head->asked_by),
		.company = arena_z(w->a, STR("Kvitok")),
		.created = (time_t)(w->head->made_at / 1000) };

	(void)workbook_set_properties(w->book, &p); /* short texts */
}

/* Its temporary files lie beside the file: there is room, or there is none. */
static char *
folder_of(struct arena *a, struct str path)
{
	while (path.len > 0 && path.p[path.len - 1] != '/')
		path.len--;
	return arena_z(a, path.len > 0 ? path : STR("./"));
}

enum err
report_xlsx_open(struct arena *a, const struct report_head *head,
    struct str path, struct report_writer *out, struct fault *f)
{
	struct xlsx *w = ARENA_NEW(a, struct xlsx);
	lxw_workbook_options options = { .constant_memory = 1,
		.tmpdir = folder_of(a, path),
		.use_zip64 = 0 };
	enum err rc = report_target_open(a, path, &w->t, f);

	if (rc != ERR_OK)
		return rc;
	w->a = a;
	w->head = head;
	w->d = report_def(head->q->id);
	w->book = workbook_new_opt(w->t.part, &options);
	if (w->book == NULL) {
		report_target_drop(&w->t);
		return fail(w, LXW_ERROR_MEMORY_MALLOC_FAILED, f);
	}
	buf_init(&w->cell, a, REPORT_CELL_MAX);
	add_looks(w);
	set_properties(w);
	*out = (struct report_writer){ w, xlsx_row, xlsx_end, xlsx_drop };
	rc = begin_sheet(w, f);
	if (rc != ERR_OK)
		xlsx_drop(w);
	return rc;
}
