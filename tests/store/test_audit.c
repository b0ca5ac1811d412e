/* The audit: clean after a life, and it names each row that is spoiled. */
#include "spoil.h"
#include "unlocked.h"

#include "kvitok/base/day.h"

static struct payment *lived[LIFE__COUNT];

#define PAY(letter) "payment", "number = '{" letter "}'"
#define LINE(letter) "pay_line", "n = 1 AND number = '{" letter "}'"
#define ATT(letter) "attempt", "n = 1 AND number = '{" letter "}'"
#define CASE(letter) "pay_case", "number = '{" letter "}'"
#define EVENT(letter, kind)                                                    \
	"event", "kind = '" kind "' AND number = '{" letter "}'"
#define TRANSFER(letter, kind)                                                 \
	"ledger_transfer", "kind = '" kind "' AND number = '{" letter "}'"
#define POSTING(letter, n)                                                     \
	"ledger_line",                                                         \
	    "n = " #n " AND transfer IN (SELECT id FROM ledger_transfer "      \
	    "WHERE kind = 'paid' AND number = '{" letter "}')"
#define JOB(letter, kind)                                                      \
	"job", "kind = '" kind "' AND substr(ref, 1, 19) = '{" letter "}'"

static const struct spoil money[] = {
	{ PAY("S"), "sum_kop = sum_kop + 1, total_kop = total_kop + 1",
	    "sum_kop, total_kop", "payment {S} sum_kop" },
	{ PAY("G"), "fee_kop = fee_kop + 1, total_kop = total_kop + 1",
	    "fee_kop, total_kop", "payment {G} fee_kop" },
	{ PAY("C"), "sum_kop = sum_kop - 1, total_kop = total_kop - 1",
	    "sum_kop, total_kop", "payment {C} sum_kop" },
	{ PAY("S"), "refunded_kop = 1", "refunded_kop",
	    "payment {S} refunded_kop" },
	{ PAY("R"), "refunded_kop = refunded_kop - 1", "refunded_kop",
	    "payment {R} refunded_kop" },
	{ PAY("F"), "refunded_kop = 10000", "refunded_kop",
	    "payment {F} refunded_kop" },
	{ LINE("S"), "sum_kop = sum_kop + 1", "sum_kop",
	    "pay_line {S}/1 sum_kop" },
	{ LINE("C"), "sum_kop = sum_kop + 1", "sum_kop",
	    "pay_line {C}/1 sum_kop" },
	{ LINE("G"), "fee_kop = fee_kop + 1", "fee_kop",
	    "pay_line {G}/1 fee_kop" },
	{ LINE("S"), "supplier_fee_kop = supplier_fee_kop + 1",
	    "supplier_fee_kop", "pay_line {S}/1 sum_kop + fee_kop + supplier" },
	{ ATT("S"), "paid_kop = paid_kop + 1", "paid_kop",
	    "attempt {S}/1 paid_kop" },
	{ ATT("X"), "paid_kop = paid_kop - 1", "paid_kop",
	    "attempt {X}/1 paid_kop" },
	{ ATT("P"), "paid_kop = 1", "paid_kop", "attempt {P}/1 paid_kop" },
	{ CASE("H"), "sum_kop = sum_kop + 1", "sum_kop", "pay_case {H}/" },
	{ CASE("G"), "sum_kop = sum_kop + 1", "sum_kop", "pay_case {G}/" },
	{ CASE("X"), "sum_kop = sum_kop + 1", "sum_kop", "pay_case {X}/" },
	{ CASE("F"), "sum_kop = sum_kop + 1", "sum_kop", "pay_case {F}/" },
	{ POSTING("S", 1), "sum_kop = sum_kop - 1", "sum_kop",
	    "ledger_line {S}/" },
	{ POSTING("S", 2), "sum_kop = sum_kop - 1", "sum_kop",
	    "ledger_line {S}/" },
	{ POSTING("G", 3), "sum_kop = sum_kop + 1", "sum_kop",
	    "ledger_line {G}/" },
	{ "ledger_day", "account = 'receivable/sber-irk'",
	    "debit_kop = debit_kop + 1", "debit_kop",
	    "ledger_day receivable/sber-irk/" },
	{ "ledger_day", "account = 'refunds_due/sber-irk'",
	    "credit_kop = credit_kop + 1", "credit_kop",
	    "ledger_day refunds_due/sber-irk/" },
	{ "refund", "number = '{R}'", "sum_kop = sum_kop + 1", "sum_kop",
	    "refund {R}/" },
	{ "refund", "number = '{R}'", "fee_kop = fee_kop + 1", "fee_kop",
	    "refund {R}/" },
	{ "refund", "number = '{F}'", "sum_kop = sum_kop + 1", "sum_kop",
	    "refund {F}/" },
	{ "refund_line", "number = '{R}'", "sum_kop = sum_kop + 1", "sum_kop",
	    "refund_line {R}/" },
	{ "refund_line", "number = '{R}'", "fee_kop = fee_kop + 1", "fee_kop",
	    "refund_line {R}/" },
	{ "refund_line", "number = '{R}'",
	    "supplier_fee_kop = supplier_fee_kop + 1", "supplier_fee_kop",
	    "refund_line {R}/" },
};

