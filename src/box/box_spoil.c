#include "kvitok/box/box_spoil.h"

#include "kvitok/base/utf8.h"

#define BOMB                                                                   \
	"<!DOCTYPE document [<!ENTITY a \"ha\">"                               \
	"<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"                       \
	"<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">"                       \
	"<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">"                       \
	"<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<document"

/* What stands where in the text that box_paper.h makes. */
static const struct change {
	const char *from, *to;
} changes[BOX_FAULT__COUNT] = {
	[BOX_OTHER_CONTENT] = { " made_at=\"2", " made_at=\"1" },
	[BOX_SCHEMA] = { "<document", "<document surprise=\"1\"" },
	[BOX_TOTAL] = { " count=\"", " count=\"1" },
	[BOX_ENCODING] = { "encoding=\"UTF-8\"", "encoding=\"UTF-16\"" },
	[BOX_DOCTYPE] = { "<document", BOMB },
	[BOX_NUMBER] = { " number=\"", " number=\"9" },
};

bool
box_spoil(enum box_fault fault, struct str part, struct buf *out)
{
	const struct change *c = &changes[fault];
	size_t at, end;

	if (fault == BOX_CUT) {
		buf_text(out, utf8_cut_bytes(part, part.len / 2));
		return true;
	}
	at = c->from == NULL ? part.len : str_find(part, str_of(c->from));
	if (at == part.len) {
		buf_text(out, part);
		return false;
	}
	end = at + strlen(c->from);
	buf_text(out, (struct str){ part.p, at });
	buf_text(out, str_of(c->to));
	buf_text(out, (struct str){ part.p + end, part.len - end });
	return false;
}
