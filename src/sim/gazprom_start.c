#include "kvitok/sim/gazprom.h"

#include "kvitok/base/day.h"
#include "kvitok/base/secret.h"
#include "kvitok/base/utf8.h"
#include "kvitok/sim/caller.h"
#include "kvitok/sim/cpa.h"
#include "kvitok/sim/pages.h"
#include "kvitok/sim/payer.h"
#include "kvitok/sim/spoil.h"
#include "kvitok/sim/wallet.h"

#include <stdio.h>

#define CPA_TIMEOUT_MS 15000
#define REGISTER_MAX_KOP 100000 /* maxCardRegAmount */

const struct contract *
gazprom_by_merchant(const struct world *w, struct str merch_id)
{
	for (size_t i = 0; i < w->set.contracts_len; i++) {
		const struct contract *c = &w->set.contracts[i];

		if (c->bank == BANK_GPB && str_eq(c->merch_id, merch_id))
			return c;
	}
	return NULL;
}

struct str
gazprom_make_trx(struct arena *a, bool pps)
{
	unsigned char r[16];
	struct buf b;
	char *p = arena_alloc(a, 21);

	if (!pps) {
		secret_random_text(p, 20);
		return str_of(p);
	}
	secret_random(r, sizeof(r));
	buf_init(&b, a, 64);
	for (size_t i = 0; i < sizeof(r); i++)
		buf_fmt(&b, "%02X", r[i]);
	return buf_str(&b);
}

struct str
gazprom_ts(struct arena *a, const struct world *w)
{
	char t[20]; /* 2026-11-21T05:13:11 */

	day_local_iso(world_now(w), DAY_ZONE_MOSCOW, t);
	return arena_fmt(a, "%.4s%.2s%.2s %.8s", t, t + 5, t + 8, t + 11);
}

struct str
gazprom_page_url(struct arena *a, const struct world *w, const struct order *o)
{
	return arena_fmt(a, "%.*s/pages/card?trx=%.*s",
	    STR_ARG(w->set.public_url), STR_ARG(o->id));
}

struct lost {
	struct world *w;
	struct order *o;
};

static void
on_lost(void *owner)
{
	struct lost *l = owner;

	if (order_expire(l->o) == ORDER_DONE)
		gazprom_told_outcome(l->w, l->o);
}

void
gazprom_open(struct world *w, struct order *o)
{
	struct lost *l = ARENA_NEW(o->a, struct lost);

	*l = (struct lost){ w, o };
	o->asked = true;
	o->expires_at = world_now(w) + o->c->lost_after_ms;
	if (menu_take(
		&w->menu, BANK_GPB, MENU_EXPIRE, o->number, "start", NULL))
		o->expires_at = world_now(w);
	(void)timers_set(&w->timers, &o->expiry, o->expires_at, on_lost, l);
}

bool
gazprom_charge_absent(
    struct world *w, struct order *o, struct str card_id, struct str card_trx)
{
	struct saved_card *s = wallet_find(w->wallet, o->c, card_id);

	if (!s)
		s = wallet_by_trx(w->wallet, o->c, card_trx);
	if (!s || !s->active)
		return false;
	(void)payer_saved(w, o, &s->card, str_of(s->id));
	return true;
}

bool
gazprom_is_start(struct str path)
{
	return str_eq(path, STR("/payment/start.wsm")) ||
	    str_eq(path, STR("/pages/")) ||
	    (str_starts(path, STR("/pages-")) && str_ends(path, STR("/")));
}

static void
redirect(struct req *r, struct str url)
{
	r->status = 302;
	r->location = arena_str(r->a, url);
}

static void
refuse(struct order *o, struct req *r, const char *ext)
{
	o->state = ORDER_REFUSED;
	o->ext = ext;
	if (r)
		redirect(r, o->fail_url);
}

