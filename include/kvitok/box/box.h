/*
 * box: a supplier in the box, as a running program: its loop and its door.
 *
 * Plays the accounting system of a supplier for tests, for demos, and for
 * programmers of suppliers; never a part of a production host.
 */
#ifndef KVITOK_BOX_BOX_H
#define KVITOK_BOX_BOX_H

#include "kvitok/box/box_books.h"
#include "kvitok/box/box_fault.h"
#include "kvitok/sim/world.h"
#include "kvitok/xml/schema.h"

struct box {
	struct world w; /* what a door needs of it */
	struct box_conf set;
	struct box_db db;
	struct xml_schema *schema;
	struct box_faults faults;
	struct arena *work; /* emptied after each piece of it */
	int64_t down_until; /* the mailbox is away till then; 0: it is there */
	int64_t next_at;    /* of the next turn */
	char trouble[200];  /* of the last turn; empty: none */
};

/*
 * Read settings, find the database.  b->w has its arena, log and clock.
 * Gives: b, ended by box_end; words on wrong settings in report.
 * Fails: ERR_INVALID conf_bad, secret_file; ERR_BUG.
 */
KV_MUST_CHECK enum err box_begin(
    struct box *b, const char *path, struct buf *report, struct fault *f);
void box_end(struct box *b);

/*
 * Make the tables of the books and of the mailbox.
 * Fails: ERR_AGAIN; ERR_BUG (they are there).
 */
KV_MUST_CHECK enum err box_create(struct box *b, struct fault *f);
/*
 * Serve until something can be read from stop_fd.
 * Fails: ERR_INVALID sim_listen; ERR_AGAIN, ERR_BUG: the tables cannot be read.
 */
KV_MUST_CHECK enum err box_serve(struct box *b, int stop_fd, struct fault *f);
/*
 * Append what every account owes, line by line, in their order:
 * account;service;kopecks.
 * Fails: ERR_AGAIN; ERR_BUG.
 */
KV_MUST_CHECK enum err box_balances(
    struct box *b, struct buf *out, struct fault *f);

/* For its control: begin a piece of work, of now. */
struct box_work box_work(struct box *b, struct fault *f);
/*
 * Have the mailbox away until an instant, or back (0).
 * Fails: ERR_AGAIN; ERR_BUG.
 */
KV_MUST_CHECK enum err box_away(struct box *b, int64_t until, struct fault *f);

#endif
