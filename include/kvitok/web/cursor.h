/*
 * cursor: where a list goes on, as text that front-ends only hand back.
 */
#ifndef KVITOK_WEB_CURSOR_H
#define KVITOK_WEB_CURSOR_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define CURSOR_MAX 100

/* Gives: the cursor after a row, in a. */
struct str cursor_make(struct arena *a, int64_t at, struct str number);
/* Gives: false when s is none of ours. */
KV_MUST_CHECK bool cursor_read(
    struct arena *a, struct str s, int64_t *at, struct str *number);
/* The same of a row that has an id (ULID) instead of a payment's number. */
KV_MUST_CHECK bool cursor_read_id(
    struct arena *a, struct str s, int64_t *at, struct str *id);

#define CURSOR_DAY_MAX 40

/* Gives: the cursor after a row that is told apart by a day and an id. */
struct str cursor_make_day(struct arena *a, struct str day, struct str id);
/* Gives: false when s is none of ours; else *day and *id point into it. */
KV_MUST_CHECK bool cursor_read_day(
    struct str s, struct str *day, struct str *id);

#define CURSOR_NUMBER_MAX 64 /* characters of a supplier's number */
#define CURSOR_TEXT_MAX 400

/* Gives: the cursor after a row that has a day, or none, and a supplier's
 * number. */
struct str cursor_make_text(struct arena *a, struct str day, struct str number);
/* Gives: false when s is none of ours. */
KV_MUST_CHECK bool cursor_read_text(
    struct arena *a, struct str s, struct str *day, struct str *number);

#endif
