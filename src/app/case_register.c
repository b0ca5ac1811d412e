#include "kvitok/app/case_register.h"

#include "kvitok/app/chronicle.h"
#include "kvitok/app/posting.h"
#include "kvitok/app/refund_end.h"
#include "kvitok/app/register_import.h"
#include "kvitok/app/register_take.h"
#include "kvitok/base/json.h"
#include "kvitok/domain/ledger_register.h"
#include "kvitok/domain/refund.h"

#define TRANSFERS_MAX 1000 /* of one payment */

/* The subject is "CONTRACT/KEY" of the register's row. */
static bool
is_of(const struct pay_case *c, struct str contract)
{
	return str_starts(c->subject, contract) &&
	    c->subject.len > contract.len && c->subject.p[contract.len] == '/';
}

/* Only what was credited can be taken back from the suppliers. */
static enum err
was_credited(
    const struct payment *pm, const struct pay_case *c, struct fault *f)
{
	const struct attempt *at;

	if (!pm || c->sum_kop >= 0)
		return fault_set(f, ERR_CONFLICT, "chargeback_unfit", "%s",
		    pm ? "money was given again" : "no payment is known");
	if (!pay_is_paid(pm->state))
		return fault_set(f, ERR_CONFLICT, "payment_not_paid",
		    "state %s", pay_state_name(pm->state));
	at = payment_attempt(pm, pm->paid_attempt);
	if (!at || !is_of(c, at->contract) || (c->n != 0 && c->n != at->n))
		return fault_set(f, ERR_CONFLICT, "chargeback_unfit",
		    "attempt %d, credited was %d", c->n, pm->paid_attempt);
	return ERR_OK;
}

/* What was posted about money of another opening, or attempt, names it: its
 * cause is "BANK NUMBER/ITS ID". */
static enum err
is_of_another(const struct ports *p, struct arena *a, const struct payment *pm,
    const struct pay_case *c, bool *another, struct fault *f)
{
	const struct json *j, *row;
	const struct ledger_transfer *v;
	struct str no, id;
	size_t len;
	enum err rc = json_parse(a, c->evidence, JSON_STRICT, &j, f);

	*another = false;
	if (rc != ERR_OK)
		return fault_set(f, ERR_BUG, "internal",
		    "evidence of case %.*s", STR_ARG(c->id));
	row = json_get(j, "register");
	no = json_loose_text(a, json_get(row, "order_no"));
	id = json_loose_text(a, json_get(row, "bank_id"));
	if (id.len == 0)
		return ERR_OK;
	id = arena_fmt(a, "%.*s/%.*s", STR_ARG(no), STR_ARG(id));
	rc = p->ledger.of_payment(p->ledger.self, a, pm->akey, pm->number,
	    TRANSFERS_MAX, &v, &len, f);
	for (size_t i = 0; rc == ERR_OK && i < len; i++)
		*another |= str_eq(v[i].cause, id) &&
		    (str_eq(v[i].kind, STR("second_payment")) ||
			str_eq(v[i].kind, STR("odd_money")));
	return rc;
}

/* All that is left takes the commissions with it, the suppliers' too; of less
 * nobody but the bank has said what it is. */
static bool
share_out(const struct payment *pm, const struct refund *list, size_t len,
    int64_t kop, struct refund_plan *plan)
{
	struct refund_ask all = { .fee = REFUND_FEE_RETURN };
	struct fault none;

	fault_init(&none);
	if (refund_share(pm, list, len, &all, plan, &none) == ERR_OK &&
	    plan->sum_kop + plan->fee_kop == kop)
		return true;
	fault_init(&none);
	return refund_share_total(pm, list, len, kop, plan, &none) == ERR_OK;
}

