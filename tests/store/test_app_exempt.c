/* Payers whom the law frees from the commission; on both databases. */
#include "life.h"

#include "kvitok/app/exempt.h"
#include "kvitok/base/day.h"

static struct exempt_request
of_payer(struct world *w)
{
	return (struct exempt_request){ .key = { STR("portalgkh"), EXEMPT_PAYER,
					    STR(""), str_of(w->payer) },
		.kind = STR("pensioner"),
		.document = STR("удостоверение"),
		.document_number = STR("1234567890"),
		.seen_by = STR("Иванова"),
		.from_day = STR(""),
		.to_day = STR(""),
		.actor = STR("operator:test") };
}

static enum err
set(struct world *w, const struct exempt_request *req, struct exempt *out)
{
	size_t made, at;
	enum err rc;

	fault_init(&w->fx.f);
	rc = exempt_check(&w->p, w->fx.a, req, out, &w->fx.f);
	if (rc == ERR_OK)
		rc = exempt_set(
		    &w->p, w->fx.a, out, 1, req->replace, &made, &at, &w->fx.f);
	return rc;
}

static struct str
name_of(struct world *w, const struct exempt *x)
{
	return exempt_name(w->fx.a, x);
}

static void
end_it(struct world *w, struct str name)
{
	struct exempt x;

	assert_done(&w->fx,
	    exempt_end(&w->p, w->fx.a, STR("portalgkh"), name,
		STR("operator:test"), STR("по заявлению"), &x, &w->fx.f));
	assert_true(x.ended_at > 0);
}

static struct quote
quote(struct world *w, const char *payer, const char *supplier)
{
	struct pay_line_in line = { str_of(supplier),
		strcmp(supplier, "yuzhnoe-zhks") == 0 ? STR("zhku")
						      : STR("otoplenie"),
		STR(GUIDE_ACCOUNT), 120000 };
	struct quote q;

	assert_done(&w->fx,
	    pay_quote(&w->p, w->fx.a, STR("portalgkh"), str_of(payer), &line, 1,
		&q, &w->fx.f));
	return q;
}

static struct payment *
paid(struct world *w, const char *supplier)
{
	struct world_order o = gpb_order;
	struct payment *pm;

	o.supplier = supplier;
	if (strcmp(supplier, "yuzhnoe-zhks") != 0)
		o.service = "otoplenie";
	w->proof = true;
	pm = world_pay(w, &o);
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX1", pm->total_kop);
	assert_text(registers(w).body, "1");
	return world_load(w, pm->number);
}

/* What the ledger has of a payment in one account. */
static int64_t
posted(struct world *w, const struct payment *pm, const char *account)
{
	const struct ledger_transfer *t;
	int64_t kop = 0;
	size_t len;

	assert_done(&w->fx,
	    w->p.ledger.of_payment(w->p.ledger.self, w->fx.a, pm->akey,
		pm->number, 100, &t, &len, &w->fx.f));
	for (size_t i = 0; i < len; i++)
		for (size_t k = 0; k < t[i].lines_len; k++)
			if (str_eq(t[i].lines[k].account, str_of(account)))
				kop += t[i].lines[k].sum_kop;
	return kop;
}

static void
a_freed_payer_is_quoted_no_commission_and_told_why(void **state)
{
	struct world *w = *state;
	struct exempt_request req;
	struct exempt x;
	struct quote q;

	world_reset(w);
	req = of_payer(w);
	assert_done(&w->fx, set(w, &req, &x));
	q = quote(w, w->payer, "yuzhnoe-zhks");
	assert_int_equal(q.fee_kop, 0);
	assert_int_equal(q.total_kop, 120000);
	assert_string_equal(q.fee_reason, "fee_exempt");
	assert_string_equal(q.lines[0].fee_reason, "fee_exempt");
	q = quote(w, "somebody else", "yuzhnoe-zhks");
	assert_int_equal(q.fee_kop, 1800);
	assert_null(q.fee_reason);
	q = quote(w, "", "yuzhnoe-zhks");
	assert_int_equal(q.fee_kop, 1800);
	end_it(w, name_of(w, &x));
	assert_int_equal(quote(w, w->payer, "yuzhnoe-zhks").fee_kop, 1800);
}

