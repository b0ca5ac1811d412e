#include "kvitok/out/invoice.h"

#include "kvitok/base/day.h"
#include "kvitok/base/utf8.h"
#include "kvitok/domain/money.h"
#include "kvitok/out/invoice_page.h"

#define FILE_MAX ((size_t)8 << 20)

static enum err
bad(struct fault *f, const char *what)
{
	return fault_set(f, ERR_BUG, "print_failed", "bill: %s", what);
}

static bool
printable(struct str s)
{
	if (s.len > INVOICE_TEXT_MAX || !utf8_text(s))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] < ' ')
			return false; /* no line ends inside a value */
	return true;
}

static enum err
check_texts(const struct invoice *i, struct fault *f)
{
	const struct str heads[] = { i->number, i->portal, i->portal_url,
		i->support, i->supplier, i->inn, i->kpp, i->settlement_account,
		i->bank, i->bic, i->correspondent, i->account, i->owner,
		i->address };

	for (size_t k = 0; k < KV_COUNT(heads); k++)
		if (!printable(heads[k]))
			return bad(f, "a text is no clean UTF-8 or too long");
	for (size_t k = 0; k < i->lines_len; k++)
		if (!printable(i->lines[k].service) ||
		    !printable(i->lines[k].unit) ||
		    !printable(i->lines[k].recalculated_why))
			return bad(f, "a text of a line is no clean UTF-8");
	if (!day_month_valid(i->month) || !day_valid(i->paid_until_day) ||
	    (i->due_day.len > 0 && !day_valid(i->due_day)))
		return bad(f, "no month, or no day");
	return ERR_OK;
}

static bool
add(int64_t *to, int64_t kop)
{
	return !__builtin_add_overflow(*to, kop, to);
}

/* Charged is its parts, to pay is opening - charged + paid. */
static bool
line_adds_up(const struct invoice_line *l)
{
	int64_t charged = l->accrued_kop, to_pay = l->opening_kop, minus;

	return l->benefit_kop >= 0 && add(&charged, l->recalculated_kop) &&
	    add(&charged, -l->benefit_kop) &&
	    (l->penalty_kop < 0 || add(&charged, l->penalty_kop)) &&
	    charged == l->charged_kop &&
	    !__builtin_sub_overflow(to_pay, l->charged_kop, &minus) &&
	    add(&minus, l->paid_kop) && minus == l->to_pay_kop;
}

/* A payer is never told sums that do not add up. */
static enum err
check_sums(const struct invoice *i, struct fault *f)
{
	int64_t opening = 0, charged = 0, paid = 0, to_pay = 0;

	for (size_t k = 0; k < i->lines_len; k++) {
		const struct invoice_line *l = &i->lines[k];

		if (!line_adds_up(l))
			return bad(f, "a line does not add up");
		if (!add(&opening, l->opening_kop) ||
		    !add(&charged, l->charged_kop) ||
		    !add(&paid, l->paid_kop) || !add(&to_pay, l->to_pay_kop))
			return bad(f, "a sum is out of range");
	}
	if (opening != i->opening_kop || charged != i->charged_kop ||
	    paid != i->paid_kop || to_pay != i->to_pay_kop ||
	    to_pay == INT64_MIN || opening == INT64_MIN)
		return bad(f, "the sums do not add up");
	return ERR_OK;
}

static enum err
check(const struct invoice *i, struct fault *f)
{
	enum err rc;

	if (i->lines_len > INVOICE_LINES_MAX)
		return fault_set(f, ERR_LIMIT, "lines_too_many",
		    "bill: %zu lines", i->lines_len);
	rc = check_texts(i, f);
	return rc == ERR_OK ? check_sums(i, f) : rc;
}

/* Check the bill and make its square. */
static enum err
begin(struct invoice_job *j, struct arena *a, const struct invoice *i,
    struct fault *f)
{
	enum err rc = check(i, f);

	*j = (struct invoice_job){ .a = a, .i = i, .page = 1, .pages = 1 };
	if (rc == ERR_OK && i->qr.len > 0)
		rc = qr_encode(a, i->qr, &j->qr, f);
	return rc;
}

/* How many pages it takes; nothing is drawn. */
static enum err
count_pages(struct invoice_job *j, struct sheet_kit *kit, struct fault *f)
{
	j->s = sheet_begin_dry(kit, j->a);
	invoice_draw(j);
	j->pages = j->page;
	j->page = 1;
	return sheet_end(j->s, f);
}

static struct str
title_of(struct arena *a, const struct invoice *i)
{
	const struct tpl_var v[] = {
		{ .name = "month", .text = i->month },
		{ .name = "account", .text = i->account },
	};

	return invoice_word_with(a, INVOICE_WORD_DOCUMENT, v, KV_COUNT(v));
}

enum err
invoice_pdf(void *self, struct arena *a, const struct invoice *i,
    struct bytes *pdf, struct fault *f)
{
	struct sheet_info info = { .author = i->portal,
		.created_at = i->created_at };
	struct invoice_job j;
	struct buf out;
	enum err rc = begin(&j, a, i, f);

	if (rc == ERR_OK)
		rc = count_pages(&j, self, f);
	if (rc != ERR_OK)
		return rc;
	info.title = title_of(a, i);
	buf_init(&out, a, FILE_MAX);
	j.s = sheet_begin(self, a, &info, &out);
	invoice_draw(&j);
	rc = sheet_end(j.s, f);
	*pdf = (struct bytes){ (const unsigned char *)out.p, out.len };
	return rc;
}

struct printer_book {
	struct sheet_kit *kit;
	struct printer_sink sink;
	struct sheet *s;
	bool begun; /* something stands on the page in hand */
};

static bool
to_sink(void *self, const void *p, size_t len)
{
	const struct printer_book *book = self;

	return book->sink.write(book->sink.self, p, len);
}

enum err
invoice_book_begin(void *self, struct arena *long_lived, struct str title,
    int64_t created_at, struct printer_sink sink, struct printer_book **out,
    struct fault *f)
{
	const struct sheet_info info = {
		.title = title, .author = title, .created_at = created_at
	};
	struct printer_book *book = ARENA_NEW(long_lived, struct printer_book);

	(void)f; /* a sink that takes nothing is told by book_end */
	book->kit = self;
	book->sink = sink;
	book->s = sheet_begin_to(
	    self, long_lived, &info, (struct sheet_sink){ book, to_sink });
	*out = book;
	return ERR_OK;
}

enum err
invoice_book_add(struct printer_book *book, struct arena *a,
    const struct invoice *i, struct fault *f)
{
	struct invoice_job j;
	enum err rc = begin(&j, a, i, f);

	if (rc == ERR_OK)
		rc = count_pages(&j, book->kit, f);
	if (rc != ERR_OK)
		return rc;
	if (book->begun)
		sheet_next_page(book->s);
	book->begun = true;
	j.s = book->s;
	invoice_draw(&j);
	return ERR_OK;
}

enum err
invoice_book_end(struct printer_book *book, struct fault *f)
{
	return sheet_end(book->s, f);
}
