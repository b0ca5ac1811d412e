#include "kvitok/app/begin.h"

#include "kvitok/app/card_pay.h"
#include "kvitok/app/chronicle.h"
#include "kvitok/app/confirm.h"
#include "kvitok/app/fiscal.h"
#include "kvitok/app/reference.h"
#include "kvitok/app/ways.h"
#include "kvitok/domain/bill.h"

#define URL_MAX 2000

struct beginning {
	const struct ports *p;
	struct arena *a;
	struct payment *pm;
	struct route_way way; /* the bank that it is brought to */
	struct gateway_traits traits;
	char bank_no[PAY_BANK_NO_MAX + 1];
	int n;
	int64_t now;
	const struct cart *cart; /* for the bank's receipt; NULL: none */
	struct card_use card;    /* what it is made with */
	struct bank_start start; /* of the link, or of the registration */
	enum err started;        /* how the registration went */
	struct payment *led;     /* the payment that has the bill */
	bool changed;            /* somebody else was faster */
};

static struct str
name_of(const struct beginning *b)
{
	return str_of(b->bank_no);
}

/* Has it, or takes it from a payment that is over. */
static enum err
take_bill(struct beginning *b, struct fault *f)
{
	const struct ports *p = b->p;
	struct str holder;
	struct payment *other;
	enum err rc =
	    p->bills.take(p->bills.self, b->a, b->pm, STR(""), &holder, f);

	if (rc != ERR_OK || str_eq(holder, b->pm->number))
		return rc;
	rc = p->pays.load(p->pays.self, b->a, holder, &other, f);
	if (rc != ERR_OK)
		return rc;
	if (bill_leads(other, b->pm)) {
		b->led = other;
		return ERR_OK;
	}
	rc = p->bills.take(p->bills.self, b->a, b->pm, holder, &holder, f);
	if (rc == ERR_OK && !str_eq(holder, b->pm->number))
		return fault_set(f, ERR_AGAIN, "busy", "bill taken");
	return rc;
}

static enum err
write_lead(struct beginning *b, struct fault *f)
{
	struct proof e;
	enum err rc = b->p->bills.lead(
	    b->p->bills.self, b->pm->akey, b->pm->number, b->led->number, f);

	if (rc != ERR_OK || str_eq(b->pm->led_to, b->led->number))
		return rc;
	proof_begin(&e, b->a);
	jw_ktext(&e.w, "number", b->led->number);
	return chronicle_put(b->p, b->a, b->pm,
	    &(struct chronicle_entry){ .kind = "payment_led",
		.actor = STR("payer"),
		.from = "",
		.to = "",
		.evidence = proof_end(&e) },
	    f);
}

/* Tell that it goes to another bank than it was to, and why. */
static enum err
tell_switch(struct beginning *b, struct fault *f)
{
	const struct payment *pm = b->pm;
	struct proof e;

	if (str_eq(pm->contract, b->way.contract))
		return ERR_OK;
	proof_begin(&e, b->a);
	jw_ktext(&e.w, "from", pm->contract);
	jw_ktext(&e.w, "contract", b->way.contract);
	jw_ktext(&e.w, "bank", b->way.bank);
	jw_ktext(&e.w, "why",
	    pm->attempts_len > 0 ? pm->attempts[pm->attempts_len - 1].reason
				 : STR("bank_down"));
	return chronicle_put(b->p, b->a, pm,
	    &(struct chronicle_entry){ .kind = "bank_switched",
		.actor = STR("payer"),
		.n = b->n,
		.from = "",
		.to = "",
		.evidence = proof_end(&e) },
	    f);
}

static enum err
write_attempt(struct beginning *b, struct fault *f)
{
	bool link = b->traits.way == GATEWAY_REDIRECTS;
	struct attempt at = {
		.n = b->n,
		.state = link ? ATT_REGISTERED : ATT_INTENDED,
		.contract = b->way.contract,
		.bank = b->way.bank,
		.bank_id = STR(""),
		.form_url = link ? b->start.form_url : STR(""),
		.reason = STR(""),
		.code = STR(""),
		.started_at = b->now,
		.expires_at = b->now + b->traits.life_s * 1000,
	};
	struct proof e;
	enum err rc = b->p->pays.attempt_put(
	    b->p->pays.self, b->pm->akey, b->pm->number, &at, f);

	if (rc == ERR_OK && b->card.id.len > 0)
		rc = b->p->binds.use(
		    b->p->binds.self, b->pm->akey, b->pm->number, b->n, f);
	proof_begin(&e, b->a);
	if (b->card.id.len > 0)
		jw_ktext(&e.w, "card", b->card.id);
	if (rc == ERR_OK)
		rc = tell_switch(b, f);
	if (rc == ERR_OK)
		rc = fiscal_keep(b->p, b->pm, b->n, b->cart, b->now, f);
	if (rc == ERR_OK)
		rc = chronicle_job(b->p, b->a, b->pm, "ask", name_of(b),
		    b->now + b->p->set.ask_first_ms, f);
	if (rc == ERR_OK)
		rc = chronicle_put(b->p, b->a, b->pm,
		    &(struct chronicle_entry){
			.kind = link ? "attempt_linked" : "attempt_intended",
			.actor = STR("payer"),
			.n = b->n,
			.from = pay_state_name(b->pm->state),
			.to = pay_state_name(PAY_PENDING),
			.evidence = proof_end(&e) },
		    f);
	return rc;
}

