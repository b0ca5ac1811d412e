#include "kvitok/xml/out.h"

#include "kvitok/base/day.h"

#include <inttypes.h>

static void
text(struct buf *b, const char *name, struct str s)
{
	buf_fmt(b, " %s=\"", name);
	buf_xml(b, s);
	buf_char(b, '"');
}

static void
number(struct buf *b, const char *name, int64_t n)
{
	buf_fmt(b, " %s=\"%" PRId64 "\"", name, n);
}

static void
instant(struct buf *b, const char *name, int64_t at)
{
	char s[DAY_RFC3339_SIZE];

	day_rfc3339(at, s);
	text(b, name, str_of(s));
}

void
xml_out_envelope(struct buf *b, struct str portal, struct str supplier,
    int64_t no, int64_t made_at)
{
	buf_lit(b,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<document xmlns=\"urn:kvitok:exchange:1\" version=\"1.0\"");
	text(b, "portal", portal);
	text(b, "supplier", supplier);
	number(b, "number", no);
	instant(b, "made_at", made_at);
	buf_lit(b, ">\n");
}

static void
put_settlement(struct buf *b, const struct document_out *x)
{
	const struct settlement *s = x->settlement;

	text(b, "business_day", s->day);
	number(b, "taken_kop", s->sums.taken_kop);
	number(b, "refunded_kop", s->sums.refunded_kop);
	number(b, "other_kop", s->sums.other_kop);
	number(b, "supplier_fee_kop", s->sums.supplier_fee_kop);
	number(b, "held_kop", s->sums.held_kop);
	number(b, "released_kop", s->sums.released_kop);
	number(b, "to_transfer_kop", s->sums.transfer_kop);
	number(b, "order", s->order_no);
	text(b, "order_day", s->order_day);
	text(b, "state", x->returned ? STR("returned") : STR("transferred"));
}

void
xml_out_begin(void *self, const struct document_out *x, struct buf *b)
{
	const struct sent_doc *d = x->doc;

	(void)self; /* nothing of it is needed */
	xml_out_envelope(b, d->portal, d->supplier, d->number, d->made_at);
	buf_fmt(b, "  <%s", send_kind_name(d->kind));
	if (d->kind == SEND_SETTLEMENT) {
		put_settlement(b, x);
		buf_lit(b, "/>\n");
		return;
	}
	if (d->kind != SEND_REQUESTS)
		text(b, d->kind == SEND_READINGS ? "month" : "business_day",
		    d->period);
	number(b, "count", d->items);
	if (d->kind < SEND_READINGS)
		number(b, "sum_kop", d->sum_kop);
	buf_lit(b, ">\n");
}

static void
put_payment(struct buf *b, const struct send_row *r)
{
	text(b, "number", r->number);
	number(b, "line", r->line);
	text(b, "account", r->account);
	text(b, "service", r->service);
	number(b, "sum_kop", r->sum_kop);
	number(b, "supplier_fee_kop", r->fee_kop);
	instant(b, "paid_at", r->at);
	text(b, "business_day", r->day);
	if (r->bank_ref.len > 0)
		text(b, "bank_ref", r->bank_ref);
}

static void
put_refund(struct buf *b, const struct send_row *r)
{
	text(b, "id", r->ref);
	text(b, "number", r->number);
	number(b, "line", r->line);
	text(b, "account", r->account);
	text(b, "service", r->service);
	number(b, "sum_kop", r->sum_kop);
	number(b, "supplier_fee_kop", r->fee_kop);
	instant(b, "done_at", r->at);
	text(b, "business_day", r->day);
}

static void
put_reading(struct buf *b, const struct send_row *r)
{
	text(b, "id", r->ref);
	text(b, "account", r->account);
	text(b, "meter", r->service);
	number(b, "value", r->value);
	instant(b, "taken_at", r->at);
	if (r->number.len > 0)
		text(b, "payment", r->number);
}

void
xml_out_row(void *self, const struct document_out *x, const struct send_row *r,
    struct buf *b)
{
	(void)self; /* nothing of it is needed */
	buf_fmt(b, "    <%s", send_record_name(x->doc->kind));
	switch (x->doc->kind) {
	case SEND_PAYMENTS:
		put_payment(b, r);
		break;
	case SEND_REFUNDS:
		put_refund(b, r);
		break;
	case SEND_READINGS:
		put_reading(b, r);
		break;
	case SEND_SETTLEMENT:
	case SEND_REQUESTS:
	case SEND_KIND__COUNT:
		break; /* none, or xml_out_request */
	}
	buf_lit(b, "/>\n");
}

void
xml_out_end(void *self, const struct document_out *x, struct buf *b)
{
	(void)self; /* nothing of it is needed */
	if (x->doc->kind != SEND_SETTLEMENT)
		buf_fmt(b, "  </%s>\n", send_kind_name(x->doc->kind));
	buf_lit(b, "</document>\n");
}
