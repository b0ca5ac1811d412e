#include "kvitok/app/audit.h"

#include "kvitok/app/close_check.h"
#include "kvitok/app/reference.h"
#include "kvitok/base/day.h"
#include "kvitok/app/audit_settle.h"
#include "kvitok/app/audit_register.h"
#include "kvitok/app/audit_ack.h"
#include "kvitok/app/audit_exchange.h"
#include "kvitok/app/audit_send.h"
#include "kvitok/base/secret.h"
#include "kvitok/domain/audit.h"
#include "kvitok/domain/audit_case.h"
#include "kvitok/domain/audit_exempt.h"

#include <inttypes.h>

#define PAGE 200
#define PAGE_MEMORY ((size_t)256 << 20)
#define KEY_MAX 256 /* of where a page ends */

struct auditing {
	const struct ports *p;
	const struct audit_span *span;
	struct audit_sink to; /* counts, and hands on */
	const struct audit_sink *out;
	struct audit_counts *n;
	struct arena *a; /* of a page */
	/* Where the next page goes on; outlives the page's memory. */
	char first[KEY_MAX], second[KEY_MAX];
	struct fault *f;
};

static void
count_and_put(void *self, const struct audit_finding *x)
{
	struct auditing *w = self;

	w->n->findings++;
	w->out->put(w->out->self, x);
}

static void
found(struct auditing *w, const char *table, struct str key, const char *column,
    struct str is, struct str must)
{
	w->to.put(w->to.self,
	    &(struct audit_finding){ table, key, column, is, must });
}

static struct str
number(struct auditing *w, int64_t n)
{
	return arena_fmt(w->a, "%" PRId64, n);
}

/* Keys are columns of at most 100 characters. */
static enum err
go_on(struct auditing *w, struct str first, struct str second)
{
	if (first.len >= KEY_MAX || second.len >= KEY_MAX)
		return fault_set(
		    w->f, ERR_BUG, "internal", "key of %zu bytes", first.len);
	memcpy(w->first, first.p, first.len);
	w->first[first.len] = '\0';
	memcpy(w->second, second.p, second.len);
	w->second[second.len] = '\0';
	return ERR_OK;
}

/* --- payments -------------------------------------------------------- */

static void
count(struct audit_counts *n, const struct audit_payment *x)
{
	n->payments++;
	n->lines += (int64_t)x->pm.lines_len;
	n->attempts += (int64_t)x->pm.attempts_len;
	n->events += (int64_t)x->events_len;
	n->cases += (int64_t)x->cases_len;
	n->jobs += (int64_t)x->jobs_len;
	n->refunds += (int64_t)x->refunds_len;
	n->give_backs += (int64_t)x->backs_len;
	n->case_events += (int64_t)x->case_events_len;
	n->transfers += (int64_t)x->transfers_len;
	for (size_t i = 0; i < x->transfers_len; i++)
		n->postings += (int64_t)x->transfers[i].lines_len;
}

/* Exemptions live under accounts of their own: each is looked up by name. */
static enum err
check_exempt_line(
    struct auditing *w, struct audit *u, size_t line, struct str day)
{
	const struct exempt_store *s = &w->p->exempts;
	struct str akey, id;
	struct exempt x;
	enum err rc = ERR_ABSENT;

	if (exempt_name_split(u->pm->lines[line].exempt, &akey, &id))
		rc = s->get(s->self, w->a, akey, id, &x, w->f);
	if (rc != ERR_OK && rc != ERR_ABSENT)
		return rc;
	audit_exempt_row(u, line, rc == ERR_OK ? &x : NULL, day);
	return ERR_OK;
}

static enum err
check_exempt(struct auditing *w, const struct audit_payment *x)
{
	struct audit u = { .a = w->a, .x = x, .pm = &x->pm, .to = &w->to };
	const struct ref_portal *po;
	const struct ref *r;
	char day[DAY_TEXT_SIZE];
	enum err rc = reference(w->p, &r, w->f);

	if (rc != ERR_OK)
		return rc;
	po = ref_portal(r, x->pm.portal);
	day_of(x->pm.created_at, po ? po->zone_min : DAY_ZONE_MOSCOW, day);
	for (size_t i = 0; i < x->pm.lines_len && rc == ERR_OK; i++)
		if (x->pm.lines[i].exempt.len > 0)
			rc = check_exempt_line(w, &u, i, str_of(day));
	return rc;
}