enum err
case_register_chargeback(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct pay_case *c, struct fault *f)
{
	struct refund_plan *plan = ARENA_NEW(a, struct refund_plan);
	struct refund r = { .id = c->id,
		.reason = c->note,
		.actor = c->decided_by,
		.code = STR(""),
		.own_account = STR(""),
		.way = REFUND_BY_CHARGEBACK };
	const struct refund *list;
	size_t len;
	bool another = false;
	enum err rc = was_credited(pm, c, f);

	if (rc == ERR_OK)
		rc = is_of_another(p, a, pm, c, &another, f);
	if (rc == ERR_OK && another)
		rc = fault_set(f, ERR_CONFLICT, "chargeback_unfit",
		    "money of another opening");
	if (rc != ERR_OK)
		return rc;
	rc = p->refunds.list(
	    p->refunds.self, a, pm->akey, pm->number, &list, &len, f);
	if (rc == ERR_OK && len >= REFUNDS_MAX)
		rc = fault_set(
		    f, ERR_LIMIT, "refunds_too_many", "%zu refunds", len);
	if (rc != ERR_OK)
		return rc;
	if (!share_out(pm, list, len, -c->sum_kop, plan))
		return fault_set(f, ERR_CONFLICT, "chargeback_too_large",
		    "%lld, left %lld", (long long)-c->sum_kop,
		    (long long)(pm->total_kop - pm->refunded_kop));
	r.sum_kop = plan->sum_kop;
	r.fee_kop = plan->fee_kop;
	r.lines = plan->lines;
	r.lines_len = plan->lines_len;
	return refund_end_new(p, a, pm, &r, refund_done_kop(list, len), f);
}

/* The contract that the case was opened with. */
static enum err
contract_of(
    struct arena *a, const struct pay_case *c, struct str *out, struct fault *f)
{
	const struct json *j;
	enum err rc = json_parse(a, c->evidence, JSON_STRICT, &j, f);

	if (rc == ERR_OK)
		*out = json_loose_text(a, json_get(j, "contract"));
	return rc == ERR_OK && out->len > 0
	    ? ERR_OK
	    : fault_set(f, ERR_BUG, "internal", "evidence of case %.*s",
		  STR_ARG(c->id));
}

enum err
case_register_write_off(const struct ports *p, struct arena *a,
    const struct pay_case *c, struct fault *f)
{
	struct ledger_transfer t;
	struct str contract;
	enum err rc = contract_of(a, c, &contract, f);

	if (rc == ERR_OK)
		rc =
		    ledger_for_write_off(a, contract, c->id, c->sum_kop, &t, f);
	return rc == ERR_OK ? posting_put(p, a, c->akey, &t, f) : rc;
}

/* --- a row that a person assigns ----------------------------------------- */

struct assigning {
	const struct ports *p;
	struct arena *a;
	const struct pay_case *c;
	const struct case_assign *ask;
	struct str contract;
	struct recon_row row;
	const struct payment *pm;
	struct recon_known known;
	size_t found;
};

static enum err
refuse(struct fault *f, enum err rc, const char *reason, struct str what)
{
	(void)fault_set(f, rc, reason, "/number: %.*s", STR_ARG(what));
	fault_field(f, "/number", reason);
	return rc;
}

/* The subject is "CONTRACT/KEY". */
static enum err
load_row(struct assigning *w, struct fault *f)
{
	const struct ports *p = w->p;
	struct str key = w->c->subject;
	bool found = false;
	enum err rc = contract_of(w->a, w->c, &w->contract, f);

	if (rc == ERR_OK && is_of(w->c, w->contract)) {
		key.p += w->contract.len + 1;
		key.len -= w->contract.len + 1;
		rc = p->recon.row(
		    p->recon.self, w->a, w->contract, key, &w->row, &found, f);
	}
	/* The matching has found it and ends the case now. */
	return rc == ERR_OK && !found
	    ? fault_set(f, ERR_AGAIN, "busy", "row %.*s is not unknown",
		  STR_ARG(w->c->subject))
	    : rc;
}

