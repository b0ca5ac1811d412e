/*
 * doc: the port documents, on XML: elements to records, and
 * acknowledgements to elements.
 */
#ifndef KVITOK_XML_DOC_H
#define KVITOK_XML_DOC_H

#include "kvitok/base/arena.h"
#include "kvitok/port/documents.h"

/*
 * Gives: *out, which lives as long as a; xml_init was called before.
 * Fails: ERR_BUG internal: the schemas themselves are wrong.
 */
KV_MUST_CHECK enum err xml_documents(
    struct arena *a, struct documents *out, struct fault *f);

#endif
