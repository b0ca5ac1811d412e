#include "kvitok/sim/sberbank.h"

#include "kvitok/base/secret.h"
#include "kvitok/sim/spoil.h"

#include <string.h>

static const struct route {
	const char *name_old, *name_new; /* NULL: not in this generation */
	const char *note;
	bool two_stage;
	void (*run)(struct sberbank_call *s);
} routes[] = {
	{ "register.do", "register.do", "register", false, sberbank_register },
	{ "registerPreAuth.do", "registerPreAuth.do", "register", true,
	    sberbank_register },
	{ "getOrderStatusExtended.do", "getOrderStatusExtended.do", "status",
	    false, sberbank_status },
	{ "getOrderStatus.do", NULL, "status", false, sberbank_status_short },
	{ "deposit.do", "deposit.do", "deposit", false, sberbank_deposit },
	{ "reverse.do", "reverse.do", "reverse", false, sberbank_reverse },
	{ "refund.do", "refund.do", "refund", false, sberbank_refund },
	{ "decline.do", "decline.do", "decline", false, sberbank_decline },
	{ "getBindings.do", "getBindings.do", "bindings", false,
	    sberbank_bindings },
	{ "bindCard.do", "bindCard.do", "bind", false, sberbank_bind },
	{ "unBindCard.do", "unbindCard.do", "unbind", false, sberbank_unbind },
	{ "paymentOrderBinding.do", "paymentOrderBinding.do", "pay_binding",
	    false, sberbank_pay_by_binding },
};

void
sberbank_code(
    struct sberbank_call *s, const char *name, int64_t code, bool usually_text)
{
	if (usually_text == s->loose)
		jw_kint(&s->out, name, code);
	else
		jw_ktext(
		    &s->out, name, arena_fmt(s->r->a, "%lld", (long long)code));
}

void
sberbank_error(
    struct sberbank_call *s, int code, const char *ru, const char *en)
{
	jw_object(&s->out);
	sberbank_code(s, "errorCode", code, true);
	jw_ktext(&s->out, "errorMessage", str_of(s->english ? en : ru));
	jw_object_end(&s->out);
}

void
sberbank_ok(struct sberbank_call *s)
{
	sberbank_error(s, 0, "Успешно", "Success");
}

struct order *
sberbank_find(struct sberbank_call *s, const char *id_name)
{
	struct str id = pairs_get(&s->in, id_name);
	struct order *o = NULL;

	if (id.len > 0)
		o = book_by_id(s->w->book, id);
	else if (pairs_get(&s->in, "orderNumber").len > 0)
		o = book_by_number(
		    s->w->book, s->c, pairs_get(&s->in, "orderNumber"));
	if (o && o->c != s->c)
		o = NULL;
	s->o = o;
	return o;
}

static struct str
flat(struct arena *a, const struct json *j)
{
	struct buf b;
	bool yes;

	switch (json_kind(j)) {
	case JSON_TEXT:
	case JSON_INT:
		return json_loose_text(a, j);
	case JSON_BOOL:
		return json_bool(j, &yes) && yes ? STR("true") : STR("false");
	case JSON_LIST:
	case JSON_OBJECT:
		buf_init(&b, a, DOOR_BODY_MAX);
		json_canonical(j, &b);
		return buf_str(&b);
	case JSON_NULL:
	case JSON_REAL:
		break;
	}
	return STR_NONE;
}

/* Gives: false when the body is no JSON object. */
static bool
read_json(struct sberbank_call *s)
{
	const struct json *j;
	struct fault f;

	fault_init(&f);
	if (json_parse(s->r->a, s->r->body, JSON_REALS, &j, &f) != ERR_OK ||
	    json_kind(j) != JSON_OBJECT || json_count(j) > PAIRS_MAX)
		return false;
	for (size_t i = 0; i < json_count(j); i++) {
		struct str value = flat(s->r->a, json_value(j, i));

		if (value.p)
			pairs_add(&s->in, json_name(j, i), value);
	}
	return true;
}

static bool
read_form(struct sberbank_call *s)
{
	if (!door_form(s->r, &s->in))
		return false;
	for (size_t i = 0; i < s->r->query.len; i++)
		if (!pairs_add(
			&s->in, s->r->query.v[i].name, s->r->query.v[i].value))
			return false;
	return true;
}

