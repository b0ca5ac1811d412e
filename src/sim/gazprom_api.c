#include "kvitok/sim/gazprom.h"

#include "kvitok/base/num.h"
#include "kvitok/base/secret.h"
#include "kvitok/sim/payer.h"
#include "kvitok/sim/spoil.h"
#include "kvitok/sim/wallet.h"

#include <stdio.h>
#include <string.h>

#define SESSIONS_MAX 64
#define AMOUNT_MAX INT64_C(999999999999)
#define SESSION_SIZE 33

struct gazprom_sessions {
	struct {
		char id[SESSION_SIZE];
		const struct contract *c;
	} s[SESSIONS_MAX];
	size_t n; /* ever */
};

struct gazprom_sessions *
gazprom_sessions_new(struct arena *a)
{
	return ARENA_NEW(a, struct gazprom_sessions);
}

/* One call: who is asked, and its fields flat. */
struct api {
	struct req *r;
	const struct contract *c;
	struct pairs in;
	struct str token;
	struct jw out;
};

static void
begin(struct api *x, int status)
{
	x->r->status = status;
	x->r->type = "application/json; charset=utf-8";
	buf_init(&x->r->out, x->r->a, 1 << 16);
	jw_init(&x->out, &x->r->out);
	jw_object(&x->out);
}

static void
fail(struct api *x, int status, const char *code)
{
	begin(x, status);
	jw_ktext(&x->out, "error", str_of(code));
	jw_ktext(&x->out, "side", STR("acquirer"));
	jw_object_end(&x->out);
}

/* Members of nested objects are named parent.member, as in a form. */
static void
flatten(struct api *x, const struct json *j, const char *prefix)
{
	struct arena *a = x->r->a;

	for (size_t i = 0; i < json_count(j); i++) {
		const struct json *v = json_value(j, i);
		struct str name = json_name(j, i);
		bool yes;

		if (prefix[0])
			name = arena_fmt(a, "%s.%.*s", prefix, STR_ARG(name));
		if (json_bool(v, &yes))
			pairs_add(
			    &x->in, name, yes ? STR("true") : STR("false"));
		else if (json_kind(v) == JSON_TEXT || json_kind(v) == JSON_INT)
			pairs_add(&x->in, name, json_loose_text(a, v));
	}
}

static bool
read_input(struct api *x)
{
	static const char *const nested[] = { "params", "state", "src" };
	const struct json *j;
	struct fault f;

	pairs_init(&x->in, x->r->a);
	if (!str_starts(x->r->content_type, STR("application/json")))
		return door_form(x->r, &x->in);
	if (x->r->body.len == 0)
		return true;
	fault_init(&f);
	if (json_parse(x->r->a, x->r->body, JSON_REALS, &j, &f) != ERR_OK ||
	    json_kind(j) != JSON_OBJECT)
		return false;
	flatten(x, j, "");
	for (size_t i = 0; i < KV_COUNT(nested); i++)
		flatten(x, json_get(j, nested[i]), nested[i]);
	return true;
}

static void
token(struct api *x)
{
	x->token = gazprom_make_trx(x->r->a, false);
	begin(x, 200);
	jw_ktext(&x->out, "token", x->token);
	jw_key(&x->out, "error");
	jw_null(&x->out);
	jw_kint(&x->out, "timestamp", world_now(x->r->w));
	jw_object_end(&x->out);
}

/* The word for the outcome, or NULL while there is none. */
static const char *
status_word(const struct order *o)
{
	if (order_was_paid(o))
		return "SUCCESS";
	return o->state == ORDER_REFUSED ? "FAILED" : NULL;
}

static void
write_result(struct jw *w, const struct order *o)
{
	jw_key(w, "result");
	jw_object(w);
	jw_ktext(w, "status", str_of(status_word(o)));
	jw_ktext(w, "extendedCode", str_of(o->ext[0] ? o->ext : "OK"));
	jw_ktext(w, "trxId", o->id);
	jw_ktext(w, "responseCode", order_was_paid(o) ? STR("00") : STR("05"));
	jw_kopt(w, "rrn", str_of(o->rrn));
	jw_kopt(w, "approvalCode", str_of(o->auth_code));
	jw_kopt(w, "orderStatus", str_of(o->order_status));
	jw_kint(w, "orderStatusChangedAt",
	    o->authorised_at ? o->authorised_at : o->created_at);
	jw_object_end(w);
}

