/* Files of what payers ask: brought, named, read, forgotten. */
#include "asking.h"

static void
refused(struct world *w, const struct appeal_upload *in, const char *reason)
{
	struct appeal_file x;
	bool replay;

	fault_init(&w->fx.f);
	assert_int_not_equal(
	    appeal_file_bring(&w->p, w->fx.a, in, &x, &replay, &w->fx.f),
	    ERR_OK);
	assert_string_equal(w->fx.f.reason, reason);
}

static void
ask_refused(struct world *w, const struct appeal_request *rq,
    const char *reason, const char *field)
{
	struct appeal x;
	bool replay;

	fault_init(&w->fx.f);
	assert_int_not_equal(
	    appeal_create(&w->p, w->fx.a, rq, &x, &replay, &w->fx.f), ERR_OK);
	assert_string_equal(w->fx.f.reason, reason);
	assert_string_equal(w->fx.f.fields[0].pointer, field);
}

static enum err
try_read(struct world *w, struct str portal, struct str payer,
    struct str appeal, int64_t n, struct appeal_file *x, struct str *bytes)
{
	fault_init(&w->fx.f);
	return appeal_file_read(
	    &w->p, w->fx.a, portal, payer, appeal, n, x, bytes, &w->fx.f);
}

static bool
is_asked(struct world *w, const struct appeal_request *rq)
{
	const struct appeal_store *st = &w->p.appeals;
	struct str id;

	assert_done(&w->fx,
	    st->known(
		st->self, w->fx.a, ask_front.key_id, rq->ikey, &id, &w->fx.f));
	return id.len > 0;
}

static bool
is_kept(struct world *w, const struct appeal_upload *in)
{
	const struct appeal_file_store *st = &w->p.appeal_files;
	struct appeal_file x;
	bool found;

	assert_done(&w->fx,
	    st->known(st->self, w->fx.a, ask_front.key_id, in->ikey, &x, &found,
		&w->fx.f));
	return found;
}

static void
one_is_brought_once_however_often_it_comes(void **state)
{
	struct world *w = *state;
	struct appeal_upload in = ask_upload(w, ask_bytes(w, 100000, 1));
	struct appeal_file x = ask_bring(w, &in, false), again;

	assert_text(x.name, "Справка.pdf");
	assert_int_equal(x.media, APPEAL_PDF);
	assert_int_equal(x.size, 100000);
	assert_int_equal(x.parts, 3);
	again = ask_bring(w, &in, true);
	assert_true(str_eq(again.id, x.id));
	in.name = STR("Другая.pdf");
	refused(w, &in, "idempotency_key_reused");
	in.name = STR("Справка.pdf");
	in.payer = STR("u-2");
	refused(w, &in, "idempotency_key_reused");
	in.payer = STR(ASK_PAYER);
	in.bytes = ask_bytes(w, 100000, 2);
	refused(w, &in, "idempotency_key_reused");
}

static void
what_is_no_picture_and_no_pdf_is_refused(void **state)
{
	struct world *w = *state;
	struct appeal_upload in = ask_upload(w, STR("MZ\x90"));

	in.name = STR("photo.jpg");
	refused(w, &in, "appeal_file_media");
	in.bytes = STR("");
	refused(w, &in, "appeal_file_media");
}

/* Of every length that a last part may have. */
static void
what_was_brought_is_read_by_its_payer_alone(void **state)
{
	static const size_t sizes[] = { 5, 6, 7, 49151, 49152, 49153, 98304,
		300001 };
	struct world *w = *state;
	struct str ids[KV_COUNT(sizes)], bytes;
	struct appeal_request rq = ask_request(w, ids, KV_COUNT(sizes));
	struct appeal_file f;
	struct appeal x;

	for (size_t i = 0; i < KV_COUNT(sizes); i++) {
		struct appeal_upload in =
		    ask_upload(w, ask_bytes(w, sizes[i], (int)i));

		ids[i] = ask_bring(w, &in, false).id;
	}
	x = ask_create(w, &rq);
	assert_int_equal(x.files, KV_COUNT(sizes));
	for (size_t i = 0; i < KV_COUNT(sizes); i++) {
		assert_done(&w->fx,
		    try_read(w, x.portal, x.payer, x.id, (int64_t)i + 1, &f,
			&bytes));
		assert_true(str_eq(f.id, ids[i]));
		assert_true(str_eq(bytes, ask_bytes(w, sizes[i], (int)i)));
	}
	assert_int_equal(
	    try_read(w, x.portal, x.payer, x.id, 9, &f, &bytes), ERR_ABSENT);
	assert_string_equal(w->fx.f.reason, "appeal_file_unknown");
	assert_int_equal(
	    try_read(w, x.portal, STR("u-2"), x.id, 1, &f, &bytes), ERR_ABSENT);
	assert_string_equal(w->fx.f.reason, "appeal_unknown");
	assert_int_equal(
	    try_read(w, x.portal, STR(""), x.id, 1, &f, &bytes), ERR_ABSENT);
	assert_int_equal(
	    try_read(w, STR("moygaz"), x.payer, x.id, 1, &f, &bytes),
	    ERR_ABSENT);
}

