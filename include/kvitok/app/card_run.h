/*
 * card_run: what is owed about cards, and carried out by kvitok-jobs.
 *
 * Each may be run any number of times.
 */
#ifndef KVITOK_APP_CARD_RUN_H
#define KVITOK_APP_CARD_RUN_H

#include "kvitok/app/ports.h"

/*
 * The job "card_ask": ask the bank about a binding and write what follows.
 * Gives: *next_at, when to come again; 0: it has ended.
 * Fails: ERR_AGAIN: come again at *next_at; ERR_ABSENT card_unknown.
 */
KV_MUST_CHECK enum err card_run_ask(const struct ports *p, struct arena *a,
    struct str id, int64_t *next_at, struct fault *f);
/*
 * The job "card_unbind": have the bank forget a card that is gone here.
 * Gives: *next_at as above.
 * Fails: ERR_AGAIN bank_unavailable; ERR_CONFLICT card_unbind_refused: a case
 * is open; ERR_ABSENT card_unknown.
 */
KV_MUST_CHECK enum err card_run_unbind(const struct ports *p, struct arena *a,
    struct str id, int64_t *next_at, struct fault *f);
/* The bank was asked as often as it is to be: open a case for a person.
 * Fails: as the stores do. */
KV_MUST_CHECK enum err card_run_given_up(
    const struct ports *p, struct arena *a, struct str id, struct fault *f);
/*
 * The job "card_look": ask which cards of a client the bank remembers, and
 * write what has changed.
 * Gives: *next_at as above.
 * Fails: ERR_AGAIN bank_unavailable; ERR_ABSENT card_unknown.
 */
KV_MUST_CHECK enum err card_run_look(const struct ports *p, struct arena *a,
    struct str akey, struct str client, int64_t *next_at, struct fault *f);

/*
 * [tx] Write what the bank said of a binding, as loaded in this transaction.
 * Of a status that was asked by a number that anybody may have sent
 * (proven false) nothing is bound.
 */
KV_MUST_CHECK enum err card_bind_write(const struct ports *p, struct arena *a,
    const struct bind *x, const struct bank_bind_status *s, bool proven,
    struct fault *f);

#endif
