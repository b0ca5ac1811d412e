#include "kvitok/sim/pages.h"

#include "kvitok/base/day.h"
#include "kvitok/sim/notice.h"
#include "kvitok/sim/payer.h"
#include "kvitok/sim/wallet.h"

#include <stdio.h>
#include <string.h>

void
pages_render(struct req *r, int status, const char *name,
    const struct tpl_var *vars, size_t vars_len)
{
	struct bytes t = asset_get(arena_fmt(r->a, "tpl/sim/%s", name));
	const struct tpl_vars all = { vars, vars_len };
	struct fault f;

	fault_init(&f);
	r->status = status;
	r->type = "text/html; charset=utf-8";
	r->policy = "default-src 'none'; style-src 'self'; "
		    "img-src 'self' data:; frame-src 'self'";
	if (tpl_render(&r->out, TPL_HTML,
		(struct str){ (const char *)t.p, t.len }, &all, &f) == ERR_OK)
		return;
	log_fault(r->w->log, LOG_ERROR, "sim_page", &f);
	buf_init(&r->out, r->a, 64);
	r->status = 500;
}

static const char *
theme(enum bank bank)
{
	return bank == BANK_SBER ? "sber" : "gpb";
}

static const char *
bank_title(enum bank bank)
{
	return bank == BANK_SBER ? "Сбербанк" : "Газпромбанк";
}

void
pages_trouble(struct req *r, enum bank bank, int status, const char *words)
{
	const struct tpl_var vars[] = {
		{ .name = "theme", .text = str_of(theme(bank)) },
		{ .name = "bank", .text = str_of(bank_title(bank)) },
		{ .name = "title", .text = STR("Оплата невозможна") },
		{ .name = "words", .text = str_of(words) },
		{ .name = "back", .text = STR("") },
	};

	pages_render(r, status, "note.html", vars, KV_COUNT(vars));
}

static void
closed(struct req *r, const struct order *o)
{
	bool paid = order_was_paid(o);
	const struct tpl_var vars[] = {
		{ .name = "theme", .text = str_of(theme(o->c->bank)) },
		{ .name = "bank", .text = str_of(bank_title(o->c->bank)) },
		{ .name = "title",
		    .text = paid ? STR("Заказ оплачен") : STR("Заказ закрыт") },
		{ .name = "words",
		    .text = paid
			? STR("Деньги по этому заказу уже получены, платить "
			      "ещё раз не нужно.")
			: STR("Оплатить этот заказ уже нельзя: время вышло, "
			      "попытки закончились или вы отказались.") },
		{ .name = "back", .text = payer_return_url(r->a, o) },
	};

	pages_render(r, 200, "note.html", vars, KV_COUNT(vars));
}

/* Gives: rows of the demo cards. */
static const struct tpl_vars *
card_rows(struct arena *a, size_t *n)
{
	const struct card_rule *rules = card_rules(n);
	struct tpl_vars *rows = ARENA_ARRAY(a, *n, struct tpl_vars);

	for (size_t i = 0; i < *n; i++) {
		const char *p = rules[i].pan;
		struct tpl_var *v = ARENA_ARRAY(a, 4, struct tpl_var);

		v[0].name = "pan";
		v[0].text =
		    arena_fmt(a, "%.4s %.4s %.4s %s", p, p + 4, p + 8, p + 12);
		v[1].name = "exp";
		v[1].text = rules[i].action == 101 ? str_of(rules[i].expiry)
						   : STR("12/34");
		v[2].name = "cvc";
		v[2].text = str_of(rules[i].cvc);
		v[3].name = "about";
		v[3].text = str_of(rules[i].about);
		rows[i] = (struct tpl_vars){ v, 4 };
	}
	return rows;
}

static const struct saved_card *
saved_of(const struct req *r, const struct order *o)
{
	const struct saved_card *s = o->binding[0]
	    ? wallet_find(r->w->wallet, o->c, str_of(o->binding))
	    : NULL;

	return s && s->active ? s : NULL;
}

static struct str
shop_of(const struct order *o)
{
	return o->c->bank == BANK_SBER ? o->c->merchant : o->c->name;
}

