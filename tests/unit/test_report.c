/* Unit tests of domain/report: definitions, what may be asked, cells. */
#include "kvitok/base/utf8.h"
#include "kvitok/domain/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena *a;
static struct fault f;

static int
begin(void **state)
{
	(void)state;
	a = arena_new(1 << 20);
	fault_init(&f);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static struct report_query
query(const char *from, const char *to)
{
	return (struct report_query){ .id = REPORT_PAYMENTS,
		.from_day = str_of(from),
		.to_day = str_of(to) };
}

static void
refused(const struct report_query *q, enum report_format format,
    const char *reason, const char *field)
{
	fault_init(&f);
	assert_int_equal(report_check(q, format, &f), ERR_INVALID);
	assert_string_equal(f.reason, reason);
	assert_string_equal(f.fields[0].pointer, field);
}

static void
taken(const struct report_query *q)
{
	fault_init(&f);
	assert_int_equal(report_check(q, REPORT_XML, &f), ERR_OK);
}

/* Letters that a form of names allows. */
static bool
made_of(const char *s, const char *set, size_t max)
{
	return *s != '\0' && strlen(s) <= max && strspn(s, set) == strlen(s);
}

static void
each_report_is_defined_whole(void **state)
{
	(void)state;
	for (int i = 0; i < REPORT__COUNT; i++) {
		const struct report_def *d = report_def((enum report_id)i);
		int width = 1;

		assert_true(
		    made_of(d->name, "abcdefghijklmnopqrstuvwxyz_", 40));
		assert_true(strlen(d->title) > 0 && strlen(d->about) > 0);
		assert_true(d->formats != 0);
		assert_true(d->columns_len <= REPORT_COLUMNS_MAX);
		assert_int_equal(
		    report_has_filter(d, REPORT_STATE), d->states != NULL);
		/* What is totalled is a number, and the first column is none:
		 * there stands the word. */
		assert_false(d->columns[0].total);
		for (size_t k = 0; k < d->columns_len; k++) {
			const struct report_column *c = &d->columns[k];

			assert_true(made_of(
			    c->name, "abcdefghijklmnopqrstuvwxyz_", 40));
			assert_true(
			    made_of(c->dbf, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_", 10));
			assert_true(strlen(c->title) > 0);
			assert_true(c->length > 0 && c->length <= 254);
			assert_true(!c->total || c->type == REPORT_SUM ||
			    c->type == REPORT_NUMBER);
			assert_int_equal(
			    c->words != NULL, c->type == REPORT_WORD);
			width += c->length;
			for (const struct report_word *x = c->words;
			     x != NULL && x->id != NULL; x++)
				assert_true(utf8_len(str_of(x->words)) <=
				    (size_t)c->length);
			for (size_t n = 0; n < k; n++) {
				assert_string_not_equal(
				    c->name, d->columns[n].name);
				assert_string_not_equal(
				    c->dbf, d->columns[n].dbf);
			}
		}
		assert_true(width <= 4000); /* of dBase */
	}
}

static void
names_lead_to_their_reports_formats_and_words(void **state)
{
	enum report_id id;
	enum report_format format;

	(void)state;
	assert_true(report_of(STR("turnover"), &id));
	assert_int_equal(id, REPORT_TURNOVER);
	assert_false(report_of(STR("Turnover"), &id));
	assert_false(report_of(STR(""), &id));
	assert_true(report_format_of(STR("xlsx"), &format));
	assert_int_equal(format, REPORT_XLSX);
	assert_false(report_format_of(STR("doc"), &format));
	assert_true(str_eq(
	    report_word(report_def(REPORT_PAYMENTS)->states, STR("paid")),
	    STR("Оплачен")));
	assert_true(str_eq(report_word(NULL, STR("x")), STR("x")));
	assert_true(
	    str_eq(report_word(report_def(REPORT_PAYMENTS)->states, STR("x")),
		STR("x")));
}

static void
a_period_is_a_year_at_most_and_not_upside_down(void **state)
{
	struct report_query q = query("2026-02-30", "2026-03-01");

	(void)state;
	refused(&q, REPORT_CSV, "report_day", "from");
	q = query("2026-02-01", "01.03.2026");
	refused(&q, REPORT_CSV, "report_day", "to");
	q = query("2026-03-02", "2026-03-01");
	refused(&q, REPORT_CSV, "report_upside_down", "from");
	q = query("2026-03-01", "2026-03-01");
	taken(&q);
	q = query("2024-01-01", "2024-12-31"); /* 366 days */
	taken(&q);
	q = query("2024-01-01", "2025-01-01");
	refused(&q, REPORT_CSV, "report_too_long", "to");
}

static void
a_filter_that_a_report_has_not_is_named_with_those_it_has(void **state)
{
	struct report_query q = query("2026-03-01", "2026-03-01");
	struct buf b;

	(void)state;
	q.filter[REPORT_ACCOUNT] = STR("payable");
	refused(&q, REPORT_CSV, "report_filter", "account");
	buf_init(&b, a, 1000);
	fault_words(&f, &b);
	assert_non_null(strstr(b.p, "portal, supplier, contract, bank, state"));
	q = query("2026-03-01", "2026-03-01");
	q.filter[REPORT_STATE] = STR("declined");
	refused(&q, REPORT_CSV, "report_state", "state");
	assert_non_null(strstr(f.detail, "paid, partly_refunded, refunded"));
	q.filter[REPORT_STATE] = STR("refunded");
	taken(&q);
}

static void
cells_are_written_for_machines_and_for_people(void **state)
{
	static const struct report_column text = { .type = REPORT_TEXT },
					  day = { .type = REPORT_DAY },
					  at = { .type = REPORT_INSTANT },
					  sum = { .type = REPORT_SUM },
					  number = { .type = REPORT_NUMBER };
	static const struct {
		const struct report_column *c;
		struct report_cell cell;
		const char *machine, *plain;
	} rows[] = {
		{ &text, { { "=1", 2 }, 0 }, "=1", "=1" },
		{ &day, { { "2026-11-30", 10 }, 0 }, "2026-11-30",
		    "30.11.2026" },
		{ &day, { { "", 0 }, 0 }, "", "" },
		{ &at, { { NULL, 0 }, INT64_C(1764462896000) },
		    "2025-11-30 03:34:56", "30.11.2025 03:34:56" },
		{ &at, { { NULL, 0 }, 0 }, "", "" },
		{ &sum, { { NULL, 0 }, 123456789 }, "1234567.89",
		    "1234567,89" },
		{ &sum, { { NULL, 0 }, -5 }, "-0.05", "-0,05" },
		{ &number, { { NULL, 0 }, -7 }, "-7", "-7" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf b;

		buf_init(&b, a, 100);
		report_machine(&b, rows[i].c, &rows[i].cell);
		assert_true(str_eq(buf_str(&b), str_of(rows[i].machine)));
		buf_init(&b, a, 100);
		report_plain(&b, rows[i].c, &rows[i].cell, ',');
		assert_true(str_eq(buf_str(&b), str_of(rows[i].plain)));
	}
}

static void
words_are_shown_to_people_and_their_ids_to_machines(void **state)
{
	const struct report_def *d = report_def(REPORT_PAYMENTS);
	const struct report_column *c = &d->columns[d->columns_len - 1];
	struct report_cell cell = { .t = STR("paid") };
	struct buf b;

	(void)state;
	buf_init(&b, a, 100);
	report_machine(&b, c, &cell);
	assert_string_equal(b.p, "paid");
	buf_init(&b, a, 100);
	report_plain(&b, c, &cell, ',');
	assert_string_equal(b.p, "Оплачен");
}

static void
totals_add_up_and_do_not_run_over(void **state)
{
	const struct report_def *d = report_def(REPORT_TURNOVER);
	struct report_cell row[REPORT_COLUMNS_MAX] = { { STR("a"), 0 } };
	struct report_totals t = { .rows = 0 };

	(void)state;
	row[1].n = INT64_MAX - 1;
	row[3].n = -2;
	assert_int_equal(report_add(d, &t, row, &f), ERR_OK);
	row[1].n = 1;
	assert_int_equal(report_add(d, &t, row, &f), ERR_OK);
	assert_int_equal(t.rows, 2);
	assert_true(t.sum[1] == INT64_MAX);
	assert_int_equal(t.sum[3], -4);
	assert_int_equal(t.sum[0], 0);
	assert_int_equal(report_add(d, &t, row, &f), ERR_LIMIT);
	assert_string_equal(f.reason, "sum_overflow");
}

static void
the_hash_is_made_of_lines_that_no_value_breaks(void **state)
{
	const struct report_def *d = report_def(REPORT_TURNOVER);
	struct report_query q = { .id = REPORT_TURNOVER,
		.from_day = STR("2026-11-01"),
		.to_day = STR("2026-11-30") };
	struct report_cell row[REPORT_COLUMNS_MAX] = { { STR("a\tb\r\nc"), 0 },
		{ STR_NONE, 150 } };
	struct report_totals t = { .rows = 0 };
	struct buf b;

	(void)state;
	q.filter[REPORT_PORTAL] = STR("p\n1");
	buf_init(&b, a, 4096);
	report_hash_head(&b, &q);
	report_hash_row(&b, d, row);
	assert_int_equal(report_add(d, &t, row, &f), ERR_OK);
	report_hash_end(&b, d, &t);
	assert_string_equal(b.p,
	    "turnover\t2026-11-01\t2026-11-30\tp 1\t\t\t\t\t\n"
	    "account\topening_debit\topening_credit\tdebit\tcredit\t"
	    "closing_debit\tclosing_credit\n"
	    "a b  c\t1.50\t0.00\t0.00\t0.00\t0.00\t0.00\n"
	    "total\t1\t1.50\t0.00\t0.00\t0.00\t0.00\t0.00\n");
	buf_init(&b, a, 100);
	report_file_name(&b, &q, REPORT_XLSX);
	assert_string_equal(b.p, "turnover-2026-11-01-2026-11-30.xlsx");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_report_is_defined_whole),
		TEST(names_lead_to_their_reports_formats_and_words),
		TEST(a_period_is_a_year_at_most_and_not_upside_down),
		TEST(a_filter_that_a_report_has_not_is_named_with_those_it_has),
		TEST(cells_are_written_for_machines_and_for_people),
		TEST(words_are_shown_to_people_and_their_ids_to_machines),
		TEST(totals_add_up_and_do_not_run_over),
		TEST(the_hash_is_made_of_lines_that_no_value_breaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
