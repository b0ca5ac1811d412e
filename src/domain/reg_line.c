#include "kvitok/domain/reg_line.h"

#include "kvitok/base/secret.h"
#include "kvitok/base/utf8.h"
#include "kvitok/domain/reg_cell.h"

#define KEY_TEXT_MAX 1024
#define CELLS_MAX 256
#define VALUE_MAX 120 /* characters of what is told of a bad cell */

/* How long a field may be: what its column in the tables takes. */
static const size_t widths[REG_FIELD__COUNT] = {
	[REG_ORDER_NO] = 40,
	[REG_BANK_ID] = 64,
	[REG_OP_ID] = 64,
	[REG_RRN] = 40,
	[REG_AUTH_CODE] = 16,
	[REG_CARD] = 24,
};

/* A line on its way. */
struct reading {
	struct reg_reader *r;
	struct arena *a;
	struct str cells[CELLS_MAX];
	size_t len;
	struct str got[REG_FIELD__COUNT]; /* p NULL: no such column */
	int column[REG_FIELD__COUNT];
	struct reg_row *row;
	struct reg_bad *bad;
};

void
reg_reader_init(struct reg_reader *r, const struct reg_layout *l)
{
	memset(r, 0, sizeof(*r));
	r->l = l;
	for (size_t i = 0; i < l->columns_len; i++)
		r->at[i] = l->columns[i].position - 1;
}

bool
reg_is_foreign(const struct reg_reader *r)
{
	return r->l->named && !r->headed && r->line >= r->l->within;
}

static bool
tell(struct reading *x, int column, const char *reason, struct str value)
{
	*x->bad = (struct reg_bad){ .line = x->r->line,
		.column = column,
		.reason = reason,
		.value = arena_str(x->a, utf8_cut(value, VALUE_MAX)) };
	return false;
}

void
reg_pass_over(struct reg_reader *r, struct reg_bad *bad)
{
	r->line++;
	r->footed = false;
	*bad = (struct reg_bad){
		.line = r->line, .reason = "reg_line_long", .value = STR("")
	};
}

/* --- cells ----------------------------------------------------------- */

/* A cell in quotes, where two of them stand for one.  Gives: false when it
 * does not end. */
static bool
quoted(struct reading *x, struct str *rest, struct str *out)
{
	const char q = x->r->l->quote;
	char *to = arena_alloc(x->a, rest->len + 1);
	size_t len = 0, i = 1;

	for (; i < rest->len; i++) {
		if (rest->p[i] != q)
			to[len++] = rest->p[i];
		else if (i + 1 < rest->len && rest->p[i + 1] == q)
			to[len++] = rest->p[i++];
		else
			break;
	}
	if (i == rest->len)
		return false;
	*out = (struct str){ to, len };
	rest->p += i + 1;
	rest->len -= i + 1;
	return rest->len == 0 || rest->p[0] == x->r->l->separator;
}

static bool
split(struct reading *x, struct str s)
{
	const struct reg_layout *l = x->r->l;
	bool more = true;

	x->len = 0;
	while (more) {
		struct str cell;

		if (x->len == CELLS_MAX)
			return tell(x, 0, "reg_cells", s);
		if (l->quote != 0 && s.len > 0 && s.p[0] == l->quote) {
			if (!quoted(x, &s, &cell))
				return tell(x, (int)x->len + 1, "reg_quote", s);
			more = s.len > 0;
			s.p += more;
			s.len -= more;
		} else {
			more = str_cut(&s, l->separator, &cell);
		}
		x->cells[x->len++] = reg_cell_trim(cell);
	}
	return true;
}

/* Lines of nothing but separators are what spreadsheets leave behind. */
static bool
is_empty(const struct reg_layout *l, struct str s)
{
	s = reg_cell_trim(s);
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] != l->separator && s.p[i] != ' ')
			return false;
	return true;
}

/* --- heading and totals ---------------------------------------------- */

static void
look_for_day(struct reg_reader *r, struct str s)
{
	struct reg_moment m;
	size_t at = str_find(s, r->l->day_after);
	struct str rest;

	if (r->l->day_after.len == 0 || r->day[0] != '\0' || at == s.len)
		return;
	rest = (struct str){ s.p + at + r->l->day_after.len,
		s.len - at - r->l->day_after.len };
	if (rest.len > r->l->day_form.len)
		rest.len = r->l->day_form.len;
	if (reg_cell_moment(rest, r->l->day_form, &m))
		memcpy(r->day, m.day, sizeof(r->day));
}

/* Every column that is not optional must be named in it. */
static bool
is_header(struct reading *x)
{
	struct reg_reader *r = x->r;

	for (size_t i = 0; i < r->l->columns_len; i++) {
		const struct reg_column *c = &r->l->columns[i];
		size_t k = 0;

		while (k < x->len && !str_eq(x->cells[k], c->name))
			k++;
		if (k == x->len && !c->optional)
			return false;
		r->at[i] = k < x->len ? (int)k : -1;
	}
	r->cells = x->len;
	return true;
}

