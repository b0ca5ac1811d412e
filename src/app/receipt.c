#include "kvitok/app/receipt.h"

#include "kvitok/app/reference.h"

/* Names of a line's supplier and service on the day it was made. */
static enum err
fill_line(const struct ports *p, struct arena *a, const struct payment *pm,
    const struct pay_line *in, struct receipt_line *out, struct fault *f)
{
	const struct ref *r;
	const struct ref_portal *po;
	const struct ref_supplier *su;
	const struct ref_service *se;
	const struct account *acc;
	char day[11];
	enum err rc = p->refs.account(
	    p->refs.self, a, pm->portal, in->supplier, in->account, &acc, f);

	if (rc == ERR_OK) {
		out->account = acc->shown;
		out->address = acc->address;
	} else if (rc == ERR_ABSENT) { /* closed since: the number stays */
		out->account = in->account;
		out->address = STR("");
	} else {
		return rc;
	}
	rc = reference(p, &r, f);
	if (rc != ERR_OK)
		return rc;
	po = ref_portal(r, pm->portal);
	if (!po)
		return fault_set(f, ERR_BUG, "internal", "portal is gone");
	reference_today(po, pm->created_at, day);
	su = ref_supplier(r, pm->portal, in->supplier, str_of(day));
	se = ref_service(r, pm->portal, in->supplier, in->service, str_of(day));
	if (!su || !se)
		return fault_set(f, ERR_BUG, "internal", "%s is gone",
		    su ? "service" : "supplier");
	out->supplier = arena_str(a, su->title);
	out->inn = arena_str(a, su->inn);
	out->service = arena_str(a, se->title);
	out->sum_kop = in->sum_kop;
	out->fee_kop = in->fee_kop;
	return ERR_OK;
}

static enum err
fill_portal(const struct ports *p, struct arena *a, const struct payment *pm,
    struct receipt *out, struct fault *f)
{
	const struct ref *r;
	const struct ref_portal *po;
	const struct ref_contract *co;
	const struct attempt *at = payment_attempt(pm, pm->paid_attempt);
	enum err rc = reference(p, &r, f);

	if (rc != ERR_OK)
		return rc;
	po = ref_portal(r, pm->portal);
	co = ref_contract(r, at ? at->contract : pm->contract);
	if (!po || !co)
		return fault_set(f, ERR_BUG, "internal", "%s is gone",
		    po ? "contract" : "portal");
	out->portal = arena_str(a, po->title);
	out->portal_url = arena_str(a, po->url);
	out->support = arena_str(a, po->support);
	out->zone_min = po->zone_min;
	out->zone_name = arena_str(a, po->zone_name);
	out->bank = arena_str(a, co->title);
	return ERR_OK;
}

enum err
receipt_of(const struct ports *p, struct arena *a, const struct payment *pm,
    struct receipt *out, struct fault *f)
{
	struct receipt_line *lines;
	enum err rc = ERR_OK;

	if (!pay_is_paid(pm->state))
		return fault_set(f, ERR_CONFLICT, "payment_not_paid",
		    "state %s", pay_state_name(pm->state));
	lines = ARENA_ARRAY(a, pm->lines_len, struct receipt_line);
	for (size_t i = 0; i < pm->lines_len && rc == ERR_OK; i++)
		rc = fill_line(p, a, pm, &pm->lines[i], &lines[i], f);
	if (rc != ERR_OK)
		return rc;
	*out = (struct receipt){ .number = pm->number,
		.lines = lines,
		.lines_len = pm->lines_len,
		.sum_kop = pm->sum_kop,
		.fee_kop = pm->fee_kop,
		.total_kop = pm->total_kop,
		.paid_at = pm->paid_at,
		.card_mask = pm->card_mask,
		.rrn = pm->bank_ref,
		.auth_code = pm->auth_code };
	return fill_portal(p, a, pm, out, f);
}

enum err
receipt_of_refund(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct refund *r, struct receipt *out,
    struct fault *f)
{
	struct receipt_line *lines =
	    ARENA_ARRAY(a, r->lines_len, struct receipt_line);
	enum err rc = ERR_OK;

	if (r->state != REFUND_DONE)
		return fault_set(f, ERR_CONFLICT, "payment_state",
		    "refund is %s", refund_state_name(r->state));
	for (size_t i = 0; i < r->lines_len && rc == ERR_OK; i++) {
		const struct refund_line *l = &r->lines[i];

		rc = fill_line(p, a, pm, &pm->lines[l->n - 1], &lines[i], f);
		lines[i].sum_kop = l->sum_kop;
		lines[i].fee_kop = l->fee_kop;
	}
	if (rc != ERR_OK)
		return rc;
	*out = (struct receipt){ .number = pm->number,
		.lines = lines,
		.lines_len = r->lines_len,
		.sum_kop = r->sum_kop,
		.fee_kop = r->fee_kop,
		.total_kop = refund_total(r),
		.paid_at = r->ended_at,
		.card_mask = pm->card_mask,
		.refund = r->id };
	return fill_portal(p, a, pm, out, f);
}

enum err
receipt_pdf(const struct ports *p, struct arena *a, const struct payment *pm,
    struct bytes *pdf, struct fault *f)
{
	struct receipt r;
	enum err rc = receipt_of(p, a, pm, &r, f);

	return rc == ERR_OK ? p->printer.receipt(p->printer.self, a, &r, pdf, f)
			    : rc;
}
