#include "kvitok/sim/gazprom.h"

#include "kvitok/base/day.h"
#include "kvitok/base/num.h"
#include "kvitok/sim/cpa.h"
#include "kvitok/sim/notice.h"
#include "kvitok/sim/signer.h"
#include "kvitok/sim/wallet.h"

#include <string.h>

#define AFTER_MS 300

static const struct {
	const char *name, *number;
} ext_numbers[] = {
	{ "CPA_REJECTED", "2" },
	{ "CPA_FAILED", "4" },
	{ "CS_CARDNOTFOUND", "13" },
	{ "CLIENT_LOST", "53" },
	{ "USER_CANCEL", "54" },
};

static const char *
ext_number(const char *name)
{
	for (size_t i = 0; i < KV_COUNT(ext_numbers); i++)
		if (strcmp(ext_numbers[i].name, name) == 0)
			return ext_numbers[i].number;
	return "-2"; /* PAYMENT_REJECTED */
}

static bool
wants(struct notice *n, enum menu_fault fault, struct menu_armed *armed)
{
	return menu_take(&n->w->menu, BANK_GPB, fault, n->number, NULL, armed);
}

static void
add(struct notice *n, const char *name, struct str value)
{
	pairs_add(&n->say, str_of(name), arena_str(n->a, value));
}

/* One byte of the value is another one; the padding stays. */
static struct str
spoil_base64(struct arena *a, struct str s)
{
	char *p = arena_z(a, s);

	p[s.len / 2] = p[s.len / 2] == 'A' ? 'B' : 'A';
	return (struct str){ p, s.len };
}

/*
 * Signed is the whole URL that the merchant registered, up to but without
 * "&signature=", exactly as it goes over the wire.
 */
static void
build(struct notice *n, struct call *call)
{
	const struct contract *c = n->c;
	const struct signer_key *key =
	    n->spoil.next_key && c->key_next ? c->key_next : c->key;
	struct str base = c->register_url, value;
	struct bytes signature;
	struct buf url, text;
	struct fault f;

	buf_init(&url, call->a, 1 << 18);
	buf_text(&url, base);
	buf_char(&url, str_find(base, STR("?")) < base.len ? '&' : '?');
	pairs_form(&n->say, &url);
	buf_lit(&url, "&ts=");
	buf_form(&url, gazprom_ts(call->a, n->w));
	fault_init(&f);
	if (signer_rsa(call->a, key, c->digest, buf_str(&url), &signature,
		&f) != ERR_OK) {
		log_fault(n->w->log, LOG_ERROR, "sim_sign", &f);
		signature = (struct bytes){ NULL, 0 };
	}
	buf_init(&text, call->a, 4096);
	buf_base64(&text, signature.p, signature.len);
	value = buf_str(&text);
	if (n->spoil.bad_signature && value.len > 0)
		value = spoil_base64(call->a, value);
	buf_lit(&url, "&signature=");
	if (n->spoil.raw_base64)
		buf_text(&url, value);
	else
		buf_form(&url, value);
	call->url = buf_str(&url);
	call->connect = c->register_connect;
	call->user = c->basic_user;
	call->password = c->basic_password;
}

static bool
taken(const struct call *call)
{
	return call->status == 200 && cpa_read_code(call->a, call->answer) == 1;
}

static void
over(struct notice *n, struct order *o, bool good)
{
	(void)n;
	if (o)
		o->order_status =
		    good ? "REGISTERED_AT_MERCHANT" : "ONLINE_RP_FAILED";
}

static void
say_card(struct notice *n, const struct order *o)
{
	char t[20];
	const char *e = o->card.expiry; /* YYYYMM */

	add(n, "p.rrn", str_of(o->rrn));
	add(n, "p.authcode", str_of(o->auth_code));
	add(n, "p.maskedPan", str_of(o->card.mask_gpb));
	add(n, "p.isFullyAuthenticated",
	    o->authenticated ? STR("Y") : STR("N"));
	day_local_iso(o->authorised_at, DAY_ZONE_MOSCOW, t);
	add(n, "p.transmissionDateTime",
	    arena_fmt(n->a, "%.2s%.2s%.2s%.2s%.2s", t + 5, t + 8, t + 11,
		t + 14, t + 17));
	if (!o->pps)
		add(n, "p.paymentSystem", str_of(o->card.scheme));
	for (size_t i = 0; i < o->own_len; i++)
		add(n, arena_fmt(n->a, "m.%.*s", STR_ARG(o->own[i].name)).p,
		    o->own[i].value);
	if (o->binding[0] == '\0')
		return;
	add(n, o->pps ? "p.storage.card.ref" : "card.id", str_of(o->binding));
	add(n, o->pps ? "p.storage.card.expDt" : "card.expiry",
	    o->pps ? arena_fmt(n->a, "%.2s%.2s", e + 2, e + 4)
		   : arena_fmt(n->a, "%.2s%.2s", e + 4, e + 2));
	add(n, o->pps ? "p.storage.card.recurrent" : "card.recurrent",
	    STR("Y"));
	add(n, o->pps ? "p.storage.card.registered" : "card.registered",
	    STR("Y"));
}

