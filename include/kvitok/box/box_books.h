/*
 * box_books: the supplier's own books, and the documents that are made from
 * them.
 *
 * What changes a debt is a row that is never changed (sql/box/books.sql), known
 * by what it was: whatever comes twice is there once.  A document is written
 * down in the transaction that made what it says; sending it is box_post.h.
 * Everything runs inside of a transaction of the caller ([tx]).
 */
#ifndef KVITOK_BOX_BOX_BOOKS_H
#define KVITOK_BOX_BOX_BOOKS_H

#include "kvitok/base/day.h"
#include "kvitok/box/box_conf.h"
#include "kvitok/box/box_db.h"

#include <stdint.h>

#define BOX_PART_BYTES 7000
#define BOX_PAPER_MAX ((size_t)16 << 20)

/* One piece of work: whose books, and when. */
struct box_work {
	struct box_db *db;
	const struct box_conf *set;
	struct arena *a; /* emptied after it */
	int64_t now;
	struct fault *f;
};

/* Gives: the day of Moscow on which it is done. */
void box_books_today(const struct box_work *w, char day[DAY_TEXT_SIZE]);

/* A change of a debt. */
struct box_entry {
	const char *kind; /* charge, payment, refund, elsewhere */
	struct str id, account, service, day, month;
	int64_t kop; /* above zero: more is owed */
	int64_t document;
};

/*
 * [tx] Write a document down, to be sent under the next number; text is made
 * by write, which is told its number.
 * Gives: *number.  Fails: as box_db_run; ERR_LIMIT internal: it is too long.
 */
struct box_document {
	const char *kind;
	int64_t said, said_kop;
	void (*write)(const void *arg, struct buf *b);
	const void *arg;
};
KV_MUST_CHECK enum err box_books_document(
    const struct box_work *w, const struct box_document *d, int64_t *number);

/* [tx] Once: the accounts of the settings, their meters, and documents. */
KV_MUST_CHECK enum err box_books_found(const struct box_work *w);
/*
 * [tx] Charge a month: what was paid through paid_to_day is counted in it.
 * Documents: charges, then balances.
 * Fails: ERR_CONFLICT row_conflict (it, or a later one, was charged before).
 */
KV_MUST_CHECK enum err box_books_charge(
    const struct box_work *w, struct str month, struct str paid_to_day);
/* [tx] Document: balances, as Kvitok is to know them. */
KV_MUST_CHECK enum err box_books_balances(const struct box_work *w);
/* [tx] Somebody pays elsewhere, n times.  Documents: payments_elsewhere, then
 * balances. */
KV_MUST_CHECK enum err box_books_elsewhere(const struct box_work *w, int64_t n);
/* [tx] Answer the readings that have come.  Document: reading_answers, when
 * there are any. */
KV_MUST_CHECK enum err box_books_answer_readings(const struct box_work *w);

/*
 * [tx] Book a change, once.
 * Gives: *there, when the same was booked before.
 * Fails: ERR_CONFLICT row_conflict (its id has another account, service or
 * sum); as box_db_run.
 */
KV_MUST_CHECK enum err box_books_enter(
    const struct box_work *w, const struct box_entry *e, bool *there);

#endif
