/* A supplier in the box: what it says, and how it says it wrong. */
#include "kvitok/box/box_chance.h"
#include "kvitok/box/box_fault.h"
#include "kvitok/box/box_paper.h"
#include "kvitok/box/box_spoil.h"
#include "kvitok/xml/in.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define MEMORY ((size_t)8 << 20)

struct world {
	struct arena *a;
	struct xml_schema *schema;
	struct box_faults faults;
};

/* A text on its way into the reader. */
struct way {
	struct str rest;
	int64_t number;
};

static int
make(void **state)
{
	static struct world w;
	struct fault f;

	w = (struct world){ .faults.seed = 7 };
	w.a = arena_new(MEMORY);
	fault_init(&f);
	xml_init();
	assert_int_equal(xml_schema_exchange(w.a, &w.schema, &f), ERR_OK);
	*state = &w;
	return 0;
}

static int
end(void **state)
{
	struct world *w = *state;

	arena_free(w->a);
	return 0;
}

/* Balances of two accounts, the second with what XML must escape. */
static struct str
paper(struct world *w)
{
	struct box_envelope e = { STR("portalgkh"), STR("vodokanal"), 12,
		INT64_C(1795230000000) };
	struct buf b;

	buf_init(&b, w->a, 65536);
	box_paper_begin(&b, &e);
	box_paper_open(&b, "charges");
	box_paper_text(&b, "month", STR("2026-10"));
	box_paper_text(&b, "paid_to_day", STR("2026-10-31"));
	box_paper_int(&b, "count", 1);
	box_paper_int(&b, "sum_kop", 500);
	box_paper_inside(&b);
	box_paper_open(&b, "charge");
	box_paper_text(&b, "account", STR("7700001"));
	box_paper_text(&b, "service", STR("hvs"));
	box_paper_int(&b, "opening_kop", -7);
	box_paper_int(&b, "accrued_kop", 500);
	box_paper_int(&b, "recalculated_kop", -1);
	box_paper_int(&b, "paid_kop", 0);
	box_paper_int(&b, "closing_kop", 492);
	box_paper_inside(&b);
	box_paper_words(&b, "recalculation_reason", STR("<5 & «7»"));
	box_paper_close(&b, "charge");
	box_paper_close(&b, "charges");
	box_paper_end(&b);
	return buf_str(&b);
}

static int
give(void *self, char *p, int len)
{
	struct way *x = self;
	size_t n = x->rest.len < (size_t)len ? x->rest.len : (size_t)len;

	memcpy(p, x->rest.p, n);
	x->rest.p += n;
	x->rest.len -= n;
	return (int)n;
}

static enum err
on_head(void *self, const struct xml_head *h, struct fault *f)
{
	struct way *x = self;

	(void)f;
	x->number = h->number;
	return ERR_OK;
}

static enum err
on_record(void *self, const struct xml_node *n, struct fault *f)
{
	(void)self, (void)n, (void)f;
	return ERR_OK;
}

static void
on_problem(void *self, const struct xml_problem *x)
{
	(void)self, (void)x;
}

/* Gives: what Kvitok's reader says of a text, and the number in it. */
static enum err
judge(struct world *w, struct str text, int64_t *number)
{
	struct way x = { .rest = text };
	struct xml_source from = { &x, give, 1 << 20 };
	struct xml_reader to = { &x, on_head, on_record, on_problem };
	struct xml_totals n;
	struct fault f;
	enum err rc;

	fault_init(&f);
	rc = xml_in_read(w->schema, &from, &to, &n, &f);
	*number = x.number;
	return rc;
}

static void
what_it_writes_is_a_document(void **state)
{
	struct world *w = *state;
	int64_t number;

	assert_int_equal(judge(w, paper(w), &number), ERR_OK);
	assert_int_equal(number, 12);
}

static struct str
spoiled(struct world *w, enum box_fault fault, bool *last)
{
	struct buf b;

	buf_init(&b, w->a, 65536);
	*last = box_spoil(fault, paper(w), &b);
	return buf_str(&b);
}

static void
what_it_spoils_is_no_document(void **state)
{
	static const enum box_fault bad[] = { BOX_CUT, BOX_SCHEMA, BOX_TOTAL,
		BOX_ENCODING, BOX_DOCTYPE };
	struct world *w = *state;
	int64_t number;
	bool last;

	for (size_t i = 0; i < KV_COUNT(bad); i++) {
		struct str text = spoiled(w, bad[i], &last);

		assert_int_equal(judge(w, text, &number), ERR_INVALID);
		assert_int_equal(last, bad[i] == BOX_CUT);
	}
}

static void
another_number_or_content_is_a_document_all_the_same(void **state)
{
	struct world *w = *state;
	int64_t number;
	struct str text;
	bool last;

	text = spoiled(w, BOX_NUMBER, &last);
	assert_int_equal(judge(w, text, &number), ERR_OK);
	assert_int_equal(number, 912);
	text = spoiled(w, BOX_OTHER_CONTENT, &last);
	assert_int_equal(judge(w, text, &number), ERR_OK);
	assert_int_equal(number, 12);
	assert_false(str_eq(text, paper(w)));
	assert_false(last);
}

static void
faults_of_sending_leave_a_text_alone(void **state)
{
	static const enum box_fault good[] = { BOX_FAULT_NONE, BOX_TWICE,
		BOX_GAP, BOX_OUT_OF_ORDER, BOX_MISSING_PART };
	struct world *w = *state;
	bool last;

	for (size_t i = 0; i < KV_COUNT(good); i++)
		assert_true(str_eq(spoiled(w, good[i], &last), paper(w)));
}

