#include "kvitok/out/pdf.h"

#include "kvitok/base/day.h"
#include "kvitok/base/tpl.h"
#include "kvitok/base/utf8.h"
#include "kvitok/domain/money.h"
#include "kvitok/domain/words.h"
#include "kvitok/out/invoice.h"

#include <assert.h>
#include <stdlib.h>

#define FILE_MAX ((size_t)4 << 20)

/* The type area, in points. */
#define LEFT 60.0
#define WIDTH (SHEET_WIDTH - 2 * LEFT)
#define TOP 52.0
#define BOTTOM (SHEET_HEIGHT - 96)
#define FOOT (SHEET_HEIGHT - 76)

#define LABEL_W 142.0 /* left column of names */
#define SUM_W 92.0    /* columns of sums, right */
#define GRID_W (WIDTH / 2 - 8)
#define GRID_GAP 9.0
#define ROW_GAP 5.0
#define BLOCK_GAP 19.0

enum word {
#define WORD(id, text) WORD_##id,
#include "receipt_words.def"
#undef WORD
	WORD__COUNT
};

static const char *const words[WORD__COUNT] = {
#define WORD(id, text) [WORD_##id] = (text),
#include "receipt_words.def"
#undef WORD
};

/* A receipt on its way to paper. */
struct job {
	struct arena *a;
	const struct receipt *r;
	struct sheet *s;
	double y;
	int page, pages;
	bool fees; /* any line has one: a column is needed */
};

static struct str
word(enum word w)
{
	return str_of(words[w]);
}

/* Our own words with names that are there: a failure is a broken build. */
static struct str
word_with(struct arena *a, enum word w, const struct tpl_var *v, size_t len)
{
	const struct tpl_vars vars = { v, len };
	struct fault f;
	struct buf b;
	enum err rc;

	fault_init(&f);
	buf_init(&b, a, (size_t)4 * PDF_TEXT_MAX);
	rc = tpl_render(&b, TPL_TEXT, word(w), &vars, &f);
	assert(rc == ERR_OK);
	(void)rc; /* for a build without assert */
	return buf_str(&b);
}

static struct str
word_with1(struct arena *a, enum word w, const char *name, struct str value)
{
	const struct tpl_var v = { .name = name, .text = value };

	return word_with(a, w, &v, 1);
}

/* The word of a payment's receipt, or of a refund's. */
static enum word
either(const struct receipt *r, enum word paid, enum word back)
{
	return r->refund.len > 0 ? back : paid;
}

static struct str
roubles_signed(struct arena *a, int64_t kop)
{
	return word_with1(a, WORD_SUM, "sum", buf_roubles_str(a, kop));
}

static struct sheet_box
across(double y)
{
	return (struct sheet_box){ LEFT, y, WIDTH };
}

static void
foot(struct job *j)
{
	struct sheet_box at = across(FOOT + 9);

	sheet_rule(j->s, across(FOOT), 0.7, SHEET_HAIR);
	if (j->pages > 1) {
		const struct tpl_var v[] = {
			{ .name = "page",
			    .text = arena_fmt(j->a, "%d", j->page) },
			{ .name = "pages",
			    .text = arena_fmt(j->a, "%d", j->pages) },
		};

		sheet_text(j->s, SHEET_SMALL, SHEET_RIGHT, at,
		    word_with(j->a, WORD_PAGE, v, KV_COUNT(v)));
		at.w -= 90; /* the first line only */
	}
	if (j->r->support.len > 0) {
		at.y += sheet_text(j->s, SHEET_SMALL, SHEET_LEFT, at,
		    word_with1(j->a, WORD_SUPPORT, "support", j->r->support));
		at.w = WIDTH;
	}
	sheet_text(j->s, SHEET_SMALL, SHEET_LEFT, at,
	    word(either(j->r, WORD_NOTE, WORD_NOTE_BACK)));
}

static void
turn_page(struct job *j)
{
	foot(j);
	sheet_next_page(j->s);
	j->page++;
	j->y = TOP;
	j->y += sheet_text(j->s, SHEET_SMALL, SHEET_LEFT, across(j->y),
	    word_with1(j->a, either(j->r, WORD_CONTINUED, WORD_CONTINUED_BACK),
		"number", j->r->number));
	sheet_rule(j->s, across(j->y + 7), 0.7, SHEET_HAIR);
	j->y += 7 + BLOCK_GAP;
}

/* Gives: true when a new page had to be begun for what is that high. */
static bool
make_room(struct job *j, double height)
{
	if (j->y + height <= BOTTOM)
		return false;
	turn_page(j);
	return true;
}