static const struct spoil states[] = {
	{ PAY("S"), "state = 'partly_refunded'", "state", "payment {S} state" },
	{ PAY("S"), "state = 'refunded'", "state", "payment {S} state" },
	{ PAY("R"), "state = 'paid'", "state", "payment {R} state" },
	{ PAY("S"), "state = 'pending', paid_at = NULL, paid_attempt = NULL",
	    "state, paid_at, paid_attempt", "payment {S} state" },
	{ PAY("P"), "state = 'paid', paid_at = 1, paid_attempt = 1",
	    "state, paid_at, paid_attempt", "payment {P} state" },
	{ PAY("P"), "state = 'created'", "state", "payment {P} state" },
	{ PAY("P"), "state = 'declined'", "state", "payment {P} state" },
	{ PAY("P"), "state = 'expired'", "state", "payment {P} state" },
	{ PAY("P"), "state = 'cancelled'", "state", "payment {P} state" },
	{ PAY("D"), "state = 'pending'", "state", "payment {D} state" },
	{ PAY("D"), "state = 'expired'", "state", "payment {D} state" },
	{ PAY("T"), "state = 'pending'", "state", "payment {T} reason" },
	{ PAY("E"), "state = 'declined'", "state", "payment {E} state" },
	{ PAY("C"), "state = 'pending'", "state", "payment {C} state" },
	{ PAY("N"), "state = 'created'", "state", "payment {N} state" },
	{ PAY("N"), "state = 'expired'", "state", "payment {N} state" },
	{ PAY("S"), "paid_at = paid_at + 1", "paid_at", "payment {S} paid_at" },
	{ PAY("X"), "paid_attempt = 1", "paid_attempt",
	    "payment {X} paid_attempt" },
	{ PAY("S"), "paid_attempt = 2", "paid_attempt", "attempt {S}/2 row" },
	{ PAY("S"), "attempts = 2", "attempts", "payment {S} attempts" },
	{ PAY("C"), "lines_len = 3", "lines_len", "payment {C} lines_len" },
	{ PAY("S"), "lines_hash = 'x'", "lines_hash",
	    "payment {S} lines_hash" },
	{ PAY("S"), "contract = 'x'", "contract", "payment {S} contract" },
	{ PAY("S"), "bank = 'x'", "bank", "payment {S} bank" },
	{ LINE("C"), "account = '1'", "account", "pay_line {C}/1 row" },
	{ LINE("S"), "supplier = 'x'", "supplier", "pay_line {S}/1 row" },
	{ ATT("S"), "state = 'declined'", "state", "attempt {S}/1 state" },
	{ ATT("P"), "state = 'intended'", "state", "attempt {P}/1 state" },
	{ ATT("P"), "state = 'unknown'", "state", "attempt {P}/1 state" },
	{ ATT("P"), "state = 'paid'", "state", "attempt {P}/1 state" },
	{ ATT("P"), "state = 'expired'", "state", "attempt {P}/1 state" },
	{ ATT("U"), "state = 'registered'", "state", "attempt {U}/1 state" },
	{ ATT("U"), "state = 'refused'", "state", "attempt {U}/1 state" },
	{ ATT("D"), "state = 'expired'", "state", "attempt {D}/1 state" },
	{ ATT("D"), "state = 'registered'", "state", "attempt {D}/1 state" },
	{ ATT("X"), "state = 'declined'", "state", "attempt {X}/1 state" },
	{ ATT("S"), "closed_at = closed_at + 1", "closed_at",
	    "attempt {S}/1 closed_at" },
	{ ATT("D"), "closed_at = NULL", "closed_at", "attempt {D}/1 closed" },
	{ ATT("H"), "on_case = 0", "on_case", "attempt {H}/1 on_case" },
	{ ATT("P"), "on_case = 1", "on_case", "attempt {P}/1 on_case" },
	{ ATT("S"), "contract = 'x'", "contract", "attempt {S}/1 contract" },
	{ ATT("S"), "bank = 'x'", "bank", "attempt {S}/1 bank" },
	{ "attempt", "number = '{W}' AND n = 1", "contract = 'gpb-two'",
	    "contract", "attempt {W}/1 contract" },
	{ PAY("W"), "contract = 'sber-irk', bank = 'sberbank'",
	    "contract, bank", "payment {W} contract" },
	{ PAY("C"), "contract = 'x'", "contract", "payment {C} contract" },
	{ EVENT("W", "bank_switched"), "n = 1", "n", "attempt {W}/1 contract" },
	{ "attempt_trx", "trx_id = 'TRX2'", "state = 'seen'", "state",
	    "attempt_trx {G}/1/TRX2 state" },
	{ EVENT("S", "payment_paid"), "to_state = 'refunded'", "to_state",
	    "event {S}/" },
	{ EVENT("S", "payment_paid"), "from_state = 'created'", "from_state",
	    "event {S}/" },
	{ EVENT("S", "payment_paid"), "n = 2", "n", "event {S}/" },
	{ EVENT("S", "payment_created"), "from_state = 'paid'", "from_state",
	    "event {S}/" },
	{ CASE("H"), "state = 'resolved'", "state", "pay_case {H}/" },
	{ CASE("H"), "n = 2", "n", "pay_case {H}/" },
	{ CASE("H"), "subject = 'x'", "subject", "pay_case {H}/" },
	{ CASE("H"), "portal = 'x'", "portal", "pay_case {H}/" },
	{ CASE("G"), "kind = 'wrong_sum'", "kind", "pay_case {G}/second" },
	{ CASE("H"), "evidence = '{'", "evidence", "pay_case {H}/" },
	{ JOB("P", "ask"), "state = 'done'", "state", "job {P}/" },
	{ JOB("P", "ask"), "state = 'failed'", "state", "job {P}/" },
	{ JOB("M", "receipt"), "state = 'done'", "state", "job {M}/" },
	{ "job", "kind = 'refund' AND state = 'due'", "state = 'failed'",
	    "state", "job {A}/refund/" },
	{ "open_bill", "number = '{S}'", "payer = 'x'", "payer",
	    "open_bill {S}/" },
	{ "notice", "number = '{G}'", "raw = 'x'", "raw", "notice " },
	{ TRANSFER("S", "paid"), "day = '2020-01-01'", "day",
	    "ledger_transfer {S}/" },
	{ TRANSFER("S", "paid"), "at = 0", "at", "ledger_transfer {S}/" },
	{ TRANSFER("S", "paid"), "cause = 'x'", "cause",
	    "ledger_transfer {S}/" },
	{ TRANSFER("G", "second_payment"), "cause = 'x'", "cause",
	    "ledger_transfer {G}/" },
	{ TRANSFER("R", "refund"), "cause = 'x'", "cause",
	    "ledger_transfer {R}/" },
	{ POSTING("S", 1), "account = 'x'", "account", "ledger_line {S}/" },
	{ POSTING("S", 1), "day = '2020-01-01'", "day", "ledger_line {S}/" },
	{ "refund", "number = '{R}'", "state = 'failed'", "state",
	    "refund {R}/" },
	{ "refund", "number = '{F}'", "state = 'done'", "state",
	    "refund {F}/" },
	{ "refund", "number = '{A}'", "state = 'done', ended_at = 1",
	    "state, ended_at", "ledger_transfer {A}/refund/" },
};

