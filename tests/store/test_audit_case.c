/* The audit of cases: clean after people have resolved some, and it names
 * each row that is spoiled. */
#include "spoil.h"

#include "case_life.h"

/*
 *	B  another sum came; taken, put back, given back by the bank
 *	K  asked again and found again; taken, given back, no answer yet
 *	J  a refund refused, and paid by hand
 *	Y  a give-back refused; then paid by hand
 *	U  a refund of which the bank gave less, accepted
 */
static const char letters[] = "BKJYU";
static struct payment *cased[5];

#define CASE(letter, kind)                                                     \
	"pay_case", "kind = '" kind "' AND number = '{" letter "}'"
#define TOLD(letter, kind)                                                     \
	"case_event", "kind = '" kind "' AND number = '{" letter "}'"
#define BACK(letter) "give_back", "number = '{" letter "}'"
#define TRANSFER(letter, kind)                                                 \
	"ledger_transfer", "kind = '" kind "' AND number = '{" letter "}'"
#define POSTING(letter, kind)                                                  \
	"ledger_line",                                                         \
	    "n = 1 AND transfer IN (SELECT id FROM ledger_transfer "           \
	    "WHERE kind = '" kind "' AND number = '{" letter "}')"

static const struct spoil money[] = {
	{ BACK("B"), "sum_kop = sum_kop + 1", "sum_kop", "give_back {B}/" },
	{ BACK("K"), "sum_kop = sum_kop - 1", "sum_kop", "give_back {K}/" },
	{ CASE("B", "wrong_sum"), "sum_kop = sum_kop + 1", "sum_kop",
	    "pay_case {B}/" },
	{ POSTING("B", "odd_money"), "sum_kop = sum_kop + 1", "sum_kop",
	    "ledger_line {B}/" },
	{ POSTING("B", "give_back"), "sum_kop = sum_kop - 1", "sum_kop",
	    "ledger_line {B}/" },
	{ POSTING("J", "paid_by_hand"), "sum_kop = sum_kop - 1", "sum_kop",
	    "ledger_line {J}/" },
	{ POSTING("Y", "paid_by_hand"), "sum_kop = sum_kop - 1", "sum_kop",
	    "ledger_line {Y}/" },
	{ POSTING("J", "paid_by_hand"), "account = 'bank_account/x'", "account",
	    "ledger_line {J}/" },
	{ "ledger_day", "account = 'bank_account/irkutskenergosbyt'",
	    "credit_kop = credit_kop + 1", "credit_kop",
	    "ledger_day bank_account/irkutskenergosbyt/" },
	{ "refund", "number = '{J}' AND state = 'done'",
	    "sum_kop = sum_kop + 1", "sum_kop", "refund {J}/" },
	{ "refund_line", "number = '{U}'", "sum_kop = sum_kop + 1", "sum_kop",
	    "refund_line {U}/" },
};