static void
take_answer(struct order *o, const struct cpa *x)
{
	o->amount_kop = x->amount_kop;
	o->account = arena_str(o->a, x->account);
	o->merchant_trx = arena_str(o->a, x->merchant_trx);
	o->short_desc = arena_str(o->a, x->short_desc);
	o->long_desc = arena_str(o->a, x->long_desc);
	o->description = o->long_desc;
	o->offer_card = x->add_card;
	o->card_register = str_eq(x->type, STR("CardRegister"));
	o->own = ARENA_ARRAY(o->a, x->params.len + 1, struct pair);
	for (size_t i = 0; i < x->params.len; i++)
		o->own[o->own_len++] =
		    (struct pair){ arena_str(o->a, x->params.v[i].name),
			    arena_str(o->a, x->params.v[i].value) };
	if (x->card_id.len > 0)
		(void)snprintf(o->binding, sizeof(o->binding), "%.*s",
		    STR_ARG(x->card_id));
}

/* What the merchant said decides; r is NULL when the browser left. */
static void
decide(struct world *w, struct order *o, struct req *r, struct call *call)
{
	struct cpa x;
	struct fault f;
	const char *trouble = call->status != 200
	    ? "the merchant did not answer 200"
	    : cpa_read(call->a, call->answer, &x);

	fault_init(&f);
	if (!trouble && x.code == 1 && !str_eq(x.account, o->c->account_id))
		trouble = "account-amount/id is not the agreed account";
	if (trouble) {
		/* The one place where a developer learns what was wrong. */
		fault_set(&f, ERR_INVALID, "sim_cpa", "%s: %s", trouble,
		    call->trouble);
		log_fault(w->log, LOG_WARN, "cpa_failed", &f);
		refuse(o, r, "CPA_FAILED");
		return;
	}
	if (x.code != 1) {
		refuse(o, r, "CPA_REJECTED");
		return;
	}
	if (str_eq(x.type, STR("CardRegister")) &&
	    x.amount_kop > REGISTER_MAX_KOP) {
		refuse(o, r, "CS_LIMITEXCEEDED");
		return;
	}
	take_answer(o, &x);
	gazprom_open(w, o);
	if (x.absent) {
		if (!gazprom_charge_absent(w, o, x.card_id, x.card_trx)) {
			refuse(o, NULL, "CS_CARDNOTFOUND");
			gazprom_told_outcome(w, o);
		}
		if (r)
			redirect(r, payer_return_url(r->a, o));
		return;
	}
	if (r)
		redirect(r, gazprom_page_url(r->a, w, o));
}

static void
on_cpa(struct call *call)
{
	struct world *w = call->w;
	struct order *o = book_by_serial(w->book, call->key);
	struct req *r = door_waiting(w, call->key2);

	/* Of two answers (fault cpa_twice) the first one counts. */
	if (!o || o->asked || o->state != ORDER_OPEN)
		return;
	decide(w, o, r, call);
	if (!r)
		return;
	spoil_after(r, BANK_GPB, o->number, "start");
	if (r->wake.pos == 0)
		door_let_go(r);
}

static void
ask(struct req *r, struct order *o)
{
	struct call *call = caller_call(r->w->caller);
	struct buf b;
	struct pairs q;

	pairs_init(&q, call->a);
	pairs_add(&q, STR("merch_id"), o->c->merch_id);
	pairs_add(&q, STR("trx_id"), o->id);
	pairs_add(&q, STR("lang_code"), o->english ? STR("EN") : STR("RU"));
	for (size_t i = 0; i < o->extra_len; i++)
		pairs_add(&q, o->extra[i].name, o->extra[i].value);
	pairs_add(&q, STR("ts"), gazprom_ts(call->a, r->w));
	buf_init(&b, call->a, 1 << 18);
	buf_text(&b, o->c->check_url);
	buf_char(&b,
	    str_find(o->c->check_url, STR("?")) < o->c->check_url.len ? '&'
								      : '?');
	pairs_form(&q, &b);
	call->what = "cpa";
	call->number = arena_str(call->a, o->number);
	call->url = buf_str(&b);
	call->connect = o->c->check_connect;
	call->user = o->c->basic_user;
	call->password = o->c->basic_password;
	call->timeout_ms = CPA_TIMEOUT_MS;
	call->done = on_cpa;
	call->key = o->serial;
	call->key2 = r->serial;
	caller_send(r->w->caller, call);
}

