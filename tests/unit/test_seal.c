#include "kvitok/domain/seal.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

static const struct seal_line lines[2] = {
	{ 1, { "payable/п/s", 12 }, { "2026-11-01", 10 }, -12345 },
	{ 2, { "receivable/c", 12 }, { "2026-11-01", 10 }, 12345 },
};

static struct seal_transfer
transfer(const char *akey, const char *id)
{
	return (struct seal_transfer){ .akey = str_of(akey),
		.id = str_of(id),
		.cause = STR("N-1"),
		.kind = STR("paid"),
		.number = STR(""),
		.day = STR("2026-11-01"),
		.at = 1795230000000,
		.lines = lines,
		.lines_len = 2 };
}

static struct arena *
arena(void **state)
{
	return *state;
}

/* Add one transfer alone.  Gives: its mark, and the hash of the day. */
static void
seal_one(struct arena *a, const struct seal_transfer *t, char mark[17],
    char hash[65])
{
	struct fault f;
	struct seal s;

	fault_init(&f);
	seal_begin(&s, a, STR("2026-11-01"), STR(""));
	assert_int_equal(seal_add(&s, t, mark, &f), ERR_OK);
	seal_end(&s, hash);
}

static void
the_hash_is_of_the_text_that_is_described(void **state)
{
	static const char record[] =
	    "8:transfer,8:7K3M9QZT,2:ID,3:N-1,4:paid,0:,10:2026-11-01,"
	    "13:1795230000000,\n"
	    "4:line,1:1,12:payable/п/s,10:2026-11-01,6:-12345,\n"
	    "4:line,1:2,12:receivable/c,10:2026-11-01,5:12345,\n";
	struct buf b;
	struct seal_transfer t = transfer("7K3M9QZT", "ID");
	char mark[17], hash[65], want[65];

	buf_init(&b, arena(state), 4000);
	buf_lit(&b, "12:kvitok-day-1,10:2026-11-01,0:,\n");
	buf_text(&b, str_of(record));
	seal_one(arena(state), &t, mark, hash);
	secret_sha256_hex(buf_str(&b), want);
	assert_string_equal(hash, want);
	secret_sha256_hex(str_of(record), want);
	assert_int_equal(strncmp(mark, want, 16), 0);
	assert_int_equal(strlen(mark), 16);
}

static void
every_field_is_in_the_hash(void **state)
{
	struct seal_line other[2] = { lines[0], lines[1] };
	struct seal_transfer t[9];
	char first[65], hash[65], mark[17], first_mark[17];

	for (size_t i = 0; i < 9; i++)
		t[i] = transfer("7K3M9QZT", "ID");
	t[0].akey = STR("7K3M9QZU");
	t[1].id = STR("IE");
	t[2].cause = STR("N-2");
	t[3].kind = STR("paie");
	t[4].number = STR("N");
	t[5].day = STR("2026-11-02");
	t[6].at++;
	t[7].lines_len = 1;
	t[8].lines = other;
	other[1].n = 3;
	struct seal_transfer plain = transfer("7K3M9QZT", "ID");
	seal_one(arena(state), &plain, first_mark, first);
	for (size_t i = 0; i < 9; i++) {
		seal_one(arena(state), &t[i], mark, hash);
		assert_string_not_equal(hash, first);
		assert_string_not_equal(mark, first_mark);
	}
	other[1] = lines[1];
	other[1].account = STR("receivable/d");
	seal_one(arena(state), &t[8], mark, hash);
	assert_string_not_equal(hash, first);
	other[1] = lines[1];
	other[1].day = STR("2026-11-02");
	seal_one(arena(state), &t[8], mark, hash);
	assert_string_not_equal(hash, first);
	other[1] = lines[1];
	other[1].sum_kop++;
	seal_one(arena(state), &t[8], mark, hash);
	assert_string_not_equal(hash, first);
}

/* What ends one field never begins the next one. */
static void
fields_cannot_be_shifted_into_each_other(void **state)
{
	struct seal_transfer t = transfer("7K3M9QZT", "ID"), u = t;
	char first[65], hash[65], mark[17];

	t.cause = STR("a,4:paid");
	u.cause = STR("a");
	u.kind = STR("4:paid,paid");
	seal_one(arena(state), &t, mark, first);
	seal_one(arena(state), &u, mark, hash);
	assert_string_not_equal(hash, first);
}

