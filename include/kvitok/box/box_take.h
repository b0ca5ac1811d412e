/*
 * box_take: Kvitok's documents out of its mailbox, into the supplier's books,
 * once; and our acknowledgements of them.
 *
 * A document is judged as a whole by the schema before anything of it is
 * booked; all of it is booked in one transaction, by which it is taken.  It is
 * acknowledged from what was written down, now, late or never.
 */
#ifndef KVITOK_BOX_BOX_TAKE_H
#define KVITOK_BOX_BOX_TAKE_H

#include "kvitok/box/box_books.h"
#include "kvitok/box/box_fault.h"
#include "kvitok/xml/schema.h"

/*
 * Take what is new, then acknowledge what is due; each document in a
 * transaction.
 * Fails: as box_db_run.
 */
KV_MUST_CHECK enum err box_take(const struct box_work *w,
    struct xml_schema *schema, struct box_faults *faults);

#endif
