#include "kvitok/domain/audit_settle.h"

#include "kvitok/base/day.h"

#include <inttypes.h>

/* What one comparison works on; key is of the row in hand. */
struct look {
	struct arena *a;
	const struct audit_sink *to;
	const char *table;
	struct str key;
};

static void
wrong(const struct look *u, const char *column, struct str is, struct str must)
{
	u->to->put(u->to->self,
	    &(struct audit_finding){ u->table, u->key, column, is, must });
}

static void
number(const struct look *u, const char *column, int64_t is, int64_t must)
{
	if (is != must)
		wrong(u, column, arena_fmt(u->a, "%" PRId64, is),
		    arena_fmt(u->a, "%" PRId64, must));
}

static void
text(const struct look *u, const char *column, struct str is, struct str must)
{
	if (!str_eq(is, must))
		wrong(u, column, is, must);
}

static void
check_sums(const struct look *u, const struct audit_settlement *x)
{
	const struct settle_sums *s = &x->s.sums, *m = &x->sums;

	number(u, "items", s->items, m->items);
	number(u, "held_items", s->held_items, m->held_items);
	number(u, "size", s->size, x->last_n);
	number(u, "taken_kop", s->taken_kop, m->taken_kop);
	number(u, "refunded_kop", s->refunded_kop, m->refunded_kop);
	number(u, "other_kop", s->other_kop, m->other_kop);
	number(u, "fee_kop", s->fee_kop, m->fee_kop);
	number(u, "supplier_fee_kop", s->supplier_fee_kop, m->supplier_fee_kop);
	number(u, "transfer_kop", s->transfer_kop, m->transfer_kop);
	number(u, "held_kop", s->held_kop, m->held_kop);
	number(u, "released_kop", s->released_kop, m->released_kop);
	text(u, "first_day", x->s.first_day, x->first_day);
	text(u, "held_day", x->s.held_day, x->held_day);
}

static size_t
told(const struct audit_settlement *x, struct str kind)
{
	size_t n = 0;

	for (size_t i = 0; i < x->events_len; i++)
		n += str_eq(x->events[i], kind);
	return n;
}

/* Each state has been told, and no other; one that was replaced may have
 * been prepared before. */
static void
check_story(const struct look *u, const struct audit_settlement *x)
{
	static const struct {
		const char *kind;
		enum settle_state from, to;
	} stories[] = {
		{ "prepared", SETTLE_PREPARED, SETTLE_RETURNED },
		{ "confirmed", SETTLE_CONFIRMED, SETTLE_RETURNED },
		{ "returned", SETTLE_RETURNED, SETTLE_RETURNED },
	};
	enum settle_state state = x->s.state;
	size_t known = 0;

	for (size_t i = 0; i < KV_COUNT(stories); i++) {
		size_t n = told(x, str_of(stories[i].kind));
		bool must = state >= stories[i].from && state <= stories[i].to;
		struct look e = { u->a, u->to, "settlement_event",
			arena_fmt(u->a, "%.*s/%s", STR_ARG(u->key),
			    stories[i].kind) };

		known += n;
		if (state == SETTLE_REPLACED && i == 0)
			must = n > 0;
		number(&e, "row", (int64_t)n, must ? 1 : 0);
	}
	if (known != x->events_len)
		wrong(u, "story", STR("an event of no kind"),
		    STR("prepared, confirmed, returned"));
}

static void
check_lines(const struct look *u, const struct audit_transfer *t,
    const struct ledger_transfer *must)
{
	size_t n =
	    t->lines_len > must->lines_len ? t->lines_len : must->lines_len;

	for (size_t i = 0; i < n; i++) {
		struct look l = { u->a, u->to, "ledger_line",
			arena_fmt(u->a, "%.*s/%.*s/%zu", STR_ARG(u->key),
			    STR_ARG(t->id), i + 1) };

		if (i >= t->lines_len || i >= must->lines_len) {
			wrong(&l, "row",
			    i < t->lines_len ? STR("too much") : STR("missing"),
			    i < t->lines_len ? STR("none")
					     : must->lines[i].account);
			continue;
		}
		number(&l, "n", t->lines[i].n, (int64_t)i + 1);
		text(
		    &l, "account", t->lines[i].account, must->lines[i].account);
		number(
		    &l, "sum_kop", t->lines[i].sum_kop, must->lines[i].sum_kop);
		text(&l, "day", t->lines[i].day, t->day);
	}
}

