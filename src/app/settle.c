#include "kvitok/app/settle.h"

#include "kvitok/app/chronicle.h"
#include "kvitok/app/reference.h"
#include "kvitok/base/day.h"

#include <assert.h>

#define PAGE_MEMORY ((size_t)16 << 20)
#define KEY_MAX 101 /* of a mark's texts */
#define LOOK_BACK_DAYS 7

/* One preparation; what outlives a page's memory is kept here. */
struct preparing {
	const struct ports *p;
	struct arena *a;    /* of the whole */
	struct arena *page; /* of one transaction */
	struct settlement s;
	struct str purpose; /* words to be filled */
	char day[KEY_MAX], akey[KEY_MAX], transfer[KEY_MAX];
	struct settle_mark mark, next;
	bool more;
};

static void
keep(char out[KEY_MAX], struct str s, struct str *kept)
{
	assert(s.len < KEY_MAX);
	if (s.len > 0)
		memcpy(out, s.p, s.len);
	out[s.len] = '\0';
	*kept = (struct str){ out, s.len };
}

/*
 * The day from which lines are looked for.  A posting that was begun before
 * midnight may come after it, and one of a host whose clock is behind later
 * still: the days before the last settled one are looked at again.
 */
static struct str
look_from(struct arena *a, const struct settle_current *now)
{
	char day[DAY_TEXT_SIZE];
	int64_t at;

	if (now->last_day.len == 0 ||
	    !day_start(now->last_day, DAY_ZONE_MOSCOW, &at))
		return STR("");
	day_of(at - LOOK_BACK_DAYS * DAY_MS, DAY_ZONE_MOSCOW, day);
	return now->left_day.len > 0 && str_cmp(now->left_day, str_of(day)) < 0
	    ? now->left_day
	    : arena_str(a, str_of(day));
}

static enum err
begin_body(void *arg, struct fault *f)
{
	struct preparing *x = arg;
	const struct settle_store *st = &x->p->settle;
	struct settle_current now;
	enum err rc = st->current(
	    st->self, x->a, x->s.akey, x->s.portal, x->s.supplier, &now, f);

	if (rc != ERR_OK)
		return rc;
	if (now.last_day.len > 0 && str_cmp(x->s.day, now.last_day) <= 0)
		return fault_set(f, ERR_CONFLICT, "settlement_day_done",
		    "%.*s is settled", STR_ARG(now.last_day));
	x->s.after_day = now.last_day;
	x->s.from_day = look_from(x->a, &now);
	return st->put(st->self, &x->s, &now, f);
}

static enum err
free_body(void *arg, struct fault *f)
{
	struct preparing *x = arg;
	const struct settle_store *st = &x->p->settle;

	return st->free_some(st->self, x->page, &x->s, &x->more, f);
}

static enum err
take_body(void *arg, struct fault *f)
{
	struct preparing *x = arg;
	const struct settle_store *st = &x->p->settle;
	enum err rc;

	x->next = x->mark;
	rc = st->take_some(st->self, x->page, &x->s, &x->next, &x->more, f);
	ports_step(x->p, "settle_taking");
	return rc;
}

static struct str
proof_of(struct arena *a, const struct settlement *s)
{
	struct proof e;

	proof_begin(&e, a);
	jw_ktext(&e.w, "day", s->day);
	jw_kint(&e.w, "items", s->sums.items);
	jw_kint(&e.w, "held_items", s->sums.held_items);
	jw_kint(&e.w, "transfer_kop", s->sums.transfer_kop);
	jw_kint(&e.w, "held_kop", s->sums.held_kop);
	return proof_end(&e);
}

static enum err
end_body(void *arg, struct fault *f)
{
	struct preparing *x = arg;
	const struct settle_store *st = &x->p->settle;
	struct settlement s;
	struct settle_event e = { .kind = STR("prepared"),
		.actor = x->s.created_by };
	char id[27];
	enum err rc = x->p->settlements.load(
	    x->p->settlements.self, x->a, x->s.id, &s, f);

	if (rc == ERR_OK)
		rc = settle_purpose(x->a, x->purpose, &s, &s.purpose, f);
	if (rc != ERR_OK)
		return rc;
	if (!settle_sums_agree(&s.sums))
		return fault_set(f, ERR_BUG, "settlement_differs",
		    "%.*s: figures", STR_ARG(s.id));
	s.state = SETTLE_PREPARED;
	e.at = s.prepared_at = x->p->clock.now(x->p->clock.self);
	x->p->ids.ulid(x->p->ids.self, e.at, id);
	e.id = str_of(id);
	e.evidence = proof_of(x->a, &s);
	rc = st->move(st->self, &s, f);
	return rc == ERR_OK ? st->tell(st->self, &s, &e, f) : rc;
}

