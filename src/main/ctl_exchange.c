#include "ctl.h"

#include "kvitok/xml/in.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define DOCUMENT_MAX (INT64_C(4) << 30)

/* A document that is looked at, and not applied. */
struct validating {
	struct ctl *c;
	int fd;
	struct str kind;
	struct str whose; /* "portal/supplier, number 3, made ..." */
};

static int
read_some(void *self, char *p, int len)
{
	const struct validating *v = self;
	ssize_t n;

	do
		n = read(v->fd, p, (size_t)len);
	while (n < 0 && errno == EINTR);
	return (int)n;
}

static enum err
take_head(void *self, const struct xml_head *h, struct fault *f)
{
	struct validating *v = self;

	(void)f;
	v->kind = arena_str(v->c->a, h->kind);
	v->whose = arena_fmt(v->c->a,
	    "%.*s/%.*s, number %" PRId64 ", made %.*s", STR_ARG(h->portal),
	    STR_ARG(h->supplier), h->number, STR_ARG(h->made_at));
	return ERR_OK;
}

static enum err
take_record(void *self, const struct xml_node *record, struct fault *f)
{
	(void)self, (void)record, (void)f;
	return ERR_OK;
}

static void
put_problem(void *self, const struct xml_problem *x)
{
	struct validating *v = self;
	struct buf *b = &v->c->out;

	buf_fmt(b, "line %" PRId64, x->line);
	if (x->path.len > 0)
		ctl_say(b, ": ", x->path);
	ctl_say(b, ": ", x->words);
	buf_char(b, '\n');
}

static void
put_summary(struct validating *v, const struct xml_totals *n)
{
	struct buf *b = &v->c->out;

	ctl_say(b, "", v->kind);
	ctl_say(b, " of ", v->whose);
	buf_fmt(b, ": valid, records %" PRId64 ", sum ", n->count);
	buf_decimal(b, n->sum_kop);
	buf_lit(b, " RUB\n");
}

enum err
ctl_exchange_validate(struct ctl *c)
{
	const char *name = arena_z(c->a, c->words[0]);
	struct validating v = { .c = c,
		.fd = open(name, O_RDONLY | O_CLOEXEC) };
	struct xml_source from = { &v, read_some, DOCUMENT_MAX };
	struct xml_reader to = { &v, take_head, take_record, put_problem };
	struct xml_schema *schema;
	struct xml_totals n;
	enum err rc;

	if (v.fd < 0)
		return fault_set(&c->f, ERR_ABSENT, "file_unread", "%s: %s",
		    name, strerror(errno));
	xml_init();
	rc = xml_schema_exchange(c->a, &schema, &c->f);
	if (rc == ERR_OK)
		rc = xml_in_read(schema, &from, &to, &n, &c->f);
	if (rc == ERR_OK)
		put_summary(&v, &n);
	(void)close(v.fd); /* only read */
	return rc;
}
