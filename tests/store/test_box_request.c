/* What payers ask, in the books of a supplier in the box; the test is Kvitok.
 */
#include "box_world.h"

#include "kvitok/box/box_request.h"
#include "kvitok/box/box_take.h"

/* "%PDF-1.7", and its digest. */
#define PDF "JVBERi0xLjc="
#define PDF_SHA256                                                             \
	"0f9f7cdb1ba0dcd2cd2d5a0a8bd5b0ae5b6e4ad5a3a8a6ee1b16cf87d5ed7db1"

#define REQUEST(id, account, children)                                         \
	"<request id=\"" id "\" kind=\"maintenance\" account=\"" account       \
	"\" made_at=\"2026-11-28T10:00:00Z\"><text>Течёт "                \
	"кран</text>" children "</request>"
#define FILE_OF(name, sha256)                                                  \
	"<file name=\"" name "\" type=\"application/pdf\" sha256=\"" sha256    \
	"\"><content>" PDF "</content></file>"
#define CLOSED(id) "<closed request=\"" id "\" at=\"2026-11-29T10:00:00Z\"/>"
#define REQUESTS(count, records)                                               \
	"<requests count=\"" count "\">" records "</requests>"

static struct taken
came(struct world *x, int64_t n, const char *body)
{
	hand(x, n, "requests", body);
	assert_done(x, box_take(&x->w, x->schema, &x->faults));
	return taken(x, n);
}

/* Columns of a request: text of it, when there is one. */
static bool
find(struct world *x, const char *id, struct db_rows *r)
{
	assert_done(x,
	    box_db_read(&x->db, x->a, SQL_BOX_REQUESTS, DB_IN(db_n(10)),
		"tttttttii", 10, r, &x->f));
	for (size_t i = 0; i < r->len; i++) {
		if (!str_eq(db_row(r, i)[0].t, str_of(id)))
			continue;
		r->cells = db_row(r, i);
		return true;
	}
	return false;
}

static size_t
files(struct world *x, const char *id)
{
	struct db_rows r;

	assert_done(x,
	    box_db_read(&x->db, x->a, SQL_BOX_REQUEST_FILES,
		DB_IN(db_t(str_of(id)), db_n(10)), "ttti", 10, &r, &x->f));
	return r.len;
}

static char digest[65];

static const char *
with_digest(struct world *x, const char *body)
{
	struct str rest = str_of(body);
	size_t at = str_find(rest, STR(PDF_SHA256));

	assert_true(at < rest.len);
	secret_sha256_hex(STR("%PDF-1.7"), digest);
	return arena_fmt(
	    x->a, "%.*s%s%s", (int)at, body, digest, body + at + 64)
	    .p;
}

static void
requests_are_taken_once_with_their_files(void **state)
{
	struct world *x = *state;
	const char *body = with_digest(x,
	    REQUESTS(
		"1", REQUEST("R-1", "7700001", FILE_OF("a.pdf", PDF_SHA256))));
	struct db_rows r;

	assert_int_equal(came(x, 1, body).applied, 1);
	assert_int_equal(came(x, 2, body).applied, 1);
	assert_true(find(x, "R-1", &r));
	assert_int_equal(r.len, 1);
	assert_text(r.cells[2].t, "7700001");
	assert_text(r.cells[4].t, "Течёт кран");
	assert_int_equal(r.cells[7].n, 1);
	assert_int_equal(files(x, "R-1"), 1);
}

static void
what_is_not_right_is_refused_alone(void **state)
{
	struct world *x = *state;
	struct db_rows r;
	struct taken t = came(x, 1,
	    REQUESTS("4",
		REQUEST("R-1", "7700009", "")
		    REQUEST("R-2", "7700001", FILE_OF("a.pdf", PDF_SHA256))
			REQUEST("R-3", "7700001", "") CLOSED("R-1")));

	assert_int_equal(t.applied, 1);
	assert_int_equal(t.refused, 3);
	assert_false(find(x, "R-1", &r));
	assert_false(find(x, "R-2", &r));
	assert_int_equal(files(x, "R-2"), 0);
	assert_true(find(x, "R-3", &r));
}

static enum err
answer_all(const struct box_work *w)
{
	return box_request_answer(w,
	    &(struct box_request_reply){
		STR(""), STR("in_progress"), STR("Смотрим <&>") });
}

static enum err
answer_one(const struct box_work *w)
{
	return box_request_answer(
	    w, &(struct box_request_reply){ STR("R-1"), STR("done"), STR("") });
}

static enum err
answer_nobody(const struct box_work *w)
{
	return box_request_answer(
	    w, &(struct box_request_reply){ STR("R-9"), STR("done"), STR("") });
}

static void
those_that_wait_are_answered(void **state)
{
	struct world *x = *state;
	int64_t before = documents(x);
	struct db_rows r;
	struct str text;

	assert_done(x, in_tx(x, answer_all)); /* nobody waits: nothing */
	assert_int_equal(documents(x), before);
	(void)came(x, 1,
	    REQUESTS("4",
		REQUEST("R-1", "7700001", "") REQUEST("R-2", "7700002", "")
		    REQUEST("R-3", "7700002", "") CLOSED("R-3")));
	before = documents(x); /* with our acknowledgement */
	assert_done(x, in_tx(x, answer_one));
	assert_done(x, in_tx(x, answer_all));
	assert_int_equal(documents(x), before + 2);
	text = text_of(x, before + 1);
	assert_true(says(text, "request=\"R-1\" state=\"done\""));
	text = text_of(x, before + 2);
	assert_true(says(text, "request=\"R-2\" state=\"in_progress\""));
	assert_true(says(text, "<text>Смотрим &lt;&amp;&gt;</text>"));
	assert_false(says(text, "R-1"));
	assert_false(says(text, "R-3"));
	assert_true(find(x, "R-1", &r));
	assert_text(r.cells[6].t, "done");
	assert_int_equal(r.cells[8].n, before + 1);
	assert_int_equal(in_tx(x, answer_nobody), ERR_CONFLICT);
}

#define T(test) cmocka_unit_test_setup(test, make)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(requests_are_taken_once_with_their_files),
		T(what_is_not_right_is_refused_alone),
		T(those_that_wait_are_answered),
	};

	return cmocka_run_group_tests(tests, make_all, end_all);
}
