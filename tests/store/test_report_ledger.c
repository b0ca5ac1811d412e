/* Reports of a life add up to the ledger, and the same report again, in any
 * format, is the same bytes; on both databases. */
#include "register_world.h"
#include "settling.h"

#include "kvitok/app/close.h"
#include "kvitok/app/report.h"
#include "kvitok/out/report_file.h"

#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/kvitok-ledger.XXXXXX";

static int
make(void **state)
{
	int rc = reg_make(state);
	struct world *w = *state;

	w->p.reports = w->fx.st.reports;
	w->p.press = report_press_of();
	w->p.close = w->fx.st.close;
	fixture_sql(
	    &w->fx, "DELETE FROM fee_rule WHERE from_day > '2026-12-01'");
	fixture_sql(&w->fx,
	    "UPDATE fee_rule SET to_day = NULL WHERE to_day > '2026-12-01'");
	return mkdtemp(folder) == NULL ? -1 : rc;
}

static int
end(void **state)
{
	return rmdir(folder) != 0 ? -1 : world_end(state); /* nothing is left */
}

/* --- reports ----------------------------------------------------------- */

static struct report_request
request_of(struct world *w, enum report_id id, enum report_format format)
{
	char last[DAY_TEXT_SIZE];

	day_of(w->now, DAY_ZONE_MOSCOW, last);
	return (struct report_request){ .q = { .id = id,
					    .from_day = STR("2026-02-01"),
					    .to_day = arena_str(
						w->fx.a, str_of(last)) },
		.format = format,
		.separator = ';',
		.asked_by = STR("operator:test"),
		.path = arena_fmt(w->fx.a, "%s/report", folder) };
}

static struct report_made
made(struct world *w, const struct report_request *req)
{
	struct report_made m;

	fault_init(&w->fx.f);
	assert_done(&w->fx, report_make(&w->p, w->fx.a, req, &m, &w->fx.f));
	assert_int_equal(unlink(arena_z(w->fx.a, req->path)), 0);
	return m;
}

static int64_t
total(struct world *w, enum report_id id, const char *column)
{
	struct report_request req = request_of(w, id, REPORT_CSV);
	const struct report_def *d = report_def(id);
	struct report_made m = made(w, &req);

	for (size_t i = 0; i < d->columns_len; i++)
		if (strcmp(d->columns[i].name, column) == 0)
			return m.totals.sum[i];
	fixture_fail("no column %s\n", column);
	return 0;
}

static int64_t
rows(struct world *w, enum report_id id)
{
	struct report_request req = request_of(w, id, REPORT_CSV);

	return made(w, &req).totals.rows;
}

/* --- the ledger ---------------------------------------------------------- */

/* What its lines have on accounts that begin so, debit above zero; of every
 * account, head being empty, what the debits are. */
static int64_t
posted(struct world *w, const char *head)
{
	const struct ledger_turnover *v;
	size_t len;
	int64_t sum = 0;

	assert_done(&w->fx,
	    w->p.ledger.turnover_of_lines(w->p.ledger.self, w->fx.a,
		STR("2000-01-01"), STR("2999-12-31"), STR(""), 500, &v, &len,
		&w->fx.f));
	for (size_t i = 0; i < len; i++)
		if (*head == '\0')
			sum += v[i].debit_kop;
		else if (str_starts(v[i].account, str_of(head)))
			sum += v[i].debit_kop - v[i].credit_kop;
	return sum;
}

static void
what_the_bank_says_is_the_ledgers(void **state)
{
	struct world *w = *state;
	struct reg_books before, after;
	struct reg_file x;
	struct payment *found, *lost;
	struct reg_op o;

	before = reg_books(w);
	found = life_paid(w);
	o = reg_paid(w, found);
	lost = life_paid(w);
	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	reg_end(&x);
	(void)reg_import(w, &x);
	(void)reg_reconcile(w);
	after = reg_books(w);
	assert_int_equal(total(w, REPORT_RECONCILIATION, "net"),
	    after.account - before.account);
	assert_int_equal(
	    total(w, REPORT_RECONCILIATION, "fee"), after.fee - before.fee);
	assert_int_equal(
	    total(w, REPORT_RECONCILIATION, "vat"), after.vat - before.vat);
	assert_int_equal(
	    total(w, REPORT_RECONCILIATION, "gross"), found->total_kop);
	/* A later register has it neither, and the days of grace are over. */
	w->now += 2 * DAY_MS;
	reg_begin(&x, w, w->now);
	reg_end(&x);
	(void)reg_import(w, &x);
	w->now += DAY_MS;
	assert_int_equal(reg_reconcile(w).missing, 1);
	assert_int_equal(total(w, REPORT_MISSING, "sum"), lost->total_kop);
	assert_int_equal(
	    reg_books(w).receivable - before.receivable, lost->total_kop);
}

