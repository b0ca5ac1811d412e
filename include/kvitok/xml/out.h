/*
 * out: documents that go out, in pieces: the begin, each record, the end.
 *
 * The same rows give the same bytes.
 */
#ifndef KVITOK_XML_OUT_H
#define KVITOK_XML_OUT_H

#include "kvitok/port/documents.h"

/* Append what every document begins with. */
void xml_out_envelope(struct buf *b, struct str portal, struct str supplier,
    int64_t number, int64_t made_at);
/* As the port's out_begin, out_row and out_end. */
void xml_out_begin(void *self, const struct document_out *x, struct buf *b);
void xml_out_row(void *self, const struct document_out *x,
    const struct send_row *r, struct buf *b);
void xml_out_end(void *self, const struct document_out *x, struct buf *b);

#endif
