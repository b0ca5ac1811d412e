#include "kvitok/sim/gazprom.h"

#include "kvitok/base/day.h"
#include "kvitok/base/num.h"
#include "kvitok/base/secret.h"
#include "kvitok/sim/spoil.h"

#define AMOUNT_MAX INT64_C(999999999999)

/*
 * Two shapes of the answer are in use; transactions of the old dialect get
 * one, all others the other.
 */
static void
answer(struct req *r, const struct order *o, int code, const char *desc)
{
	bool old = o && o->pps;

	r->status = 200;
	r->type = "text/xml; charset=utf-8";
	buf_lit(&r->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	buf_text(&r->out,
	    old ? STR("<MerchantAPI><RefundRes>")
		: STR("<MerchantAPI><Message><RefundResponse>"));
	buf_fmt(&r->out, "<Result><code>%d</code><desc>", code);
	buf_xml(&r->out, str_of(desc));
	buf_lit(&r->out, "</desc></Result>");
	if (code == 1 && o)
		buf_fmt(&r->out,
		    "<Refund><rrn>%s</rrn><authcode>%s</authcode></Refund>",
		    o->refunds[o->refunds_len - 1].rrn, o->auth_code);
	buf_text(&r->out,
	    old ? STR("</RefundRes></MerchantAPI>\n")
		: STR("</RefundResponse></Message></MerchantAPI>\n"));
}

/* The user is the merchant's id; contracts with a log-in use that. */
static const struct contract *
admit(struct req *r)
{
	for (size_t i = 0; i < r->w->set.contracts_len; i++) {
		const struct contract *c = &r->w->set.contracts[i];

		if (c->bank == BANK_GPB && c->api_password.len > 0 &&
		    (str_eq(r->user, c->merch_id) ||
			(c->api_login.len > 0 &&
			    str_eq(r->user, c->api_login))) &&
		    secret_eq(r->password, c->api_password))
			return c;
	}
	return NULL;
}

static void
refund(struct req *r, const struct contract *c)
{
	struct order *o =
	    book_by_id(r->w->book, pairs_get(&r->query, "trx_id"));
	struct str rrn = pairs_get(&r->query, "p.rrn");
	int64_t amount;

	if (o && o->c != c)
		o = NULL;
	if (spoil_before(r, BANK_GPB, o ? o->number : STR_NONE, "refund"))
		return;
	if (!o || !str_eq(rrn, str_of(o->rrn)))
		answer(r, o, 2, "Transaction not found");
	else if (!num_parse(
		     pairs_get(&r->query, "amount"), 1, AMOUNT_MAX, &amount))
		answer(r, o, 2, "Wrong amount");
	else if (order_refund(o, amount, STR_NONE, world_now(r->w)) !=
	    ORDER_DONE)
		answer(r, o, 2, "Refund is not possible");
	else
		answer(r, o, 1, "OK");
	spoil_after(r, BANK_GPB, o ? o->number : STR_NONE, "refund");
}

static const char *
state_word(const struct order *o)
{
	return !o                       ? "NOT_FOUND"
	    : order_was_paid(o)         ? "SUCCESS"
	    : o->state == ORDER_REFUSED ? "FAILED"
					: "NEW";
}

static void
reconcile(struct req *r, const struct contract *c)
{
	const struct json *j, *list;
	struct fault f;
	struct jw w;

	r->note = "reconciliation";
	r->type = "application/json; charset=utf-8";
	fault_init(&f);
	if (json_parse(r->a, r->body, JSON_STRICT, &j, &f) != ERR_OK) {
		r->status = 400;
		return;
	}
	list = json_get(j, "merchant_transactions");
	r->status = 200;
	jw_init(&w, &r->out);
	jw_object(&w);
	jw_ktext(&w, "merch_id", c->merch_id);
	jw_key(&w, "merchant_transactions");
	jw_list(&w);
	for (size_t i = 0; i < json_count(list); i++) {
		struct str id =
		    json_loose_text(r->a, json_get(json_at(list, i), "trx_id"));
		const struct order *o = book_by_id(r->w->book, id);

		if (o && o->c != c)
			o = NULL;
		jw_object(&w);
		jw_ktext(&w, "trx_id", id);
		jw_ktext(&w, "status", str_of(state_word(o)));
		jw_kint(&w, "amount", o ? o->amount_kop : 0);
		jw_kint(&w, "refund_amount", o ? o->refunded_kop : 0);
		jw_object_end(&w);
	}
	jw_list_end(&w);
	jw_object_end(&w);
}

void
gazprom_merchantapi(struct req *r)
{
	const struct contract *c = admit(r);

	r->note = "merchantapi";
	if (!c) {
		r->status = 401;
		r->ask_basic = true;
	} else if (str_eq(r->path, STR("/merchantapi/refund")) &&
	    str_eq(r->method, STR("GET"))) {
		refund(r, c);
	} else if (str_eq(r->path, STR("/merchantapi/reconciliation")) &&
	    str_eq(r->method, STR("POST"))) {
		reconcile(r, c);
	} else {
		r->status = 404;
	}
}

static void
csv_line(struct buf *b, const struct order *o, const char *type, int64_t at,
    int64_t kop, const char *rrn)
{
	char t[20];

	day_local_iso(at, DAY_ZONE_MOSCOW, t);
	buf_text(b, o->id);
	buf_lit(b, ";");
	buf_text(b, o->number);
	buf_lit(b, ";");
	buf_text(b, o->merchant_trx);
	buf_fmt(b, ";%s;%s;%lld;643;%s;%s;%s\r\n", t, type, (long long)kop, rrn,
	    o->auth_code, o->card.mask_gpb);
}

static bool
on_day(struct str day, int64_t at)
{
	char d[DAY_TEXT_SIZE];

	day_of(at, DAY_ZONE_MOSCOW, d);
	return day.len == 0 || str_eq(day, str_of(d));
}

void
gazprom_register_csv(struct req *r)
{
	struct str day = pairs_get(&r->query, "day");
	struct buf *b = &r->out;

	r->status = 200;
	r->type = "text/csv; charset=utf-8";
	buf_lit(b,
	    "trx_id;order_id;merchant_trx;time;operation;amount_kop;"
	    "currency;rrn;authcode;card\r\n");
	for (const struct order *o = book_newest(r->w->book); o; o = o->older) {
		if (o->c->bank != BANK_GPB || !order_was_paid(o))
			continue;
		for (size_t i = o->refunds_len; i > 0; i--) {
			const struct order_refund *f = &o->refunds[i - 1];

			if (on_day(day, f->at))
				csv_line(b, o, "refund", f->at, -f->amount_kop,
				    f->rrn);
		}
		if (on_day(day, o->authorised_at))
			csv_line(b, o, "payment", o->authorised_at,
			    o->amount_kop, o->rrn);
	}
}
