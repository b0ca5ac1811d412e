#include "kvitok/app/work_receipt.h"

#include "kvitok/app/chronicle.h"
#include "kvitok/app/receipt.h"
#include "kvitok/app/reference.h"
#include "kvitok/app/refund.h"

/* A letter on its way: the receipt of a payment or of a refund. */
struct carrying {
	struct working *w;
	const struct payment *pm;
	struct receipt r;
	const char *kind; /* of the event that tells of it */
	struct str ref;
};

static enum err
sent_body(void *arg, struct fault *f)
{
	struct carrying *m = arg;
	const struct ports *p = m->w->p;
	enum err rc =
	    p->jobs.done(p->jobs.self, m->w->j, p->clock.now(p->clock.self), f);

	if (rc != ERR_OK)
		return rc;
	return chronicle_put(p, m->w->a, m->pm,
	    &(struct chronicle_entry){
		.kind = m->kind, .actor = STR("job"), .from = "", .to = "" },
	    f);
}

static enum err
send_receipt(struct carrying *x)
{
	struct working *w = x->w;
	struct bytes pdf;
	struct mail m;
	struct str from, host, id;
	const struct ref *ref;
	const struct ref_portal *po;
	enum err rc = reference(w->p, &ref, w->f);

	if (rc != ERR_OK)
		return rc;
	po = ref_portal(ref, x->pm->portal);
	if (!po)
		return fault_set(w->f, ERR_BUG, "internal", "portal is gone");
	from = arena_str(w->a, po->mail_from);
	host = from;
	(void)str_cut(&host, '@', &id);
	/* The same for every try: a letter that came twice is known as one. */
	id = arena_fmt(
	    w->a, "receipt.%.*s@%.*s", STR_ARG(x->ref), STR_ARG(host));
	rc = w->p->printer.receipt(w->p->printer.self, w->a, &x->r, &pdf, w->f);
	if (rc == ERR_OK)
		rc = w->p->letters.receipt(w->p->letters.self, w->a, &x->r, pdf,
		    from, x->pm->email, x->r.paid_at, id, &m, w->f);
	if (rc == ERR_OK)
		rc = w->p->mailer.send(w->p->mailer.self, w->a, &m, w->f);
	return rc;
}

static enum fate
mail(struct carrying *x)
{
	struct working *w = x->w;
	enum err rc = send_receipt(x);

	ports_step(w->p, "mail_sent");
	if (rc != ERR_OK)
		return rc == ERR_INVALID || rc == ERR_CONFLICT ? FATE_GIVE_UP
							       : FATE_RETRY;
	rc = w->p->tx.run(w->p->tx.self, "receipt_sent", sent_body, x, w->f);
	/* The letter is out: only the note of it is late. */
	return rc == ERR_OK || rc == ERR_CONFLICT ? FATE_DONE : FATE_RETRY;
}

enum fate
work_receipt(struct working *w)
{
	struct carrying m = {
		.w = w, .kind = "receipt_sent", .ref = w->j->ref
	};
	struct payment *pm;
	enum err rc = w->p->pays.load(w->p->pays.self, w->a, m.ref, &pm, w->f);

	if (rc != ERR_OK)
		return FATE_RETRY;
	m.pm = pm;
	rc = receipt_of(w->p, w->a, pm, &m.r, w->f);
	if (rc != ERR_OK)
		return rc == ERR_CONFLICT ? FATE_GIVE_UP : FATE_RETRY;
	return mail(&m);
}

enum fate
work_refund_receipt(struct working *w)
{
	struct carrying m = {
		.w = w, .kind = "refund_receipt_sent", .ref = w->j->ref
	};
	struct payment *pm;
	struct refund r;
	enum err rc = refund_load(w->p, w->a, w->j->akey, m.ref, &pm, &r, w->f);

	if (rc == ERR_OK)
		rc = receipt_of_refund(w->p, w->a, pm, &r, &m.r, w->f);
	if (rc != ERR_OK)
		return rc == ERR_CONFLICT || rc == ERR_ABSENT ? FATE_GIVE_UP
							      : FATE_RETRY;
	m.pm = pm;
	return mail(&m);
}