static bool
absolute_url(struct str s)
{
	return s.len <= 2048 &&
	    (str_starts(s, STR("http://")) || str_starts(s, STR("https://")));
}

/* Gives: NULL, or what is wrong with the start address. */
static const char *
check(const struct req *r, const struct contract **c)
{
	const struct pairs *q = &r->query;
	struct str number = pairs_get(q, "o.order_id");

	*c = gazprom_by_merchant(r->w, pairs_get(q, "merch_id"));
	if (!*c)
		return "Магазин не найден: неверный merch_id.";
	if (!absolute_url(pairs_get(q, "back_url_s")) ||
	    !absolute_url(pairs_get(q, "back_url_f")))
		return "Не указан адрес возврата: back_url_s, back_url_f.";
	if (number.len == 0 || utf8_len(number) > 128)
		return "Не указан номер заказа: o.order_id.";
	for (size_t i = 0; i < q->len; i++)
		if (str_starts(q->v[i].name, STR("o.")) &&
		    utf8_len(q->v[i].value) > 128)
			return "Слишком длинный параметр заказа.";
	if ((*c)->check_url.len == 0)
		return "Магазин не отвечает на запросы (CPA_NONE).";
	return NULL;
}

static struct order *
make_order(struct req *r, const struct contract *c)
{
	const struct pairs *q = &r->query;
	bool pps = str_eq(r->path, STR("/payment/start.wsm"));
	struct order *o = book_add(r->w->book, c, gazprom_make_trx(r->a, pps),
	    pairs_get(q, "o.order_id"), world_now(r->w));
	struct str lang = pairs_get(q, pps ? "lang" : "lang_code");

	o->pps = pps;
	o->english = str_eq_nocase(lang, STR("EN"));
	o->attempts_left = 1;
	o->return_url = arena_str(o->a, pairs_get(q, "back_url_s"));
	o->fail_url = arena_str(o->a, pairs_get(q, "back_url_f"));
	o->two_stage = str_eq(pairs_get(q, "preauth"), STR("Y"));
	o->client_id = STR("");
	if (str_eq(pairs_get(q, "src.type"), STR("card_id")))
		(void)snprintf(o->binding, sizeof(o->binding), "%.*s",
		    STR_ARG(pairs_get(q, "src.cardId")));
	o->extra = ARENA_ARRAY(o->a, q->len + 1, struct pair);
	for (size_t i = 0; i < q->len; i++)
		if (str_starts(q->v[i].name, STR("o.")))
			o->extra[o->extra_len++] =
			    (struct pair){ arena_str(o->a, q->v[i].name),
				    arena_str(o->a, q->v[i].value) };
	return o;
}

void
gazprom_start(struct req *r)
{
	struct str number = pairs_get(&r->query, "o.order_id");
	const struct contract *c;
	const char *trouble;
	struct order *o;

	if (!str_eq(r->method, STR("GET"))) {
		r->status = 405;
		r->allow = STR("GET");
		return;
	}
	if (spoil_before(r, BANK_GPB, number, "start"))
		return;
	trouble = check(r, &c);
	if (!trouble &&
	    menu_take(&r->w->menu, BANK_GPB, MENU_REGISTER_REFUSED, number,
		"start", NULL))
		trouble = "Оплата в этом магазине временно недоступна.";
	if (trouble) {
		pages_trouble(r, BANK_GPB, 400, trouble);
		return;
	}
	o = make_order(r, c);
	door_hold(r, NULL);
	ask(r, o);
	if (menu_take(
		&r->w->menu, BANK_GPB, MENU_CPA_TWICE, number, NULL, NULL))
		ask(r, o);
}
