/*
 * cpa: the merchant's XML answers to Gazprombank's two questions, read as
 * the bank reads them: by element name, in any order.
 *
 * Says what is wrong with an answer in words that a developer can use.
 */
#ifndef KVITOK_SIM_CPA_H
#define KVITOK_SIM_CPA_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"
#include "kvitok/sim/pairs.h"

#include <stdbool.h>
#include <stdint.h>

struct cpa {
	int code; /* 1 may be paid, 2 refused */
	struct str desc, merchant_trx, short_desc, long_desc, account, type;
	int64_t amount_kop;
	bool add_card;
	struct str card_id, card_trx; /* charge this card */
	bool absent;                  /* present = N: without the customer */
	struct pairs params;          /* order-params: m.* of RP */
};

/*
 * Read a payment-avail-response.
 * Gives: NULL with *out filled, texts in a; else what is wrong.
 */
KV_MUST_CHECK const char *cpa_read(
    struct arena *a, struct str xml, struct cpa *out);
/* Gives: the code of a register-payment-response; 0 when it is none. */
int cpa_read_code(struct arena *a, struct str xml);

#endif
