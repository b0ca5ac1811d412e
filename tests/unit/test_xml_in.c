#include "kvitok/xml/in.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>

#define HEAD                                                                   \
	"<document xmlns='urn:kvitok:exchange:1' version='1.0' "               \
	"portal='p' supplier='s' number='7' "                                  \
	"made_at='2026-11-28T05:00:00+03:00'>"
#define BALANCE(sum)                                                           \
	"<balance account='10019743' service='zhku' debt_kop='" sum "'/>"
#define BALANCES(count, sum)                                                   \
	HEAD "<balances as_of_day='2026-12-02' count='" count                  \
	     "' sum_kop='" sum "'>"
#define END "</balances></document>"

/* A document that is made while it is read, and what is told of it. */
struct world {
	struct arena *a;
	struct xml_schema *schema;
	const char *head, *again, *tail; /* again is repeated */
	int64_t repeat;
	int64_t size_max;
	size_t at; /* in the part in hand */
	int part;  /* 0 head, 1 again, 2 tail */
	int64_t left;
	bool fails;
	/* told */
	int heads, records, problems;
	enum err record_rc;
	struct str kind, portal, supplier;
	int64_t number;
	int64_t line, record;
	char path[200], words[400];
	struct xml_totals n;
	struct fault f;
};

static const char *
part_of(struct world *w)
{
	if (w->part == 0)
		return w->head;
	return w->part == 1 ? w->again : w->tail;
}

static int
give(void *self, char *p, int len)
{
	struct world *w = self;
	int n = 0;

	if (w->fails)
		return -1;
	while (n < len && w->part < 3) {
		const char *from = part_of(w);

		if (from && from[w->at] != '\0') {
			p[n++] = from[w->at++];
			continue;
		}
		w->at = 0;
		if (w->part != 1 || --w->left <= 0)
			w->part++;
		if (w->part == 1 && w->left <= 0)
			w->part = 2;
	}
	return n;
}

static enum err
on_head(void *self, const struct xml_head *h, struct fault *f)
{
	struct world *w = self;

	(void)f;
	w->heads++;
	w->kind = arena_str(w->a, h->kind);
	w->portal = arena_str(w->a, h->portal);
	w->supplier = arena_str(w->a, h->supplier);
	w->number = h->number;
	return ERR_OK;
}

static enum err
on_record(void *self, const struct xml_node *n, struct fault *f)
{
	struct world *w = self;

	assert_non_null(n->name.p);
	w->records++;
	return w->record_rc == ERR_OK
	    ? ERR_OK
	    : fault_set(f, w->record_rc, "busy", "as told");
}

static void
on_problem(void *self, const struct xml_problem *x)
{
	struct world *w = self;

	if (w->problems++ > 0)
		return;
	w->line = x->line;
	w->record = x->record;
	(void)snprintf(w->path, sizeof(w->path), "%.*s", STR_ARG(x->path));
	(void)snprintf(w->words, sizeof(w->words), "%.*s", STR_ARG(x->words));
}

static enum err
read_all(struct world *w)
{
	struct xml_source from = { w, give, w->size_max };
	struct xml_reader to = { w, on_head, on_record, on_problem };

	w->at = 0;
	w->part = 0;
	w->left = w->repeat;
	w->heads = w->records = w->problems = 0;
	w->path[0] = w->words[0] = '\0';
	return xml_in_read(w->schema, &from, &to, &w->n, &w->f);
}

static enum err
read_text(struct world *w, const char *text)
{
	w->head = text;
	w->again = w->tail = NULL;
	w->repeat = 0;
	return read_all(w);
}

static int
setup(void **state)
{
	static struct world w;

	w = (struct world){ .size_max = 1 << 30 };
	w.a = arena_new(1 << 20);
	fault_init(&w.f);
	xml_init();
	assert_int_equal(xml_schema_exchange(w.a, &w.schema, &w.f), ERR_OK);
	*state = &w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;

	arena_free(w->a);
	return 0;
}

static void
whole_document_gives_its_head_records_and_totals(void **state)
{
	struct world *w = *state;

	assert_int_equal(
	    read_text(w,
		"<?xml version='1.0' encoding='UTF-8'?>" BALANCES("2", "400")
		    BALANCE("500") BALANCE("-100") END),
	    ERR_OK);
	assert_int_equal(w->heads, 1);
	assert_int_equal(w->records, 2);
	assert_int_equal(w->problems, 0);
	assert_true(str_eq(w->kind, STR("balances")));
	assert_true(str_eq(w->portal, STR("p")));
	assert_true(str_eq(w->supplier, STR("s")));
	assert_int_equal(w->number, 7);
	assert_int_equal(w->n.count, 2);
	assert_int_equal(w->n.sum_kop, 400);
}

