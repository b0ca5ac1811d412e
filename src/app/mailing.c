#include "kvitok/app/mailing.h"

#include "kvitok/app/reference.h"
#include "kvitok/domain/email.h"
#include "kvitok/domain/payment.h"

#define PAGE 200
#define PAGE_MEMORY ((size_t)4 << 20)
#define TOKEN_RANDOM 26 /* characters after akey: 130 bits */

/* --- asked for, and stopped ------------------------------------------- */

static enum err
account_of(const struct ports *p, struct arena *a,
    const struct mailing_request *r, const struct account **acc,
    struct fault *f)
{
	return reference_account(
	    p, a, r->portal, r->supplier, r->number, acc, f);
}

static enum err
load(const struct ports *p, struct arena *a, const struct account *acc,
    struct mailing *out, struct fault *f)
{
	return p->mailings.of(p->mailings.self, a, acc->akey, acc->portal,
	    acc->supplier, acc->account, out, f);
}

/* It begins with what finds its row, and is no secret but to strangers. */
static struct str
new_token(const struct ports *p, struct arena *a, struct str akey)
{
	char text[TOKEN_RANDOM + 1];

	p->ids.text(p->ids.self, text, TOKEN_RANDOM);
	return arena_fmt(a, "%.*s%s", STR_ARG(akey), text);
}

enum err
mailing_ask(const struct ports *p, struct arena *a,
    const struct mailing_request *r, struct mailing *out, struct fault *f)
{
	const struct account *acc;
	const char *wrong = email_wrong(r->email);
	struct mailing m;
	enum err rc;

	if (wrong != NULL) {
		(void)fault_set(f, ERR_INVALID, wrong, "email");
		fault_field(f, "email", wrong);
		return f->err;
	}
	rc = account_of(p, a, r, &acc, f);
	if (rc != ERR_OK)
		return rc;
	m = (struct mailing){ .akey = acc->akey,
		.portal = acc->portal,
		.supplier = acc->supplier,
		.account = acc->account,
		.email = r->email,
		.token = new_token(p, a, acc->akey),
		.asked_by = r->actor,
		.asked_at = p->clock.now(p->clock.self) };
	rc = p->mailings.put(p->mailings.self, &m, f);
	return rc == ERR_OK ? load(p, a, acc, out, f) : rc;
}

enum err
mailing_look(const struct ports *p, struct arena *a,
    const struct mailing_request *r, struct mailing *out, struct fault *f)
{
	const struct account *acc;
	enum err rc = account_of(p, a, r, &acc, f);

	return rc == ERR_OK ? load(p, a, acc, out, f) : rc;
}

static enum err
stop(const struct ports *p, struct arena *a, struct str by, struct mailing *m,
    struct fault *f)
{
	const struct mailing_store *st = &p->mailings;
	enum err rc = st->stop(st->self, m, by, p->clock.now(p->clock.self), f);

	return rc == ERR_OK ? st->of(st->self, a, m->akey, m->portal,
				  m->supplier, m->account, m, f)
			    : rc;
}

enum err
mailing_stop(const struct ports *p, struct arena *a,
    const struct mailing_request *r, struct mailing *out, struct fault *f)
{
	enum err rc = mailing_look(p, a, r, out, f);

	return rc == ERR_OK ? stop(p, a, r->actor, out, f) : rc;
}

enum err
mailing_of_link(const struct ports *p, struct arena *a, struct str token,
    struct mailing *out, struct fault *f)
{
	if (token.len != PAY_AKEY_LEN + TOKEN_RANDOM)
		return fault_set(f, ERR_ABSENT, "mailing_unknown", "length");
	return p->mailings.by_token(p->mailings.self, a,
	    (struct str){ token.p, PAY_AKEY_LEN }, token, out, f);
}

enum err
mailing_stop_by_link(const struct ports *p, struct arena *a, struct str token,
    struct mailing *out, struct fault *f)
{
	enum err rc = mailing_of_link(p, a, token, out, f);

	return rc == ERR_OK ? stop(p, a, STR("payer"), out, f) : rc;
}

/* --- planned ----------------------------------------------------------- */

