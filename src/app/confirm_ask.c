#include "kvitok/app/confirm_ask.h"

#include "kvitok/app/confirm.h"
#include "kvitok/app/openings.h"

struct writing {
	const struct ports *p;
	struct arena *a;
	const struct asking *q;
	const struct bank_status *s;
	struct payment *pm;
};

static enum err
write_body(void *arg, struct fault *f)
{
	struct writing *w = arg;
	const struct attempt *at;
	enum err rc =
	    w->p->pays.load(w->p->pays.self, w->a, w->q->number, &w->pm, f);

	if (rc != ERR_OK)
		return rc;
	at = payment_attempt(w->pm, w->q->n);
	if (!at)
		return fault_set(f, ERR_ABSENT, "payment_unknown",
		    "attempt %d is not there", w->q->n);
	rc = confirm_write(w->p, w->a, w->pm, at, w->s, w->q->actor, f);
	ports_step(w->p, "confirm_writing");
	return rc;
}

static enum err
load_trxs(const struct ports *p, struct arena *a, const struct payment *pm,
    int n, struct bank_query *bq, struct fault *f)
{
	struct str *ids = NULL, *states = NULL;
	size_t len = 0;
	enum err rc = p->bills.trxs(p->bills.self, a, pm->akey, pm->number, n,
	    OPENINGS_LIST_MAX, &ids, &states, &len, f);

	bq->trxs = ids;
	bq->trxs_len = len;
	return rc;
}

enum err
confirm_ask(const struct ports *p, struct arena *a, const struct asking *q,
    struct payment **out, struct fault *f)
{
	char bank_no[PAY_BANK_NO_MAX + 1];
	struct bank_status s;
	struct bank_query bq = { 0 };
	struct writing w = { .p = p, .a = a, .q = q, .s = &s };
	const struct attempt *at;
	enum err rc = p->pays.load(p->pays.self, a, q->number, out, f);

	if (rc != ERR_OK)
		return rc;
	at = payment_attempt(*out, q->n);
	if (!at)
		return fault_set(f, ERR_ABSENT, "payment_unknown",
		    "attempt %d is not there", q->n);
	if (at->state == ATT_PAID || at->on_case || at->decided)
		return ERR_OK; /* nothing the bank says would change it */
	pay_bank_no(q->number, q->n, bank_no);
	bq.bank_no = str_of(bank_no);
	bq.bank_id = at->bank_id;
	rc = load_trxs(p, a, *out, q->n, &bq, f);
	if (rc == ERR_OK)
		rc = p->gateway.status(
		    p->gateway.self, a, at->contract, &bq, &s, f);
	if (rc != ERR_OK)
		return rc;
	ports_step(p, "ask_answered");
	rc = p->tx.run(p->tx.self, "confirm", write_body, &w, f);
	ports_step(p, "confirm_written");
	/* An unsure commit is asked about again by the job: writing twice is
	 * writing once. */
	if (rc == ERR_UNSURE)
		rc = fault_set(
		    f, ERR_AGAIN, "database_unavailable", "commit unsure");
	if (rc == ERR_OK)
		rc = p->pays.load(p->pays.self, a, q->number, out, f);
	return rc;
}