/* Gives: whether the line belongs to the heading. */
static bool
heading(struct reading *x, struct str s)
{
	struct reg_reader *r = x->r;

	if (r->headed)
		return false;
	if (!r->l->named && r->line > r->l->skip) {
		r->headed = true;
		return false;
	}
	look_for_day(r, s);
	if (r->l->named && r->line <= r->l->within && split(x, s))
		r->headed = is_header(x);
	return true;
}

static bool
totals(struct reading *x, struct str s)
{
	struct reg_reader *r = x->r;
	const struct reg_layout *l = r->l;
	struct str bare = s;

	if (l->quote != 0 && bare.len > 0 && bare.p[0] == l->quote) {
		bare.p++;
		bare.len--;
	}
	if (l->foot.len == 0 || !str_starts(bare, l->foot))
		return false;
	r->footed = true;
	if (!split(x, s))
		return true;
	/* Of several lines of totals the last one is about the whole. */
	for (size_t i = 0; i < l->totals_len; i++) {
		const struct reg_declared *t = &l->totals[i];
		struct str cell = (size_t)t->position <= x->len
		    ? x->cells[t->position - 1]
		    : STR("");

		r->declares[t->what] = t->what == REG_COUNT
		    ? reg_cell_count(cell, l, &r->declared[t->what])
		    : reg_cell_sum(cell, l, &r->declared[t->what]);
	}
	return true;
}

/* --- fields ---------------------------------------------------------- */

/* Put what stands in the cells to their fields. */
static bool
gather(struct reading *x)
{
	const struct reg_layout *l = x->r->l;

	for (size_t i = 0; i < l->columns_len; i++) {
		const struct reg_column *c = &l->columns[i];
		struct str cell = STR(""), head;
		int at = x->r->at[i];

		if (at >= 0 && (size_t)at < x->len)
			cell = x->cells[at];
		else if (at >= 0 && !c->optional)
			return tell(x, at + 1, "reg_cells", STR(""));
		for (size_t k = 0; k < c->fields_len; k++) {
			head = cell;
			if (c->fields_len == 2)
				(void)str_cut(&cell, c->joined_by, &head);
			x->got[c->fields[k]] = reg_cell_trim(head);
			x->column[c->fields[k]] = at + 1;
			if (!c->optional && c->fields_len == 1 && head.len == 0)
				return tell(x, at + 1, "reg_empty", STR(""));
		}
	}
	/* A separator in a value would shift all that follow it. */
	for (size_t i = x->len; x->r->cells > 0 && i > x->r->cells; i--)
		if (x->cells[i - 1].len > 0)
			return tell(x, (int)i, "reg_cells", x->cells[i - 1]);
	return true;
}

static bool
text(struct reading *x, enum reg_field field, struct str *out)
{
	struct str s = x->got[field];

	*out = s.p != NULL ? s : STR("");
	if (s.len > widths[field])
		return tell(x, x->column[field], "reg_text_long", s);
	return true;
}

static bool
sum(struct reading *x, enum reg_field field, int64_t *out)
{
	struct str s = x->got[field];

	*out = 0;
	if (s.len == 0 || reg_cell_sum(s, x->r->l, out))
		return true;
	return tell(x, x->column[field], "reg_sum", s);
}

static bool
moment(struct reading *x)
{
	const struct reg_layout *l = x->r->l;
	struct reg_moment day = { .ms = 0 }, time = { .ms = 0 };
	int64_t midnight;

	for (size_t i = 0; i < l->columns_len; i++) {
		const struct reg_column *c = &l->columns[i];
		struct str s = x->got[c->fields[0]];

		if (c->form.len == 0 || s.len == 0)
			continue;
		if (!reg_cell_moment(
			s, c->form, c->fields[0] == REG_TIME ? &time : &day))
			return tell(x, x->column[c->fields[0]], "reg_time", s);
	}
	if (!day_start(str_of(day.day), l->zone_min, &midnight))
		return tell(x, 0, "reg_time", str_of(day.day));
	x->row->at = midnight + day.ms + time.ms;
	day_of(x->row->at, DAY_ZONE_MOSCOW, x->row->day);
	return true;
}

static bool
kind(struct reading *x)
{
	const struct reg_layout *l = x->r->l;
	struct str s = x->got[REG_KIND];

	x->row->kind =
	    x->row->gross_kop < 0 && l->signed_sums ? REG_REFUND : REG_PAYMENT;
	if (s.p == NULL)
		return true;
	for (size_t i = 0; i < l->kinds_len; i++)
		if (str_eq(s, l->kinds[i].word)) {
			x->row->kind = l->kinds[i].kind;
			return true;
		}
	return tell(x, x->column[REG_KIND], "reg_kind", s);
}

/* Which way money of a kind goes; 0: either, or none. */
static int
way(enum reg_kind k)
{
	static const int ways[REG_KIND__COUNT] = { [REG_PAYMENT] = 1,
		[REG_REFUND] = -1,
		[REG_REVERSAL] = -1,
		[REG_CHARGEBACK] = -1,
		[REG_CHARGEBACK_REVERSAL] = 1 };

	return ways[k];
}

