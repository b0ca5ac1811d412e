/* The folder that kvitokd fills and kvitok-jobs empties. */
#include "kvitok/store/mailbox.h"
#include "kvitok/store/spool.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>
#include <cmocka.h>

struct world {
	struct arena *a;
	char folder[32];
	struct exchange_desk desks;
	struct mailboxes boxes;
	struct supplier_desk desk;
	struct mailbox box;
	struct fault f;
};

static void
read_settings(struct world *w)
{
	struct str path = arena_fmt(w->a, "%s/kvitok.conf", w->folder);
	FILE *out = fopen(path.p, "w");
	struct conf *c;
	struct buf report;

	assert_non_null(out);
	assert_true(fprintf(out,
			"[exchange t]\nportal = p\nsupplier = s\n"
			"kind = https\nfolder = %s/box\nsize_max_mb = 2\n"
			"[exchange other]\nportal = p\nsupplier = o\n"
			"kind = folder\nfolder = %s\n",
			w->folder, w->folder) > 0);
	assert_int_equal(fclose(out), 0);
	buf_init(&report, w->a, 4096);
	assert_int_equal(conf_load(w->a, path.p, mailbox_conf, MAILBOX_CONF_LEN,
			     &c, &report, &w->f),
	    ERR_OK);
	assert_int_equal(mailbox_desks_of(w->a, c, &w->desks, &w->f), ERR_OK);
	assert_int_equal(
	    mailbox_settings_of(w->a, c, &w->boxes, &w->f), ERR_OK);
}

static int
make(void **state)
{
	static struct world w;

	w = (struct world){ .folder = "/tmp/kvitok-desk.XXXXXX" };
	w.a = arena_new((size_t)64 << 20);
	assert_non_null(mkdtemp(w.folder));
	fault_init(&w.f);
	read_settings(&w);
	assert_int_equal(
	    w.desks.of(w.desks.self, w.a, STR("p"), STR("s"), &w.desk, &w.f),
	    ERR_OK);
	assert_int_equal(
	    w.boxes.open(w.boxes.self, w.a, STR("t"), &w.box, &w.f), ERR_OK);
	*state = &w;
	return 0;
}

static int
end(void **state)
{
	struct world *w = *state;
	int rc = system(arena_fmt(w->a, "rm -rf %s", w->folder).p);

	arena_free(w->a);
	return rc;
}

static bool
there(struct world *w, const char *name)
{
	return access(arena_fmt(w->a, "%s/box/%s", w->folder, name).p, F_OK) ==
	    0;
}

static struct desk_draft *
draft(struct world *w, struct arena *a, const char *text)
{
	struct desk_draft *d;

	assert_int_equal(w->desk.begin(w->desk.self, a, &d, &w->f), ERR_OK);
	assert_int_equal(w->desk.add(d, str_of(text), &w->f), ERR_OK);
	return d;
}

static enum err
bring(struct world *w, int64_t number, const char *text)
{
	struct arena *a = arena_new((size_t)1 << 20);
	enum err rc =
	    w->desk.keep(w->desk.self, draft(w, a, text), number, &w->f);

	arena_free(a);
	return rc;
}

static void
a_supplier_without_such_a_mailbox_has_no_desk(void **state)
{
	struct world *w = *state;
	struct supplier_desk d;

	assert_int_equal(
	    w->desks.of(w->desks.self, w->a, STR("p"), STR("o"), &d, &w->f),
	    ERR_ABSENT);
	assert_string_equal(w->f.reason, "exchange_no_desk");
	assert_int_equal(
	    w->desks.of(w->desks.self, w->a, STR("q"), STR("s"), &d, &w->f),
	    ERR_ABSENT);
	assert_int_equal(w->desk.size_max, 2 << 20);
}

static void
a_draft_that_is_not_kept_is_gone(void **state)
{
	struct world *w = *state;
	struct arena *a = arena_new((size_t)1 << 20);
	struct mailbox_item m;
	bool found;

	(void)draft(w, a, "half");
	assert_int_equal(
	    w->box.next(w->box.self, w->a, 0, &m, &found, &w->f), ERR_OK);
	assert_false(found);
	arena_free(a);
	assert_int_equal(
	    system(
		arena_fmt(w->a, "test -z \"$(ls -A %s/box/in)\"", w->folder).p),
	    0);
}

