/* Unit tests of out/report_*: what stands in the files. */
#include "kvitok/base/secret.h"
#include "kvitok/out/report_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define FILE_MAX ((size_t)3 << 20)

static struct arena *a;
static struct fault f;
static char folder[] = "/tmp/kvitok-report.XXXXXX";
static struct report_query q;
static struct report_head head;
static struct report_totals totals;
static struct report_file file;

static int
make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL;
}

static int
remove_folder(void **state)
{
	(void)state;
	return rmdir(folder); /* empty: nothing was left */
}

static int
begin(void **state)
{
	(void)state;
	a = arena_new((size_t)64 << 20);
	fault_init(&f);
	totals = (struct report_totals){ .rows = 0 };
	q = (struct report_query){ .id = REPORT_TURNOVER,
		.from_day = STR("2026-11-01"),
		.to_day = STR("2026-11-30") };
	head = (struct report_head){ .q = &q,
		.asked_by = STR("operator:анна"),
		.made_at = INT64_C(1764462896000),
		.encoding = CODEPAGE_UTF8,
		.separator = ';' };
	return 0;
}

static int
end(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static struct str
path(const char *name)
{
	return arena_fmt(a, "%s/%s", folder, name);
}

static bool
is_there(struct str p)
{
	struct stat st;

	return stat(arena_z(a, p), &st) == 0;
}

/* A file of one row whose account is text, and of n more. */
static struct str
make(enum report_format format, const char *name, const char *text, int more)
{
	struct report_press press = report_press_of();
	const struct report_def *d = report_def(q.id);
	struct report_cell row[REPORT_COLUMNS_MAX] = { { str_of(text), 0 },
		{ STR_NONE, 123456 }, { STR_NONE, 0 }, { STR_NONE, -50 } };
	struct str p = path(name);
	struct report_writer w;
	char hash[65];

	secret_sha256_hex(STR("as the use-case says"), hash);
	assert_int_equal(
	    press.open(press.self, a, &head, format, p, &w, &f), ERR_OK);
	assert_false(is_there(p));
	for (int i = 0; i <= more; i++) {
		assert_int_equal(report_add(d, &totals, row, &f), ERR_OK);
		assert_int_equal(w.row(w.self, row, &f), ERR_OK);
	}
	assert_int_equal(
	    w.end(w.self, &(struct report_end){ &totals, str_of(hash) }, &file,
		&f),
	    ERR_OK);
	assert_false(is_there(arena_fmt(a, "%.*s.part", STR_ARG(p))));
	return p;
}

static struct str
read_all(struct str p)
{
	FILE *in = fopen(arena_z(a, p), "re");
	char *text = arena_alloc(a, FILE_MAX);
	char hash[65];
	struct str s;

	assert_non_null(in);
	s = (struct str){ text, fread(text, 1, FILE_MAX, in) };
	(void)fclose(in);
	assert_int_equal(s.len, file.size);
	secret_sha256_hex(s, hash);
	assert_string_equal(hash, file.digest);
	assert_int_equal(unlink(arena_z(a, p)), 0);
	return s;
}

static bool
has(struct str s, const char *part)
{
	return str_find(s, str_of(part)) < s.len;
}

static void
csv_says_what_it_is_and_has_its_totals(void **state)
{
	struct str s = read_all(make(REPORT_CSV, "a.csv", "payable/a/b", 1));

	(void)state;
	assert_true(str_starts(
	    s, STR(CODEPAGE_BOM "Оборотно-сальдовая ведомость\r\n")));
	assert_true(has(s, "\r\nПериод;01.11.2026 – 30.11.2026\r\n"));
	assert_true(has(s, "\r\nЗапросил;operator:анна\r\n"));
	assert_true(has(s, "\r\nСоставлен (МСК);30.11.2025 03:34:56\r\n"));
	assert_true(
	    has(s, "\r\npayable/a/b;1234,56;0,00;-0,50;0,00;0,00;0,00\r\n"));
	assert_true(has(s, "\r\nИтого;2469,12;0,00;-1,00;0,00;0,00;0,00\r\n"));
	assert_true(has(s, "\r\nСтрок;2\r\n"));
	assert_false(has(s, "Заменено"));
}

static void
csv_makes_no_formula_of_a_text_and_no_text_of_a_sum(void **state)
{
	static const struct {
		const char *text, *cell;
	} rows[] = {
		{ "=cmd|' /C calc'!A0", "\r\n'=cmd|' /C calc'!A0;1234,56" },
		{ "+7", "\r\n'+7;" },
		{ "-7", "\r\n'-7;" },
		{ "@SUM(A1)", "\r\n'@SUM(A1);" },
		{ "\t=1", "\r\n' =1;" },
		{ "\r=1", "\r\n' =1;" },
		{ "\n=1", "\r\n' =1;" },
		{ "＝1", "\r\n'＝1;" },
		{ "＠1", "\r\n'＠1;" },
		{ "a=1", "\r\na=1;" },
		{ "a;b", "\r\n\"a;b\";" },
		{ "ООО \"Ромашка\"", "\r\n\"ООО \"\"Ромашка\"\"\";" },
		{ "две\r\nстроки", "\r\nдве  строки;" },
		{ "", "\r\n;1234,56" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str s =
		    read_all(make(REPORT_CSV, "a.csv", rows[i].text, 0));

		assert_true(has(s, rows[i].cell));
		assert_true(has(s, ";-0,50;"));
	}
}

static void
csv_with_commas_has_decimal_points(void **state)
{
	struct str s;

	(void)state;
	head.separator = ',';
	s = read_all(make(REPORT_CSV, "a.csv", "a;b,c", 0));
	assert_true(has(s, "\r\n\"a;b,c\",1234.56,0.00,-0.50,"));
	head.separator = '\t';
	s = read_all(make(REPORT_CSV, "a.csv", "a;b", 0));
	assert_true(has(s, "\r\na;b\t1234,56\t"));
}

static void
csv_counts_what_windows_1251_has_not(void **state)
{
	struct str s;

	(void)state;
	head.encoding = CODEPAGE_CP1251;
	s = read_all(
	    make(REPORT_CSV, "a.csv", "Ёж \xE2\x82\xBD \xF0\x9F\x98\x80", 0));
	assert_int_equal(file.replaced, 2);
	assert_true(has(s, "\r\n\xA8\xE6 ? ?;1234,56"));
	assert_true(
	    str_starts(s, STR("\xCE\xE1\xEE\xF0\xEE\xF2"))); /* no BOM */
	assert_true(has(s, ";2\r\n"));
}

static void
xml_is_escaped_and_written_for_machines(void **state)
{
	struct str s = read_all(make(REPORT_XML, "a.xml", "<a>&\"", 0));

	(void)state;
	assert_true(has(s, "<report xmlns=\"urn:kvitok:report:1\""));
	assert_true(has(s, "from=\"2026-11-01\" to=\"2026-11-30\""));
	assert_true(has(s, "made-at=\"2025-11-30T00:34:56.000Z\""));
	assert_true(
	    has(s, "<r><v>&lt;a&gt;&amp;&quot;</v><v>1234.56</v><v>0.00</v>"));
	assert_true(has(s, "<totals rows=\"1\" sha256=\""));
	assert_true(has(s, "<total column=\"debit\">-0.50</total>"));
}

static void
the_same_rows_give_the_same_bytes_in_every_format(void **state)
{
	(void)state;
	for (int i = 0; i < REPORT_FORMAT__COUNT; i++) {
		struct str first, second;

		totals = (struct report_totals){ .rows = 0 };
		first = read_all(make((enum report_format)i, "a", "б", 9000));
		totals = (struct report_totals){ .rows = 0 };
		second = read_all(make((enum report_format)i, "b", "б", 9000));
		assert_true(first.len > 1000);
		assert_true(str_eq(first, second));
	}
}

static void
what_is_dropped_leaves_what_was_there(void **state)
{
	struct report_press press = report_press_of();
	struct report_cell row[REPORT_COLUMNS_MAX] = { { STR("a"), 0 } };
	struct report_writer w;

	(void)state;
	for (int i = 0; i < REPORT_FORMAT__COUNT; i++) {
		struct str p = make(REPORT_CSV, "a", "before", 0);

		assert_int_equal(press.open(press.self, a, &head,
				     (enum report_format)i, p, &w, &f),
		    ERR_OK);
		assert_int_equal(w.row(w.self, row, &f), ERR_OK);
		w.drop(w.self);
		assert_false(is_there(arena_fmt(a, "%.*s.part", STR_ARG(p))));
		assert_true(has(read_all(p), "before"));
	}
}

static void
a_folder_that_is_not_there_is_told(void **state)
{
	struct report_press press = report_press_of();
	struct report_writer w;

	(void)state;
	for (int i = 0; i < REPORT_FORMAT__COUNT; i++) {
		assert_int_equal(
		    press.open(press.self, a, &head, (enum report_format)i,
			STR("/nowhere/at/all"), &w, &f),
		    ERR_AGAIN);
		assert_string_equal(f.reason, "file_not_written");
		assert_non_null(strstr(f.detail, "No such file"));
	}
}

/* /dev/full takes nothing: its .part is a link to it. */
static void
a_full_disk_is_told_and_leaves_nothing(void **state)
{
	static const enum report_format formats[] = { REPORT_CSV, REPORT_XML };
	struct report_press press = report_press_of();
	struct report_cell row[REPORT_COLUMNS_MAX] = { { STR("a"), 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct str p = path("full");
		struct str part = arena_fmt(a, "%.*s.part", STR_ARG(p));
		struct report_writer w;
		enum err rc;

		assert_int_equal(symlink("/dev/full", part.p), 0);
		rc = press.open(press.self, a, &head, formats[i], p, &w, &f);
		for (int n = 0; rc == ERR_OK && n < 20000; n++)
			rc = w.row(w.self, row, &f);
		assert_int_equal(rc, ERR_AGAIN);
		assert_string_equal(f.reason, "file_not_written");
		w.drop(w.self);
		assert_false(is_there(part));
		assert_false(is_there(p));
	}
}

/* Formats have bounds of their own; none cuts a text. */
static void
a_text_that_has_no_place_is_refused_and_not_cut(void **state)
{
	struct report_press press = report_press_of();
	const size_t len = 70000;
	char *text = arena_alloc(a, len);
	struct report_cell row[REPORT_COLUMNS_MAX] = { { STR("a"), 0 } };

	(void)state;
	memset(text, 'a', len);
	for (int i = 0; i < REPORT_FORMAT__COUNT; i++) {
		struct str p = path("long");
		struct report_writer w;

		assert_int_equal(press.open(press.self, a, &head,
				     (enum report_format)i, p, &w, &f),
		    ERR_OK);
		row[0].t = STR("short");
		assert_int_equal(w.row(w.self, row, &f), ERR_OK);
		row[0].t = (struct str){ text, len };
		assert_int_equal(w.row(w.self, row, &f), ERR_LIMIT);
		assert_string_equal(f.reason, "report_text");
		w.drop(w.self);
		assert_false(is_there(p));
	}
}

static void
a_pdf_has_fifty_thousand_rows_and_not_one_more(void **state)
{
	struct report_press press = report_press_of();
	struct report_cell row[REPORT_COLUMNS_MAX] = { { STR("a"), 0 } };
	struct str p = path("long.pdf");
	struct report_writer w;

	(void)state;
	assert_int_equal(
	    press.open(press.self, a, &head, REPORT_PDF, p, &w, &f), ERR_OK);
	for (int i = 0; i < 50000; i++)
		assert_int_equal(w.row(w.self, row, &f), ERR_OK);
	assert_int_equal(w.row(w.self, row, &f), ERR_LIMIT);
	assert_string_equal(f.reason, "report_pdf_long");
	w.drop(w.self);
	assert_false(is_there(p));
	assert_false(is_there(path("long.pdf.part")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(csv_says_what_it_is_and_has_its_totals),
		TEST(csv_makes_no_formula_of_a_text_and_no_text_of_a_sum),
		TEST(csv_with_commas_has_decimal_points),
		TEST(csv_counts_what_windows_1251_has_not),
		TEST(xml_is_escaped_and_written_for_machines),
		TEST(the_same_rows_give_the_same_bytes_in_every_format),
		TEST(what_is_dropped_leaves_what_was_there),
		TEST(a_folder_that_is_not_there_is_told),
		TEST(a_full_disk_is_told_and_leaves_nothing),
		TEST(a_text_that_has_no_place_is_refused_and_not_cut),
		TEST(a_pdf_has_fifty_thousand_rows_and_not_one_more),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
