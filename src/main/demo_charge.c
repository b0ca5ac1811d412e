#include "demo_charge.h"

#include "demo_person.h"
#include "kvitok/base/day.h"

#include <assert.h>
#include <inttypes.h>

/* How a service is charged for.  Tariffs are of the kind that was in force in
 * 2026; an empty unit: a fixed sum. */
struct tariff {
	const char *service, *unit;
	int64_t tariff_micro;
	int64_t low_kop, high_kop; /* a usual month */
	int winter; /* per cent that winter has more, summer less; -1: none in
		     * summer, -2: by area or people, every month the same */
};

static const struct tariff tariffs[] = {
	{ "gaz", "м³", 7980000, 30000, 280000, 60 },
	{ "elektro", "кВт·ч", 4870000, 40000, 180000, 15 },
	{ "hvs", "м³", 24520000, 12000, 60000, 0 },
	{ "vodootvedenie", "м³", 21870000, 14000, 70000, 0 },
	{ "gvs", "м³", 178340000, 30000, 140000, 0 },
	{ "otoplenie", "Гкал", 2245180000, 120000, 480000, -1 },
	{ "teplo", "Гкал", 2245180000, 120000, 480000, -1 },
	{ "zhku", "м²", 28750000, 90000, 240000, -2 },
	{ "soderzhanie", "м²", 24860000, 80000, 220000, -2 },
	{ "tekremont", "м²", 5200000, 15000, 45000, -2 },
	{ "vznos", "м²", 13310000, 40000, 110000, -2 },
	{ "tko", "чел.", 128320000, 12832, 51328, -2 },
	{ "lift", "", 0, 15600, 31200, 0 },
	{ "domofon", "", 0, 7500, 7500, 0 },
	{ "to-vdgo", "", 0, 31472, 31472, 0 },
	{ "poverka", "", 0, 0, 0, 0 },
	{ "servis", "", 0, 0, 0, 0 },
	{ "penya", "", 0, 0, 0, 0 },
};
static const struct tariff other = { "", "", 0, 30000, 90000, 0 };

static const char *const places[] = { "Почта России", "СберБанк Онлайн",
	"Касса расчётного центра", "Банк ГПБ (АО)" };

static const struct tariff *
tariff_of(struct str service)
{
	for (size_t i = 0; i < KV_COUNT(tariffs); i++)
		if (str_eq(service, str_of(tariffs[i].service)))
			return &tariffs[i];
	return &other;
}

/* One service of an account, in the making. */
struct making {
	struct arena *a;
	struct loader_book *book;
	struct charge *charges;
	struct opening *openings;
	struct statement_payment *payments;
	uint64_t seed;     /* of account and service */
	uint64_t supplier; /* seed of it */
	struct str service;
	const struct tariff *tariff;
	int64_t base_kop; /* of a usual month */
	int last;         /* number of the last month that was charged */
	int months;       /* how many were */
};

static uint64_t
dice(const struct making *m, int month, uint64_t salt, uint64_t n)
{
	return demo_roll(m->seed, (uint64_t)month * 16 + salt, n);
}

static struct str
month_text(struct arena *a, int month)
{
	char text[DAY_MONTH_SIZE];

	day_month_text(month, text);
	return arena_str(a, str_of(text));
}

/* Per cent of a usual month. */
static int64_t
season(const struct making *m, int month)
{
	/* January is 0: cold from October to April. */
	static const int cold[12] = { 100, 90, 60, 20, -60, -100, -100, -100,
		-60, 20, 60, 90 };
	int of_year = month % 12;

	switch (m->tariff->winter) {
	case -2:
		return 100;
	case -1:
		return cold[of_year] > 0 ? 60 + cold[of_year] : 0;
	default:
		return 100 + m->tariff->winter * cold[of_year] / 100 - 8 +
		    (int64_t)dice(m, month, 1, 17);
	}
}

/* Volumes have three decimals; the sum is the volume's, rounded half up. */
static void
by_volume(const struct tariff *t, int64_t kop, struct charge *c)
{
	int64_t milli, unit = t->winter == -2 ? 100 : 1;

	c->unit = str_of(t->unit);
	c->tariff_micro = t->tariff_micro;
	milli = (kop * 10000000 + t->tariff_micro / 2) / t->tariff_micro;
	/* Areas have one decimal, people none. */
	if (str_eq(c->unit, STR("чел.")))
		unit = 1000;
	milli = (milli + unit / 2) / unit * unit;
	c->volume_micro = milli * 1000;
	c->accrued_kop = (milli * t->tariff_micro + 5000000) / 10000000;
}

static void
accrue(const struct making *m, int month, int64_t last_kop, struct charge *c)
{
	int64_t kop = m->base_kop * season(m, month) / 100;

	if (month == m->last && last_kop > 0)
		kop = last_kop;
	if (m->tariff->unit[0] != '\0')
		by_volume(m->tariff, kop, c);
	else
		c->accrued_kop = kop;
}

/* Here and there something was wrong in a former month; some are freed of a
 * half of what electricity, gas and heat cost them. */
static void
correct(const struct making *m, int month, struct charge *c)
{
	static const char *const why[] = {
		"Перерасчёт за перерыв в оказании услуги",
		"Перерасчёт по показаниям прибора учёта",
		"Перерасчёт за временное отсутствие",
	};

	if (m->tariff->winter != -2 && m->seed % 11 == 3 &&
	    m->tariff->unit[0] != '\0')
		c->benefit_kop = c->accrued_kop / 2;
	if (c->accrued_kop > 1000 && dice(m, month, 2, 12) == 0) {
		c->recalculated_kop = -(c->accrued_kop *
		    (int64_t)(3 + dice(m, month, 3, 12)) / 100);
		c->recalculated_why =
		    str_of(why[dice(m, month, 4, KV_COUNT(why))]);
	}
}

