#include "kvitok/app/open.h"
#include "kvitok/app/receipt.h"
#include "kvitok/base/log.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/payment_page.h"
#include "kvitok/web/phrase.h"

#define LOOK_AGAIN_S "3"
#define MASK_MAX 400

static struct str
sum_or_none(struct turn *t, int64_t kop)
{
	return kop > 0 ? buf_roubles_str(t->a, kop) : STR_NONE;
}

static void
put_sums(struct page *pg, const struct payment *pm)
{
	page_text(pg, "total", buf_roubles_str(pg->t->a, pm->total_kop));
	page_text(pg, "sum", buf_roubles_str(pg->t->a, pm->sum_kop));
	page_text(pg, "fee", sum_or_none(pg->t, pm->fee_kop));
	page_text(pg, "refunded", sum_or_none(pg->t, pm->refunded_kop));
}

static struct str
masked_email(struct turn *t, const struct payment *pm)
{
	struct buf b;

	if (pm->email.len == 0)
		return STR_NONE;
	buf_init(&b, t->a, MASK_MAX);
	log_mask(&b, pm->email);
	return buf_str(&b);
}

/* theirs: shown to somebody who may be another payer of the same bill. */
static void
put_facts(struct page *pg, const struct payment_page *pp, bool theirs)
{
	const struct payment *pm = pp->pm;
	const struct ref_contract *c = ref_contract(pp->r, pm->contract);
	bool dated = pp->portal && pm->paid_at > 0;

	page_text(pg, "number", pm->number);
	page_text(pg, "date",
	    dated ? phrase_time(pg->t->a, pm->paid_at, pp->portal->zone_min)
		  : STR_NONE);
	page_text(pg, "zone", dated ? pp->portal->zone_name : STR_NONE);
	page_text(pg, "bank", c ? c->title : STR_NONE);
	page_text(pg, "card", theirs ? STR_NONE : pm->card_mask);
	page_text(pg, "email", theirs ? STR_NONE : masked_email(pg->t, pm));
}

static void
put_kind(struct page *pg, const struct result *res, struct str token)
{
	struct turn *t = pg->t;
	bool retry = res->may_retry && res->kind != RESULT_CHECKING &&
	    res->kind != RESULT_PAID;
	bool checking = res->kind == RESULT_CHECKING;

	page_flag(pg, "paid", res->kind == RESULT_PAID);
	page_flag(pg, "checking", checking);
	page_flag(pg, "refused", res->kind == RESULT_REFUSED);
	page_flag(pg, "expired", res->kind == RESULT_EXPIRED);
	page_flag(pg, "ended", res->kind == RESULT_ENDED);
	page_flag(pg, "not_begun", res->kind == RESULT_NOT_BEGUN);
	page_text(pg, "reason",
	    res->kind == RESULT_REFUSED
		? str_of(reason_words(
		      reason_known(res->reason) ? res->reason : "pay_declined"))
		: STR_NONE);
	page_text(pg, "retry_url",
	    retry ? page_link(t, "/pay/", token, "?go=1") : STR_NONE);
	page_text(pg, "pdf_url",
	    res->kind == RESULT_PAID && !res->theirs
		? page_link(t, "/return/", token, "/receipt.pdf")
		: STR_NONE);
	page_text(pg, "refresh_s", checking ? STR(LOOK_AGAIN_S) : STR_NONE);
	page_text(pg, "refresh_url",
	    checking ? page_link(t, "/return/", token, "") : STR_NONE);
}

/* Whatever a bank appends to the address (orderId, lang) is let be. */
enum err
page_result(struct turn *t)
{
	struct str token = t->params.v[0];
	struct payment_page pp;
	struct result res;
	struct page pg;
	enum err rc = open_result(t->p, t->a, token, &res, t->f);

	if (rc != ERR_OK)
		return rc;
	if (res.go_to.len > 0) {
		reply_see_other(t->out, res.go_to);
		return ERR_OK;
	}
	rc = payment_page_begin(&pp, t, res.pm);
	if (rc != ERR_OK)
		return rc;
	page_begin(&pg, t);
	page_portal_names(&pg, pp.portal);
	put_kind(&pg, &res, token);
	put_sums(&pg, res.pm);
	payment_page_lines(&pg, &pp);
	put_facts(&pg, &pp, res.theirs);
	return page_send(&pg, 200, "tpl/page/result.html");
}

enum err
page_receipt(struct turn *t)
{
	struct payment *pm;
	struct bytes pdf;
	enum err rc = open_peek(t->p, t->a, t->params.v[0], &pm, t->f);

	if (rc == ERR_OK)
		rc = receipt_pdf(t->p, t->a, pm, &pdf, t->f);
	if (rc != ERR_OK)
		return rc;
	turn_pdf(t, pm->number, pdf);
	return ERR_OK;
}
