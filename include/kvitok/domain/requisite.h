/*
 * requisite: control digits of an organisation's and its account's numbers.
 *
 * Tells slips of the pen, not whether the number was ever given out.
 */
#ifndef KVITOK_DOMAIN_REQUISITE_H
#define KVITOK_DOMAIN_REQUISITE_H

#include "kvitok/base/str.h"

#include <stdbool.h>

/* An INN of 10 digits (an organisation) or of 12 (a person). */
bool requisite_inn_ok(struct str inn);
/*
 * An account of 20 digits in the bank of the BIC (Bank of Russia, procedure
 * of 08.09.1997 No 515); its sixth place may be a clearing currency's letter.
 */
bool requisite_account_ok(struct str account, struct str bic);
/* The same for a bank's correspondent account at the Bank of Russia. */
bool requisite_correspondent_ok(struct str account, struct str bic);

#endif