static void
what_is_spoilt_on_the_disk_is_not_given_out(void **state)
{
	struct world *w = *state;
	struct appeal x = ask_with(w, 100);
	struct appeal_file f;
	struct str bytes;

	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"UPDATE appeal_file_part SET body = 'AAAA' WHERE file IN "
		"(SELECT id FROM appeal_file WHERE appeal = '%.*s')",
		STR_ARG(x.id))
		.p);
	assert_int_equal(
	    try_read(w, x.portal, x.payer, x.id, 1, &f, &bytes), ERR_BUG);
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"DELETE FROM appeal_file_part WHERE file IN "
		"(SELECT id FROM appeal_file WHERE appeal = '%.*s')",
		STR_ARG(x.id))
		.p);
	assert_int_equal(
	    try_read(w, x.portal, x.payer, x.id, 1, &f, &bytes), ERR_BUG);
}

static void
a_file_is_named_once_by_its_payer_within_a_day(void **state)
{
	struct world *w = *state;
	struct appeal_upload in = ask_upload(w, ask_bytes(w, 10, 3));
	struct str ids[2] = { ask_bring(w, &in, false).id };
	struct appeal_request rq = ask_request(w, ids, 1);

	rq.payer = STR("u-2");
	ask_refused(w, &rq, "appeal_file_loose", "files/0/id");
	rq.payer = STR(ASK_PAYER);
	ids[1] = ids[0];
	rq.files_len = 2;
	ask_refused(w, &rq, "appeal_file_loose", "files/1/id");
	/* Nothing is left of what was refused. */
	assert_false(is_asked(w, &rq));
	rq.files_len = 1;
	w->now += APPEAL_FILE_LIFE_MS + 1;
	ask_refused(w, &rq, "appeal_file_loose", "files/0/id");
	w->now -= 1;
	(void)ask_create(w, &rq);
	rq.ikey = STR("ask-other");
	ask_refused(w, &rq, "appeal_file_loose", "files/0/id");
}

static void
files_of_an_appeal_are_five_megabytes_at_most(void **state)
{
	struct world *w = *state;
	struct appeal_upload big =
	    ask_upload(w, ask_bytes(w, (size_t)APPEAL_FILE_MAX - 5, 4));
	struct appeal_upload fits = ask_upload(w, ask_bytes(w, 5, 5));
	struct appeal_upload over = ask_upload(w, ask_bytes(w, 6, 6));
	struct str ids[2] = { ask_bring(w, &big, false).id };
	struct appeal_request rq = ask_request(w, ids, 2);

	ids[1] = ask_bring(w, &over, false).id;
	ask_refused(w, &rq, "appeal_files_size", "files");
	ids[1] = ask_bring(w, &fits, false).id;
	(void)ask_create(w, &rq);
}

static void
what_nobody_names_is_forgotten(void **state)
{
	struct world *w = *state;
	struct appeal kept = ask_with(w, 60000);
	struct appeal_upload in = ask_upload(w, ask_bytes(w, 60000, 7));
	struct appeal_file f = ask_bring(w, &in, false);
	struct str bytes;

	w->now += APPEAL_FILE_LIFE_MS;
	assert_done(&w->fx, appeal_file_sweep(&w->p, &w->fx.f));
	assert_true(is_kept(w, &in));
	w->now += INT64_C(7200000);
	assert_done(&w->fx, appeal_file_sweep(&w->p, &w->fx.f));
	assert_false(is_kept(w, &in));
	assert_int_equal(w->p.appeal_files.part(w->p.appeal_files.self, w->fx.a,
			     f.id, 1, &bytes, &w->fx.f),
	    ERR_BUG);
	assert_done(&w->fx,
	    try_read(w, kept.portal, kept.payer, kept.id, 1, &f, &bytes));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_brought_once_however_often_it_comes),
		cmocka_unit_test(what_is_no_picture_and_no_pdf_is_refused),
		cmocka_unit_test(what_was_brought_is_read_by_its_payer_alone),
		cmocka_unit_test(
		    a_file_is_named_once_by_its_payer_within_a_day),
		cmocka_unit_test(files_of_an_appeal_are_five_megabytes_at_most),
		cmocka_unit_test(what_nobody_names_is_forgotten),
		cmocka_unit_test(what_is_spoilt_on_the_disk_is_not_given_out),
	};

	return cmocka_run_group_tests(tests, ask_make, world_end);
}