static void
write_source(struct jw *w, const struct order *o)
{
	jw_key(w, "src");
	jw_object(w);
	jw_ktext(w, "type", o->binding[0] ? STR("card_id") : STR("card"));
	jw_ktext(w, "pan", str_of(o->card.mask_gpb));
	jw_ktext(w, "paymentSystem", str_of(o->card.scheme));
	jw_ktext(w, "issuerName", STR("KVITOK-SIM BANK"));
	jw_kopt(w, "cardId", str_of(o->binding));
	jw_object_end(w);
}

static void
status(struct api *x)
{
	struct world *w = x->r->w;
	const struct order *o = book_by_id(w->book, x->token);
	struct menu_armed armed;
	struct str said = x->token;

	if (spoil_before(x->r, BANK_GPB, o ? o->number : x->token, "status"))
		return;
	if (!o || o->c != x->c) {
		fail(x, 404, "TRANSACTION_NOT_FOUND");
		return;
	}
	if (menu_take(&w->menu, BANK_GPB, MENU_STATUS_WRONG_NUMBER, o->number,
		"status", &armed))
		said = armed.value[0] ? arena_str(x->r->a, str_of(armed.value))
				      : STR("WRONGTOKEN0000000001");
	begin(x, 200);
	jw_ktext(&x->out, "token", said);
	if (status_word(o))
		write_result(&x->out, o);
	else
		jw_ktext(&x->out, "state", STR("IN_PROGRESS"));
	if (o->card.rule &&
	    !menu_take(&w->menu, BANK_GPB, MENU_MISSING_BLOCKS, o->number,
		"status", NULL))
		write_source(&x->out, o);
	jw_ktext(&x->out, "portalType", STR("ECOM"));
	jw_object_end(&x->out);
	spoil_after(x->r, BANK_GPB, o->number, "status");
}

static struct order *
make_order(struct api *x, int64_t amount)
{
	struct req *r = x->r;
	struct str trx = pairs_get(&x->in, "merchantTrx");
	struct str number = pairs_get(&x->in, "params.order_id");
	struct order *o = book_add(r->w->book, x->c, x->token,
	    number.len > 0 ? number : trx, world_now(r->w));

	o->attempts_left = 1;
	o->amount_kop = amount;
	o->account = x->c->account_id;
	o->merchant_trx = arena_str(o->a, trx);
	o->description = arena_str(o->a, pairs_get(&x->in, "description"));
	o->return_url = arena_str(o->a, pairs_get(&x->in, "back_url_s"));
	if (o->return_url.len == 0)
		o->return_url = arena_str(o->a, pairs_get(&x->in, "returnUrl"));
	o->fail_url = arena_str(o->a, pairs_get(&x->in, "back_url_f"));
	o->client_id = STR("");
	o->offer_card =
	    str_eq(pairs_get(&x->in, "addCardAllowed"), STR("true"));
	o->card_register =
	    str_eq(pairs_get(&x->in, "cardRegistration"), STR("true"));
	o->extra = ARENA_ARRAY(o->a, x->in.len + 1, struct pair);
	for (size_t i = 0; i < x->in.len; i++) {
		struct pair p = x->in.v[i];

		if (str_starts(p.name, STR("params.")))
			o->extra[o->extra_len++] = (struct pair){
				arena_fmt(o->a, "o.%.*s",
				    STR_ARG(((struct str){
					p.name.p + 7, p.name.len - 7 }))),
				arena_str(o->a, p.value)
			};
	}
	return o;
}

static void
answer_start(struct api *x, struct order *o)
{
	begin(x, 200);
	jw_ktext(&x->out, "token", o->id);
	if (status_word(o)) {
		write_result(&x->out, o);
	} else {
		jw_key(&x->out, "options");
		jw_object(&x->out);
		jw_ktext(&x->out, "paymentPageUrl",
		    gazprom_page_url(x->r->a, x->r->w, o));
		jw_object_end(&x->out);
	}
	jw_object_end(&x->out);
}

