/*
 * card: test cards, and what the bank will say to each.
 *
 * A card number is read, judged and forgotten: what stays is its mask, its
 * scheme and the outcome.  Never keeps or logs a number or a CVC.
 */
#ifndef KVITOK_SIM_CARD_H
#define KVITOK_SIM_CARD_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stddef.h>

#define CARD_TDS_NEW "111111"
#define CARD_TDS_OLD "12345678"

/* What happens when this card is charged. */
struct card_rule {
	const char *name;   /* for the control interface */
	const char *pan;    /* digits */
	const char *expiry; /* MM/YY as printed on the test card */
	const char *cvc;
	bool tds;          /* asks for the SMS code */
	int action;        /* Sberbank's actionCode; 0 is success */
	const char *gpb;   /* Gazprombank's ext_result_code; "" success */
	const char *about; /* Russian, for the list of demo cards */
};

/* A card as far as it may be kept. */
struct card {
	const struct card_rule *rule;
	char mask_old[24];  /* 411111**1111 */
	char mask_new[24];  /* 411111******1111 */
	char mask_gpb[24];  /* 411111xxxxxx1111 */
	char expiry[7];     /* YYYYMM */
	const char *scheme; /* VISA, MASTERCARD, MIR, ... */
};

enum card_trouble {
	CARD_GOOD,
	CARD_BAD_NUMBER,
	CARD_BAD_EXPIRY, /* not MM/YY */
	CARD_EXPIRED,
	CARD_BAD_CVC
};

/* Gives: the demo cards; n is their number. */
const struct card_rule *card_rules(size_t *n);
/* Gives: the rule of that name or number (spaces allowed), or NULL. */
const struct card_rule *card_rule_find(struct str name_or_pan);
/* Luhn's check of 12 to 19 digits. */
bool card_luhn(struct str digits);
/*
 * Read what a person typed; spaces in the number are dropped.  A number that
 * is in no table is an ordinary card with 3-D Secure that pays.  Demo cards
 * are taken with any expiry that has not passed.
 * Gives: CARD_GOOD with *out filled.
 */
KV_MUST_CHECK enum card_trouble card_read(struct str pan, struct str expiry,
    struct str cvc, const char today_month[7], struct card *out);
/* Three or four digits. */
bool card_cvc_good(struct str cvc);
/* Fill *out from a rule, as when its card is typed; expiry is 12/2034. */
void card_of_rule(const struct card_rule *r, struct card *out);
/* Gives: Sberbank's words for an action code, ru or en. */
const char *card_action_words(int action, bool english);

#endif
