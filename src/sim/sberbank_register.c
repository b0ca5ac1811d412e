#include "kvitok/sim/sberbank.h"

#include "kvitok/base/day.h"
#include "kvitok/base/num.h"
#include "kvitok/base/secret.h"
#include "kvitok/base/utf8.h"
#include "kvitok/sim/sberbank_cart.h"
#include "kvitok/sim/wallet.h"

#include <stdio.h>

#define AMOUNT_MAX 999999999999
#define LIFE_S 1200

static bool
absolute_url(struct str s)
{
	return str_starts(s, STR("http://")) || str_starts(s, STR("https://"));
}

static bool
has_char(struct str s, const char *set)
{
	for (size_t i = 0; i < s.len; i++)
		for (const char *p = set; *p; p++)
			if (s.p[i] == *p)
				return true;
	return false;
}

/* Gives: false with the refusal written. */
static bool
check_number(struct sberbank_call *s)
{
	struct str n = pairs_get(&s->in, "orderNumber");

	if (n.len == 0) {
		sberbank_error(s, 4, "Номер заказа не может быть пуст",
		    "Order number is empty");
		return false;
	}
	if (utf8_len(n) > (s->old ? 32u : 36u) || !utf8_text(n)) {
		sberbank_error(
		    s, 1, "Неверный номер заказа", "Order number is malformed");
		return false;
	}
	if (book_by_number(s->w->book, s->c, n)) {
		sberbank_error(s, 1, "Заказ с таким номером уже обработан",
		    "Order number is duplicated, order with given order "
		    "number is processed already");
		return false;
	}
	return true;
}

/* One of the list of features. */
static bool
has_feature(struct sberbank_call *s, struct str name)
{
	struct str list = pairs_get(&s->in, "features"), item;
	bool more = list.len > 0, found = false;

	while (more) {
		more = str_cut(&list, ';', &item);
		found = found || str_eq(item, name);
	}
	return found;
}

static bool
check_money(struct sberbank_call *s, int64_t *amount)
{
	/* Nothing is charged only where the card is to be checked. */
	int64_t least = has_feature(s, STR("VERIFY")) ? 0 : 1;

	struct str sum = pairs_get(&s->in, "amount");
	struct str currency = pairs_get(&s->in, "currency");

	if (sum.len == 0) {
		sberbank_error(
		    s, 4, "Не указана сумма заказа", "Amount is empty");
		return false;
	}
	if (!num_parse(sum, least, AMOUNT_MAX, amount)) {
		sberbank_error(
		    s, 5, "Неверно указана сумма", "Amount is invalid");
		return false;
	}
	if (currency.len > 0 && !str_eq(currency, STR("643"))) {
		sberbank_error(s, 3, "Неизвестная или запрещённая валюта",
		    "Unknown currency");
		return false;
	}
	return true;
}

static bool
check_urls(struct sberbank_call *s)
{
	struct str good = pairs_get(&s->in, "returnUrl");
	struct str fail = pairs_get(&s->in, "failUrl");
	size_t max = s->old ? 512 : 2048;

	if (good.len == 0) {
		sberbank_error(s, 4, "Адрес возврата не может быть пуст",
		    "Return URL is empty");
		return false;
	}
	if (!absolute_url(good) || good.len > max ||
	    (fail.len > 0 && (!absolute_url(fail) || fail.len > max))) {
		sberbank_error(s, s->old ? 5 : 4, "Неверный адрес возврата",
		    "Return URL is malformed");
		return false;
	}
	return true;
}

static bool
features_known(struct str list)
{
	static const char *const known[] = { "AUTO_PAYMENT", "VERIFY",
		"FORCE_TDS", "FORCE_SSL", "FORCE_FULL_TDS",
		"FORCE_CREATE_BINDING" };

	while (list.len > 0) {
		struct str item;
		bool found = false;

		str_cut(&list, ';', &item);
		for (size_t i = 0; i < KV_COUNT(known); i++)
			found = found || str_eq(item, str_of(known[i]));
		if (!found)
			return false;
	}
	return true;
}

