/* xsd/report/1.xsd: values as machines read them; columns name themselves
 * once, before the rows. */
#include "kvitok/base/day.h"
#include "kvitok/out/report_file.h"

#define LINE_MAX ((size_t)64 << 10)

static const char *const types[REPORT_TYPE__COUNT] = {
	[REPORT_TEXT] = "text",
	[REPORT_WORD] = "word",
	[REPORT_DAY] = "day",
	[REPORT_INSTANT] = "instant",
	[REPORT_SUM] = "sum",
	[REPORT_NUMBER] = "number",
};

struct xml {
	struct report_target t;
	const struct report_def *d;
	struct buf cell, out;
};

static void
attribute(struct buf *b, const char *name, struct str value)
{
	buf_char(b, ' ');
	buf_text(b, str_of(name));
	buf_lit(b, "=\"");
	buf_xml(b, value);
	buf_char(b, '"');
}

static enum err
flush(struct xml *w, struct fault *f)
{
	enum err rc;

	if (w->out.full || w->cell.full)
		return fault_set(
		    f, ERR_LIMIT, "report_text", "a row is too long");
	rc = report_target_put(&w->t, buf_str(&w->out), f);
	w->out.len = 0;
	return rc;
}

static void
put_asked(struct buf *b, const struct report_head *head)
{
	char at[DAY_RFC3339_SIZE];

	day_rfc3339(head->made_at, at);
	buf_lit(b, "<asked");
	attribute(b, "from", head->q->from_day);
	attribute(b, "to", head->q->to_day);
	for (int i = 0; i < REPORT_FILTER__COUNT; i++)
		if (head->q->filter[i].len > 0)
			attribute(b, report_filter_name((enum report_filter)i),
			    head->q->filter[i]);
	attribute(b, "by", head->asked_by);
	attribute(b, "made-at", str_of(at));
	buf_lit(b, "/>\n");
}

static void
put_columns(struct buf *b, const struct report_def *d)
{
	buf_lit(b, "<columns>\n");
	for (size_t i = 0; i < d->columns_len; i++) {
		const struct report_column *c = &d->columns[i];

		buf_lit(b, "<column");
		attribute(b, "name", str_of(c->name));
		attribute(b, "type", str_of(types[c->type]));
		attribute(b, "title", str_of(c->title));
		buf_lit(b, "/>\n");
	}
	buf_lit(b, "</columns>\n<rows>\n");
}

static enum err
put_head(struct xml *w, const struct report_head *head, struct fault *f)
{
	struct buf *b = &w->out;

	buf_lit(b,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<report xmlns=\"urn:kvitok:report:1\"");
	attribute(b, "name", str_of(w->d->name));
	attribute(b, "title", str_of(w->d->title));
	buf_lit(b, ">\n");
	put_asked(b, head);
	put_columns(b, w->d);
	return flush(w, f);
}

static void
put_value(struct xml *w, const struct report_column *c,
    const struct report_cell *cell)
{
	w->cell.len = 0;
	report_machine(&w->cell, c, cell);
	buf_xml(&w->out, buf_str(&w->cell));
}

static enum err
xml_row(void *self, const struct report_cell *row, struct fault *f)
{
	struct xml *w = self;

	buf_lit(&w->out, "<r>");
	for (size_t i = 0; i < w->d->columns_len; i++) {
		buf_lit(&w->out, "<v>");
		put_value(w, &w->d->columns[i], &row[i]);
		buf_lit(&w->out, "</v>");
	}
	buf_lit(&w->out, "</r>\n");
	return flush(w, f);
}

static enum err
put_end(struct xml *w, const struct report_end *end, struct fault *f)
{
	struct buf *b = &w->out;

	buf_lit(b, "</rows>\n<totals rows=\"");
	buf_i64(b, end->totals->rows);
	buf_char(b, '"');
	attribute(b, "sha256", end->hash);
	buf_lit(b, ">\n");
	for (size_t i = 0; i < w->d->columns_len; i++) {
		struct report_cell cell = { .n = end->totals->sum[i] };

		if (!w->d->columns[i].total)
			continue;
		buf_lit(b, "<total");
		attribute(b, "column", str_of(w->d->columns[i].name));
		buf_char(b, '>');
		put_value(w, &w->d->columns[i], &cell);
		buf_lit(b, "</total>\n");
	}
	buf_lit(b, "</totals>\n</report>\n");
	return flush(w, f);
}

static enum err
xml_end(void *self, const struct report_end *end, struct report_file *out,
    struct fault *f)
{
	struct xml *w = self;

	return report_target_end(&w->t, put_end(w, end, f), out, f);
}

static void
xml_drop(void *self)
{
	struct xml *w = self;

	report_target_drop(&w->t);
}

enum err
report_xml_open(struct arena *a, const struct report_head *head,
    struct str path, struct report_writer *out, struct fault *f)
{
	struct xml *w = ARENA_NEW(a, struct xml);
	enum err rc = report_target_open(a, path, &w->t, f);

	w->d = report_def(head->q->id);
	buf_init(&w->cell, a, LINE_MAX);
	buf_init(&w->out, a, LINE_MAX);
	*out = (struct report_writer){ w, xml_row, xml_end, xml_drop };
	if (rc == ERR_OK)
		rc = put_head(w, head, f);
	if (rc != ERR_OK)
		report_target_drop(&w->t);
	return rc;
}