struct fact {
	enum word name;
	struct str value;
};

static double
fact_measure(struct job *j, const struct fact *fact)
{
	if (fact->value.len == 0)
		return 0;
	return ROW_GAP +
	    sheet_measure(j->s, SHEET_TEXT, WIDTH - LABEL_W, fact->value);
}

/* Names left, values right of them; what is empty is left out. */
static void
facts_draw(struct job *j, const struct fact *facts, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		struct sheet_box at = across(j->y);

		if (facts[i].value.len == 0)
			continue;
		sheet_text(
		    j->s, SHEET_LABEL, SHEET_LEFT, at, word(facts[i].name));
		at.x += LABEL_W;
		at.w -= LABEL_W;
		j->y += ROW_GAP +
		    sheet_text(j->s,
			facts[i].name == WORD_SUPPLIER ? SHEET_STRONG
						       : SHEET_TEXT,
			SHEET_LEFT, at, facts[i].value);
	}
}

static double
facts_measure(struct job *j, const struct fact *facts, size_t len)
{
	double height = 0;

	for (size_t i = 0; i < len; i++)
		height += fact_measure(j, &facts[i]);
	return height;
}

/* Two columns of small names with their values below. */
static void
grid_draw(struct job *j, const struct fact *facts, size_t len)
{
	double row_h = 0;
	size_t cell = 0;

	for (size_t i = 0; i < len; i++) {
		struct sheet_box at = { LEFT, j->y, GRID_W };
		double h;

		if (facts[i].value.len == 0)
			continue;
		at.x += cell % 2 == 0 ? 0 : WIDTH - GRID_W;
		h = 1 +
		    sheet_text(
			j->s, SHEET_SMALL, SHEET_LEFT, at, word(facts[i].name));
		at.y += h;
		h += sheet_text(
		    j->s, SHEET_TEXT, SHEET_LEFT, at, facts[i].value);
		row_h = h > row_h ? h : row_h;
		if (cell++ % 2 == 1) {
			j->y += row_h + GRID_GAP;
			row_h = 0;
		}
	}
	if (row_h > 0)
		j->y += row_h + GRID_GAP;
}

static struct str
when(const struct job *j)
{
	const struct receipt *r = j->r;
	struct str zone = r->zone_name;
	char at[17];

	day_russian(r->paid_at, r->zone_min, at);
	if (zone.len == 0)
		zone = arena_fmt(j->a, "UTC%+03d:%02d", r->zone_min / 60,
		    abs(r->zone_min % 60));
	const struct tpl_var v[] = {
		{ .name = "date", .text = str_of(at) },
		{ .name = "zone", .text = zone },
	};

	return word_with(j->a, WORD_DATE_VALUE, v, KV_COUNT(v));
}

static void
head(struct job *j)
{
	const struct receipt *r = j->r;
	struct sheet_box brand = { LEFT, TOP, WIDTH * 0.62 };
	struct sheet_box link = { LEFT + WIDTH * 0.66, TOP + 3.5,
		WIDTH * 0.34 };
	struct buf b;
	double h;

	sheet_text(j->s, SHEET_SMALL, SHEET_RIGHT, link, r->portal_url);
	h = sheet_text(j->s, SHEET_BRAND, SHEET_LEFT, brand, r->portal);
	j->y = TOP + h + 10;
	sheet_rule(j->s, across(j->y), 0.7, SHEET_HAIR);

	j->y += 26;
	sheet_mark(
	    j->s, across(j->y), word(either(r, WORD_PAID, WORD_PAID_BACK)));
	j->y += sheet_text(j->s, SHEET_TITLE, SHEET_LEFT, across(j->y),
	    word(either(r, WORD_TITLE, WORD_TITLE_BACK)));
	j->y += 15;
	j->y += sheet_text(j->s, SHEET_HERO, SHEET_LEFT, across(j->y),
	    roubles_signed(j->a, r->total_kop));
	buf_init(&b, j->a, 1024);
	words_roubles(&b, r->total_kop);
	j->y += sheet_text(
	    j->s, SHEET_LABEL, SHEET_LEFT, across(j->y), buf_str(&b));
	j->y += BLOCK_GAP;
	const struct fact facts[] = {
		{ WORD_NUMBER, r->number },
		{ WORD_DATE, when(j) },
		{ WORD_BANK, r->bank },
		{ WORD_CARD, r->card_mask },
		{ WORD_RRN, r->rrn },
		{ WORD_AUTH, r->auth_code },
		{ WORD_REFUND, r->refund },
	};

	grid_draw(j, facts, KV_COUNT(facts));
}