static bool
check_texts(struct sberbank_call *s)
{
	struct str about = pairs_get(&s->in, "description");
	struct str lang = pairs_get(&s->in, "language");

	if (utf8_len(about) > 512 || has_char(about, "%+\r\n") ||
	    pairs_get(&s->in, "clientId").len > 255 ||
	    (lang.len > 0 && lang.len != 2)) {
		sberbank_error(s, 5, "Неверное значение одного из параметров",
		    "Invalid value of a parameter");
		return false;
	}
	for (size_t i = 0; i < s->in.len && !s->old; i++) {
		if (!has_char(s->in.v[i].value, "<>"))
			continue;
		sberbank_error(s, 5, "HTML в параметрах запрещён",
		    "HTML in parameters is forbidden");
		return false;
	}
	if (!features_known(pairs_get(&s->in, "features"))) {
		sberbank_error(s, 14, "Неверно указаны features",
		    "Features are malformed");
		return false;
	}
	return true;
}

/* jsonParams: an object of texts.  Gives: false when it is something else. */
static bool
read_params(struct sberbank_call *s, const struct json **out)
{
	struct str text = pairs_get(&s->in, "jsonParams");
	struct fault f;

	*out = NULL;
	if (text.len == 0)
		return true;
	fault_init(&f);
	return (!s->old || text.len <= 1024) &&
	    json_parse(s->r->a, text, JSON_STRICT, out, &f) == ERR_OK &&
	    json_kind(*out) == JSON_OBJECT && json_count(*out) <= 99;
}

static bool
read_life(struct sberbank_call *s, int64_t *until)
{
	struct str date = pairs_get(&s->in, "expirationDate");
	struct str life = pairs_get(&s->in, "sessionTimeoutSecs");
	int64_t now = world_now(s->w), seconds = LIFE_S;

	if (date.len > 0)
		return date.len == 19 &&
		    day_parse_rfc3339(
			arena_fmt(s->r->a, "%.*s+03:00", STR_ARG(date)),
			until) &&
		    *until > now;
	if (life.len > 0 && !num_parse(life, 1, 999999999, &seconds))
		return false;
	*until = now + seconds * 1000;
	return true;
}

static void
make_uuid(char out[37])
{
	unsigned char r[16];
	char *p = out;

	secret_random(r, sizeof(r));
	r[6] = (unsigned char)((r[6] & 0x0f) | 0x40);
	r[8] = (unsigned char)((r[8] & 0x3f) | 0x80);
	for (size_t i = 0; i < sizeof(r); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		(void)snprintf(p, 3, "%02x", (unsigned)r[i]);
		p += 2;
	}
}

struct str
sberbank_form_url(struct arena *a, const struct world *w, const struct order *o)
{
	if (o->new_dialect)
		return arena_fmt(a, "%.*s/pp/pay_%s?orderId=%.*s",
		    STR_ARG(w->set.public_url), o->english ? "en" : "ru",
		    STR_ARG(o->id));
	return arena_fmt(a,
	    "%.*s/payment/merchants/%.*s/payment_%s.html?mdOrder=%.*s",
	    STR_ARG(w->set.public_url), STR_ARG(o->c->merchant),
	    o->english ? "en" : "ru", STR_ARG(o->id));
}

struct expiry {
	struct world *w;
	struct order *o;
};

static void
on_expiry(void *owner)
{
	struct expiry *e = owner;

	sberbank_expire(e->w, e->o);
}

static void
copy_texts(struct sberbank_call *s, struct order *o, const struct json *params)
{
	o->return_url = arena_str(o->a, pairs_get(&s->in, "returnUrl"));
	o->fail_url = arena_str(o->a, pairs_get(&s->in, "failUrl"));
	o->description = arena_str(o->a, pairs_get(&s->in, "description"));
	o->client_id = arena_str(o->a, pairs_get(&s->in, "clientId"));
	o->extra = ARENA_ARRAY(o->a, json_count(params) + 1, struct pair);
	for (size_t i = 0; i < json_count(params); i++) {
		struct str value =
		    json_loose_text(s->r->a, json_value(params, i));

		o->extra[o->extra_len++] =
		    (struct pair){ arena_str(o->a, json_name(params, i)),
			    arena_str(o->a, value) };
	}
}

