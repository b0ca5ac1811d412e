#include "kvitok/store/mailbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define TEXT_MAX 4096

struct world {
	struct arena *a;
	char folder[32];
	struct mailboxes boxes;
	struct fault f;
};

static int
make(void **state)
{
	static struct world w;

	w = (struct world){ .folder = "/tmp/kvitok-box.XXXXXX" };
	w.a = arena_new((size_t)8 << 20);
	assert_non_null(mkdtemp(w.folder));
	fault_init(&w.f);
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

static void
put(struct world *w, const char *name, const char *text)
{
	FILE *out = fopen(arena_fmt(w->a, "%s/%s", w->folder, name).p, "w");

	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
}

static bool
there(struct world *w, const char *name)
{
	return access(arena_fmt(w->a, "%s/%s", w->folder, name).p, F_OK) == 0;
}

static enum err
settings(struct world *w, const char *text)
{
	struct conf *c;
	struct buf report;

	buf_init(&report, w->a, TEXT_MAX);
	put(w, "kvitok.conf", text);
	assert_int_equal(
	    conf_load(w->a, arena_fmt(w->a, "%s/kvitok.conf", w->folder).p,
		mailbox_conf, MAILBOX_CONF_LEN, &c, &report, &w->f),
	    ERR_OK);
	return mailbox_settings_of(w->a, c, &w->boxes, &w->f);
}

static struct mailbox
folder(struct world *w)
{
	static const char *const parts[] = { "in", "out", "done", "aside" };
	struct mailbox box = { .self = NULL };

	for (size_t i = 0; i < KV_COUNT(parts); i++)
		assert_int_equal(
		    mkdir(
			arena_fmt(w->a, "%s/%s", w->folder, parts[i]).p, 0700),
		    0);
	assert_int_equal(settings(w,
			     arena_fmt(w->a,
				 "[exchange a]\nportal = p\nsupplier = s\n"
				 "kind = folder\nfolder = %s\n",
				 w->folder)
				 .p),
	    ERR_OK);
	assert_int_equal(
	    w->boxes.open(w->boxes.self, w->a, STR("a"), &box, &w->f), ERR_OK);
	return box;
}

static void
settings_that_lack_something_are_told(void **state)
{
	struct world *w = *state;

	assert_int_equal(settings(w,
			     "[exchange a]\nportal = p\nsupplier = s\n"
			     "kind = odbc\n"),
	    ERR_INVALID);
	assert_string_equal(w->f.reason, "conf_bad");
	assert_int_equal(settings(w,
			     "[exchange a]\nportal = p\nsupplier = s\n"
			     "kind = folder\n"),
	    ERR_INVALID);
	assert_int_equal(settings(w,
			     "[exchange a]\nportal = p\nsupplier = s\n"
			     "kind = folder\nfolder = /a\n"
			     "[exchange b]\nportal = p\nsupplier = s\n"
			     "kind = folder\nfolder = /b\n"),
	    ERR_INVALID);
	assert_int_equal(settings(w,
			     "[exchange a]\nportal = p\nsupplier = s\n"
			     "kind = folder\nfolder = /a\n"
			     "[exchange b]\nportal = p\nsupplier = t\n"
			     "kind = folder\nfolder = /b\n"),
	    ERR_OK);
	assert_int_equal(w->boxes.len, 2);
}

static void
a_mailbox_that_is_not_set_is_unknown(void **state)
{
	struct world *w = *state;
	struct mailbox box = folder(w);

	assert_int_equal(
	    w->boxes.open(w->boxes.self, w->a, STR("b"), &box, &w->f),
	    ERR_ABSENT);
	assert_string_equal(w->f.reason, "mailbox_unknown");
}

static void
a_folder_without_its_parts_is_unavailable(void **state)
{
	struct world *w = *state;
	struct mailbox box = folder(w);

	assert_int_equal(rmdir(arena_fmt(w->a, "%s/aside", w->folder).p), 0);
	assert_int_equal(
	    w->boxes.open(w->boxes.self, w->a, STR("a"), &box, &w->f),
	    ERR_AGAIN);
	assert_string_equal(w->f.reason, "mailbox_unavailable");
}

/* In order of number, whatever else lies there. */
static void
only_numbers_are_documents(void **state)
{
	static const char *const names[] = { "10.xml", "9.xml", "07.xml",
		"0.xml", "-1.xml", "8.xml.part", "x.xml", "11.txt",
		"9999999999999.xml" };
	struct world *w = *state;
	struct mailbox box = folder(w);
	struct mailbox_item m = { .number = 0 };
	int64_t seen[3] = { 0 };
	bool found = true;
	size_t n = 0;

	for (size_t i = 0; i < KV_COUNT(names); i++)
		put(w, arena_fmt(w->a, "in/%s", names[i]).p, "x");
	while (found && n < KV_COUNT(seen)) {
		assert_int_equal(
		    box.next(box.self, w->a, m.number, &m, &found, &w->f),
		    ERR_OK);
		if (found)
			seen[n++] = m.number;
	}
	assert_int_equal(n, 2);
	assert_int_equal(seen[0], 9);
	assert_int_equal(seen[1], 10);
}

static void
a_document_goes_where_its_state_says(void **state)
{
	struct world *w = *state;
	struct mailbox box = folder(w);

	put(w, "in/1.xml", "x");
	put(w, "in/2.xml", "x");
	put(w, "in/3.xml", "x");
	for (int twice = 0; twice < 2; twice++) {
		assert_int_equal(
		    box.answer(box.self, 1, "applied", STR(""), 1, &w->f),
		    ERR_OK);
		assert_int_equal(
		    box.answer(box.self, 2, "aside", STR("why"), 1, &w->f),
		    ERR_OK);
		assert_int_equal(
		    box.answer(box.self, 3, "held", STR("why"), 1, &w->f),
		    ERR_OK);
		assert_true(there(w, "done/1.xml"));
		assert_true(there(w, "aside/2.xml"));
		assert_true(there(w, "aside/2.txt"));
		assert_true(there(w, "in/3.xml"));
		assert_false(there(w, "in/1.xml"));
		assert_false(there(w, "in/2.xml"));
	}
}

static void
a_file_that_took_its_place_is_read_by_itself(void **state)
{
	struct world *w = *state;
	struct mailbox box = folder(w);
	struct mailbox_item m = { .number = 1 };
	struct source src;

	put(w, "in/1.xml", "wrong");
	assert_int_equal(
	    box.fetch(box.self, w->a, &m, NULL, &src, &w->f), ERR_OK);
	put(w, "in/1.part", "right");
	assert_int_equal(rename(arena_fmt(w->a, "%s/in/1.part", w->folder).p,
			     arena_fmt(w->a, "%s/in/1.xml", w->folder).p),
	    0);
	assert_int_equal(
	    box.answer(box.self, 1, "aside", STR("wrong"), 1, &w->f), ERR_OK);
	assert_true(there(w, "in/1.xml"));
	assert_false(there(w, "aside/1.xml"));

	assert_int_equal(
	    box.fetch(box.self, w->a, &m, NULL, &src, &w->f), ERR_OK);
	assert_int_equal(
	    box.answer(box.self, 1, "applied", STR(""), 1, &w->f), ERR_OK);
	assert_true(there(w, "done/1.xml"));
	assert_false(there(w, "in/1.xml"));
}

static void
a_link_is_no_document(void **state)
{
	struct world *w = *state;
	struct mailbox box = folder(w);
	struct source src;

	assert_int_equal(
	    symlink("/etc/passwd", arena_fmt(w->a, "%s/in/1.xml", w->folder).p),
	    0);
	assert_int_equal(
	    box.fetch(box.self, w->a, &(struct mailbox_item){ .number = 1 },
		NULL, &src, &w->f),
	    ERR_AGAIN);
}

/* --- two workers at once ------------------------------------------------- */

/* A text of three pieces.  While it is read, at its end, another worker hands
 * over the same document and dies in the middle of it. */
struct shared {
	struct world *w;
	struct mailbox *other; /* NULL: it is the other one that reads */
	struct fault theirs;
	enum err rc;
};

#define SHARED_LEN 15000

static enum err
read_shared(
    void *self, int64_t at, void *to, size_t len, size_t *got, struct fault *f)
{
	struct shared *x = self;
	size_t left = SHARED_LEN - (size_t)at;

	*got = left < len ? left : len;
	memset(to, 'x', *got);
	if (x->other == NULL && at > 0)
		return fault_set(f, ERR_AGAIN, "busy", "killed");
	if (x->other != NULL && *got == 0 && x->rc == ERR_OK) {
		struct shared again = { .w = x->w };
		struct source src = { &again, SHARED_LEN, read_shared };

		fault_init(&x->theirs);
		x->rc = x->other->hand(x->other->self,
		    &(struct mailbox_letter){
			.number = 1, .kind = STR("payments"), .text = &src },
		    &x->theirs);
	}
	return ERR_OK;
}

/* Gives: what became of the other worker's try. */
static enum err
hand_at_once(struct world *w, struct mailbox *box, struct mailbox *other)
{
	struct shared text = { .w = w, .other = other };
	struct source src = { &text, SHARED_LEN, read_shared };

	assert_int_equal(
	    box->hand(box->self,
		&(struct mailbox_letter){
		    .number = 1, .kind = STR("payments"), .text = &src },
		&w->f),
	    ERR_OK);
	return text.rc;
}

static void
of_two_workers_one_writes_the_file(void **state)
{
	struct world *w = *state;
	struct mailbox box = folder(w), other = { .self = NULL };
	size_t len = 0;
	FILE *in;
	int c;

	assert_int_equal(
	    w->boxes.open(w->boxes.self, w->a, STR("a"), &other, &w->f),
	    ERR_OK);
	assert_int_equal(hand_at_once(w, &box, &other), ERR_AGAIN);
	in = fopen(arena_fmt(w->a, "%s/out/1.xml", w->folder).p, "r");
	assert_non_null(in);
	for (; (c = getc(in)) != EOF; len++)
		assert_int_equal(c, 'x');
	assert_int_equal(fclose(in), 0);
	assert_int_equal(len, SHARED_LEN);
	assert_false(there(w, "out/1.xml.part"));
}

/* A draft that was left by who was killed is in nobody's way. */
static void
a_draft_that_was_left_is_written_over(void **state)
{
	struct world *w = *state;
	struct mailbox box = folder(w);
	struct str text = STR("<ours/>");
	struct source src = { &text, (int64_t)text.len, source_of_text };
	struct stat st;

	put(w, "out/1.xml.part", "longer than what is written now");
	assert_int_equal(
	    box.hand(box.self,
		&(struct mailbox_letter){
		    .number = 1, .kind = STR("payments"), .text = &src },
		&w->f),
	    ERR_OK);
	assert_int_equal(
	    stat(arena_fmt(w->a, "%s/out/1.xml", w->folder).p, &st), 0);
	assert_int_equal(st.st_size, text.len);
}

/* --- tables, in a database of SQLite ------------------------------------- */

/* Gives: the first line that the command prints. */
static struct str
theirs(struct world *w, const char *sql)
{
	char *line = arena_alloc(w->a, TEXT_MAX);
	FILE *out = popen(
	    arena_fmt(w->a, "sqlite3 %s/box.db \"%s\"", w->folder, sql).p, "r");

	assert_non_null(out);
	if (fgets(line, TEXT_MAX, out) == NULL)
		line[0] = '\0';
	assert_int_equal(pclose(out), 0);
	return arena_str(w->a, str_trim(str_of(line)));
}

static struct mailbox
tables(struct world *w)
{
	struct mailbox box = { .self = NULL };

	assert_int_equal(
	    system(arena_fmt(
		w->a, "sqlite3 %s/box.db <sql/mailbox/sqlite.sql", w->folder)
		       .p),
	    0);
	put(w, "dsn",
	    arena_fmt(w->a, "Driver=SQLite3;Database=%s/box.db;Timeout=500;",
		w->folder)
		.p);
	assert_int_equal(
	    chmod(arena_fmt(w->a, "%s/dsn", w->folder).p, 0600), 0);
	assert_int_equal(
	    settings(w,
		arena_fmt(w->a,
		    "[exchange a]\nportal = p\nsupplier = s\nkind = odbc\n"
		    "dsn = %s/dsn\nspool = %s\ntimeout_s = 1\n",
		    w->folder, w->folder)
		    .p),
	    ERR_OK);
	assert_int_equal(
	    w->boxes.open(w->boxes.self, w->a, STR("a"), &box, &w->f), ERR_OK);
	return box;
}

/* Gives: whether the first document that is not done has this number. */
static bool
comes(struct world *w, const struct mailbox *box, int64_t number)
{
	struct mailbox_item m = { .number = 0 };
	bool found;

	assert_int_equal(
	    box->next(box->self, w->a, 0, &m, &found, &w->f), ERR_OK);
	return found && m.number == number;
}

static void
what_is_put_right_while_it_is_read_is_read_again(void **state)
{
	struct world *w = *state;
	struct mailbox box = tables(w);
	struct mailbox_item m = { .number = 1 };
	struct source src;

	(void)theirs(w,
	    "INSERT INTO kvitok_in_part VALUES (1, 1, 'wrong');"
	    "INSERT INTO kvitok_in (number, kind, parts)"
	    " VALUES (1, 'charges', 1)");
	assert_int_equal(
	    box.fetch(box.self, w->a, &m, NULL, &src, &w->f), ERR_OK);
	assert_string_equal(
	    theirs(w, "SELECT state FROM kvitok_in").p, "reading");
	assert_true(comes(w, &box, 1)); /* as after a kill */

	(void)theirs(w,
	    "UPDATE kvitok_in_part SET body = 'right';"
	    "UPDATE kvitok_in SET state = 'new'");
	assert_int_equal(
	    box.answer(box.self, 1, "aside", STR("wrong"), 0, &w->f), ERR_OK);
	assert_string_equal(theirs(w, "SELECT state FROM kvitok_in").p, "new");
	assert_true(comes(w, &box, 1));

	assert_int_equal(
	    box.fetch(box.self, w->a, &m, NULL, &src, &w->f), ERR_OK);
	assert_int_equal(
	    box.answer(box.self, 1, "applied", STR(""), 0, &w->f), ERR_OK);
	assert_string_equal(
	    theirs(w, "SELECT state FROM kvitok_in").p, "applied");
	assert_false(comes(w, &box, 1));
}

/* Gives: the number of ours that lies there. */
static int64_t
untaken(struct world *w, const struct mailbox *box)
{
	int64_t number;

	assert_int_equal(box->untaken(box->self, &number, &w->f), ERR_OK);
	return number;
}

/* Parts and row come together, whoever else writes them. */
static void
of_two_workers_one_writes_the_tables(void **state)
{
	struct world *w = *state;
	struct mailbox box = tables(w), other = { .self = NULL };

	assert_int_equal(
	    w->boxes.open(w->boxes.self, w->a, STR("a"), &other, &w->f),
	    ERR_OK);
	assert_int_equal(hand_at_once(w, &box, &other), ERR_AGAIN);
	assert_string_equal(theirs(w,
				"SELECT parts || ' ' || (SELECT COUNT(*) FROM "
				"kvitok_out_part) || ' ' || (SELECT "
				"SUM(length(body)) FROM kvitok_out_part) FROM "
				"kvitok_out")
				.p,
	    "3 3 15000");
	/* Nothing of it is left open: the next statement stands for itself. */
	assert_false(comes(w, &other, 1));
	assert_int_equal(untaken(w, &box), 1);
	(void)theirs(w, "UPDATE kvitok_out SET state = 'taken'");
	assert_int_equal(untaken(w, &box), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    settings_that_lack_something_are_told, make, end),
		cmocka_unit_test_setup_teardown(
		    a_mailbox_that_is_not_set_is_unknown, make, end),
		cmocka_unit_test_setup_teardown(
		    a_folder_without_its_parts_is_unavailable, make, end),
		cmocka_unit_test_setup_teardown(
		    only_numbers_are_documents, make, end),
		cmocka_unit_test_setup_teardown(
		    a_document_goes_where_its_state_says, make, end),
		cmocka_unit_test_setup_teardown(
		    a_file_that_took_its_place_is_read_by_itself, make, end),
		cmocka_unit_test_setup_teardown(
		    a_link_is_no_document, make, end),
		cmocka_unit_test_setup_teardown(
		    what_is_put_right_while_it_is_read_is_read_again, make,
		    end),
		cmocka_unit_test_setup_teardown(
		    of_two_workers_one_writes_the_file, make, end),
		cmocka_unit_test_setup_teardown(
		    a_draft_that_was_left_is_written_over, make, end),
		cmocka_unit_test_setup_teardown(
		    of_two_workers_one_writes_the_tables, make, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