static void
columns(struct job *j, enum sheet_style style, struct str service,
    struct str sum, struct str fee)
{
	double service_w = WIDTH - SUM_W * (j->fees ? 2 : 1) - 12;
	struct sheet_box at = { LEFT, j->y, service_w };
	double h = sheet_text(j->s, style, SHEET_LEFT, at, service);

	at.w = SUM_W;
	at.x = LEFT + WIDTH - SUM_W;
	if (j->fees) {
		sheet_text(j->s, style, SHEET_RIGHT, at, fee);
		at.x -= SUM_W;
	}
	sheet_text(j->s, style, SHEET_RIGHT, at, sum);
	j->y += h;
}

static void
table_head(struct job *j)
{
	columns(j, SHEET_SMALL, word(WORD_SERVICE), word(WORD_LINE_SUM),
	    word(WORD_LINE_FEE));
	j->y += 5;
	sheet_rule(j->s, across(j->y), 0.7, SHEET_INK);
	j->y += 6;
}

static double
row_measure(struct job *j, const struct receipt_line *l)
{
	double service_w = WIDTH - SUM_W * (j->fees ? 2 : 1) - 12;

	return 12 + sheet_measure(j->s, SHEET_TEXT, service_w, l->service);
}

static void
row(struct job *j, const struct receipt_line *l)
{
	columns(j, SHEET_TEXT, l->service, buf_roubles_str(j->a, l->sum_kop),
	    buf_roubles_str(j->a, l->fee_kop));
	j->y += 6;
	sheet_rule(j->s, across(j->y), 0.7, SHEET_HAIR);
	j->y += 6;
}

static bool
same_group(const struct receipt_line *a, const struct receipt_line *b)
{
	return str_eq(a->supplier, b->supplier) && str_eq(a->inn, b->inn) &&
	    str_eq(a->account, b->account) && str_eq(a->address, b->address);
}

/* A group that goes on upon the next page says whose it is. */
static void
group_again(struct job *j, const struct receipt_line *l)
{
	const struct fact facts[] = {
		{ WORD_SUPPLIER, l->supplier },
		{ WORD_ACCOUNT, l->account },
	};

	facts_draw(j, facts, KV_COUNT(facts));
	j->y += 8;
	table_head(j);
}

/* Neighbouring lines of one account under one heading.  The heading is never
 * left alone at the foot of a page. */
static size_t
group(struct job *j, size_t i)
{
	const struct receipt_line *first = &j->r->lines[i];
	const struct fact facts[] = {
		{ WORD_SUPPLIER, first->supplier },
		{ WORD_INN, first->inn },
		{ WORD_ACCOUNT, first->account },
		{ WORD_ADDRESS, first->address },
	};
	double head_h = facts_measure(j, facts, KV_COUNT(facts));

	j->y += BLOCK_GAP - ROW_GAP;
	make_room(j, head_h + 32 + row_measure(j, first));
	facts_draw(j, facts, KV_COUNT(facts));
	j->y += 8;
	table_head(j);
	for (; i < j->r->lines_len; i++) {
		const struct receipt_line *l = &j->r->lines[i];

		if (!same_group(first, l))
			break;
		if (make_room(j, row_measure(j, l)))
			group_again(j, l);
		row(j, l);
	}
	return i;
}

static void
total_row(struct job *j, enum sheet_style style, enum word name, int64_t kop)
{
	struct sheet_box at = { LEFT, j->y, WIDTH - SUM_W * 1.6 };
	struct sheet_box sum = { LEFT + WIDTH - SUM_W * 1.6, j->y,
		SUM_W * 1.6 };
	double h = sheet_text(
	    j->s, style, SHEET_RIGHT, sum, roubles_signed(j->a, kop));

	sheet_text(j->s, style == SHEET_TOTAL ? SHEET_TOTAL : SHEET_LABEL,
	    SHEET_LEFT, at, word(name));
	j->y += h + ROW_GAP;
}

static void
totals(struct job *j)
{
	make_room(j, 84);
	j->y += 6;
	total_row(j, SHEET_TEXT, WORD_SUMS, j->r->sum_kop);
	total_row(j, SHEET_TEXT, WORD_FEES, j->r->fee_kop);
	j->y += 5;
	sheet_rule(j->s, across(j->y), 0.7, SHEET_INK);
	j->y += 8;
	total_row(j, SHEET_TOTAL, either(j->r, WORD_TOTAL, WORD_TOTAL_BACK),
	    j->r->total_kop);
}

static enum err
bad(struct fault *f, const char *what)
{
	return fault_set(f, ERR_BUG, "print_failed", "receipt: %s", what);
}

