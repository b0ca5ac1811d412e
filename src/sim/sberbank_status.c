#include "kvitok/sim/sberbank.h"

#include "kvitok/base/num.h"

/* What the answer says, after the faults had their word. */
struct said {
	struct str number;
	int64_t amount, currency;
	bool amount_alone; /* the sums of paymentAmountInfo are true */
	bool short_form;
};

static struct said
say(struct sberbank_call *s, const struct order *o)
{
	struct menu *m = &s->w->menu;
	struct said t = {
		.number = o->number, .amount = o->amount_kop, .currency = 643
	};
	struct menu_armed armed;

	if (o->lie_kop != 0)
		t.amount = o->lie_kop;
	if (menu_take(m, BANK_SBER, MENU_STATUS_WRONG_SUM, o->number, s->name,
		&armed)) {
		t.amount = o->amount_kop + 1;
		(void)!num_parse(str_of(armed.value), 0, INT64_MAX, &t.amount);
	}
	if (menu_take(m, BANK_SBER, MENU_STATUS_TWO_SUMS, o->number, s->name,
		&armed)) {
		t.amount_alone = true;
		t.amount = o->amount_kop + 1;
		(void)!num_parse(str_of(armed.value), 0, INT64_MAX, &t.amount);
	}
	if (menu_take(m, BANK_SBER, MENU_STATUS_WRONG_CURRENCY, o->number,
		s->name, &armed)) {
		t.currency = 840;
		(void)!num_parse(str_of(armed.value), 1, 999, &t.currency);
	}
	if (menu_take(m, BANK_SBER, MENU_STATUS_WRONG_NUMBER, o->number,
		s->name, &armed))
		t.number = armed.value[0]
		    ? arena_str(s->r->a, str_of(armed.value))
		    : STR("WRONG-1");
	t.short_form = menu_take(
	    m, BANK_SBER, MENU_MISSING_BLOCKS, o->number, s->name, NULL);
	return t;
}

static void
write_pair(struct jw *w, struct str name, struct str value)
{
	jw_object(w);
	jw_ktext(w, "name", name);
	jw_ktext(w, "value", value);
	jw_object_end(w);
}

static void
write_params(struct jw *w, const struct order *o)
{
	jw_key(w, "merchantOrderParams");
	jw_list(w);
	for (size_t i = 0; i < o->extra_len; i++)
		write_pair(w, o->extra[i].name, o->extra[i].value);
	jw_list_end(w);
	jw_key(w, "transactionAttributes");
	jw_list(w);
	jw_list_end(w);
	jw_key(w, "attributes");
	jw_list(w);
	write_pair(w, STR("mdOrder"), o->id);
	jw_list_end(w);
}

static void
write_card(struct jw *w, const struct order *o)
{
	jw_key(w, "cardAuthInfo");
	jw_object(w);
	jw_ktext(w, "maskedPan",
	    str_of(o->new_dialect ? o->card.mask_new : o->card.mask_old));
	jw_ktext(w, "expiration", str_of(o->card.expiry));
	jw_ktext(w, o->new_dialect ? "cardHolderName" : "cardholderName",
	    STR("CARDHOLDER NAME"));
	if (o->auth_code[0])
		jw_ktext(w, "approvalCode", str_of(o->auth_code));
	jw_ktext(w, "paymentSystem", str_of(o->card.scheme));
	jw_ktext(w, "product", STR("Standard"));
	jw_key(w, "secureAuthInfo");
	jw_object(w);
	jw_ktext(w, "eci", o->authenticated ? STR("02") : STR("07"));
	jw_object_end(w);
	jw_object_end(w);
}

static void
write_amounts(struct jw *w, const struct order *o, const struct said *t)
{
	bool lies = t->amount != o->amount_kop && !t->amount_alone;

	jw_key(w, "paymentAmountInfo");
	jw_object(w);
	jw_ktext(w, "paymentState", str_of(order_payment_state(o)));
	jw_kint(w, "approvedAmount",
	    lies && o->approved_kop > 0 ? t->amount : o->approved_kop);
	jw_kint(w, "depositedAmount",
	    lies && o->deposited_kop > 0 ? t->amount : o->deposited_kop);
	jw_kint(w, "refundedAmount", o->refunded_kop);
	jw_kint(w, "feeAmount", 0);
	jw_kint(w, "totalAmount", lies ? t->amount : o->amount_kop);
	jw_object_end(w);
}

static void
write_refunds(struct jw *w, const struct order *o)
{
	jw_key(w, "refunds");
	jw_list(w);
	for (size_t i = 0; i < o->refunds_len; i++) {
		const struct order_refund *r = &o->refunds[i];

		jw_object(w);
		jw_kint(w, "date", r->at);
		jw_ktext(w, "referenceNumber", str_of(r->rrn));
		jw_kint(w, "actionCode", 0);
		jw_kint(w, "amount", r->amount_kop);
		if (r->external_id[0])
			jw_ktext(w, "externalRefundId", str_of(r->external_id));
		jw_object_end(w);
	}
	jw_list_end(w);
}

