#include "kvitok/xml/schema.h"

#include "kvitok/base/tpl.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlschemas.h>

#define FOLDER "xsd/1/"
#define NAME_MAX_LEN 64

struct xml_schema {
	xmlSchemaPtr p;
};

/* Gives: one of our own files, whatever folder the name is said to be in. */
static xmlParserInputPtr
own_files_only(const char *url, const char *id, xmlParserCtxtPtr ctxt)
{
	const char *slash = url ? strrchr(url, '/') : NULL;
	const char *name = slash ? slash + 1 : url;
	xmlParserInputBufferPtr in;
	struct bytes text = { NULL, 0 };
	struct arena *a;

	(void)id;
	if (!name || strlen(name) > NAME_MAX_LEN)
		return NULL;
	a = arena_new(4096);
	text = asset_get(arena_fmt(a, FOLDER "%s", name));
	arena_free(a);
	if (!text.p)
		return NULL;
	in = xmlParserInputBufferCreateMem(
	    (const char *)text.p, (int)text.len, XML_CHAR_ENCODING_NONE);
	return in ? xmlNewIOInputStream(ctxt, in, XML_CHAR_ENCODING_NONE)
		  : NULL;
}

static void
silence(void *self, xmlErrorPtr e)
{
	(void)self;
	(void)e;
}

static void
silence_words(void *self, const char *format, ...)
{
	(void)self;
	(void)format;
}

void
xml_init(void)
{
	xmlInitParser();
	xmlSetExternalEntityLoader(own_files_only);
	/* What has no reader to be told, such as bytes of another encoding,
	 * the library would write to standard error. */
	xmlSetStructuredErrorFunc(NULL, silence);
	xmlSetGenericErrorFunc(NULL, silence_words);
}

static void
schema_free(void *p)
{
	struct xml_schema *s = p;

	xmlSchemaFree(s->p);
}

enum err
xml_schema_exchange(struct arena *a, struct xml_schema **out, struct fault *f)
{
	struct xml_schema *s = ARENA_NEW(a, struct xml_schema);
	xmlSchemaParserCtxtPtr ctxt =
	    xmlSchemaNewParserCtxt(FOLDER "document.xsd");

	if (ctxt) {
		xmlSchemaSetParserStructuredErrors(ctxt, silence, NULL);
		s->p = xmlSchemaParse(ctxt);
	}
	xmlSchemaFreeParserCtxt(ctxt);
	if (!s->p)
		return fault_set(f, ERR_BUG, "internal", "xsd/1 is not read");
	arena_defer(a, schema_free, s);
	*out = s;
	return ERR_OK;
}

void *
xml_schema_raw(struct xml_schema *s)
{
	return s->p;
}
