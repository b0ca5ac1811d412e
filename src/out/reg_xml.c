#include "kvitok/base/utf8.h"
#include "kvitok/out/legacy.h"
#include "kvitok/out/registers.h"

#include <inttypes.h>

#define CELL_BYTES 4096

static const char *const xml_names[CODEPAGE__COUNT] = {
	[CODEPAGE_UTF8] = "UTF-8",
	[CODEPAGE_CP1251] = "windows-1251",
	[CODEPAGE_CP866] = "cp866",
};

/* Escaped, then written in the encoding; what it lacks is written by its
 * number, which XML allows everywhere in text. */
static enum err
put_text(const struct pay_register *r, const char *field, struct str s,
    struct buf *out, struct fault *f)
{
	struct buf b;
	struct str rest;

	buf_init(&b, out->a, (size_t)CELL_BYTES * 6);
	buf_xml(&b, s);
	if (b.full)
		return legacy_refuse(field, "too long", f);
	for (rest = buf_str(&b); rest.len > 0;) {
		struct str one = rest;
		uint32_t c = utf8_next(&rest);

		one.len -= rest.len;
		if (codepage_write(r->layout->encoding, one, 0, out) != one.len)
			buf_fmt(out, "&#%" PRIu32 ";", c);
	}
	return ERR_OK;
}

static enum err
put_attribute(const struct pay_register *r, struct str name, struct str value,
    struct buf *out, struct fault *f)
{
	enum err rc;

	buf_char(out, ' ');
	buf_text(out, name); /* a name of ASCII, as layouts have it */
	buf_lit(out, "=\"");
	rc = put_text(r, arena_z(out->a, name), value, out, f);
	buf_char(out, '"');
	return rc;
}

enum err
reg_xml_begin(const struct pay_register *r, struct buf *out, struct fault *f)
{
	const struct pay_layout *l = r->layout;
	enum err rc = ERR_OK;

	buf_fmt(out, "<?xml version=\"1.0\" encoding=\"%s\"?>\n<%.*s",
	    xml_names[l->encoding], STR_ARG(l->root));
	for (size_t i = 0; i < l->totals_len && rc == ERR_OK; i++) {
		struct buf b;

		buf_init(&b, out->a, CELL_BYTES);
		if (!pay_fill(&b, l, l->totals[i].text, r->s, r->totals))
			return legacy_refuse("totals", "cannot be filled", f);
		rc = put_attribute(r, l->totals[i].name, buf_str(&b), out, f);
	}
	buf_lit(out, ">\n");
	return rc;
}

static enum err
put_element(const struct pay_register *r, struct str name, struct str value,
    struct buf *out, struct fault *f)
{
	enum err rc;

	buf_fmt(out, "<%.*s>", STR_ARG(name));
	rc = put_text(r, arena_z(out->a, name), value, out, f);
	buf_fmt(out, "</%.*s>", STR_ARG(name));
	return rc;
}

enum err
reg_xml_row(const struct pay_register *r, const struct pay_row *row,
    struct buf *out, struct fault *f)
{
	const struct pay_layout *l = r->layout;
	enum err rc = ERR_OK;

	buf_fmt(out, "<%.*s", STR_ARG(l->row));
	if (!l->attributes)
		buf_char(out, '>');
	for (size_t i = 0; i < l->columns_len && rc == ERR_OK; i++) {
		const struct pay_column *c = &l->columns[i];
		struct buf b;

		buf_init(&b, out->a, CELL_BYTES);
		pay_cell(&b, l, c, row);
		rc = l->attributes
		    ? put_attribute(r, c->name, buf_str(&b), out, f)
		    : put_element(r, c->name, buf_str(&b), out, f);
	}
	if (l->attributes)
		buf_lit(out, "/>\n");
	else
		buf_fmt(out, "</%.*s>\n", STR_ARG(l->row));
	return rc;
}

enum err
reg_xml_end(const struct pay_register *r, struct buf *out, struct fault *f)
{
	(void)f;
	buf_fmt(out, "</%.*s>\n", STR_ARG(r->layout->root));
	return ERR_OK;
}
