/*
 * Whatever a bank's register holds, under each layout: a line is a row within
 * its bounds, or is told with its place and a reason, and the next one is read.
 */
#include "kvitok/base/jw.h"
#include "kvitok/base/utf8.h"
#include "kvitok/domain/reg_line.h"

#include <assert.h>

#define LINES_MAX 200
#define MARKS 4 /* bytes in front that choose the layout */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
column(struct jw *w, bool named, int n, const char *fields, const char *form,
    bool optional)
{
	static const char *const names[] = { "T", "Z", "K", "N", "B", "I", "R",
		"C", "G", "F", "V", "S" };

	jw_object(w);
	if (named)
		jw_ktext(w, "name", str_of(names[n]));
	else
		jw_kint(w, "position", n + 1);
	jw_key(w, "field");
	if (str_eq(str_of(fields), STR("auth_code rrn"))) {
		jw_list(w);
		jw_text(w, STR("auth_code"));
		jw_text(w, STR("rrn"));
		jw_list_end(w);
		jw_ktext(w, "joined_by", STR("|"));
	} else {
		jw_text(w, str_of(fields));
	}
	if (form[0] != '\0')
		jw_ktext(w, "form", str_of(form));
	jw_kbool(w, "optional", optional);
	jw_object_end(w);
}

/* Each bit is one choice that a layout has. */
enum {
	NAMED = 1,
	APART = 2, /* day and time */
	KINDS = 4,
	SIGNED = 8,
	BELOW = 16,
	QUOTED = 32,
	FOOT = 64,
	HEAD_DAY = 128
};

static void
columns(struct jw *w, uint8_t marks, size_t vat)
{
	bool named = marks & NAMED;

	jw_key(w, "columns");
	jw_list(w);
	if (marks & APART) {
		column(w, named, 0, "day", "DD.MM.YY", false);
		column(w, named, 1, "time", "hh:mm:ss", true);
	} else {
		column(w, named, 0, "at", "YYYY-MM-DD hh:mm", false);
	}
	if (marks & KINDS)
		column(w, named, 2, "kind", "", false);
	column(w, named, 3, "order_no", "", true);
	column(w, named, 4, "bank_id", "", true);
	column(w, named, 5, "op_id", "", true);
	column(w, named, 6, "auth_code rrn", "", true);
	column(w, named, 7, "card", "", true);
	column(w, named, 8, "gross", "", false);
	column(w, named, 9, "fee", "", true);
	if (vat > 0)
		column(w, named, 10, "vat", "", true);
	column(w, named, 11, "net", "", true);
	jw_list_end(w);
}

static void
kinds(struct jw *w)
{
	static const char *const words[] = { "P", "R", "X", "D", "U", "F",
		"C" };

	jw_key(w, "kinds");
	jw_object(w);
	for (int i = 0; i < REG_KIND__COUNT; i++)
		jw_ktext(w, words[i], str_of(reg_kind_name((enum reg_kind)i)));
	jw_object_end(w);
}

static void
foot(struct jw *w, bool required)
{
	static const char *const what[] = { "count", "gross", "fee", "vat",
		"net" };

	jw_key(w, "foot");
	jw_object(w);
	jw_ktext(w, "begins", STR("="));
	jw_kbool(w, "required", required);
	jw_key(w, "totals");
	jw_list(w);
	for (int i = 0; i < REG_TOTAL__COUNT; i++) {
		jw_object(w);
		jw_kint(w, "position", i + 2);
		jw_ktext(w, "what", str_of(what[i]));
		jw_object_end(w);
	}
	jw_list_end(w);
	jw_object_end(w);
}

static void
head(struct jw *w, uint8_t marks, uint8_t n)
{
	jw_key(w, "head");
	jw_object(w);
	if (marks & NAMED)
		jw_kint(w, "within", 1 + n % 5);
	else
		jw_kint(w, "skip", n % 3);
	if (marks & HEAD_DAY) {
		jw_key(w, "day");
		jw_object(w);
		jw_ktext(w, "after", STR("#"));
		jw_ktext(w, "form", STR("DD.MM.YYYY"));
		jw_object_end(w);
	}
	jw_object_end(w);
}

/* A layout by the first bytes: data[0] choices, data[1] encoding, VAT and
 * spaces, data[2] separator and decimal mark, data[3] lines of the head. */
