#include "kvitok/box/box_paper.h"

#include "kvitok/base/day.h"

void
box_paper_begin(struct buf *b, const struct box_envelope *e)
{
	char at[DAY_RFC3339_SIZE];

	day_rfc3339(e->made_at, at);
	buf_lit(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<document");
	box_paper_text(b, "xmlns", STR("urn:kvitok:exchange:1"));
	box_paper_text(b, "version", STR("1.0"));
	box_paper_text(b, "portal", e->portal);
	box_paper_text(b, "supplier", e->supplier);
	box_paper_int(b, "number", e->number);
	box_paper_text(b, "made_at", str_of(at));
	box_paper_inside(b);
}

void
box_paper_end(struct buf *b)
{
	box_paper_close(b, "document");
}

void
box_paper_open(struct buf *b, const char *name)
{
	buf_fmt(b, "<%s", name);
}

void
box_paper_text(struct buf *b, const char *name, struct str value)
{
	buf_fmt(b, " %s=\"", name);
	buf_xml(b, value);
	buf_char(b, '"');
}

void
box_paper_int(struct buf *b, const char *name, int64_t value)
{
	buf_fmt(b, " %s=\"%lld\"", name, (long long)value);
}

void
box_paper_inside(struct buf *b)
{
	buf_lit(b, ">\n");
}

void
box_paper_empty(struct buf *b)
{
	buf_lit(b, "/>\n");
}

void
box_paper_close(struct buf *b, const char *name)
{
	buf_fmt(b, "</%s>\n", name);
}

void
box_paper_words(struct buf *b, const char *name, struct str words)
{
	buf_fmt(b, "<%s>", name);
	buf_xml(b, words);
	box_paper_close(b, name);
}
