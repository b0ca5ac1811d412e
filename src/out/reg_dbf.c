/* dBase III without a memo: a header, a descriptor of 32 bytes per column,
 * rows of one width, 0x1A at the end.  Byte 29 names the code page: 0x65 is
 * cp866, 0xC9 windows-1251 (FoxPro's numbers, which everybody took over). */
#include "kvitok/base/num.h"
#include "kvitok/out/legacy.h"
#include "kvitok/out/registers.h"

#define HEAD 32
#define COLUMN 32
#define DECIMALS 2
#define CELL_BYTES 4096

static bool
is_day(enum pay_field field)
{
	return field == PAY_DAY || field == PAY_POSTED_DAY;
}

static char
type_of(enum pay_field field)
{
	if (is_day(field))
		return 'D';
	return pay_field_is_sum(field) || field == PAY_N ? 'N' : 'C';
}

static void
put_le(struct buf *out, int64_t n, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_char(out, (char)(n >> (8 * i) & 0xFF));
}

static void
put_zeros(struct buf *out, int n)
{
	for (int i = 0; i < n; i++)
		buf_char(out, '\0');
}

/* The file's day is that of the settlement's order: made again it is the
 * same file. */
static void
put_file_day(struct buf *out, struct str day)
{
	int64_t year = 1900, month = 1, d = 1;

	if (day.len != 10 ||
	    !num_parse((struct str){ day.p, 4 }, 1900, 2155, &year) ||
	    !num_parse((struct str){ day.p + 5, 2 }, 1, 12, &month) ||
	    !num_parse((struct str){ day.p + 8, 2 }, 1, 31, &d))
		year = 1900;
	put_le(out, year - 1900, 1);
	put_le(out, month, 1);
	put_le(out, d, 1);
}

static void
put_column(const struct pay_column *c, struct buf *out)
{
	char type = type_of(c->field);

	buf_bytes(out, c->name.p, c->name.len);
	put_zeros(out, 11 - (int)c->name.len);
	buf_char(out, type);
	put_zeros(out, 4);
	put_le(out, c->length, 1);
	put_le(out, pay_field_is_sum(c->field) ? DECIMALS : 0, 1);
	put_zeros(out, 14);
}

enum err
reg_dbf_begin(const struct pay_register *r, struct buf *out, struct fault *f)
{
	const struct pay_layout *l = r->layout;
	int64_t width = 1;

	for (size_t i = 0; i < l->columns_len; i++)
		width += l->columns[i].length;
	if (width > UINT16_MAX || r->totals->count > UINT32_MAX)
		return legacy_refuse("columns", "too wide", f);
	put_le(out, 0x03, 1);
	put_file_day(out, r->s->order_day);
	put_le(out, r->totals->count, 4);
	put_le(out, HEAD + COLUMN * (int64_t)l->columns_len + 1, 2);
	put_le(out, width, 2);
	put_zeros(out, 17);
	put_le(out, l->encoding == CODEPAGE_CP866 ? 0x65 : 0xC9, 1);
	put_zeros(out, 2);
	for (size_t i = 0; i < l->columns_len; i++)
		put_column(&l->columns[i], out);
	buf_char(out, '\r');
	return ERR_OK;
}

/* Numbers stand at the right, words at the left; what is too long is refused,
 * for it would be another number. */
static enum err
put_cell(const struct pay_register *r, const struct pay_column *c,
    const struct pay_row *row, struct buf *out, struct fault *f)
{
	const char *field = arena_z(out->a, c->name);
	struct pay_column plain = *c;
	struct pay_layout dot = *r->layout;
	size_t width = (size_t)c->length;
	struct buf text, bytes;
	enum err rc;

	dot.decimal = '.'; /* a number of a DBF has no other */
	if (is_day(c->field))
		plain.form = STR("YYYYMMDD");
	buf_init(&text, out->a, CELL_BYTES);
	buf_init(&bytes, out->a, CELL_BYTES);
	pay_cell(&text, &dot, &plain, row);
	rc = legacy_text(&bytes, r->layout->encoding, field, buf_str(&text), f);
	if (rc != ERR_OK)
		return rc;
	if (text.full || bytes.full || bytes.len > width)
		return legacy_refuse(field, "longer than its column", f);
	for (size_t i = bytes.len; type_of(c->field) == 'N' && i < width; i++)
		buf_char(out, ' ');
	buf_bytes(out, bytes.p, bytes.len);
	for (size_t i = bytes.len; type_of(c->field) != 'N' && i < width; i++)
		buf_char(out, ' ');
	return ERR_OK;
}

enum err
reg_dbf_row(const struct pay_register *r, const struct pay_row *row,
    struct buf *out, struct fault *f)
{
	enum err rc = ERR_OK;

	buf_char(out, ' '); /* not deleted */
	for (size_t i = 0; i < r->layout->columns_len && rc == ERR_OK; i++)
		rc = put_cell(r, &r->layout->columns[i], row, out, f);
	return rc;
}

enum err
reg_dbf_end(const struct pay_register *r, struct buf *out, struct fault *f)
{
	(void)r, (void)f;
	put_le(out, 0x1A, 1);
	return ERR_OK;
}
