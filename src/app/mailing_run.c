#include "kvitok/app/mailing.h"

#include "kvitok/app/invoice.h"
#include "kvitok/app/reference.h"

#define LINK_MAX 2000

/* A letter on its way. */
struct sending {
	const struct ports *p;
	struct arena *a;
	const struct job *j;
	struct mailing_letter l;
	struct mailing to;
	struct mailing_window w;
	struct fault *f;
};

static enum err
move(struct sending *x, enum mailing_state state, struct str reason,
    struct fault *f)
{
	x->l.state = state;
	x->l.reason = reason;
	x->l.tries = x->j->runs;
	x->l.changed_at = x->p->clock.now(x->p->clock.self);
	return x->p->mailings.move(x->p->mailings.self, &x->l, f);
}

/* Rules are those of now: a window that was changed holds at once. */
static enum err
window_of_now(struct sending *x, int64_t now)
{
	const struct ref *r;
	char today[DAY_TEXT_SIZE];
	enum err rc = reference(x->p, &r, x->f);

	if (rc != ERR_OK)
		return rc;
	day_of(now, DAY_ZONE_MOSCOW, today);
	x->w = ref_bill(r, x->l.portal, x->l.supplier, str_of(today)).mail;
	return ERR_OK;
}

static struct str
pay_link(struct sending *x)
{
	const struct pay_settings *set = &x->p->set;
	struct buf b;

	for (size_t i = 0; i < set->pages_len; i++) {
		if (!str_eq(set->pages[i], x->l.portal))
			continue;
		buf_init(&b, x->a, LINK_MAX);
		buf_text(&b, set->public_url);
		buf_char(&b, '/');
		buf_url(&b, x->l.portal);
		buf_lit(&b, "/?supplier=");
		buf_url(&b, x->l.supplier);
		buf_lit(&b, "&account=");
		buf_url(&b, x->l.account);
		return buf_str(&b);
	}
	return STR_NONE; /* the portal has no page with us */
}

static enum err
write_and_send(struct sending *x, const struct invoice *bill)
{
	const struct ports *p = x->p;
	const struct ref *r;
	const struct ref_portal *po;
	struct bill_letter letter = { .bill = bill };
	struct str host, name;
	struct mail m;
	enum err rc = reference(p, &r, x->f);

	if (rc != ERR_OK)
		return rc;
	po = ref_portal(r, x->l.portal);
	if (po == NULL)
		return fault_set(x->f, ERR_BUG, "internal", "portal is gone");
	letter.from = arena_str(x->a, po->mail_from);
	letter.to = x->to.email;
	letter.date_at = x->l.due_at;
	letter.pay_url = pay_link(x);
	letter.stop_url = arena_fmt(x->a, "%.*s/mailing/%.*s",
	    STR_ARG(p->set.public_url), STR_ARG(x->to.token));
	host = letter.from;
	(void)str_cut(&host, '@', &name);
	/* The same for every try: a letter that came twice is known as one. */
	letter.message_id =
	    arena_fmt(x->a, "bill.%.*s@%.*s", STR_ARG(x->l.id), STR_ARG(host));
	rc = p->printer.invoice(p->printer.self, x->a, bill, &letter.pdf, x->f);
	if (rc == ERR_OK)
		rc = p->letters.bill(p->letters.self, x->a, &letter, &m, x->f);
	if (rc == ERR_OK)
		rc = p->mailer.send(p->mailer.self, x->a, &m, x->f);
	return rc;
}

/* The supplier's charges may come while the window is open still. */
static enum err
no_bill(struct sending *x, int64_t now, int64_t *next_at)
{
	enum mailing_state state = MAILING_ABSENT;
	char month[DAY_MONTH_SIZE];

	mailing_month(now, month);
	if (str_eq(x->l.month, str_of(month)) &&
	    mailing_open(&x->w, now + DAY_MS)) {
		state = MAILING_WAITING;
		x->l.due_at = *next_at = now + DAY_MS;
	}
	return move(x, state, STR("bill_absent"), x->f);
}

static enum err
send(struct sending *x, int64_t now, int64_t *next_at)
{
	const struct account *acc;
	struct invoice bill;
	struct fault why;
	enum err rc;

	fault_init(&why);
	rc = x->p->refs.account(x->p->refs.self, x->a, x->l.portal,
	    x->l.supplier, x->l.account, &acc, &why);
	if (rc == ERR_OK)
		rc = invoice_of(
		    x->p, x->a, acc, x->l.month, INVOICE_MASKED, &bill, &why);
	if (rc == ERR_ABSENT)
		return no_bill(x, now, next_at);
	if (rc != ERR_OK) {
		*x->f = why;
		return rc;
	}
	rc = write_and_send(x, &bill);
	ports_step(x->p, "bill_mail_sent");
	return rc == ERR_OK ? move(x, MAILING_SENT, STR(""), x->f) : rc;
}

static bool
is_refusal(const struct fault *f)
{
	return f->err == ERR_INVALID &&
	    (str_starts(str_of(f->reason), STR("mail_")) ||
		str_starts(str_of(f->reason), STR("email_")));
}

/* Its end is written; the fault stays that of the letter. */
static enum err
ended(struct sending *x)
{
	struct fault own;

	fault_init(&own);
	if (move(x, is_refusal(x->f) ? MAILING_REFUSED : MAILING_FAILED,
		str_of(x->f->reason), &own) == ERR_OK)
		return x->f->err;
	*x->f = own;
	return ERR_AGAIN;
}

static enum err
begin(struct sending *x, bool *over)
{
	const struct mailing_store *st = &x->p->mailings;
	enum err rc =
	    st->letter(st->self, x->a, x->j->akey, x->j->ref, &x->l, x->f);

	*over = rc == ERR_OK &&
	    (x->l.state == MAILING_SENT || x->l.state == MAILING_ABSENT ||
		x->l.state == MAILING_STOPPED);
	if (rc != ERR_OK || *over)
		return rc;
	rc = st->of(st->self, x->a, x->l.akey, x->l.portal, x->l.supplier,
	    x->l.account, &x->to, x->f);
	if (rc != ERR_OK || x->to.stopped_at == 0)
		return rc;
	*over = true;
	return move(x, MAILING_STOPPED, STR(""), x->f);
}

enum err
mailing_run(const struct ports *p, struct arena *a, const struct job *j,
    int64_t *next_at, struct fault *f)
{
	struct sending x = { .p = p, .a = a, .j = j, .f = f };
	int64_t now = p->clock.now(p->clock.self), hours;
	bool over;
	enum err rc = begin(&x, &over);

	*next_at = 0;
	if (rc != ERR_OK || over)
		return rc;
	rc = window_of_now(&x, now);
	if (rc != ERR_OK)
		return rc;
	hours = mailing_hours(&x.w, now);
	if (hours > now) {
		*next_at = hours;
		return ERR_OK;
	}
	rc = send(&x, now, next_at);
	if (rc == ERR_OK)
		return rc;
	*next_at = 0;
	/* What may be better later is tried again, but not for ever. */
	if ((rc == ERR_AGAIN || rc == ERR_UNSURE) &&
	    j->fails + 1 < p->set.job_fails_max)
		return rc;
	return ended(&x);
}