struct planning {
	const struct ports *p;
	const struct ref *r;
	char today[DAY_TEXT_SIZE], month[DAY_MONTH_SIZE];
	int64_t now;
	const struct mailing *list;
	size_t len, made;
};

static struct mailing_window
window_of(const struct planning *x, struct str portal, struct str supplier)
{
	return ref_bill(x->r, portal, supplier, str_of(x->today)).mail;
}

/* Most days no window is open, and nothing need be read. */
static bool
any_open(const struct planning *x)
{
	struct mailing_window w = MAILING_WINDOW_USUAL;

	if (mailing_open(&w, x->now))
		return true;
	for (size_t i = 0; i < x->r->bills_len; i++)
		if (mailing_open(&x->r->bills[i].mail, x->now))
			return true;
	return false;
}

static enum err
plan_one(struct planning *x, const struct mailing *m, struct fault *f)
{
	const struct ports *p = x->p;
	struct mailing_window w = window_of(x, m->portal, m->supplier);
	struct mailing_letter l = { .akey = m->akey,
		.portal = m->portal,
		.supplier = m->supplier,
		.account = m->account,
		.month = str_of(x->month),
		.changed_at = x->now };
	char id[27], job[27];
	bool made;
	enum err rc;

	if (!mailing_open(&w, x->now))
		return ERR_OK;
	l.due_at = mailing_due(
	    &w, x->now, mailing_share(m->portal, m->supplier, m->account));
	p->ids.ulid(p->ids.self, x->now, id);
	p->ids.ulid(p->ids.self, x->now, job);
	l.id = str_of(id);
	rc = p->mailings.plan(p->mailings.self, &l, &made, f);
	if (rc != ERR_OK || !made)
		return rc;
	x->made++;
	return p->jobs.put(p->jobs.self,
	    &(struct job){ .akey = l.akey,
		.id = str_of(job),
		.kind = STR("bill_mail"),
		.ref = l.id,
		.due_at = l.due_at,
		.created_at = x->now },
	    f);
}

static enum err
plan_body(void *arg, struct fault *f)
{
	struct planning *x = arg;
	enum err rc = ERR_OK;

	x->made = 0;
	for (size_t i = 0; i < x->len && rc == ERR_OK; i++)
		rc = plan_one(x, &x->list[i], f);
	return rc;
}

/* The next page is asked for by the end of the last, which lies in the other
 * of two arenas. */
static enum err
plan_pages(struct planning *x, struct arena *pages[2], size_t *planned,
    struct fault *f)
{
	const struct ports *p = x->p;
	struct mailing after = { .akey = STR("") };
	enum err rc = ERR_OK;

	x->len = PAGE;
	for (size_t turn = 0; rc == ERR_OK && x->len == PAGE; turn++) {
		struct arena *a = pages[turn % 2];

		arena_reset(a);
		rc = p->mailings.unplanned(p->mailings.self, a,
		    str_of(x->month), &after, PAGE, &x->list, &x->len, f);
		if (rc != ERR_OK || x->len == 0)
			break;
		rc = p->tx.run(p->tx.self, "mailing_plan", plan_body, x, f);
		/* Whether it was written is seen by the next round. */
		if (rc == ERR_UNSURE)
			rc = ERR_OK;
		ports_step(p, "mailing_planned");
		*planned += rc == ERR_OK ? x->made : 0;
		after = x->list[x->len - 1];
	}
	return rc;
}

enum err
mailing_plan(const struct ports *p, size_t *planned, struct fault *f)
{
	struct planning x = { .p = p, .now = p->clock.now(p->clock.self) };
	struct arena *pages[2];
	enum err rc = reference(p, &x.r, f);

	*planned = 0;
	if (rc != ERR_OK)
		return rc;
	day_of(x.now, DAY_ZONE_MOSCOW, x.today);
	mailing_month(x.now, x.month);
	if (!any_open(&x))
		return ERR_OK;
	pages[0] = arena_new(PAGE_MEMORY);
	pages[1] = arena_new(PAGE_MEMORY);
	rc = plan_pages(&x, pages, planned, f);
	arena_free(pages[0]);
	arena_free(pages[1]);
	return rc;
}