static void
make_order(struct sberbank_call *s, int64_t amount, int64_t until,
    const struct json *params)
{
	char id[37];
	struct order *o;
	struct expiry *e;

	make_uuid(id);
	o = book_add(s->w->book, s->c, str_of(id),
	    pairs_get(&s->in, "orderNumber"), world_now(s->w));
	s->o = o;
	copy_texts(s, o, params);
	(void)snprintf(o->binding, sizeof(o->binding), "%.*s",
	    STR_ARG(pairs_get(&s->in, "bindingId")));
	o->amount_kop = amount;
	o->card_register = has_feature(s, STR("VERIFY"));
	o->expires_at = until;
	o->two_stage = s->two_stage;
	o->new_dialect = !s->old;
	o->english = s->english;
	o->action = -100;
	o->attempts_left = s->c->attempts;
	if (menu_take(
		&s->w->menu, BANK_SBER, MENU_EXPIRE, o->number, s->name, NULL))
		o->expires_at = world_now(s->w);
	e = ARENA_NEW(o->a, struct expiry);
	*e = (struct expiry){ s->w, o };
	(void)timers_set(
	    &s->w->timers, &o->expiry, o->expires_at, on_expiry, e);
}

static void
answer(struct sberbank_call *s)
{
	const struct order *o = s->o;
	bool no_url = menu_take(&s->w->menu, BANK_SBER,
	    MENU_NO_FORMURL_ERRORCODE, o->number, s->name, NULL);

	jw_object(&s->out);
	/* The old gateway leaves errorCode out when all is well. */
	if (!s->old || no_url || s->loose)
		sberbank_code(s, "errorCode", 0, true);
	jw_ktext(&s->out, "orderId", o->id);
	if (!no_url)
		jw_ktext(
		    &s->out, "formUrl", sberbank_form_url(s->r->a, s->w, o));
	jw_object_end(&s->out);
}

/* Gives: false with the refusal written. */
static bool
binding_good(struct sberbank_call *s)
{
	struct str id = pairs_get(&s->in, "bindingId");
	const struct saved_card *b = wallet_find(s->w->wallet, s->c, id);

	if (id.len == 0)
		return true;
	if (!b) {
		sberbank_error(
		    s, 1, "Связка не найдена", "Binding is not found");
		return false;
	}
	if (!str_eq(str_of(b->client_id), pairs_get(&s->in, "clientId"))) {
		sberbank_error(s, s->old ? 5 : 1,
		    "Связка принадлежит другому клиенту",
		    "Binding belongs to another client");
		return false;
	}
	if (!b->active)
		sberbank_error(
		    s, 2, "Связка не активна", "Binding is not active");
	return b->active;
}

static bool
verify_good(struct sberbank_call *s)
{
	if (s->c->verify || !has_feature(s, STR("VERIFY")))
		return true;
	sberbank_error(s, 13, "Нет прав на проверку карты",
	    "The merchant may not verify cards");
	return false;
}

void
sberbank_register(struct sberbank_call *s)
{
	int64_t amount, until;
	const struct json *params;
	struct menu_armed armed;
	int64_t code = 7;

	if (menu_take(&s->w->menu, BANK_SBER, MENU_REGISTER_REFUSED,
		pairs_get(&s->in, "orderNumber"), s->name, &armed)) {
		(void)!num_parse(str_of(armed.value), 1, 99999, &code);
		sberbank_error(
		    s, (int)code, "Системная ошибка", "System error");
		return;
	}
	if (!check_number(s) || !check_money(s, &amount) || !check_urls(s) ||
	    !check_texts(s))
		return;
	if (!read_params(s, &params) || !read_life(s, &until)) {
		sberbank_error(s, 5, "Неверное значение одного из параметров",
		    "Invalid value of a parameter");
		return;
	}
	if (!sberbank_cart_good(s, amount))
		return;
	if (!binding_good(s) || !verify_good(s))
		return;
	make_order(s, amount, until, params);
	sberbank_cart_keep(s);
	answer(s);
}
