#include "kvitok/app/pay.h"

#include "kvitok/app/choose.h"
#include "kvitok/app/chronicle.h"
#include "kvitok/app/reading.h"
#include "kvitok/app/reference.h"
#include "kvitok/base/secret.h"
#include "kvitok/domain/bill.h"
#include "kvitok/domain/email.h"

#define ANSWER_MAX 65536
#define CREATE_TRIES 3

/* Words about the caller in the story. */
static struct str
actor_of(struct arena *a, const struct caller *who)
{
	return arena_fmt(a, "frontend:%.*s", STR_ARG(who->key_id));
}

static enum err
check_address(const struct pay_request *req, struct fault *f)
{
	const char *wrong = req->email.len ? email_wrong(req->email) : NULL;

	if (!wrong)
		return ERR_OK;
	(void)fault_set(f, ERR_INVALID, wrong, "e-mail refused");
	fault_field(f, "/email", wrong);
	return f->err;
}

static enum err
check_return(const struct ports *p, const struct caller *who,
    const struct pay_request *req, int64_t *life_ms, struct fault *f)
{
	const struct ref *r;
	const struct ref_portal *po;
	enum err rc = reference(p, &r, f);

	if (rc != ERR_OK)
		return rc;
	po = ref_portal(r, who->portal);
	if (!po)
		return fault_set(f, ERR_BUG, "internal", "key without portal");
	*life_ms = po->payment_life_s * 1000;
	if (req->return_url.len == 0 ||
	    bill_return_ok(req->return_url, po->hosts, po->hosts_len))
		return ERR_OK;
	(void)fault_set(f, ERR_LIMIT, "return_host", "host is not listed");
	fault_field(f, "/return_url", "return_host");
	return f->err;
}

static void
fill_lines(struct arena *a, const struct quote *q, struct payment *pm)
{
	struct pay_line *lines = ARENA_ARRAY(a, q->lines_len, struct pay_line);

	for (size_t i = 0; i < q->lines_len; i++)
		lines[i] = (struct pay_line){
			.supplier = q->lines[i].supplier,
			.service = q->lines[i].service,
			.account = q->lines[i].account,
			.sum_kop = q->lines[i].sum_kop,
			.fee_kop = q->lines[i].fee_kop,
			.supplier_fee_kop = q->lines[i].supplier_fee_kop,
			.loss_on = q->lines[i].loss_on,
			.loss_kop = q->lines[i].loss_kop,
			.exempt = q->lines[i].exempt,
		};
	pm->lines = lines;
	pm->lines_len = q->lines_len;
}

static struct str
new_number(const struct ports *p, struct arena *a, struct str akey)
{
	char tail[PAY_NUMBER_LEN - PAY_AKEY_LEN];

	p->ids.text(p->ids.self, tail, sizeof(tail) - 1);
	return arena_fmt(a, "%.*s-%s", STR_ARG(akey), tail);
}

static struct payment *
new_payment(const struct ports *p, struct arena *a, const struct caller *who,
    const struct pay_request *req, const struct quote *q, int64_t life_ms)
{
	struct payment *pm = ARENA_NEW(a, struct payment);
	int64_t now = p->clock.now(p->clock.self);
	char akey[PAY_AKEY_LEN + 1], secret[PAY_SECRET_LEN + 1];

	fill_lines(a, q, pm);
	pay_akey(who->portal, bill_home(pm->lines, pm->lines_len), akey);
	p->ids.text(p->ids.self, secret, PAY_SECRET_LEN);
	pm->akey = arena_str(a, str_of(akey));
	pm->number = new_number(p, a, pm->akey);
	pm->secret = arena_str(a, str_of(secret));
	pm->portal = who->portal;
	pm->state = PAY_CREATED;
	pm->payer = req->payer;
	pm->email = req->email;
	pm->lines_hash = bill_mark(
	    a, pm->lines, pm->lines_len, bill_owner(a, pm->payer, pm->email));
	pm->return_url = req->return_url;
	pm->frontend = who->key_id;
	pm->contract = q->contract;
	pm->bank = q->bank;
	pm->sum_kop = q->sum_kop;
	pm->fee_kop = q->fee_kop;
	pm->total_kop = q->total_kop;
	pm->created_at = pm->changed_at = now;
	pm->expires_at = now + life_ms;
	pm->card_mask = pm->bank_ref = pm->auth_code = STR("");
	pm->reason = pm->led_to = STR("");
	return pm;
}

static enum err
replay(const struct pay_request *req, const struct idem *was,
    struct pay_created *out, struct fault *f)
{
	if (!str_eq(was->body_hash, str_of(req->body_hash))) {
		(void)fault_set(f, ERR_LIMIT, "idempotency_key_reused",
		    "was used for %.*s", STR_ARG(was->number));
		fault_field(f, "Idempotency-Key", "idempotency_key_reused");
		return f->err;
	}
	*out = (struct pay_created){
		.number = was->number, .answer = was->answer, .replay = true
	};
	return ERR_OK;
}