static int64_t
charged(const struct charge *c)
{
	return c->accrued_kop + c->recalculated_kop - c->benefit_kop +
	    (c->penalty_kop > 0 ? c->penalty_kop : 0);
}

/* The month of a payment of kop, or of none. */
static void
pay(struct making *m, int month, int64_t kop)
{
	struct statement_payment *p = &m->payments[m->book->facts.payments_len];

	if (kop <= 0)
		return;
	*p = (struct statement_payment){ .month = month_text(m->a, month),
		.service = m->service,
		.sum_kop = kop,
		.place =
		    str_of(places[demo_roll(m->seed, 900, KV_COUNT(places))]) };
	p->day = arena_fmt(m->a, "%.*s-%02" PRIu64, STR_ARG(p->month),
	    3 + dice(m, month, 5, 12));
	p->id = arena_fmt(m->a, "%.*s-%zu", STR_ARG(p->month),
	    m->book->facts.payments_len + 1);
	m->book->facts.payments_len++;
}

static void
open_with(struct making *m, int month, int64_t owed_kop)
{
	m->openings[m->book->facts.openings_len++] =
	    (struct opening){ .month = month_text(m->a, month),
		    .service = m->service,
		    .owed_kop = owed_kop };
}

/*
 * From the end to the beginning: a month that ended in more debt than it was
 * charged was not paid for; else it began with the charge of the month before
 * it, which was paid.  Half of the suppliers say what the penalty is.
 */
static void
make_service(struct making *m, int64_t owed_kop, int64_t last_kop)
{
	struct charge *c = &m->charges[m->book->facts.charges_len];

	for (int i = 0; i < m->months; i++) {
		int month = m->last - m->months + 1 + i;

		c[i] = (struct charge){ .month = month_text(m->a, month),
			.service = m->service,
			.penalty_kop = m->supplier % 2 == 0 ? 0 : -1 };
		accrue(m, month, last_kop, &c[i]);
		if (month != m->last || last_kop == 0)
			correct(m, month, &c[i]);
	}
	open_with(m, m->last + 1, owed_kop);
	for (int i = m->months - 1; i >= 0; i--) {
		int month = m->last - m->months + 1 + i;
		int64_t began;

		if (owed_kop > charged(&c[i])) {
			if (c[i].penalty_kop == 0 &&
			    owed_kop > 3 * charged(&c[i]))
				c[i].penalty_kop = owed_kop / 400;
			began = owed_kop - charged(&c[i]);
		} else {
			began = i > 0 ? charged(&c[i - 1]) : m->base_kop;
			pay(m, month, began + charged(&c[i]) - owed_kop);
		}
		open_with(m, month, began);
		owed_kop = began;
	}
	m->book->facts.charges_len += (size_t)m->months;
}

static int64_t
last_of(const struct demo_last *lasts, size_t len, size_t account,
    struct str service)
{
	for (size_t i = 0; i < len; i++)
		if (lasts[i].account == account &&
		    str_eq(lasts[i].service, service))
			return lasts[i].accrued_kop;
	return 0;
}

static int64_t
usual(const struct tariff *t, int64_t debt_kop, uint64_t seed)
{
	if (debt_kop >= t->low_kop && debt_kop <= t->high_kop)
		return debt_kop;
	return t->low_kop +
	    (int64_t)demo_roll(
		seed, 800, (uint64_t)(t->high_kop - t->low_kop) + 1);
}

static void
make_book(struct arena *a, const struct account *list, size_t account,
    bool whole, const struct demo_last *lasts, size_t lasts_len,
    struct loader_book *out)
{
	const struct account *acc = &list[account];
	size_t rows = acc->debts_len * (DEMO_MONTHS + 1) + 1;
	struct making m = { .a = a,
		.book = out,
		.charges = ARENA_ARRAY(a, rows, struct charge),
		.openings = ARENA_ARRAY(a, rows, struct opening),
		.payments = ARENA_ARRAY(a, rows, struct statement_payment),
		.supplier = demo_seed(acc->portal, acc->supplier),
		.months = whole ? DEMO_MONTHS : 1 };

	out->account = acc;
	for (size_t i = 0; i < acc->debts_len; i++) {
		const struct account_debt *d = &acc->debts[i];

		m.seed = demo_seed(acc->shown, d->service);
		m.service = d->service;
		m.tariff = tariff_of(d->service);
		m.base_kop = usual(m.tariff, d->debt_kop, m.seed);
		/* The debt is that of the first day of the next month. */
		assert(str_ends(d->as_of_day, STR("-01")));
		m.last = day_month_number((struct str){
			     d->as_of_day.p, DAY_MONTH_SIZE - 1 }) -
		    1;
		make_service(&m, d->debt_kop,
		    last_of(lasts, lasts_len, account, d->service));
	}
	out->facts.charges = m.charges;
	out->facts.openings = m.openings;
	out->facts.payments = m.payments;
}

const struct loader_book *
demo_books(struct arena *a, const struct account *list, size_t len,
    size_t guides, const struct demo_last *lasts, size_t lasts_len)
{
	struct loader_book *out = ARENA_ARRAY(a, len + 1, struct loader_book);

	for (size_t i = 0; i < len; i++)
		make_book(a, list, i, i < guides || i % 10 == 0, lasts,
		    lasts_len, &out[i]);
	return out;
}
