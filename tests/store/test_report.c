/* Rows of reports: what was posted, in order, on both databases. */
#include "settling.h"

#include "kvitok/app/report.h"
#include "kvitok/base/day.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MANY 1300 /* payments: more than two pages */

/* What a writer was given. */
struct kept {
	const struct report_def *d;
	struct buf text; /* machine cells, parted by TAB; a line per row */
	int64_t rows;
	int opened, ended, dropped;
	int fail_at; /* the row that cannot be written; 0: none */
};

static struct kept kept;

static enum err
keep_row(void *self, const struct report_cell *row, struct fault *f)
{
	struct kept *k = self;

	if (++k->rows == k->fail_at)
		return fault_set(f, ERR_LIMIT, "report_text", "as asked");
	report_hash_row(&k->text, k->d, row);
	return ERR_OK;
}

static enum err
keep_end(void *self, const struct report_end *end, struct report_file *out,
    struct fault *f)
{
	struct kept *k = self;

	(void)f;
	assert_int_equal(end->totals->rows, k->rows);
	assert_int_equal(end->hash.len, 64);
	k->ended++;
	*out = (struct report_file){ .size = (int64_t)k->text.len };
	return ERR_OK;
}

static void
keep_drop(void *self)
{
	((struct kept *)self)->dropped++;
}

static enum err
keep_open(void *self, struct arena *a, const struct report_head *head,
    enum report_format format, struct str path, struct report_writer *out,
    struct fault *f)
{
	struct kept *k = self;

	(void)format, (void)path, (void)f;
	k->d = report_def(head->q->id);
	buf_init(&k->text, a, (size_t)8 << 20);
	k->rows = 0;
	k->opened++;
	*out = (struct report_writer){ k, keep_row, keep_end, keep_drop };
	return ERR_OK;
}

static int
make(void **state)
{
	int rc = world_make(state);
	struct world *w = *state;

	w->p.reports = w->fx.st.reports;
	w->p.press = (struct report_press){ &kept, keep_open };
	return rc;
}

static struct report_request
request_of(enum report_id id)
{
	return (struct report_request){ .q = { .id = id,
					    .from_day = STR("2026-01-01"),
					    .to_day = STR("2026-12-31") },
		.format = REPORT_CSV,
		.separator = ';',
		.asked_by = STR("operator:test"),
		.path = STR("nowhere") };
}

static enum err
run(struct world *w, const struct report_request *req, struct report_made *out)
{
	fault_init(&w->fx.f);
	kept.opened = kept.ended = kept.dropped = 0;
	return report_make(&w->p, w->fx.a, req, out, &w->fx.f);
}

static struct report_made
made(struct world *w, const struct report_request *req)
{
	struct report_made out;

	assert_done(&w->fx, run(w, req, &out));
	assert_int_equal(kept.opened, 1);
	assert_int_equal(kept.ended, 1);
	assert_int_equal(kept.dropped, 0);
	return out;
}

static int64_t
total(const struct report_request *req, const struct report_made *m,
    const char *column)
{
	const struct report_def *d = report_def(req->q.id);

	for (size_t i = 0; i < d->columns_len; i++)
		if (strcmp(d->columns[i].name, column) == 0)
			return m->totals.sum[i];
	fixture_fail("no column %s\n", column);
	return 0;
}

/* What the ledger's lines have on accounts that begin so, debit above zero;
 * of every account: what its debits are. */
static int64_t
posted(struct world *w, const char *head)
{
	const struct ledger_turnover *v;
	size_t len;
	int64_t sum = 0;

	assert_done(&w->fx,
	    w->p.ledger.turnover_of_lines(w->p.ledger.self, w->fx.a,
		STR("2026-01-01"), STR("2026-12-31"), STR(""), 500, &v, &len,
		&w->fx.f));
	for (size_t i = 0; i < len; i++)
		if (*head == '\0')
			sum += v[i].debit_kop;
		else if (str_starts(v[i].account, str_of(head)))
			sum += v[i].debit_kop - v[i].credit_kop;
	return sum;
}