/* Pages until there is no more; each in memory that the next takes over. */
static enum err
all_pages(struct preparing *x, const char *name,
    enum err (*body)(void *arg, struct fault *f), struct fault *f)
{
	enum err rc = ERR_OK;

	x->next = x->mark;
	for (x->more = true; rc == ERR_OK && x->more;) {
		rc = x->p->tx.run(x->p->tx.self, name, body, x, f);
		if (rc == ERR_OK && x->more) {
			keep(x->day, x->next.day, &x->mark.day);
			keep(x->akey, x->next.akey, &x->mark.akey);
			keep(x->transfer, x->next.transfer, &x->mark.transfer);
			x->mark.n = x->next.n;
		}
		arena_reset(x->page);
	}
	return rc;
}

static enum err
check_day(const struct ports *p, struct str day, struct fault *f)
{
	char today[DAY_TEXT_SIZE];

	if (!day_valid(day)) {
		(void)fault_set(f, ERR_INVALID, "field_form", "day");
		fault_field(f, "day", "field_form");
		return f->err;
	}
	day_of(p->clock.now(p->clock.self), DAY_ZONE_MOSCOW, today);
	if (str_cmp(day, str_of(today)) >= 0)
		return fault_set(
		    f, ERR_LIMIT, "settlement_day_open", "today is %s", today);
	return ERR_OK;
}

static enum err
fill(struct preparing *x, const struct settle_request *req, struct fault *f)
{
	const struct ref *ref;
	char akey[PAY_AKEY_LEN + 1], id[27];
	enum err rc = reference(x->p, &ref, f);

	if (rc != ERR_OK)
		return rc;
	settle_akey(req->portal, req->supplier, akey);
	x->s = (struct settlement){ .akey = arena_str(x->a, str_of(akey)),
		.portal = req->portal,
		.supplier = req->supplier,
		.day = req->day,
		.created_at = x->p->clock.now(x->p->clock.self),
		.created_by = req->actor };
	x->p->ids.ulid(x->p->ids.self, x->s.created_at, id);
	x->s.id = arena_str(x->a, str_of(id));
	rc = settle_fill(ref, &x->s, f);
	if (rc == ERR_OK)
		x->purpose = ref_deal(ref, req->portal, req->supplier, req->day)
				 ->purpose;
	return rc;
}

enum err
settle_prepare(const struct ports *p, struct arena *a,
    const struct settle_request *req, struct settlement *out, struct fault *f)
{
	struct preparing x = { .p = p, .a = a };
	enum err rc = check_day(p, req->day, f);

	if (rc == ERR_OK)
		rc = fill(&x, req, f);
	if (rc == ERR_OK)
		rc = p->tx.run(p->tx.self, "settle_begin", begin_body, &x, f);
	if (rc != ERR_OK)
		return rc;
	x.page = arena_new(PAGE_MEMORY);
	rc = all_pages(&x, "settle_free", free_body, f);
	keep(x.day, x.s.from_day, &x.mark.day);
	if (rc == ERR_OK)
		rc = all_pages(&x, "settle_take", take_body, f);
	if (rc == ERR_OK)
		rc = p->tx.run(p->tx.self, "settle_end", end_body, &x, f);
	if (rc == ERR_OK)
		rc =
		    p->settlements.load(p->settlements.self, a, x.s.id, out, f);
	arena_free(x.page);
	return rc;
}

enum err
settle_load(const struct ports *p, struct arena *a, struct str portal,
    struct str id, struct settlement *out, struct fault *f)
{
	enum err rc = p->settlements.load(p->settlements.self, a, id, out, f);

	if (rc == ERR_OK && portal.len > 0 && !str_eq(out->portal, portal))
		return fault_set(
		    f, ERR_ABSENT, "settlement_unknown", "another portal's");
	return rc;
}
