#include "demo_person.h"

#include <inttypes.h>

#define AS_OF_DAY STR("2026-11-01")

uint64_t
demo_seed(struct str portal, struct str number)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i <= portal.len + number.len; i++) {
		unsigned char c = '/';

		if (i < portal.len)
			c = (unsigned char)portal.p[i];
		else if (i > portal.len)
			c = (unsigned char)number.p[i - portal.len - 1];
		h = (h ^ c) * UINT64_C(1099511628211);
	}
	return h;
}

/*
 * Gives: 0 .. n - 1, another for every salt (splitmix64: plain arithmetic,
 * the same on every machine).
 */
uint64_t
demo_roll(uint64_t seed, uint64_t salt, uint64_t n)
{
	uint64_t z = seed + (salt + 1) * UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return (z ^ (z >> 31)) % n;
}

struct str
demo_owner(struct arena *a, const struct demo_words *w, uint64_t seed)
{
	const struct demo_pair *s =
	    &w->surnames[demo_roll(seed, 1, w->surnames_len)];
	const struct demo_pair *p =
	    &w->patronymics[demo_roll(seed, 2, w->patronymics_len)];
	bool woman = demo_roll(seed, 3, 2) == 1;
	struct str name = woman ? w->women[demo_roll(seed, 4, w->women_len)]
				: w->men[demo_roll(seed, 4, w->men_len)];

	return arena_fmt(a, "%.*s %.*s %.*s",
	    STR_ARG(woman ? s->woman : s->man), STR_ARG(name),
	    STR_ARG(woman ? p->woman : p->man));
}

struct str
demo_address(
    struct arena *a, const struct demo_words *w, struct str town, uint64_t seed)
{
	struct str street = w->streets[demo_roll(seed, 5, w->streets_len)];

	return arena_fmt(a, "%.*s, %.*s, д. %" PRIu64 ", кв. %" PRIu64,
	    STR_ARG(town), STR_ARG(street), 1 + demo_roll(seed, 6, 120),
	    1 + demo_roll(seed, 7, 180));
}

/*
 * Most owe a month; some owe nothing, have paid too much, owe less than can
 * be paid, or four months: every kind that a front-end must show.
 */
static int64_t
debt(uint64_t seed, uint64_t salt, int64_t low, int64_t high)
{
	uint64_t kind = demo_roll(seed, salt, 100);
	int64_t month = low +
	    (int64_t)demo_roll(seed, salt + 50, (uint64_t)(high - low) + 1);

	if (kind < 10)
		return 0;
	if (kind < 17)
		return -(month / 4);
	if (kind < 21)
		return 1 + (int64_t)demo_roll(seed, salt + 60, 999);
	return kind < 25 ? 4 * month : month;
}

const struct account_debt *
demo_debts(struct arena *a, const struct demo_series *g, uint64_t seed)
{
	struct account_debt *d =
	    ARENA_ARRAY(a, g->debts_len, struct account_debt);

	for (size_t i = 0; i < g->debts_len; i++) {
		d[i].service = g->debts[i].service;
		d[i].debt_kop = debt(
		    seed, 100 + i, g->debts[i].low_kop, g->debts[i].high_kop);
		d[i].as_of_day = AS_OF_DAY;
	}
	return d;
}

const struct account_meter *
demo_meters(struct arena *a, const struct demo_series *g, uint64_t seed)
{
	struct account_meter *m =
	    ARENA_ARRAY(a, g->meters_len, struct account_meter);

	for (size_t i = 0; i < g->meters_len; i++) {
		uint64_t s = 200 + 10 * i;

		m[i].title = g->meters[i].title;
		m[i].unit = g->meters[i].unit;
		m[i].digits = (int)g->meters[i].digits;
		m[i].serial = arena_fmt(
		    a, "%08" PRIu64, 10000000 + demo_roll(seed, s, 89999999));
		m[i].meter =
		    arena_fmt(a, "%.*s-%zu", STR_ARG(m[i].serial), i + 1);
		m[i].last_value = g->meters[i].use *
		    (1 + (int64_t)demo_roll(seed, s + 1, 60));
		m[i].last_day = arena_fmt(
		    a, "2026-10-%" PRIu64, 18 + demo_roll(seed, s + 2, 8));
		m[i].verify_day = arena_fmt(a, "20%" PRIu64 "-%02" PRIu64 "-15",
		    26 + demo_roll(seed, s + 3, 8),
		    1 + demo_roll(seed, s + 4, 12));
	}
	return m;
}
