/*
 * schema: the schemas of exchange documents (xsd/1), compiled in.
 *
 * Nothing is read from disk or network: what a schema or a document names
 * beside these files is refused.
 */
#ifndef KVITOK_XML_SCHEMA_H
#define KVITOK_XML_SCHEMA_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"

struct xml_schema;

/*
 * Once in a process, before anything of xml is called: start libxml2 and
 * have it fetch nothing but our own schemas.
 */
void xml_init(void);
/*
 * Gives: *out, good for any number of documents one after another; freed with
 * a.  Fails: ERR_BUG internal: the schemas themselves are wrong.
 */
KV_MUST_CHECK enum err xml_schema_exchange(
    struct arena *a, struct xml_schema **out, struct fault *f);
/* Gives: what libxml2 knows it by; for xml/in.c. */
void *xml_schema_raw(struct xml_schema *s);

#endif
