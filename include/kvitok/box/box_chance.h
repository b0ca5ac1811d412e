/*
 * box_chance: what happens by chance, the same each time for one seed.
 *
 * No state: each number follows from the seed and from what it is for, so that
 * a box that was killed goes on as it would have.
 */
#ifndef KVITOK_BOX_BOX_CHANCE_H
#define KVITOK_BOX_BOX_CHANCE_H

#include "kvitok/base/str.h"

#include <stdint.h>

/* Gives: a number from 0 to below - 1 for the nth of whom's what. */
int64_t box_chance(
    int64_t seed, const char *what, struct str whom, int64_t n, int64_t below);

#endif
