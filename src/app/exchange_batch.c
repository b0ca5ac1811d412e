#include "kvitok/app/exchange_batch.h"

#include "kvitok/app/reference.h"
#include "kvitok/app/send_answer.h"
#include "kvitok/base/day.h"
#include "kvitok/domain/account.h"
#include "kvitok/domain/money.h"
#include "kvitok/domain/payment.h"
#include "kvitok/domain/ref.h"

#define LIFE_MEMORY ((size_t)2 << 20)
#define BATCH_MEMORY ((size_t)48 << 20)
/* A batch that has read so much is written: a record may bring 8 MB. */
#define BATCH_FULL ((size_t)2 << 20)

/* What was read between two transactions. */
struct exchange_portion {
	struct exchange_record v[EXCHANGE_BATCH_ROWS];
	const char *judged[EXCHANGE_BATCH_ROWS]; /* refused before the tables
						    were asked */
	size_t len;
	struct exchange_batch batch;
	char next_month[DAY_MONTH_SIZE];
	bool last;
	struct exchange_doc doc; /* as it is after one run of a transaction */
};

bool
exchange_head_check(const struct exchange_head *h)
{
	switch (exchange_kind_of(h->kind)) {
	case EXCHANGE_CHARGES:
		return day_month_valid(h->month) && day_valid(h->paid_to_day);
	case EXCHANGE_BALANCES:
		return day_valid(h->as_of_day);
	case EXCHANGE_ACCOUNTS:
	case EXCHANGE_METERS:
	case EXCHANGE_ELSEWHERE:
	case EXCHANGE_OUTAGES:
	case EXCHANGE_CONTRACTS:
	case EXCHANGE_ACTS:
	case EXCHANGE_ANSWERS:
	case EXCHANGE_ACK:
	case EXCHANGE_READING_ANSWERS:
	case EXCHANGE_KIND__COUNT:
		break;
	}
	return true;
}

/* --- a record ----------------------------------------------------------- */

/* A service that the supplier has, or had. */
static bool
has_service(const struct exchange_batching *b, struct str service)
{
	const struct ref *r = b->ref;

	for (size_t i = 0; i < r->services_len; i++)
		if (str_eq(r->services[i].portal, b->head->portal) &&
		    str_eq(r->services[i].supplier, b->head->supplier) &&
		    str_eq(r->services[i].service, service))
			return true;
	return false;
}

/* Gives: the supplier's only service, or an empty text. */
static struct str
only_service(const struct exchange_batching *b)
{
	const struct ref *r = b->ref;
	struct str found = STR("");

	for (size_t i = 0; i < r->services_len; i++) {
		const struct ref_service *s = &r->services[i];

		if (!str_eq(s->portal, b->head->portal) ||
		    !str_eq(s->supplier, b->head->supplier) ||
		    str_eq(s->service, found))
			continue;
		if (found.len > 0)
			return STR("");
		found = s->service;
	}
	return found;
}

static bool
find_key(struct exchange_batching *b, struct exchange_record *r)
{
	char akey[PAY_AKEY_LEN + 1];

	if (!account_fold(b->batch, r->account, &r->folded))
		return false;
	pay_akey(b->head->portal, r->folded, akey);
	r->akey = arena_str(b->batch, str_of(akey));
	return true;
}

static const char *
judge(struct exchange_batching *b, struct exchange_record *r)
{
	enum exchange_kind kind = exchange_kind_of(b->head->kind);

	if (exchange_is_answer(kind))
		return exchange_judge(b->batch, kind, r);
	if (exchange_names_account(kind) && !find_key(b, r))
		return "exchange_account_form";
	if (kind == EXCHANGE_ELSEWHERE && r->service.len == 0)
		r->service = only_service(b);
	if (kind == EXCHANGE_ELSEWHERE && r->service.len == 0)
		return "exchange_service_missing";
	if (exchange_names_service(kind) && !has_service(b, r->service))
		return "exchange_service_unknown";
	return exchange_judge(b->batch, kind, r);
}

static void
keep_lists(struct arena *a, struct exchange_record *r)
{
	struct outage_place *places =
	    ARENA_ARRAY(a, r->outage.places_len + 1, struct outage_place);
	struct act_work *works =
	    ARENA_ARRAY(a, r->act.works_len + 1, struct act_work);

	for (size_t i = 0; i < r->outage.places_len; i++)
		places[i].address = arena_str(a, r->outage.places[i].address);
	for (size_t i = 0; i < r->act.works_len; i++) {
		works[i] = r->act.works[i];
		works[i].title = arena_str(a, works[i].title);
	}
	r->outage.places = places;
	r->act.works = works;
}

