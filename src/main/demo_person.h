/*
 * demo_person: made-up people, addresses, debts and meters.
 *
 * All of an account comes from the digest of its portal and number, so that
 * one number has one owner at every supplier.
 */
#ifndef KVITOK_MAIN_DEMO_PERSON_H
#define KVITOK_MAIN_DEMO_PERSON_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/account.h"

#include <stdint.h>

#define DEMO_WORDS_MAX 64
#define DEMO_ROWS_MAX 8

struct demo_pair {
	struct str man, woman;
};

/* sql/demo/words.tsv */
struct demo_words {
	struct demo_pair surnames[DEMO_WORDS_MAX];
	struct demo_pair patronymics[DEMO_WORDS_MAX];
	struct str men[DEMO_WORDS_MAX], women[DEMO_WORDS_MAX];
	struct str streets[DEMO_WORDS_MAX];
	size_t surnames_len, patronymics_len, men_len, women_len, streets_len;
};

/* What a "G" of the accounts' file asks for. */
struct demo_series {
	struct str supplier, prefix, town;
	int64_t count, first, digits, step;
	struct {
		struct str service;
		int64_t low_kop, high_kop;
	} debts[DEMO_ROWS_MAX];
	size_t debts_len;
	struct {
		struct str title, unit;
		int64_t digits, use;
	} meters[DEMO_ROWS_MAX];
	size_t meters_len;
};

/* Gives: the seed of an account (FNV-1a of "portal/number"). */
uint64_t demo_seed(struct str portal, struct str number);
/* Gives: 0 .. n - 1, another for every salt. */
uint64_t demo_roll(uint64_t seed, uint64_t salt, uint64_t n);
struct str demo_owner(
    struct arena *a, const struct demo_words *w, uint64_t seed);
struct str demo_address(struct arena *a, const struct demo_words *w,
    struct str town, uint64_t seed);
/* Gives: the debts of the series for an account, in a. */
const struct account_debt *demo_debts(
    struct arena *a, const struct demo_series *g, uint64_t seed);
const struct account_meter *demo_meters(
    struct arena *a, const struct demo_series *g, uint64_t seed);

#endif