static const struct spoil missing[] = {
	{ "pay_line", "number = '{C}' AND n = 2", NULL, NULL,
	    "pay_line {C}/2 row" },
	{ ATT("P"), NULL, NULL, "attempt {P}/1 row" },
	{ ATT("D"), NULL, NULL, "attempt {D}/1 row" },
	{ "attempt_trx", "trx_id = 'TRX2'", NULL, NULL,
	    "attempt_trx {G}/1/TRX2 row" },
	{ EVENT("S", "payment_paid"), NULL, NULL, "event {S}/payment_paid" },
	{ EVENT("S", "payment_created"), NULL, NULL,
	    "event {S}/payment_created" },
	{ EVENT("H", "case_opened"), NULL, NULL, "event {H}/case_opened" },
	{ EVENT("D", "attempt_declined"), NULL, NULL, "event {D}/" },
	{ EVENT("S", "receipt_sent"), NULL, NULL,
	    "event {S}/receipt_sent row" },
	{ EVENT("R", "refund_done"), NULL, NULL, "event {R}/refund_done" },
	{ EVENT("R", "refund_asked"), NULL, NULL, "event {R}/refund_asked" },
	{ CASE("H"), NULL, NULL, "pay_case {H}" },
	{ CASE("G"), NULL, NULL, "pay_case {G}/second_payment/" },
	{ CASE("X"), NULL, NULL, "pay_case {X}/second_payment/" },
	{ CASE("F"), NULL, NULL, "pay_case {F}/refund_failed/" },
	{ JOB("P", "ask"), NULL, NULL, "job {P}/ask/" },
	{ JOB("M", "receipt"), NULL, NULL, "job {M}/receipt row" },
	{ "job", "kind = 'refund' AND state = 'due'", NULL, NULL,
	    "job {A}/refund/" },
	{ TRANSFER("S", "paid"), NULL, NULL, "ledger_transfer {S}/paid/" },
	{ TRANSFER("X", "second_payment"), NULL, NULL,
	    "ledger_transfer {X}/second_payment/" },
	{ TRANSFER("R", "refund"), NULL, NULL, "ledger_transfer {R}/refund/" },
	{ TRANSFER("S", "paid"), NULL, NULL, "ledger_line " }, /* are loose */
	{ POSTING("S", 1), NULL, NULL, "ledger_line {S}/" },
	{ POSTING("G", 3), NULL, NULL, "ledger_line {G}/" },
	{ "ledger_day", "account = 'receivable/sber-irk'", NULL, NULL,
	    "ledger_day receivable/sber-irk/" },
	{ "refund_line", "number = '{R}'", NULL, NULL, "refund {R}/" },
};