static const struct spoil states[] = {
	{ CASE("B", "wrong_sum"), "state = 'open'", "state", "pay_case {B}/" },
	{ CASE("K", "wrong_sum"), "state = 'resolved'", "state",
	    "pay_case {K}/" },
	{ CASE("B", "wrong_sum"), "owner = 'operator:eve'", "owner",
	    "pay_case {B}/" },
	{ CASE("K", "wrong_sum"), "owner = ''", "owner", "pay_case {K}/" },
	{ CASE("K", "wrong_sum"), "taken_at = taken_at + 1", "taken_at",
	    "pay_case {K}/" },
	{ CASE("B", "wrong_sum"), "resolution = 'dismiss'", "resolution",
	    "pay_case {B}/" },
	{ CASE("J", "refund_failed"), "resolution = 'give_back'", "resolution",
	    "pay_case {J}/" },
	{ CASE("K", "wrong_sum"), "resolution = ''", "resolution",
	    "pay_case {K}/" },
	{ CASE("B", "wrong_sum"), "note = 'другая причина'", "note",
	    "pay_case {B}/" },
	{ CASE("B", "wrong_sum"), "decided_by = 'operator:eve'", "decided_by",
	    "pay_case {B}/" },
	{ CASE("B", "wrong_sum"), "decided_at = decided_at + 1", "decided_at",
	    "pay_case {B}/" },
	{ CASE("B", "wrong_sum"), "resolved_at = resolved_at + 1",
	    "resolved_at", "pay_case {B}/" },
	{ CASE("K", "wrong_sum"), "times = 1", "times", "pay_case {K}/" },
	{ TOLD("B", "taken"), "actor = 'operator:eve'", "actor",
	    "case_event " },
	{ TOLD("B", "taken"), "kind = 'released'", "kind", "case_event " },
	{ TOLD("B", "resolved"), "resolution = 'dismiss'", "resolution",
	    "case_event " },
	{ TOLD("B", "decided"), "note = 'другая причина'", "note",
	    "case_event " },
	{ TOLD("B", "decided"), "at = at + 1", "at", "case_event " },
	{ TOLD("B", "decided"), "case_id = 'x'", "case_id", "case_event " },
	{ "case_event", "number = ''", "actor = 'operator:eve'", "actor",
	    "pay_case " },
	{ BACK("B"), "state = 'failed'", "state", "give_back {B}/" },
	{ BACK("K"), "state = 'done', sent_at = 1, ended_at = 1",
	    "state, sent_at, ended_at", "give_back {K}/" },
	{ BACK("B"), "n = 1, bank_id = 'x'", "n, bank_id", "give_back {B}/" },
	{ BACK("B"), "bank_no = 'x'", "bank_no", "give_back {B}/" },
	{ BACK("B"), "contract = 'x'", "contract", "give_back {B}/" },
	{ BACK("B"), "case_id = 'x'", "case_id", "give_back {B}/" },
	{ BACK("B"), "way = 'by_hand', own_account = 'x'", "way, own_account",
	    "ledger_transfer {B}/" },
	{ "give_back", "number = '{Y}' AND way = 'by_hand'",
	    "own_account = 'x'", "own_account", "ledger_line {Y}/" },
	{ "refund", "number = '{J}' AND way = 'by_hand'", "own_account = 'x'",
	    "own_account", "ledger_line {J}/" },
	{ "refund", "number = '{J}' AND way = 'by_hand'", "way = 'bank'", "way",
	    "ledger_transfer {J}/" },
	{ "refund", "number = '{J}' AND way = 'by_hand'", "way = 'chargeback'",
	    "way", "ledger_transfer {J}/" },
	{ "attempt", "number = '{B}'", "decided = 0", "decided",
	    "attempt {B}/1 decided" },
	{ "attempt", "number = '{J}'", "decided = 1", "decided",
	    "attempt {J}/1 decided" },
	{ "attempt", "number = '{K}'", "on_case = 0", "on_case",
	    "attempt {K}/1 on_case" },
	{ "attempt", "number = '{B}'", "on_case = 1", "on_case",
	    "attempt {B}/1 on_case" },
	{ "job", "kind = 'give_back' AND state = 'due'", "state = 'failed'",
	    "state", "job {K}/give_back/" },
	{ TRANSFER("B", "odd_money"), "cause = 'x'", "cause",
	    "ledger_transfer {B}/" },
	{ TRANSFER("B", "give_back"), "cause = 'x'", "cause",
	    "ledger_transfer {B}/" },
	{ TRANSFER("Y", "paid_by_hand"), "cause = 'x'", "cause",
	    "ledger_transfer {Y}/" },
};

static const struct spoil missing[] = {
	{ TOLD("B", "taken"), NULL, NULL, "case_event " },
	{ TOLD("B", "decided"), NULL, NULL, "case_event " },
	{ TOLD("B", "resolved"), NULL, NULL, "case_event " },
	{ TOLD("K", "reopened"), NULL, NULL, "pay_case {K}/" },
	{ TOLD("Y", "refused"), NULL, NULL, "event {Y}/case_refused row" },
	{ "event", "kind = 'case_resolved' AND number = '{B}'", NULL, NULL,
	    "event {B}/case_resolved row" },
	{ "event", "kind = 'give_back_done' AND number = '{B}'", NULL, NULL,
	    "event {B}/give_back_done row" },
	{ BACK("B"), NULL, NULL, "give_back {B}/" },
	{ BACK("K"), NULL, NULL, "give_back {K}/" },
	{ CASE("B", "wrong_sum"), NULL, NULL, "give_back {B}/" },
	{ CASE("U", "refund_unclear"), NULL, NULL, "refund {U}/" },
	{ TRANSFER("B", "odd_money"), NULL, NULL,
	    "ledger_transfer {B}/odd_money/" },
	{ TRANSFER("K", "odd_money"), NULL, NULL,
	    "ledger_transfer {K}/odd_money/" },
	{ TRANSFER("B", "give_back"), NULL, NULL,
	    "ledger_transfer {B}/give_back/" },
	{ TRANSFER("J", "paid_by_hand"), NULL, NULL,
	    "ledger_transfer {J}/paid_by_hand/" },
	{ "job", "kind = 'give_back' AND state = 'due'", NULL, NULL,
	    "job {K}/give_back/" },
	{ "pay_case", "number = '' AND state = 'resolved'", NULL, NULL,
	    "case_event 00000000/" },
	{ "case_event", "number = ''", NULL, NULL, "case_event " },
};

