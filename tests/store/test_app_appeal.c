/* What payers ask of suppliers, and the answers that documents bring. */
#include "exchange_world.h"

#include "kvitok/app/appeal.h"

#define KEY_ID "01JDQK5T9ZC8F3M2X7V4B6N1KA"

static const struct caller front = {
	.key_id = { KEY_ID, 26 },
	.portal = { EX_PORTAL, sizeof(EX_PORTAL) - 1 },
};

static int
make(void **state)
{
	int rc = ex_make(state);

	(void)life_paid(*state); /* what the audit at the end wants to see */
	return rc;
}

static struct appeal_request
asked(const char *ikey)
{
	return (struct appeal_request){ .who = &front,
		.supplier = STR(EX_SUPPLIER),
		.account = STR(EX_ACCOUNT),
		.kind = APPEAL_RECALCULATION,
		.payer = STR("u-1"),
		.email = STR("ivanova@example.org"),
		.text = STR("Прошу\nпересчитать <&>"),
		.ikey = str_of(ikey),
		.body_hash = STR("0123456789abcdef0123456789abcdef"
				 "0123456789abcdef0123456789abcdef") };
}

static struct appeal
create(struct world *w, const struct appeal_request *rq, bool is_replay)
{
	struct appeal x;
	bool replay;

	fault_init(&w->fx.f);
	assert_done(
	    &w->fx, appeal_create(&w->p, w->fx.a, rq, &x, &replay, &w->fx.f));
	assert_int_equal(replay, is_replay);
	return x;
}

static void
refused(struct world *w, const struct appeal_request *rq, const char *reason)
{
	struct appeal x;
	bool replay;

	fault_init(&w->fx.f);
	assert_int_not_equal(
	    appeal_create(&w->p, w->fx.a, rq, &x, &replay, &w->fx.f), ERR_OK);
	assert_string_equal(w->fx.f.reason, reason);
}

static struct appeal
read_one(
    struct world *w, struct str id, const struct appeal_answer **v, size_t *len)
{
	struct appeal x;

	fault_init(&w->fx.f);
	assert_done(&w->fx,
	    appeal_read(
		&w->p, w->fx.a, STR(EX_PORTAL), id, &x, v, len, &w->fx.f));
	return x;
}

static void
one_is_made_once_however_often_it_is_asked_for(void **state)
{
	struct world *w = *state;
	struct appeal_field field = { STR("month"), STR("2026-11 \"ноябрь\"") };
	struct appeal_request rq = asked("once");
	struct appeal x, again;

	rq.fields = &field;
	rq.fields_len = 1;
	x = create(w, &rq, false);
	assert_int_equal(x.state, APPEAL_IN_PROGRESS);
	assert_int_equal(x.kind, APPEAL_RECALCULATION);
	assert_text(x.text, "Прошу\nпересчитать <&>");
	assert_text(x.account, EX_ACCOUNT);
	assert_text(x.fields,
	    "[{\"name\":\"month\",\"value\":\"2026-11 \\\"ноябрь\\\"\"}]");
	again = create(w, &rq, true);
	assert_true(str_eq(again.id, x.id));
	rq.body_hash = STR("1123456789abcdef0123456789abcdef"
			   "0123456789abcdef0123456789abcdef");
	refused(w, &rq, "idempotency_key_reused");
}

static void
what_cannot_be_handled_is_refused_and_named(void **state)
{
	struct appeal_field twice[] = { { STR("a"), STR("1") },
		{ STR("a"), STR("2") } };
	struct world *w = *state;
	struct appeal_request rq = asked("bad");

	rq.text = STR("");
	refused(w, &rq, "appeal_empty");
	rq = asked("bad");
	rq.email = STR("nobody");
	refused(w, &rq, "email_bad");
	rq = asked("bad");
	rq.fields = twice;
	rq.fields_len = 2;
	refused(w, &rq, "appeal_field");
	rq = asked("bad");
	rq.account = STR("");
	refused(w, &rq, "appeal_account");
	rq = asked("bad");
	rq.account = STR("#");
	refused(w, &rq, "account_form");
	rq.account = STR("99999999");
	refused(w, &rq, "account_unknown");
	rq = asked("bad");
	rq.supplier = STR("nobody");
	refused(w, &rq, "supplier_unknown");
	rq.account = STR("");
	rq.kind = APPEAL_APPLICATION;
	refused(w, &rq, "supplier_unknown");
	/* Who has no account yet may ask for a contract. */
	rq.supplier = STR(EX_SUPPLIER);
	assert_text(create(w, &rq, false).account, "");
}

static struct exchange_done
answer(struct world *w, struct str id, const char *state, const char *at,
    const char *text)
{
	return ex_next_is(w, "answers count='1'",
	    arena_fmt(w->fx.a,
		"<answer request='%.*s' state='%s' at='%s'>%s</answer>",
		STR_ARG(id), state, at, text),
	    EXCHANGE_APPLIED);
}

