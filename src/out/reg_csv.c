#include "kvitok/out/legacy.h"
#include "kvitok/out/registers.h"

#include <string.h>

#define CELL_BYTES 4096

static void
end_line(const struct pay_layout *l, struct buf *out)
{
	if (!l->lf)
		buf_char(out, '\r');
	buf_char(out, '\n');
}

static enum err
put_filled(const struct pay_register *r, struct str words, struct buf *out,
    struct fault *f)
{
	struct buf b;

	buf_init(&b, out->a, CELL_BYTES);
	if (!pay_fill(&b, r->layout, words, r->s, r->totals) || b.full)
		return legacy_refuse("head", "cannot be filled", f);
	if (legacy_text(out, r->layout->encoding, "head", buf_str(&b), f) !=
	    ERR_OK)
		return f->err;
	end_line(r->layout, out);
	return ERR_OK;
}

/* What would end the cell or the line: quoted, or else a space. */
static struct str
safe(struct arena *a, const struct pay_layout *l, struct str s)
{
	bool needs = false;
	struct buf b;

	for (size_t i = 0; i < s.len; i++)
		needs |= s.p[i] == l->separator || s.p[i] == '\r' ||
		    s.p[i] == '\n' || s.p[i] == '\t' ||
		    (l->quote != 0 && s.p[i] == l->quote);
	if (!needs)
		return s;
	buf_init(&b, a, CELL_BYTES);
	if (l->quote != 0)
		buf_char(&b, l->quote);
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (c == '\r' || c == '\n' || c == '\t' ||
		    (l->quote == 0 && c == l->separator))
			c = ' ';
		if (l->quote != 0 && c == l->quote)
			buf_char(&b, c);
		buf_char(&b, c);
	}
	if (l->quote != 0)
		buf_char(&b, l->quote);
	return buf_str(&b);
}

static enum err
put_cell(const struct pay_register *r, const struct pay_column *c,
    struct str text, struct buf *out, struct fault *f)
{
	const char *field =
	    c->name.len > 0 ? arena_z(out->a, c->name) : "column";

	if (text.len >= CELL_BYTES / 2)
		return legacy_refuse(field, "too long", f);
	return legacy_text(
	    out, r->layout->encoding, field, safe(out->a, r->layout, text), f);
}

static enum err
put_names(const struct pay_register *r, struct buf *out, struct fault *f)
{
	const struct pay_layout *l = r->layout;
	enum err rc = ERR_OK;

	for (size_t i = 0; i < l->columns_len && rc == ERR_OK; i++) {
		if (i > 0)
			buf_char(out, l->separator);
		rc = put_cell(r, &l->columns[i], l->columns[i].name, out, f);
	}
	end_line(l, out);
	return rc;
}

enum err
reg_csv_begin(const struct pay_register *r, struct buf *out, struct fault *f)
{
	const struct pay_layout *l = r->layout;
	enum err rc = ERR_OK;

	for (size_t i = 0; i < l->head_len && rc == ERR_OK; i++)
		rc = put_filled(r, l->head[i], out, f);
	return rc == ERR_OK && l->names ? put_names(r, out, f) : rc;
}

enum err
reg_csv_row(const struct pay_register *r, const struct pay_row *row,
    struct buf *out, struct fault *f)
{
	const struct pay_layout *l = r->layout;
	enum err rc = ERR_OK;

	for (size_t i = 0; i < l->columns_len && rc == ERR_OK; i++) {
		struct buf b;

		buf_init(&b, out->a, CELL_BYTES);
		pay_cell(&b, l, &l->columns[i], row);
		if (i > 0)
			buf_char(out, l->separator);
		rc = put_cell(r, &l->columns[i], buf_str(&b), out, f);
	}
	end_line(l, out);
	return rc;
}

enum err
reg_csv_end(const struct pay_register *r, struct buf *out, struct fault *f)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; i < r->layout->foot_len && rc == ERR_OK; i++)
		rc = put_filled(r, r->layout->foot[i], out, f);
	return rc;
}
