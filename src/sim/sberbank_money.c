#include "kvitok/sim/sberbank.h"

#include "kvitok/base/num.h"
#include "kvitok/sim/sberbank_cart.h"

#define AMOUNT_MAX 999999999999

/* Gives: the order with *amount read, or NULL, the refusal written. */
static struct order *
order_and_amount(struct sberbank_call *s, bool required, int64_t *amount)
{
	struct str sum = pairs_get(&s->in, "amount");
	struct order *o;

	if (pairs_get(&s->in, "orderId").len == 0) {
		sberbank_error(s, 5, "Не указан orderId", "orderId is empty");
		return NULL;
	}
	if (!(o = sberbank_find(s, "orderId"))) {
		sberbank_error(s, 6, "Неверный номер заказа", "Unknown order");
		return NULL;
	}
	*amount = 0;
	if ((sum.len == 0 && required) ||
	    (sum.len > 0 && !num_parse(sum, 0, AMOUNT_MAX, amount))) {
		sberbank_error(s, 5, "Неверная сумма", "Wrong amount");
		return NULL;
	}
	return o;
}

static void
answer(struct sberbank_call *s, enum order_verdict v)
{
	switch (v) {
	case ORDER_DONE:
	case ORDER_REPEATED:
		sberbank_ok(s);
		return;
	case ORDER_WRONG_STATE:
		sberbank_error(s, s->old ? 7 : 5,
		    "Операция невозможна для текущего состояния заказа",
		    "Operation is impossible for current state of the order");
		return;
	case ORDER_WRONG_SUM:
		sberbank_error(s, s->old ? 7 : 5,
		    "Неверная сумма: больше остатка или меньше 1 рубля",
		    "Wrong amount: above the rest or below 1 rouble");
		return;
	case ORDER_WRONG_REPEAT:
		sberbank_error(s, 5, "externalRefundId уже использован",
		    "externalRefundId was used with other data");
		return;
	}
}

void
sberbank_deposit(struct sberbank_call *s)
{
	int64_t amount;
	struct order *o = order_and_amount(s, true, &amount);
	enum order_verdict v;

	if (!o)
		return;
	v = order_deposit(o, amount, world_now(s->w));
	answer(s, v);
	if (v == ORDER_DONE)
		sberbank_told(s->w, o, "deposited", 1);
}

void
sberbank_reverse(struct sberbank_call *s)
{
	int64_t amount;
	struct order *o = order_and_amount(s, false, &amount);
	enum order_verdict v;

	if (!o)
		return;
	/* Reversing a part needs a permission that nobody has here. */
	/* The old gateway takes its own cart of the order. */
	if (!s->old && !sberbank_cart_back(s, amount))
		return;
	v = amount > 0 && amount != o->amount_kop
	    ? ORDER_WRONG_SUM
	    : order_reverse(o, world_now(s->w));
	answer(s, v);
	if (v == ORDER_DONE) {
		sberbank_cart_keep_back(s);
		sberbank_told(s->w, o, "reversed", 1);
	}
}

void
sberbank_refund(struct sberbank_call *s)
{
	int64_t amount;
	struct order *o = order_and_amount(s, true, &amount);
	struct str external = pairs_get(&s->in, "externalRefundId");
	enum order_verdict v;

	if (!o)
		return;
	if (external.len > 36) {
		sberbank_error(s, 5, "externalRefundId слишком длинный",
		    "externalRefundId is too long");
		return;
	}
	/* The same refund again is answered as before, whatever is left. */
	if (!order_refunded(o, external) && !sberbank_cart_back(s, amount))
		return;
	v = amount > 0 && amount < 100
	    ? ORDER_WRONG_SUM
	    : order_refund(o, amount, external, world_now(s->w));
	answer(s, v);
	if (v == ORDER_DONE) {
		sberbank_cart_keep_back(s);
		sberbank_told(s->w, o, "refunded", 1);
	}
}

void
sberbank_decline(struct sberbank_call *s)
{
	struct order *o = sberbank_find(s, "orderId");

	if (!o) {
		sberbank_error(
		    s, s->old ? 6 : 5, "Заказ не найден", "Order is not found");
		return;
	}
	/* Once the payer is at the card's bank it is too late. */
	if (o->state != ORDER_OPEN || order_cancel(o) != ORDER_DONE) {
		answer(s, ORDER_WRONG_STATE);
		return;
	}
	timers_cancel(&s->w->timers, &o->expiry);
	sberbank_ok(s);
}
