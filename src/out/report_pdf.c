/* A4 across, for people: so many rows as somebody may still leaf through.  They
 * are kept as they will be drawn, so that every page can say of how many it is
 * one.  Columns that matter on paper alone; texts wrap, nothing is cut. */
#include "kvitok/base/utf8.h"
#include "kvitok/out/report_file.h"
#include "kvitok/out/sheet.h"

#include <assert.h>

#define ROWS_MAX 50000
#define MEMORY ((size_t)160 << 20)
#define EDGE 28.0
#define WIDE SHEET_HEIGHT /* across */
#define HIGH SHEET_WIDTH
#define BODY (WIDE - 2 * EDGE)
#define BOTTOM (HIGH - EDGE - 14)
#define PAD 3.0
#define LINE 10.4 /* a row of one line */
#define CHARACTER                                                              \
	4.4          /* the widest that most are: such a text needs no look    \
		      */
#define WIDTH_MAX 30 /* characters: one column must not take the page */
#define CELL_MAX 4096

struct line {
	double h;
	struct str cells[REPORT_COLUMNS_MAX];
};

struct part {
	struct line *lines;
	struct part *next;
	size_t len;
};

#define PART_LINES 512

struct pdf {
	struct report_target t;
	struct arena *a, *rows; /* the caller's; ours */
	const struct report_head *head;
	const struct report_def *d;
	struct sheet_kit *kit;
	struct sheet *dry, *sheet;
	struct buf text;
	const struct report_column *columns[REPORT_COLUMNS_MAX];
	size_t at[REPORT_COLUMNS_MAX]; /* of the report's */
	double x[REPORT_COLUMNS_MAX], w[REPORT_COLUMNS_MAX];
	size_t len;
	struct part *first, *last;
	int64_t count;
	double head_h, y;
	int page, pages;
	enum err rc; /* of the sink */
	struct fault f;
};

static bool
is_number(const struct report_column *c)
{
	return c->type == REPORT_SUM || c->type == REPORT_NUMBER;
}

/* Columns share the page by the characters that they usually have. */
static void
place_columns(struct pdf *p)
{
	double all = 0, x = EDGE;

	for (size_t i = 0; i < p->d->columns_len; i++) {
		const struct report_column *c = &p->d->columns[i];

		if (!c->paper)
			continue;
		p->at[p->len] = i;
		p->w[p->len] = c->width < WIDTH_MAX ? c->width : WIDTH_MAX;
		all += p->w[p->len];
		p->columns[p->len++] = c;
	}
	for (size_t i = 0; i < p->len; i++) {
		p->w[i] = p->w[i] / all * BODY;
		p->x[i] = x;
		x += p->w[i];
	}
}

/* --- rows, as they will be drawn ------------------------------------- */

static struct str
text_of(struct pdf *p, const struct report_column *c,
    const struct report_cell *cell)
{
	p->text.len = 0;
	if (c->type == REPORT_SUM)
		buf_roubles(&p->text, cell->n);
	else
		report_plain(&p->text, c, cell, ',');
	return arena_str(p->rows, buf_str(&p->text));
}

static double
height(struct pdf *p, enum sheet_style style, const struct str *cells)
{
	double h = LINE;

	for (size_t i = 0; i < p->len; i++) {
		double w = p->w[i] - 2 * PAD, got;

		if ((double)cells[i].len * CHARACTER <= w ||
		    (double)utf8_len(cells[i]) * CHARACTER <= w)
			continue;
		got = sheet_measure(p->dry, style, w, cells[i]) + 2;
		h = got > h ? got : h;
	}
	return h;
}

static struct line *
new_line(struct pdf *p)
{
	if (p->last == NULL || p->last->len == PART_LINES) {
		struct part *part = ARENA_NEW(p->rows, struct part);

		part->lines = ARENA_ARRAY(p->rows, PART_LINES, struct line);
		if (p->last != NULL)
			p->last->next = part;
		else
			p->first = part;
		p->last = part;
	}
	p->count++;
	return &p->last->lines[p->last->len++];
}

static enum err
pdf_row(void *self, const struct report_cell *row, struct fault *f)
{
	struct pdf *p = self;
	struct line *l;

	if (p->count == ROWS_MAX)
		return fault_set(
		    f, ERR_LIMIT, "report_pdf_long", "above %d rows", ROWS_MAX);
	l = new_line(p);
	for (size_t i = 0; i < p->len; i++)
		l->cells[i] = text_of(p, p->columns[i], &row[p->at[i]]);
	l->h = height(p, SHEET_FINE, l->cells);
	return p->text.full
	    ? fault_set(f, ERR_LIMIT, "report_text", "a text is too long")
	    : ERR_OK;
}

