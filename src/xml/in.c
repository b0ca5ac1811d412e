#include "kvitok/xml/in.h"

#include "kvitok/base/num.h"
#include "kvitok/base/utf8.h"
#include "kvitok/domain/money.h"

#include <inttypes.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#define SPACE_URI "urn:kvitok:exchange:1"
#define SPACE_MARK "{" SPACE_URI "}"
#define CHUNK 16384
#define WORDS_MAX 1000
#define PATH_MAX_LEN 400
#define RECORD_MEMORY ((size_t)128 << 20)
/* Depths of the tree: the envelope is 0, what it holds 1, its records 2. */
#define BODY 1
#define RECORD 2

/* Which sums a kind's control total adds up; part NULL: the record's own,
 * else those of its children of that name. */
static const struct total {
	const char *kind, *part, *sum;
} totals_of[] = {
	{ "charges", NULL, "accrued_kop" },
	{ "balances", NULL, "debt_kop" },
	{ "payments_elsewhere", NULL, "sum_kop" },
	{ "acts", "work", "sum_kop" },
	{ "payments", NULL, "sum_kop" },
	{ "refunds", NULL, "sum_kop" },
};

/* An element that has begun and not ended. */
struct open_node {
	struct xml_node node;
	struct xml_node *children;
	size_t len, cap;
	struct buf text;
};

struct reading {
	const struct xml_reader *to;
	struct xml_totals *n;
	struct fault *f;
	xmlParserCtxtPtr parser;
	struct arena *life;   /* of envelope and body */
	struct arena *record; /* emptied after each one */
	struct open_node stack[XML_DEPTH_MAX];
	int depth;           /* of the element in hand; -1 outside of all */
	bool begun;          /* the envelope has been met */
	bool ended;          /* the element in hand, which libxml2 is judging */
	size_t bytes, nodes; /* of the record in hand */
	const struct total *total;
	int64_t count_said, sum_said; /* count -1: not said */
	int problems;
	enum err rc;
};

struct str
xml_attr(const struct xml_node *n, const char *name)
{
	for (size_t i = 0; i < n->attrs_len; i++)
		if (str_eq(n->attrs[i].name, str_of(name)))
			return n->attrs[i].value;
	return STR_NONE;
}

const struct xml_node *
xml_child(const struct xml_node *n, const char *name)
{
	for (size_t i = 0; i < n->children_len; i++)
		if (str_eq(n->children[i].name, str_of(name)))
			return &n->children[i];
	return NULL;
}

/* --- telling ------------------------------------------------------------ */

static struct str
path_of(const struct reading *x, struct arena *a)
{
	struct buf b;

	buf_init(&b, a, PATH_MAX_LEN);
	for (int i = 0; i <= x->depth; i++) {
		buf_char(&b, '/');
		buf_text(&b, x->stack[i].node.name);
		if (i == RECORD)
			buf_fmt(&b, "[%" PRId64 "]", x->n->count + 1);
	}
	return buf_str(&b);
}

static void
tell(struct reading *x, int64_t line, struct str words)
{
	struct arena *a;

	if (x->problems++ >= XML_PROBLEMS_MAX)
		return;
	a = arena_new(65536);
	x->to->problem(x->to->self,
	    &(struct xml_problem){ .line = line,
		.record = x->depth >= RECORD ? x->n->count + 1 : 0,
		.path = path_of(x, a),
		.words = words });
	arena_free(a);
}

/*
 * The reading ends after this chunk; the first failure stays.  To stop
 * libxml2 here would free the text that it hands to the schema after us.
 */
static void
stop(struct reading *x, enum err rc)
{
	if (x->rc == ERR_OK)
		x->rc = rc;
}

static void
refuse(struct reading *x, struct str words)
{
	if (x->rc != ERR_OK)
		return;
	tell(x, xmlSAX2GetLineNumber(x->parser), words);
	stop(x,
	    fault_set(
		x->f, ERR_INVALID, "document_bad", "%.*s", STR_ARG(words)));
}

/* libxml2's words end in a line feed, and name the namespace each time; a name
 * that they quote may be of any length. */
