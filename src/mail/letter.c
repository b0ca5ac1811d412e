#include "kvitok/mail/letter.h"

#include "kvitok/mail/letter_bill.h"
#include "kvitok/mail/letter_report.h"
#include "kvitok/mail/letter_schedule.h"

#include "kvitok/base/day.h"
#include "kvitok/base/tpl.h"
#include "kvitok/domain/words.h"

#define TEXT_MAX ((size_t)1 << 20)
#define LINE_VARS 7

struct str
letter_roubles(struct arena *a, int64_t kop)
{
	struct buf b;

	buf_init(&b, a, 64);
	buf_roubles(&b, kop);
	return buf_str(&b);
}

struct str
letter_period(struct arena *a, const struct report_query *q)
{
	struct buf b;

	buf_init(&b, a, 64);
	report_days(&b, q);
	return buf_str(&b);
}

/* Empty for no commission: templates leave it out then. */
static struct str
fee(struct arena *a, int64_t kop)
{
	return kop == 0 ? STR_NONE : letter_roubles(a, kop);
}

static struct str
in_words(struct arena *a, int64_t kop)
{
	struct buf b;

	buf_init(&b, a, 1024);
	words_roubles(&b, kop);
	return buf_str(&b);
}

static const struct tpl_vars *
line_rows(struct arena *a, const struct receipt *r)
{
	struct tpl_vars *rows = ARENA_ARRAY(a, r->lines_len, struct tpl_vars);

	for (size_t i = 0; i < r->lines_len; i++) {
		const struct receipt_line *l = &r->lines[i];
		const struct tpl_var v[LINE_VARS] = {
			{ .name = "supplier", .text = l->supplier },
			{ .name = "inn", .text = l->inn },
			{ .name = "account", .text = l->account },
			{ .name = "address", .text = l->address },
			{ .name = "service", .text = l->service },
			{ .name = "line_sum",
			    .text = letter_roubles(a, l->sum_kop) },
			{ .name = "line_fee", .text = fee(a, l->fee_kop) },
		};
		struct tpl_var *row = ARENA_ARRAY(a, LINE_VARS, struct tpl_var);

		memcpy(row, v, sizeof(v));
		rows[i] = (struct tpl_vars){ row, LINE_VARS };
	}
	return rows;
}

/* What was paid for, in a word: its supplier, or of several the portal. */
static struct str
what(const struct receipt *r)
{
	for (size_t i = 1; i < r->lines_len; i++)
		if (!str_eq(r->lines[0].supplier, r->lines[i].supplier))
			return r->portal;
	return r->lines[0].supplier;
}

enum err
letter_render(struct arena *a, enum tpl_dest dest, const char *path,
    const struct tpl_vars *vars, struct str *out, struct fault *f)
{
	struct bytes text = asset_get(str_of(path));
	struct buf b;
	enum err rc;

	if (text.p == NULL)
		return fault_set(f, ERR_BUG, "tpl_bad", "%s: absent", path);
	buf_init(&b, a, TEXT_MAX);
	rc = tpl_render(
	    &b, dest, (struct str){ (const char *)text.p, text.len }, vars, f);
	if (rc != ERR_OK)
		return fault_wrap(f, "%s", path);
	*out = buf_str(&b);
	return ERR_OK;
}

enum err
letter_fill(struct arena *a, const char *name, const struct tpl_vars *vars,
    struct mail *m, struct fault *f)
{
	const struct {
		const char *rest;
		enum tpl_dest dest;
		struct str *out;
	} parts[] = { { "_subject.txt", TPL_TEXT, &m->subject },
		{ ".txt", TPL_TEXT, &m->text },
		{ ".html", TPL_HTML, &m->html } };
	enum err rc = ERR_OK;

	for (size_t i = 0; i < KV_COUNT(parts) && rc == ERR_OK; i++)
		rc = letter_render(a, parts[i].dest,
		    arena_fmt(a, "tpl/mail/%s%s", name, parts[i].rest).p, vars,
		    parts[i].out, f);
	m->subject = str_trim(m->subject);
	return rc;
}

static const struct mail_part *
attach(struct arena *a, const struct receipt *r, struct bytes pdf)
{
	struct mail_part *part = ARENA_NEW(a, struct mail_part);

	part->name = arena_fmt(a, "kvitok-%.*s%s.pdf", STR_ARG(r->number),
	    r->refund.len > 0 ? "-refund" : "");
	part->type = STR("application/pdf");
	part->data = pdf;
	return part;
}

static enum err
letter_receipt(void *self, struct arena *a, const struct receipt *r,
    struct bytes pdf, struct str from, struct str to, int64_t date_at,
    struct str message_id, struct mail *out, struct fault *f)
{
	char at[17];
	struct mail m = { .from_name = r->portal,
		.from = from,
		.to = to,
		.message_id = message_id,
		.date_at = date_at,
		.parts_len = 1 };
	enum err rc;

	(void)self; /* a writer holds nothing */
	if (r->lines_len == 0)
		return fault_set(f, ERR_BUG, "tpl_bad", "receipt: no lines");
	day_russian(r->paid_at, r->zone_min, at);
	const struct tpl_var v[] = {
		{ .name = "number", .text = r->number },
		{ .name = "portal", .text = r->portal },
		{ .name = "portal_url", .text = r->portal_url },
		{ .name = "support", .text = r->support },
		{ .name = "what", .text = what(r) },
		{ .name = "sum", .text = letter_roubles(a, r->sum_kop) },
		{ .name = "fee", .text = fee(a, r->fee_kop) },
		{ .name = "total", .text = letter_roubles(a, r->total_kop) },
		{ .name = "words", .text = in_words(a, r->total_kop) },
		{ .name = "date", .text = str_of(at) },
		{ .name = "zone", .text = r->zone_name },
		{ .name = "bank", .text = r->bank },
		{ .name = "card", .text = r->card_mask },
		{ .name = "rrn", .text = r->rrn },
		{ .name = "auth", .text = r->auth_code },
		{ .name = "back", .text = r->refund },
		{ .name = "lines",
		    .rows = line_rows(a, r),
		    .rows_len = r->lines_len },
	};
	const struct tpl_vars vars = { v, KV_COUNT(v) };

	m.parts = attach(a, r, pdf);
	if ((rc = letter_fill(a, "receipt", &vars, &m, f)) == ERR_OK)
		*out = m;
	return rc;
}

struct letters
letter_writer(void)
{
	return (struct letters){ .self = NULL,
		.receipt = letter_receipt,
		.report = letter_report,
		.bill = letter_bill,
		.scheduled = letter_schedule };
}