static const struct extra extras[] = {
	{ "INSERT INTO case_event SELECT akey, number, case_id, 'Z', at, kind, "
	  "actor, resolution, note, evidence FROM case_event "
	  "WHERE number = '{B}' AND kind = 'resolved'",
	    "DELETE FROM case_event WHERE id = 'Z'", "pay_case {B}/" },
	{ "INSERT INTO case_event SELECT akey, 'NOBODY', case_id, 'Z', at, "
	  "kind, actor, resolution, note, evidence FROM case_event "
	  "WHERE number = '{B}' AND kind = 'resolved'",
	    "DELETE FROM case_event WHERE id = 'Z'",
	    "case_event {akey}/NOBODY/" },
	{ "INSERT INTO give_back SELECT akey, number, 'Z', case_id, n, "
	  "contract, bank_no, 'other', way, own_account, state, sum_kop, "
	  "reason, actor, code, before_kop, created_at, sent_at, ended_at "
	  "FROM give_back WHERE number = '{B}'",
	    "DELETE FROM give_back WHERE id = 'Z'", "give_back {B}/Z bank_id" },
};

static void
books_after_resolutions_are_clean(void **state)
{
	assert_true(is_clean(*state));
}

static void
every_spoiled_sum_is_named(void **state)
{
	spoil_all(*state, money, KV_COUNT(money));
}

static void
every_spoiled_state_is_named(void **state)
{
	spoil_all(*state, states, KV_COUNT(states));
}

static void
every_missing_row_is_named(void **state)
{
	spoil_all(*state, missing, KV_COUNT(missing));
}

static void
every_row_too_many_is_named(void **state)
{
	spoil_extras(*state, extras, KV_COUNT(extras));
}

/* Money for a number that is not ours, about which nothing is to be done. */
static void
dismiss_lone(struct world *w)
{
	struct case_query q = {
		.unresolved = true, .kind = STR("unknown_number"), .limit = 10
	};
	const struct pay_case *v;
	struct case_resolved made;
	struct case_resolve req;
	size_t len;

	world_reset(w);
	says(w, NOTICE_PAID, TRUST_SIGNED, "sber-irk", STR("FOREIGN-1"), "T",
	    100);
	assert_int_equal(sberbank(w, ERR_OK).status, 200);
	assert_done(&w->fx, cases_list(&w->p, w->fx.a, &q, &v, &len, &w->fx.f));
	assert_int_equal(len, 1);
	req = case_request(w, &v[0], "dismiss");
	assert_done(&w->fx, case_try(w, &req, &made));
}

static void
cases_make(struct world *w)
{
	struct pay_case c;

	cased[0] = life_held(w);
	c = case_of(w, cased[0], "wrong_sum");
	assert_done(&w->fx, take(w, &c, BORIS));
	w->now++;
	assert_done(&w->fx, release(w, &c, BORIS));
	w->now++;
	assert_done(&w->fx, take(w, &c, ANNA));
	w->now++;
	resolve(w, cased[0], "wrong_sum", "give_back");
	later(w, 1);
	cased[2] = refund_refused(w);
	resolve(w, cased[2], "refund_failed", "paid_by_hand");
	cased[3] = life_held(w);
	w->refund_refused = true;
	resolve(w, cased[3], "wrong_sum", "give_back");
	later(w, 1);
	resolve(w, cased[3], "wrong_sum", "paid_by_hand");
	cased[4] = life_paid(w);
	w->refund_rc = ERR_UNSURE;
	life_give_back(w, cased[4], 10000);
	w->refunded_kop = 9000;
	later(w, w->p.set.ask_first_ms);
	resolve(w, cased[4], "refund_unclear", "accept");
	later(w, 1);
	dismiss_lone(w);
	cased[1] = life_held(w);
	resolve(w, cased[1], "wrong_sum", "ask_again");
	later(w, 1);
	c = case_of(w, cased[1], "wrong_sum");
	assert_done(&w->fx, take(w, &c, ANNA));
	w->refunded_rc = ERR_AGAIN;
	resolve(w, cased[1], "wrong_sum", "give_back");
	later(w, 1);
}

static int
make(void **state)
{
	(void)world_make(state);
	cases_make(*state);
	spoil_letters = letters;
	spoil_lived = cased;
	unlocked(&((struct world *)*state)->fx);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(books_after_resolutions_are_clean),
		cmocka_unit_test(every_spoiled_sum_is_named),
		cmocka_unit_test(every_spoiled_state_is_named),
		cmocka_unit_test(every_missing_row_is_named),
		cmocka_unit_test(every_row_too_many_is_named),
	};

	return cmocka_run_group_tests(tests, make, world_end);
}
