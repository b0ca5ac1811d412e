#include "ctl.h"

#include "kvitok/app/reference.h"
#include "kvitok/app/settle.h"
#include "kvitok/base/day.h"
#include "kvitok/base/num.h"
#include "kvitok/base/secret.h"

#include <inttypes.h>

#define SUM_MAX INT64_C(100000000000000)
#define LIST_MAX 200
#define DAYS_SHOWN 31 /* of a list without --from */

static void
put_sum(struct buf *b, const char *name, int64_t kop)
{
	ctl_cell(b, str_of(name), 30);
	buf_decimal(b, kop);
	buf_char(b, '\n');
}

static void
put_line(struct buf *b, const struct settlement *s)
{
	ctl_cell(b, s->id, 28);
	ctl_cell(b, s->day, 12);
	ctl_cell(b, str_of(settle_state_name(s->state)), 11);
	buf_decimal(b, s->sums.transfer_kop);
	buf_lit(b, " RUB");
	if (s->sums.held_items > 0) {
		buf_lit(b, ", held back ");
		buf_decimal(b, s->sums.held_kop);
	}
	if (s->state == SETTLE_PREPARED && settle_carried(s))
		buf_lit(b, ", carried over");
	if (s->order_no > 0)
		buf_fmt(b, ", order %" PRId64, s->order_no);
	ctl_say(b, ", ", s->portal);
	ctl_say(b, "/", s->supplier);
	buf_char(b, '\n');
}

/* The day that was given, or yesterday in Moscow. */
static enum err
read_day(struct ctl *c, const char *name, int back, struct str *day)
{
	char text[DAY_TEXT_SIZE];
	int64_t now = c->p->clock.now(c->p->clock.self);

	*day = ctl_option(c, name);
	if (day->p == NULL) {
		day_of(now - back * DAY_MS, DAY_ZONE_MOSCOW, text);
		*day = arena_str(c->a, str_of(text));
	}
	if (day_valid(*day))
		return ERR_OK;
	return fault_set(&c->f, ERR_INVALID, "usage",
	    "--%s: a day is written YYYY-MM-DD", name);
}

static bool
is_asked(const struct ctl *c, const struct ref_deal *d, struct str day)
{
	struct str portal = ctl_option(c, "portal");
	struct str supplier = ctl_option(c, "supplier");

	return str_cmp(d->from_day, day) <= 0 &&
	    (portal.p == NULL || str_eq(portal, d->portal)) &&
	    (supplier.p == NULL || str_eq(supplier, d->supplier));
}

/* Of several contracts of a supplier the first one stands for all. */
static bool
is_first(const struct ref *r, size_t i)
{
	return i == 0 || !str_eq(r->deals[i].portal, r->deals[i - 1].portal) ||
	    !str_eq(r->deals[i].supplier, r->deals[i - 1].supplier);
}

/* One that fails does not stop the others. */
static enum err
prepare_one(struct ctl *c, const struct settle_request *req, size_t *bad)
{
	struct settlement s;
	struct fault f;
	enum err rc;

	fault_init(&f);
	rc = settle_prepare(c->p, c->a, req, &s, &f);
	if (rc == ERR_OK) {
		put_line(&c->out, &s);
		return ERR_OK;
	}
	++*bad;
	ctl_say(&c->out, "not prepared: ", req->portal);
	ctl_say(&c->out, "/", req->supplier);
	ctl_say(&c->out, ": ", str_of(f.reason));
	ctl_say(&c->out, ": ", str_of(f.detail));
	buf_char(&c->out, '\n');
	return rc;
}

enum err
ctl_settle_prepare(struct ctl *c)
{
	struct settle_request req = { .actor = ctl_operator(c) };
	const struct ref *ref;
	size_t asked = 0, bad = 0;
	enum err rc = read_day(c, "day", 1, &req.day);

	if (rc == ERR_OK)
		rc = c->p->refs.load(c->p->refs.self, c->a, &ref, &c->f);
	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; i < ref->deals_len; i++) {
		if (!is_first(ref, i) || !is_asked(c, &ref->deals[i], req.day))
			continue;
		req.portal = ref->deals[i].portal;
		req.supplier = ref->deals[i].supplier;
		asked++;
		rc = prepare_one(c, &req, &bad);
	}
	if (asked == 0)
		return fault_set(&c->f, ERR_LIMIT,
		    "settlement_contract_missing", "no contract with them");
	return bad == 0
	    ? ERR_OK
	    : fault_set(&c->f, rc == ERR_OK ? ERR_LIMIT : rc,
		  "settlement_not_prepared", "%zu of %zu", bad, asked);
}

