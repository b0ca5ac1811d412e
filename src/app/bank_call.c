#include "kvitok/app/bank_call.h"

#include "kvitok/app/bank_said.h"
#include "kvitok/app/card_call.h"
#include "kvitok/app/card_pay.h"
#include "kvitok/app/chronicle.h"
#include "kvitok/app/notice_row.h"
#include "kvitok/app/openings.h"
#include "kvitok/app/reference.h"
#include "kvitok/base/utf8.h"

#define XML_MAX 4000

/* One call-back on its way through. */
struct calling {
	const struct ports *p;
	struct arena *a;
	const struct bank_call *call;
	struct str bank;
	struct bank_notice n;
	struct payment *pm; /* NULL: the number is not ours */
	const struct attempt *at;
	struct gateway_traits traits;
	struct str number;
	int attempt_n;
	int64_t now;
	struct notice kept;
};

static void
keep_as(struct calling *c, const char *verdict)
{
	notice_row(c->p, c->a, c->call, c->bank, &c->n, verdict, &c->kept);
	if (!c->pm)
		return;
	c->kept.akey = c->pm->akey;
	c->kept.number = c->pm->number;
	c->kept.n = c->attempt_n;
}

static struct str
bank_no_of(struct calling *c)
{
	char bank_no[PAY_BANK_NO_MAX + 1];

	pay_bank_no(c->number, c->attempt_n, bank_no);
	return arena_str(c->a, str_of(bank_no));
}

/* What was perhaps kept is kept again by the bank's repeat. */
static enum err
surely(enum err rc, struct fault *f)
{
	return rc == ERR_UNSURE
	    ? fault_set(f, ERR_AGAIN, "database_unavailable", "commit unsure")
	    : rc;
}

/* Keep it, and have the bank asked at once when wake is set. */
static enum err
keep(struct calling *c, const char *verdict, bool wake, struct fault *f)
{
	bool first;
	enum err rc;

	keep_as(c, verdict);
	ports_step(c->p, "notice_read");
	rc = c->p->evidence.notice_put(c->p->evidence.self, &c->kept,
	    wake ? bank_no_of(c) : STR_NONE, c->now, &first, f);
	ports_step(c->p, "notice_kept");
	return surely(rc, f);
}

/* Find whose number it is; absent is no failure here. */
static enum err
find(struct calling *c, struct fault *f)
{
	enum err rc;

	c->pm = NULL;
	c->at = NULL;
	if (!pay_bank_no_split(c->n.bank_no, &c->number, &c->attempt_n))
		return ERR_OK;
	rc = c->p->pays.load(c->p->pays.self, c->a, c->number, &c->pm, f);
	if (rc == ERR_ABSENT) {
		c->pm = NULL;
		return ERR_OK;
	}
	if (rc != ERR_OK)
		return rc;
	c->at = payment_attempt(c->pm, c->attempt_n);
	if (!c->at || !str_eq(c->at->bank, c->bank)) {
		c->pm = NULL;
		return ERR_OK;
	}
	return c->p->gateway.traits(
	    c->p->gateway.self, c->at->contract, &c->traits, f);
}

/* Signed with another contract's key, or not signed where it must be. */
static bool
not_its_own(const struct calling *c)
{
	if (c->n.contract.len > 0 && !str_eq(c->n.contract, c->at->contract))
		return true;
	return c->traits.notices_signed && c->n.trust != TRUST_SIGNED &&
	    c->n.kind != NOTICE_CHECK;
}

/* Money, says a signature of ours, for a number that is not ours. */
static enum err
keep_unknown(struct calling *c, struct fault *f)
{
	if (c->n.trust != TRUST_SIGNED || c->n.kind != NOTICE_PAID)
		return keep(c, "unknown_number", false, f);
	keep_as(c, "unknown_number");
	return surely(notice_unknown(c->p, c->a, &c->n, &c->kept, f), f);
}

static void
plain(struct bank_answer *out, int status, struct str body)
{
	*out = (struct bank_answer){ .status = status,
		.type = "text/plain; charset=utf-8",
		.body = body };
}

/* Read and find; a call that is not understood is kept as such. */
static enum err
take_in(struct calling *c, const struct ports *p, struct arena *a,
    const char *bank, const struct bank_call *call, struct fault *f)
{
	struct fault bad;
	enum err rc;

	*c = (struct calling){ .p = p,
		.a = a,
		.call = call,
		.bank = str_of(bank),
		.now = p->clock.now(p->clock.self) };
	rc = p->gateway.notice(p->gateway.self, a, c->bank, call, &c->n, f);
	if (rc == ERR_OK)
		return c->n.trust == TRUST_FORGED ? ERR_OK : find(c, f);
	if (rc != ERR_INVALID)
		return rc;
	fault_init(&bad);
	memset(&c->n, 0, sizeof(c->n));
	c->n.trust = TRUST_FORGED;
	c->n.kind_text = STR("malformed");
	return keep(c, "malformed", false, &bad) == ERR_OK ? rc : bad.err;
}

