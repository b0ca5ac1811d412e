/*
 * card_world: a bank that remembers cards, in the hands of a test.
 */
#ifndef KVITOK_TESTS_STORE_CARD_WORLD_H
#define KVITOK_TESTS_STORE_CARD_WORLD_H

#include "kvitok/port/card_gateway.h"

struct card_world {
	bool no_cards, no_unbinds;
	enum err unbind_rc, bind_rc, list_rc;
	struct bank_bind_status bound;
	struct bank_stored stored[4];
	size_t stored_len;
	int binds, unbinds, lists;
	struct bank_order order; /* the last binding that was begun */
};

static inline enum err
card_world_traits(
    void *self, struct str contract, struct card_traits *out, struct fault *f)
{
	struct card_world *w = self;
	bool sber = str_starts(contract, STR("sber-"));

	(void)f;
	*out = (struct card_traits){ .binds = !w->no_cards,
		.alone = !w->no_cards,
		.lists = sber,
		.unbinds = !w->no_unbinds,
		.names_client = sber,
		.check_kop = sber ? 0 : 100 };
	return ERR_OK;
}

static inline enum err
card_world_start(void *self, struct arena *a, struct str contract,
    const struct bank_order *o, struct bank_start *out, struct fault *f)
{
	struct card_world *w = self;

	w->binds++;
	w->order = *o;
	*out = (struct bank_start){ .bank_id = STR("ID.BIND"),
		.reason = STR(""),
		.code = STR(""),
		.form_url = STR("https://bank.example/bind") };
	(void)a;
	if (str_starts(contract, STR("gpb-")) || w->bind_rc == ERR_OK)
		return ERR_OK;
	return fault_set(f, w->bind_rc,
	    w->bind_rc == ERR_UNSURE ? "bank_unsure" : "bank_unavailable",
	    "as the test says");
}

static inline enum err
card_world_status(void *self, struct arena *a, struct str contract,
    const struct bank_query *q, struct bank_bind_status *out, struct fault *f)
{
	struct card_world *w = self;

	(void)a, (void)contract, (void)f;
	*out = w->bound;
	if (!out->bank_no.p)
		out->bank_no = q->bank_no;
	if (!out->bank_id.p)
		out->bank_id = STR("ID.BIND");
	return ERR_OK;
}

static inline enum err
card_world_list(void *self, struct arena *a, struct str contract,
    struct str client, const struct bank_stored **out, size_t *len,
    struct fault *f)
{
	struct card_world *w = self;

	(void)a, (void)contract;
	w->lists++;
	for (size_t i = 0; i < w->stored_len; i++)
		if (!w->stored[i].card.client.p)
			w->stored[i].card.client = client;
	*out = w->stored;
	*len = w->stored_len;
	return w->list_rc == ERR_OK
	    ? ERR_OK
	    : fault_set(f, w->list_rc, "bank_unavailable", "as the test says");
}

static inline enum err
card_world_unbind(void *self, struct arena *a, struct str contract,
    struct str card, struct fault *f)
{
	struct card_world *w = self;

	(void)a, (void)contract, (void)card;
	w->unbinds++;
	return w->unbind_rc == ERR_OK
	    ? ERR_OK
	    : fault_set(f, w->unbind_rc,
		  w->unbind_rc == ERR_CONFLICT ? "card_unbind_refused"
					       : "bank_unavailable",
		  "as the test says");
}

static inline void
card_world_reset(struct card_world *w)
{
	*w = (struct card_world){ .bound = { .outcome = BANK_BIND_OPEN } };
}

static inline struct card_gateway
card_world_bank(struct card_world *w)
{
	return (struct card_gateway){ w, card_world_traits, card_world_start,
		card_world_status, card_world_list, card_world_unbind };
}

#endif