static void
what_was_kept_is_found_from_behind(void **state)
{
	struct world *w = *state;
	struct mailbox_item m;
	struct source src;
	bool found;
	char p[8];
	size_t got;

	assert_int_equal(bring(w, 7, "seven"), ERR_OK);
	assert_int_equal(
	    w->box.next(w->box.self, w->a, 0, &m, &found, &w->f), ERR_OK);
	assert_true(found);
	assert_int_equal(m.number, 7);
	assert_int_equal(
	    w->box.fetch(w->box.self, w->a, &m, NULL, &src, &w->f), ERR_OK);
	assert_int_equal(src.size, 5);
	assert_int_equal(
	    src.read(src.self, 0, p, sizeof(p), &got, &w->f), ERR_OK);
	assert_int_equal(got, 5);
	assert_memory_equal(p, "seven", 5);
}

static void
other_bytes_never_take_the_place_of_what_waits(void **state)
{
	struct world *w = *state;

	assert_int_equal(bring(w, 7, "seven"), ERR_OK);
	assert_int_equal(bring(w, 7, "seven"), ERR_OK);
	assert_int_equal(bring(w, 7, "seveN"), ERR_CONFLICT);
	assert_string_equal(w->f.reason, "exchange_number_waits");
	assert_int_equal(bring(w, 7, "seven and more"), ERR_CONFLICT);
	/* Put aside, it makes room. */
	assert_int_equal(
	    w->box.answer(w->box.self, 7, "aside", STR("why"), 1, &w->f),
	    ERR_OK);
	assert_int_equal(bring(w, 7, "seveN"), ERR_OK);
	assert_true(there(w, "in/7.xml"));
}

static void
what_is_applied_leaves_nothing(void **state)
{
	struct world *w = *state;

	assert_int_equal(bring(w, 7, "bad"), ERR_OK);
	assert_int_equal(
	    w->box.answer(w->box.self, 7, "aside", STR("why"), 1, &w->f),
	    ERR_OK);
	assert_true(there(w, "aside/7.xml"));
	assert_int_equal(bring(w, 7, "good"), ERR_OK);
	assert_int_equal(
	    w->box.answer(w->box.self, 7, "held", STR("why"), 1, &w->f),
	    ERR_OK);
	assert_true(there(w, "in/7.xml"));
	for (int twice = 0; twice < 2; twice++)
		assert_int_equal(
		    w->box.answer(w->box.self, 7, "applied", STR(""), 1, &w->f),
		    ERR_OK);
	assert_false(there(w, "in/7.xml"));
	assert_false(there(w, "aside/7.xml"));
	assert_false(there(w, "aside/7.txt"));
	assert_false(there(w, "done/7.xml"));
}

static void
papers_are_listed_by_number_and_no_more_than_asked_for(void **state)
{
	static const int64_t numbers[] = { 10, 9, 11, 2, 100 };
	struct world *w = *state;
	const struct desk_paper *v;
	size_t len;

	for (size_t i = 0; i < KV_COUNT(numbers); i++)
		assert_int_equal(bring(w, numbers[i], "x"), ERR_OK);
	assert_int_equal(
	    w->desk.list(w->desk.self, w->a, DESK_IN, 2, 3, &v, &len, &w->f),
	    ERR_OK);
	assert_int_equal(len, 3);
	assert_int_equal(v[0].number, 9);
	assert_int_equal(v[1].number, 10);
	assert_int_equal(v[2].number, 11);
	assert_int_equal(v[0].size, 1);
	assert_int_equal(
	    w->desk.list(w->desk.self, w->a, DESK_IN, 99, 3, &v, &len, &w->f),
	    ERR_OK);
	assert_int_equal(len, 1);
}

static void
ours_are_shown_until_they_are_taken(void **state)
{
	struct world *w = *state;
	struct str text = STR("<ours/>");
	struct source src = { &text, (int64_t)text.len, source_of_text };
	struct mailbox_letter m = { .number = 3, .text = &src };
	const struct desk_paper *v;
	int64_t size, number;
	size_t len;
	int fd;

	assert_int_equal(w->box.hand(w->box.self, &m, &w->f), ERR_OK);
	assert_int_equal(
	    w->desk.list(w->desk.self, w->a, DESK_OUT, 0, 3, &v, &len, &w->f),
	    ERR_OK);
	assert_int_equal(len, 1);
	assert_int_equal(
	    w->desk.open(w->desk.self, w->a, 3, &fd, &size, &w->f), ERR_OK);
	assert_int_equal(size, 7);
	assert_int_equal(close(fd), 0);
	assert_int_equal(w->box.untaken(w->box.self, &number, &w->f), ERR_OK);
	assert_int_equal(number, 3);
	for (int twice = 0; twice < 2; twice++)
		assert_int_equal(
		    w->desk.taken(w->desk.self, w->a, 3, &w->f), ERR_OK);
	assert_int_equal(
	    w->desk.open(w->desk.self, w->a, 3, &fd, &size, &w->f), ERR_ABSENT);
	assert_string_equal(w->f.reason, "exchange_unknown");
	assert_int_equal(w->box.untaken(w->box.self, &number, &w->f), ERR_OK);
	assert_int_equal(number, 0);
}

