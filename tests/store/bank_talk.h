/*
 * bank_talk: call-backs of both banks, as a test words them.
 */
#ifndef KVITOK_TESTS_STORE_BANK_TALK_H
#define KVITOK_TESTS_STORE_BANK_TALK_H

#include "world.h"

static const struct bank_call any_call = {
	.method = { "GET", 3 }, .path = { "/bank/x", 7 }, .query = { "a=1", 3 }
};

/* A call that no other call equals: banks send their clock. */
static inline struct bank_call
fresh_call(struct world *w)
{
	struct bank_call c = any_call;

	c.query = arena_fmt(
	    w->fx.a, "id=%.*s", STR_ARG(fixture_ulid(w->fx.a, w->now)));
	return c;
}

static inline struct str
bank_no(struct world *w, const struct payment *pm, int n)
{
	return arena_fmt(w->fx.a, "%.*s-%d", STR_ARG(pm->number), n);
}

static inline void
says(struct world *w, enum notice_kind kind, enum notice_trust trust,
    const char *contract, struct str no, const char *trx, int64_t kop)
{
	w->notice = (struct bank_notice){ .kind = kind,
		.trust = trust,
		.contract = str_of(contract),
		.bank_no = no,
		.trx = str_of(trx),
		.taken_kop = kop,
		.account_ok = true,
		.card_mask = STR("900000xxxxxxxxx0001"),
		.rrn = STR("987654321012"),
		.auth_code = STR("XYZ123"),
		.reason =
		    kind == NOTICE_DECLINED ? STR("pay_no_funds") : STR(""),
		.code = STR(""),
		.kind_text = STR("register") };
}

static inline struct bank_answer
sberbank(struct world *w, enum err wanted)
{
	struct bank_call c = fresh_call(w);
	struct bank_answer out = { 0 };

	assert_rc(&w->fx,
	    bank_call_sberbank(&w->p, w->fx.a, &c, &out, &w->fx.f), wanted);
	return out;
}

static inline struct bank_answer
check(struct world *w)
{
	struct bank_call c = fresh_call(w);
	struct bank_answer out = { 0 };

	assert_done(
	    &w->fx, bank_call_check(&w->p, w->fx.a, &c, &out, &w->fx.f));
	return out;
}

static inline struct bank_answer
registers(struct world *w)
{
	struct bank_call c = fresh_call(w);
	struct bank_answer out = { 0 };

	assert_done(
	    &w->fx, bank_call_register(&w->p, w->fx.a, &c, &out, &w->fx.f));
	return out;
}

/* A payment whose payer is on Gazprombank's page as transaction trx. */
static inline struct payment *
at_gazprombank(struct world *w, const char *trx)
{
	struct payment *pm = world_pay(w, &gpb_order);

	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-portalgkh",
	    bank_no(w, pm, 1), trx, -1);
	assert_text(check(w).body, "MAY 121800");
	return pm;
}

#endif
