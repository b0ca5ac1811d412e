/*
 * setup: kvitok-sim's file, as structs.
 *
 * Read once at start.  A contract is what a merchant has with a bank: login,
 * keys, addresses.  Both dialects of Sberbank serve every [sber NAME].
 */
#ifndef KVITOK_SIM_SETUP_H
#define KVITOK_SIM_SETUP_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/fault.h"
#include "kvitok/sim/signer.h"

#include <stdbool.h>
#include <stdint.h>

enum bank {
	BANK_SBER,
	BANK_GPB,
	BANK_SMTP, /* in the menu of faults only */
	BANK__COUNT
};

enum sberbank_sign {
	SBERBANK_SIGN_NONE,
	SBERBANK_SIGN_HMAC,
	SBERBANK_SIGN_RSA
};

enum plan {
	PLAN_OLD10,  /* Sberbank: 10 x attempt minutes, 6 tries */
	PLAN_BPC30,  /* Sberbank: 30 s, 3 tries */
	PLAN_ECOM60, /* Sberbank: 60 s, 3 tries */
	PLAN_GPB     /* 1, 5, 15, 60 minutes, then hourly for a day */
};

struct contract {
	enum bank bank;
	struct str name;
	size_t index; /* among all contracts */
	bool ask_cvc; /* of a stored card, too */

	/* Sberbank */
	struct str login, password, token, merchant, callback_url, hmac_key,
	    sign_alias;
	enum sberbank_sign sign;
	enum plan plan;
	int attempts;
	bool cart_strict; /* no order without a good cart */
	bool verify;      /* cards may be bound without a payment */
	struct signer_key *rsa;

	/* Gazprombank */
	struct str merch_id, account_id, check_url, register_url, check_connect,
	    register_connect, basic_user, basic_password, portal, api_login,
	    api_password;
	enum signer_digest digest;
	struct signer_key *key, *key_next; /* key_next may be NULL */
	int64_t lost_after_ms;             /* CLIENT_LOST */
};

struct setup {
	struct str http, https, smtp; /* host:port; https, smtp may be empty */
	struct str cert, key;         /* PEM files of the https listener */
	struct str merchant_ca;       /* CA file for calls to the merchant */
	struct str public_url;        /* no slash at its end */
	struct contract *contracts;
	size_t contracts_len;
};

/*
 * Read and check a settings file.
 * Gives: *out, owned by a; on failure words, line by line, in report.
 * Fails: ERR_INVALID conf_bad, sim_key.
 */
KV_MUST_CHECK enum err setup_load(struct arena *a, const char *path,
    struct setup *out, struct buf *report, struct fault *f);
/* Gives: pause before try number tries + 1, or -1 when it was the last. */
int64_t setup_pause(enum plan plan, int tries);
/* Gives: "sberbank", "gazprombank", "smtp". */
const char *setup_bank_name(enum bank bank);

#endif