/* --- faults --------------------------------------------------------------- */

static enum box_fault
take(struct world *w, enum box_side side, const char *kind, int64_t number)
{
	int64_t ms;

	return box_fault_take(&w->faults, side, str_of(kind), number, &ms);
}

static void
every_fault_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (unsigned i = 1; i < BOX_FAULT__COUNT; i++) {
		const struct box_fault_item *x =
		    box_fault_item((enum box_fault)i);

		assert_int_equal(box_fault_find(str_of(x->name)), i);
		assert_true(strlen(x->about) > 10);
	}
	assert_int_equal(box_fault_find(STR("")), BOX_FAULT_NONE);
}

static void
an_armed_fault_is_used_up_by_its_documents(void **state)
{
	struct world *w = *state;
	struct box_armed x = {
		.fault = BOX_CUT, .count = 2, .ms = 5, .kind = "charges"
	};

	assert_true(box_fault_arm(&w->faults, &x));
	assert_int_equal(take(w, BOX_TAKING, "charges", 1), BOX_FAULT_NONE);
	assert_int_equal(take(w, BOX_SENDING, "balances", 1), BOX_FAULT_NONE);
	assert_int_equal(take(w, BOX_SENDING, "charges", 2), BOX_CUT);
	assert_int_equal(w->faults.len, 1);
	assert_int_equal(take(w, BOX_SENDING, "charges", 3), BOX_CUT);
	assert_int_equal(w->faults.len, 0);
	assert_int_equal(take(w, BOX_SENDING, "charges", 4), BOX_FAULT_NONE);
}

static void
only_so_many_faults_can_be_armed(void **state)
{
	struct world *w = *state;
	struct box_armed x = { .fault = BOX_TWICE, .count = 1 };

	for (int i = 0; i < BOX_ARMED_MAX; i++)
		assert_true(box_fault_arm(&w->faults, &x));
	assert_false(box_fault_arm(&w->faults, &x));
}

static void
acknowledgements_have_no_wrong_totals(void **state)
{
	struct world *w = *state;
	struct box_armed x = { .fault = BOX_TOTAL, .count = 1 };

	assert_true(box_fault_arm(&w->faults, &x));
	assert_int_equal(
	    take(w, BOX_SENDING, "acknowledgement", 1), BOX_FAULT_NONE);
	assert_int_equal(take(w, BOX_SENDING, "meters", 1), BOX_TOTAL);
	w->faults.chance_pct = 100;
	for (int64_t i = 0; i < 500; i++)
		assert_int_not_equal(
		    take(w, BOX_SENDING, "acknowledgement", i), BOX_TOTAL);
}

static void
chance_is_the_same_each_time_and_leaves_no_work_for_people(void **state)
{
	struct world *w = *state;
	enum box_fault first[400];
	int64_t hit = 0, seen = 0;

	w->faults.chance_pct = 50;
	for (int64_t i = 0; i < 400; i++) {
		first[i] =
		    take(w, i % 2 ? BOX_SENDING : BOX_TAKING, "charges", i);
		hit += first[i] != BOX_FAULT_NONE;
		if (first[i] != BOX_FAULT_NONE) {
			assert_true(box_fault_item(first[i])->by_chance);
			seen |= INT64_C(1) << first[i];
		}
	}
	assert_true(hit > 140 && hit < 260);
	for (int64_t i = 0; i < 400; i++)
		assert_int_equal(first[i],
		    take(w, i % 2 ? BOX_SENDING : BOX_TAKING, "charges", i));
	for (unsigned i = 1; i < BOX_FAULT__COUNT; i++)
		assert_int_equal((seen >> i) & 1,
		    box_fault_item((enum box_fault)i)->by_chance);
	w->faults.chance_pct = 0;
	for (int64_t i = 0; i < 400; i++)
		assert_int_equal(
		    take(w, BOX_SENDING, "charges", i), BOX_FAULT_NONE);
}

static void
chance_depends_on_each_word_of_its_question(void **state)
{
	int64_t x = box_chance(1, "a", STR("b"), 2, INT64_MAX);

	(void)state;
	assert_int_equal(x, box_chance(1, "a", STR("b"), 2, INT64_MAX));
	assert_int_not_equal(x, box_chance(2, "a", STR("b"), 2, INT64_MAX));
	assert_int_not_equal(x, box_chance(1, "c", STR("b"), 2, INT64_MAX));
	assert_int_not_equal(x, box_chance(1, "a", STR("c"), 2, INT64_MAX));
	assert_int_not_equal(x, box_chance(1, "a", STR("b"), 3, INT64_MAX));
	assert_int_equal(box_chance(1, "a", STR("b"), 2, 1), 0);
}

#define T(test) cmocka_unit_test_setup_teardown(test, make, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_it_writes_is_a_document),
		T(what_it_spoils_is_no_document),
		T(another_number_or_content_is_a_document_all_the_same),
		T(faults_of_sending_leave_a_text_alone),
		T(every_fault_has_a_name_of_its_own),
		T(an_armed_fault_is_used_up_by_its_documents),
		T(only_so_many_faults_can_be_armed),
		T(acknowledgements_have_no_wrong_totals),
		T(chance_is_the_same_each_time_and_leaves_no_work_for_people),
		T(chance_depends_on_each_word_of_its_question),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