static bool
has(struct str text)
{
	return str_find(buf_str(&kept.text), text) < kept.text.len;
}

static void
a_life_is_reported_as_the_ledger_has_it(void **state)
{
	struct world *w = *state;
	struct payment *pms[LIFE__COUNT];
	struct report_request pays = request_of(REPORT_PAYMENTS);
	struct report_request backs = request_of(REPORT_REFUNDS);
	struct report_request fees = request_of(REPORT_COMMISSIONS);
	struct report_made p, r, c;

	life_make(w, pms);
	p = made(w, &pays);
	assert_true(has(pms[LIFE_PAID]->number));
	assert_false(has(pms[LIFE_DECLINED]->number));
	assert_false(has(pms[LIFE_HELD]->number));
	r = made(w, &backs);
	assert_int_equal(r.totals.rows, 1);
	assert_int_equal(total(&backs, &r, "sum"), 10000);
	assert_true(has(STR("ошибка плательщика")));
	assert_int_equal(total(&pays, &p, "sum") -
		total(&pays, &p, "supplier_fee") - total(&backs, &r, "sum") +
		total(&backs, &r, "supplier_fee"),
	    -posted(w, "payable/"));
	c = made(w, &fees);
	assert_int_equal(total(&fees, &c, "net"), -posted(w, "commission/"));
	assert_int_equal(total(&fees, &c, "sum") + total(&fees, &c, "fee"),
	    total(&pays, &p, "total"));
	assert_int_equal(total(&fees, &c, "payments"), p.totals.rows);
}

static void
turnover_balances_and_goes_on_from_the_day_before(void **state)
{
	struct world *w = *state;
	struct report_request req = request_of(REPORT_TURNOVER), next;
	struct report_made m, after;

	(void)life_paid(w);
	m = made(w, &req);
	assert_int_equal(total(&req, &m, "debit"), total(&req, &m, "credit"));
	assert_int_equal(total(&req, &m, "closing_debit"),
	    total(&req, &m, "closing_credit"));
	assert_int_equal(total(&req, &m, "debit"), posted(w, ""));

	next = req;
	next.q.from_day = STR("2027-01-01");
	next.q.to_day = STR("2027-01-31");
	after = made(w, &next);
	assert_int_equal(after.totals.rows, m.totals.rows);
	assert_int_equal(total(&next, &after, "debit"), 0);
	assert_int_equal(total(&next, &after, "opening_debit"),
	    total(&req, &m, "closing_debit"));
}

static void
a_supplier_sees_its_own_rows_alone(void **state)
{
	struct world *w = *state;
	struct report_request req = request_of(REPORT_TURNOVER);
	struct report_made m;

	(void)life_paid(w);
	(void)life_openings(w);
	req.q.filter[REPORT_SUPPLIER] = STR("irkutskenergosbyt");
	m = made(w, &req);
	assert_int_equal(m.totals.rows, 1);
	assert_true(str_starts(buf_str(&kept.text),
	    STR("payable/irkutskenergosbyt/irkutskenergosbyt\t")));
	req.q.filter[REPORT_SUPPLIER] = STR("");
	req.q.filter[REPORT_PORTAL] = STR("portalgkh");
	m = made(w, &req);
	assert_true(m.totals.rows >= 2);
	assert_false(has(STR("irkutsk")));
	req = request_of(REPORT_TURNOVER);
	req.q.filter[REPORT_ACCOUNT] = STR("payable/portalgkh");
	m = made(w, &req);
	assert_true(m.totals.rows >= 1);
	assert_false(has(STR("commission")));

	req = request_of(REPORT_PAYMENTS);
	req.q.filter[REPORT_SUPPLIER] = STR("irkutskenergosbyt");
	m = made(w, &req);
	assert_true(m.totals.rows > 0);
	assert_false(has(STR("portalgkh")));
	req.q.filter[REPORT_STATE] = STR("refunded");
	req.q.filter[REPORT_BANK] = STR("gazprombank");
	m = made(w, &req);
	assert_int_equal(m.totals.rows, 0);
}