static enum err
payments_page(struct auditing *w, bool *last)
{
	const struct audit_store *s = &w->p->audit;
	int64_t now = w->p->clock.now(w->p->clock.self);
	struct audit_page page = { .len = 0 };
	enum err rc = s->payments(s->self, w->a, w->span, str_of(w->first),
	    str_of(w->second), PAGE, &page, w->f);

	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; i < page.len && rc == ERR_OK; i++) {
		count(w->n, &page.payments[i]);
		audit_payment(w->a, &page.payments[i], now, &w->to);
		rc = check_exempt(w, &page.payments[i]);
	}
	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; i < page.strays_len; i++)
		found(w, page.strays[i].table, page.strays[i].key, "row",
		    STR("of nobody"), STR("a row that it belongs to"));
	*last = page.last;
	return page.last ? ERR_OK
			 : go_on(w, page.payments[page.len - 1].pm.akey,
			       page.payments[page.len - 1].pm.number);
}

/* --- accounts -------------------------------------------------------- */

static void
check_slot(
    struct auditing *w, const struct audit_day *d, const struct audit_slot *s)
{
	struct str key = arena_fmt(w->a, "%.*s/%.*s/%d", STR_ARG(d->account),
	    STR_ARG(d->day), s->slot);

	if (s->debit_kop != s->lines_debit_kop)
		found(w, "ledger_day", key, "debit_kop",
		    number(w, s->debit_kop), number(w, s->lines_debit_kop));
	if (s->credit_kop != s->lines_credit_kop)
		found(w, "ledger_day", key, "credit_kop",
		    number(w, s->credit_kop), number(w, s->lines_credit_kop));
}

static enum err
days_page(struct auditing *w, bool *last)
{
	const struct audit_store *s = &w->p->audit;
	struct audit_day d;
	enum err rc = s->day(s->self, w->a, w->span, str_of(w->first),
	    str_of(w->second), &d, w->f);

	*last = rc == ERR_OK && d.account.len == 0;
	if (rc != ERR_OK || *last)
		return rc;
	w->n->days++;
	for (size_t i = 0; i < d.slots_len; i++)
		check_slot(w, &d, &d.slots[i]);
	return go_on(w, d.account, d.day);
}

static enum err
sums_page(struct auditing *w, bool *last)
{
	const struct audit_store *s = &w->p->audit;
	const struct audit_sum *v;
	struct audit_sum all;
	size_t len;
	enum err rc = s->sums(s->self, w->a, w->span, &all, &v, &len, w->f);

	*last = true;
	if (rc != ERR_OK)
		return rc;
	w->n->debit_kop = all.debit_kop;
	w->n->credit_kop = all.credit_kop;
	for (size_t i = 0; i < len; i++)
		found(w, "ledger_day", v[i].day, "debits and credits",
		    number(w, v[i].debit_kop), number(w, v[i].credit_kop));
	return ERR_OK;
}

/* The hashes of closed days. */
static enum err
closed_days(struct auditing *w)
{
	const struct audit_span *s = w->span;
	struct close_counts n;
	enum err rc = close_check(w->p, s->all ? STR("") : s->from_day,
	    s->all ? STR("") : s->to_day, &w->to, &n, w->f);

	w->n->closed = n.days;
	return rc;
}

/* --- cases without a payment ----------------------------------------- */

static void
check_lone(struct auditing *w, const struct audit_lone *x)
{
	struct audit_payment none = { .pm = { .number = x->akey } };
	struct audit u = {
		.a = w->a, .x = &none, .pm = &none.pm, .to = &w->to
	};

	w->n->case_events += (int64_t)x->events_len;
	audit_case_alone(&u, &x->c, x->events, x->events_len);
}

static enum err
lone_cases_page(struct auditing *w, bool *last)
{
	const struct audit_store *s = &w->p->audit;
	const struct audit_lone *v;
	size_t len;
	enum err rc = s->lone_cases(s->self, w->a, str_of(w->first),
	    str_of(w->second), PAGE, &v, &len, w->f);

	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; i < len; i++)
		check_lone(w, &v[i]);
	w->n->cases += (int64_t)len;
	*last = len < PAGE;
	return *last ? ERR_OK : go_on(w, v[len - 1].akey, v[len - 1].c.id);
}

static enum err
lone_events_page(struct auditing *w, bool *last)
{
	const struct audit_store *s = &w->p->audit;
	const struct audit_stray *v;
	size_t len = 0;
	enum err rc = s->lone_events(s->self, w->a, &v, &len, w->f);

	for (size_t i = 0; rc == ERR_OK && i < len; i++)
		found(w, v[i].table, v[i].key, "row", STR("of nobody"),
		    STR("a row that it belongs to"));
	*last = true;
	return rc;
}

/* --- evidence -------------------------------------------------------- */

