/*
 * menu: the faults that the simulator can be told to commit.
 *
 * A fault is armed for the next orders, for all, or for one order; whoever
 * is about to do the right thing asks the menu first.  Knows no bank: it is
 * a table and a list.
 */
#ifndef KVITOK_SIM_MENU_H
#define KVITOK_SIM_MENU_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"
#include "kvitok/sim/setup.h"

#include <stdbool.h>
#include <stdint.h>

#define MENU_ARMED_MAX 200

enum menu_fault {
	/* Notices of both banks (Sberbank's call-back, Gazprombank's RP). */
	MENU_CALLBACK_LOST,
	MENU_CALLBACK_LATE,
	MENU_CALLBACK_REPEAT,
	MENU_CALLBACK_BEFORE_RETURN,
	MENU_CALLBACK_AFTER_RETURN,
	MENU_CALLBACK_REORDER,
	MENU_CALLBACK_BAD_SIGNATURE,
	MENU_CALLBACK_WRONG_SUM,
	MENU_CALLBACK_WRONG_NUMBER,
	MENU_CALLBACK_UNKNOWN_OPERATION,
	MENU_CALLBACK_EXTRA_PARAMS,
	/* Any call of the merchant. */
	MENU_HTTP_502,
	MENU_HTTP_502_AFTER,
	MENU_SLOW,
	MENU_NO_CONNECTION,
	MENU_RESET_BEFORE,
	MENU_REGISTER_LOST,
	MENU_REGISTER_REFUSED,
	MENU_REFUND_LOST,
	MENU_STATUS_LOST,
	MENU_EXPIRE,
	/* Sberbank's answers. */
	MENU_STATUS_WRONG_SUM,
	MENU_STATUS_TWO_SUMS,
	MENU_STATUS_WRONG_CURRENCY,
	MENU_STATUS_WRONG_NUMBER,
	MENU_LOOSE_TYPES,
	MENU_MISSING_BLOCKS,
	MENU_NO_FORMURL_ERRORCODE,
	MENU_BINDING_FOREIGN,
	/* Gazprombank's two calls. */
	MENU_RP_TWICE,
	MENU_RP_NO_AMOUNT,
	MENU_RP_BAD_SIGNATURE,
	MENU_RP_NEXT_CERTIFICATE,
	MENU_RP_RAW_BASE64,
	MENU_RP_WRONG_ACCOUNT,
	MENU_RP_WRONG_MERCHANT,
	MENU_RP_NUMERIC_CODE,
	MENU_RP_AFTER_SUCCESS_FAILURE,
	MENU_RP_BEFORE_FAILURE,
	MENU_CPA_TWICE,
	/* The mail sink. */
	MENU_REJECT_RCPT,
	MENU_LATER_RCPT,
	MENU_DROP_IN_DATA,
	MENU_SLOW_DATA,
	MENU_ACCEPT_THEN_DROP,
	MENU__COUNT
};

enum menu_scope {
	MENU_NEXT, /* the next count times, whoever it hits */
	MENU_ALL,  /* until it is taken off */
	MENU_ORDER /* this order (mail: this recipient); count or until off */
};

struct menu_item {
	const char *name;
	unsigned banks; /* 1 << enum bank */
	const char *about;
};

struct menu_armed {
	int id;
	enum bank bank;
	enum menu_fault fault;
	enum menu_scope scope;
	char order[130];
	char call[20];    /* only at this call ("register", "status"); "" any */
	int64_t count;    /* times left; -1: no end */
	int64_t repeat;   /* callback_repeat: how many at once */
	int64_t delay_ms; /* -1: not given */
	char value[64];
	int64_t taken; /* times committed */
};

struct menu {
	struct menu_armed armed[MENU_ARMED_MAX];
	size_t len;
	int last_id;
};

/* Gives: the item; every enum menu_fault has one. */
const struct menu_item *menu_item(enum menu_fault fault);
/* Gives: false when no fault has that name. */
KV_MUST_CHECK bool menu_find(struct str name, enum menu_fault *out);
/*
 * Arm a fault; w is copied, its id is set here.
 * Gives: the id.
 * Fails: ERR_INVALID sim_fault (not a fault of this bank), ERR_LIMIT
 * sim_fault (too many are armed).
 */
KV_MUST_CHECK enum err menu_arm(
    struct menu *m, const struct menu_armed *w, int *id, struct fault *f);
/* Gives: false when there is no such id. */
bool menu_disarm(struct menu *m, int id);
void menu_clear(struct menu *m);
/*
 * Ask whether the fault is to be committed now, to this order, in this call
 * (NULL: not a call); one use is spent.
 * Gives: true, with the order's particulars in *out if out is given.
 */
bool menu_take(struct menu *m, enum bank bank, enum menu_fault fault,
    struct str order, const char *call, struct menu_armed *out);

#endif