static void
refused(struct world *w, const struct report_request *req, const char *reason,
    const char *field)
{
	struct report_made m;

	assert_rc(&w->fx, run(w, req, &m), ERR_INVALID);
	assert_string_equal(w->fx.f.reason, reason);
	assert_string_equal(w->fx.f.fields[0].pointer, field);
	assert_int_equal(kept.opened, 0);
}

static void
who_and_what_is_not_there_is_named(void **state)
{
	struct world *w = *state;
	struct report_request req = request_of(REPORT_PAYMENTS);

	req.q.filter[REPORT_PORTAL] = STR("nowhere");
	refused(w, &req, "portal_unknown", "portal");
	req.q.filter[REPORT_PORTAL] = STR("portalgkh");
	req.q.filter[REPORT_SUPPLIER] = STR("irkutskenergosbyt");
	refused(w, &req, "supplier_unknown", "supplier");
	req.q.filter[REPORT_SUPPLIER] = STR("");
	req.q.filter[REPORT_CONTRACT] = STR("nobody");
	refused(w, &req, "report_contract", "contract");
}

static void
a_row_that_cannot_be_written_leaves_nothing(void **state)
{
	struct world *w = *state;
	struct report_request req = request_of(REPORT_PAYMENTS);
	struct report_made m;

	(void)life_paid(w);
	kept.fail_at = 1;
	assert_rc(&w->fx, run(w, &req, &m), ERR_LIMIT);
	kept.fail_at = 0;
	assert_int_equal(kept.dropped, 1);
	assert_int_equal(kept.ended, 0);
}

/* Payments of one day, three lines each, two at every instant. */
static void
many(struct world *w)
{
	static const char n[] =
	    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n "
	    "WHERE i < %d) ";
	static const char key[] =
	    "substr('M' || CAST(10000000 + (i * 7919) % 100000 AS "
	    "VARCHAR(9)), 1, 8)";
	static const char *const tables[] = {
		"INSERT INTO payment (akey, number, portal, state, secret, "
		"payer, email, return_url, frontend, contract, bank, "
		"lines_hash, lines_len, sum_kop, fee_kop, total_kop, "
		"refunded_kop, created_at, expires_at, changed_at, paid_at, "
		"attempts, paid_attempt, card_mask, bank_ref, auth_code, "
		"reason, led_to) %sSELECT %s, 'M-' || i, 'portalgkh', 'paid', "
		"'', '', '', '', '', 'gpb-portalgkh', 'gazprombank', '', 3, "
		"600, 0, 600, 0, 1, 2, 1, 1700000000000, 1, 1, '', '', '', "
		"'', '' FROM n",
		"INSERT INTO pay_line (akey, number, n, supplier, service, "
		"account, sum_kop, fee_kop, supplier_fee_kop) %sSELECT %s, "
		"'M-' || i, l, 'yuzhnoe-zhks', 'x', '1', 100 * l, 0, 0 FROM n "
		"CROSS JOIN (SELECT 1 AS l UNION ALL SELECT 2 UNION ALL "
		"SELECT 3) x",
		"INSERT INTO ledger_transfer (akey, id, cause, kind, number, "
		"day, at) %sSELECT %s, 'T' || i, 'M-' || i, 'paid', "
		"'M-' || i, '2023-11-14', 1700000000000 + i / 2 FROM n",
	};

	for (size_t i = 0; i < KV_COUNT(tables); i++) {
		struct str with = arena_fmt(w->fx.a, n, MANY - 1);
		struct buf b;
		const char *p = tables[i], *at = strstr(p, "%s");

		buf_init(&b, w->fx.a, 4096);
		buf_bytes(&b, p, (size_t)(at - p));
		buf_text(&b, with);
		p = at + 2;
		at = strstr(p, "%s");
		buf_bytes(&b, p, (size_t)(at - p));
		buf_text(&b, str_of(key));
		buf_text(&b, str_of(at + 2));
		fixture_sql(&w->fx, arena_z(w->fx.a, buf_str(&b)));
	}
}

