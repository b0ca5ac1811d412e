/* A bank's row that nothing here matched is assigned by a person to a payment;
 * then each row of that which is spoiled is named by the audit. */
#include "spoil.h"

#include "case_life.h"
#include "register_world.h"

static const char letters[] = "PM";
static struct payment *assigned[2];

/* An empty register of a day, or one with a row. */
static void
bring(struct world *w, int64_t at, const struct reg_op *o)
{
	struct reg_file x;

	reg_begin(&x, w, at);
	if (o != NULL)
		reg_put(&x, o);
	reg_end(&x);
	(void)reg_import(w, &x);
	(void)reg_reconcile(w);
}

/* A row under a number that we do not know; gives its case. */
static struct pay_case
foreign_of(struct world *w, const struct reg_op *from, int64_t gross)
{
	struct case_query q = { .unresolved = true,
		.kind = STR("register_unknown"),
		.limit = 1000 };
	struct reg_op o = *from;
	const struct pay_case *v;
	size_t len, was = reg_cases(w, "register_unknown");

	o.order_no = STR("чужой");
	o.op_id = fixture_ulid(w->fx.a, w->now);
	o.gross = gross;
	o.fee = gross > 0 ? reg_fee(gross) : 0;
	o.vat = gross > 0 ? reg_vat(gross) : 0;
	bring(w, w->now, &o);
	assert_done(&w->fx,
	    w->p.cases.list(w->p.cases.self, w->fx.a, &q, &v, &len, &w->fx.f));
	assert_int_equal(len, was + 1);
	return v[len - 1];
}

static struct pay_case
foreign(struct world *w, const struct payment *pm)
{
	struct reg_op o = reg_paid(w, pm);

	return foreign_of(w, &o, pm->total_kop);
}

static struct case_resolve
request(struct world *w, const struct pay_case *c, struct str number)
{
	struct case_resolve req = case_request(w, c, "assign");

	req.number = number;
	req.reason = STR("банк назвал номер письмом");
	secret_sha256_hex(number, req.body_hash);
	return req;
}

static void
assign(struct world *w, const struct pay_case *c, const struct payment *pm)
{
	struct case_resolve req = request(w, c, pm->number);
	struct case_resolved made;

	assert_done(&w->fx, case_try(w, &req, &made));
	assert_false(made.replay);
}

static void
the_row_becomes_the_payments_money(void **state)
{
	struct world *w = *state;
	struct reg_books was, is;
	struct payment *pm = life_paid(w);
	struct pay_case c;
	struct case_resolve req;
	struct case_resolved made;

	assigned[0] = pm;
	was = reg_books(w);
	c = foreign(w, pm);
	is = reg_books(w);
	assert_int_equal(is.differences - was.differences, -pm->total_kop);
	req = request(w, &c, pm->number);
	assert_done(&w->fx, case_try(w, &req, &made));
	is = reg_books(w);
	assert_int_equal(is.differences, was.differences);
	assert_int_equal(is.receivable - was.receivable, -pm->total_kop);
	assert_done(&w->fx,
	    w->p.cases.get(w->p.cases.self, w->fx.a, c.id, &c, &w->fx.f));
	assert_text(c.resolution, "assign");
	assert_text(c.decided_by, ANNA);
	assert_text(c.note, "банк назвал номер письмом");
	assert_int_equal(world_told(w, pm, "register_assigned"), 1);
	assert_int_equal(reg_cases(w, "register_fee"), 0);
	assert_true(is_clean(w));
	/* Said twice it is done once. */
	assert_done(&w->fx, case_try(w, &req, &made));
	assert_true(made.replay);
	w->now++;
	req = request(w, &c, pm->number);
	refused(w, &req, ERR_CONFLICT, "case_resolved", NULL);
	(void)reg_reconcile(w);
	assert_memory_equal(
	    &is, &(struct reg_books[1]){ reg_books(w) }[0], sizeof(is));
}

/* A payment of a day whose registers did not have it. */
static struct payment *
missing(struct world *w)
{
	struct payment *pm;
	int64_t day;

	w->now += 9 * DAY_MS;
	bring(w, w->now - 3 * DAY_MS, NULL);
	pm = life_paid(w);
	day = w->now;
	bring(w, day, NULL);
	w->now += 3 * DAY_MS;
	bring(w, day + 2 * DAY_MS, NULL);
	assert_string_equal(state_of(w, pm, "register_missing"), "open");
	return pm;
}

