/*
 * box_post: the supplier's documents into Kvitok's mailbox, with all that may
 * go wrong there, until Kvitok has applied them.
 *
 * What is to be done follows from two rows alone: ours of the document and the
 * mailbox's.  So a box that was killed goes on where it was.
 */
#ifndef KVITOK_BOX_BOX_POST_H
#define KVITOK_BOX_BOX_POST_H

#include "kvitok/box/box_books.h"
#include "kvitok/box/box_fault.h"

#define BOX_TRIES_MAX 5 /* of a document that is refused though it is right */

/*
 * One step with each document that is not done, each in a transaction.
 * Fails: as box_db_run.
 */
KV_MUST_CHECK enum err box_post(
    const struct box_work *w, struct box_faults *faults);

#endif