/* What is printed without signs gets that of its kind. */
static bool
signs(struct reading *x)
{
	const struct reg_layout *l = x->r->l;
	struct reg_row *row = x->row;
	int w = way(row->kind);

	if (!l->signed_sums && w != 0) {
		if (row->gross_kop < 0)
			return tell(x, x->column[REG_GROSS], "reg_sign",
			    x->got[REG_GROSS]);
		row->gross_kop *= w;
		row->net_kop *= w;
	}
	if ((w != 0 && row->gross_kop * w <= 0) ||
	    (row->kind == REG_CORRECTION && row->gross_kop == 0) ||
	    (row->kind == REG_FEE && row->gross_kop != 0))
		return tell(
		    x, x->column[REG_GROSS], "reg_sign", x->got[REG_GROSS]);
	if (l->fee_below) {
		row->fee_kop = -row->fee_kop;
		row->vat_kop = -row->vat_kop;
	}
	if (l->vat == REG_VAT_WITHIN)
		row->fee_kop -= row->vat_kop;
	if (row->kind == REG_FEE && row->fee_kop == 0 && row->vat_kop == 0)
		return tell(x, x->column[REG_FEE_SUM], "reg_empty", STR(""));
	return true;
}

/* Sums are bounded far below what 64 bits hold. */
static bool
net(struct reading *x)
{
	struct reg_row *row = x->row;
	int64_t must = row->gross_kop - row->fee_kop - row->vat_kop;

	if (x->got[REG_NET].len > 0 && row->net_kop != must)
		return tell(x, x->column[REG_NET], "reg_net", x->got[REG_NET]);
	row->net_kop = must;
	return true;
}

static bool
fill(struct reading *x)
{
	struct reg_row *row = x->row;

	*row = (struct reg_row){ .line = x->r->line };
	if (!gather(x) || !text(x, REG_ORDER_NO, &row->order_no) ||
	    !text(x, REG_BANK_ID, &row->bank_id) ||
	    !text(x, REG_OP_ID, &row->op_id) || !text(x, REG_RRN, &row->rrn) ||
	    !text(x, REG_AUTH_CODE, &row->auth_code) ||
	    !text(x, REG_CARD, &row->card) ||
	    !sum(x, REG_GROSS, &row->gross_kop) ||
	    !sum(x, REG_FEE_SUM, &row->fee_kop) ||
	    !sum(x, REG_VAT, &row->vat_kop) || !sum(x, REG_NET, &row->net_kop))
		return false;
	return moment(x) && kind(x) && signs(x) && net(x);
}

enum reg_seen
reg_read(struct reg_reader *r, struct arena *a, struct str bytes,
    struct reg_row *row, struct reg_bad *bad)
{
	struct reading x = { .r = r, .a = a, .row = row, .bad = bad };
	struct buf line;
	bool clean;
	struct str s;

	r->line++;
	if (r->line == 1 && r->l->encoding == CODEPAGE_UTF8 &&
	    str_starts(bytes, STR(CODEPAGE_BOM))) {
		bytes.p += 3;
		bytes.len -= 3;
	}
	buf_init(&line, a, (size_t)3 * REG_LINE_MAX + 1);
	clean = codepage_read(r->l->encoding, bytes, &line) == bytes.len;
	s = str_trim(buf_str(&line));
	clean = clean && utf8_text(s);
	if (is_empty(r->l, s) && clean)
		return REG_SEEN_NOTHING;
	if (heading(&x, s))
		return REG_SEEN_NOTHING;
	r->footed = false;
	if (!clean) {
		(void)tell(&x, 0, "reg_text", s);
		return REG_SEEN_BAD;
	}
	if (totals(&x, s))
		return REG_SEEN_FOOT;
	return split(&x, s) && fill(&x) ? REG_SEEN_ROW : REG_SEEN_BAD;
}

void
reg_key(struct arena *a, struct str contract, const struct reg_row *row,
    char out[REG_KEY_SIZE])
{
	struct buf b;
	char hex[65];

	buf_init(&b, a, KEY_TEXT_MAX);
	buf_fmt(&b, "%.*s\n%s\n%.*s", STR_ARG(contract),
	    reg_kind_name(row->kind), STR_ARG(row->op_id));
	if (row->op_id.len == 0)
		buf_fmt(&b, "\n%.*s\n%.*s\n%.*s\n%.*s\n%lld\n%lld",
		    STR_ARG(row->order_no), STR_ARG(row->bank_id),
		    STR_ARG(row->rrn), STR_ARG(row->auth_code),
		    (long long)row->gross_kop, (long long)row->at);
	secret_sha256_hex(buf_str(&b), hex);
	memcpy(out, hex, REG_KEY_SIZE - 1);
	out[REG_KEY_SIZE - 1] = '\0';
}