static void
answers_come_once_and_move_the_state(void **state)
{
	struct world *w = *state;
	struct appeal_request rq = asked("answered");
	struct appeal x = create(w, &rq, false);
	const struct appeal_answer *v;
	size_t len;

	(void)answer(w, x.id, "needs_answer", "2026-12-02T05:58:11+03:00",
	    "<text>Пришлите &lt;снимок&gt;</text>");
	(void)answer(w, x.id, "needs_answer", "2026-12-02T05:58:11+03:00",
	    "<text>Пришлите &lt;снимок&gt;</text>");
	x = read_one(w, x.id, &v, &len);
	assert_int_equal(x.state, APPEAL_NEEDS_ANSWER);
	assert_int_equal(len, 1);
	assert_text(v[0].text, "Пришлите <снимок>");
	assert_text(v[0].actor, "supplier");
	(void)answer(w, x.id, "done", "2026-12-03T00:00:00Z", "");
	/* An older one that comes later is kept, and moves nothing. */
	(void)answer(w, x.id, "in_progress", "2026-12-01T00:00:00Z", "");
	x = read_one(w, x.id, &v, &len);
	assert_int_equal(x.state, APPEAL_DONE);
	assert_int_equal(x.answers, 3);
	assert_int_equal(len, 3);
}

static void
what_the_payer_has_closed_stays_closed(void **state)
{
	struct world *w = *state;
	struct appeal_request rq = asked("closed");
	struct appeal x = create(w, &rq, false);
	const struct appeal_answer *v;
	int64_t closed_at;
	size_t len;

	for (int i = 0; i < 2; i++) {
		assert_done(&w->fx,
		    appeal_end(&w->p, w->fx.a, STR(EX_PORTAL), x.id, &w->fx.f));
		closed_at = read_one(w, x.id, &v, &len).closed_at;
		assert_int_equal(closed_at, w->now - i * 1000);
		w->now += 1000;
	}
	(void)answer(w, x.id, "done", "2026-12-03T00:00:00Z", "");
	x = read_one(w, x.id, &v, &len);
	assert_int_equal(x.state, APPEAL_CLOSED);
	assert_int_equal(len, 1);
}

static void
answers_to_nobody_are_refused_one_by_one(void **state)
{
	struct world *w = *state;
	struct appeal_request rq = asked("other");
	struct appeal x = create(w, &rq, false);
	const struct exchange_record *v;
	struct exchange_done out;
	size_t len;

	fixture_sql(&w->fx,
	    "UPDATE appeal SET supplier = 'vodokanal-irk' "
	    "WHERE ikey = 'other'");
	out = ex_next_is(w, "answers count='3'",
	    arena_fmt(w->fx.a,
		"<answer request='1' state='done' at='2026-12-03T00:00:00Z'/>"
		"<answer request='%.*s' state='done' "
		"at='2026-12-03T00:00:00Z'/>"
		"<answer request='%.*s' state='done' "
		"at='0099-12-03T00:00:00Z'/>",
		STR_ARG(x.id), STR_ARG(x.id)),
	    EXCHANGE_APPLIED);
	assert_int_equal(out.doc.refused, 3);
	assert_done(&w->fx,
	    w->p.exchange_out.refusals(w->p.exchange_out.self, w->fx.a,
		STR(EX_PORTAL), STR(EX_SUPPLIER), out.doc.number, &v, &len,
		&w->fx.f));
	assert_string_equal(v[0].refused, "exchange_appeal_unknown");
	assert_string_equal(v[1].refused, "exchange_appeal_unknown");
	assert_string_equal(v[2].refused, "exchange_day");
}

static void
lists_are_of_a_portal_newest_first(void **state)
{
	struct world *w = *state;
	const struct appeal_store *st = &w->p.appeals;
	struct appeal_query q = { .portal = STR(EX_PORTAL),
		.payer = STR("u-1"),
		.account = STR(EX_ACCOUNT),
		.limit = 2 };
	const struct appeal *v;
	size_t len;

	assert_done(
	    &w->fx, st->list(st->self, w->fx.a, &q, &v, &len, &w->fx.f));
	assert_int_equal(len, 2);
	assert_true(str_cmp(v[0].id, v[1].id) > 0);
	q.before = v[1].id;
	assert_done(
	    &w->fx, st->list(st->self, w->fx.a, &q, &v, &len, &w->fx.f));
	assert_true(len > 0 && str_cmp(v[0].id, q.before) < 0);
	q = (struct appeal_query){
		.portal = STR(EX_PORTAL), .state = STR("closed"), .limit = 9
	};
	assert_done(
	    &w->fx, st->list(st->self, w->fx.a, &q, &v, &len, &w->fx.f));
	assert_int_equal(len, 1);
	q.portal = STR("moygaz");
	assert_done(
	    &w->fx, st->list(st->self, w->fx.a, &q, &v, &len, &w->fx.f));
	assert_int_equal(len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    one_is_made_once_however_often_it_is_asked_for),
		cmocka_unit_test(what_cannot_be_handled_is_refused_and_named),
		cmocka_unit_test(answers_come_once_and_move_the_state),
		cmocka_unit_test(what_the_payer_has_closed_stays_closed),
		cmocka_unit_test(answers_to_nobody_are_refused_one_by_one),
		cmocka_unit_test(lists_are_of_a_portal_newest_first),
	};

	return cmocka_run_group_tests(tests, make, world_end);
}