static void
a_missing_payment_is_no_longer_missing_whoever_has_its_case(void **state)
{
	struct world *w = *state;
	struct payment *pm = missing(w);
	struct pay_case c, gone = case_of(w, pm, "register_missing");
	struct reg_books was = reg_books(w), is;

	assigned[1] = pm;
	assert_done(&w->fx, take(w, &gone, BORIS));
	c = foreign(w, pm);
	assign(w, &c, pm);
	gone = case_of(w, pm, "register_missing");
	assert_text(gone.state, "resolved");
	assert_text(gone.resolution, "settled");
	assert_text(gone.decided_by, ANNA);
	assert_text(gone.owner, BORIS);
	is = reg_books(w);
	assert_int_equal(is.differences, was.differences);
	assert_int_equal(is.receivable - was.receivable, -pm->total_kop);
	assert_true(is_clean(w));
}

static void
a_payment_that_was_let_be_may_be_assigned_one_written_off_not(void **state)
{
	struct world *w = *state;
	struct payment *let_be = missing(w), *off;
	struct case_resolve req;
	struct reg_books was;
	struct pay_case c;

	resolve(w, let_be, "register_missing", "dismiss");
	was = reg_books(w);
	c = foreign(w, let_be);
	assign(w, &c, let_be);
	assert_int_equal(reg_books(w).differences, was.differences);
	off = missing(w);
	resolve(w, off, "register_missing", "write_off");
	c = foreign(w, off);
	req = request(w, &c, off->number);
	refused(w, &req, ERR_CONFLICT, "assign_taken", "/number");
	assert_true(is_clean(w));
}

static void
what_went_back_is_assigned_to_a_refund(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	struct reg_op o = reg_paid(w, pm);
	struct reg_books was;
	struct pay_case c;

	bring(w, w->now, &o);
	life_give_back(w, pm, 10000);
	was = reg_books(w);
	o.kind = "Возврат";
	c = foreign_of(w, &o, -10000);
	assert_int_equal(reg_books(w).differences - was.differences, 10000);
	assign(w, &c, pm);
	assert_int_equal(reg_books(w).differences, was.differences);
	assert_int_equal(reg_books(w).receivable - was.receivable, 10000);
	assert_true(is_clean(w));
}

static void
a_fee_that_was_not_agreed_is_a_case_here_too(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	struct reg_op o = reg_paid(w, pm);
	struct case_query q = { .unresolved = true,
		.kind = STR("register_unknown"),
		.limit = 1000 };
	const struct pay_case *v;
	size_t len;

	o.order_no = STR("чужой");
	o.op_id = STR("FEE-BY-HAND");
	o.fee += 2;
	bring(w, w->now, &o);
	assert_done(&w->fx,
	    w->p.cases.list(w->p.cases.self, w->fx.a, &q, &v, &len, &w->fx.f));
	assign(w, &v[len - 1], pm);
	assert_int_equal(world_cases(w, pm, "register_fee"), 1);
	assert_true(is_clean(w));
}

/* Each has a reason of its own, names the field, and writes nothing. */
static void
what_does_not_fit_is_refused_by_name(void **state)
{
	struct world *w = *state;
	struct payment *paid = life_paid(w), *other = life_openings(w), *open,
		       *found = life_paid(w);
	struct reg_op o = reg_paid(w, found);
	struct pay_case c;
	struct reg_books was, is;
	struct {
		struct str number;
		enum err rc;
		const char *reason;
	} t[] = {
		{ STR(""), ERR_LIMIT, "field_missing" },
		{ STR("7K3M9QZT-4F8D2K1M0X"), ERR_LIMIT, "assign_unknown" },
		{ STR("номер"), ERR_LIMIT, "assign_unknown" },
		{ other->number, ERR_LIMIT, "assign_contract" },
		{ paid->number, ERR_LIMIT, "assign_sum" },
		{ STR(""), ERR_CONFLICT, "assign_not_paid" },
	};
	struct case_resolve req;
	size_t cases = reg_cases(w, "register_unknown");

	bring(w, w->now, &o);
	open = life_open(w, &sber_order);
	t[5].number = open->number;
	c = foreign_of(w, &o, paid->total_kop - 1);
	was = reg_books(w);
	for (size_t i = 0; i < KV_COUNT(t); i++) {
		w->now++;
		req = request(w, &c, t[i].number);
		refused(w, &req, t[i].rc, t[i].reason, "/number");
	}
	w->now++;
	c = foreign(w, found);
	req = request(w, &c, found->number);
	refused(w, &req, ERR_CONFLICT, "assign_taken", "/number");
	req.how = STR("keep");
	refused(w, &req, ERR_INVALID, "field_unknown", "/number");
	is = reg_books(w);
	assert_int_equal(is.receivable, was.receivable);
	assert_int_equal(is.differences, was.differences - found->total_kop);
	assert_int_equal(reg_cases(w, "register_unknown"), cases + 2);
	assert_true(is_clean(w));
}