static void
tell_error(struct reading *x, int64_t line, const xmlError *e)
{
	struct str words =
	    utf8_cut_bytes(str_trim(str_of(e->message)), WORDS_MAX);
	struct arena *a = arena_new(65536);
	struct buf b;
	size_t at;

	buf_init(&b, a, WORDS_MAX);
	while ((at = str_find(words, STR(SPACE_MARK))) < words.len) {
		buf_text(&b, (struct str){ words.p, at });
		words.p += at + sizeof(SPACE_MARK) - 1;
		words.len -= at + sizeof(SPACE_MARK) - 1;
	}
	buf_text(&b, words);
	tell(x, line, buf_str(&b));
	arena_free(a);
}

static void
on_invalid(void *self, xmlErrorPtr e)
{
	struct reading *x = self;

	if (x->rc != ERR_OK)
		return;
	tell_error(x, xmlSAX2GetLineNumber(x->parser), e);
	if (x->problems >= XML_PROBLEMS_MAX)
		stop(x, ERR_INVALID);
}

/* --- building ----------------------------------------------------------- */

static struct arena *
arena_at(struct reading *x)
{
	return x->depth < RECORD ? x->life : x->record;
}

static bool
keep(struct reading *x, const void *p, size_t len, struct str *out)
{
	if (len > XML_RECORD_MAX - x->bytes) {
		refuse(x, STR("a record is too long"));
		return false;
	}
	x->bytes += len;
	*out = arena_str(arena_at(x), (struct str){ p, len });
	return true;
}

/* libxml2 hands over five pointers for each attribute: name, prefix,
 * namespace, and where its value begins and ends. */
static void
take_attrs(struct reading *x, struct xml_node *n, int len, const xmlChar **in)
{
	struct xml_attr *v =
	    ARENA_ARRAY(arena_at(x), (size_t)len + 1, struct xml_attr);
	size_t k = 0;

	for (int i = 0; i < len; i++, in += 5) {
		if (in[1]) /* xsi:schemaLocation and the like */
			continue;
		if (!keep(x, in[0], str_of((const char *)in[0]).len,
			&v[k].name) ||
		    !keep(x, in[3], (size_t)(in[4] - in[3]), &v[k].value))
			return;
		k++;
	}
	n->attrs = v;
	n->attrs_len = k;
}

static void
adopt(struct reading *x, struct open_node *to, const struct xml_node *child)
{
	if (to->len == to->cap) {
		size_t cap = to->cap == 0 ? 4 : 2 * to->cap;

		to->children = arena_grow(x->record, to->children,
		    to->cap * sizeof(*child), cap * sizeof(*child));
		to->cap = cap;
	}
	to->children[to->len++] = *child;
}

static int64_t
number_of(const struct xml_node *n, const char *name, int64_t otherwise)
{
	struct str s = str_trim(xml_attr(n, name)); /* xs:long allows space */
	bool minus = str_starts(s, STR("-"));
	int64_t v;

	if (minus || str_starts(s, STR("+"))) {
		s.p++;
		s.len--;
	}
	if (!num_parse(s, 0, INT64_MAX, &v))
		return otherwise;
	return minus ? -v : v;
}

/* The body has begun: say what the document is. */
static void
give_head(struct reading *x)
{
	const struct xml_node *envelope = &x->stack[0].node;
	const struct xml_node *body = &x->stack[BODY].node;
	struct xml_head head = { .portal = xml_attr(envelope, "portal"),
		.supplier = xml_attr(envelope, "supplier"),
		.made_at = xml_attr(envelope, "made_at"),
		.number = number_of(envelope, "number", 0),
		.kind = body->name,
		.body = body };
	enum err rc;

	for (size_t i = 0; i < KV_COUNT(totals_of); i++)
		if (str_eq(head.kind, str_of(totals_of[i].kind)))
			x->total = &totals_of[i];
	/* An acknowledgement counts what it is about, not what it holds. */
	x->count_said = str_eq(head.kind, STR("acknowledgement"))
	    ? -1
	    : number_of(body, "count", -1);
	x->sum_said = number_of(body, "sum_kop", 0);
	rc = x->to->head(x->to->self, &head, x->f);
	if (rc != ERR_OK)
		stop(x, rc);
}

