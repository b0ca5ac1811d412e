/*
 * owed: services of an account, with what is owed for them.
 */
#ifndef KVITOK_WEB_OWED_H
#define KVITOK_WEB_OWED_H

#include "kvitok/base/arena.h"
#include "kvitok/domain/account.h"
#include "kvitok/domain/ref.h"

struct owed {
	const struct ref_service *service;
	const struct account_debt *debt; /* NULL: not known */
};

/*
 * List the services that are valid on the day: those that the account has
 * rows of, or of one without rows all of its supplier.
 * Gives: how many; *out in a.
 */
size_t owed_list(struct arena *a, const struct ref *r, struct str day,
    const struct account *acc, const struct owed **out);

#endif
