#include "kvitok/app/invoice.h"

#include "kvitok/app/balance.h"
#include "kvitok/app/reference.h"
#include "kvitok/base/day.h"
#include "kvitok/domain/bankqr.h"

#define QR_MAX 4096
#define PENALTY_MONTHS 36 /* that are looked back for the age of a debt */

/* A bill in the making. */
struct filling {
	const struct ports *p;
	struct arena *a;
	const struct account *acc;
	const struct ref *r;
	const struct ref_portal *po;
	const struct ref_supplier *su;
	struct str month, last_day; /* of the month */
	enum invoice_view view;
	struct invoice *out;
	struct fault *f;
};

static struct str
copy(const struct filling *x, struct str s)
{
	return arena_str(x->a, s);
}

/* The last day of the month, by which the supplier stands as it stands. */
static struct str
last_day_of(struct arena *a, struct str month)
{
	char next[DAY_MONTH_SIZE], day[DAY_TEXT_SIZE];

	day_month_text(day_month_number(month) + 1, next);
	day_text(day_number(arena_fmt(a, "%s-01", next)) - 1, day);
	return arena_str(a, str_of(day));
}

static enum err
begin(struct filling *x)
{
	enum err rc = reference(x->p, &x->r, x->f);

	if (rc != ERR_OK)
		return rc;
	x->last_day = last_day_of(x->a, x->month);
	x->po = ref_portal(x->r, x->acc->portal);
	x->su =
	    ref_supplier(x->r, x->acc->portal, x->acc->supplier, x->last_day);
	if (x->po == NULL)
		return fault_set(x->f, ERR_BUG, "internal", "portal is gone");
	if (x->su == NULL)
		return fault_set(x->f, ERR_ABSENT, "bill_absent",
		    "the supplier was not there in %.*s", STR_ARG(x->month));
	return ERR_OK;
}

static void
fill_names(struct filling *x)
{
	const struct ref_supplier *su = x->su;
	const struct account *acc = x->acc;
	bool whole = x->view == INVOICE_WHOLE;
	char due[DAY_TEXT_SIZE];
	int64_t at = 0;

	*x->out = (struct invoice){ .portal = copy(x, x->po->title),
		.portal_url = copy(x, x->po->url),
		.support = copy(x, x->po->support),
		.supplier = copy(x, su->title),
		.inn = copy(x, su->inn),
		.kpp = copy(x, su->kpp),
		.settlement_account = copy(x, su->settlement_account),
		.bank = copy(x, su->bank_title),
		.bic = copy(x, su->bic),
		.correspondent = copy(x, su->correspondent_account),
		.account = acc->shown.len ? acc->shown : acc->account,
		.owner =
		    whole ? acc->owner : account_mask_owner(x->a, acc->owner),
		.address = whole ? acc->address
				 : account_mask_address(x->a, acc->address),
		.month = copy(x, x->month),
		.paid_until_day = x->last_day,
		.penalty_kop = -1 };
	x->out->number = arena_fmt(x->a, "%.*s-%.4s%.2s",
	    STR_ARG(x->out->account), x->month.p, x->month.p + 5);
	if (calendar_due(&x->r->law.calendar, x->r->law.dues,
		x->r->law.dues_len, x->month, due))
		x->out->due_day = arena_str(x->a, str_of(due));
	/* The same bill has the same bytes, whenever it is printed. */
	if (day_start(x->last_day, x->po->zone_min, &at))
		x->out->created_at = at + DAY_MS;
}

static void
fill_lines(struct filling *x, const struct balance_statement *s)
{
	const struct statement_month *m = &s->months[s->months_len - 1];
	struct invoice_line *lines =
	    ARENA_ARRAY(x->a, m->lines_len + 1, struct invoice_line);
	struct invoice *out = x->out;

	for (size_t i = 0; i < m->lines_len; i++) {
		const struct statement_line *l = &m->lines[i];

		lines[i] = (struct invoice_line){ .service = balance_title(
						      s, l->service),
			.penalty_kop = -1,
			.charged_kop = l->charged_kop,
			.opening_kop = l->opening_kop,
			.paid_kop = l->paid_kop,
			.to_pay_kop = l->to_pay_kop };
		if (l->charge == NULL)
			continue;
		lines[i].unit = l->charge->unit;
		lines[i].volume_micro = l->charge->volume_micro;
		lines[i].tariff_micro = l->charge->tariff_micro;
		lines[i].accrued_kop = l->charge->accrued_kop;
		lines[i].recalculated_kop = l->charge->recalculated_kop;
		lines[i].recalculated_why = l->charge->recalculated_why;
		lines[i].benefit_kop = l->charge->benefit_kop;
		lines[i].penalty_kop = l->charge->penalty_kop;
	}
	out->lines = lines;
	out->lines_len = m->lines_len;
	out->opening_kop = m->sums.opening_kop;
	out->charged_kop = m->sums.charged_kop;
	out->paid_kop = m->sums.paid_kop;
	out->to_pay_kop = m->sums.to_pay_kop;
}