static const struct extra extras[] = {
	{ "INSERT INTO pay_line SELECT akey, number, 2, supplier, service, "
	  "account, sum_kop, fee_kop, supplier_fee_kop, loss_on, loss_kop, "
	  "exempt FROM pay_line "
	  "WHERE number = '{S}'",
	    "DELETE FROM pay_line WHERE number = '{S}' AND n = 2",
	    "pay_line {S}/2 sum_kop" },
	{ "INSERT INTO attempt SELECT akey, number, 2, contract, bank, state, "
	  "bank_id, form_url, reason, code, started_at, expires_at, "
	  "closed_at, paid_kop, on_case, 0 FROM attempt WHERE number = '{S}'",
	    "DELETE FROM attempt WHERE number = '{S}' AND n = 2",
	    "attempt {S}/2 row" },
	{ "INSERT INTO attempt_trx SELECT akey, number, n, 'TRX3', 'paid', "
	  "seen_at FROM attempt_trx WHERE trx_id = 'TRX2'",
	    "DELETE FROM attempt_trx WHERE trx_id = 'TRX3'",
	    "attempt_trx {G}/1/TRX3 state" },
	{ "INSERT INTO event SELECT akey, number, 'Z', at, kind, actor, n, "
	  "from_state, to_state, evidence FROM event "
	  "WHERE number = '{S}' AND kind = 'payment_paid'",
	    "DELETE FROM event WHERE id = 'Z'", "event {S}/payment_paid row" },
	{ "INSERT INTO event SELECT akey, 'NOBODY', 'Z', at, kind, actor, n, "
	  "from_state, to_state, evidence FROM event "
	  "WHERE number = '{S}' AND kind = 'payment_paid'",
	    "DELETE FROM event WHERE id = 'Z'", "event {akey}/NOBODY/Z row" },
	{ "INSERT INTO pay_case SELECT akey, 'Z', portal, number, n, kind, "
	  "'x', state, sum_kop, proposal, evidence, created_at, resolved_at, "
	  "owner, taken_at, resolution, note, decided_by, decided_at, times "
	  "FROM pay_case WHERE number = '{X}'",
	    "DELETE FROM pay_case WHERE id = 'Z'", "pay_case {X}/all row" },
	{ "INSERT INTO job SELECT akey, 'Z', kind, 'NOBODY', state, due_at, "
	  "leased_by, runs, fails, created_at, ended_at, last_error, progress "
	  "FROM job WHERE kind = 'receipt' AND ref = '{S}'",
	    "DELETE FROM job WHERE id = 'Z'", "job {akey}/NOBODY/Z row" },
	{ "INSERT INTO job SELECT akey, 'Z', 'receipt', '{P}', 'due', due_at, "
	  "leased_by, runs, fails, created_at, ended_at, last_error, progress "
	  "FROM job WHERE kind = 'receipt' AND ref = '{S}'",
	    "DELETE FROM job WHERE id = 'Z'", "job {P}/Z row" },
	{ "INSERT INTO open_bill VALUES ('{akey}', 'p', 'h', 'x', 'NOBODY')",
	    "DELETE FROM open_bill WHERE number = 'NOBODY'",
	    "open_bill {akey}/NOBODY/p row" },
	{ "INSERT INTO idem VALUES ('p', 'k', 'h', '{akey}', 'NOBODY', '', 0)",
	    "DELETE FROM idem WHERE number = 'NOBODY'", "idem p/k number" },
	{ "INSERT INTO ledger_transfer SELECT akey, 'Z', 'x', kind, number, "
	  "day, at FROM ledger_transfer WHERE number = '{S}'",
	    "DELETE FROM ledger_transfer WHERE id = 'Z'",
	    "ledger_transfer {S}/Z cause" },
	{ "INSERT INTO ledger_transfer SELECT akey, 'Z', 'x', kind, 'NOBODY', "
	  "day, at FROM ledger_transfer WHERE number = '{S}'",
	    "DELETE FROM ledger_transfer WHERE id = 'Z'",
	    "ledger_transfer {akey}/NOBODY/Z row" },
	{ "INSERT INTO ledger_transfer SELECT akey, 'Z', 'x', 'gift', number, "
	  "day, at FROM ledger_transfer WHERE number = '{S}'",
	    "DELETE FROM ledger_transfer WHERE id = 'Z'",
	    "ledger_transfer {S}/Z kind" },
	{ "INSERT INTO ledger_line SELECT akey, id, 9, 'x', day, 1 "
	  "FROM ledger_transfer WHERE number = '{S}'",
	    "DELETE FROM ledger_line WHERE n = 9", "ledger_line {S}/" },
	{ "INSERT INTO ledger_line VALUES ('{akey}', 'Z', 1, 'x', "
	  "'2026-01-01', 1)",
	    "DELETE FROM ledger_line WHERE transfer = 'Z'",
	    "ledger_line {akey}/Z/1 row" },
	{ "INSERT INTO ledger_day VALUES ('x', '2026-01-01', 0, 1, 0)",
	    "DELETE FROM ledger_day WHERE account = 'x'",
	    "ledger_day x/2026-01-01/0 debit_kop" },
	{ "INSERT INTO refund SELECT akey, number, 'Z', state, sum_kop, "
	  "fee_kop, reason, actor, code, before_kop, created_at, sent_at, "
	  "ended_at, way, own_account FROM refund WHERE number = '{R}'",
	    "DELETE FROM refund WHERE id = 'Z'", "refund {R}/Z sum_kop" },
};

