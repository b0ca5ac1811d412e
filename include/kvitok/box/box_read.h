/*
 * box_read: one document of Kvitok's, record by record, out of its parts.
 */
#ifndef KVITOK_BOX_BOX_READ_H
#define KVITOK_BOX_BOX_READ_H

#include "kvitok/box/box_books.h"
#include "kvitok/xml/in.h"

struct box_reading {
	const struct box_work *w;
	struct xml_schema *schema;
	int64_t number, parts;
	struct str kind; /* as the mailbox says */
	/* Told once, and of each record; NULL: nobody. */
	void (*head)(void *self, const struct xml_head *h);
	KV_MUST_CHECK enum err (*record)(void *self, const struct xml_node *n);
	void *self;
};

/* What is known of a document that was read to its end. */
struct box_judged {
	bool good;        /* by the schema, its totals and its envelope */
	struct str words; /* why not */
	char sha256[65];
	struct xml_totals n;
};

/*
 * Read all of it.
 * Gives: out, also of one that is bad; texts live in w->a.
 * Fails: as box_db_run; as record.
 */
KV_MUST_CHECK enum err box_read(
    const struct box_reading *r, struct box_judged *out);

#endif