static enum err
notices_page(struct auditing *w, bool *last)
{
	const struct audit_store *s = &w->p->audit;
	const struct audit_notice *v;
	char hex[65];
	size_t len;
	enum err rc = s->notices(s->self, w->a, str_of(w->first),
	    str_of(w->second), PAGE, &v, &len, w->f);

	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; i < len; i++) {
		struct str key = arena_fmt(
		    w->a, "%.*s/%.*s", STR_ARG(v[i].akey), STR_ARG(v[i].id));

		secret_sha256_hex(v[i].raw, hex);
		if (!str_eq(v[i].digest, str_of(hex)))
			found(w, "notice", key, "raw", v[i].digest,
			    arena_str(w->a, str_of(hex)));
		if (!v[i].known)
			found(w, "notice", key, "number", STR("of nobody"),
			    STR("a payment's"));
	}
	w->n->notices += (int64_t)len;
	*last = len < PAGE;
	return *last ? ERR_OK : go_on(w, v[len - 1].akey, v[len - 1].id);
}

static enum err
answers_page(struct auditing *w, bool *last)
{
	const struct audit_store *s = &w->p->audit;
	const struct audit_answer *v;
	size_t len;
	enum err rc = s->answers(s->self, w->a, str_of(w->first),
	    str_of(w->second), PAGE, &v, &len, w->f);

	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; i < len; i++)
		if (!str_eq(v[i].portal, v[i].owner))
			found(w, "idem",
			    arena_fmt(w->a, "%.*s/%.*s", STR_ARG(v[i].portal),
				STR_ARG(v[i].ikey)),
			    "number", v[i].number,
			    STR("a payment of this portal"));
	w->n->answers += (int64_t)len;
	*last = len < PAGE;
	return *last ? ERR_OK : go_on(w, v[len - 1].portal, v[len - 1].ikey);
}

static enum err
cards_page(struct auditing *w, bool *last)
{
	const struct audit_store *s = &w->p->audit;
	const struct audit_card *v = NULL;
	size_t len = 0;
	enum err rc = s->cards(s->self, w->a, &v, &len, w->f);

	for (size_t i = 0; i < len; i++)
		found(w, arena_z(w->a, v[i].table), v[i].key,
		    arena_z(w->a, v[i].column), v[i].is, v[i].must);
	*last = true;
	return rc;
}

/* Pages until the last one; each in memory that the next one takes over. */
static enum err
all_pages(struct auditing *w, enum err (*page)(struct auditing *w, bool *last))
{
	bool last = false;
	enum err rc = ERR_OK;

	w->first[0] = w->second[0] = '\0';
	while (rc == ERR_OK && !last) {
		rc = page(w, &last);
		arena_reset(w->a);
	}
	return rc;
}

enum err
audit_run(const struct ports *p, const struct audit_span *span,
    const struct audit_sink *to, struct audit_counts *counts, struct fault *f)
{
	struct auditing w = { .p = p,
		.span = span,
		.to = { &w, count_and_put },
		.out = to,
		.n = counts,
		.f = f };
	enum err rc;

	*counts = (struct audit_counts){ 0 };
	w.a = arena_new(PAGE_MEMORY);
	rc = all_pages(&w, payments_page);
	if (rc == ERR_OK)
		rc = all_pages(&w, days_page);
	if (rc == ERR_OK)
		rc = all_pages(&w, sums_page);
	if (rc == ERR_OK)
		rc = audit_settlements(p, w.a, span, &w.to, counts, f);
	if (rc == ERR_OK)
		rc = closed_days(&w);
	/* Evidence bears no day of Moscow. */
	if (rc == ERR_OK && span->all)
		rc = all_pages(&w, notices_page);
	if (rc == ERR_OK && span->all)
		rc = all_pages(&w, answers_page);
	if (rc == ERR_OK && span->all)
		rc = audit_registers(p, w.a, &w.to, counts, f);
	if (rc == ERR_OK && span->all)
		rc = audit_acks(p, &w.to, counts, f);
	if (rc == ERR_OK && span->all)
		rc = audit_exchange(p, &w.to, counts, f);
	if (rc == ERR_OK && span->all)
		rc = audit_sends(p, &w.to, counts, f);
	if (rc == ERR_OK && span->all)
		rc = audit_acts(p, &w.to, counts, f);
	if (rc == ERR_OK && span->all)
		rc = all_pages(&w, lone_cases_page);
	if (rc == ERR_OK && span->all)
		rc = all_pages(&w, lone_events_page);
	if (rc == ERR_OK && span->all)
		rc = all_pages(&w, cards_page);
	arena_free(w.a);
	return rc;
}