static void
start(struct api *x)
{
	struct world *w = x->r->w;
	struct str trx = pairs_get(&x->in, "merchantTrx");
	struct str currency = pairs_get(&x->in, "currency");
	struct str number = pairs_get(&x->in, "params.order_id");
	struct order *o;
	int64_t amount;

	if (number.len == 0)
		number = trx;
	if (spoil_before(x->r, BANK_GPB, number, "start"))
		return;
	if (!str_eq(pairs_get(&x->in, "merchantId"), x->c->merch_id) ||
	    trx.len == 0 || trx.len > 50 ||
	    !num_parse(pairs_get(&x->in, "amount"), 1, AMOUNT_MAX, &amount) ||
	    (currency.len > 0 && !str_eq(currency, STR("RUB"))) ||
	    x->token.len != 20 || book_by_id(w->book, x->token) ||
	    menu_take(&w->menu, BANK_GPB, MENU_REGISTER_REFUSED, number,
		"start", NULL)) {
		fail(x, 400, "INVALID_FORMAT");
		return;
	}
	o = make_order(x, amount);
	gazprom_open(w, o);
	if (str_eq(pairs_get(&x->in, "recurrent"), STR("true")) &&
	    !gazprom_charge_absent(
		w, o, pairs_get(&x->in, "src.cardId"), STR_NONE)) {
		o->state = ORDER_REFUSED;
		timers_cancel(&w->timers, &o->expiry);
		o->ext = "CARD_NOT_FOUND";
		fail(x, 404, "CARD_NOT_FOUND");
		return;
	}
	answer_start(x, o);
	spoil_after(x->r, BANK_GPB, number, "start");
}

static void
session_start(struct api *x)
{
	struct gazprom_sessions *g = x->r->w->gazprom_sessions;
	struct str login = pairs_get(&x->in, "identifier");
	size_t i = g->n % SESSIONS_MAX;

	if (x->c->api_password.len == 0 || !str_eq(login, x->c->api_login) ||
	    !secret_eq(pairs_get(&x->in, "password"), x->c->api_password)) {
		fail(x, 401, "AUTHORIZATION_FAILED");
		return;
	}
	g->n++;
	g->s[i].c = x->c;
	secret_random_text(g->s[i].id, SESSION_SIZE - 1);
	begin(x, 200);
	jw_ktext(&x->out, "sessionId", str_of(g->s[i].id));
	jw_object_end(&x->out);
}

/* Gives: the slot of the request's session, or SESSIONS_MAX. */
static size_t
session_of(const struct api *x)
{
	const struct gazprom_sessions *g = x->r->w->gazprom_sessions;
	struct str h = door_header(x->r, "X-IV-Authorization");
	struct str id;

	if (!str_starts(h, STR("Session ")))
		return SESSIONS_MAX;
	id = (struct str){ h.p + 8, h.len - 8 };
	for (size_t i = 0; i < SESSIONS_MAX; i++)
		if (g->s[i].c == x->c && secret_eq(id, str_of(g->s[i].id)))
			return i;
	return SESSIONS_MAX;
}

static void
session_finish(struct api *x)
{
	size_t i = session_of(x);

	if (i == SESSIONS_MAX) {
		fail(x, 401, "AUTHORIZATION_FAILED");
		return;
	}
	x->r->w->gazprom_sessions->s[i].c = NULL;
	begin(x, 200);
	jw_object_end(&x->out);
}

static void
history(struct api *x)
{
	const struct order *o = book_by_id(x->r->w->book, x->token);
	struct jw *w = &x->out;

	if (session_of(x) == SESSIONS_MAX) {
		fail(x, 401, "AUTHORIZATION_FAILED");
		return;
	}
	if (!o || o->c != x->c) {
		fail(x, 404, "TRANSACTION_NOT_FOUND");
		return;
	}
	begin(x, 200);
	jw_ktext(w, "token", o->id);
	jw_ktext(w, "merchantTrx", o->merchant_trx);
	jw_kint(w, "amount", o->amount_kop);
	jw_kint(w, "fullAmount", o->amount_kop);
	jw_kint(w, "refundAmount", o->refunded_kop);
	jw_ktext(w, "currency", STR("RUB"));
	jw_ktext(w, "status", str_of(status_word(o) ? status_word(o) : "NEW"));
	jw_kopt(w, "orderStatus", str_of(o->order_status));
	jw_kbool(w, "refundable", o->deposited_kop > 0);
	jw_key(w, "refunds");
	jw_list(w);
	for (size_t i = 0; i < o->refunds_len; i++) {
		jw_object(w);
		jw_kint(w, "amount", o->refunds[i].amount_kop);
		jw_ktext(w, "rrn", str_of(o->refunds[i].rrn));
		jw_kint(w, "date", o->refunds[i].at);
		jw_object_end(w);
	}
	jw_list_end(w);
	jw_object_end(w);
}