void
pages_pay(struct req *r, struct order *o, const char *trouble)
{
	const struct saved_card *saved = saved_of(r, o);
	bool may_save = !saved &&
	    (o->c->bank == BANK_SBER ? o->client_id.len > 0 : o->offer_card);
	char until[17];
	size_t n;
	const struct tpl_vars *rows;

	if (!order_payable(o)) {
		closed(r, o);
		return;
	}
	rows = card_rows(r->a, &n);
	day_russian(o->expires_at, DAY_ZONE_MOSCOW, until);
	const struct tpl_var vars[] = {
		{ .name = "theme", .text = str_of(theme(o->c->bank)) },
		{ .name = "bank", .text = str_of(bank_title(o->c->bank)) },
		{ .name = "id", .text = o->id },
		{ .name = "number", .text = o->number },
		{ .name = "sum", .text = buf_roubles_str(r->a, o->amount_kop) },
		{ .name = "shop", .text = shop_of(o) },
		{ .name = "description", .text = o->description },
		{ .name = "until", .text = str_of(until) },
		{ .name = "trouble", .text = str_of(trouble) },
		{ .name = "saved",
		    .text = saved ? str_of(saved->card.mask_new) : STR("") },
		{ .name = "cvc", .text = o->c->ask_cvc ? STR("1") : STR("") },
		{ .name = "may_save", .text = may_save ? STR("1") : STR("") },
		{ .name = "register",
		    .text = o->card_register ? STR("1") : STR("") },
		{ .name = "cards", .rows = rows, .rows_len = n },
	};
	pages_render(r, 200, "pay.html", vars, KV_COUNT(vars));
}

static void
acs(struct req *r, struct order *o)
{
	if (o->state != ORDER_ACS) {
		pages_pay(r, o, "");
		return;
	}
	const struct tpl_var vars[] = {
		{ .name = "id", .text = o->id },
		{ .name = "sum", .text = buf_roubles_str(r->a, o->amount_kop) },
		{ .name = "shop", .text = shop_of(o) },
		{ .name = "mask", .text = str_of(o->card.mask_new) },
		{ .name = "scheme", .text = str_of(o->card.scheme) },
		{ .name = "code_new", .text = STR(CARD_TDS_NEW) },
		{ .name = "code_old", .text = STR(CARD_TDS_OLD) },
	};
	pages_render(r, 200, "acs.html", vars, KV_COUNT(vars));
}

static void
see_other(struct req *r, struct str url)
{
	r->status = 303;
	r->location = url;
	buf_init(&r->out, r->a, 16);
}

/* Back to the shop; perhaps only after the notices (see notice.h). */
static void
go_back(struct req *r, const struct order *o)
{
	see_other(r, payer_return_url(r->a, o));
	if (notice_before_return(r->w, o))
		door_hold_order(r, o, NULL);
}

static const char *
refusal_words(struct arena *a, const struct order *o)
{
	return arena_fmt(a, "%s. Осталось попыток: %d.",
	    card_action_words(o->action, false), o->attempts_left)
	    .p;
}

static void
follow(struct req *r, struct order *o, enum payer_result rc)
{
	switch (rc) {
	case PAYER_DONE:
	case PAYER_REFUSED:
		go_back(r, o);
		return;
	case PAYER_NEEDS_CODE:
		see_other(r, arena_fmt(r->a, "/sim/acs/%.*s", STR_ARG(o->id)));
		return;
	case PAYER_TRY_AGAIN:
		pages_pay(r, o, refusal_words(r->a, o));
		return;
	case PAYER_CLOSED:
		closed(r, o);
		return;
	}
}

static const char *
card_words(enum card_trouble t)
{
	static const char *const words[] = {
		[CARD_GOOD] = "",
		[CARD_BAD_NUMBER] = "Проверьте номер карты: в нём ошибка.",
		[CARD_BAD_EXPIRY] = "Укажите срок действия так, как на "
				    "карте: ММ/ГГ.",
		[CARD_EXPIRED] = "Срок действия карты истёк.",
		[CARD_BAD_CVC] = "Укажите код с обратной стороны карты: "
				 "три цифры.",
	};

	return words[t];
}

