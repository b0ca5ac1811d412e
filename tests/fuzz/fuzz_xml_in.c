/*
 * Whatever bytes come: xml_in_read ends, in bounded memory, and a document
 * that it refuses was told of, with words.
 */
#include "kvitok/xml/in.h"

#include <assert.h>

struct feeding {
	const uint8_t *p;
	size_t left;
	int problems;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
give(void *self, char *p, int len)
{
	struct feeding *x = self;
	size_t n = x->left < (size_t)len ? x->left : (size_t)len;

	if (n > 0)
		memcpy(p, x->p, n);
	x->p += n;
	x->left -= n;
	return (int)n;
}

static enum err
on_head(void *self, const struct xml_head *h, struct fault *f)
{
	(void)self, (void)f;
	assert(h->body);
	return ERR_OK;
}

static enum err
on_record(void *self, const struct xml_node *n, struct fault *f)
{
	(void)self, (void)f;
	assert(n->name.len > 0);
	return ERR_OK;
}

static void
on_problem(void *self, const struct xml_problem *x)
{
	struct feeding *in = self;

	assert(x->words.len > 0);
	in->problems++;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *life;
	static struct xml_schema *schema;
	struct feeding x = { data, size, 0 };
	struct xml_source from = { &x, give, 1 << 20 };
	struct xml_reader to = { &x, on_head, on_record, on_problem };
	struct xml_totals n;
	struct fault f;
	enum err rc;

	if (!schema) {
		life = arena_new(1 << 20);
		xml_init();
		rc = xml_schema_exchange(life, &schema, &f);
		assert(rc == ERR_OK);
	}
	rc = xml_in_read(schema, &from, &to, &n, &f);
	assert(rc == ERR_OK || rc == ERR_INVALID);
	assert((rc == ERR_OK) == (x.problems == 0));
	assert(rc == ERR_OK || reason_known(f.reason));
	return 0;
}
