/*
 * life: payments as they happen: paid at both banks, twice, refused, held for
 * a person, given back.
 */
#ifndef KVITOK_TESTS_STORE_LIFE_H
#define KVITOK_TESTS_STORE_LIFE_H

#include "bank_talk.h"

#include "kvitok/app/refund.h"

/* Named by a letter, which the statements of a test use for its number. */
enum life {
	LIFE_PAID,      /* S: Sberbank, its receipt sent */
	LIFE_MAIL,      /* M: paid, its receipt owed */
	LIFE_OPENINGS,  /* G: Gazprombank, two openings paid; a commission */
	LIFE_SECOND,    /* X: its first attempt was paid after the second */
	LIFE_HELD,      /* H: another sum came */
	LIFE_DECLINED,  /* D */
	LIFE_TRY,       /* T: a card refused, the order still open */
	LIFE_CREATED,   /* C */
	LIFE_PENDING,   /* P */
	LIFE_EXPIRED,   /* E */
	LIFE_CANCELLED, /* N */
	LIFE_REFUNDED,  /* R: a part given back */
	LIFE_REFUSED,   /* F: a refund refused */
	LIFE_ASKED,     /* A: a refund on its way */
	LIFE_UNKNOWN,   /* U: no answer to the registration */
	LIFE_SWITCHED,  /* W: refused by the first bank, paid at the second */
	LIFE__COUNT
};

static const char life_letters[LIFE__COUNT + 1] = "SMGXHDTCPENRFAUW";

static inline struct payment *
life_open(struct world *w, const struct world_order *o)
{
	struct payment *pm;

	world_reset(w);
	pm = world_pay(w, o);
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	return pm;
}

static inline void
life_later(struct world *w)
{
	w->now += w->p.set.ask_first_ms;
	(void)world_work(w);
}

static inline struct payment *
life_paid(struct world *w)
{
	struct payment *pm = life_open(w, &sber_order);

	world_bank_says_paid(w, pm->total_kop);
	life_later(w);
	return pm;
}

static inline struct payment *
life_mail(struct world *w)
{
	struct payment *pm = life_open(w, &sber_order);

	w->mail_rc = ERR_AGAIN;
	world_bank_says_paid(w, pm->total_kop);
	life_later(w);
	return pm;
}

static inline struct payment *
life_openings(struct world *w)
{
	struct payment *pm;

	world_reset(w);
	w->proof = true;
	pm = at_gazprombank(w, "TRX1");
	for (int i = 1; i <= 2; i++) {
		says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh",
		    bank_no(w, pm, 1), i == 1 ? "TRX1" : "TRX2", 121800);
		assert_text(registers(w).body, "1");
	}
	return pm;
}

static inline struct payment *
life_second(struct world *w)
{
	struct payment *pm = life_open(w, &sber_order), *out;
	struct asking one = { pm->number, 1, STR("job") };
	struct asking two = { pm->number, 2, STR("job") };

	w->status.outcome = BANK_DECLINED;
	w->status.reason = STR("pay_no_funds");
	assert_done(&w->fx, confirm_ask(&w->p, w->fx.a, &one, &out, &w->fx.f));
	(void)world_open(w, pm);
	world_bank_says_paid(w, pm->total_kop);
	assert_done(&w->fx, confirm_ask(&w->p, w->fx.a, &two, &out, &w->fx.f));
	assert_done(&w->fx, confirm_ask(&w->p, w->fx.a, &one, &out, &w->fx.f));
	return pm;
}

/* Sberbank fails, as was set; the payer pays at Gazprombank. */
static inline struct payment *
life_gazprom_second(struct world *w)
{
	struct payment *pm = world_pay(w, &sber_order);

	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-two", bank_no(w, pm, 2),
	    "TRX1", -1);
	(void)check(w);
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-two", bank_no(w, pm, 2), "TRX1",
	    pm->total_kop);
	assert_text(registers(w).body, "1");
	return pm;
}

static inline struct payment *
life_ended(struct world *w, enum bank_outcome outcome)
{
	struct payment *pm = life_open(w, &sber_order);

	w->status.outcome = outcome;
	w->status.reason = STR("pay_no_funds");
	life_later(w);
	return pm;
}

static inline struct payment *
life_held(struct world *w)
{
	struct payment *pm = life_open(w, &sber_order);

	world_bank_says_paid(w, pm->total_kop - 1);
	life_later(w);
	return pm;
}

static inline struct payment *
life_cancelled(struct world *w)
{
	struct caller who = world_caller("irkutskenergosbyt");
	struct payment *pm, *out;

	world_reset(w);
	pm = world_pay(w, &sber_order);
	assert_done(&w->fx,
	    pay_cancel(&w->p, w->fx.a, &who, pm->number, &out, &w->fx.f));
	return pm;
}

static inline struct payment *
life_unknown(struct world *w)
{
	struct payment *pm;

	world_reset(w);
	w->start_rc = ERR_UNSURE;
	pm = world_pay(w, &sber_order);
	(void)world_open(w, pm);
	return pm;
}

static inline struct payment *
life_switched(struct world *w)
{
	struct payment *pm;

	world_routes(w, true);
	world_reset(w);
	w->proof = true;
	w->start_rc = ERR_AGAIN;
	pm = life_gazprom_second(w);
	world_routes(w, false);
	return pm;
}

static inline void
life_render(struct buf *b, const struct refund *r)
{
	buf_text(b, r->id);
}

static inline void
life_give_back(struct world *w, const struct payment *pm, int64_t kop)
{
	struct refund_request req = { .portal = pm->portal,
		.number = pm->number,
		.ask = { .sum_kop = kop },
		.reason = STR("ошибка плательщика"),
		.actor = STR("frontend:01KEY"),
		.ikey = fixture_ulid(w->fx.a, w->now),
		.render = life_render };
	struct refund_made made;

	secret_sha256_hex(pm->number, req.body_hash);
	assert_done(
	    &w->fx, refund_create(&w->p, w->fx.a, &req, &made, &w->fx.f));
	w->now++;
	(void)world_work(w);
}

/* Live all of it; pms gets the payments as they were made. */
static inline void
life_make(struct world *w, struct payment *pms[LIFE__COUNT])
{
	struct world_order two = gpb_order;

	two.second = OTHER_ACCOUNT;
	pms[LIFE_PAID] = life_paid(w);
	pms[LIFE_MAIL] = life_mail(w);
	pms[LIFE_OPENINGS] = life_openings(w);
	pms[LIFE_SECOND] = life_second(w);
	pms[LIFE_HELD] = life_held(w);
	pms[LIFE_DECLINED] = life_ended(w, BANK_DECLINED);
	pms[LIFE_TRY] = life_ended(w, BANK_OPEN);
	world_reset(w);
	pms[LIFE_CREATED] = world_pay(w, &two);
	pms[LIFE_PENDING] = life_open(w, &sber_order);
	pms[LIFE_EXPIRED] = life_ended(w, BANK_EXPIRED);
	pms[LIFE_CANCELLED] = life_cancelled(w);
	pms[LIFE_REFUNDED] = life_paid(w);
	life_give_back(w, pms[LIFE_REFUNDED], 10000);
	pms[LIFE_REFUSED] = life_paid(w);
	w->refund_refused = true;
	life_give_back(w, pms[LIFE_REFUSED], 10000);
	pms[LIFE_ASKED] = life_paid(w);
	w->refunded_rc = ERR_AGAIN;
	life_give_back(w, pms[LIFE_ASKED], 10000);
	pms[LIFE_UNKNOWN] = life_unknown(w);
	pms[LIFE_SWITCHED] = life_switched(w);
}

#endif