static void
another_portals_payment_is_none(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w), *twice = life_paid(w);
	struct reg_op o = reg_paid(w, twice);
	struct case_resolve req;
	struct pay_case c;

	bring(w, w->now, &o);
	/* The same order again: its payment is known, its money is not. */
	o.op_id = STR("TWICE");
	bring(w, w->now, &o);
	c = case_of(w, twice, "register_unknown");
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"UPDATE payment SET portal = 'moygaz' WHERE number = '%.*s'",
		STR_ARG(pm->number))
		.p);
	req = request(w, &c, pm->number);
	req.hand.portal = STR("irkutskenergosbyt");
	refused(w, &req, ERR_LIMIT, "assign_unknown", "/number");
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"UPDATE payment SET portal = 'irkutskenergosbyt' "
		"WHERE number = '%.*s'",
		STR_ARG(pm->number))
		.p);
	w->now++;
	req = request(w, &c, pm->number);
	req.hand.portal = STR("irkutskenergosbyt");
	assert_done(&w->fx, case_try(w, &req, &(struct case_resolved){ 0 }));
	assert_true(is_clean(w));
}

static void
of_two_rows_for_one_payment_one_is_assigned(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	struct pay_case first = foreign(w, pm), second;
	struct case_resolve req;

	w->now++;
	second = foreign(w, pm);
	assign(w, &first, pm);
	req = request(w, &second, pm->number);
	refused(w, &req, ERR_CONFLICT, "assign_taken", "/number");
	assert_true(is_clean(w));
}

static void
a_row_that_the_matching_has_found_is_not_assigned(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_open(w, &sber_order);
	struct reg_op o = reg_paid(w, pm);
	struct case_query q = { .unresolved = true,
		.kind = STR("register_unknown"),
		.limit = 1000 };
	const struct pay_case *v;
	struct case_resolve req;
	size_t len;

	bring(w, w->now, &o);
	assert_done(&w->fx,
	    w->p.cases.list(w->p.cases.self, w->fx.a, &q, &v, &len, &w->fx.f));
	req = request(w, &v[len - 1], pm->number);
	refused(w, &req, ERR_CONFLICT, "assign_not_paid", "/number");
	/* Though somebody has taken it. */
	assert_done(&w->fx, take(w, &v[len - 1], BORIS));
	world_bank_says_paid(w, pm->total_kop);
	life_later(w);
	assert_int_equal(reg_reconcile(w).late, 1);
	w->now++;
	req = request(w, &v[len - 1], pm->number);
	refused(w, &req, ERR_CONFLICT, "case_resolved", NULL);
	assert_true(is_clean(w));
}

#define OF_P "number = '{P}' AND hand_case <> ''"
#define CASE_P "id IN (SELECT hand_case FROM register_row WHERE number = '{P}')"
#define EVENT_P                                                                \
	"case_id IN (SELECT hand_case FROM register_row WHERE number = '{P}')"
#define TRANSFER_P                                                             \
	"kind = 'assign' AND cause IN (SELECT contract || '/' || row_key "     \
	"FROM register_row WHERE number = '{P}')"
#define LINE_P                                                                 \
	"transfer IN (SELECT id FROM ledger_transfer WHERE " TRANSFER_P ")"
#define CASE_M "kind = 'register_missing' AND number = '{M}'"
#define NOBODYS "pay_case 00000000/"

