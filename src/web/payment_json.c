#include "kvitok/web/payment_json.h"

#include "kvitok/app/choose.h"
#include "kvitok/app/pay.h"

#define URL_MAX 2000

/* The id, and the words that a payer may be shown. */
static void
put_reason(struct jw *w, struct arena *a, struct str reason)
{
	const char *id = arena_z(a, reason);

	jw_kopt(w, "reason", reason);
	jw_key(w, "reason_text");
	if (reason.len > 0 && reason_known(id))
		jw_text(w, str_of(reason_words(id)));
	else
		jw_null(w);
}

/* Why there is no commission.  Not by which right: that is nobody's business
 * who only knows the payment. */
static void
put_fee_reason(struct jw *w, const struct pay_line *l)
{
	if (l->loss_on == FEE_LOSS_NONE)
		return;
	jw_ktext(w, "fee_reason", STR("fee_exempt"));
	jw_ktext(w, "fee_reason_text", str_of(reason_words("fee_exempt")));
}

static void
put_lines(struct jw *w, const struct payment *pm)
{
	jw_key(w, "lines");
	jw_list(w);
	for (size_t i = 0; i < pm->lines_len; i++) {
		const struct pay_line *l = &pm->lines[i];

		jw_object(w);
		jw_ktext(w, "supplier", l->supplier);
		jw_ktext(w, "service", l->service);
		jw_ktext(w, "account", l->account);
		jw_kint(w, "sum_kop", l->sum_kop);
		jw_kint(w, "fee_kop", l->fee_kop);
		put_fee_reason(w, l);
		jw_object_end(w);
	}
	jw_list_end(w);
}

/* Only of a payment that has some. */
static void
put_readings(struct jw *w, const struct payment *pm)
{
	if (pm->readings_len == 0)
		return;
	jw_key(w, "readings");
	jw_list(w);
	for (size_t i = 0; i < pm->readings_len; i++) {
		const struct pay_reading *x = &pm->readings[i];

		jw_object(w);
		jw_ktext(w, "supplier", x->supplier);
		jw_ktext(w, "account", x->account);
		jw_ktext(w, "meter", x->meter);
		jw_ktext(w, "period", x->period);
		jw_kint(w, "before", x->before);
		jw_kint(w, "value", x->value);
		jw_kint(w, "use", x->use);
		jw_ktime(w, "given_at", x->given_at);
		jw_object_end(w);
	}
	jw_list_end(w);
}

static void
put_attempts(struct jw *w, const struct payment *pm)
{
	jw_key(w, "attempts");
	jw_list(w);
	for (size_t i = 0; i < pm->attempts_len; i++) {
		const struct attempt *at = &pm->attempts[i];
		char bank_no[PAY_BANK_NO_MAX + 1];

		pay_bank_no(pm->number, at->n, bank_no);
		jw_object(w);
		jw_kint(w, "n", at->n);
		jw_ktext(w, "bank_no", str_of(bank_no));
		jw_ktext(w, "state", str_of(att_state_name(at->state)));
		jw_ktext(w, "bank", at->bank);
		jw_ktime(w, "started_at", at->started_at);
		jw_ktime(w, "expires_at", at->expires_at);
		put_reason(w, w->b->a, at->reason);
		jw_object_end(w);
	}
	jw_list_end(w);
}

static void
put_url(struct jw *w, const struct ports *p, const struct payment *pm)
{
	struct buf url;

	buf_init(&url, w->b->a, URL_MAX);
	pay_url(p, pm, &url);
	jw_ktext(w, "pay_url", buf_str(&url));
	if (pm->choose_code.len == 0)
		return;
	buf_init(&url, w->b->a, URL_MAX);
	choose_url(p, pm, &url);
	jw_ktext(w, "choose_url", buf_str(&url));
}

void
payment_json(struct jw *w, const struct ports *p, const struct payment *pm,
    bool attempts)
{
	jw_object(w);
	jw_ktext(w, "number", pm->number);
	jw_ktext(w, "state", str_of(pay_state_name(pm->state)));
	put_lines(w, pm);
	jw_kint(w, "sum_kop", pm->sum_kop);
	jw_kint(w, "fee_kop", pm->fee_kop);
	jw_kint(w, "total_kop", pm->total_kop);
	jw_kint(w, "refunded_kop", pm->refunded_kop);
	jw_ktext(w, "bank", pm->bank);
	put_url(w, p, pm);
	jw_ktime(w, "created_at", pm->created_at);
	jw_ktime(w, "expires_at", pm->expires_at);
	jw_ktime(w, "paid_at", pm->paid_at);
	jw_kopt(w, "card_mask", pm->card_mask);
	jw_kopt(w, "bank_ref", pm->bank_ref);
	jw_kopt(w, "auth_code", pm->auth_code);
	put_reason(w, w->b->a, pm->reason);
	jw_kopt(w, "payer", pm->payer);
	jw_kopt(w, "email", pm->email);
	put_readings(w, pm);
	if (attempts)
		put_attempts(w, pm);
	jw_object_end(w);
}

void
payment_body(struct buf *b, const struct ports *p, const struct payment *pm)
{
	struct jw w;

	jw_init(&w, b);
	payment_json(&w, p, pm, true);
	buf_char(b, '\n');
}
