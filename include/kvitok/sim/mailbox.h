/*
 * mailbox: the letters that the sink took, the last MAILBOX_MAX of them.
 */
#ifndef KVITOK_SIM_MAILBOX_H
#define KVITOK_SIM_MAILBOX_H

#include "kvitok/base/arena.h"
#include "kvitok/base/str.h"

#include <stdint.h>

#define MAILBOX_MAX 500
#define MAILBOX_RCPTS_MAX 50
#define MAILBOX_BYTES_MAX ((size_t)10 << 20) /* of one letter */

struct mail {
	struct arena *a; /* its own */
	uint64_t n;      /* from 1; the number in addresses */
	int64_t accepted_at;
	struct str from; /* of the envelope */
	struct str rcpts[MAILBOX_RCPTS_MAX];
	size_t rcpts_len;
	struct str raw;
};

struct mailbox;

/* Gives: an empty box in a. */
struct mailbox *mailbox_new(struct arena *a);
/* Forget all letters; numbers go on. */
void mailbox_clear(struct mailbox *m);
/* Keep a letter: it and its arena now belong to the box. */
void mailbox_put(struct mailbox *m, struct mail *mail, int64_t now);
/* Gives: the letter of that number, or NULL when it is not kept. */
const struct mail *mailbox_get(const struct mailbox *m, uint64_t n);
/* Gives: number of the newest letter; 0: there was none. */
uint64_t mailbox_newest(const struct mailbox *m);

#endif