static void
drafts_of_the_dead_are_swept_after_a_day(void **state)
{
	struct world *w = *state;
	struct str path = arena_fmt(w->a, "%s/box/in/.draft.abcdef", w->folder);
	FILE *out = fopen(path.p, "w");
	struct utimbuf old = { 1, 1 };

	assert_non_null(out);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(
	    w->boxes.open(w->boxes.self, w->a, STR("t"), &w->box, &w->f),
	    ERR_OK);
	assert_true(there(w, "in/.draft.abcdef"));
	assert_int_equal(utime(path.p, &old), 0);
	assert_int_equal(
	    w->boxes.open(w->boxes.self, w->a, STR("t"), &w->box, &w->f),
	    ERR_OK);
	assert_false(there(w, "in/.draft.abcdef"));
}

/* Above a limit write(2) fails as on a disk that is full. */
static void
allow(rlim_t bytes)
{
	struct rlimit l;

	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &l), 0);
	l.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &l), 0);
}

static void
a_full_disk_is_told_and_leaves_nothing(void **state)
{
	static char many[20000];
	struct world *w = *state;
	struct arena *a = arena_new((size_t)1 << 20);
	struct desk_draft *d;
	struct spool *s;

	memset(many, 'x', sizeof(many));
	assert_int_equal(w->desk.begin(w->desk.self, a, &d, &w->f), ERR_OK);
	assert_int_equal(
	    spool_open(a, str_of(w->folder), 1 << 20, &s, &w->f), ERR_OK);
	allow(sizeof(many) - 1);
	assert_int_equal(
	    w->desk.add(d, (struct str){ many, sizeof(many) }, &w->f),
	    ERR_AGAIN);
	assert_string_equal(w->f.reason, "spool_failed");
	fault_init(&w->f);
	assert_int_equal(
	    spool_add(s, (struct str){ many, sizeof(many) }, &w->f), ERR_AGAIN);
	assert_string_equal(w->f.reason, "spool_failed");
	allow(RLIM_INFINITY);
	arena_free(a);
	assert_int_equal(
	    system(
		arena_fmt(w->a, "test -z \"$(ls -A %s/box/in)\"", w->folder).p),
	    0);
}

static void
a_folder_that_is_not_there_is_told(void **state)
{
	struct world *w = *state;
	struct desk_draft *d;
	struct spool *s;

	assert_int_equal(
	    system(arena_fmt(w->a, "rm -rf %s/box/in", w->folder).p), 0);
	assert_int_equal(
	    w->desk.begin(w->desk.self, w->a, &d, &w->f), ERR_AGAIN);
	assert_string_equal(w->f.reason, "spool_failed");
	assert_int_equal(reason_status(w->f.reason), 503);
	fault_init(&w->f);
	assert_int_equal(spool_open(w->a, arena_fmt(w->a, "%s/none", w->folder),
			     10, &s, &w->f),
	    ERR_AGAIN);
	assert_string_equal(w->f.reason, "spool_failed");
}

static void
a_document_above_the_limit_of_the_spool_is_bad(void **state)
{
	struct world *w = *state;
	struct spool *s;

	assert_int_equal(
	    spool_open(w->a, str_of(w->folder), 10, &s, &w->f), ERR_OK);
	assert_int_equal(spool_add(s, STR("1234567890"), &w->f), ERR_OK);
	assert_int_equal(spool_add(s, STR("1"), &w->f), ERR_INVALID);
	assert_string_equal(w->f.reason, "document_bad");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_supplier_without_such_a_mailbox_has_no_desk),
		TEST(a_draft_that_is_not_kept_is_gone),
		TEST(what_was_kept_is_found_from_behind),
		TEST(other_bytes_never_take_the_place_of_what_waits),
		TEST(what_is_applied_leaves_nothing),
		TEST(papers_are_listed_by_number_and_no_more_than_asked_for),
		TEST(ours_are_shown_until_they_are_taken),
		TEST(drafts_of_the_dead_are_swept_after_a_day),
		TEST(a_full_disk_is_told_and_leaves_nothing),
		TEST(a_folder_that_is_not_there_is_told),
		TEST(a_document_above_the_limit_of_the_spool_is_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