static struct str
layout_json(struct arena *a, const uint8_t *data)
{
	static const char *const separators[] = { ";", "tab", "|", "," };
	static const char *const vats[] = { "none", "apart", "within" };
	static const char *const spaces[] = { "space", "no-break", "narrow" };
	uint8_t marks = data[0];
	size_t vat = data[1] / 8 % 3;
	struct buf b;
	struct jw w;

	buf_init(&b, a, 8192);
	jw_init(&w, &b);
	jw_object(&w);
	jw_ktext(&w, "layout", STR("fuzz"));
	jw_ktext(&w, "encoding",
	    str_of(codepage_name((enum codepage)(data[1] % CODEPAGE__COUNT))));
	jw_ktext(&w, "separator", str_of(separators[data[2] % 4]));
	if (marks & QUOTED)
		jw_ktext(&w, "quote", str_of(data[2] & 4 ? "\"" : "'"));
	jw_ktext(&w, "decimal", str_of(data[2] & 8 ? "," : "."));
	jw_key(&w, "thousands");
	jw_list(&w);
	for (int i = 0; i < 3; i++)
		if (data[1] >> (5 + i) & 1)
			jw_text(&w, str_of(spaces[i]));
	jw_list_end(&w);
	jw_kint(&w, "zone_min", (int64_t)(data[3] % 27) * 60 - 720);
	jw_kbool(&w, "open_end", data[2] & 16);
	jw_ktext(&w, "sums", str_of(marks & SIGNED ? "signed" : "by_kind"));
	head(&w, marks, data[3]);
	columns(&w, marks, vat);
	if (marks & KINDS)
		kinds(&w);
	jw_key(&w, "fees");
	jw_object(&w);
	jw_ktext(&w, "vat", str_of(vats[vat]));
	jw_ktext(&w, "sign", str_of(marks & BELOW ? "minus" : "plus"));
	jw_object_end(&w);
	if (marks & FOOT)
		foot(&w, data[2] & 32);
	jw_object_end(&w);
	assert(!b.full);
	return buf_str(&b);
}

static void
check_row(
    struct arena *a, const struct reg_reader *r, const struct reg_row *row)
{
	const struct str texts[] = { row->order_no, row->bank_id, row->op_id,
		row->rrn, row->auth_code, row->card };
	static const size_t widths[] = { 40, 64, 64, 40, 16, 24 };
	char key[REG_KEY_SIZE];

	assert(r->headed && row->line == r->line);
	assert(row->kind < REG_KIND__COUNT && day_valid(str_of(row->day)));
	assert(row->net_kop == row->gross_kop - row->fee_kop - row->vat_kop);
	for (size_t i = 0; i < KV_COUNT(texts); i++)
		assert(texts[i].len <= widths[i] && utf8_text(texts[i]));
	assert(row->kind != REG_PAYMENT || row->gross_kop > 0);
	assert(row->kind != REG_REFUND || row->gross_kop < 0);
	assert(row->kind != REG_FEE || row->gross_kop == 0);
	assert(row->kind != REG_CORRECTION || row->gross_kop != 0);
	reg_key(a, STR("contract"), row, key);
	assert(strlen(key) == REG_KEY_SIZE - 1);
}

static void
check_bad(const struct reg_reader *r, const struct reg_bad *bad)
{
	assert(bad->line == r->line && bad->column >= 0);
	assert(strncmp(bad->reason, "reg_", 4) == 0);
	assert(utf8_valid(bad->value) && utf8_len(bad->value) <= 120);
}

static void
check_line(struct arena *a, struct reg_reader *r, struct str line)
{
	int64_t before = r->line;
	struct reg_row row;
	struct reg_bad bad;

	if (line.len > REG_LINE_MAX) {
		reg_pass_over(r, &bad);
		check_bad(r, &bad);
		return;
	}
	switch (reg_read(r, a, line, &row, &bad)) {
	case REG_SEEN_ROW:
		assert(!r->footed);
		check_row(a, r, &row);
		break;
	case REG_SEEN_BAD:
		check_bad(r, &bad);
		break;
	case REG_SEEN_FOOT:
		assert(r->footed && r->l->foot.len > 0);
		break;
	case REG_SEEN_NOTHING:
		break;
	}
	assert(r->line == before + 1);
	assert(r->day[0] == '\0' || day_valid(str_of(r->day)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64 << 20);
	struct reg_layout layout;
	struct reg_reader r;
	struct fault f;
	struct str rest, line;

	fault_init(&f);
	if (size >= MARKS) {
		/* Comma as both marks is refused without quotes. */
		if (reg_layout_read(a, layout_json(a, data), &layout, &f) ==
		    ERR_OK) {
			rest = (struct str){ (const char *)data + MARKS,
				size - MARKS };
			reg_reader_init(&r, &layout);
			for (int i = 0; i < LINES_MAX && rest.len > 0; i++) {
				(void)str_cut(&rest, '\n', &line);
				check_line(a, &r, line);
			}
		} else {
			assert(!(data[0] & QUOTED) && data[2] % 4 == 3 &&
			    data[2] & 8);
		}
	}
	arena_free(a);
	return 0;
}
