#include "kvitok/app/card_call.h"

#include "kvitok/app/card_open.h"
#include "kvitok/app/card_pay.h"
#include "kvitok/app/card_run.h"
#include "kvitok/app/notice_row.h"
#include "kvitok/app/reference.h"
#include "kvitok/base/utf8.h"

#define TRX_MAX 64

/* --- a payment ----------------------------------------------------------- */

enum err
card_call_offer(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct attempt *at, bool caller_known,
    struct bank_check_answer *out, struct fault *f)
{
	struct pay_card x = { .used_n = 0 };
	struct card c;
	bool found = false;
	enum err rc = ERR_OK;

	if (pm->payer.len > 0)
		rc = p->binds.choice(
		    p->binds.self, a, pm->akey, pm->number, &x, &found, f);
	if (rc != ERR_OK || !found || !str_eq(x.contract, at->contract))
		return rc;
	out->may_remember = x.save;
	if (x.card.len == 0 || x.used_n != at->n || !caller_known)
		return ERR_OK;
	rc = p->cards.load(p->cards.self, a, x.card, &c, f);
	/* Unbound since the page was opened: it is typed. */
	if (rc == ERR_OK && c.state == CARD_ACTIVE &&
	    str_eq(c.payer, x.payer) && str_eq(c.portal, x.portal))
		out->card = c.bank_card;
	return rc;
}

/* --- a binding without a payment ------------------------------------------ */

struct calling {
	const struct ports *p;
	struct arena *a;
	const struct bank_notice *n;
	struct notice kept;
	struct bind x;
	bool found;
};

static void
begin(struct calling *c, const struct ports *p, struct arena *a,
    const struct bank_call *call, const struct bank_notice *n, const char *bank)
{
	*c = (struct calling){ .p = p, .a = a, .n = n };
	notice_row(p, a, call, str_of(bank), n, "accepted", &c->kept);
}

/* One of another bank, or signed with another contract's key, is none. */
static enum err
find(struct calling *c, struct fault *f)
{
	enum err rc =
	    c->p->binds.load(c->p->binds.self, c->a, c->n->bank_no, &c->x, f);

	c->found = rc == ERR_OK && str_eq(c->x.bank, c->kept.bank) &&
	    (c->n->contract.len == 0 || str_eq(c->n->contract, c->x.contract));
	if (c->found)
		c->kept.akey = c->x.akey;
	else
		c->kept.verdict = STR("unknown_number");
	return rc == ERR_ABSENT ? ERR_OK : rc;
}

static enum err
keep(struct calling *c, struct fault *f)
{
	bool first;

	return c->p->evidence.notice_put(
	    c->p->evidence.self, &c->kept, STR_NONE, c->kept.at, &first, f);
}

/* Why it may not be bound now; NULL when it may. */
static const char *
refusal_of(const struct calling *c)
{
	if (!c->found)
		return "card_unknown";
	return c->x.state == BIND_REGISTERED ? NULL : "card_bind_over";
}

static enum err
check_body(void *arg, struct fault *f)
{
	struct calling *c = arg;
	enum err rc = find(c, f);

	if (rc == ERR_OK && refusal_of(c) && c->found)
		c->kept.verdict = STR("refused");
	if (rc == ERR_OK)
		rc = keep(c, f);
	if (rc != ERR_OK || refusal_of(c))
		return rc;
	return c->p->binds.move(c->p->binds.self,
	    &(struct bind_move){ .akey = c->x.akey,
		.id = c->x.id,
		.from = c->x.state,
		.to = c->x.state,
		.at = c->kept.at,
		.bank_id = utf8_cut_bytes(c->n->trx, TRX_MAX) },
	    f);
}

static enum err
describe(
    const struct calling *c, struct bank_check_answer *out, struct fault *f)
{
	const struct ref_portal *po;
	const struct ref *r;
	struct card_traits traits;
	enum err rc = c->p->card_bank.traits(
	    c->p->card_bank.self, c->x.contract, &traits, f);

	if (rc == ERR_OK)
		rc = reference(c->p, &r, f);
	if (rc != ERR_OK)
		return rc;
	po = ref_portal(r, c->x.portal);
	*out = (struct bank_check_answer){ .may = true,
		.remembers_only = true,
		.merchant_trx = c->x.id,
		.short_text = arena_str(c->a, po ? po->title : c->x.portal),
		.total_kop = traits.check_kop };
	out->long_text = arena_fmt(
	    c->a, "%.*s, %.*s", STR_ARG(out->short_text), STR_ARG(c->x.id));
	return ERR_OK;
}

enum err
card_call_check(const struct ports *p, struct arena *a,
    const struct bank_call *call, const struct bank_notice *n,
    struct bank_check_answer *out, struct fault *f)
{
	struct calling c;
	enum err rc;

	begin(&c, p, a, call, n, "gazprombank");
	rc = p->tx.run(p->tx.self, "card_check", check_body, &c, f);
	if (rc != ERR_OK)
		return rc;
	if (!refusal_of(&c))
		return describe(&c, out, f);
	*out = (struct bank_check_answer){ .refusal = str_of(
					       reason_words(refusal_of(&c))) };
	return ERR_OK;
}

static enum err
register_body(void *arg, struct fault *f)
{
	struct calling *c = arg;
	struct bank_bind_status s = { .outcome = BANK_BIND_OPEN,
		.bank_no = c->n->bank_no,
		.bank_id = c->n->trx,
		.card = c->n->card,
		.reason = c->n->reason,
		.code = c->n->code };
	enum err rc = find(c, f);

	if (rc == ERR_OK)
		rc = keep(c, f);
	if (rc != ERR_OK || !c->found)
		return rc;
	if (c->n->kind == NOTICE_PAID)
		s.outcome = BANK_BIND_DONE;
	else if (c->n->kind == NOTICE_DECLINED)
		s.outcome = BANK_BIND_FAILED;
	rc = card_bind_write(c->p, c->a, &c->x, &s, true, f);
	ports_step(c->p, "bind_notice_writing");
	return rc;
}

enum err
card_call_register(const struct ports *p, struct arena *a,
    const struct bank_call *call, const struct bank_notice *n, struct fault *f)
{
	struct calling c;

	begin(&c, p, a, call, n, "gazprombank");
	return p->tx.run(p->tx.self, "card_register", register_body, &c, f);
}

static enum err
wake_body(void *arg, struct fault *f)
{
	struct calling *c = arg;
	enum err rc = find(c, f);

	if (rc == ERR_OK)
		rc = keep(c, f);
	if (rc != ERR_OK || !c->found || bind_is_over(c->x.state))
		return rc;
	return card_ask_soon(c->p, c->a, &c->x, c->kept.at, f);
}

enum err
card_call_wake(const struct ports *p, struct arena *a,
    const struct bank_call *call, const struct bank_notice *n, struct fault *f)
{
	struct calling c;

	begin(&c, p, a, call, n, "sberbank");
	return p->tx.run(p->tx.self, "card_wake", wake_body, &c, f);
}
