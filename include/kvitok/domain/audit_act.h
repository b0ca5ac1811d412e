/*
 * audit_act: does an act of work say what its works make?
 *
 * Pure.  The sums are the supplier's; a work without its act cannot be
 * written (a foreign key).
 */
#ifndef KVITOK_DOMAIN_AUDIT_ACT_H
#define KVITOK_DOMAIN_AUDIT_ACT_H

#include "kvitok/domain/audit_find.h"

struct audit_act {
	struct str akey, portal, supplier, account, number;
	int64_t sum_kop, works; /* as the act has them */
	int64_t made_kop, made; /* by its works */
};

/* Gives: findings to the sink, built in a. */
void audit_act(
    struct arena *a, const struct audit_act *x, const struct audit_sink *to);

#endif
