/*
 * out_request: records of a document of requests, in pieces.
 */
#ifndef KVITOK_XML_OUT_REQUEST_H
#define KVITOK_XML_OUT_REQUEST_H

#include "kvitok/port/documents.h"

/* As the port's out_request. */
void xml_out_request(
    void *self, const struct document_request *x, struct buf *b);

#endif