static void
the_day_and_the_hash_before_are_in_the_hash(void **state)
{
	struct seal s;
	char hash[3][65];

	seal_begin(&s, arena(state), STR("2026-11-01"), STR(""));
	seal_end(&s, hash[0]);
	seal_begin(&s, arena(state), STR("2026-11-02"), STR(""));
	seal_end(&s, hash[1]);
	seal_begin(&s, arena(state), STR("2026-11-01"), str_of(hash[0]));
	seal_end(&s, hash[2]);
	assert_string_not_equal(hash[0], hash[1]);
	assert_string_not_equal(hash[0], hash[2]);
	/* printf '12:kvitok-day-1,10:2026-11-01,0:,\n' | sha256sum */
	assert_string_equal(hash[0],
	    "0aacd14b8954601c911f471651b2336d"
	    "fa410a6c602ecce0b3da78dd695f7837");
	seal_begin(&s, arena(state), STR("2026-11-01"), STR(""));
	seal_end(&s, NULL); /* given up */
}

static void
transfers_are_counted_and_added_up(void **state)
{
	struct seal_transfer t = transfer("7K3M9QZT", "A");
	char mark[17];
	struct fault f;
	struct seal s;

	fault_init(&f);
	seal_begin(&s, arena(state), STR("2026-11-01"), STR(""));
	assert_int_equal(seal_add(&s, &t, mark, &f), ERR_OK);
	t.id = STR("B");
	assert_int_equal(seal_add(&s, &t, mark, &f), ERR_OK);
	t = transfer("7K3M9QZU", "A");
	t.lines_len = 0;
	assert_int_equal(seal_add(&s, &t, mark, &f), ERR_OK);
	assert_int_equal(s.transfers, 3);
	assert_int_equal(s.lines, 4);
	assert_int_equal(s.debit_kop, 24690);
	assert_int_equal(s.credit_kop, 24690);
	seal_end(&s, NULL);
}

static void
transfers_out_of_order_are_a_bug(void **state)
{
	static const char *const pairs[][2] = { { "7K3M9QZT", "ID" },
		{ "7K3M9QZT", "IC" }, { "7K3M9QZS", "ZZ" },
		{ "7K3M9QZTXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", "ID" },
		{ "8", "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX" } };
	struct seal_transfer t = transfer("7K3M9QZT", "ID");
	char mark[17];
	struct fault f;
	struct seal s;

	fault_init(&f);
	seal_begin(&s, arena(state), STR("2026-11-01"), STR(""));
	assert_int_equal(seal_add(&s, &t, mark, &f), ERR_OK);
	for (size_t i = 0; i < 5; i++) {
		t = transfer(pairs[i][0], pairs[i][1]);
		assert_int_equal(seal_add(&s, &t, mark, &f), ERR_BUG);
	}
	t = transfer("7K3M9QZT", "IE");
	assert_int_equal(seal_add(&s, &t, mark, &f), ERR_OK);
	seal_end(&s, NULL);
}

static void
sums_that_do_not_fit_are_refused(void **state)
{
	struct seal_line most[2] = { lines[0], lines[1] };
	struct seal_transfer t = transfer("7K3M9QZT", "A");
	char mark[17];
	struct fault f;
	struct seal s;

	fault_init(&f);
	t.lines = most;
	most[0].sum_kop = INT64_MIN;
	seal_begin(&s, arena(state), STR("2026-11-01"), STR(""));
	assert_int_equal(seal_add(&s, &t, mark, &f), ERR_LIMIT);
	most[0].sum_kop = INT64_MAX;
	most[1].sum_kop = 1;
	t.id = STR("B");
	assert_int_equal(seal_add(&s, &t, mark, &f), ERR_LIMIT);
	seal_end(&s, NULL);
}

static void
a_transfer_longer_than_rows_can_be_is_a_bug(void **state)
{
	struct seal_transfer t = transfer("7K3M9QZT", "A");
	char *text = arena_alloc(arena(state), 1 << 20);
	char mark[17];
	struct fault f;
	struct seal s;

	fault_init(&f);
	memset(text, 'x', 1 << 20);
	t.cause = (struct str){ text, 1 << 20 };
	seal_begin(&s, arena(state), STR("2026-11-01"), STR(""));
	assert_int_equal(seal_add(&s, &t, mark, &f), ERR_BUG);
	seal_end(&s, NULL);
}

static int
make(void **state)
{
	*state = arena_new((size_t)16 << 20);
	return 0;
}

static int
end(void **state)
{
	arena_free(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hash_is_of_the_text_that_is_described),
		cmocka_unit_test(every_field_is_in_the_hash),
		cmocka_unit_test(fields_cannot_be_shifted_into_each_other),
		cmocka_unit_test(the_day_and_the_hash_before_are_in_the_hash),
		cmocka_unit_test(transfers_are_counted_and_added_up),
		cmocka_unit_test(transfers_out_of_order_are_a_bug),
		cmocka_unit_test(sums_that_do_not_fit_are_refused),
		cmocka_unit_test(a_transfer_longer_than_rows_can_be_is_a_bug),
	};

	return cmocka_run_group_tests(tests, make, end);
}
