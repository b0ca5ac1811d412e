/*
 * cart: what a fiscal receipt lists (P12): of a payment, and of what goes back.
 *
 * Pure: no clock, no database.  Rates and roles come from reference data,
 * debts from accounts; here they become positions that add up to the order to
 * the kopeck.  A refund takes back positions of its payment, with their rates,
 * whatever the rules say by now.
 * Source: Federal Law 54-FZ; format of fiscal documents 1.05 and 1.2 (order of
 * the Tax Service ED-7-20/662@); its tags are named in parentheses.
 */
#ifndef KVITOK_DOMAIN_CART_H
#define KVITOK_DOMAIN_CART_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/payment.h"
#include "kvitok/domain/refund.h"

#include <stdint.h>

#define CART_NAME_MAX 128 /* characters (1030) */
#define CART_NAME_MIN 40  /* what a register must take at least */
#define CART_ITEMS_MAX (2 * PAY_LINES_MAX + 1)
#define CART_QUANTITY_ONE 1000 /* thousandths */

/* Rate of VAT (1199); those with a stroke are of advances. */
enum cart_vat {
	CART_VAT_NONE,
	CART_VAT_0,
	CART_VAT_5,
	CART_VAT_7,
	CART_VAT_10,
	CART_VAT_20,
	CART_VAT_22,
	CART_VAT_5_105,
	CART_VAT_7_107,
	CART_VAT_10_110,
	CART_VAT_20_120,
	CART_VAT_22_122,
	CART_VAT__COUNT
};

/* How it is paid (1214). */
enum cart_method { CART_METHOD_ADVANCE = 3, CART_METHOD_FULL = 4 };

/* What is paid for (1212). */
enum cart_subject {
	CART_SUBJECT_SERVICE = 4,
	CART_SUBJECT_PAYMENT = 10, /* an advance */
	CART_SUBJECT_AGENT_FEE = 11,
	CART_SUBJECT_PENALTY = 12,
	CART_SUBJECT_OTHER = 13
};

/* For whom the owner of the register acts (1222). */
enum cart_agent {
	CART_AGENT_NONE,
	CART_AGENT_BANK,
	CART_AGENT_BANK_SUB,
	CART_AGENT_PAYING,
	CART_AGENT_PAYING_SUB,
	CART_AGENT_ATTORNEY,
	CART_AGENT_COMMISSION,
	CART_AGENT_OTHER,
	CART_AGENT__COUNT
};

struct cart_item {
	int n;    /* position, from 1; that of a refund is its payment's */
	int line; /* of the payment; 0: our commission */
	struct str name;
	int64_t price_kop, sum_kop; /* sum: price times quantity */
	int64_t quantity_milli;
	int measure; /* (2108): 0 piece, 255 other ... */
	enum cart_vat vat;
	enum cart_method method;
	enum cart_subject subject;
	enum cart_agent agent;
	struct str supplier_inn, supplier_name,
	    supplier_phone; /* of an agent */
};

struct cart {
	const struct cart_item *items; /* in order of n */
	size_t len;
	int64_t total_kop;
};

/* How a service is taxed and named; of the day. */
struct cart_rule {
	enum cart_vat vat;
	enum cart_subject subject;
	int measure;
	bool advance; /* what is paid above the debt is an advance */
};

/* One line of a payment as the receipt needs it. */
struct cart_line {
	struct str title, account; /* of the service; as shown */
	int64_t sum_kop;
	int64_t debt_kop; /* -1: not known, all of it is billed */
	struct cart_rule rule;
	enum cart_agent agent;
	struct str supplier_inn, supplier_name, supplier_phone;
};

struct cart_bill {
	const struct cart_line *lines;
	size_t lines_len;
	int64_t fee_kop; /* our commission: a position of its own */
	struct cart_rule fee;
	size_t name_max; /* CART_NAME_MIN .. CART_NAME_MAX */
};

/*
 * The positions of a payment: a line that pays more than the debt makes two,
 * full payment (method 4) up to it and an advance (3) above.  Names have only
 * printable ASCII, Russian letters and №, and are name_max characters at most:
 * a title that is too long ends in "...", its account stays.
 * Gives: *out in a.  Fails: ERR_LIMIT sum_overflow; ERR_BUG cart_unbalanced.
 */
KV_MUST_CHECK enum err cart_of_bill(struct arena *a, const struct cart_bill *b,
    struct cart *out, struct fault *f);
/*
 * The positions of a refund r of the payment that sold has fiscalised; gone
 * are the sums that former refunds have taken of sold's positions, in their
 * order.  Of a line the advance goes back first: it was not owed.
 * Gives: *out in a.  Fails: ERR_BUG cart_unbalanced (more goes back than is
 * left).
 */
KV_MUST_CHECK enum err cart_of_refund(struct arena *a, const struct cart *sold,
    const int64_t *gone, const struct refund *r, struct cart *out,
    struct fault *f);
/*
 * Is it fit to be sent for an order of total_kop?  Every position is above
 * zero, named, price times quantity is its sum, and the sums add up.
 * Fails: ERR_BUG cart_unbalanced.
 */
KV_MUST_CHECK enum err cart_check(
    const struct cart *c, int64_t total_kop, struct fault *f);
/*
 * A text in the characters that registers print (CP866 and less): quotes,
 * dashes, signs and spaces of typographers become plain ones, what has no
 * like becomes "?".
 * Gives: a text in a; nothing is dropped but spaces beside spaces.
 */
struct str cart_text(struct arena *a, struct str s);
/* Gives: "title, л/с account" of at most max characters, in a: see
 * cart_of_bill. */
struct str cart_name(
    struct arena *a, struct str title, struct str account, size_t max);
/* Gives: the rate of an advance for what will be taxed at vat (Tax Code, art.
 * 164 par. 4). */
enum cart_vat cart_vat_of_advance(enum cart_vat vat);
/* Gives: VAT inside of sum, rounded half up to the kopeck. */
int64_t cart_vat_kop(enum cart_vat vat, int64_t sum_kop);
/* Gives: words of tables: "none", "22", "22/122"; "bank_paying_agent". */
const char *cart_vat_name(enum cart_vat vat);
KV_MUST_CHECK bool cart_vat_of(struct str name, enum cart_vat *vat);
const char *cart_agent_name(enum cart_agent agent);
KV_MUST_CHECK bool cart_agent_of(struct str name, enum cart_agent *agent);

#endif