/* --- penalties, for information --------------------------------------- */

/* The charges of a service in statements, in order of months. */
static size_t
charges_of(struct arena *a, const struct balance_statement *s,
    struct str service, const struct charge **out)
{
	struct charge *v = ARENA_ARRAY(a, s->months_len + 1, struct charge);
	size_t n = 0;

	for (size_t i = 0; i < s->months_len; i++)
		for (size_t k = 0; k < s->months[i].lines_len; k++) {
			const struct statement_line *l = &s->months[i].lines[k];

			if (l->charge != NULL && str_eq(l->service, service))
				v[n++] = *l->charge;
		}
	*out = v;
	return n;
}

static enum err
add(int64_t *to, int64_t kop, struct fault *f)
{
	struct money m = { *to };
	enum err rc = money_add(m, (struct money){ kop }, &m, f);

	*to = m.kop;
	return rc;
}

/* What is owed of former months: opening and what was paid since. */
static enum err
add_penalty(struct filling *x, const struct balance_statement *s,
    const struct statement_line *l, int64_t *kop)
{
	const struct ref_law *law = &x->r->law;
	struct str scale = ref_scale(
	    x->r, x->acc->portal, x->acc->supplier, l->service, x->last_day);
	const struct penalty_slice *slices;
	const struct charge *charges;
	int64_t owed = -l->opening_kop, one;
	size_t len, n = charges_of(x->a, s, l->service, &charges);
	enum err rc = add(&owed, -l->paid_kop, x->f);

	if (rc != ERR_OK || owed <= 0)
		return rc;
	penalty_slices(x->a, &law->calendar, law->dues, law->dues_len, charges,
	    n, owed, x->month, x->last_day, &slices, &len);
	for (size_t i = 0; i < len && rc == ERR_OK; i++) {
		rc = penalty_of(&law->penalty, scale, &slices[i], &one, x->f);
		if (rc == ERR_OK)
			rc = add(kop, one, x->f);
	}
	return rc;
}

/* Does any service have a debt of former months, of which the supplier has
 * not told the penalty? */
static bool
wants_penalty(const struct statement_month *m)
{
	bool owed = false;

	for (size_t i = 0; i < m->lines_len; i++) {
		const struct statement_line *l = &m->lines[i];

		if (l->charge != NULL && l->charge->penalty_kop >= 0)
			return false; /* its own figure came */
		owed = owed ||
		    (l->opening_kop < 0 && l->opening_kop + l->paid_kop < 0);
	}
	return owed;
}

/* Read from further back: the age of a debt is that of its charges. */
static enum err
fill_penalty(
    struct filling *x, const struct balance_statement *s, struct str running)
{
	const struct statement_month *m = &s->months[s->months_len - 1];
	struct balance_statement back;
	char from[DAY_MONTH_SIZE];
	int64_t kop = 0;
	enum err rc;

	if (!wants_penalty(m))
		return ERR_OK;
	day_month_text(day_month_number(x->month) - PENALTY_MONTHS + 1, from);
	rc = balance_statement_read(
	    x->p, x->a, x->acc, str_of(from), x->month, running, &back, x->f);
	for (size_t i = 0; i < m->lines_len && rc == ERR_OK; i++)
		rc = add_penalty(x, &back, &m->lines[i], &kop);
	if (rc == ERR_OK && kop > 0)
		x->out->penalty_kop = kop;
	/* No rate in the reference data: nothing is told rather than guessed.
	 */
	return rc == ERR_ABSENT ? ERR_OK : rc;
}

/* --- the square -------------------------------------------------------- */

/* Empty where a supplier's requisites are not fit for one: the bill is
 * printed without (kvitokctl check tells of them). */