enum err
ctl_settle_list(struct ctl *c)
{
	struct settle_query q = { .portal = ctl_option(c, "portal"),
		.limit = LIST_MAX };
	const struct settle_reader *rd = &c->p->settlements;
	const struct settlement *v;
	size_t len = LIST_MAX;
	enum err rc = read_day(c, "from", DAYS_SHOWN, &q.from_day);

	if (rc == ERR_OK)
		rc = read_day(c, "to", 0, &q.to_day);
	while (rc == ERR_OK && len == LIST_MAX && !c->out.full) {
		rc = rd->list(rd->self, c->a, &q, &v, &len, &c->f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++)
			put_line(&c->out, &v[i]);
		if (rc == ERR_OK && len > 0) {
			q.after_day = v[len - 1].day;
			q.after_id = v[len - 1].id;
		}
	}
	return rc;
}

static void
put_party(struct buf *b, const char *who, const struct settle_party *p)
{
	ctl_cell(b, str_of(who), 30);
	ctl_say(b, "", p->title);
	ctl_say(b, ", INN ", p->inn);
	if (p->kpp.len > 0)
		ctl_say(b, ", KPP ", p->kpp);
	ctl_say(b, ", account ", p->account);
	ctl_say(b, ", BIC ", p->bic);
	buf_char(b, '\n');
}

static void
put_sums(struct buf *b, const struct settlement *s)
{
	put_sum(b, "taken", s->sums.taken_kop);
	put_sum(b, "refunded", s->sums.refunded_kop);
	put_sum(b, "other", s->sums.other_kop);
	put_sum(b, "commission of payers", s->sums.fee_kop);
	put_sum(b, "commission of the supplier", s->sums.supplier_fee_kop);
	put_sum(b, "released", s->sums.released_kop);
	put_sum(b, "held back", s->sums.held_kop);
	put_sum(b, "to transfer", s->sums.transfer_kop);
	buf_fmt(b, "lines %" PRId64 ", held back %" PRId64 "\n", s->sums.items,
	    s->sums.held_items);
}

static void
put_events(struct buf *b, const struct settle_event *e, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		ctl_time(b, e[i].at);
		ctl_say(b, "  ", e[i].kind);
		ctl_say(b, " by ", e[i].actor);
		ctl_say(b, " ", e[i].evidence);
		buf_char(b, '\n');
	}
}

enum err
ctl_settle_show(struct ctl *c)
{
	const struct settle_reader *rd = &c->p->settlements;
	const struct settle_event *e;
	struct settlement s;
	size_t len;
	enum err rc = settle_load(c->p, c->a, STR_NONE, c->words[0], &s, &c->f);

	if (rc == ERR_OK)
		rc = rd->events(rd->self, c->a, &s, &e, &len, &c->f);
	if (rc != ERR_OK)
		return rc;
	put_line(&c->out, &s);
	put_sums(&c->out, &s);
	put_party(&c->out, "from", &s.payer);
	put_party(&c->out, "to", &s.payee);
	ctl_say(&c->out, "purpose: ", s.purpose);
	buf_char(&c->out, '\n');
	put_events(&c->out, e, len);
	return ERR_OK;
}

static void
render(struct buf *b, const struct settlement *s)
{
	put_line(b, s);
}

enum err
ctl_settle_confirm(struct ctl *c)
{
	struct settle_confirm_request req = {
		.id = c->words[0], .actor = ctl_operator(c), .render = render
	};
	struct settle_confirmed made;
	char id[27];
	enum err rc;

	if (!num_parse_roubles(ctl_option(c, "sum"), SUM_MAX, &req.sum_kop))
		return fault_set(&c->f, ERR_INVALID, "usage",
		    "--sum is the sum in roubles that was seen");
	/* Each command is a confirmation of its own. */
	c->p->ids.ulid(c->p->ids.self, c->p->clock.now(c->p->clock.self), id);
	req.ikey = arena_fmt(c->a, "ctl-%s", id);
	secret_sha256_hex(req.ikey, req.body_hash);
	rc = settle_confirm(c->p, c->a, &req, &made, &c->f);
	if (rc == ERR_OK)
		buf_text(&c->out, made.answer);
	return rc;
}

enum err
ctl_settle_return(struct ctl *c)
{
	struct settlement s;
	enum err rc = settle_return(c->p, c->a, c->words[0],
	    ctl_option(c, "reason"), ctl_operator(c), &s, &c->f);

	if (rc == ERR_OK)
		put_line(&c->out, &s);
	return rc;
}