static enum err
intend_body(void *arg, struct fault *f)
{
	struct beginning *b = arg;
	const struct attempt *at;
	enum err rc;

	b->led = NULL;
	b->changed = false;
	rc = b->p->pays.load(b->p->pays.self, b->a, b->pm->number, &b->pm, f);
	if (rc != ERR_OK)
		return rc;
	if (b->pm->attempts_len_stored != b->n - 1 ||
	    payment_on_open(b->pm, b->now, b->p->set.patience_ms, &at) !=
		OPEN_NEW ||
	    (!str_eq(b->pm->contract, b->way.contract) &&
		!payment_may_switch(b->pm))) {
		b->changed = true;
		return ERR_OK;
	}
	rc = take_bill(b, f);
	if (rc == ERR_OK && b->led)
		return write_lead(b, f);
	/* Of two visits at once one loses here: ERR_AGAIN, then changed. */
	if (rc == ERR_OK)
		rc = b->p->pays.move(b->p->pays.self,
		    &(struct pay_move){ .akey = b->pm->akey,
			.number = b->pm->number,
			.from = b->pm->state,
			.to = PAY_PENDING,
			.attempts = b->n - 1,
			.attempts_to = b->n,
			.at = b->now,
			.contract = b->way.contract,
			.bank = b->way.bank,
			.reason = STR("") },
		    f);
	if (rc == ERR_OK)
		rc = write_attempt(b, f);
	ports_step(b->p, "intend_writing");
	return rc;
}

static enum err
registered(struct beginning *b, const struct attempt *at, struct fault *f)
{
	struct proof e;
	enum err rc = b->p->pays.attempt_move(b->p->pays.self,
	    &(struct att_move){ .akey = b->pm->akey,
		.number = b->pm->number,
		.n = b->n,
		.from = at->state,
		.to = ATT_REGISTERED,
		.bank_id = b->start.bank_id,
		.form_url = b->start.form_url },
	    f);

	if (rc != ERR_OK)
		return rc;
	proof_begin(&e, b->a);
	jw_ktext(&e.w, "bank_id", b->start.bank_id);
	return chronicle_put(b->p, b->a, b->pm,
	    &(struct chronicle_entry){ .kind = "attempt_registered",
		.actor = STR("payer"),
		.n = b->n,
		.from = att_state_name(at->state),
		.to = att_state_name(ATT_REGISTERED),
		.evidence = proof_end(&e) },
	    f);
}

static enum err
unknown(struct beginning *b, const struct attempt *at, struct fault *f)
{
	enum err rc = b->p->pays.attempt_move(b->p->pays.self,
	    &(struct att_move){ .akey = b->pm->akey,
		.number = b->pm->number,
		.n = b->n,
		.from = at->state,
		.to = ATT_UNKNOWN },
	    f);

	return rc == ERR_OK
	    ? chronicle_put(b->p, b->a, b->pm,
		  &(struct chronicle_entry){ .kind = "attempt_unknown",
		      .actor = STR("payer"),
		      .n = b->n,
		      .from = att_state_name(at->state),
		      .to = att_state_name(ATT_UNKNOWN) },
		  f)
	    : rc;
}

static enum err
outcome_body(void *arg, struct fault *f)
{
	struct beginning *b = arg;
	const struct attempt *at;
	enum err rc =
	    b->p->pays.load(b->p->pays.self, b->a, b->pm->number, &b->pm, f);

	if (rc != ERR_OK)
		return rc;
	at = payment_attempt(b->pm, b->n);
	b->changed = !at || at->state != ATT_INTENDED;
	if (b->changed)
		return ERR_OK; /* a job has asked, and knows better */
	if (b->started == ERR_UNSURE)
		return unknown(b, at, f);
	ports_step(b->p, "answer_writing");
	if (b->started == ERR_OK && !b->start.refused)
		return registered(b, at, f);
	return confirm_refused(b->p, b->a, b->pm, at,
	    b->started == ERR_OK ? b->start.reason : STR("bank_unavailable"),
	    b->started == ERR_OK ? b->start.code : STR(""), STR("payer"), f);
}

