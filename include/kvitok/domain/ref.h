/*
 * ref: portals, suppliers, services and their rules, as one snapshot.
 *
 * Pure look-ups in what a store has loaded.  A rule is valid on a day from
 * from_day to to_day, both included; an empty to_day is open.  Of several
 * valid rules the most specific wins: service, then supplier, then portal
 * ('*' is "any"); of equals the one that began last.
 */
#ifndef KVITOK_DOMAIN_REF_H
#define KVITOK_DOMAIN_REF_H

#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"
#include "kvitok/domain/cart.h"
#include "kvitok/domain/fee.h"
#include "kvitok/domain/limit.h"
#include "kvitok/domain/mailing.h"
#include "kvitok/domain/meter.h"
#include "kvitok/domain/penalty.h"

#include <stdbool.h>
#include <stdint.h>

struct ref_portal {
	struct str portal, title, url, mail_from, support, zone_name;
	int zone_min;
	int64_t payment_life_s;
	int lines_max;
	const struct str *hosts; /* that a return_url may name */
	size_t hosts_len;
};

struct ref_supplier {
	struct str portal, supplier, title, inn, account_hint, account_example;
	struct str from_day, to_day;
	/* Where its money is to go; each may be empty. */
	struct str kpp, settlement_account, bic, bank_title;
	struct str correspondent_account;
};

/* A supplier's contract with us, by which it is paid. */
struct ref_deal {
	struct str portal, supplier, from_day, to_day;
	struct str number, signed_day, own_account, purpose;
	struct str register_layout; /* empty: it gets no register */
	int64_t min_kop;            /* less is not transferred */
};

struct ref_service {
	struct str portal, supplier, service, title, from_day, to_day;
};

struct ref_fee {
	struct str portal, supplier, service, from_day, to_day;
	struct fee_rule rule;
};

struct ref_limit {
	struct str portal, supplier, service, from_day, to_day;
	bool total; /* of the whole payment, else of a line */
	struct limit_rule rule;
};

struct ref_contract {
	struct str contract, bank, title, from_day, to_day;
	struct str own_account; /* that the bank pays out to; empty: not said */
};

/* A bank account of ours; kpp and correspondent_account may be empty. */
struct ref_own_account {
	struct str own_account, title, inn, kpp, account, bic, bank_title;
	struct str correspondent_account;
};

struct ref_route {
	struct str portal, supplier, service, contract, from_day, to_day;
	int preference;
};

/* Whom the law frees from the commission. */
struct ref_exempt_kind {
	struct str kind, title, basis, from_day, to_day;
};

/* Where he is freed, and who bears what he does not pay. */
struct ref_exempt_rule {
	struct str portal, supplier, service, from_day, to_day;
	enum fee_loss bearer;
};

/* Which readings a supplier takes; kinds of meters differ by their unit. */
struct ref_meter {
	struct str portal, supplier, unit, from_day, to_day;
	struct meter_rule rule;
};

#define REF_ROUTES_MAX 4 /* banks that one payment may be offered to */

struct ref_routes {
	const struct ref_contract *to[REF_ROUTES_MAX];
	size_t len;
};

/* How a service, or a portal's commission, is taxed on receipts. */
struct ref_vat {
	struct str portal, supplier, service, from_day, to_day;
	struct cart_rule rule;
};

/* A supplier for whom the owner of the register is an agent. */
struct ref_agent {
	struct str portal, supplier, from_day, to_day, phone;
	enum cart_agent agent;
};

/* Rights of a front-end's key. */
enum right {
	RIGHT_PAY = 1,
	RIGHT_READ = 2,
	RIGHT_REFUND = 4,
	RIGHT_REPORT = 8,
	RIGHT_ADMIN = 16,
	RIGHT_EXCHANGE = 64,   /* of keys of one supplier alone */
	RIGHT_OF_SUPPLIER = 32 /* no right: marks an address that keys of a
				* supplier's accountant may use, too */
};

struct ref_key {
	struct str key_id, key_hash, portal, title;
	struct str supplier; /* that alone it may see; empty: all */
	unsigned rights;     /* of enum right */
};

/* Which scale of penalties a service has. */
struct ref_scale {
	struct str portal, supplier, service, scale, from_day, to_day;
};

/* How bills are made. */
struct ref_bill {
	struct str portal, supplier, qr_encoding, from_day, to_day;
	struct mailing_window mail;
};

/* What the law says in figures, the same for every portal. */
struct ref_law {
	struct calendar calendar;
	const struct due_rule *dues;
	size_t dues_len;
	struct penalty_rules penalty;
};