static bool
add_sum(struct reading *x, const struct xml_node *n)
{
	struct money sum = { x->n->sum_kop };

	if (money_add(sum, (struct money){ number_of(n, x->total->sum, 0) },
		&sum, x->f) != ERR_OK) {
		refuse(x, STR("the sums are too large"));
		return false;
	}
	x->n->sum_kop = sum.kop;
	return true;
}

static void
give_record(struct reading *x, const struct xml_node *n)
{
	enum err rc;

	if (x->total && !x->total->part && !add_sum(x, n))
		return;
	for (size_t i = 0; x->total && x->total->part && i < n->children_len;
	     i++)
		if (str_eq(n->children[i].name, str_of(x->total->part)) &&
		    !add_sum(x, &n->children[i]))
			return;
	rc = x->to->record(x->to->self, n, x->f);
	x->n->count++;
	if (rc != ERR_OK)
		stop(x, rc);
}

/*
 * libxml2 tells of the end of an element before it judges what the element
 * lacks: it is handed on with whatever comes next.
 */
static void
close_ended(struct reading *x)
{
	struct open_node *o = &x->stack[x->depth < 0 ? 0 : x->depth];

	if (!x->ended || x->rc != ERR_OK)
		return;
	x->ended = false;
	o->node.children = o->children;
	o->node.children_len = o->len;
	o->node.text = o->len == 0 ? str_trim(buf_str(&o->text)) : STR_NONE;
	if (x->depth > RECORD)
		adopt(x, o - 1, &o->node);
	else if (x->depth == RECORD)
		give_record(x, &o->node);
	if (x->depth-- > RECORD)
		return;
	arena_reset(x->record);
	x->bytes = x->nodes = 0;
}

static void
on_start(void *self, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int spaces_len, const xmlChar **spaces, int attrs_len,
    int defaulted, const xmlChar **attrs)
{
	struct reading *x = self;
	struct open_node *o;

	(void)prefix, (void)uri, (void)spaces_len, (void)spaces,
	    (void)defaulted;
	close_ended(x);
	if (x->rc != ERR_OK)
		return;
	if (x->depth + 1 == XML_DEPTH_MAX) {
		refuse(x, STR("elements are nested too deeply"));
		return;
	}
	x->begun = true;
	o = &x->stack[++x->depth];
	*o = (struct open_node){ .cap = 0 };
	if (x->depth >= RECORD && ++x->nodes > XML_NODES_MAX) {
		refuse(x, STR("a record has too many elements"));
		return;
	}
	buf_init(&o->text, arena_at(x), XML_RECORD_MAX + 1);
	if (keep(x, name, str_of((const char *)name).len, &o->node.name))
		take_attrs(x, &o->node, attrs_len, attrs);
	if (x->rc == ERR_OK && x->depth == BODY)
		give_head(x);
}

static void
on_end(
    void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct reading *x = self;

	(void)name, (void)prefix, (void)uri;
	close_ended(x);
	x->ended = true;
}

static void
on_text(void *self, const xmlChar *p, int len)
{
	struct reading *x = self;

	close_ended(x);
	if (x->rc != ERR_OK || x->depth < RECORD)
		return; /* the schema lets none but space stand there */
	if ((size_t)len > XML_RECORD_MAX - x->bytes) {
		refuse(x, STR("a record is too long"));
		return;
	}
	x->bytes += (size_t)len;
	buf_bytes(&x->stack[x->depth].text, p, (size_t)len);
}

static void
on_doctype(
    void *self, const xmlChar *name, const xmlChar *id, const xmlChar *uri)
{
	struct reading *x = self;

	(void)name, (void)id, (void)uri;
	refuse(x, STR("a document type is not taken"));
	/* At once, before an entity is read; the schema is not told of it. */
	xmlStopParser(x->parser);
}

static void
on_reference(void *self, const xmlChar *name)
{
	(void)name;
	refuse(self, STR("an entity is not taken"));
}

static void
on_instruction(void *self, const xmlChar *target, const xmlChar *data)
{
	(void)target, (void)data;
	refuse(self, STR("a processing instruction is not taken"));
}

/* --- reading ------------------------------------------------------------ */