enum err
bank_call_sberbank(const struct ports *p, struct arena *a,
    const struct bank_call *call, struct bank_answer *out, struct fault *f)
{
	struct calling c;
	enum err rc = take_in(&c, p, a, "sberbank", call, f);

	if (rc != ERR_OK)
		return rc;
	if (c.n.trust == TRUST_FORGED || (c.pm && not_its_own(&c))) {
		rc = keep(&c, "forged", false, f);
		return rc == ERR_OK
		    ? fault_set(f, ERR_DENIED, "signature_bad", "forged notice")
		    : rc;
	}
	/* 200 for what is not ours too: repeats would change nothing. */
	plain(out, 200, STR("OK\n"));
	if (!c.pm && card_id_ok(c.n.bank_no))
		return surely(card_call_wake(p, a, call, &c.n, f), f);
	if (!c.pm)
		return keep_unknown(&c, f);
	return keep(&c, c.n.kind == NOTICE_OTHER ? "ignored" : "accepted",
	    c.n.kind != NOTICE_OTHER, f);
}

/* Why an order may not be paid now; NULL when it may. */
static const char *
check_refusal(const struct calling *c)
{
	if (!c->pm)
		return "payment_unknown";
	if (pay_is_paid(c->pm->state))
		return "payment_paid_already";
	if (c->pm->state == PAY_CANCELLED || c->at->on_case ||
	    c->at->state != ATT_REGISTERED || c->now >= c->at->expires_at)
		return "payment_ended";
	return NULL;
}

static struct str
actor_of(struct calling *c)
{
	return arena_fmt(c->a, "bank:%.*s", STR_ARG(c->at->contract));
}

static enum err
check_body(void *arg, struct fault *f)
{
	struct calling *c = arg;
	bool first;
	struct proof e;
	enum err rc = c->p->evidence.notice_put(
	    c->p->evidence.self, &c->kept, STR_NONE, c->now, &first, f);

	if (rc == ERR_OK)
		rc = c->p->bills.trx_put(c->p->bills.self, c->pm->akey,
		    c->pm->number, c->attempt_n, c->n.trx, c->now, f);
	if (rc != ERR_OK || !first)
		return rc;
	proof_begin(&e, c->a);
	jw_ktext(&e.w, "trx", c->n.trx);
	jw_kint(&e.w, "total_kop", c->pm->total_kop);
	return chronicle_put(c->p, c->a, c->pm,
	    &(struct chronicle_entry){ .kind = "bank_checked",
		.actor = actor_of(c),
		.n = c->attempt_n,
		.from = "",
		.to = "",
		.evidence = proof_end(&e) },
	    f);
}

static void
describe(struct calling *c, const struct ref *r, struct bank_check_answer *ca)
{
	const struct ref_portal *po = ref_portal(r, c->pm->portal);

	ca->short_text = po ? arena_str(c->a, po->title) : c->pm->portal;
	ca->long_text = arena_fmt(c->a, "%.*s, %.*s", STR_ARG(ca->short_text),
	    STR_ARG(c->pm->number));
	ca->merchant_trx = c->n.bank_no;
	ca->total_kop = c->pm->total_kop;
	ca->may = true;
}

static enum err
answer_xml(struct calling *c, struct str contract,
    const struct bank_check_answer *ca, struct bank_answer *out,
    struct fault *f)
{
	struct buf xml;
	enum err rc;

	buf_init(&xml, c->a, XML_MAX);
	rc = c->p->answers.check(c->p->answers.self, contract, ca, &xml, f);
	*out = (struct bank_answer){ .status = 200,
		.type = "text/xml; charset=utf-8",
		.body = buf_str(&xml) };
	return rc;
}

static enum err
answer_check(struct calling *c, const char *refusal, struct bank_answer *out,
    struct fault *f)
{
	struct bank_check_answer ca = { 0 };
	const struct ref *r;
	enum err rc = ERR_OK;

	if (refusal) {
		ca.refusal = str_of(reason_words(refusal));
	} else {
		rc = reference(c->p, &r, f);
		if (rc != ERR_OK)
			return rc;
		describe(c, r, &ca);
		rc = card_call_offer(
		    c->p, c->a, c->pm, c->at, c->traits.caller_known, &ca, f);
	}
	return rc == ERR_OK
	    ? answer_xml(
		  c, c->at ? c->at->contract : c->n.contract, &ca, out, f)
	    : rc;
}

/* Of a binding without a payment. */
static enum err
answer_card(struct calling *c, struct bank_answer *out, struct fault *f)
{
	struct bank_check_answer ca = { 0 };
	enum err rc =
	    surely(card_call_check(c->p, c->a, c->call, &c->n, &ca, f), f);

	return rc == ERR_OK ? answer_xml(c, c->n.contract, &ca, out, f) : rc;
}