static void
check_transfer(
    const struct look *u, const struct audit_settlement *x, size_t i, bool back)
{
	const struct audit_transfer *t = &x->transfers[i];
	struct look l = { u->a, u->to, "ledger_transfer",
		arena_fmt(u->a, "%.*s/%.*s", STR_ARG(u->key), STR_ARG(t->id)) };
	struct ledger_transfer must;
	char day[DAY_TEXT_SIZE];

	settle_posting(u->a, &x->s, back, &must);
	text(&l, "number", x->numbers[i], must.number);
	day_of(t->at, DAY_ZONE_MOSCOW, day);
	text(&l, "day", t->day, arena_str(u->a, str_of(day)));
	number(&l, "at", t->at, back ? x->s.returned_at : x->s.confirmed_at);
	check_lines(u, t, &must);
}

/* One transfer when it was confirmed, one more when it came back. */
static void
check_transfers(const struct look *u, const struct audit_settlement *x)
{
	bool out =
	    x->s.state == SETTLE_CONFIRMED || x->s.state == SETTLE_RETURNED;
	bool back = x->s.state == SETTLE_RETURNED;
	size_t outs = 0, backs = 0;
	struct look l = { u->a, u->to, "ledger_transfer", u->key };

	for (size_t i = 0; i < x->transfers_len; i++) {
		bool is_back =
		    str_eq(x->transfers[i].kind, STR("transfer_back"));

		if (!is_back && !str_eq(x->transfers[i].kind, STR("transfer")))
			wrong(&l, "kind", x->transfers[i].kind,
			    STR("transfer or transfer_back"));
		else
			check_transfer(u, x, i, is_back);
		outs += !is_back;
		backs += is_back;
	}
	number(&l, "transfer rows", (int64_t)outs, out ? 1 : 0);
	number(&l, "transfer_back rows", (int64_t)backs, back ? 1 : 0);
}

static void
check_order(const struct look *u, const struct audit_settlement *x)
{
	char day[DAY_TEXT_SIZE];

	if (x->s.order_no == 0)
		return;
	if (x->s.order_no > x->order_last)
		wrong(u, "order_no", arena_fmt(u->a, "%" PRId64, x->s.order_no),
		    arena_fmt(u->a, "%" PRId64 " at most", x->order_last));
	day_of(x->s.confirmed_at, DAY_ZONE_MOSCOW, day);
	text(u, "order_day", x->s.order_day, arena_str(u->a, str_of(day)));
}

void
audit_settlement(struct arena *a, const struct audit_settlement *x,
    const struct audit_sink *to)
{
	struct look u = { a, to, "settlement", x->s.id };
	char akey[PAY_AKEY_LEN + 1];

	settle_akey(x->s.portal, x->s.supplier, akey);
	text(&u, "akey", x->s.akey, arena_str(a, str_of(akey)));
	/* Rows of one that was replaced are thrown away by and by. */
	if (x->s.state != SETTLE_REPLACED)
		check_sums(&u, x);
	if (!settle_sums_agree(&x->s.sums))
		wrong(&u, "figures", STR("do not agree"), STR("agree"));
	check_order(&u, x);
	check_transfers(&u, x);
	check_story(&u, x);
}

static void
check_live(const struct look *u, const struct audit_settle_item *x)
{
	bool must = !x->held && x->n > x->freed;

	if (x->live != must)
		wrong(u, "live", x->live ? STR("1") : STR("0"),
		    must ? STR("1") : STR("0"));
}

void
audit_settle_item(struct arena *a, const struct settlement *s,
    const struct audit_settle_item *x, const struct audit_sink *to)
{
	struct look u = { a, to, "settlement_item",
		arena_fmt(a, "%.*s/%" PRId64, STR_ARG(s->id), x->n) };

	check_live(&u, x);
	if (x->line_account.len == 0) {
		wrong(&u, "line", STR("none"), STR("a line of the ledger"));
		return;
	}
	text(&u, "account of its line", x->line_account,
	    settle_account(a, s->portal, s->supplier));
	text(&u, "day", x->day, x->line_day);
	number(&u, "net_kop", x->net_kop, -x->line_kop);
	text(&u, "kind", x->kind, x->transfer_kind);
	text(&u, "number", x->number, x->transfer_number);
	text(&u, "cause", x->cause, x->transfer_cause);
	number(&u, "gross_kop", x->gross_kop, x->made_gross_kop);
	number(&u, "fee_kop", x->fee_kop, x->made_fee_kop);
	number(&u, "supplier_fee_kop", x->supplier_fee_kop,
	    x->made_supplier_fee_kop);
	number(&u, "gross - supplier_fee", x->gross_kop - x->supplier_fee_kop,
	    x->net_kop);
	if (str_cmp(x->day, s->day) > 0)
		wrong(&u, "day", x->day, s->day);
}