static bool
printable(struct str s)
{
	if (s.len > PDF_TEXT_MAX || !utf8_text(s))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] < ' ')
			return false; /* no line ends inside a value */
	return true;
}

static enum err
check_texts(const struct receipt *r, struct fault *f)
{
	const struct str heads[] = { r->number, r->portal, r->portal_url,
		r->support, r->zone_name, r->bank, r->card_mask, r->rrn,
		r->auth_code, r->refund };

	for (size_t i = 0; i < KV_COUNT(heads); i++)
		if (!printable(heads[i]))
			return bad(f, "a text is no clean UTF-8 or too long");
	for (size_t i = 0; i < r->lines_len; i++) {
		const struct receipt_line *l = &r->lines[i];

		if (!printable(l->supplier) || !printable(l->inn) ||
		    !printable(l->account) || !printable(l->address) ||
		    !printable(l->service))
			return fault_set(f, ERR_BUG, "print_failed",
			    "receipt: line %zu: a text is no clean UTF-8 or "
			    "too long",
			    i + 1);
	}
	return ERR_OK;
}

static bool
add(struct money *to, int64_t kop)
{
	struct fault f;

	fault_init(&f);
	return kop >= 0 &&
	    money_add(*to, (struct money){ kop }, to, &f) == ERR_OK;
}

/* A payer is never told sums that do not add up. */
static enum err
check_sums(const struct receipt *r, struct fault *f)
{
	struct money sum = { 0 }, fee = { 0 }, total = { 0 };

	for (size_t i = 0; i < r->lines_len; i++)
		if (!add(&sum, r->lines[i].sum_kop) ||
		    !add(&fee, r->lines[i].fee_kop))
			return bad(f, "a sum is out of range");
	if (!add(&total, sum.kop) || !add(&total, fee.kop) ||
	    sum.kop != r->sum_kop || fee.kop != r->fee_kop ||
	    total.kop != r->total_kop)
		return bad(f, "the sums do not add up");
	return ERR_OK;
}

static enum err
check(const struct receipt *r, struct fault *f)
{
	enum err rc;

	if (r->lines_len > PDF_LINES_MAX)
		return fault_set(f, ERR_LIMIT, "lines_too_many",
		    "receipt: %zu lines", r->lines_len);
	if (r->lines_len == 0)
		return bad(f, "no lines");
	if (r->zone_min <= -24 * 60 || r->zone_min >= 24 * 60)
		return bad(f, "no such zone");
	if ((rc = check_texts(r, f)) != ERR_OK)
		return rc;
	return check_sums(r, f);
}

/* Gives: in *pages how many there were; the feet name pages as given. */
static enum err
draw(struct sheet_kit *kit, struct arena *a, const struct receipt *r,
    int *pages, struct bytes *pdf, struct fault *f)
{
	const struct sheet_info info = {
		.title =
		    word_with1(a, either(r, WORD_DOCUMENT, WORD_DOCUMENT_BACK),
			"number", r->number),
		.author = r->portal,
		.created_at = r->paid_at,
	};
	struct job j = { .a = a, .r = r, .page = 1, .pages = *pages };
	struct buf out;
	enum err rc;

	buf_init(&out, a, FILE_MAX);
	j.fees = r->fee_kop > 0;
	j.s = sheet_begin(kit, a, &info, &out);
	head(&j);
	for (size_t i = 0; i < r->lines_len;)
		i = group(&j, i);
	totals(&j);
	foot(&j);
	if ((rc = sheet_end(j.s, f)) != ERR_OK)
		return rc;
	*pages = j.page;
	*pdf = (struct bytes){ (const unsigned char *)out.p, out.len };
	return ERR_OK;
}

static enum err
pdf_receipt(void *self, struct arena *a, const struct receipt *r,
    struct bytes *pdf, struct fault *f)
{
	struct sheet_kit *kit = self;
	int pages = 1;
	enum err rc = check(r, f);

	if (rc != ERR_OK)
		return rc;
	/* Nearly every receipt is one page.  One that is longer is drawn
	 * again, now that the number of its pages is known. */
	rc = draw(kit, a, r, &pages, pdf, f);
	if (rc == ERR_OK && pages > 1)
		rc = draw(kit, a, r, &pages, pdf, f);
	return rc;
}

struct printer
pdf_printer(struct sheet_kit *kit)
{
	return (struct printer){ .self = kit,
		.receipt = pdf_receipt,
		.invoice = invoice_pdf,
		.book_begin = invoice_book_begin,
		.book_add = invoice_book_add,
		.book_end = invoice_book_end };
}
