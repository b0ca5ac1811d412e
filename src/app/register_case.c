#include "kvitok/app/register_case.h"

#include "kvitok/app/case_trail.h"
#include "kvitok/app/chronicle.h"
#include "kvitok/domain/payment.h"

struct str
register_case_subject(struct arena *a, struct str contract, struct str key)
{
	return arena_fmt(a, "%.*s/%.*s", STR_ARG(contract), STR_ARG(key));
}

struct str
register_case_akey(const struct recon_row *row, struct str number)
{
	return number.len > PAY_AKEY_LEN
	    ? (struct str){ number.p, PAY_AKEY_LEN }
	    : row->akey;
}

/* Tell it in the story of the payment, if it is about one. */
static enum err
tell(const struct ports *p, struct arena *a, struct str number,
    const char *kind, struct str evidence, struct fault *f)
{
	struct pay_event row;

	if (number.len <= PAY_AKEY_LEN)
		return ERR_OK;
	chronicle_row(p, a,
	    &(struct chronicle_entry){ .kind = kind,
		.actor = STR("job"),
		.from = "",
		.to = "",
		.evidence = evidence },
	    &row);
	return p->evidence.event_put(p->evidence.self,
	    (struct str){ number.p, PAY_AKEY_LEN }, number, &row, f);
}

static enum err
open_case(
    const struct ports *p, struct arena *a, struct pay_case *c, struct fault *f)
{
	char id[27];
	bool made;
	enum err rc;

	c->created_at = p->clock.now(p->clock.self);
	p->ids.ulid(p->ids.self, c->created_at, id);
	c->id = str_of(id);
	rc = p->evidence.case_put(p->evidence.self, c, &made, f);
	return rc == ERR_OK && made
	    ? tell(p, a, c->number, "register_case", c->evidence, f)
	    : rc;
}

static int
attempt_of(struct str order_no)
{
	struct str number;
	int n;

	return pay_bank_no_split(order_no, &number, &n) ? n : 0;
}

static void
put_row(struct jw *w, const struct recon_verdict *v)
{
	const struct reg_row *r = &v->row->r;

	jw_key(w, "register");
	jw_object(w);
	jw_ktext(w, "contract", v->contract);
	jw_ktext(w, "file", v->row->file);
	jw_kint(w, "line", r->line);
	jw_ktext(w, "kind", str_of(reg_kind_name(r->kind)));
	jw_kopt(w, "order_no", r->order_no);
	jw_kopt(w, "bank_id", r->bank_id);
	jw_kopt(w, "op_id", r->op_id);
	jw_kopt(w, "rrn", r->rrn);
	jw_kopt(w, "auth_code", r->auth_code);
	jw_ktime(w, "at", r->at);
	jw_kint(w, "gross_kop", r->gross_kop);
	jw_kint(w, "fee_kop", r->fee_kop);
	jw_kint(w, "vat_kop", r->vat_kop);
	jw_kint(w, "net_kop", r->net_kop);
	jw_object_end(w);
}

static void
put_posting(struct jw *w, const struct recon_posting *x)
{
	jw_key(w, "ours");
	if (x == NULL) {
		jw_null(w);
		return;
	}
	jw_object(w);
	jw_ktext(w, "transfer", x->transfer);
	jw_ktext(w, "kind", x->kind);
	jw_ktext(w, "number", x->number);
	jw_kopt(w, "bank_no", x->bank_no);
	jw_ktext(w, "day", x->day);
	jw_kint(w, "sum_kop", x->sum_kop);
	jw_object_end(w);
}

/* A difference, and by how much. */
struct difference {
	const char *kind, *proposal;
	int64_t sum_kop;
	int64_t expected_kop; /* of a fee; 0 else */
};