/* --- pages ----------------------------------------------------------- */

static void
draw_cells(struct pdf *p, enum sheet_style style, const struct str *cells)
{
	for (size_t i = 0; i < p->len; i++) {
		if (cells[i].len == 0)
			continue;
		(void)sheet_text(p->sheet, style,
		    is_number(p->columns[i]) ? SHEET_RIGHT : SHEET_LEFT,
		    (struct sheet_box){
			p->x[i] + PAD, p->y + 1, p->w[i] - 2 * PAD },
		    cells[i]);
	}
}

static void
rule(struct pdf *p, double thickness, enum sheet_ink ink)
{
	sheet_rule(
	    p->sheet, (struct sheet_box){ EDGE, p->y, BODY }, thickness, ink);
}

static double
head_height(struct pdf *p)
{
	struct str titles[REPORT_COLUMNS_MAX] = { STR("") };

	for (size_t i = 0; i < p->len; i++)
		titles[i] = str_of(p->columns[i]->title);
	return height(p, SHEET_FINE_HEAD, titles) + 3;
}

static void
draw_head(struct pdf *p)
{
	struct str titles[REPORT_COLUMNS_MAX] = { STR("") };

	for (size_t i = 0; i < p->len; i++)
		titles[i] = str_of(p->columns[i]->title);
	rule(p, 0.8, SHEET_INK);
	p->y += 1;
	draw_cells(p, SHEET_FINE_HEAD, titles);
	p->y += p->head_h;
	rule(p, 0.8, SHEET_INK);
}

/* What it is, for how long, for whom; also how high that is. */
static double
draw_about(struct pdf *p, struct sheet *s)
{
	struct report_pair pairs[REPORT_PAIRS_MAX];
	size_t n = report_pairs(p->a, p->head, pairs);
	double y = EDGE - 6;

	y += sheet_text(s, SHEET_TOTAL, SHEET_LEFT,
	    (struct sheet_box){ EDGE, y, BODY }, str_of(p->d->title));
	for (size_t i = 0; i < n; i++) {
		(void)sheet_text(s, SHEET_CELL_HEAD, SHEET_LEFT,
		    (struct sheet_box){ EDGE, y, 100 }, pairs[i].name);
		y += sheet_text(s, SHEET_CELL_HEAD, SHEET_LEFT,
		    (struct sheet_box){ EDGE + 100, y, BODY - 100 },
		    pairs[i].value);
	}
	return y + 6;
}

static void
draw_foot(struct pdf *p)
{
	struct str page =
	    arena_fmt(p->rows, "Страница %d из %d", p->page, p->pages);
	struct buf b;

	buf_init(&b, p->rows, CELL_MAX);
	buf_text(&b, str_of(p->d->title));
	buf_lit(&b, ", ");
	report_days(&b, p->head->q);
	(void)sheet_text(p->sheet, SHEET_FINE_HEAD, SHEET_LEFT,
	    (struct sheet_box){ EDGE, HIGH - EDGE - 4, BODY / 2 }, buf_str(&b));
	(void)sheet_text(p->sheet, SHEET_FINE_HEAD, SHEET_RIGHT,
	    (struct sheet_box){ EDGE + BODY / 2, HIGH - EDGE - 4, BODY / 2 },
	    page);
}

/* Room for h below p->y, on the next page if need be. */
static void
make_room(struct pdf *p, double h, bool drawn)
{
	if (p->y + h <= BOTTOM)
		return;
	if (drawn) {
		draw_foot(p);
		sheet_next_page(p->sheet);
	}
	p->page++;
	p->y = EDGE;
	if (drawn)
		draw_head(p);
	else
		p->y += p->head_h + 1;
}

#define END_H (3 * LINE + 18)

