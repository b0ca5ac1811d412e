/*
 * in: an exchange document, read as a stream and judged while it is read (X1).
 *
 * Memory does not grow with the document: records are handed out one by one.
 * Nothing outside of the document is fetched: a document type, an entity or a
 * processing instruction is refused, whatever it says.
 */
#ifndef KVITOK_XML_IN_H
#define KVITOK_XML_IN_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/xml/schema.h"

#include <stdint.h>

#define XML_DEPTH_MAX 8        /* elements within each other */
#define XML_RECORD_MAX 8388608 /* bytes of one record's names and texts */
#define XML_NODES_MAX 16384    /* elements of one record */
#define XML_PROBLEMS_MAX 20    /* then the rest is not looked at */

/* Where the bytes come from. */
struct xml_source {
	void *self;
	/* Gives: how many bytes were put to p, at most len; 0 at the end, below
	 * 0 when they cannot be read. */
	int (*read)(void *self, char *p, int len);
	int64_t size_max; /* a longer document is refused */
};

struct xml_attr {
	struct str name, value;
};

struct xml_node {
	struct str name; /* without namespace */
	const struct xml_attr *attrs;
	size_t attrs_len;
	struct str text; /* its own, trimmed; of elements without children */
	const struct xml_node *children;
	size_t children_len;
};

/* What a document says of itself. */
struct xml_head {
	struct str portal, supplier, kind, made_at;
	int64_t number;
	const struct xml_node *body; /* with attributes, without records */
};

/* One thing that is wrong with the document. */
struct xml_problem {
	int64_t line;
	int64_t record; /* from 1; 0: not in a record */
	struct str path, words;
};

/* Who is told; texts and nodes are valid during the call. */
struct xml_reader {
	void *self;
	/* Once, before the first record; its parts are not yet judged. */
	KV_MUST_CHECK enum err (*head)(
	    void *self, const struct xml_head *head, struct fault *f);
	/* A child of the body, which is valid by the schema unless a problem
	 * was told before; what it fails with ends the reading. */
	KV_MUST_CHECK enum err (*record)(
	    void *self, const struct xml_node *record, struct fault *f);
	/* At most XML_PROBLEMS_MAX times. */
	void (*problem)(void *self, const struct xml_problem *x);
};

struct xml_totals {
	int64_t count, sum_kop; /* of the records that were read */
};

/*
 * Read a whole document.
 * Gives: totals, also after failure.  ERR_OK proves that the document was
 * whole, agreed with its schema and with its own control totals.
 * Fails: ERR_INVALID document_bad, what is wrong was told; as head or record.
 */
KV_MUST_CHECK enum err xml_in_read(struct xml_schema *schema,
    const struct xml_source *from, const struct xml_reader *to,
    struct xml_totals *totals, struct fault *f);

/* Gives: the attribute's value; p NULL when it is not there. */
struct str xml_attr(const struct xml_node *n, const char *name);
/* Gives: the first child of the name, or NULL. */
const struct xml_node *xml_child(const struct xml_node *n, const char *name);

#endif