/* Of 160 characters, one of them an ampersand: to the schema, too. */
static void
an_ampersand_is_one_character(void **state)
{
	struct world *w = *state;
	char text[1000], title[160] = "";

	memset(title, 'a', sizeof(title) - 1);
	snprintf(text, sizeof(text),
	    HEAD "<contracts count='1'><contract number='1' account='1' "
		 "title='%s&amp;' from_day='2020-01-01'/></contracts>"
		 "</document>",
	    title);
	assert_int_equal(read_text(w, text), ERR_OK);
	snprintf(text, sizeof(text),
	    HEAD "<contracts count='1'><contract number='1' account='1' "
		 "title='%sb&amp;' from_day='2020-01-01'/></contracts>"
		 "</document>",
	    title);
	assert_int_equal(read_text(w, text), ERR_INVALID);
}

static void
empty_document_is_one_too(void **state)
{
	assert_int_equal(read_text(*state, BALANCES("0", "0") END), ERR_OK);
}

static void
sum_of_the_parts_is_the_control_total_of_acts(void **state)
{
	struct world *w = *state;

	assert_int_equal(read_text(w,
			     HEAD "<acts count='1' sum_kop='30'><act "
				  "number='1' account='1' day='2026-11-27'>"
				  "<work title='a' quantity='1' sum_kop='10'/>"
				  "<work title='b' quantity='2' sum_kop='20'/>"
				  "</act></acts></document>"),
	    ERR_OK);
	assert_int_equal(w->n.sum_kop, 30);
}

/* Each is refused with these words, at this place. */
static const struct bad {
	const char *text, *words, *path;
	int64_t record;
} bads[] = {
	{ BALANCES("1", "400") BALANCE("500") END,
	    "sum_kop is not the sum of the records", "", 0 },
	{ BALANCES("1", "0") BALANCE(" 500") END, "' 500' is not a valid value",
	    "/document/balances/balance[1]", 1 },
	{ BALANCES("2", "500") BALANCE("500") END,
	    "count is not the number of the records", "", 0 },
	{ BALANCES("2", "500") BALANCE("500") BALANCE("abc") END,
	    "'abc' is not a valid value", "/document/balances/balance[2]", 2 },
	{ BALANCES("1", "0") "<balance account='1' service='x'/>" END,
	    "'debt_kop' is required", "/document/balances/balance[1]", 1 },
	{ BALANCES("1", "0") "<balances/>" END, "This element is not expected",
	    "/document/balances/balances[1]", 1 },
	{ HEAD "<unheard/></document>", "This element is not expected",
	    "/document/unheard", 0 },
	{ HEAD "</document>", "Missing child element", "/document", 0 },
	{ "<document xmlns='urn:kvitok:exchange:1'/>", "'version' is required",
	    "/document", 0 },
	{ "<document/>", "No matching global declaration", "/document", 0 },
	{ BALANCES("1", "500") BALANCE("500"), "the document ends too early",
	    "/document/balances", 0 },
	{ BALANCES("1", "500") BALANCE("500") END "<x/>", "Extra content", "",
	    0 },
	{ "", "the document ends too early", "", 0 },
	{ "not XML at all", "Document is empty", "", 0 },
	{ "<!DOCTYPE a [<!ENTITY b 'c'>]>" HEAD END,
	    "a document type is not taken", "", 0 },
	{ "<!DOCTYPE document SYSTEM 'file:///etc/passwd'>" HEAD END,
	    "a document type is not taken", "", 0 },
	{ "<?php x?>" HEAD END, "a processing instruction is not taken", "",
	    0 },
	{ BALANCES("1", "0") "<balance account='&x;' service='x' "
			     "debt_kop='0'/>" END,
	    "Entity 'x' not defined", "/document/balances", 0 },
	{ HEAD "<contracts count='1'><contract number='1' account='1' "
	       "title='x' from_day='2020-01-01'><a><b><c><d><e/></d></c></b>"
	       "</a></contract></contracts></document>",
	    "Element content is not allowed",
	    "/document/contracts/contract[1]/a", 1 },
	{ BALANCES("1", "0") BALANCE("99999999999999999999") END,
	    "'99999999999999999999' is not a valid value",
	    "/document/balances/balance[1]", 1 },
	{ "<?xml version='1.0' encoding='UTF-8'?>" BALANCES("1",
	      "0") "<balance account='\xD0' service='x' debt_kop='0'/>" END,
	    "not proper UTF-8", "/document/balances", 0 },
	{ "<?xml version='1.0' encoding='x-unheard'?>" HEAD END,
	    "Unsupported encoding", "", 0 },
};

