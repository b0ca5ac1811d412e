#include "kvitok/app/send_case.h"

#include "kvitok/app/case_trail.h"
#include "kvitok/app/chronicle.h"
#include "kvitok/app/send.h"
#include "kvitok/base/num.h"
#include "kvitok/domain/payment.h"

static struct str
subject_of(struct arena *a, const struct sent_doc *x, int64_t which)
{
	return arena_fmt(a, "%.*s/%.*s/%lld/%lld", STR_ARG(x->portal),
	    STR_ARG(x->supplier), (long long)x->number, (long long)which);
}

static void
put_item(struct jw *w, const struct send_item *i)
{
	jw_key(w, "line");
	jw_object(w);
	jw_kint(w, "record", i->n);
	jw_ktext(w, "kind", str_of(send_record_name(i->kind)));
	jw_ktext(w, "ref", i->ref);
	jw_kint(w, "line", i->line);
	jw_kopt(w, "payment", i->number);
	jw_ktext(w, "day", i->day);
	jw_kint(w, "sum_kop", i->sum_kop);
	jw_object_end(w);
}

static struct str
evidence_of(
    struct arena *a, const struct sent_doc *x, const struct send_trouble *t)
{
	struct proof e;

	proof_begin(&e, a);
	jw_ktext(&e.w, "supplier", x->supplier);
	jw_kint(&e.w, "document", x->number);
	jw_ktext(&e.w, "kind", str_of(send_kind_name(x->kind)));
	jw_ktext(&e.w, "period", x->period);
	jw_kint(&e.w, "records", send_records(x->kind, x->items));
	jw_kint(&e.w, "sum_kop", x->sum_kop);
	jw_kint(&e.w, "tries", x->tries);
	jw_kopt(&e.w, "words", t->words);
	if (t->item != NULL)
		put_item(&e.w, t->item);
	if (t->answer.applied) {
		jw_key(&e.w, "answer");
		jw_object(&e.w);
		jw_kint(&e.w, "count", t->answer.count);
		jw_kint(&e.w, "sum_kop", t->answer.sum_kop);
		jw_kint(&e.w, "refused_count", t->answer.refused);
		jw_object_end(&e.w);
	}
	return proof_end(&e);
}

enum err
send_case_open(const struct ports *p, struct arena *a, const struct sent_doc *x,
    const struct send_trouble *t, struct fault *f)
{
	struct pay_case c = { .akey = STR(PAY_AKEY_NONE),
		.portal = x->portal,
		.number = STR(""),
		.kind = str_of(t->kind),
		.subject = subject_of(a, x, t->which),
		.proposal = STR("ask_supplier"),
		.sum_kop = t->item != NULL ? t->item->sum_kop : x->sum_kop,
		.created_at = p->clock.now(p->clock.self) };
	char id[27];
	bool made;

	p->ids.ulid(p->ids.self, c.created_at, id);
	c.id = str_of(id);
	c.evidence = evidence_of(a, x, t);
	return p->evidence.case_put(p->evidence.self, &c, &made, f);
}

enum err
send_case_settle(const struct ports *p, struct arena *a,
    const struct sent_doc *x, const char *kind, int64_t which, struct fault *f)
{
	struct pay_case c;
	bool found;
	enum err rc = p->cases.find(p->cases.self, a, STR(PAY_AKEY_NONE),
	    str_of(kind), subject_of(a, x, which), &c, &found, f);

	return rc == ERR_OK && found && str_eq(c.state, STR("open"))
	    ? case_trail_resolve(p, a, &c, "settled", STR("job"), STR(""), f)
	    : rc;
}

/* portal/supplier/number/which */
static bool
split(struct str subject, struct str *portal, struct str *supplier,
    int64_t *number, int64_t *which)
{
	struct str rest = subject, n;

	return str_cut(&rest, '/', portal) && str_cut(&rest, '/', supplier) &&
	    str_cut(&rest, '/', &n) && num_parse(n, 1, INT64_MAX, number) &&
	    num_parse(rest, 0, INT64_MAX, which);
}

/* From which day on the next document looks for it. */
static enum err
day_of_line(const struct ports *p, struct arena *a, const struct sent_doc *x,
    struct send_item *item, struct fault *f)
{
	char day[DAY_TEXT_SIZE];
	struct appeal asked;
	enum err rc;

	if (x->kind == SEND_READINGS) /* its day is a month */
		item->day = arena_fmt(a, "%.*s-01", STR_ARG(item->day));
	if (x->kind != SEND_REQUESTS)
		return ERR_OK;
	rc = p->appeals.load(
	    p->appeals.self, a, x->portal, item->ref, &asked, f);
	if (rc != ERR_OK)
		return rc;
	day_of(asked.created_at, DAY_ZONE_MOSCOW, day);
	item->day = arena_str(a, str_of(day));
	return ERR_OK;
}

/* It is nobody's any more: the next document of its kind takes it. */
static enum err
free_line(const struct ports *p, struct arena *a, const struct sent_doc *x,
    int64_t n, struct fault *f)
{
	struct send_cursor c = {
		.portal = x->portal, .supplier = x->supplier, .kind = x->kind
	};
	struct send_item item;
	bool found;
	enum err rc = p->send.item(p->send.self, a, x->id, n, &item, &found, f);

	if (rc != ERR_OK)
		return rc;
	if (!found || !item.live)
		return fault_set(f, ERR_CONFLICT, "exchange_line_free",
		    "ours %lld, record %lld", (long long)x->number,
		    (long long)n);
	item.live = false;
	rc = p->send.answer(p->send.self, &item, f);
	if (rc == ERR_OK)
		rc = day_of_line(p, a, x, &item, f);
	return rc == ERR_OK ? p->send.look_again(p->send.self, &c, item.day, f)
			    : rc;
}

enum err
send_case_retry(const struct ports *p, struct arena *a,
    const struct pay_case *c, struct fault *f)
{
	struct sent_doc x;
	struct str portal, supplier;
	int64_t number, which;
	enum err rc;

	if (!split(c->subject, &portal, &supplier, &number, &which))
		return fault_set(f, ERR_BUG, "internal", "subject of case %.*s",
		    STR_ARG(c->id));
	if (!str_eq(c->kind, STR("exchange_line_refused")))
		return send_resend(p, a, portal, supplier, number, f);
	rc = p->send.find(p->send.self, a, portal, supplier, number, &x, f);
	return rc == ERR_OK ? free_line(p, a, &x, which, f) : rc;
}