/* Another portal's payment is none. */
static enum err
load_payment(struct assigning *w, struct fault *f)
{
	const struct ports *p = w->p;
	struct payment *pm;
	enum err rc;

	if (w->ask->number.len == 0)
		return refuse(
		    f, ERR_LIMIT, "field_missing", STR("whose money is it?"));
	rc = p->pays.load(p->pays.self, w->a, w->ask->number, &pm, f);
	if (rc == ERR_ABSENT ||
	    (rc == ERR_OK && w->ask->portal.len > 0 &&
		!str_eq(pm->portal, w->ask->portal))) {
		fault_init(f);
		return refuse(f, ERR_LIMIT, "assign_unknown", w->ask->number);
	}
	w->pm = pm;
	return rc;
}

static enum err
find_posting(struct assigning *w, struct fault *f)
{
	const struct ports *p = w->p;
	struct str number = w->pm->number;
	enum recon_hand why;
	enum err rc = p->recon.known(p->recon.self, w->a, w->contract,
	    &(struct recon_key){ number, STR(""), STR("") }, 1, &w->known, f);

	if (rc != ERR_OK)
		return rc;
	w->found = recon_by_hand(&w->row.r, w->known.v, w->known.len, &why);
	switch (why) {
	case RECON_HAND_OK:
		return ERR_OK;
	case RECON_HAND_NONE:
		return pay_is_paid(w->pm->state)
		    ? refuse(f, ERR_LIMIT, "assign_contract", number)
		    : refuse(f, ERR_CONFLICT, "assign_not_paid", number);
	case RECON_HAND_SUM:
		return refuse(f, ERR_LIMIT, "assign_sum", number);
	case RECON_HAND_TAKEN:
		break;
	}
	return refuse(f, ERR_CONFLICT, "assign_taken", number);
}

static enum err
take(struct assigning *w, struct fault *f)
{
	const struct ports *p = w->p;
	const struct recon_row *row = &w->row;
	struct register_taking x = { .missing = w->known.missing[w->found],
		.actor = w->c->decided_by };
	struct recon_terms terms;
	bool mine, came;
	enum err rc = register_terms_on(
	    p, w->a, w->contract, str_of(row->r.day), &x.terms, f);

	if (rc != ERR_OK)
		return rc;
	x.v = (struct recon_verdict){ .contract = w->contract,
		.row = row,
		.was_unknown = true,
		.outcome = RECON_MATCHED,
		.number = w->pm->number,
		.portal = w->pm->portal,
		.own_account = row->own_account,
		.found = &w->known.v[w->found],
		.hand_akey = w->c->akey,
		.hand_case = w->c->id,
		.at = p->clock.now(p->clock.self) };
	terms = register_take_terms(&x.terms);
	x.v.fee_off = recon_fee_is_off(&terms, &row->r);
	rc = register_take(p, w->a, &x, 1, &mine, &came, f);
	return rc == ERR_OK && !mine
	    ? fault_set(f, ERR_AGAIN, "busy", "row %.*s is judged",
		  STR_ARG(w->c->subject))
	    : rc;
}

static enum err
tell(struct assigning *w, struct fault *f)
{
	struct proof e;

	proof_begin(&e, w->a);
	jw_ktext(&e.w, "case", w->c->id);
	jw_ktext(&e.w, "contract", w->contract);
	jw_ktext(&e.w, "row", w->row.key);
	jw_kint(&e.w, "gross_kop", w->row.r.gross_kop);
	jw_ktext(&e.w, "transfer", w->known.v[w->found].transfer);
	jw_ktext(&e.w, "note", w->c->note);
	return chronicle_put(w->p, w->a, w->pm,
	    &(struct chronicle_entry){ .kind = "register_assigned",
		.actor = w->c->decided_by,
		.from = "",
		.to = "",
		.evidence = proof_end(&e) },
	    f);
}

enum err
case_register_assign(const struct ports *p, struct arena *a,
    const struct pay_case *c, const struct case_assign *ask, struct fault *f)
{
	struct assigning w = { .p = p, .a = a, .c = c, .ask = ask };
	enum err rc = load_row(&w, f);

	if (rc == ERR_OK)
		rc = load_payment(&w, f);
	if (rc == ERR_OK)
		rc = find_posting(&w, f);
	if (rc == ERR_OK)
		rc = take(&w, f);
	return rc == ERR_OK ? tell(&w, f) : rc;
}