struct ref {
	int64_t version;
	struct ref_law law;
	const struct ref_scale *scales;
	size_t scales_len;
	const struct ref_bill *bills;
	size_t bills_len;
	const struct ref_portal *portals;
	size_t portals_len;
	const struct ref_supplier *suppliers; /* in order of position */
	size_t suppliers_len;
	const struct ref_service *services; /* in order of position */
	size_t services_len;
	const struct ref_fee *fees;
	size_t fees_len;
	const struct ref_limit *limits;
	size_t limits_len;
	const struct ref_contract *contracts;
	size_t contracts_len;
	const struct ref_own_account *own_accounts;
	size_t own_accounts_len;
	const struct ref_meter *meters;
	size_t meters_len;
	const struct ref_route *routes;
	size_t routes_len;
	const struct ref_exempt_kind *exempt_kinds;
	size_t exempt_kinds_len;
	const struct ref_exempt_rule *exempt_rules;
	size_t exempt_rules_len;
	const struct ref_vat *vats;
	size_t vats_len;
	const struct ref_vat *fee_vats;
	size_t fee_vats_len;
	const struct ref_agent *agents;
	size_t agents_len;
	const struct ref_key *keys; /* not withdrawn, sorted by key_hash */
	size_t keys_len;
	const struct ref_deal *deals;
	size_t deals_len;
};

/* All look-ups give NULL when there is nothing valid on the day. */
const struct ref_portal *ref_portal(const struct ref *r, struct str portal);
const struct ref_supplier *ref_supplier(const struct ref *r, struct str portal,
    struct str supplier, struct str day);
const struct ref_service *ref_service(const struct ref *r, struct str portal,
    struct str supplier, struct str service, struct str day);
const struct fee_rule *ref_fee(const struct ref *r, struct str portal,
    struct str supplier, struct str service, struct str day);
/* Gives: who bears the commission of a payer who is freed from it;
 * FEE_LOSS_NONE: nobody is freed there. */
enum fee_loss ref_exempt(const struct ref *r, struct str portal,
    struct str supplier, struct str service, struct str day);
/* Gives: whether the portal frees anybody anywhere on the day. */
bool ref_exempts(const struct ref *r, struct str portal, struct str day);
const struct ref_exempt_kind *ref_exempt_kind(
    const struct ref *r, struct str kind, struct str day);
const struct cart_rule *ref_vat(const struct ref *r, struct str portal,
    struct str supplier, struct str service, struct str day);
const struct cart_rule *ref_vat_of_fee(
    const struct ref *r, struct str portal, struct str day);
const struct ref_agent *ref_agent(const struct ref *r, struct str portal,
    struct str supplier, struct str day);
const struct limit_rule *ref_limit_line(const struct ref *r, struct str portal,
    struct str supplier, struct str service, struct str day);
const struct limit_rule *ref_limit_total(
    const struct ref *r, struct str portal, struct str day);
/*
 * The contract of the route with the lowest preference among the most
 * specific valid routes, and of these only such whose contract is valid too:
 * a general route never stands in for a specific one.
 */
const struct ref_contract *ref_route(const struct ref *r, struct str portal,
    struct str supplier, struct str service, struct str day);
/*
 * The contracts of all those routes, best first, each once: the first is that
 * of ref_route, the others are for when its bank cannot be reached (P13).
 */
void ref_routes(const struct ref *r, struct str portal, struct str supplier,
    struct str service, struct str day, struct ref_routes *out);
/* Gives: the scale of a service's penalties; "housing" when no rule is there.
 */
struct str ref_scale(const struct ref *r, struct str portal,
    struct str supplier, struct str service, struct str day);
/* Gives: how bills are made; QR in UTF-8 when no rule is there. */
struct ref_bill ref_bill(const struct ref *r, struct str portal,
    struct str supplier, struct str day);
const struct ref_contract *ref_contract(
    const struct ref *r, struct str contract);
const struct ref_own_account *ref_own_account(
    const struct ref *r, struct str own_account);
/* The supplier's contract that is valid on the day, else the last one that
 * began before it: what is owed is paid after its end, too. */
const struct ref_deal *ref_deal(const struct ref *r, struct str portal,
    struct str supplier, struct str day);
const struct meter_rule *ref_meter_rule(const struct ref *r, struct str portal,
    struct str supplier, struct str unit, struct str day);
const struct ref_key *ref_key(const struct ref *r, struct str key_hash);
/* "pay read" -> bits; false when a word is unknown. */
KV_MUST_CHECK bool ref_rights(struct str words, unsigned *rights);
/* The other way round, in out. */
#define REF_RIGHTS_SIZE 40
struct str ref_rights_words(unsigned rights, char out[REF_RIGHTS_SIZE]);

#endif
