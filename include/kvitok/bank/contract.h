/*
 * contract: one contract with an acquirer, as kvitok.conf has it.
 *
 * Filled by settings.c, only read afterwards.  contract_call is the one way
 * from a connector to the bank: it measures every call.
 */
#ifndef KVITOK_BANK_CONTRACT_H
#define KVITOK_BANK_CONTRACT_H

#include "kvitok/bank/health.h"
#include "kvitok/bank/http.h"
#include "kvitok/bank/sign.h"
#include "kvitok/base/log.h"
#include "kvitok/domain/cart.h"
#include "kvitok/port/clock.h"

/* The longest name; one label of metrics. */
#define CONTRACT_NAME_MAX 32
#define CONTRACT_CERTS_MAX 8

enum contract_bank { CONTRACT_SBERBANK, CONTRACT_GAZPROMBANK };

enum contract_dialect {
	CONTRACT_OLD, /* Sberbank /payment/rest/: forms */
	CONTRACT_NEW, /* Sberbank /ecomm/gw/partner/api/v1/: JSON */
	CONTRACT_PPS, /* Gazprombank before 2022 */
	CONTRACT_PGA  /* Gazprombank now */
};

enum contract_sign {
	CONTRACT_SIGN_NONE,
	CONTRACT_SIGN_HMAC,
	CONTRACT_SIGN_RSA
};

struct contract {
	struct str name;
	enum contract_bank bank;
	enum contract_dialect dialect;
	int64_t life_s;
	struct http *http; /* NULL: this contract calls nobody */
	struct health health;
	const struct clock *clock;
	const struct log *log; /* NULL: silent */

	/* Signatures of its call-backs. */
	enum contract_sign sign; /* Gazprombank always signs: RSA */
	enum sign_digest digest;
	struct str hmac_key;
	struct sign_key *certs[CONTRACT_CERTS_MAX];
	size_t certs_len;

	/* Sberbank */
	struct str login, password; /* or */
	struct str token;
	struct str page_url; /* with {id}; may be empty */
	bool fiscal;         /* it issues receipts: orders bring a cart */
	bool ffd_1_2;        /* format 1.2, else 1.05 */
	int tax_system;      /* of the register's owner, as old has it */
	struct str tax_system_word; /* the same, as new has it */
	struct str fiscal_inn, fiscal_email, fiscal_place;
	int tax_codes[CART_VAT__COUNT]; /* the bank's code of a rate */

	/* Gazprombank */
	struct str merch_id, account_id, page_id;
	struct str start_url, register_url;
	struct str basic; /* base64 of user:password; empty: not asked */
	const struct str *allow_from;
	size_t allow_from_len; /* 0: anybody */
	bool asks_status;      /* status = v4 */
	/* Cards. */
	bool cards;               /* payers may have them remembered */
	bool bind_alone;          /* also without a payment */
	struct str bind_features; /* Sberbank: of such an order */
	int64_t bind_kop;         /* Gazprombank: taken and given back */
	struct str bind_url;      /* Gazprombank: its page; empty: start_url */
	struct str unbind_path;   /* Gazprombank: with {id}; empty: no call */
	/* For refunds; empty: this contract gives nothing back. */
	struct str api_login, api_password;
};

/* Gives: ms UTC of the contract's clock. */
int64_t contract_now(const struct contract *c);
/*
 * As http_call, and the outcome is noted in the contract's health.
 * Fails: as http_call; ERR_UNSURE only when rq is sent once.
 */
KV_MUST_CHECK enum err contract_call(const struct contract *c, struct arena *a,
    enum health_call kind, const struct http_request *rq,
    struct http_answer *out, struct fault *f);

#endif
