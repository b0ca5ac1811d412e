#include "kvitok/xml/out_request.h"

#include "kvitok/base/day.h"

static void
attr(struct buf *b, const char *name, struct str s)
{
	buf_fmt(b, " %s=\"", name);
	buf_xml(b, s);
	buf_char(b, '"');
}

static void
instant(struct buf *b, const char *name, int64_t at)
{
	char s[DAY_RFC3339_SIZE];

	day_rfc3339(at, s);
	attr(b, name, str_of(s));
}

static void
begin_request(struct buf *b, const struct document_request *r)
{
	const struct appeal *x = r->appeal;

	buf_lit(b, "    <request");
	attr(b, "id", x->id);
	attr(b, "kind", str_of(appeal_kind_name(x->kind)));
	if (x->account.len > 0)
		attr(b, "account", x->account);
	instant(b, "made_at", x->created_at);
	if (x->email.len > 0)
		attr(b, "email", x->email);
	buf_lit(b, ">\n");
	if (x->text.len > 0) {
		buf_lit(b, "      <text>");
		buf_xml(b, x->text);
		buf_lit(b, "</text>\n");
	}
	for (size_t i = 0; i < r->fields_len; i++) {
		buf_lit(b, "      <field");
		attr(b, "name", r->fields[i].name);
		buf_lit(b, "><value>");
		buf_xml(b, r->fields[i].value);
		buf_lit(b, "</value></field>\n");
	}
}

static void
begin_file(struct buf *b, const struct appeal_file *x)
{
	buf_lit(b, "      <file");
	attr(b, "name", x->name);
	attr(b, "type", str_of(appeal_media_name(x->media)));
	attr(b, "sha256", x->sha256);
	buf_lit(b, "><content>");
}

static void
put_closed(struct buf *b, const struct appeal *x)
{
	buf_lit(b, "    <closed");
	attr(b, "request", x->id);
	instant(b, "at", x->closed_at);
	buf_lit(b, "/>\n");
}

void
xml_out_request(void *self, const struct document_request *x, struct buf *b)
{
	(void)self; /* nothing of it is needed */
	switch (x->piece) {
	case DOCUMENT_REQUEST:
		begin_request(b, x);
		break;
	case DOCUMENT_FILE:
		begin_file(b, x->file);
		break;
	case DOCUMENT_CONTENT:
		buf_text(b, x->content); /* letters and digits: no markup */
		break;
	case DOCUMENT_FILE_END:
		buf_lit(b, "</content></file>\n");
		break;
	case DOCUMENT_REQUEST_END:
		buf_lit(b, "    </request>\n");
		break;
	case DOCUMENT_CLOSED:
		put_closed(b, x->appeal);
		break;
	}
}