static void
keep_strings(struct arena *a, struct str **list, size_t len)
{
	struct str *v = ARENA_ARRAY(a, len + 1, struct str);

	for (size_t i = 0; i < len; i++)
		v[i] = arena_str(a, (*list)[i]);
	*list = v;
}

static void
keep_people(struct arena *a, struct subscriber *s)
{
	struct benefit *v = ARENA_ARRAY(a, s->benefits_len + 1, struct benefit);

	for (size_t i = 0; i < s->benefits_len; i++)
		v[i] = (struct benefit){ arena_str(a, s->benefits[i].kind),
			arena_str(a, s->benefits[i].title),
			arena_str(a, s->benefits[i].from_day),
			s->benefits[i].to_day.len > 0
			    ? arena_str(a, s->benefits[i].to_day)
			    : STR_NONE };
	s->benefits = v;
	keep_strings(a, &s->emails, s->emails_len);
	keep_strings(a, &s->phones, s->phones_len);
}

/* The reader's own memory ends with the call. */
static void
keep_texts(struct arena *a, struct exchange_record *r)
{
	struct str *const texts[] = { &r->account, &r->service, &r->id, &r->day,
		&r->owner, &r->address, &r->place, &r->words, &r->meter.meter,
		&r->meter.title, &r->meter.serial, &r->meter.unit,
		&r->meter.last_day, &r->meter.verify_day, &r->charge.unit,
		&r->charge.recalculated_why, &r->outage.id, &r->outage.kind,
		&r->outage.reason, &r->contract.number, &r->contract.title,
		&r->contract.from_day, &r->contract.to_day, &r->act.number,
		&r->act.day, &r->act.contract, &r->answer.appeal,
		&r->answer.text, &r->people.closed_day };

	for (size_t i = 0; i < KV_COUNT(texts); i++)
		if (texts[i]->p != NULL)
			*texts[i] = arena_str(a, *texts[i]);
	if (r->outage.places_len > 0 || r->act.works_len > 0)
		keep_lists(a, r);
	if (r->people.benefits != NULL)
		keep_people(a, &r->people);
}

/* --- a batch ------------------------------------------------------------ */

static enum err
add_up(struct exchange_portion *w, struct fault *f)
{
	struct money sum = { w->doc.applied_kop };
	enum err rc = ERR_OK;

	for (size_t i = 0; i < w->len && rc == ERR_OK; i++) {
		bool refused = w->v[i].refused != NULL;

		w->doc.record++;
		w->doc.refused += refused;
		w->doc.applied += !refused;
		if (!refused)
			rc = money_add(
			    sum, (struct money){ w->v[i].sum_kop }, &sum, f);
	}
	w->doc.applied_kop = sum.kop;
	return rc;
}

static enum err
owe(struct exchange_batching *b, const struct exchange_doc *x, struct fault *f)
{
	return b->p->exchange_out.owe(b->p->exchange_out.self,
	    &(struct exchange_ack){ .portal = x->portal,
		.supplier = x->supplier,
		.of_number = x->number,
		.of_kind = x->kind,
		.words = STR(""),
		.applied = true,
		.count = x->applied,
		.sum_kop = x->applied_kop,
		.refused = x->refused,
		.made_at = x->ended_at },
	    f);
}

static enum err
portion_body(void *arg, struct fault *f)
{
	struct exchange_batching *b = arg;
	const struct exchange_store *st = &b->p->exchange;
	struct exchange_portion *w = b->w;
	enum err rc;

	/* A transaction may run more than once. */
	arena_reset(b->run);
	for (size_t i = 0; i < w->len; i++)
		w->v[i].refused = w->judged[i];
	w->doc = *b->doc;
	w->batch.len = w->len;
	/* First of all: who applies the same document waits here, and finds
	 * that it is not where it was. */
	rc = st->move(st->self, b->doc, EXCHANGE_APPLYING, b->doc->record, f);
	if (rc == ERR_OK)
		rc = exchange_is_answer(w->batch.kind)
		    ? send_answers(b->p, b->run, &w->batch, f)
		    : st->apply(st->self, b->run, &w->batch, f);
	if (rc == ERR_OK)
		rc = st->refuse(st->self, &w->batch, b->doc->refused, f);
	if (rc == ERR_OK)
		rc = add_up(w, f);
	if (w->last) {
		w->doc.state = EXCHANGE_APPLIED;
		w->doc.ended_at = b->p->clock.now(b->p->clock.self);
	}
	if (rc == ERR_OK)
		rc = st->move(
		    st->self, &w->doc, EXCHANGE_APPLYING, b->doc->record, f);
	if (rc != ERR_OK || !w->last)
		return rc;
	/* An acknowledgement is not acknowledged. */
	return w->batch.kind == EXCHANGE_ACK
	    ? send_acknowledged(b->p, b->run, b->head, f)
	    : owe(b, &w->doc, f);
}

