#include "kvitok/app/reconcile.h"

#include "kvitok/app/register_case.h"
#include "kvitok/app/register_import.h"
#include "kvitok/domain/payment.h"

#define PAGE 50
#define PAGE_MEMORY ((size_t)64 << 20)
#define ID_LEN 26
#define WAIT_MS (INT64_C(3) * DAY_MS) /* for a payment to be confirmed */
#define PAUSE_MS INT64_C(900000)

/* Postings of one day that no row has brought. */
struct seeking {
	const struct ports *p;
	struct str contract, last_day;
	struct arena *a; /* of a page */
	struct recon_known page;
	struct register_counts now; /* of one run of the transaction */
};

static enum err
put(struct seeking *s, const struct recon_posting *x, struct str portal,
    bool missing, struct fault *f)
{
	const struct ports *p = s->p;
	struct recon_pair pair = { .contract = s->contract,
		.portal = portal,
		.posting = x,
		.missing = missing,
		.at = p->clock.now(p->clock.self) };
	enum err rc = p->recon.pair(p->recon.self, &pair, f);

	if (rc != ERR_OK)
		return rc;
	s->now.missing += missing;
	s->now.reversed += !missing;
	return missing ? register_case_missing(p, s->a, &pair, s->last_day, f)
		       : ERR_OK;
}

/* What is known of the payment by now: a row or another one of this page may
 * have taken the posting. */
static enum err
seek(struct seeking *s, size_t i, struct fault *f)
{
	const struct ports *p = s->p;
	const struct recon_posting *x = &s->page.v[i];
	struct recon_known k;
	size_t own = 0, other;
	enum err rc = p->recon.known(p->recon.self, s->a, s->contract,
	    &(struct recon_key){ x->number, STR(""), STR("") }, 1, &k, f);

	if (rc != ERR_OK)
		return rc;
	while (own < k.len && !str_eq(k.v[own].transfer, x->transfer))
		own++;
	if (own == k.len || k.v[own].taken || k.missing[own])
		return ERR_OK;
	for (size_t m = 0; m < k.len; m++)
		k.v[m].taken = k.v[m].taken || k.missing[m];
	other = recon_reversed(k.v, k.len, own);
	if (other == k.len)
		return put(s, &k.v[own], k.portals[own], true, f);
	rc = put(s, &k.v[own], k.portals[own], false, f);
	return rc == ERR_OK ? put(s, &k.v[other], k.portals[other], false, f)
			    : rc;
}

static enum err
page_body(void *arg, struct fault *f)
{
	struct seeking *s = arg;
	enum err rc = ERR_OK;

	s->now = (struct register_counts){ .missing = 0 };
	for (size_t i = 0; i < s->page.len && rc == ERR_OK; i++)
		rc = seek(s, i, f);
	return rc;
}

static enum err
seek_day(struct seeking *s, struct str day, struct register_counts *n,
    struct fault *f)
{
	const struct ports *p = s->p;
	char akey[PAY_AKEY_LEN + 1] = "", id[ID_LEN + 1] = "";
	size_t len;
	enum err rc;

	do {
		rc = p->recon.unpaired(p->recon.self, s->a, s->contract, day,
		    str_of(akey), str_of(id), PAGE, &s->page, f);
		if (rc != ERR_OK)
			break;
		len = s->page.len;
		if (len > 0) {
			memcpy(akey, s->page.v[len - 1].akey.p, PAY_AKEY_LEN);
			memcpy(id, s->page.v[len - 1].transfer.p, ID_LEN);
			rc =
			    p->tx.run(p->tx.self, "reconcile", page_body, s, f);
		}
		if (rc == ERR_OK) {
			n->missing += s->now.missing;
			n->reversed += s->now.reversed;
		}
		s->now = (struct register_counts){ .missing = 0 };
		arena_reset(s->a);
		ports_step(p, "reconcile");
	} while (rc == ERR_OK && len == PAGE);
	return rc;
}

/* Have registers gone far enough beyond the day, and is it over? */
static enum err
is_ripe(struct seeking *s, struct str day, bool *ripe, struct fault *f)
{
	struct register_terms t;
	char limit[DAY_TEXT_SIZE], today[DAY_TEXT_SIZE];
	int64_t at;
	enum err rc = register_terms_on(s->p, s->a, s->contract, day, &t, f);

	*ripe = false;
	if (rc != ERR_OK || !day_start(day, DAY_ZONE_MOSCOW, &at))
		return rc;
	day_of(at + t.grace_days * DAY_MS, DAY_ZONE_MOSCOW, limit);
	day_of(s->p->clock.now(s->p->clock.self), DAY_ZONE_MOSCOW, today);
	*ripe = str_cmp(day, str_of(today)) < 0 &&
	    str_cmp(str_of(limit), s->last_day) <= 0;
	return ERR_OK;
}

static enum err
seek_days(struct seeking *s, struct arena *a, struct register_counts *n,
    struct fault *f)
{
	const struct ports *p = s->p;
	const struct str *days;
	size_t len;
	enum err rc = p->recon.days(
	    p->recon.self, a, s->contract, &days, &len, &s->last_day, f);

	for (size_t i = 0; i < len && rc == ERR_OK; i++) {
		bool ripe;

		rc = is_ripe(s, days[i], &ripe, f);
		if (rc != ERR_OK || !ripe)
			continue;
		rc = seek_day(s, days[i], n, f);
		if (rc == ERR_OK)
			rc = p->recon.day_judged(p->recon.self, s->contract,
			    days[i], p->clock.now(p->clock.self), f);
	}
	return rc;
}

enum err
reconcile_run(const struct ports *p, struct str contract,
    struct register_counts *n, struct fault *f)
{
	struct seeking s = { .p = p, .contract = contract };
	struct arena *a;
	enum err rc;

	*n = (struct register_counts){ .late = 0 };
	rc = register_match(p, contract, n, f);
	if (rc != ERR_OK)
		return rc;
	a = arena_new(PAGE_MEMORY);
	s.a = arena_new(PAGE_MEMORY);
	rc = seek_days(&s, a, n, f);
	arena_free(s.a);
	arena_free(a);
	return rc;
}

enum err
reconcile_job(const struct ports *p, struct str contract, int64_t *next_at,
    struct fault *f)
{
	struct register_counts n;
	int64_t now = p->clock.now(p->clock.self), waiting = 0;
	enum err rc = reconcile_run(p, contract, &n, f);

	*next_at = 0;
	if (rc == ERR_OK)
		rc = p->recon_report.waiting(
		    p->recon_report.self, contract, now - WAIT_MS, &waiting, f);
	if (rc == ERR_OK && waiting > 0)
		*next_at = now + PAUSE_MS;
	return rc;
}