/* What the payer reads on the bank's page. */
static enum err
order_of(struct beginning *b, struct bank_order *o, struct fault *f)
{
	const struct ref *r;
	const struct ref_portal *po;
	struct buf url;
	enum err rc = reference(b->p, &r, f);

	if (rc != ERR_OK)
		return rc;
	po = ref_portal(r, b->pm->portal);
	buf_init(&url, b->a, URL_MAX);
	buf_text(&url, b->p->set.public_url);
	buf_lit(&url, "/return/");
	buf_text(&url, b->pm->number);
	buf_char(&url, '.');
	buf_text(&url, b->pm->secret);
	*o = (struct bank_order){
		.bank_no = name_of(b),
		.total_kop = b->pm->total_kop,
		.description = arena_str(b->a, po ? po->title : b->pm->portal),
		.return_url = buf_str(&url),
		.client = b->card.client,
		.card = b->card.bank_card,
		.expires_at = b->now + b->traits.life_s * 1000,
		.email = b->pm->email,
	};
	rc = fiscal_order(b->p, b->a, b->pm, &b->traits, &b->cart, f);
	o->cart = b->cart;
	return rc;
}

/* Call the bank and write what came of it; no transaction is open. */
static enum err
register_order(struct beginning *b, const struct bank_order *o,
    struct opened *out, struct fault *f)
{
	const struct ports *p = b->p;
	enum err rc;

	ports_step(p, "attempt_intended");
	b->started = p->gateway.start(
	    p->gateway.self, b->a, b->way.contract, o, &b->start, f);
	if (b->started != ERR_OK && b->started != ERR_AGAIN &&
	    b->started != ERR_UNSURE)
		return b->started;
	if (b->started != ERR_OK && p->log)
		log_fault(p->log, LOG_WARN, "register_failed", f);
	ports_step(p, "attempt_answered");
	rc = p->tx.run(p->tx.self, "registered", outcome_body, b, f);
	ports_step(p, "answer_written");
	if (rc == ERR_UNSURE)
		b->changed = true; /* look at it again */
	else if (rc != ERR_OK)
		return rc;
	if (b->changed)
		return ERR_OK;
	if (b->started == ERR_UNSURE) {
		out->answer = OPENED_WAIT;
	} else if (b->started == ERR_AGAIN) {
		out->answer = OPENED_SORRY;
		out->why = "bank_unavailable";
	} else if (b->start.refused || b->pm->state == PAY_CANCELLED) {
		/* Cancelled while the bank was thinking: a job calls it off. */
		out->answer = OPENED_RESULT;
	} else {
		out->answer = OPENED_BANK;
		out->url = b->start.form_url;
	}
	return ERR_OK;
}

/*
 * Choose the bank.
 * Gives: *may, or false with out filled when no attempt may begin now.
 */
static enum err
choose(struct beginning *b, struct opened *out, bool *may, struct fault *f)
{
	struct route_ways ways;
	enum err rc = ways_of(b->p, b->a, b->pm, &ways, f);

	*may = false;
	if (rc != ERR_OK)
		return rc;
	if (b->pm->attempts_len_stored >= PAY_ATTEMPTS_MAX)
		out->why = "attempts_used_up";
	else if (!ways_pick(b->p, &ways, WAYS_TO_CALL, &b->way))
		out->why = "bank_unavailable";
	*may = out->why == NULL;
	if (!*may) {
		out->answer = OPENED_SORRY;
		return ERR_OK;
	}
	return b->p->gateway.traits(
	    b->p->gateway.self, b->way.contract, &b->traits, f);
}

/*
 * The bank refused or was not reached: is there one that was tried less often
 * than it?  Thus one visit tries each bank once, and no bank twice.
 */
static enum err
look_further(struct beginning *b, bool *more, struct fault *f)
{
	const struct ports *p = b->p;
	struct route_ways ways;
	struct str tried = b->way.contract;
	enum err rc =
	    p->pays.load(p->pays.self, b->a, b->pm->number, &b->pm, f);

	if (rc == ERR_OK)
		rc = ways_of(p, b->a, b->pm, &ways, f);
	for (size_t i = 0; rc == ERR_OK && i < ways.len; i++)
		*more |= payment_tries(b->pm, ways.way[i].contract) <
			payment_tries(b->pm, tried) &&
		    !p->gateway.is_down(
			p->gateway.self, ways.way[i].contract, b->now);
	return rc;
}