static enum err
count_pages(void *arg, const struct report_progress *at, struct fault *f)
{
	(void)f;
	assert_text(at->day, "2023-11-14");
	++*(int *)arg;
	return ERR_OK;
}

static void
pages_lose_no_row_and_repeat_none(void **state)
{
	struct world *w = *state;
	struct report_request req = request_of(REPORT_PAYMENTS);
	struct report_made m, again;
	struct str rest, line, before = STR("");
	int pages = 0;
	size_t lines = 0;

	many(w);
	req.q.from_day = req.q.to_day = STR("2023-11-14");
	req.progress = count_pages;
	req.arg = &pages;
	m = made(w, &req);
	assert_int_equal(pages, 4); /* the last one has nothing */
	assert_int_equal(m.totals.rows, 3 * MANY);
	assert_int_equal(total(&req, &m, "sum"), 600 * MANY);
	rest = buf_str(&kept.text);
	while (rest.len > 0) {
		(void)str_cut(&rest, '\n', &line);
		assert_false(str_eq(line, before));
		before = line;
		lines++;
	}
	assert_int_equal(lines, 3 * MANY);
	w->now += 5000;
	again = made(w, &req);
	assert_string_equal(m.hash, again.hash);
	req.q.filter[REPORT_STATE] = STR("refunded");
	again = made(w, &req);
	assert_int_equal(again.totals.rows, 0);
	assert_string_not_equal(m.hash, again.hash);
}

static void
settlements_and_cases_are_reported_by_their_day(void **state)
{
	struct world *w = *state;
	struct report_request req = request_of(REPORT_CASES);
	struct report_made all, open, none;
	struct settlement s;

	(void)life_held(w);
	all = made(w, &req);
	assert_true(all.totals.rows > 0);
	assert_true(has(STR("\twrong_sum\t")));
	req.q.filter[REPORT_STATE] = STR("open");
	open = made(w, &req);
	req.q.filter[REPORT_STATE] = STR("resolved");
	none = made(w, &req);
	assert_int_equal(all.totals.rows, open.totals.rows + none.totals.rows);
	req = request_of(REPORT_CASES);
	req.q.to_day = STR("2026-01-02"); /* before any */
	none = made(w, &req);
	assert_int_equal(none.totals.rows, 0);

	settle_all(w, SBER);
	(void)life_paid(w);
	s = prepared(w, SBER, day_over(w));
	s = confirmed(w, &s);
	req = request_of(REPORT_SETTLEMENTS);
	req.q.filter[REPORT_SUPPLIER] = STR("irkutskenergosbyt");
	req.q.filter[REPORT_STATE] = STR("confirmed");
	req.q.from_day = req.q.to_day = s.day;
	all = made(w, &req);
	assert_int_equal(all.totals.rows, 1);
	assert_true(has(s.id));
	assert_int_equal(total(&req, &all, "transfer"), s.sums.transfer_kop);
	req.q.filter[REPORT_PORTAL] = STR("portalgkh");
	req.q.filter[REPORT_SUPPLIER] = STR("");
	none = made(w, &req);
	assert_int_equal(none.totals.rows, 0);
}

