#include "kvitok/sim/control.h"

#include "kvitok/base/num.h"
#include "kvitok/sim/gazprom.h"
#include "kvitok/sim/notice.h"
#include "kvitok/sim/payer.h"
#include "kvitok/sim/sberbank.h"
#include "kvitok/sim/wallet.h"

#include <string.h>

#define ORDERS_DEFAULT 100
#define ORDERS_LIMIT 1000

static void
write_notices(struct jw *w, const struct order *o, const char *name)
{
	size_t n = o->notices_len < ORDER_NOTICES_MAX ? o->notices_len
						      : ORDER_NOTICES_MAX;

	jw_key(w, name);
	jw_list(w);
	for (size_t i = 0; i < n; i++) {
		const struct order_notice *s = &o->notices[i];

		jw_object(w);
		jw_ktime(w, "at", s->at);
		jw_ktext(w, "operation", str_of(s->operation));
		jw_kint(w, "status", s->ok);
		jw_kint(w, "tries", s->tries);
		jw_kint(w, "http_status", s->http_status);
		jw_kbool(w, "accepted", s->accepted);
		jw_object_end(w);
	}
	jw_list_end(w);
}

static struct str
page_url(struct arena *a, const struct world *w, const struct order *o)
{
	return o->c->bank == BANK_SBER ? sberbank_form_url(a, w, o)
				       : gazprom_page_url(a, w, o);
}

static void
write_sums(struct jw *w, const struct order *o)
{
	jw_kint(w, "amount_kop", o->amount_kop);
	jw_kint(w, "deposited_kop", o->deposited_kop);
	jw_kint(w, "refunded_kop", o->refunded_kop);
}

/* As they came. */
static void
write_carts(struct jw *w, const struct order *o)
{
	if (o->cart.len == 0)
		return;
	jw_key(w, "cart");
	jw_raw(w, o->cart);
	jw_key(w, "carts_back");
	jw_list(w);
	for (size_t i = 0; i < o->carts_back_len; i++)
		jw_raw(w, o->carts_back[i]);
	jw_list_end(w);
}

static void
write_order(struct req *r, struct jw *w, const struct order *o)
{
	jw_object(w);
	jw_ktext(w, "bank", str_of(setup_bank_name(o->c->bank)));
	jw_ktext(w, "contract", o->c->name);
	jw_ktext(w, "dialect",
	    o->c->bank == BANK_SBER ? o->new_dialect ? STR("new") : STR("old")
		: o->pps ? STR("pps")
				    : STR("pga"));
	jw_ktext(w, "number", o->number);
	jw_ktext(w, "id", o->id);
	jw_ktext(w, "state", str_of(order_state_name(o->state)));
	jw_kint(w, "order_status", (int64_t)o->state);
	jw_kint(w, "action_code", o->action);
	jw_kopt(w, "ext_result_code", str_of(o->ext));
	write_sums(w, o);
	jw_kopt(w, "description", o->description);
	jw_kopt(w, "client_id", o->client_id);
	jw_kopt(
	    w, "card_mask", o->card.rule ? str_of(o->card.mask_new) : STR_NONE);
	jw_kopt(w, "binding", str_of(o->binding));
	jw_kopt(w, "rrn", str_of(o->rrn));
	jw_kopt(w, "auth_code", str_of(o->auth_code));
	jw_ktext(w, "page_url", page_url(r->a, r->w, o));
	jw_ktime(w, "created_at", o->created_at);
	jw_ktime(w, "expires_at", o->expires_at);
	write_carts(w, o);
	write_notices(w, o, "callbacks");
	jw_object_end(w);
}

static bool
asked_for(const struct req *r, const struct order *o)
{
	struct str bank = pairs_get(&r->query, "bank");
	struct str number = pairs_get(&r->query, "number");

	if (bank.len > 0 && !str_eq(bank, str_of(setup_bank_name(o->c->bank))))
		return false;
	return number.len == 0 || str_eq(number, o->number) ||
	    str_eq(number, o->id);
}

void
control_orders(struct req *r)
{
	int64_t limit = ORDERS_DEFAULT;
	struct jw w;

	if (pairs_has(&r->query, "limit") &&
	    !num_parse(
		pairs_get(&r->query, "limit"), 1, ORDERS_LIMIT, &limit)) {
		control_refuse(r, 400, "limit: 1 to 1000");
		return;
	}
	control_json(r, &w);
	jw_object(&w);
	jw_kint(&w, "count", (int64_t)book_count(r->w->book));
	jw_key(&w, "orders");
	jw_list(&w);
	for (const struct order *o = book_newest(r->w->book); o && limit > 0;
	     o = o->older) {
		if (!asked_for(r, o))
			continue;
		write_order(r, &w, o);
		limit--;
	}
	jw_list_end(&w);
	jw_object_end(&w);
}

enum outcome {
	OUT_PAID,
	OUT_DECLINED,
	OUT_WRONG_3DS,
	OUT_CANCELLED,
	OUT_ABANDONED,
	OUT__COUNT
};

static const struct {
	const char *name, *card; /* card when none is given */
} outcomes[OUT__COUNT] = {
	[OUT_PAID] = { "paid", "mir_3ds" },
	[OUT_DECLINED] = { "declined", "no_funds" },
	[OUT_WRONG_3DS] = { "wrong_3ds", "mir_3ds" },
	[OUT_CANCELLED] = { "cancelled", "mir_3ds" },
	[OUT_ABANDONED] = { "abandoned", "mir_3ds" },
};

