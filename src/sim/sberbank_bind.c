#include "kvitok/sim/sberbank.h"

#include "kvitok/sim/payer.h"
#include "kvitok/sim/wallet.h"

static void
write_binding(struct sberbank_call *s, const struct saved_card *b)
{
	struct jw *w = &s->out;

	jw_object(w);
	jw_ktext(w, "bindingId", str_of(b->id));
	jw_ktext(w, "maskedPan",
	    str_of(s->old ? b->card.mask_old : b->card.mask_new));
	jw_ktext(w, "expiryDate", str_of(b->card.expiry));
	jw_ktext(w, "clientId", str_of(b->client_id));
	if (!s->old) {
		jw_ktext(w, "bindingStatus", b->active ? STR("1") : STR("0"));
		jw_ktext(w, "paymentWay", STR("CARD"));
		jw_ktext(w, "paymentSystem", str_of(b->card.scheme));
	}
	jw_object_end(w);
}

static bool
wanted(struct sberbank_call *s, const struct saved_card *b)
{
	return b->active ||
	    (!s->old && str_eq(pairs_get(&s->in, "showInactive"), STR("true")));
}

void
sberbank_bindings(struct sberbank_call *s)
{
	struct str client = pairs_get(&s->in, "clientId");
	const struct saved_card *b;
	size_t i = 0, found = 0;

	if (client.len == 0) {
		sberbank_error(s, 1, "Не указан clientId", "clientId is empty");
		return;
	}
	while ((b = wallet_next(s->w->wallet, s->c, client, &i)))
		found += wanted(s, b) ? 1 : 0;
	if (found == 0) {
		/* An empty list is an error at both generations. */
		sberbank_error(s, 2, "Информация не найдена", "Nothing found");
		return;
	}
	jw_object(&s->out);
	sberbank_code(s, "errorCode", 0, true);
	jw_key(&s->out, "bindings");
	jw_list(&s->out);
	for (i = 0; (b = wallet_next(s->w->wallet, s->c, client, &i));)
		if (wanted(s, b))
			write_binding(s, b);
	jw_list_end(&s->out);
	jw_object_end(&s->out);
}

static void
switch_to(struct sberbank_call *s, bool active)
{
	struct saved_card *b =
	    wallet_find(s->w->wallet, s->c, pairs_get(&s->in, "bindingId"));

	if (!b)
		sberbank_error(
		    s, 2, "Связка не найдена", "Binding is not found");
	else if (b->active == active)
		sberbank_error(s, 2,
		    active ? "Связка уже активна" : "Связка не активна",
		    active ? "Binding is active" : "Binding is not active");
	else {
		b->active = active;
		sberbank_ok(s);
	}
}

void
sberbank_bind(struct sberbank_call *s)
{
	switch_to(s, true);
}

void
sberbank_unbind(struct sberbank_call *s)
{
	switch_to(s, false);
}

void
sberbank_pay_by_binding(struct sberbank_call *s)
{
	struct order *o = sberbank_find(s, "mdOrder");
	struct saved_card *b =
	    wallet_find(s->w->wallet, s->c, pairs_get(&s->in, "bindingId"));

	if (!o || !b || !b->active) {
		sberbank_error(s, 2, "Связка или заказ не найдены",
		    "Binding or order is not found");
		return;
	}
	if (!str_eq(o->client_id, str_of(b->client_id))) {
		sberbank_error(s, s->old ? 5 : 1,
		    "Связка принадлежит другому клиенту",
		    "Binding belongs to another client");
		return;
	}
	if (!order_payable(o)) {
		sberbank_error(s, s->old ? 7 : 5, "Заказ не может быть оплачен",
		    "Order cannot be paid");
		return;
	}
	/* A refusal is errorCode 0 too: only the status tells. */
	(void)payer_saved(s->w, o, &b->card, str_of(b->id));
	jw_object(&s->out);
	sberbank_code(s, "errorCode", 0, true);
	jw_ktext(&s->out, "redirect", payer_return_url(s->r->a, o));
	jw_object_end(&s->out);
}
