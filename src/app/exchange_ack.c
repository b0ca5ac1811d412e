#include "kvitok/app/exchange_ack.h"

enum err
exchange_ack_text(const struct ports *p, struct arena *a,
    const struct exchange_ack *x, struct str *text, struct fault *f)
{
	struct document_ack d = { .portal = x->portal,
		.supplier = x->supplier,
		.of_kind = x->of_kind,
		.words = x->words,
		.applied = x->applied,
		.number = x->number,
		.of_number = x->of_number,
		.made_at = x->made_at,
		.count = x->count,
		.sum_kop = x->sum_kop,
		.refused = x->refused };
	struct buf b;
	enum err rc = ERR_OK;

	if (x->applied)
		rc = p->exchange_out.refusals(p->exchange_out.self, a,
		    x->portal, x->supplier, x->of_number, &d.refusals,
		    &d.refusals_len, f);
	if (rc != ERR_OK)
		return rc;
	buf_init(&b, a, EXCHANGE_ACK_MAX);
	p->documents.ack(p->documents.self, &d, &b);
	if (b.full)
		return fault_set(f, ERR_BUG, "internal",
		    "ours %lld is too long", (long long)x->number);
	*text = buf_str(&b);
	return ERR_OK;
}