struct wish {
	enum outcome outcome;
	const struct card_rule *card;
	bool save, wait, saved; /* saved: with the card that the page offers */
	int64_t attempts;
};

/* Gives: false with the refusal written. */
static bool
read_wish(struct req *r, struct wish *out)
{
	static const char *const known[] = { "outcome", "card", "save_card",
		"wait", "attempts", "use_saved", NULL };
	const struct json *j;
	struct str outcome = STR("paid"), card = STR_NONE;
	int i = 0;

	*out = (struct wish){ .attempts = 9 };
	if (!control_body(r, known, &j))
		return false;
	if ((json_get(j, "outcome") &&
		!json_text(json_get(j, "outcome"), &outcome)) ||
	    (json_get(j, "card") && !json_text(json_get(j, "card"), &card)) ||
	    (json_get(j, "save_card") &&
		!json_bool(json_get(j, "save_card"), &out->save)) ||
	    (json_get(j, "use_saved") &&
		!json_bool(json_get(j, "use_saved"), &out->saved)) ||
	    (json_get(j, "wait") &&
		!json_bool(json_get(j, "wait"), &out->wait)) ||
	    (json_get(j, "attempts") &&
		!json_int(json_get(j, "attempts"), &out->attempts))) {
		control_refuse(r, 400, "a member has the wrong type");
		return false;
	}
	while (i < OUT__COUNT && !str_eq(outcome, str_of(outcomes[i].name)))
		i++;
	if (i == OUT__COUNT) {
		control_refuse(r, 400,
		    "outcome: paid, declined, wrong_3ds, cancelled, "
		    "abandoned");
		return false;
	}
	out->outcome = (enum outcome)i;
	out->card =
	    card_rule_find(card.len > 0 ? card : str_of(outcomes[i].card));
	if (!out->card)
		control_refuse(
		    r, 400, "card: a demo card's name or a card number");
	return out->card != NULL;
}

static enum payer_result
one_attempt(struct req *r, struct order *o, const struct wish *wish)
{
	struct card card;
	enum payer_result rc;

	if (wish->saved) {
		const struct saved_card *s =
		    wallet_find(r->w->wallet, o->c, str_of(o->binding));

		if (!s || !s->active)
			return PAYER_CLOSED;
		card = s->card;
		return payer_saved(r->w, o, &card, str_of(s->id));
	}
	card_of_rule(wish->card, &card);
	rc = payer_card(r->w, o, &card, wish->save);
	if (rc != PAYER_NEEDS_CODE)
		return rc;
	return payer_code(r->w, o,
	    wish->outcome == OUT_WRONG_3DS ? STR("000000") : STR(CARD_TDS_NEW));
}

static enum payer_result
act(struct req *r, struct order *o, const struct wish *wish)
{
	enum payer_result rc = PAYER_TRY_AGAIN;

	switch (wish->outcome) {
	case OUT_ABANDONED:
		return order_payable(o) ? PAYER_TRY_AGAIN : PAYER_CLOSED;
	case OUT_CANCELLED:
		return payer_cancel(r->w, o);
	case OUT_PAID:
	case OUT_DECLINED:
	case OUT_WRONG_3DS:
	case OUT__COUNT:
		break;
	}
	for (int64_t i = 0; i < wish->attempts && rc == PAYER_TRY_AGAIN; i++)
		rc = one_attempt(r, o, wish);
	return rc;
}

static void
answer(struct req *r)
{
	const struct order *o = book_by_serial(r->w->book, r->order);
	struct jw w;

	if (!o) {
		control_refuse(r, 404, "the order was forgotten");
		return;
	}
	control_json(r, &w);
	jw_object(&w);
	jw_ktext(&w, "order", o->number);
	jw_ktext(&w, "id", o->id);
	jw_ktext(&w, "state", str_of(order_state_name(o->state)));
	jw_kint(&w, "action_code", o->action);
	jw_kopt(
	    &w, "return_url", r->note ? STR_NONE : payer_return_url(r->a, o));
	write_notices(&w, o, "callbacks");
	jw_object_end(&w);
	r->note = NULL;
}

void
control_pay(struct req *r, struct str which)
{
	struct order *o = book_by_id(r->w->book, which);
	struct wish wish;
	enum payer_result rc;

	if (!o)
		o = book_by_number(r->w->book, NULL, which);
	if (!o) {
		control_refuse(r, 404,
		    "no such order (at Gazprombank an order exists from the "
		    "moment its start address was opened)");
		return;
	}
	if (!read_wish(r, &wish))
		return;
	if (o->c->bank == BANK_GPB && !o->asked) {
		control_refuse(r, 409, "the merchant has not answered CPA yet");
		return;
	}
	rc = act(r, o, &wish);
	if (rc == PAYER_CLOSED) {
		control_refuse(r, 409,
		    arena_fmt(
			r->a, "the order is %s", order_state_name(o->state))
			.p);
		return;
	}
	r->order = o->serial;
	/* Who walks away does not come back. */
	r->note = wish.outcome == OUT_ABANDONED ? "abandoned" : NULL;
	if ((notice_before_return(r->w, o) || wish.wait) && o->notices_open > 0)
		door_hold_order(r, o, answer);
	else
		answer(r);
}
