/*
 * book: all orders of both banks, found by id and by number.
 *
 * Keeps about the last BOOK_MAX orders; older ones are forgotten a page at
 * a time, whatever their state.  An order that was forgotten is found by
 * nobody, so whoever waits for something keeps the serial, not the pointer.
 */
#ifndef KVITOK_SIM_BOOK_H
#define KVITOK_SIM_BOOK_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/sim/order.h"
#include "kvitok/sim/timers.h"

#define BOOK_MAX 20000
#define BOOK_PAGE 250 /* orders that share an arena and go together */

struct book;

/* An empty book in a; timers of forgotten orders are taken off t. */
struct book *book_new(struct arena *a, struct timers *t);
/* Forget all. */
void book_clear(struct book *b);
/*
 * Gives: a new open order; id and number are copied.  Valid until BOOK_MAX
 * more were made.
 */
struct order *book_add(struct book *b, const struct contract *c, struct str id,
    struct str number, int64_t now);
/* Each gives NULL when there is none; c NULL: of any contract. */
struct order *book_by_id(const struct book *b, struct str id);
struct order *book_by_number(
    const struct book *b, const struct contract *c, struct str number);
struct order *book_by_serial(const struct book *b, uint64_t serial);
/* Gives: the newest order, from which older leads on. */
struct order *book_newest(const struct book *b);
size_t book_count(const struct book *b);

#endif
