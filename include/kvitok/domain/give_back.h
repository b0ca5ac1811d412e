/*
 * give_back: money that was taken and never credited, on its way back.
 *
 * Pure.  It has no lines: it is the whole of what one order, or one opening of
 * Gazprombank's page, has taken.  Its states are those of a refund.
 */
#ifndef KVITOK_DOMAIN_GIVE_BACK_H
#define KVITOK_DOMAIN_GIVE_BACK_H

#include "kvitok/domain/refund.h"

struct give_back {
	struct str akey, number, id;
	struct str case_id;
	int n; /* attempt that took the money */
	struct str contract, bank_no, bank_id;
	enum refund_way way;    /* by bank or by hand */
	struct str own_account; /* by hand: that it was paid from */
	enum refund_state state;
	int64_t sum_kop;
	struct str reason, actor;              /* why, and who has decided it */
	struct str code;                       /* of the bank, when it failed */
	int64_t before_kop;                    /* as in struct refund */
	int64_t created_at, sent_at, ended_at; /* 0: not yet */
};

#endif