static void
what_is_wrong_is_told_with_its_place(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < KV_COUNT(bads); i++) {
		enum err rc = read_text(w, bads[i].text);

		if (rc != ERR_INVALID || w->problems == 0 ||
		    !strstr(w->words, bads[i].words) ||
		    strcmp(w->path, bads[i].path) != 0 ||
		    w->record != bads[i].record)
			fail_msg("%zu: rc %d, %d problems, \"%s\" at \"%s\", "
				 "record %d",
			    i, (int)rc, w->problems, w->words, w->path,
			    (int)w->record);
		assert_string_equal(w->f.reason, "document_bad");
	}
}

static void
line_of_a_problem_is_told_however_far_it_is(void **state)
{
	struct world *w = *state;

	w->head = BALANCES("70001", "0");
	w->again = "\n" BALANCE("0");
	w->repeat = 70000;
	w->tail = "\n" BALANCE("x") END;
	assert_int_equal(read_all(w), ERR_INVALID);
	assert_int_equal(w->line, 70002);
	assert_int_equal(w->record, 70001);
}

static void
problems_are_told_up_to_their_limit(void **state)
{
	struct world *w = *state;

	w->head = BALANCES("1000", "0");
	w->again = "\n" BALANCE("x");
	w->repeat = 1000;
	w->tail = END;
	assert_int_equal(read_all(w), ERR_INVALID);
	assert_int_equal(w->problems, XML_PROBLEMS_MAX);
	assert_true(w->records < 1000);
}

/* An outage needs its place and its reason. */
static void
record_that_lacks_a_child_is_told_before_it_is_handed_out(void **state)
{
	struct world *w = *state;

	w->record_rc = ERR_BUG;
	assert_int_equal(
	    read_text(w,
		HEAD "<outages count='1'><outage id='1' kind='planned' "
		     "service='x' from='2026-12-05T09:00:00Z'/></outages>"
		     "</document>"),
	    ERR_BUG);
	assert_int_equal(w->problems, 1);
	assert_string_equal(w->path, "/document/outages/outage[1]");
}

static void
other_encodings_are_read(void **state)
{
	assert_int_equal(
	    read_text(*state,
		"<?xml version='1.0' encoding='windows-1251'?>" HEAD
		"<contracts count='1'><contract number='1' "
		"account='1' title='\xC4\xEE\xE3\xEE\xE2\xEE\xF0' "
		"from_day='2020-01-01'/></contracts></document>"),
	    ERR_OK);
}

/* The library quotes the name; what is told is the head of it. */
static void
problem_with_a_name_of_any_length_has_words(void **state)
{
	struct world *w = *state;

	w->head = "<a";
	w->again = "0123456789";
	w->repeat = 200;
	w->tail = "/>";
	assert_int_equal(read_all(w), ERR_INVALID);
	assert_memory_equal(w->words, "Element 'a0123456789", 20);
}

static void
bytes_that_are_not_of_the_encoding_are_told_and_not_printed(void **state)
{
	FILE *to = tmpfile();
	int was = dup(STDERR_FILENO);

	assert_non_null(to);
	assert_true(was >= 0 && dup2(fileno(to), STDERR_FILENO) >= 0);
	assert_int_equal(
	    read_text(*state,
		"<?xml version='1.0' encoding='euc-jp'?>" HEAD
		"<contracts count='1'><contract number='1' account='1' "
		"title='\xFF\xFF\xFF' from_day='2020-01-01'/></contracts>"
		"</document>"),
	    ERR_INVALID);
	assert_true(dup2(was, STDERR_FILENO) >= 0);
	assert_int_equal(lseek(fileno(to), 0, SEEK_END), 0);
	(void)fclose(to);
	(void)close(was);
}

