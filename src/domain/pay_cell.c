#include "kvitok/domain/pay_layout.h"

#include "kvitok/base/day.h"

#include <stdio.h>
#include <string.h>

#define FILE_MAX 120

/* A moment as text of its parts: 2026-11-21T05:13:11. */
#define MOMENT_SIZE 20

static void
put_part(struct buf *b, const char *moment, struct str *form)
{
	static const struct {
		const char *mark;
		size_t at, len;
	} parts[] = { { "YYYY", 0, 4 }, { "YY", 2, 2 }, { "MM", 5, 2 },
		{ "DD", 8, 2 }, { "hh", 11, 2 }, { "mm", 14, 2 },
		{ "ss", 17, 2 } };

	for (size_t i = 0; i < KV_COUNT(parts); i++)
		if (str_starts(*form, str_of(parts[i].mark))) {
			buf_bytes(b, moment + parts[i].at, parts[i].len);
			form->p += strlen(parts[i].mark);
			form->len -= strlen(parts[i].mark);
			return;
		}
	buf_char(b, form->p[0]);
	form->p++;
	form->len--;
}

static void
put_moment(struct buf *b, const char moment[MOMENT_SIZE], struct str form)
{
	while (form.len > 0)
		put_part(b, moment, &form);
}

/* Nothing for a day that is not there. */
static void
put_day(struct buf *b, struct str day, struct str form)
{
	char moment[MOMENT_SIZE];

	if (day.len != 10)
		return;
	(void)snprintf(moment, sizeof(moment), "%.10sT00:00:00", day.p);
	put_moment(b, moment, form.len > 0 ? form : STR("DD.MM.YYYY"));
}

static void
put_sum(struct buf *b, const struct pay_layout *l, int64_t kop)
{
	size_t from = b->len;

	buf_decimal(b, kop);
	for (size_t i = from; i < b->len; i++)
		if (b->p[i] == '.')
			b->p[i] = l->decimal;
}

static struct str
kind_of(const struct pay_layout *l, struct str kind)
{
	if (str_eq(kind, STR("paid")))
		return l->kinds[0];
	return str_eq(kind, STR("refund")) ? l->kinds[1] : l->kinds[2];
}

static void
put_sum_of(struct buf *b, const struct pay_layout *l, enum pay_field field,
    const struct pay_row *r)
{
	int64_t kop = r->sum_kop;

	if (field == PAY_FEE)
		kop = r->fee_kop;
	else if (field == PAY_SUPPLIER_FEE)
		kop = r->supplier_fee_kop;
	else if (field == PAY_NET)
		kop = r->sum_kop - r->supplier_fee_kop;
	put_sum(b, l, kop);
}

void
pay_cell(struct buf *b, const struct pay_layout *l, const struct pay_column *c,
    const struct pay_row *r)
{
	const struct str texts[PAY_FIELD__COUNT] = {
		[PAY_TEXT] = c->text,
		[PAY_NUMBER] = r->number,
		[PAY_ID] = r->id,
		[PAY_KIND] = kind_of(l, r->kind),
		[PAY_ACCOUNT] = r->account,
		[PAY_SERVICE] = r->service,
		[PAY_RRN] = r->rrn,
		[PAY_AUTH_CODE] = r->auth_code,
	};
	char moment[MOMENT_SIZE];

	if (pay_field_is_sum(c->field)) {
		put_sum_of(b, l, c->field, r);
	} else if (c->field == PAY_N) {
		buf_i64(b, r->n);
	} else if (c->field == PAY_POSTED_DAY) {
		put_day(b, r->day, c->form);
	} else if (c->field == PAY_DAY || c->field == PAY_TIME ||
	    c->field == PAY_PERIOD) {
		day_local_iso(r->at, DAY_ZONE_MOSCOW, moment);
		put_moment(b, moment, c->form);
	} else {
		buf_text(b, texts[c->field]);
	}
}

/* The name may bring the form of a day: {day:DDMMYY}. */
static bool
put_named(struct buf *b, const struct pay_layout *l, struct str name,
    const struct settlement *s, const struct pay_totals *t)
{
	const struct {
		const char *name;
		struct str text;
	} texts[] = { { "contract", s->contract }, { "payer", s->payer.title },
		{ "payer_inn", s->payer.inn }, { "payee", s->payee.title },
		{ "payee_inn", s->payee.inn }, { "payee_kpp", s->payee.kpp },
		{ "payee_account", s->payee.account },
		{ "payee_bic", s->payee.bic } },
	  days[] = { { "day", s->day }, { "order_day", s->order_day },
		  { "contract_day", s->contract_day } };
	const struct {
		const char *name;
		int64_t kop;
	} sums[] = { { "sum", t->sum_kop }, { "fee", t->fee_kop },
		{ "supplier_fee", t->supplier_fee_kop },
		{ "net", t->sum_kop - t->supplier_fee_kop } };
	struct str form = name, head;

	for (size_t i = 0; i < KV_COUNT(texts); i++)
		if (str_eq(name, str_of(texts[i].name)))
			return buf_text(b, texts[i].text), true;
	for (size_t i = 0; i < KV_COUNT(sums); i++)
		if (str_eq(name, str_of(sums[i].name)))
			return put_sum(b, l, sums[i].kop), true;
	if (str_eq(name, STR("count")))
		return buf_i64(b, t->count), true;
	if (str_eq(name, STR("order_no")))
		return buf_i64(b, s->order_no), true;
	if (!str_cut(&form, ':', &head))
		form = STR_NONE;
	for (size_t i = 0; i < KV_COUNT(days); i++)
		if (str_eq(head, str_of(days[i].name)))
			return put_day(b, days[i].text, form), true;
	return false;
}

bool
pay_fill(struct buf *b, const struct pay_layout *l, struct str words,
    const struct settlement *s, const struct pay_totals *t)
{
	struct str head, name;

	while (str_cut(&words, '{', &head)) {
		buf_text(b, head);
		if (!str_cut(&words, '}', &name) ||
		    !put_named(b, l, name, s, t))
			return false;
	}
	buf_text(b, head);
	return true;
}

struct str
pay_file_name(struct arena *a, const struct pay_layout *l,
    const struct settlement *s, const struct pay_totals *t)
{
	struct buf b;

	buf_init(&b, a, FILE_MAX);
	/* The layout was read: its names are known. */
	if (!pay_fill(&b, l, l->file, s, t) || b.len == 0)
		return STR("register");
	for (size_t i = 0; i < b.len; i++) {
		char c = b.p[i];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			(c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
			(c == '.' && i > 0)))
			b.p[i] = '_';
	}
	return buf_str(&b);
}