/* Write it; a commit whose answer was lost is looked up by its key. */
static enum err
write_payment(const struct ports *p, struct arena *a,
    const struct pay_request *req, const struct new_payment *np,
    struct pay_created *out, struct fault *f)
{
	struct idem was;
	bool used = false;
	enum err rc = ERR_UNSURE;

	for (int i = 0; i < CREATE_TRIES && rc == ERR_UNSURE; i++)
		rc = p->pays.create(p->pays.self, a, np, &used, &was, f);
	if (rc != ERR_OK)
		return rc;
	/* After a lost commit the key may name this very payment. */
	if (used && !str_eq(was.number, np->pay->number))
		return replay(req, &was, out, f);
	*out = (struct pay_created){ .number = np->pay->number,
		.answer = np->answer };
	return ERR_OK;
}

/* Which lines are free of commission, by which exemption, who bears it. */
static void
tell_exempt(struct proof *e, const struct payment *pm)
{
	bool any = false;

	for (size_t i = 0; i < pm->lines_len; i++)
		any |= pm->lines[i].loss_on != FEE_LOSS_NONE;
	if (!any)
		return;
	jw_key(&e->w, "exempt");
	jw_list(&e->w);
	for (size_t i = 0; i < pm->lines_len; i++) {
		const struct pay_line *l = &pm->lines[i];

		if (l->loss_on == FEE_LOSS_NONE)
			continue;
		jw_object(&e->w);
		jw_kint(&e->w, "n", (int64_t)i + 1);
		jw_ktext(&e->w, "exemption", l->exempt);
		jw_ktext(&e->w, "bearer", str_of(fee_loss_name(l->loss_on)));
		jw_kint(&e->w, "kop",
		    l->loss_on == FEE_LOSS_SUPPLIER ? l->supplier_fee_kop
						    : l->loss_kop);
		jw_object_end(&e->w);
	}
	jw_list_end(&e->w);
}
/* A request that may be made. */
struct checked {
	struct quote q;
	int64_t life_ms;
	struct pay_card card;
	bool any_card; /* card says something */
	const struct pay_reading *readings;
};

static enum err
create_quoted(const struct ports *p, struct arena *a, const struct caller *who,
    const struct pay_request *req, const struct checked *ck,
    struct pay_created *out, struct fault *f)
{
	struct payment *pm = new_payment(p, a, who, req, &ck->q, ck->life_ms);
	struct pay_card card = ck->card;
	struct pay_choose choose;
	struct pay_event row;
	struct proof proof;
	struct buf answer;

	card.akey = pm->akey;
	card.number = pm->number;
	if (req->card.choose)
		choose_begin(p, a, pm, &choose);
	pm->readings = ck->readings;
	pm->readings_len = req->readings_len;
	proof_begin(&proof, a);
	jw_kint(&proof.w, "sum_kop", pm->sum_kop);
	jw_kint(&proof.w, "fee_kop", pm->fee_kop);
	jw_ktext(&proof.w, "contract", pm->contract);
	jw_ktext(&proof.w, "bank", pm->bank);
	tell_exempt(&proof, pm);
	chronicle_row(p, a,
	    &(struct chronicle_entry){ .kind = "payment_created",
		.actor = actor_of(a, who),
		.from = "",
		.to = pay_state_name(PAY_CREATED),
		.evidence = proof_end(&proof) },
	    &row);
	buf_init(&answer, a, ANSWER_MAX);
	req->render(&answer, p, pm);
	if (answer.full)
		return fault_set(f, ERR_BUG, "internal", "answer too large");
	return write_payment(p, a, req,
	    &(struct new_payment){ .pay = pm,
		.ikey = req->ikey,
		.body_hash = str_of(req->body_hash),
		.answer = buf_str(&answer),
		.event = &row,
		.card = ck->any_card ? &card : NULL,
		.choose = req->card.choose ? &choose : NULL },
	    out, f);
}

static enum err
check_and_quote(const struct ports *p, struct arena *a,
    const struct caller *who, const struct pay_request *req, struct quote *q,
    int64_t *life_ms, struct fault *f)
{
	enum err rc = check_address(req, f);

	if (rc == ERR_OK)
		rc = check_return(p, who, req, life_ms, f);
	if (rc == ERR_OK)
		rc = pay_quote(p, a, who->portal, req->payer, req->lines,
		    req->lines_len, q, f);
	if (rc == ERR_OK && q->down) {
		rc = fault_set(f, ERR_AGAIN, "bank_unavailable", "%.*s is down",
		    STR_ARG(q->contract));
		f->retry_after_s = 30;
	}
	return rc;
}

