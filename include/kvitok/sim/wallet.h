/*
 * wallet: cards that payers asked the bank to remember.
 *
 * Keeps a mask and what the demo card will answer; never a number.
 */
#ifndef KVITOK_SIM_WALLET_H
#define KVITOK_SIM_WALLET_H

#include "kvitok/base/arena.h"
#include "kvitok/sim/card.h"
#include "kvitok/sim/setup.h"

#include <stdbool.h>
#include <stdint.h>

#define WALLET_MAX 2000 /* then the oldest is forgotten */

struct saved_card {
	char id[40];
	const struct contract *c;
	char client_id[256];
	struct card card;
	char trx[40]; /* Gazprombank: the transaction that saved it */
	bool active;
	int64_t saved_at;
};

struct wallet;

/* Gives: an empty wallet in a. */
struct wallet *wallet_new(struct arena *a);
/* Forget all cards. */
void wallet_clear(struct wallet *w);
/* Gives: the new entry; a card known to this client is found again. */
struct saved_card *wallet_save(struct wallet *w, const struct contract *c,
    struct str client_id, const struct card *card, int64_t now);
/* Gives: the card of that id, active or not, or NULL. */
struct saved_card *wallet_find(
    struct wallet *w, const struct contract *c, struct str id);
/* Gives: the card that this transaction saved or was paid with, or NULL. */
struct saved_card *wallet_by_trx(
    struct wallet *w, const struct contract *c, struct str trx);
/* Gives: the card at place i of all that are kept, or NULL past the end. */
struct saved_card *wallet_at(struct wallet *w, size_t i);
/*
 * Walk the cards of a client; *i starts at 0.
 * Gives: the next card, or NULL.
 */
const struct saved_card *wallet_next(const struct wallet *w,
    const struct contract *c, struct str client_id, size_t *i);

#endif