/* 100 MB of one attribute, of one text, of one name; a bomb of depth. */
static void
hostile_documents_are_refused_in_bounded_memory(void **state)
{
	static const struct {
		const char *head, *again, *tail;
		int64_t repeat;
	} hostile[] = {
		{ BALANCES("1", "0") "<balance account='",
		    "0123456789012345678901234567890123456789", "'/>" END,
		    2500000 },
		{ HEAD "<outages count='1'><outage id='1' kind='planned' "
		       "service='x' from='2026-12-05T09:00:00Z'>"
		       "<place address='x'/><reason>",
		    "0123456789012345678901234567890123456789",
		    "</reason></outage></outages></document>", 2500000 },
		{ HEAD "<", "0123456789a123456789012345678901234567890",
		    "/></document>", 2500000 },
		{ HEAD, "<x>", "", 1000000 },
		{ HEAD "<!--", "0123456789012345678901234567890123456789",
		    "--></document>", 2500000 },
		{ BALANCES("1", "0") "<balance ",
		    "xmlns:a0123456789012345678901234567890='u' ", "/>" END,
		    2500000 },
	};
	struct world *w = *state;

	for (size_t i = 0; i < KV_COUNT(hostile); i++) {
		w->head = hostile[i].head;
		w->again = hostile[i].again;
		w->tail = hostile[i].tail;
		w->repeat = hostile[i].repeat;
		assert_int_equal(read_all(w), ERR_INVALID);
		assert_true(w->problems > 0);
	}
}

static void
document_above_the_limit_of_bytes_is_refused(void **state)
{
	struct world *w = *state;
	const char *text = BALANCES("0", "0") END;

	w->size_max = (int64_t)strlen(text);
	assert_int_equal(read_text(w, text), ERR_OK);
	w->size_max--;
	assert_int_equal(read_text(w, text), ERR_INVALID);
	assert_string_equal(w->words, "the document is too long");
}

static void
source_that_fails_is_told(void **state)
{
	struct world *w = *state;

	w->fails = true;
	assert_int_equal(read_text(w, ""), ERR_INVALID);
	assert_string_equal(w->words, "the document cannot be read");
}

static void
failure_of_who_takes_the_records_ends_the_reading(void **state)
{
	struct world *w = *state;

	w->record_rc = ERR_AGAIN;
	assert_int_equal(
	    read_text(w, BALANCES("2", "2") BALANCE("1") BALANCE("1") END),
	    ERR_AGAIN);
	assert_int_equal(w->records, 1);
	assert_int_equal(w->problems, 0);
}

static int
give_file(void *self, char *p, int len)
{
	return (int)fread(p, 1, (size_t)len, self);
}

/* The examples are what a supplier's programmer begins with. */
static void
examples_of_the_guide_are_valid(void **state)
{
	static const char *const kinds[] = { "accounts", "meters", "charges",
		"balances", "payments_elsewhere", "outages", "contracts",
		"acts", "answers", "reading_answers", "payments", "refunds",
		"readings", "requests", "settlement", "acknowledgement" };
	struct world *w = *state;

	for (size_t i = 0; i < KV_COUNT(kinds); i++) {
		struct str path =
		    arena_fmt(w->a, "doc/exchange/examples/%s.xml", kinds[i]);
		FILE *file = fopen(path.p, "re");
		struct xml_source from = { file, give_file, 1 << 20 };
		struct xml_reader to = { w, on_head, on_record, on_problem };

		assert_non_null(file);
		w->problems = 0;
		if (xml_in_read(w->schema, &from, &to, &w->n, &w->f) != ERR_OK)
			fail_msg("%s: %s at %s", path.p, w->words, w->path);
		assert_int_equal(fclose(file), 0);
		assert_true(str_eq(w->kind, str_of(kinds[i])));
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whole_document_gives_its_head_records_and_totals),
		TEST(empty_document_is_one_too),
		TEST(an_ampersand_is_one_character),
		TEST(sum_of_the_parts_is_the_control_total_of_acts),
		TEST(what_is_wrong_is_told_with_its_place),
		TEST(line_of_a_problem_is_told_however_far_it_is),
		TEST(problems_are_told_up_to_their_limit),
		TEST(record_that_lacks_a_child_is_told_before_it_is_handed_out),
		TEST(problem_with_a_name_of_any_length_has_words),
		TEST(
		    bytes_that_are_not_of_the_encoding_are_told_and_not_printed),
		TEST(other_encodings_are_read),
		TEST(hostile_documents_are_refused_in_bounded_memory),
		TEST(document_above_the_limit_of_bytes_is_refused),
		TEST(source_that_fails_is_told),
		TEST(failure_of_who_takes_the_records_ends_the_reading),
		TEST(examples_of_the_guide_are_valid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
