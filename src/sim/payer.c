#include "kvitok/sim/payer.h"

#include "kvitok/sim/gazprom.h"
#include "kvitok/sim/sberbank.h"
#include "kvitok/sim/wallet.h"

#include <stdio.h>

#define ACTION_WRONG_CODE (-2006)

static enum payer_result
refuse(struct world *w, struct order *o, int action, const char *ext)
{
	if (order_refuse(o, action, ext) != ORDER_DONE)
		return PAYER_CLOSED;
	if (o->state == ORDER_REFUSED)
		timers_cancel(&w->timers, &o->expiry);
	if (o->c->bank == BANK_SBER)
		sberbank_told_refused(w, o);
	else
		gazprom_told_outcome(w, o);
	return o->state == ORDER_REFUSED ? PAYER_REFUSED : PAYER_TRY_AGAIN;
}

/* A binding is made only when it was asked for and the payer is known. */
static void
keep_card(struct world *w, struct order *o)
{
	struct saved_card *s;
	bool wanted = o->c->bank == BANK_SBER
	    ? o->save_card && o->client_id.len > 0
	    : o->card_register || (o->save_card && o->offer_card);

	if (o->binding[0] != '\0' || !wanted)
		return;
	/* Gazprombank knows no payers: each card that is kept is a new one. */
	s = wallet_save(w->wallet, o->c,
	    o->c->bank == BANK_SBER ? o->client_id : o->id, &o->card,
	    world_now(w));
	(void)snprintf(o->binding, sizeof(o->binding), "%s", s->id);
	(void)snprintf(s->trx, sizeof(s->trx), "%.*s", STR_ARG(o->id));
}

static enum payer_result
charge(struct world *w, struct order *o)
{
	const struct card_rule *rule = o->card.rule;

	if (rule->action != 0)
		return refuse(w, o, rule->action, rule->gpb);
	if (order_pay(o, world_now(w)) != ORDER_DONE)
		return PAYER_CLOSED;
	timers_cancel(&w->timers, &o->expiry);
	keep_card(w, o);
	/* A card that is only registered is charged and given back. */
	if (o->card_register && order_reverse(o, world_now(w)) != ORDER_DONE)
		return PAYER_CLOSED;
	if (o->c->bank == BANK_SBER)
		sberbank_told_paid(w, o);
	else
		gazprom_told_outcome(w, o);
	return PAYER_DONE;
}

enum payer_result
payer_card(struct world *w, struct order *o, const struct card *card, bool save)
{
	if (!order_payable(o))
		return PAYER_CLOSED;
	o->card = *card;
	o->save_card = save;
	if (card->rule->tds) {
		order_to_acs(o);
		return PAYER_NEEDS_CODE;
	}
	o->authenticated = false;
	return charge(w, o);
}

enum payer_result
payer_saved(struct world *w, struct order *o, const struct card *card,
    struct str saved_id)
{
	if (!order_payable(o))
		return PAYER_CLOSED;
	o->card = *card;
	(void)snprintf(
	    o->binding, sizeof(o->binding), "%.*s", STR_ARG(saved_id));
	o->authenticated = false;
	return charge(w, o);
}

enum payer_result
payer_code(struct world *w, struct order *o, struct str code)
{
	if (o->state != ORDER_ACS || !o->card.rule)
		return PAYER_CLOSED;
	code = str_trim(code);
	if (!str_eq(code, STR(CARD_TDS_NEW)) &&
	    !str_eq(code, STR(CARD_TDS_OLD)))
		return refuse(w, o, ACTION_WRONG_CODE, "AUTHORIZATION_FAILED");
	o->authenticated = true;
	return charge(w, o);
}

enum payer_result
payer_cancel(struct world *w, struct order *o)
{
	if (order_cancel(o) != ORDER_DONE)
		return PAYER_CLOSED;
	timers_cancel(&w->timers, &o->expiry);
	if (o->c->bank == BANK_GPB)
		gazprom_told_outcome(w, o);
	return PAYER_REFUSED;
}

struct str
payer_return_url(struct arena *a, const struct order *o)
{
	bool good = order_was_paid(o);
	struct str url =
	    good || o->fail_url.len == 0 ? o->return_url : o->fail_url;

	if (o->c->bank != BANK_SBER)
		return url; /* the bank adds nothing to back_url_s and _f */
	url = pairs_url_with(a, url, "orderId", o->id);
	if (!o->new_dialect)
		url = pairs_url_with(
		    a, url, "lang", o->english ? STR("en") : STR("ru"));
	return url;
}