enum err
pay_create(const struct ports *p, struct arena *a, const struct caller *who,
    const struct pay_request *req, struct pay_created *out, struct fault *f)
{
	struct checked ck = { .life_ms = 0 };
	struct idem was;
	struct fault none;
	enum err rc = check_and_quote(p, a, who, req, &ck.q, &ck.life_ms, f);

	if (rc == ERR_OK)
		rc = card_choose(p, a, who->portal, req->payer, ck.q.contract,
		    &req->card, &ck.card, &ck.any_card, f);
	if (rc == ERR_OK)
		rc = reading_judge(p, a, who->portal, &ck.q, req->readings,
		    req->readings_len, &ck.readings, f);
	if (rc == ERR_OK)
		return create_quoted(p, a, who, req, &ck, out, f);
	/* What is refused today may have been created yesterday: a repeat
	 * gets its first answer whatever the rules say by now. */
	fault_init(&none);
	if (p->pays.find(
		p->pays.self, a, who->portal, req->ikey, &was, &none) == ERR_OK)
		return replay(req, &was, out, f);
	return rc;
}

enum err
pay_read(const struct ports *p, struct arena *a, const struct caller *who,
    struct str number, struct payment **out, struct fault *f)
{
	enum err rc;

	if (!pay_number_ok(number))
		return fault_set(
		    f, ERR_ABSENT, "payment_unknown", "not a number of ours");
	rc = p->pays.load(p->pays.self, a, number, out, f);
	if (rc == ERR_OK && !str_eq((*out)->portal, who->portal))
		return fault_set(
		    f, ERR_ABSENT, "payment_unknown", "another portal's");
	return rc;
}

enum err
pay_list(const struct ports *p, struct arena *a, const struct caller *who,
    struct pay_query *q, const struct payment **out, size_t *len,
    struct fault *f)
{
	struct str folded;

	q->portal = who->portal;
	if (q->account.len > 0) {
		if (!account_fold(a, q->account, &folded)) {
			(void)fault_set(f, ERR_INVALID, "account_form",
			    "not an account number");
			fault_field(f, "account", "account_form");
			return f->err;
		}
		q->account = folded;
	}
	return p->pays.list(p->pays.self, a, q, out, len, f);
}

void
pay_url(const struct ports *p, const struct payment *pm, struct buf *out)
{
	buf_text(out, p->set.public_url);
	buf_lit(out, "/pay/");
	buf_text(out, pm->number);
	buf_char(out, '.');
	buf_text(out, pm->secret);
}

struct cancelling {
	const struct ports *p;
	struct arena *a;
	const struct caller *who;
	struct str number;
	struct payment *pm;
};

/* Call off what the bank still holds open; a job, for a bank may be slow. */
static enum err
owe_cancels(struct cancelling *c, struct fault *f)
{
	int64_t now = c->p->clock.now(c->p->clock.self);
	enum err rc = ERR_OK;

	for (size_t i = 0; i < c->pm->attempts_len && rc == ERR_OK; i++) {
		char bank_no[PAY_BANK_NO_MAX + 1];

		if (!att_is_open(c->pm->attempts[i].state))
			continue;
		pay_bank_no(c->pm->number, c->pm->attempts[i].n, bank_no);
		rc = chronicle_job(c->p, c->a, c->pm, "cancel",
		    arena_str(c->a, str_of(bank_no)), now, f);
	}
	return rc;
}

static enum err
cancel_body(void *arg, struct fault *f)
{
	struct cancelling *c = arg;
	struct payment *pm;
	enum err rc = pay_read(c->p, c->a, c->who, c->number, &c->pm, f);

	if (rc != ERR_OK)
		return rc;
	pm = c->pm;
	if (pm->state == PAY_CANCELLED)
		return ERR_OK;
	if (pay_is_paid(pm->state))
		return fault_set(
		    f, ERR_CONFLICT, "payment_paid_already", "paid");
	if (!payment_may_cancel(pm))
		return fault_set(f, ERR_CONFLICT, "payment_state", "state %s",
		    pay_state_name(pm->state));
	rc = c->p->pays.move(c->p->pays.self,
	    &(struct pay_move){ .akey = pm->akey,
		.number = pm->number,
		.from = pm->state,
		.to = PAY_CANCELLED,
		.attempts = pm->attempts_len_stored,
		.attempts_to = pm->attempts_len_stored,
		.at = c->p->clock.now(c->p->clock.self) },
	    f);
	if (rc == ERR_OK)
		rc = chronicle_put(c->p, c->a, pm,
		    &(struct chronicle_entry){ .kind = "payment_cancelled",
			.actor = actor_of(c->a, c->who),
			.from = pay_state_name(pm->state),
			.to = pay_state_name(PAY_CANCELLED) },
		    f);
	if (rc == ERR_OK)
		rc = owe_cancels(c, f);
	return rc;
}

enum err
pay_cancel(const struct ports *p, struct arena *a, const struct caller *who,
    struct str number, struct payment **out, struct fault *f)
{
	struct cancelling c = { .p = p, .a = a, .who = who, .number = number };
	enum err rc = p->tx.run(p->tx.self, "cancel", cancel_body, &c, f);

	bool unsure = rc == ERR_UNSURE;

	/* Also after a commit whose answer was lost: how does it stand? */
	if (rc == ERR_OK || unsure)
		rc = pay_read(p, a, who, number, out, f);
	if (rc == ERR_OK && unsure && (*out)->state != PAY_CANCELLED)
		rc = fault_set(
		    f, ERR_AGAIN, "database_unavailable", "not cancelled");
	return rc;
}