static const struct contract *
find_contract(const struct world *w, struct str login, struct str token)
{
	for (size_t i = 0; i < w->set.contracts_len; i++) {
		const struct contract *c = &w->set.contracts[i];

		if (c->bank != BANK_SBER)
			continue;
		if (login.len > 0 && str_eq(c->login, login))
			return c;
		if (token.len > 0 && c->token.len > 0 &&
		    secret_eq(c->token, token))
			return c;
	}
	return NULL;
}

/* Gives: false with the refusal written. */
static bool
admit(struct sberbank_call *s)
{
	struct str login = pairs_get(&s->in, "userName");
	struct str password = pairs_get(&s->in, "password");
	struct str token = s->old ? pairs_get(&s->in, "token") : STR_NONE;

	s->by_token = token.len > 0;
	if (!s->by_token && (login.len == 0 || password.len == 0)) {
		sberbank_error(s, 5, "Не указаны userName и password или token",
		    "userName and password or token are empty");
		return false;
	}
	if (s->by_token && login.len > 0) {
		sberbank_error(s, 5,
		    "Укажите либо userName и password, либо token",
		    "Give either userName and password or token");
		return false;
	}
	s->c = find_contract(s->w, login, token);
	if (!s->c || (!s->by_token && !secret_eq(s->c->password, password))) {
		sberbank_error(s, 5, "Доступ запрещён", "Access denied");
		return false;
	}
	return true;
}

static const struct route *
find_route(struct str name, bool old)
{
	for (size_t i = 0; i < KV_COUNT(routes); i++) {
		const char *known =
		    old ? routes[i].name_old : routes[i].name_new;

		if (known && str_eq(name, str_of(known)))
			return &routes[i];
	}
	return NULL;
}

/* The number by which faults and the journal know the order. */
static struct str
number_of(struct sberbank_call *s)
{
	struct str number = pairs_get(&s->in, "orderNumber");
	struct str id = pairs_get(&s->in, "orderId");
	const struct order *o;

	if (id.len == 0)
		id = pairs_get(&s->in, "mdOrder");
	o = id.len > 0 ? book_by_id(s->w->book, id) : NULL;
	return o ? o->number : number;
}

static void
run(struct sberbank_call *s, const struct route *route)
{
	struct req *r = s->r;
	struct str number = number_of(s);

	s->name = route->note;
	s->two_stage = route->two_stage;
	s->english = str_eq(pairs_get(&s->in, "language"), STR("en"));
	if (spoil_before(r, BANK_SBER, number, route->note))
		return;
	r->status = 200;
	r->type = "application/json; charset=utf-8";
	s->loose = menu_take(&s->w->menu, BANK_SBER, MENU_LOOSE_TYPES, number,
	    route->note, NULL);
	if (admit(s))
		route->run(s);
	spoil_after(r, BANK_SBER, number, route->note);
}

static void
plain(struct req *r, int status, struct str allow)
{
	r->note = "unknown";
	r->status = status;
	r->type = "text/html";
	r->allow = allow;
}

void
sberbank_handle(struct req *r)
{
	struct sberbank_call s = { .r = r,
		.w = r->w,
		.old = str_starts(r->path, STR(SBERBANK_OLD_PREFIX)) };
	size_t skip = s.old ? sizeof(SBERBANK_OLD_PREFIX) - 1
			    : sizeof(SBERBANK_NEW_PREFIX) - 1;
	const struct route *route = find_route(
	    (struct str){ r->path.p + skip, r->path.len - skip }, s.old);
	bool post = str_eq(r->method, STR("POST"));

	if (!route) {
		plain(r, 404, STR_NONE);
		return;
	}
	if (!post && (!s.old || !str_eq(r->method, STR("GET")))) {
		plain(r, 405, s.old ? STR("GET, POST") : STR("POST"));
		return;
	}
	pairs_init(&s.in, r->a);
	jw_init(&s.out, &r->out);
	if (!(s.old ? read_form(&s) : read_json(&s))) {
		plain(r, 400, STR_NONE);
		return;
	}
	run(&s, route);
}
