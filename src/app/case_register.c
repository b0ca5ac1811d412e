#include "kvitok/app/case_register.h"

#include "kvitok/app/posting.h"
#include "kvitok/app/refund_end.h"
#include "kvitok/base/json.h"
#include "kvitok/domain/ledger_register.h"
#include "kvitok/domain/refund.h"

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
	enum err rc = was_credited(pm, c, f);

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