static void
a_freed_account_is_free_for_whoever_pays_it(void **state)
{
	struct world *w = *state;
	struct exempt_request req;
	struct exempt x;

	world_reset(w);
	req = of_payer(w);
	req.key = (struct exempt_key){ STR("portalgkh"), EXEMPT_ACCOUNT,
		STR("yuzhnoe-zhks"), STR(" 1001-9743 ") };
	assert_done(&w->fx, set(w, &req, &x));
	assert_text(x.key.subject, GUIDE_ACCOUNT);
	assert_int_equal(quote(w, "", "yuzhnoe-zhks").fee_kop, 0);
	/* The same number at another supplier is another account. */
	assert_true(quote(w, "", "irkutskenergo").fee_kop > 0);
	end_it(w, name_of(w, &x));
}

static void
it_holds_on_its_days_only(void **state)
{
	struct world *w = *state;
	struct exempt_request req;
	struct exempt x;
	char next[DAY_TEXT_SIZE];

	world_reset(w);
	day_of(w->now + DAY_MS, DAY_ZONE_MOSCOW, next);
	req = of_payer(w);
	req.from_day = req.to_day = str_of(next);
	assert_done(&w->fx, set(w, &req, &x));
	assert_int_equal(quote(w, w->payer, "yuzhnoe-zhks").fee_kop, 1800);
	w->now += DAY_MS;
	assert_int_equal(quote(w, w->payer, "yuzhnoe-zhks").fee_kop, 0);
	w->now += DAY_MS;
	assert_int_equal(quote(w, w->payer, "yuzhnoe-zhks").fee_kop, 1800);
	/* What is over makes room for the next one by itself. */
	req.from_day = req.to_day = STR("");
	assert_done(&w->fx, set(w, &req, &x));
	assert_int_equal(quote(w, w->payer, "yuzhnoe-zhks").fee_kop, 0);
	end_it(w, name_of(w, &x));
}

static void
a_payment_takes_what_was_quoted_though_it_ended_since(void **state)
{
	struct world *w = *state;
	struct exempt_request req;
	struct payment *pm;
	struct exempt x;

	world_reset(w);
	w->proof = true;
	req = of_payer(w);
	assert_done(&w->fx, set(w, &req, &x));
	pm = world_pay(w, &gpb_order);
	w->now += 1000;
	end_it(w, name_of(w, &x));
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX1", 120000);
	assert_text(registers(w).body, "1");
	pm = world_load(w, pm->number);
	assert_state(w, pm, "paid");
	assert_int_equal(pm->total_kop, 120000);
	assert_text(pm->lines[0].exempt, name_of(w, &x).p);
}

static void
what_the_portal_bears_is_a_loss_of_its_own(void **state)
{
	struct world *w = *state;
	struct exempt_request req;
	struct payment *pm;
	struct exempt x;

	world_reset(w);
	req = of_payer(w);
	assert_done(&w->fx, set(w, &req, &x));
	pm = paid(w, "yuzhnoe-zhks");
	assert_int_equal(pm->lines[0].loss_on, FEE_LOSS_PORTAL);
	assert_int_equal(pm->lines[0].loss_kop, 1800);
	assert_int_equal(posted(w, pm, "receivable/gpb-portalgkh"), 120000);
	assert_int_equal(
	    posted(w, pm, "payable/portalgkh/yuzhnoe-zhks"), -120000);
	assert_int_equal(posted(w, pm, "commission/portalgkh"), -1800);
	assert_int_equal(posted(w, pm, "exempt_loss/portalgkh"), 1800);
	life_give_back(w, pm, 0);
	assert_state(w, pm, "refunded");
	assert_int_equal(posted(w, pm, "receivable/gpb-portalgkh"), 0);
	assert_int_equal(posted(w, pm, "payable/portalgkh/yuzhnoe-zhks"), 0);
	assert_int_equal(posted(w, pm, "commission/portalgkh"), 0);
	assert_int_equal(posted(w, pm, "exempt_loss/portalgkh"), 0);
	end_it(w, name_of(w, &x));
}