static void
registers_readings_and_closings_are_reported(void **state)
{
	struct world *w = *state;
	struct report_request req = request_of(REPORT_RECONCILIATION);
	struct report_made m;

	fixture_sql(&w->fx,
	    "INSERT INTO register_row (akey, contract, row_key, file, line, "
	    "kind, order_no, bank_id, op_id, rrn, auth_code, card, at, day, "
	    "gross_kop, fee_kop, vat_kop, net_kop, state, fee_off, late, "
	    "number, portal, own_account, found_akey, found_transfer, "
	    "found_kop, judged_at) VALUES ('M1000000', 'gpb-portalgkh', "
	    "'0123456789abcdef0123456789abcdef', 'F', 1, 'payment', 'O', 'B', "
	    "'P', 'R', 'A', '', 1764462896000, '2026-02-03', 1000, 15, 3, "
	    "982, 'matched', 1, 0, 'M-1', 'portalgkh', 'own', 'M1000000', "
	    "'T', 1000, 2)");
	m = made(w, &req);
	assert_int_equal(m.totals.rows, 1);
	assert_int_equal(total(&req, &m, "net"), 982);
	assert_int_equal(total(&req, &m, "ours"), 1000);
	assert_true(has(STR("\tyes\n")));
	req.q.filter[REPORT_STATE] = STR("unknown");
	m = made(w, &req);
	assert_int_equal(m.totals.rows, 0);

	fixture_sql(&w->fx,
	    "INSERT INTO register_pair (akey, transfer, contract, day, "
	    "number, portal, sum_kop, state, row_akey, row_key, at) VALUES "
	    "('M1000000', 'T7', 'gpb-portalgkh', '2026-02-03', 'M-1', "
	    "'portalgkh', 700, 'missing', '', '', 1), ('M1000000', 'T8', "
	    "'gpb-portalgkh', '2026-02-03', 'M-1', 'portalgkh', 800, 'found', "
	    "'', '0123456789abcdef0123456789abcdef', 1)");
	req = request_of(REPORT_MISSING);
	m = made(w, &req);
	assert_int_equal(m.totals.rows, 1);
	assert_int_equal(total(&req, &m, "sum"), 700);

	fixture_sql(&w->fx,
	    "INSERT INTO reading (akey, number, id, portal, supplier, account, "
	    "meter, period, before_value, value, use_value, rolled, source, "
	    "state, created_at, given_at) SELECT akey, number, 'X1', portal, "
	    "'yuzhnoe-zhks', '1', 'm', '2026-01', 10, 17, 7, 0, 'payment', "
	    "'given', 1, 1767214800000 FROM payment WHERE number = 'M-1'");
	req = request_of(REPORT_READINGS); /* 2026-01-01 00:00 of Moscow */
	m = made(w, &req);
	assert_int_equal(m.totals.rows, 1);
	assert_int_equal(total(&req, &m, "use"), 7);
	req.q.from_day = STR("2026-01-02");
	m = made(w, &req);
	assert_int_equal(m.totals.rows, 0);
	req.q.from_day = req.q.to_day = STR("2025-12-31");
	m = made(w, &req);
	assert_int_equal(m.totals.rows, 0);

	fixture_sql(&w->fx,
	    "INSERT INTO ledger_close (day, hash, previous, transfers, lines, "
	    "debit_kop, credit_kop, actor, at) VALUES ('2026-01-01', "
	    "'0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	    "', '', 2, 4, 500, 500, 'operator:test', 1)");
	req = request_of(REPORT_CLOSINGS);
	m = made(w, &req);
	assert_int_equal(m.totals.rows, 1);
	assert_int_equal(total(&req, &m, "debit"), 500);
}

static int
end(void **state)
{
	struct world *w = *state;

	fixture_close(&w->fx); /* the many have no books to be audited */
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_life_is_reported_as_the_ledger_has_it),
		cmocka_unit_test(
		    turnover_balances_and_goes_on_from_the_day_before),
		cmocka_unit_test(a_supplier_sees_its_own_rows_alone),
		cmocka_unit_test(who_and_what_is_not_there_is_named),
		cmocka_unit_test(a_row_that_cannot_be_written_leaves_nothing),
		cmocka_unit_test(pages_lose_no_row_and_repeat_none),
		cmocka_unit_test(
		    settlements_and_cases_are_reported_by_their_day),
		cmocka_unit_test(registers_readings_and_closings_are_reported),
	};

	return cmocka_run_group_tests(tests, make, end);
}