static enum err
link_first(struct beginning *b, const struct bank_order *o, struct fault *f)
{
	if (b->traits.way != GATEWAY_REDIRECTS)
		return ERR_OK;
	/* Only builds the link: no call, so it may stand before the intent. */
	return b->p->gateway.start(
	    b->p->gateway.self, b->a, b->way.contract, o, &b->start, f);
}

/* Write the intent; a commit whose answer was lost is looked at again. */
static enum err
intend(struct beginning *b, struct fault *f)
{
	const struct ports *p = b->p;
	enum err rc = p->tx.run(p->tx.self, "intend", intend_body, b, f);

	if (rc != ERR_UNSURE)
		return rc;
	b->changed = true;
	return p->pays.load(p->pays.self, b->a, b->pm->number, &b->pm, f);
}

static enum err
go_on(struct beginning *b, const struct bank_order *o, struct opened *out,
    bool *more, struct fault *f)
{
	enum err rc;

	*more = b->changed || b->led;
	if (*more)
		return ERR_OK;
	if (b->traits.way == GATEWAY_REDIRECTS) {
		out->answer = OPENED_BANK;
		out->url = b->start.form_url;
		return ERR_OK;
	}
	rc = register_order(b, o, out, f);
	*more = b->changed;
	if (rc == ERR_OK && !b->changed &&
	    (b->started == ERR_AGAIN ||
		(b->started == ERR_OK && b->start.refused)))
		rc = look_further(b, more, f);
	return rc;
}

enum err
begin_attempt(const struct ports *p, struct arena *a, struct opened *out,
    bool *more, struct fault *f)
{
	struct beginning b = { .p = p, .a = a, .pm = out->pm };
	struct bank_order o;
	bool may;
	enum err rc = choose(&b, out, &may, f);

	if (rc != ERR_OK || !may)
		return rc;
	b.now = p->clock.now(p->clock.self);
	b.n = b.pm->attempts_len_stored + 1;
	pay_bank_no(b.pm->number, b.n, b.bank_no);
	rc = card_for_attempt(p, a, b.pm, b.way.contract, b.n, &b.card, f);
	if (rc == ERR_OK)
		rc = order_of(&b, &o, f);
	if (rc == ERR_OK)
		rc = link_first(&b, &o, f);
	if (rc == ERR_OK)
		rc = intend(&b, f);
	if (rc == ERR_OK)
		rc = go_on(&b, &o, out, more, f);
	out->pm = b.led ? b.led : b.pm;
	return rc;
}

struct again {
	const struct ports *p;
	struct arena *a;
	const struct payment *pm;
	int n;
};

static enum err
again_body(void *arg, struct fault *f)
{
	struct again *g = arg;
	struct payment *pm;
	enum err rc =
	    g->p->pays.load(g->p->pays.self, g->a, g->pm->number, &pm, f);

	if (rc != ERR_OK || pm->state != PAY_DECLINED)
		return rc;
	rc = g->p->pays.move(g->p->pays.self,
	    &(struct pay_move){ .akey = pm->akey,
		.number = pm->number,
		.from = PAY_DECLINED,
		.to = PAY_PENDING,
		.attempts = pm->attempts_len_stored,
		.attempts_to = pm->attempts_len_stored,
		.at = g->p->clock.now(g->p->clock.self),
		.reason = STR("") },
	    f);
	return rc == ERR_OK
	    ? chronicle_put(g->p, g->a, pm,
		  &(struct chronicle_entry){ .kind = "opened_again",
		      .actor = STR("payer"),
		      .n = g->n,
		      .from = pay_state_name(PAY_DECLINED),
		      .to = pay_state_name(PAY_PENDING) },
		  f)
	    : rc;
}

enum err
begin_again(const struct ports *p, struct arena *a, const struct payment *pm,
    const struct attempt *at, struct fault *f)
{
	struct again g = { .p = p, .a = a, .pm = pm, .n = at->n };
	enum err rc;

	if (pm->state != PAY_DECLINED)
		return ERR_OK;
	rc = p->tx.run(p->tx.self, "again", again_body, &g, f);
	/* Only the story suffers from a lost answer here. */
	return rc == ERR_UNSURE ? ERR_OK : rc;
}