static void
what_the_supplier_bears_is_withheld_from_him(void **state)
{
	struct world *w = *state;
	struct exempt_request req;
	struct payment *pm;
	struct exempt x;

	world_reset(w);
	req = of_payer(w);
	assert_done(&w->fx, set(w, &req, &x));
	pm = paid(w, "irkutskenergo");
	assert_int_equal(pm->lines[0].loss_on, FEE_LOSS_SUPPLIER);
	assert_int_equal(pm->lines[0].supplier_fee_kop, 2160);
	assert_int_equal(
	    posted(w, pm, "payable/portalgkh/irkutskenergo"), -117840);
	assert_int_equal(posted(w, pm, "commission/portalgkh"), -2160);
	assert_int_equal(posted(w, pm, "exempt_loss/portalgkh"), 0);
	life_give_back(w, pm, 0);
	assert_int_equal(posted(w, pm, "payable/portalgkh/irkutskenergo"), 0);
	end_it(w, name_of(w, &x));
}

static void
what_nobody_bears_is_not_earned(void **state)
{
	struct world *w = *state;
	struct exempt_request req;
	struct payment *pm;
	struct exempt x;

	world_reset(w);
	fixture_sql(&w->fx,
	    "UPDATE exempt_rule SET bearer = 'nobody' "
	    "WHERE supplier = 'irkutskenergo'");
	world_rules(w);
	w->now += 2000;
	req = of_payer(w);
	assert_done(&w->fx, set(w, &req, &x));
	pm = paid(w, "irkutskenergo");
	assert_int_equal(pm->lines[0].loss_on, FEE_LOSS_NOBODY);
	assert_int_equal(
	    posted(w, pm, "payable/portalgkh/irkutskenergo"), -120000);
	assert_int_equal(posted(w, pm, "commission/portalgkh"), 0);
	fixture_sql(&w->fx,
	    "UPDATE exempt_rule SET bearer = 'supplier' "
	    "WHERE supplier = 'irkutskenergo'");
	world_rules(w);
	w->now += 2000;
	end_it(w, name_of(w, &x));
}

static void
set_twice_it_is_set_once_and_another_one_is_refused(void **state)
{
	struct world *w = *state;
	struct exempt_request req;
	struct exempt x, y;
	const struct exempt *list;
	size_t len;

	world_reset(w);
	req = of_payer(w);
	assert_done(&w->fx, set(w, &req, &x));
	w->now += 1000;
	assert_done(&w->fx, set(w, &req, &y));
	assert_true(str_eq(x.id, y.id));
	req.kind = STR("disabled");
	assert_rc(&w->fx, set(w, &req, &y), ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "exemption_there");
	req.replace = true;
	assert_done(&w->fx, set(w, &req, &y));
	assert_false(str_eq(x.id, y.id));
	assert_done(
	    &w->fx, exempt_of(&w->p, w->fx.a, &req.key, &list, &len, &w->fx.f));
	assert_int_equal(len, 2);
	assert_text(list[0].kind, "disabled");
	assert_int_equal(list[0].ended_at, 0);
	assert_text(list[1].end_reason, "replaced");
	end_it(w, name_of(w, &y));
	end_it(w, name_of(w, &y)); /* twice is once */
}

static void
one_of_crowd(int i, void *arg)
{
	struct world *w = arg, own = *w;
	struct exempt_request req = of_payer(w);
	struct exempt x;
	enum err rc;

	(void)i;
	fixture_open(&own.fx);
	world_ports(&own);
	rc = set(&own, &req, &x);
	_exit(rc == ERR_OK ? 0 : 1);
}

static void
a_crowd_that_sets_one_at_once_sets_one(void **state)
{
	struct world *w = *state;
	struct exempt_request req;
	const struct exempt *list;
	size_t len;

	world_reset(w);
	req = of_payer(w);
	fixture_crowd(6, one_of_crowd, w);
	assert_done(
	    &w->fx, exempt_of(&w->p, w->fx.a, &req.key, &list, &len, &w->fx.f));
	assert_int_equal(len, 1);
	end_it(w, name_of(w, &list[0]));
}