static void
go_through(struct pdf *p, bool drawn, const struct report_end *end,
    const struct str *totals)
{
	p->page = 1;
	p->y = draw_about(p, drawn ? p->sheet : p->dry);
	if (drawn)
		draw_head(p);
	else
		p->y += p->head_h + 1;
	for (struct part *part = p->first; part != NULL; part = part->next)
		for (size_t i = 0; i < part->len; i++) {
			make_room(p, part->lines[i].h, drawn);
			if (drawn)
				draw_cells(p, SHEET_FINE, part->lines[i].cells);
			p->y += part->lines[i].h;
			if (drawn)
				rule(p, 0.3, SHEET_HAIR);
		}
	make_room(p, END_H, drawn);
	if (!drawn)
		return;
	rule(p, 0.8, SHEET_INK);
	draw_cells(p, SHEET_FINE_STRONG, totals);
	p->y += LINE + 8;
	(void)sheet_text(p->sheet, SHEET_CELL_HEAD, SHEET_LEFT,
	    (struct sheet_box){ EDGE, p->y, BODY },
	    arena_fmt(p->rows, "%.*s: %lld",
		STR_ARG(report_label(REPORT_LABEL_ROWS)),
		(long long)end->totals->rows));
	(void)sheet_text(p->sheet, SHEET_CELL_HEAD, SHEET_LEFT,
	    (struct sheet_box){ EDGE, p->y + LINE + 2, BODY },
	    arena_fmt(p->rows, "%.*s: %.*s",
		STR_ARG(report_label(REPORT_LABEL_HASH)), STR_ARG(end->hash)));
	draw_foot(p);
}

static void
total_texts(struct pdf *p, const struct report_totals *t, struct str *out)
{
	for (size_t i = 0; i < p->len; i++) {
		struct report_cell cell = { .n = t->sum[p->at[i]] };

		out[i] = p->columns[i]->total ? text_of(p, p->columns[i], &cell)
					      : STR("");
	}
	out[0] = report_label(REPORT_LABEL_TOTAL);
}

static bool
to_target(void *self, const void *bytes, size_t len)
{
	struct pdf *p = self;

	if (p->rc == ERR_OK)
		p->rc =
		    report_target_put(&p->t, (struct str){ bytes, len }, &p->f);
	return p->rc == ERR_OK;
}

/* What the disk says comes before what cairo makes of it. */
static enum err
draw_all(struct pdf *p, const struct report_end *end, struct fault *f)
{
	struct sheet_info info = { .title = str_of(p->d->title),
		.author = p->head->asked_by,
		.created_at = p->head->made_at,
		.wide = true };
	struct str totals[REPORT_COLUMNS_MAX];
	enum err rc;

	total_texts(p, end->totals, totals);
	go_through(p, false, end, totals);
	p->pages = p->page;
	p->sheet = sheet_begin_to(
	    p->kit, p->rows, &info, (struct sheet_sink){ p, to_target });
	go_through(p, true, end, totals);
	rc = sheet_end(p->sheet, f);
	if (p->rc == ERR_OK)
		return rc;
	*f = p->f;
	return p->rc;
}

static void
let_go(struct pdf *p)
{
	struct fault none;
	enum err rc;

	fault_init(&none);
	rc = sheet_end(p->dry, &none);
	assert(rc == ERR_OK); /* nothing was drawn that could fail */
	arena_free(p->rows);
}

static enum err
pdf_end(void *self, const struct report_end *end, struct report_file *out,
    struct fault *f)
{
	struct pdf *p = self;
	enum err rc = draw_all(p, end, f);

	let_go(p);
	out->replaced = 0;
	return report_target_end(&p->t, rc, out, f);
}

static void
pdf_drop(void *self)
{
	struct pdf *p = self;

	let_go(p);
	report_target_drop(&p->t);
}

enum err
report_pdf_open(struct arena *a, const struct report_head *head,
    struct str path, struct report_writer *out, struct fault *f)
{
	struct pdf *p = ARENA_NEW(a, struct pdf);
	enum err rc = report_target_open(a, path, &p->t, f);

	if (rc == ERR_OK)
		rc = sheet_kit_open(a, &p->kit, f);
	if (rc != ERR_OK) {
		report_target_drop(&p->t);
		return rc;
	}
	fault_init(&p->f);
	p->a = a;
	p->rows = arena_new(MEMORY);
	buf_init(&p->text, a, CELL_MAX);
	p->head = head;
	p->d = report_def(head->q->id);
	p->dry = sheet_begin_dry(p->kit, a);
	place_columns(p);
	p->head_h = head_height(p);
	*out = (struct report_writer){ p, pdf_row, pdf_end, pdf_drop };
	return ERR_OK;
}