static void
what_was_taken_and_given_back_is_the_ledgers(void **state)
{
	struct world *w = *state;
	struct payment *pms[LIFE__COUNT];
	int64_t net;

	life_make(w, pms);
	assert_true(rows(w, REPORT_PAYMENTS) > 5);
	assert_true(rows(w, REPORT_REFUNDS) > 0);
	assert_true(rows(w, REPORT_CASES) > 0);
	net = total(w, REPORT_PAYMENTS, "total") -
	    total(w, REPORT_REFUNDS, "total");
	assert_int_equal(
	    net, -posted(w, "payable/") - posted(w, "commission/"));
	assert_int_equal(
	    total(w, REPORT_COMMISSIONS, "net"), -posted(w, "commission/"));
	assert_int_equal(total(w, REPORT_TURNOVER, "debit"), posted(w, ""));
	assert_int_equal(total(w, REPORT_TURNOVER, "credit"), posted(w, ""));
}

static void
what_was_transferred_is_the_ledgers(void **state)
{
	struct world *w = *state;
	int64_t before = posted(w, "bank_account/");
	struct settlement s;

	close_cases(w);
	(void)life_paid(w);
	s = prepared(w, SBER, day_over(w));
	s = confirmed(w, &s);
	assert_true(s.sums.transfer_kop > 0);
	assert_int_equal(total(w, REPORT_SETTLEMENTS, "transfer"),
	    before - posted(w, "bank_account/"));
	open_cases(w);
}

static void
closed_days_are_the_ledgers(void **state)
{
	struct world *w = *state;
	struct closing c;
	struct str day;

	w->now += 3 * DAY_MS;
	fault_init(&w->fx.f);
	assert_done(&w->fx, close_due(&w->p, w->fx.a, &day, &w->fx.f));
	while (day.len > 0) {
		assert_done(&w->fx,
		    close_day(&w->p, w->fx.a, day, STR("operator:test"), &c,
			&w->fx.f));
		assert_done(&w->fx, close_due(&w->p, w->fx.a, &day, &w->fx.f));
	}
	assert_true(rows(w, REPORT_CLOSINGS) > 0);
	assert_int_equal(total(w, REPORT_CLOSINGS, "debit"), posted(w, ""));
	assert_int_equal(total(w, REPORT_CLOSINGS, "credit"), posted(w, ""));
}

/* Nothing but the instant of making differs; here it is the same. */
static void
the_same_report_again_is_the_same_bytes(void **state)
{
	struct world *w = *state;

	for (int id = 0; id < REPORT__COUNT; id++)
		for (int i = 0; i <= REPORT_FORMAT__COUNT; i++) {
			struct report_request req =
			    request_of(w, (enum report_id)id,
				(enum report_format)(i % REPORT_FORMAT__COUNT));
			struct report_made first, again;

			if (i == REPORT_FORMAT__COUNT) /* CSV once more */
				req.encoding = CODEPAGE_CP1251;
			first = made(w, &req);
			again = made(w, &req);
			assert_true(
			    first.totals.rows > 0 || id == REPORT_READINGS);
			assert_true(first.file.size > 0);
			assert_int_equal(first.file.size, again.file.size);
			assert_string_equal(
			    first.file.digest, again.file.digest);
			assert_string_equal(first.hash, again.hash);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_bank_says_is_the_ledgers),
		cmocka_unit_test(what_was_taken_and_given_back_is_the_ledgers),
		cmocka_unit_test(what_was_transferred_is_the_ledgers),
		cmocka_unit_test(closed_days_are_the_ledgers),
		cmocka_unit_test(the_same_report_again_is_the_same_bytes),
	};

	return cmocka_run_group_tests(tests, make, end);
}