static void
this_month(const struct world *w, char out[7])
{
	char day[DAY_TEXT_SIZE];

	day_of(world_now(w), DAY_ZONE_MOSCOW, day);
	(void)snprintf(out, 7, "%.4s%.2s", day, day + 5);
}

static void
post_pay(struct req *r, struct order *o)
{
	const struct saved_card *saved = saved_of(r, o);
	struct pairs in;
	char month[7];
	struct card card;
	enum card_trouble t;

	if (!door_form(r, &in)) {
		pages_trouble(r, o->c->bank, 400, "Форма не прочитана.");
		return;
	}
	if (saved && pairs_has(&in, "use_saved")) {
		if (o->c->ask_cvc && !card_cvc_good(pairs_get(&in, "cvc"))) {
			pages_pay(r, o, card_words(CARD_BAD_CVC));
			return;
		}
		card = saved->card;
		follow(r, o, payer_saved(r->w, o, &card, str_of(saved->id)));
		return;
	}
	this_month(r->w, month);
	t = card_read(pairs_get(&in, "pan"), pairs_get(&in, "exp"),
	    pairs_get(&in, "cvc"), month, &card);
	if (t != CARD_GOOD)
		pages_pay(r, o, card_words(t));
	else
		follow(r, o,
		    payer_card(r->w, o, &card, pairs_has(&in, "save_card")));
}

static void
post_acs(struct req *r, struct order *o)
{
	struct pairs in;

	if (!door_form(r, &in)) {
		pages_trouble(r, o->c->bank, 400, "Форма не прочитана.");
		return;
	}
	if (o->state != ORDER_ACS)
		pages_pay(r, o, "");
	else
		follow(r, o, payer_code(r->w, o, pairs_get(&in, "code")));
}

static void
get_pay(struct req *r, struct order *o)
{
	pages_pay(r, o, "");
}

static void
post_cancel(struct req *r, struct order *o)
{
	follow(r, o, payer_cancel(r->w, o));
}

/* Where an order's id stands: after a prefix, or in a parameter. */
static const struct page {
	const char *prefix, *parameter, *method;
	void (*run)(struct req *, struct order *);
} table[] = {
	{ "/payment/merchants/", "mdOrder", "GET", get_pay },
	{ "/pp/pay_", "orderId", "GET", get_pay },
	{ "/pages/card", "trx", "GET", get_pay },
	{ "/sim/pay/", NULL, "GET", get_pay },
	{ "/sim/pay/", NULL, "POST", post_pay },
	{ "/sim/cancel/", NULL, "POST", post_cancel },
	{ "/sim/acs/", NULL, "GET", acs },
	{ "/sim/acs/", NULL, "POST", post_acs },
};

static bool
give_css(struct req *r)
{
	struct bytes css;

	if (!str_eq(r->path, STR("/sim/sim.css")))
		return false;
	css = asset_get(STR("static/sim/sim.css"));
	r->status = 200;
	r->type = "text/css; charset=utf-8";
	buf_bytes(&r->out, css.p, css.len);
	return true;
}

bool
pages_handle(struct req *r)
{
	if (give_css(r) || panel_handle(r))
		return true;
	for (size_t i = 0; i < KV_COUNT(table); i++) {
		struct str prefix = str_of(table[i].prefix), id;
		struct order *o;

		if (!str_starts(r->path, prefix) ||
		    !str_eq(r->method, str_of(table[i].method)))
			continue;
		id = table[i].parameter
		    ? pairs_get(&r->query, table[i].parameter)
		    : (struct str){ r->path.p + prefix.len,
			      r->path.len - prefix.len };
		o = book_by_id(r->w->book, id);
		r->note = "page";
		if (o)
			r->number = o->number;
		if (o)
			table[i].run(r, o);
		else
			pages_trouble(r,
			    str_starts(r->path, STR("/pages")) ? BANK_GPB
							       : BANK_SBER,
			    404, "Такого заказа нет или он устарел.");
		return true;
	}
	return false;
}