/* Not the bank: kept as evidence; asked for its login where it has one. */
static enum err
turn_away(struct calling *c, struct bank_answer *out, struct fault *f)
{
	enum err rc = keep(c, "forged", false, f);

	if (rc != ERR_OK)
		return rc;
	if (!c->n.ask_basic)
		return fault_set(
		    f, ERR_DENIED, "signature_bad", "not the bank");
	plain(out, 401, STR(""));
	out->ask_basic = true;
	return ERR_OK;
}

static void
answer_registered(struct calling *c, bool recorded, struct bank_answer *out)
{
	struct buf xml;

	buf_init(&xml, c->a, XML_MAX);
	c->p->answers.registered(c->p->answers.self, recorded, &xml);
	*out = (struct bank_answer){ .status = 200,
		.type = "text/xml; charset=utf-8",
		.body = buf_str(&xml) };
}

static struct bank_said
said_of(struct calling *c)
{
	return (struct bank_said){ .p = c->p,
		.a = c->a,
		.pm = c->pm,
		.at = c->at,
		.traits = &c->traits,
		.n = &c->n,
		.notice = c->kept.id,
		.now = c->now };
}

static enum err
register_body(void *arg, struct fault *f)
{
	struct calling *c = arg;
	bool first, paid = c->n.kind == NOTICE_PAID;
	struct bank_said said;
	enum err rc = find(c, f); /* afresh: somebody may have been faster */

	if (rc == ERR_OK && !c->pm)
		return fault_set(f, ERR_AGAIN, "busy", "payment moved");
	if (rc == ERR_OK)
		rc = c->p->evidence.notice_put(c->p->evidence.self, &c->kept,
		    bank_no_of(c), c->now, &first, f);
	if (rc != ERR_OK)
		return rc;
	said = said_of(c);
	if (paid) {
		rc = bank_said_paid(&said, f);
		/* The signed call alone names the month of its expiry. */
		if (rc == ERR_OK)
			rc = card_paid(c->p, c->a, c->pm, c->at, &c->n.card,
			    actor_of(c), f);
	} else if (c->n.kind == NOTICE_DECLINED)
		rc = bank_said_declined(&said, f);
	/* Anything else is undecided: the job that is awake asks. */
	ports_step(c->p, "notice_writing");
	return rc;
}

/* A register call that was understood. */
static enum err
take_register(struct calling *c, struct bank_answer *out, struct fault *f)
{
	const struct ports *p = c->p;
	bool forged;
	enum err rc;

	if (c->n.ask_basic)
		return turn_away(c, out, f);
	forged = c->n.trust != TRUST_SIGNED || (c->pm && not_its_own(c));
	if (!forged && card_id_ok(c->n.bank_no)) {
		rc = surely(card_call_register(p, c->a, c->call, &c->n, f), f);
		answer_registered(c, rc == ERR_OK, out);
		return rc;
	}
	if (forged || !c->pm) {
		rc = forged ? keep(c, "forged", false, f) : keep_unknown(c, f);
		answer_registered(c, false, out);
		return rc;
	}
	keep_as(c, "accepted");
	ports_step(p, "notice_read");
	rc = p->tx.run(p->tx.self, "register", register_body, c, f);
	ports_step(p, "notice_kept");
	rc = surely(rc, f);
	answer_registered(c, rc == ERR_OK, out);
	return rc;
}

enum err
bank_call_check(const struct ports *p, struct arena *a,
    const struct bank_call *call, struct bank_answer *out, struct fault *f)
{
	struct calling c;
	const char *refusal;
	enum err rc = take_in(&c, p, a, "gazprombank", call, f);

	if (rc != ERR_OK)
		return rc;
	/* Some contracts have one address for both questions. */
	if (c.n.kind != NOTICE_CHECK)
		return take_register(&c, out, f);
	if (c.n.trust == TRUST_FORGED)
		return turn_away(&c, out, f);
	if (card_id_ok(c.n.bank_no))
		return answer_card(&c, out, f);
	if (c.pm && not_its_own(&c))
		c.pm = NULL, c.at = NULL;
	refusal = check_refusal(&c);
	if (!refusal) {
		bool full;

		rc = openings_full(p, a, c.pm, c.attempt_n, c.n.trx, &full, f);
		if (rc != ERR_OK)
			return rc;
		if (full)
			refusal = "attempts_used_up";
	}
	if (refusal) {
		rc = keep(&c, c.pm ? "refused" : "unknown_number", false, f);
	} else {
		keep_as(&c, "accepted");
		rc = surely(
		    p->tx.run(p->tx.self, "check", check_body, &c, f), f);
	}
	return rc == ERR_OK ? answer_check(&c, refusal, out, f) : rc;
}

enum err
bank_call_register(const struct ports *p, struct arena *a,
    const struct bank_call *call, struct bank_answer *out, struct fault *f)
{
	struct calling c;
	enum err rc = take_in(&c, p, a, "gazprombank", call, f);

	/* Code 2 says: not recorded; the bank's protocol wants 200. */
	if (rc == ERR_INVALID) {
		answer_registered(&c, false, out);
		return ERR_OK;
	}
	if (rc != ERR_OK)
		return rc;
	return take_register(&c, out, f);
}
