/*
 * box_paper: a document of the supplier, written element by element.
 *
 * Written for the box alone, out of the description for suppliers
 * (doc/exchange/README.ru.md): Kvitok's own writer is what the box reads.
 */
#ifndef KVITOK_BOX_BOX_PAPER_H
#define KVITOK_BOX_BOX_PAPER_H

#include "kvitok/base/buf.h"

#include <stdint.h>

struct box_envelope {
	struct str portal, supplier;
	int64_t number, made_at;
};

/* <document ...>, and its end. */
void box_paper_begin(struct buf *b, const struct box_envelope *e);
void box_paper_end(struct buf *b);
/* <name, an attribute with its value, and either end of the tag. */
void box_paper_open(struct buf *b, const char *name);
void box_paper_text(struct buf *b, const char *name, struct str value);
void box_paper_int(struct buf *b, const char *name, int64_t value);
void box_paper_inside(struct buf *b);
void box_paper_empty(struct buf *b);
/* </name> */
void box_paper_close(struct buf *b, const char *name);
/* <name>words</name> */
void box_paper_words(struct buf *b, const char *name, struct str words);

#endif