static const struct spoil spoils[] = {
	/* The row. */
	{ "register_row", OF_P, "hand_case = ''", "hand_case", NOBODYS },
	{ "register_row", OF_P, "hand_akey = 'x'", "hand_akey",
	    "register_row 00000000/" },
	{ "register_row", OF_P, "hand_case = 'x'", "hand_case",
	    "register_row 00000000/" },
	{ "register_row", OF_P, "late = 0", "late", "register_row 00000000/" },
	{ "register_row", OF_P, "state = 'sum'", "state",
	    "register_row 00000000/" },
	{ "register_row", OF_P, "found_kop = found_kop + 1", "found_kop",
	    "register_row 00000000/" },
	{ "register_row", OF_P, "number = '{M}'", "number",
	    "register_row 00000000/" },
	/* Its posting. */
	{ "ledger_transfer", TRANSFER_P, NULL, NULL, "register_row 00000000/" },
	{ "ledger_transfer", TRANSFER_P, "kind = 'register_matched'", "kind",
	    "register_row 00000000/" },
	{ "ledger_line", "n = 1 AND " LINE_P, "sum_kop = sum_kop + 1",
	    "sum_kop", "ledger_line 00000000/" },
	{ "ledger_line", "n = 2 AND " LINE_P, "account = 'receivable/x'",
	    "account", "ledger_line 00000000/" },
	/* The case, and what was done with it. */
	{ "pay_case", CASE_P, "resolution = 'keep'", "resolution",
	    "register_row 00000000/" },
	{ "pay_case", CASE_P, "kind = 'register_sum'", "kind",
	    "register_row 00000000/" },
	{ "pay_case", CASE_P, "subject = 'x'", "subject",
	    "register_row 00000000/" },
	{ "pay_case", CASE_P, "state = 'open', resolved_at = NULL",
	    "state, resolved_at", "register_row 00000000/" },
	{ "pay_case", CASE_P, "note = 'x'", "note", NOBODYS },
	{ "pay_case", CASE_P, "decided_by = 'operator:x'", "decided_by",
	    NOBODYS },
	{ "pay_case", CASE_P, "decided_at = decided_at + 1", "decided_at",
	    NOBODYS },
	{ "pay_case", CASE_P, "resolved_at = resolved_at + 1", "resolved_at",
	    NOBODYS },
	{ "pay_case", CASE_P, "times = 2", "times", NOBODYS },
	{ "pay_case", CASE_P, "owner = 'operator:x'", "owner", NOBODYS },
	{ "pay_case", CASE_P, NULL, NULL, "register_row 00000000/" },
	{ "case_event", EVENT_P, NULL, NULL, NOBODYS },
	{ "case_event", EVENT_P, "actor = 'operator:x'", "actor", NOBODYS },
	{ "case_event", EVENT_P, "at = at + 1", "at", NOBODYS },
	{ "case_event", EVENT_P, "note = 'x'", "note", NOBODYS },
	{ "case_event", EVENT_P, "resolution = 'keep'", "resolution", NOBODYS },
	{ "case_event", EVENT_P, "kind = 'decided'", "kind", NOBODYS },
	{ "case_event", EVENT_P, "case_id = 'x'", "case_id", "case_event " },
	/* One that was taken, and has resolved itself. */
	{ "pay_case", CASE_M, "owner = ''", "owner", "pay_case {akey}/" },
	{ "pay_case", CASE_M, "owner = 'operator:x'", "owner",
	    "pay_case {akey}/" },
	{ "pay_case", CASE_M, "taken_at = taken_at + 1", "taken_at",
	    "pay_case {akey}/" },
	{ "pay_case", CASE_M, "decided_by = 'job'", "decided_by",
	    "pay_case {akey}/" },
	{ "pay_case", CASE_M, "decided_at = decided_at + 1", "decided_at",
	    "pay_case {akey}/" },
	{ "pay_case", CASE_M, "note = 'x'", "note", "pay_case {akey}/" },
	{ "pay_case", CASE_M, "times = 2", "times", "pay_case {akey}/" },
	{ "pay_case", CASE_M, "resolution = 'dismiss'", "resolution",
	    "pay_case {akey}/" },
	{ "pay_case", CASE_M, "resolution = 'give_back'", "resolution",
	    "pay_case {akey}/" },
	{ "case_event",
	    "kind = 'taken' AND case_id IN (SELECT id FROM pay_case "
	    "WHERE " CASE_M ")",
	    NULL, NULL, "pay_case {akey}/" },
	{ "case_event",
	    "kind = 'taken' AND case_id IN (SELECT id FROM pay_case "
	    "WHERE " CASE_M ")",
	    "kind = 'released'", "kind", "pay_case {akey}/" },
	{ "register_pair", "number = '{M}'",
	    "state = 'missing', row_akey = '', row_key = ''",
	    "state, row_akey, row_key", "register_pair {akey}/" },
};

static void
each_row_that_is_spoiled_is_named(void **state)
{
	spoil_letters = letters;
	spoil_lived = assigned;
	unlocked(&((struct world *)*state)->fx);
	spoil_all(*state, spoils, KV_COUNT(spoils));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_row_becomes_the_payments_money),
		cmocka_unit_test(
		    a_missing_payment_is_no_longer_missing_whoever_has_its_case),
		cmocka_unit_test(
		    a_payment_that_was_let_be_may_be_assigned_one_written_off_not),
		cmocka_unit_test(what_went_back_is_assigned_to_a_refund),
		cmocka_unit_test(a_fee_that_was_not_agreed_is_a_case_here_too),
		cmocka_unit_test(what_does_not_fit_is_refused_by_name),
		cmocka_unit_test(another_portals_payment_is_none),
		cmocka_unit_test(of_two_rows_for_one_payment_one_is_assigned),
		cmocka_unit_test(
		    a_row_that_the_matching_has_found_is_not_assigned),
		cmocka_unit_test(each_row_that_is_spoiled_is_named),
	};

	return cmocka_run_group_tests(tests, reg_make, world_end);
}