static void
write_references(struct jw *w, const struct order *o)
{
	jw_kint(w, "authDateTime", o->authorised_at);
	jw_ktext(w, "terminalId", STR("777001"));
	jw_ktext(w, "authRefNum", str_of(o->rrn));
	jw_ktext(w, "paymentWay",
	    o->binding[0] && !o->save_card ? STR("CARD_BINDING") : STR("CARD"));
	if (o->deposited_at)
		jw_kint(w, "depositedDate", o->deposited_at);
	if (o->reversed_at)
		jw_kint(w, "reversedDate", o->reversed_at);
	if (o->refunded_at)
		jw_kint(w, "refundedDate", o->refunded_at);
}

static void
write_blocks(
    struct sberbank_call *s, const struct order *o, const struct said *t)
{
	struct jw *w = &s->out;

	jw_kint(w, "date", o->created_at);
	jw_ktext(w, "orderDescription", o->description);
	jw_ktext(w, "ip", STR("127.0.0.1"));
	write_params(w, o);
	if (o->rrn[0])
		write_references(w, o);
	if (o->card.rule)
		write_card(w, o);
	if (o->binding[0]) {
		jw_key(w, "bindingInfo");
		jw_object(w);
		jw_ktext(w, "clientId",
		    menu_take(&s->w->menu, BANK_SBER, MENU_BINDING_FOREIGN,
			o->number, s->name, NULL)
			? STR("somebody-else")
			: o->client_id);
		jw_ktext(w, "bindingId", str_of(o->binding));
		jw_object_end(w);
	}
	write_amounts(w, o, t);
	jw_key(w, "bankInfo");
	jw_object(w);
	jw_ktext(w, "bankName", STR("KVITOK-SIM BANK"));
	jw_ktext(w, "bankCountryCode", STR("RU"));
	jw_ktext(
	    w, "bankCountryName", s->english ? STR("Russia") : STR("Россия"));
	jw_object_end(w);
	if (o->refunds_len > 0)
		write_refunds(w, o);
}

/* Gives: the order that is asked about; else NULL, the refusal written. */
static struct order *
asked_about(struct sberbank_call *s)
{
	struct str id = pairs_get(&s->in, "orderId");
	struct str number = pairs_get(&s->in, "orderNumber");
	struct order *o;

	if (id.len == 0 && number.len == 0) {
		sberbank_error(s, 1, "Ожидается orderId или orderNumber",
		    "Expected orderId or orderNumber");
		return NULL;
	}
	if (id.len == 0 && s->by_token) {
		sberbank_error(s, 5, "Доступ запрещён", "Access denied");
		return NULL;
	}
	if (!(o = sberbank_find(s, "orderId")))
		sberbank_error(s, 6, "Заказ не найден", "Order is not found");
	return o;
}

void
sberbank_status(struct sberbank_call *s)
{
	const struct order *o = asked_about(s);
	struct jw *w = &s->out;
	struct said t;

	if (!o)
		return;
	t = say(s, o);
	jw_object(w);
	sberbank_code(s, "errorCode", 0, true);
	jw_ktext(
	    w, "errorMessage", s->english ? STR("Success") : STR("Успешно"));
	jw_ktext(w, "orderNumber", t.number);
	sberbank_code(s, "orderStatus", (int64_t)o->state, false);
	sberbank_code(s, "actionCode", o->action, false);
	if (!t.short_form)
		jw_ktext(w, "actionCodeDescription",
		    str_of(card_action_words(o->action, s->english)));
	jw_kint(w, "amount", t.amount);
	sberbank_code(s, "currency", t.currency, true);
	if (!t.short_form)
		write_blocks(s, o, &t);
	jw_object_end(w);
}

void
sberbank_status_short(struct sberbank_call *s)
{
	const struct order *o = asked_about(s);
	struct jw *w = &s->out;
	struct said t;

	if (!o)
		return;
	t = say(s, o);
	jw_object(w);
	sberbank_code(s, "OrderStatus", (int64_t)o->state, false);
	sberbank_code(s, "ErrorCode", 0, true);
	jw_ktext(
	    w, "ErrorMessage", s->english ? STR("Success") : STR("Успешно"));
	jw_ktext(w, "OrderNumber", t.number);
	jw_kint(w, "Amount", t.amount);
	sberbank_code(s, "currency", t.currency, true);
	jw_kint(w, "depositAmount", o->deposited_kop);
	if (o->card.rule) {
		jw_ktext(w, "Pan", str_of(o->card.mask_old));
		jw_ktext(w, "expiration", str_of(o->card.expiry));
	}
	if (o->auth_code[0])
		jw_ktext(w, "approvalCode", str_of(o->auth_code));
	jw_ktext(w, "Ip", STR("127.0.0.1"));
	jw_object_end(w);
}