static void
refund(struct api *x)
{
	struct world *w = x->r->w;
	struct order *o = book_by_id(w->book, x->token);
	struct str number = o ? o->number : x->token;
	int64_t amount;
	bool good;

	if (spoil_before(x->r, BANK_GPB, number, "refund"))
		return;
	if (session_of(x) == SESSIONS_MAX) {
		fail(x, 401, "AUTHORIZATION_FAILED");
		return;
	}
	if (!o || o->c != x->c) {
		fail(x, 404, "TRANSACTION_NOT_FOUND");
		return;
	}
	good = num_parse(pairs_get(&x->in, "amount"), 1, AMOUNT_MAX, &amount) &&
	    order_refund(o, amount, STR_NONE, world_now(w)) == ORDER_DONE;
	begin(x, 200);
	jw_ktext(&x->out, "status", good ? STR("SUCCESS") : STR("FAILED"));
	jw_ktext(&x->out, "action", STR("REFUND"));
	if (good) {
		jw_ktext(
		    &x->out, "rrn", str_of(o->refunds[o->refunds_len - 1].rrn));
		jw_ktext(&x->out, "approvalCode", str_of(o->auth_code));
		jw_ktext(
		    &x->out, "refundToken", gazprom_make_trx(x->r->a, false));
	}
	jw_object_end(&x->out);
	spoil_after(x->r, BANK_GPB, number, "refund");
}

/* The console's deactivation of a stored card; x->token is its id. */
static void
card_off(struct api *x)
{
	struct world *w = x->r->w;
	struct saved_card *s = wallet_find(w->wallet, x->c, x->token);

	if (spoil_before(x->r, BANK_GPB, x->token, "unbind"))
		return;
	if (session_of(x) == SESSIONS_MAX) {
		fail(x, 401, "AUTHORIZATION_FAILED");
		return;
	}
	if (!s || !s->active) {
		fail(x, 404, "CARD_NOT_FOUND");
		return;
	}
	s->active = false;
	begin(x, 200);
	jw_ktext(&x->out, "cardId", str_of(s->id));
	jw_object_end(&x->out);
	spoil_after(x->r, BANK_GPB, x->token, "unbind");
}

static const struct api_route {
	const char *head, *tail; /* the token stands between them */
	bool get;                /* GET is taken too */
	const char *note;
	void (*run)(struct api *);
} routes[] = {
	{ "token", NULL, false, "token", token },
	{ "session/start", NULL, false, "session", session_start },
	{ "session/finish", NULL, false, "session", session_finish },
	{ "payment/", "/start", false, "start", start },
	{ "payment/", "", true, "status", status },
	{ "merchant/card/", "/deactivate", false, "unbind", card_off },
	{ "merchant/history/trx/", "/refund", false, "refund", refund },
	{ "merchant/history/trx/", "", true, "history", history },
};

static const struct api_route *
find(struct api *x, struct str rest)
{
	for (size_t i = 0; i < KV_COUNT(routes); i++) {
		const struct api_route *t = &routes[i];
		struct str head = str_of(t->head), tail = str_of(t->tail);

		if (!t->tail && str_eq(rest, head))
			return t;
		if (!t->tail || !str_starts(rest, head) ||
		    !str_ends(rest, tail) || rest.len <= head.len + tail.len)
			continue;
		x->token = (struct str){ rest.p + head.len,
			rest.len - head.len - tail.len };
		if (str_find(x->token, STR("/")) == x->token.len)
			return t;
	}
	return NULL;
}

static const struct contract *
by_portal(const struct world *w, struct str portal)
{
	for (size_t i = 0; i < w->set.contracts_len; i++) {
		const struct contract *c = &w->set.contracts[i];

		if (c->bank == BANK_GPB && c->portal.len > 0 &&
		    str_eq(c->portal, portal))
			return c;
	}
	return NULL;
}

void
gazprom_api(struct req *r)
{
	struct api x = { .r = r };
	struct str rest = { r->path.p + 8, r->path.len - 8 }; /* /api/v4/ */
	const struct api_route *t;
	struct str portal;

	str_cut(&rest, '/', &portal);
	x.c = by_portal(r->w, portal);
	t = find(&x, rest);
	r->note = t ? t->note : "unknown";
	if (!x.c || !t)
		fail(&x, 404, "NOT_FOUND");
	else if (!str_eq(r->method, STR("POST")) &&
	    !(t->get && str_eq(r->method, STR("GET"))))
		fail(&x, 405, "METHOD_NOT_ALLOWED");
	else if (!read_input(&x))
		fail(&x, 400, "INVALID_FORMAT");
	else
		t->run(&x);
}