static struct str
or_value(struct notice *n, bool wrong, const struct menu_armed *armed,
    const char *usual_lie, struct str truth)
{
	if (!wrong)
		return truth;
	return arena_str(
	    n->a, str_of(armed->value[0] ? armed->value : usual_lie));
}

static void
say_sum(struct notice *n, const struct order *o)
{
	struct menu_armed armed;
	int64_t sum = o->amount_kop;

	if (wants(n, MENU_CALLBACK_WRONG_SUM, &armed)) {
		sum++;
		(void)!num_parse(str_of(armed.value), 1, INT64_MAX, &sum);
	}
	if (!wants(n, MENU_RP_NO_AMOUNT, NULL))
		add(n, "amount", arena_fmt(n->a, "%lld", (long long)sum));
	add(n, "account_id",
	    or_value(n, wants(n, MENU_RP_WRONG_ACCOUNT, &armed), &armed,
		"OTHER", o->account));
}

static void
say_order(struct notice *n, const struct order *o, struct str number)
{
	for (size_t i = 0; i < o->extra_len; i++) {
		struct pair p = o->extra[i];
		bool names = str_eq(p.name, STR("o.order_id"));

		add(n, arena_z(n->a, p.name), names ? number : p.value);
	}
}

static void
fill(struct notice *n, const struct order *o, bool good, const char *ext)
{
	struct menu_armed armed;
	struct str number;
	bool wrong;

	add(n, "trx_id", o->id);
	add(n, "merch_id",
	    or_value(n, wants(n, MENU_RP_WRONG_MERCHANT, &armed), &armed,
		"OTHER", n->c->merch_id));
	wrong = wants(n, MENU_CALLBACK_WRONG_NUMBER, &armed);
	if (o->merchant_trx.len > 0)
		add(n, "merchant_trx",
		    or_value(n, wrong, &armed, "UNKNOWN-1", o->merchant_trx));
	number = or_value(n, wrong, &armed, "UNKNOWN-1", o->number);
	add(n, "result_code", good ? STR("1") : STR("2"));
	if (!good)
		add(n, "ext_result_code",
		    str_of(wants(n, MENU_RP_NUMERIC_CODE, NULL)
			    ? ext_number(ext)
			    : ext));
	say_sum(n, o);
	say_order(n, o, number);
	if (good)
		say_card(n, o);
	if (wants(n, MENU_CALLBACK_EXTRA_PARAMS, NULL)) {
		add(n, "p.issuerName", STR("БАНК «ПРИМЕР» & СЫНОВЬЯ"));
		add(n, "discountType", STR("none"));
	}
}

static void
tell(struct world *w, struct order *o, bool good, const char *ext,
    int64_t delay_ms)
{
	struct notice *n = notice_new(w, o, "rp", good ? 1 : 0);

	if (!n)
		return;
	n->what = "rp";
	n->build = build;
	n->taken = taken;
	n->over = over;
	fill(n, o, good, ext);
	n->spoil.bad_signature = wants(n, MENU_RP_BAD_SIGNATURE, NULL) ||
	    wants(n, MENU_CALLBACK_BAD_SIGNATURE, NULL);
	n->spoil.next_key = wants(n, MENU_RP_NEXT_CERTIFICATE, NULL);
	n->spoil.raw_base64 = wants(n, MENU_RP_RAW_BASE64, NULL);
	if (wants(n, MENU_RP_TWICE, NULL))
		n->at_once = 2;
	notice_send(n, delay_ms);
}

static bool
order_wants(struct world *w, const struct order *o, enum menu_fault fault)
{
	return menu_take(&w->menu, BANK_GPB, fault, o->number, NULL, NULL);
}

void
gazprom_told_outcome(struct world *w, struct order *o)
{
	bool good = order_was_paid(o);
	int64_t delay = 0;

	if (good && order_wants(w, o, MENU_RP_BEFORE_FAILURE)) {
		tell(w, o, false, "AUTHORIZATION_FAILED", 0);
		delay = AFTER_MS;
	}
	tell(w, o, good, o->ext, delay);
	if (good &&
	    (order_wants(w, o, MENU_RP_AFTER_SUCCESS_FAILURE) ||
		order_wants(w, o, MENU_CALLBACK_REORDER)))
		tell(w, o, false, "AUTHORIZATION_FAILED", AFTER_MS);
}