static void
fill_qr(struct filling *x)
{
	const struct invoice *i = x->out;
	struct ref_bill rule =
	    ref_bill(x->r, x->acc->portal, x->acc->supplier, x->last_day);
	const struct bankqr q = { .name = i->supplier,
		.account = i->settlement_account,
		.bank = i->bank,
		.bic = i->bic,
		.correspondent = i->correspondent,
		.sum_kop = -i->to_pay_kop,
		.purpose = arena_fmt(x->a, "Л/с %.*s, %.2s.%.4s",
		    STR_ARG(i->account), i->month.p + 5, i->month.p),
		.payee_inn = i->inn,
		.payee_kpp = i->kpp,
		.last_name = x->view == INVOICE_WHOLE ? i->owner : STR_NONE,
		.payer_address =
		    x->view == INVOICE_WHOLE ? i->address : STR_NONE,
		.pers_acc = i->account,
		.month = i->month,
		.bill = i->number,
		.tech_code = STR(BANKQR_TECH_HOUSING) };
	enum codepage cp = CODEPAGE_UTF8;

	if (i->to_pay_kop >= 0)
		return; /* nothing is to be paid */
	if (!codepage_of(rule.qr_encoding, &cp))
		cp = CODEPAGE_UTF8;
	/* Long names in UTF-8 fit in the other one, odd signs the other way
	 * round. */
	for (int tries = 0; tries < 2; tries++) {
		struct buf b;
		struct fault none;

		buf_init(&b, x->a, QR_MAX);
		fault_init(&none);
		if (bankqr_write(&q, cp, x->a, &b, &none) == ERR_OK) {
			x->out->qr =
			    (struct bytes){ (const unsigned char *)b.p, b.len };
			return;
		}
		cp = cp == CODEPAGE_UTF8 ? CODEPAGE_CP1251 : CODEPAGE_UTF8;
	}
}

enum err
invoice_of(const struct ports *p, struct arena *a, const struct account *acc,
    struct str month, enum invoice_view view, struct invoice *out,
    struct fault *f)
{
	struct filling x = { .p = p,
		.a = a,
		.acc = acc,
		.month = month,
		.view = view,
		.out = out,
		.f = f };
	struct balance_statement s;
	char today[DAY_TEXT_SIZE];
	struct str running;
	enum err rc = begin(&x);

	if (rc != ERR_OK)
		return rc;
	reference_today(x.po, p->clock.now(p->clock.self), today);
	running = (struct str){ today, DAY_MONTH_SIZE - 1 };
	fill_names(&x);
	rc = balance_statement_read(p, a, acc, month, month, running, &s, f);
	if (rc != ERR_OK)
		return rc;
	if (s.months[0].lines_len == 0)
		return fault_set(f, ERR_ABSENT, "bill_absent",
		    "nothing is known of %.*s", STR_ARG(month));
	fill_lines(&x, &s);
	/* reference() may have read everything anew in between. */
	rc = begin(&x);
	if (rc == ERR_OK)
		rc = fill_penalty(&x, &s, running);
	if (rc == ERR_OK)
		rc = begin(&x);
	if (rc == ERR_OK)
		fill_qr(&x);
	return rc;
}

static enum err
check_month(
    const struct ports *p, struct str portal, struct str month, struct fault *f)
{
	const struct ref *r;
	const struct ref_portal *po;
	const char *reason = NULL;
	char today[DAY_TEXT_SIZE];
	enum err rc = reference(p, &r, f);

	if (rc != ERR_OK)
		return rc;
	po = ref_portal(r, portal);
	if (po == NULL)
		return fault_set(f, ERR_BUG, "internal", "portal is gone");
	reference_today(po, p->clock.now(p->clock.self), today);
	if (!day_month_valid(month))
		reason = "month_form";
	else if (str_cmp(month, (struct str){ today, DAY_MONTH_SIZE - 1 }) > 0)
		reason = "month_ahead";
	if (reason == NULL)
		return ERR_OK;
	(void)fault_set(f, ERR_INVALID, reason, "month");
	fault_field(f, "month", reason);
	return ERR_INVALID;
}

enum err
invoice_print(const struct ports *p, struct arena *a, struct str portal,
    struct str supplier, struct str number, struct str month,
    struct invoice *bill, struct bytes *pdf, struct fault *f)
{
	const struct account *acc;
	enum err rc = check_month(p, portal, month, f);

	if (rc == ERR_OK)
		rc = reference_account(p, a, portal, supplier, number, &acc, f);
	if (rc == ERR_OK)
		rc = invoice_of(p, a, acc, month, INVOICE_MASKED, bill, f);
	return rc == ERR_OK
	    ? p->printer.invoice(p->printer.self, a, bill, pdf, f)
	    : rc;
}