static void
what_is_wrong_is_refused_and_named(void **state)
{
	struct world *w = *state;
	static const struct {
		const char *pointer, *reason;
		enum err err;
	} t[] = {
		{ "/kind", "exempt_kind_unknown", ERR_ABSENT },
		{ "/document", "field_length", ERR_INVALID },
		{ "/document_number", "field_length", ERR_INVALID },
		{ "/seen_by", "field_length", ERR_INVALID },
		{ "/from_day", "field_form", ERR_INVALID },
		{ "/to_day", "field_form", ERR_INVALID },
		{ "/to_day", "exempt_days", ERR_LIMIT },
		{ "portal", "portal_unknown", ERR_ABSENT },
		{ NULL, "exempt_not_set", ERR_LIMIT },
		{ "payer", "field_length", ERR_INVALID },
		{ "supplier", "supplier_unknown", ERR_ABSENT },
		{ "number", "account_unknown", ERR_ABSENT },
		{ "number", "account_form", ERR_INVALID },
	};

	world_reset(w);
	for (size_t i = 0; i < KV_COUNT(t); i++) {
		struct exempt_request req = of_payer(w);
		struct str *const wrong[] = { &req.kind, &req.document,
			&req.document_number, &req.seen_by, &req.from_day,
			&req.to_day, &req.to_day, &req.key.portal,
			&req.key.portal, &req.key.subject };
		static const char *const value[] = { "rich", "", "", "",
			"2026-02-30", "x", "2020-01-01", "nowhere",
			"irkutskenergosbyt", "" };
		struct exempt x;

		if (i < KV_COUNT(wrong)) {
			*wrong[i] = str_of(value[i]);
		} else {
			req.key.holder = EXEMPT_ACCOUNT;
			req.key.supplier = STR("yuzhnoe-zhks");
			req.key.subject = STR("77777777");
			if (i == KV_COUNT(wrong))
				req.key.supplier = STR("nobody");
			if (i + 1 == KV_COUNT(t))
				req.key.subject = STR("?!");
		}
		assert_rc(&w->fx, set(w, &req, &x), t[i].err);
		assert_string_equal(w->fx.f.reason, t[i].reason);
		if (t[i].pointer)
			assert_string_equal(
			    w->fx.f.fields[0].pointer, t[i].pointer);
	}
}

static void
another_portals_is_not_there_to_be_ended(void **state)
{
	struct world *w = *state;
	struct exempt_request req;
	struct exempt x, y;
	struct str name;

	world_reset(w);
	req = of_payer(w);
	assert_done(&w->fx, set(w, &req, &x));
	name = name_of(w, &x);
	assert_rc(&w->fx,
	    exempt_end(&w->p, w->fx.a, STR("tgk1"), name, STR("operator:x"),
		STR("why"), &y, &w->fx.f),
	    ERR_ABSENT);
	assert_string_equal(w->fx.f.reason, "exemption_unknown");
	assert_rc(&w->fx,
	    exempt_end(&w->p, w->fx.a, STR(""), STR("x"), STR("operator:x"),
		STR("why"), &y, &w->fx.f),
	    ERR_ABSENT);
	assert_rc(&w->fx,
	    exempt_end(&w->p, w->fx.a, STR(""), name, STR("operator:x"),
		STR(""), &y, &w->fx.f),
	    ERR_INVALID);
	assert_int_equal(quote(w, w->payer, "yuzhnoe-zhks").fee_kop, 0);
	end_it(w, name);
}

static void
a_batch_is_set_whole_or_not_at_all(void **state)
{
	struct world *w = *state;
	struct exempt_request req;
	struct exempt x, v[2];
	size_t made, at, len;
	const struct exempt *list;

	world_reset(w);
	req = of_payer(w);
	assert_done(&w->fx, set(w, &req, &x));
	assert_done(
	    &w->fx, exempt_check(&w->p, w->fx.a, &req, &v[1], &w->fx.f));
	v[1].kind = STR("veteran"); /* another one than there is */
	req.key.subject = arena_fmt(w->fx.a, "%s-b", w->payer);
	assert_done(
	    &w->fx, exempt_check(&w->p, w->fx.a, &req, &v[0], &w->fx.f));
	assert_rc(&w->fx,
	    exempt_set(&w->p, w->fx.a, v, 2, false, &made, &at, &w->fx.f),
	    ERR_CONFLICT);
	assert_int_equal(at, 1);
	assert_done(
	    &w->fx, exempt_of(&w->p, w->fx.a, &req.key, &list, &len, &w->fx.f));
	assert_int_equal(len, 0);
	end_it(w, name_of(w, &x));
}

/* --- the audit names what is spoiled --------------------------------- */

struct listing {
	struct buf b;
};

static void
list_one(void *self, const struct audit_finding *x)
{
	struct listing *l = self;

	buf_fmt(&l->b, "%s %.*s %s\n", x->table, STR_ARG(x->key), x->column);
}

