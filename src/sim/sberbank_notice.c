#include "kvitok/sim/sberbank.h"

#include "kvitok/base/num.h"
#include "kvitok/sim/notice.h"
#include "kvitok/sim/signer.h"

#define REORDER_MS 300

/* One hexadecimal digit becomes another one. */
static struct str
spoil_hex(struct arena *a, struct str hex)
{
	char *p = arena_z(a, hex);

	if (hex.len > 0)
		p[hex.len / 2] = p[hex.len / 2] == '0' ? '1' : '0';
	return (struct str){ p, hex.len };
}

/* Gives: the checksum of what is said; empty when nothing is signed. */
static struct str
checksum(const struct notice *n, struct arena *a)
{
	struct str text = signer_checksum_text(a, &n->say);
	struct bytes signature;
	struct fault f;
	struct buf b;
	char *hex = arena_alloc(a, SIGNER_HMAC_SIZE);

	switch (n->c->sign) {
	case SBERBANK_SIGN_NONE:
		return STR_NONE;
	case SBERBANK_SIGN_HMAC:
		signer_hmac(n->c->hmac_key, text, hex);
		return str_of(hex);
	case SBERBANK_SIGN_RSA:
		break;
	}
	fault_init(&f);
	if (signer_rsa(a, n->c->rsa, SIGNER_SHA512, text, &signature, &f) !=
	    ERR_OK) {
		log_fault(n->w->log, LOG_ERROR, "sim_sign", &f);
		return STR_NONE;
	}
	buf_init(&b, a, 4096);
	for (size_t i = 0; i < signature.len; i++)
		buf_fmt(&b, "%02X", signature.p[i]);
	return buf_str(&b);
}

static void
build_old(struct notice *n, struct call *call)
{
	struct pairs all;
	struct str sum = checksum(n, call->a);
	struct str url = n->c->callback_url;
	struct buf b;

	pairs_init(&all, call->a);
	for (size_t i = 0; i < n->say.len; i++)
		pairs_add(&all, n->say.v[i].name, n->say.v[i].value);
	if (sum.len > 0 && n->spoil.bad_signature)
		sum = spoil_hex(call->a, sum);
	if (sum.len > 0 && n->c->sign_alias.len > 0)
		pairs_add(&all, STR("sign_alias"), n->c->sign_alias);
	if (sum.len > 0)
		pairs_add(&all, STR("checksum"), sum);
	buf_init(&b, call->a, 1 << 18);
	buf_text(&b, url);
	buf_char(&b, str_find(url, STR("?")) < url.len ? '&' : '?');
	pairs_form(&all, &b);
	call->url = buf_str(&b);
}

static void
build_new(struct notice *n, struct call *call)
{
	struct buf b;
	struct jw w;
	int64_t number;

	buf_init(&b, call->a, 1 << 18);
	jw_init(&w, &b);
	jw_object(&w);
	for (size_t i = 0; i < n->say.len; i++) {
		struct pair p = n->say.v[i];
		bool is_status = str_eq(p.name, STR("status"));

		jw_key(&w, arena_z(call->a, p.name));
		if (is_status && num_parse(p.value, 0, 1, &number))
			jw_int(&w, number);
		else
			jw_text(&w, p.value);
	}
	jw_key(&w, "additionalParams");
	jw_object(&w);
	jw_object_end(&w);
	jw_object_end(&w);
	call->url = n->c->callback_url;
	call->type = STR("application/json");
	call->body = buf_str(&b);
}

static void
build(struct notice *n, struct call *call)
{
	if (n->as_json)
		build_new(n, call);
	else
		build_old(n, call);
}

/* What is said, with the faults of content in it. */
static void
fill(struct notice *n, const struct order *o, const char *operation, int ok)
{
	struct menu *m = &n->w->menu;
	struct str number = o->number, op = arena_str(n->a, str_of(operation));
	struct menu_armed armed;

	if (menu_take(m, BANK_SBER, MENU_CALLBACK_WRONG_NUMBER, o->number, NULL,
		&armed))
		number = armed.value[0]
		    ? arena_str(n->a, str_of(armed.value))
		    : arena_fmt(n->a, "X%.*s", STR_ARG(o->number));
	if (menu_take(m, BANK_SBER, MENU_CALLBACK_UNKNOWN_OPERATION, o->number,
		NULL, &armed))
		op = armed.value[0] ? arena_str(n->a, str_of(armed.value))
				    : STR("cardPresentVerified");
	pairs_add(&n->say, STR("mdOrder"), arena_str(n->a, o->id));
	pairs_add(&n->say, STR("orderNumber"), arena_str(n->a, number));
	pairs_add(&n->say, STR("operation"), op);
	pairs_add(&n->say, STR("status"), ok ? STR("1") : STR("0"));
	if (!o->new_dialect)
		pairs_add(&n->say, STR("amount"),
		    arena_fmt(n->a, "%lld",
			(long long)(o->lie_kop ? o->lie_kop : o->amount_kop)));
	if (menu_take(m, BANK_SBER, MENU_CALLBACK_EXTRA_PARAMS, o->number, NULL,
		NULL)) {
		pairs_add(&n->say, STR("callbackCreationDate"),
		    STR("Sat Nov 21 05:13:11 MSK 2026"));
		pairs_add(&n->say, STR("бонус & скидка"), STR("100 % = ;да;"));
	}
	n->spoil.bad_signature = menu_take(
	    m, BANK_SBER, MENU_CALLBACK_BAD_SIGNATURE, o->number, NULL, NULL);
}

static void
tell(struct world *w, struct order *o, const char *operation, int ok,
    int64_t delay_ms)
{
	struct notice *n;

	if (o->c->callback_url.len == 0 ||
	    !(n = notice_new(w, o, operation, ok)))
		return;
	n->as_json = o->new_dialect;
	n->build = build;
	fill(n, o, operation, ok);
	notice_send(n, delay_ms);
}

void
sberbank_told(struct world *w, struct order *o, const char *operation, int ok)
{
	tell(w, o, operation, ok, 0);
}

static const char *
payment_operation(const struct order *o)
{
	return o->two_stage ? "approved" : "deposited";
}

void
sberbank_told_paid(struct world *w, struct order *o)
{
	struct menu_armed armed;

	if (menu_take(&w->menu, BANK_SBER, MENU_CALLBACK_WRONG_SUM, o->number,
		NULL, &armed)) {
		o->lie_kop = o->amount_kop + 1;
		(void)!num_parse(
		    str_of(armed.value), 1, INT64_MAX, &o->lie_kop);
	}
	tell(w, o, payment_operation(o), 1, 0);
	if (menu_take(&w->menu, BANK_SBER, MENU_CALLBACK_REORDER, o->number,
		NULL, NULL))
		tell(w, o, payment_operation(o), 0, REORDER_MS);
}

void
sberbank_told_refused(struct world *w, struct order *o)
{
	tell(w, o, payment_operation(o), 0, 0);
}

void
sberbank_expire(struct world *w, struct order *o)
{
	if (order_expire(o) == ORDER_DONE)
		tell(w, o, "declinedByTimeout", 1, 0);
}
