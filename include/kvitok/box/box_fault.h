/*
 * box_fault: what goes wrong at a supplier, on order or by chance.
 *
 * A fault is armed for the next documents (of a kind), or falls upon each
 * document with a probability; which ones, follows from the seed.
 */
#ifndef KVITOK_BOX_BOX_FAULT_H
#define KVITOK_BOX_BOX_FAULT_H

#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum box_fault {
	BOX_FAULT_NONE,
	/* of a document to Kvitok */
	BOX_TWICE,
	BOX_OUT_OF_ORDER,
	BOX_GAP,
	BOX_OTHER_CONTENT,
	BOX_MISSING_PART,
	BOX_CUT,
	BOX_SCHEMA,
	BOX_TOTAL,
	BOX_ENCODING,
	BOX_DOCTYPE,
	BOX_NUMBER,
	/* of a document from Kvitok */
	BOX_REFUSE_DOCUMENT,
	BOX_REFUSE_LINE,
	BOX_LATE_ANSWER,
	BOX_LOST_ANSWER,
	BOX_FAULT__COUNT
};

enum box_side { BOX_SENDING, BOX_TAKING };

struct box_fault_item {
	const char *name, *about;
	enum box_side side;
	bool by_chance; /* leaves no work for people, so that it may come by
			   itself */
	int64_t ms;     /* its time, unless said */
};

#define BOX_ARMED_MAX 32

struct box_armed {
	enum box_fault fault;
	int64_t count, ms;
	char kind[33]; /* empty: any */
};

struct box_faults {
	struct box_armed armed[BOX_ARMED_MAX];
	size_t len;
	int64_t chance_pct; /* of each document */
	int64_t seed;
};

/* Gives: the fault's row; not for BOX_FAULT_NONE (asserted). */
const struct box_fault_item *box_fault_item(enum box_fault fault);
/* Gives: BOX_FAULT_NONE when there is none of that name. */
enum box_fault box_fault_find(struct str name);
/* Gives: false when too many are armed. */
KV_MUST_CHECK bool box_fault_arm(
    struct box_faults *x, const struct box_armed *armed);
/*
 * What goes wrong with a document: the first that was armed for it, which is
 * used up by that, else what chance says of its number.
 * Gives: the fault, and *ms, its time.
 */
enum box_fault box_fault_take(struct box_faults *x, enum box_side side,
    struct str kind, int64_t number, int64_t *ms);

#endif
