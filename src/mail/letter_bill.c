#include "kvitok/mail/letter_bill.h"

#include "kvitok/base/day.h"
#include "kvitok/domain/report.h"
#include "kvitok/domain/words.h"
#include "kvitok/mail/letter.h"

static struct str
day_words(struct arena *a, struct str day)
{
	struct buf b;

	if (day.len == 0)
		return STR_NONE;
	buf_init(&b, a, 32);
	report_day(&b, day);
	return buf_str(&b);
}

static struct str
month_words(struct arena *a, struct str month)
{
	struct buf b;

	buf_init(&b, a, 64);
	words_month(&b, month);
	return buf_str(&b);
}

/* An account number may have letters, which no file name of a letter has. */
static const struct mail_part *
attach(struct arena *a, const struct bill_letter *l)
{
	struct mail_part *part = ARENA_NEW(a, struct mail_part);
	struct str month = l->bill->month;

	part->name = arena_fmt(a, "kvitok-%.4s-%.2s.pdf", month.p, month.p + 5);
	part->type = STR("application/pdf");
	part->data = l->pdf;
	return part;
}

enum err
letter_bill(void *self, struct arena *a, const struct bill_letter *l,
    struct mail *out, struct fault *f)
{
	const struct invoice *i = l->bill;
	bool owed = i->to_pay_kop < 0;
	struct mail m = { .from_name = i->portal,
		.from = l->from,
		.to = l->to,
		.message_id = l->message_id,
		.date_at = l->date_at,
		.stop_url = l->stop_url,
		.parts = attach(a, l),
		.parts_len = 1 };
	const struct tpl_var v[] = {
		{ .name = "owed",
		    .text =
			owed ? letter_roubles(a, -i->to_pay_kop) : STR_NONE },
		{ .name = "over",
		    .text = i->to_pay_kop > 0 ? letter_roubles(a, i->to_pay_kop)
					      : STR_NONE },
		{ .name = "month", .text = month_words(a, i->month) },
		{ .name = "due", .text = day_words(a, i->due_day) },
		{ .name = "supplier", .text = i->supplier },
		{ .name = "account", .text = i->account },
		{ .name = "address", .text = i->address },
		{ .name = "pay_url", .text = owed ? l->pay_url : STR_NONE },
		{ .name = "stop_url", .text = l->stop_url },
		{ .name = "portal", .text = i->portal },
		{ .name = "portal_url", .text = i->portal_url },
		{ .name = "support", .text = i->support },
	};
	const struct tpl_vars vars = { v, KV_COUNT(v) };
	enum err rc;

	(void)self; /* a writer holds nothing */
	if ((rc = letter_fill(a, "bill", &vars, &m, f)) == ERR_OK)
		*out = m;
	return rc;
}