static void
judge_end(struct reading *x)
{
	const xmlError *e = xmlCtxtGetLastError(x->parser);

	close_ended(x);
	if (x->rc != ERR_OK)
		return;
	if (!x->parser->wellFormed) {
		if (e && e->code == XML_ERR_DOCUMENT_END &&
		    (x->depth >= 0 || !x->begun))
			refuse(x, STR("the document ends too early"));
		else if (e)
			tell_error(x, e->line, e);
		x->rc = ERR_INVALID;
	} else if (x->problems > 0) {
		x->rc = ERR_INVALID;
	} else if (x->count_said >= 0 && x->count_said != x->n->count) {
		refuse(x, STR("count is not the number of the records"));
	} else if (x->total && x->sum_said != x->n->sum_kop) {
		refuse(x, STR("sum_kop is not the sum of the records"));
	}
}

static void
feed(struct reading *x, const struct xml_source *from)
{
	char *p = arena_alloc(x->life, CHUNK);
	int64_t taken = 0;
	int len;

	do {
		len = from->read(from->self, p, CHUNK);
		taken += len;
		if (len < 0)
			refuse(x, STR("the document cannot be read"));
		else if (taken > from->size_max)
			refuse(x, STR("the document is too long"));
		/* Its verdict is asked for at the end. */
		else if (x->rc == ERR_OK)
			(void)xmlParseChunk(x->parser, p, len, len == 0);
	} while (x->rc == ERR_OK && len > 0 && x->parser->wellFormed);
	judge_end(x);
}

static int
line_of(void *self, const char **file, unsigned long *line)
{
	const struct reading *x = self;

	*file = NULL;
	*line = (unsigned long)xmlSAX2GetLineNumber(x->parser);
	return 0;
}

static enum err
read_valid(struct reading *x, xmlSchemaValidCtxtPtr judge,
    const struct xml_source *from)
{
	xmlSchemaSAXPlugPtr plug;

	xmlSchemaSetValidStructuredErrors(judge, on_invalid, x);
	xmlSchemaValidateSetLocator(judge, line_of, x);
	plug = xmlSchemaSAXPlug(judge, &x->parser->sax, &x->parser->userData);
	if (!plug)
		return fault_set(x->f, ERR_BUG, "internal", "no XML schema");
	feed(x, from);
	(void)xmlSchemaSAXUnplug(plug); /* it can only be ours */
	if (x->rc == ERR_INVALID && x->f->err != ERR_INVALID)
		return fault_set(x->f, ERR_INVALID, "document_bad",
		    "%d problems", x->problems);
	return x->rc;
}

enum err
xml_in_read(struct xml_schema *schema, const struct xml_source *from,
    const struct xml_reader *to, struct xml_totals *totals, struct fault *f)
{
	xmlSAXHandler sax = { .initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.cdataBlock = on_text,
		.internalSubset = on_doctype,
		.reference = on_reference,
		.processingInstruction = on_instruction };
	struct reading x = {
		.to = to, .n = totals, .f = f, .depth = -1, .count_said = -1
	};
	xmlSchemaValidCtxtPtr judge =
	    xmlSchemaNewValidCtxt(xml_schema_raw(schema));
	enum err rc;

	*totals = (struct xml_totals){ 0 };
	fault_init(f);
	x.parser = xmlCreatePushParserCtxt(&sax, &x, NULL, 0, NULL);
	if (!judge || !x.parser) {
		rc = fault_set(f, ERR_BUG, "internal", "no XML parser");
	} else {
		/* NOENT, so that & in an attribute is one character to us and
		 * to the schema, not "&#38;".  No entity but those of XML
		 * itself can be there: on_doctype. */
		(void)xmlCtxtUseOptions(
		    x.parser, XML_PARSE_NONET | XML_PARSE_NOENT);
		x.life = arena_new(RECORD_MEMORY);
		x.record = arena_new(RECORD_MEMORY);
		rc = read_valid(&x, judge, from);
		arena_free(x.record);
		arena_free(x.life);
	}
	xmlSchemaFreeValidCtxt(judge);
	xmlFreeParserCtxt(x.parser);
	return rc;
}
