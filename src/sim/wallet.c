#include "kvitok/sim/wallet.h"

#include "kvitok/base/secret.h"

#include <stdio.h>
#include <string.h>

struct wallet {
	struct saved_card cards[WALLET_MAX];
	size_t n; /* ever */
};

struct wallet *
wallet_new(struct arena *a)
{
	return ARENA_NEW(a, struct wallet);
}

void
wallet_clear(struct wallet *w)
{
	w->n = 0;
}

static size_t
kept(const struct wallet *w)
{
	return w->n < WALLET_MAX ? w->n : WALLET_MAX;
}

static void
make_id(char out[40], enum bank bank)
{
	unsigned char r[16];
	char *p = out;

	secret_random(r, sizeof(r));
	for (size_t i = 0; i < sizeof(r); i++) {
		if (bank == BANK_SBER &&
		    (i == 4 || i == 6 || i == 8 || i == 10))
			*p++ = '-';
		(void)snprintf(
		    p, 3, bank == BANK_SBER ? "%02x" : "%02X", (unsigned)r[i]);
		p += 2;
	}
}

struct saved_card *
wallet_save(struct wallet *w, const struct contract *c, struct str client_id,
    const struct card *card, int64_t now)
{
	struct saved_card *s;

	for (size_t i = 0; i < kept(w); i++) {
		s = &w->cards[i];
		if (s->c == c && s->active &&
		    str_eq(str_of(s->client_id), client_id) &&
		    strcmp(s->card.mask_new, card->mask_new) == 0)
			return s;
	}
	s = &w->cards[w->n++ % WALLET_MAX];
	*s = (struct saved_card){
		.c = c, .card = *card, .active = true, .saved_at = now
	};
	make_id(s->id, c->bank);
	(void)snprintf(
	    s->client_id, sizeof(s->client_id), "%.*s", STR_ARG(client_id));
	return s;
}

struct saved_card *
wallet_find(struct wallet *w, const struct contract *c, struct str id)
{
	for (size_t i = 0; i < kept(w); i++)
		if (w->cards[i].c == c && str_eq(str_of(w->cards[i].id), id))
			return &w->cards[i];
	return NULL;
}

struct saved_card *
wallet_by_trx(struct wallet *w, const struct contract *c, struct str trx)
{
	for (size_t i = 0; i < kept(w); i++)
		if (w->cards[i].c == c && trx.len > 0 &&
		    str_eq(str_of(w->cards[i].trx), trx))
			return &w->cards[i];
	return NULL;
}

struct saved_card *
wallet_at(struct wallet *w, size_t i)
{
	return i < kept(w) ? &w->cards[i] : NULL;
}

const struct saved_card *
wallet_next(const struct wallet *w, const struct contract *c,
    struct str client_id, size_t *i)
{
	while (*i < kept(w)) {
		const struct saved_card *s = &w->cards[(*i)++];

		if (s->c == c && str_eq(str_of(s->client_id), client_id))
			return s;
	}
	return NULL;
}