static bool
named(struct world *w, const struct payment *pm, const char *set,
    const char *back, const char *where, const char *want)
{
	struct listing l;
	struct audit_counts n;
	struct str line = arena_fmt(w->fx.a, "%s", want);
	bool good;

	if (strstr(want, "%s"))
		line = arena_fmt(w->fx.a, "pay_line %.*s/1 %s",
		    STR_ARG(pm->number), want + 2);
	fixture_sql(&w->fx, arena_fmt(w->fx.a, "UPDATE %s %s", set, where).p);
	buf_init(&l.b, w->fx.a, 1 << 16);
	assert_done(&w->fx,
	    audit_run(&w->p, &(struct audit_span){ .all = true },
		&(struct audit_sink){ &l, list_one }, &n, &w->fx.f));
	good = strstr(arena_z(w->fx.a, buf_str(&l.b)), line.p) != NULL;
	if (!good)
		print_error("%s %s: not named %s, but\n%.*s\n", set, where,
		    line.p, STR_ARG(buf_str(&l.b)));
	fixture_sql(&w->fx, arena_fmt(w->fx.a, "UPDATE %s %s", back, where).p);
	return good;
}

static void
every_spoiled_row_of_a_freed_payment_is_named(void **state)
{
	struct world *w = *state;
	struct exempt_request req;
	struct payment *pm;
	struct exempt x;
	struct str line, part, row;
	bool good = true;

	world_reset(w);
	req = of_payer(w);
	assert_done(&w->fx, set(w, &req, &x));
	pm = paid(w, "yuzhnoe-zhks");
	life_give_back(w, pm, 0);
	line = arena_fmt(w->fx.a, "WHERE number = '%.*s'", STR_ARG(pm->number));
	part = line;
	row = arena_fmt(w->fx.a, "WHERE id = '%.*s'", STR_ARG(x.id));
	good &= named(w, pm, "pay_line SET loss_kop = loss_kop + 1",
	    "pay_line SET loss_kop = loss_kop - 1", line.p, "%ssum_kop + fee");
	good &= named(w, pm, "pay_line SET loss_on = 'supplier'",
	    "pay_line SET loss_on = 'portal'", line.p, "%sloss_on");
	good &= named(w, pm, "pay_line SET loss_on = 'nobody'",
	    "pay_line SET loss_on = 'portal'", line.p, "%sloss_on");
	good &= named(w, pm, "pay_line SET loss_on = ''",
	    "pay_line SET loss_on = 'portal'", line.p, "%sloss_on");
	good &= named(w, pm, "pay_line SET exempt = 'x' || substr(exempt, 2)",
	    arena_fmt(w->fx.a, "pay_line SET exempt = '%.*s'",
		STR_ARG(pm->lines[0].exempt))
		.p,
	    line.p, "%sexempt");
	good &= named(w, pm, "refund_line SET loss_kop = loss_kop + 1",
	    "refund_line SET loss_kop = loss_kop - 1", part.p, "refund_line ");
	good &= named(w, pm, "exemption SET subject = 'x' || subject",
	    "exemption SET subject = substr(subject, 2)", row.p, "exemption ");
	good &= named(w, pm, "exemption SET from_day = '2999-01-01'",
	    arena_fmt(
		w->fx.a, "exemption SET from_day = '%.*s'", STR_ARG(x.from_day))
		.p,
	    row.p, "exemption ");
	assert_true(good);
	end_it(w, name_of(w, &x));
}

#define T(name) cmocka_unit_test(name)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_freed_payer_is_quoted_no_commission_and_told_why),
		T(a_freed_account_is_free_for_whoever_pays_it),
		T(it_holds_on_its_days_only),
		T(a_payment_takes_what_was_quoted_though_it_ended_since),
		T(what_the_portal_bears_is_a_loss_of_its_own),
		T(what_the_supplier_bears_is_withheld_from_him),
		T(what_nobody_bears_is_not_earned),
		T(set_twice_it_is_set_once_and_another_one_is_refused),
		T(a_crowd_that_sets_one_at_once_sets_one),
		T(what_is_wrong_is_refused_and_named),
		T(another_portals_is_not_there_to_be_ended),
		T(a_batch_is_set_whole_or_not_at_all),
		T(every_spoiled_row_of_a_freed_payment_is_named),
	};

	return cmocka_run_group_tests(tests, world_make, world_end);
}