static enum err
write_portion(struct exchange_batching *b, struct fault *f)
{
	enum err rc =
	    b->p->tx.run(b->p->tx.self, "exchange_batch", portion_body, b, f);

	if (rc != ERR_OK)
		return rc;
	*b->doc = b->w->doc;
	b->w->len = 0;
	arena_reset(b->batch);
	ports_step(b->p, b->w->last ? "exchange_applied" : "exchange_batch");
	return ERR_OK;
}

static enum err
take_head(void *self, const struct exchange_head *h, struct fault *f)
{
	(void)self, (void)h, (void)f; /* it was looked at the first time */
	return ERR_OK;
}

static enum err
take_record(void *self, const struct exchange_record *r, struct fault *f)
{
	struct exchange_batching *b = self;
	struct exchange_portion *w = b->w;
	enum err rc = ERR_OK;

	if (r->n <= b->doc->record)
		return ERR_OK; /* applied by a former run */
	if (w->len == EXCHANGE_BATCH_ROWS ||
	    arena_used(b->batch) > BATCH_FULL) {
		rc = write_portion(b, f);
		b->more = rc == ERR_OK && b->until > 0 &&
		    b->p->clock.now(b->p->clock.self) >= b->until;
		if (b->more)
			return fault_set(f, ERR_AGAIN, "busy", "time is over");
	}
	if (rc != ERR_OK)
		return rc;
	w->v[w->len] = *r;
	keep_texts(b->batch, &w->v[w->len]);
	w->judged[w->len] = judge(b, &w->v[w->len]);
	w->len++;
	return ERR_OK;
}

static void
take_problem(void *self, const struct document_problem *x)
{
	(void)self, (void)x; /* the document has changed: told by its digest */
}

/* The months and instants that a batch of charges needs. */
static void
prepare_charges(struct exchange_batching *b)
{
	struct exchange_portion *w = b->w;
	char after[DAY_TEXT_SIZE];

	day_month_text(day_month_number(b->head->month) + 1, w->next_month);
	w->batch.next_month = str_of(w->next_month);
	if (!day_step(b->head->paid_to_day, 1, after) ||
	    !day_start(
		str_of(after), DAY_ZONE_MOSCOW, &w->batch.counted_before))
		w->batch.counted_before = INT64_MAX;
}

enum err
exchange_batch_begin(struct exchange_batching *b, struct fault *f)
{
	const struct ref_portal *po;
	enum err rc = reference(b->p, &b->ref, f);

	if (rc != ERR_OK)
		return rc;
	po = ref_portal(b->ref, b->head->portal);
	if (po == NULL)
		return fault_set(f, ERR_BUG, "internal", "portal is gone");
	b->life = arena_new(LIFE_MEMORY);
	b->batch = arena_new(BATCH_MEMORY);
	b->run = arena_new(BATCH_MEMORY);
	b->w = ARENA_NEW(b->life, struct exchange_portion);
	b->w->batch = (struct exchange_batch){ .head = b->head,
		.kind = exchange_kind_of(b->head->kind),
		.v = b->w->v,
		.zone_min = po->zone_min };
	if (b->w->batch.kind == EXCHANGE_CHARGES)
		prepare_charges(b);
	return ERR_OK;
}

enum err
exchange_batch_read(struct exchange_batching *b,
    const struct document_bytes *bytes, struct fault *f)
{
	struct document_sink to = { b, take_head, take_record, take_problem };

	return b->p->documents.read(b->p->documents.self, bytes, &to, f);
}

enum err
exchange_batch_last(struct exchange_batching *b, struct fault *f)
{
	b->w->last = true;
	return write_portion(b, f);
}

void
exchange_batch_end(struct exchange_batching *b)
{
	arena_free(b->run);
	arena_free(b->batch);
	arena_free(b->life);
}