static enum err
open_of_row(const struct ports *p, struct arena *a,
    const struct recon_verdict *v, const struct difference *d, struct fault *f)
{
	struct proof e;
	struct pay_case c = { .akey = register_case_akey(v->row, v->number),
		.portal = v->portal,
		.number = v->number,
		.n = attempt_of(v->row->r.order_no),
		.kind = str_of(d->kind),
		.subject = register_case_subject(a, v->contract, v->row->key),
		.proposal = str_of(d->proposal),
		.sum_kop = d->sum_kop };

	proof_begin(&e, a);
	jw_ktext(&e.w, "contract", v->contract);
	put_row(&e.w, v);
	put_posting(&e.w, v->found);
	if (d->expected_kop != 0)
		jw_kint(&e.w, "expected_fee_kop", d->expected_kop);
	c.evidence = proof_end(&e);
	return open_case(p, a, &c, f);
}

static enum err
open_of_outcome(const struct ports *p, struct arena *a,
    const struct recon_verdict *v, struct fault *f)
{
	const struct reg_row *r = &v->row->r;
	struct difference d = { .sum_kop = r->gross_kop };

	switch (v->outcome) {
	case RECON_MATCHED:
	case RECON_FEE:
	case RECON__COUNT:
		return ERR_OK;
	case RECON_SUM:
		d.kind = "register_sum";
		d.proposal = "ask_bank";
		d.sum_kop = r->gross_kop - v->found->sum_kop;
		break;
	case RECON_UNKNOWN:
		d.kind = "register_unknown";
		d.proposal = "assign";
		break;
	case RECON_CHARGEBACK:
		d.kind = "chargeback";
		d.proposal = "dispute";
		break;
	}
	return open_of_row(p, a, v, &d, f);
}

enum err
register_case_of_row(const struct ports *p, struct arena *a,
    const struct recon_verdict *v, const struct register_terms *terms,
    struct fault *f)
{
	const struct reg_row *r = &v->row->r;
	struct recon_terms t = { .known = true,
		.fee_ppm = (int32_t)terms->fee_ppm,
		.vat_ppm = (int32_t)terms->vat_ppm,
		.cut = str_eq(terms->rounding, STR("down")) };
	enum err rc = open_of_outcome(p, a, v, f);
	int64_t expected;

	if (rc != ERR_OK || !v->fee_off)
		return rc;
	expected = r->gross_kop > 0 ? recon_fee(&t, r->gross_kop)
				    : -recon_fee(&t, -r->gross_kop);
	return open_of_row(p, a, v,
	    &(struct difference){ "register_fee", "ask_bank",
		r->fee_kop + r->vat_kop - expected, expected },
	    f);
}

enum err
register_case_missing(const struct ports *p, struct arena *a,
    const struct recon_pair *x, struct str last_day, struct fault *f)
{
	const struct recon_posting *m = x->posting;
	struct proof e;
	struct pay_case c = { .akey = m->akey,
		.portal = x->portal,
		.number = m->number,
		.n = attempt_of(m->bank_no),
		.kind = STR("register_missing"),
		.subject = m->transfer,
		.proposal = STR("ask_bank"),
		.sum_kop = m->sum_kop };

	proof_begin(&e, a);
	jw_ktext(&e.w, "contract", x->contract);
	put_posting(&e.w, m);
	jw_ktext(&e.w, "registers_until", last_day);
	c.evidence = proof_end(&e);
	return open_case(p, a, &c, f);
}

enum err
register_case_end(const struct ports *p, struct arena *a,
    const struct register_end *x, bool *closed, struct fault *f)
{
	struct pay_case c;
	struct str evidence;
	struct proof e;
	bool found;
	enum err rc = p->cases.find(p->cases.self, a, x->akey, str_of(x->kind),
	    x->subject, &c, &found, f);

	*closed = rc == ERR_OK && found && str_eq(c.state, STR("open")) &&
	    c.resolution.len == 0;
	if (!*closed)
		return rc;
	proof_begin(&e, a);
	jw_ktext(&e.w, "contract", x->contract);
	jw_ktext(&e.w, "row", x->row_key);
	evidence = proof_end(&e);
	rc = case_trail_resolve(p, a, &c, "settled", x->actor, evidence, f);
	/* A case of nobody's is told where its row has found a home. */
	return rc == ERR_OK && c.number.len == 0
	    ? tell(p, a, x->number, "register_case_closed", evidence, f)
	    : rc;
}