static void
books_of_a_life_are_clean(void **state)
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

/* Days of Moscow: of the payment, and of what was posted. */
static void
an_audit_of_days_sees_those_days_and_no_others(void **state)
{
	struct world *w = *state;
	char day[DAY_TEXT_SIZE];
	struct audit_span on = { .all = false }, off;
	int64_t at;

	day_of(lived[LIFE_PAID]->created_at, DAY_ZONE_MOSCOW, day);
	assert_true(day_start(str_of(day), DAY_ZONE_MOSCOW, &at));
	on = (struct audit_span){ .from_at = at,
		.to_at = at + DAY_MS,
		.from_day = str_of(day),
		.to_day = str_of(day) };
	off = (struct audit_span){ .from_at = at - DAY_MS,
		.to_at = at,
		.from_day = STR("2020-01-01"),
		.to_day = STR("2020-01-02") };
	assert_string_equal(findings(w, &on), "\n");
	run(w, "UPDATE payment SET refunded_kop = 1 WHERE number = '{S}'");
	assert_non_null(strstr(findings(w, &on), filled(w, "payment {S} ref")));
	assert_string_equal(findings(w, &off), "\n");
	run(w, "UPDATE payment SET refunded_kop = 0 WHERE number = '{S}'");
}

/* The books of a page are read at one instant. */
static void
what_is_under_way_is_not_taken_for_wrong(void **state)
{
	struct world *w = *state;
	pid_t pid;
	int status = 0, rounds = 0;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct world own = *w;

		fixture_open(&own.fx);
		world_ports(&own);
		for (int i = 0; i < 60; i++)
			(void)life_paid(&own);
		_exit(0);
	}
	do {
		assert_true(is_clean(w));
		rounds++;
	} while (waitpid(pid, &status, WNOHANG) == 0);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_true(rounds > 1);
	assert_true(is_clean(w));
}

static int
make(void **state)
{
	struct world *w;

	(void)world_make(state);
	w = *state;
	life_make(w, lived);
	spoil_letters = life_letters;
	spoil_lived = lived;
	unlocked(&w->fx);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(books_of_a_life_are_clean),
		cmocka_unit_test(every_spoiled_sum_is_named),
		cmocka_unit_test(every_spoiled_state_is_named),
		cmocka_unit_test(every_missing_row_is_named),
		cmocka_unit_test(every_row_too_many_is_named),
		cmocka_unit_test(
		    an_audit_of_days_sees_those_days_and_no_others),
		cmocka_unit_test(what_is_under_way_is_not_taken_for_wrong),
	};

	return cmocka_run_group_tests(tests, make, world_end);
}
