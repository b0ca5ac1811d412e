#include "kvitok/app/exchange_bring.h"

#include <stdio.h>

#define ENVELOPE "/document/"

/* --- whose desk --------------------------------------------------------- */

enum err
exchange_bring_desk(const struct ports *p, struct arena *a,
    const struct caller *who, struct supplier_desk *out, struct fault *f)
{
	if (who->supplier.len == 0)
		return fault_set(f, ERR_DENIED, "right_missing",
		    "key %.*s is of no supplier", STR_ARG(who->key_id));
	return p->desk.of(p->desk.self, a, who->portal, who->supplier, out, f);
}

/* --- bringing ----------------------------------------------------------- */

enum err
exchange_bring_begin(const struct ports *p, struct arena *a,
    const struct caller *who, struct exchange_bringing *b, struct fault *f)
{
	enum err rc;

	*b = (struct exchange_bringing){ .p = p, .a = a, .who = who };
	rc = exchange_bring_desk(p, a, who, &b->desk, f);
	if (rc == ERR_OK)
		rc = b->desk.begin(b->desk.self, a, &b->draft, f);
	if (rc == ERR_OK)
		secret_sum_begin(&b->sum);
	return rc;
}

enum err
exchange_bring_add(
    struct exchange_bringing *b, struct str piece, struct fault *f)
{
	if ((int64_t)piece.len > b->desk.size_max - b->size)
		return fault_set(f, ERR_INVALID, "body_too_large",
		    "more than %lld bytes", (long long)b->desk.size_max);
	b->size += (int64_t)piece.len;
	secret_sum_add(&b->sum, piece);
	return b->desk.add(b->draft, piece, f);
}

/* An envelope on its way through the reader, which is stopped behind it. */
struct glance {
	struct source src;
	int64_t pos;
	struct exchange_bringing *b;
	struct exchange_doc *doc;
	bool headed, told;
	struct fault *f;
	enum err rc; /* of the source */
};

static int
glance_read(void *self, char *p, int len)
{
	struct glance *g = self;
	size_t got = 0;

	if (g->rc == ERR_OK)
		g->rc = g->src.read(
		    g->src.self, g->pos, p, (size_t)len, &got, g->f);
	if (g->rc != ERR_OK)
		return -1;
	g->pos += (int64_t)got;
	return (int)got;
}

static enum err
glance_head(void *self, const struct exchange_head *h, struct fault *f)
{
	struct glance *g = self;
	struct arena *a = g->b->a;

	g->headed = true;
	*g->doc = (struct exchange_doc){ .portal = arena_str(a, h->portal),
		.supplier = arena_str(a, h->supplier),
		.kind = arena_str(a, h->kind),
		.made_at = arena_str(a, h->made_at),
		.number = h->number,
		.said = h->said,
		.said_kop = h->said_kop };
	return fault_set(f, ERR_AGAIN, "busy", "the envelope is enough");
}

static enum err
glance_record(void *self, const struct exchange_record *r, struct fault *f)
{
	(void)self, (void)r, (void)f; /* not reached */
	return ERR_OK;
}

/* Of what is wrong the first thing is told. */
static void
glance_problem(void *self, const struct document_problem *x)
{
	struct glance *g = self;
	char line[24];

	if (g->told)
		return;
	g->told = true;
	(void)snprintf(line, sizeof(line), "%lld", (long long)x->line);
	(void)fault_set(g->f, ERR_INVALID, "exchange_unread", "line %s", line);
	fault_arg(g->f, "line", str_of(line));
	fault_arg(g->f, "path", x->path.len > 0 ? x->path : STR("/"));
	fault_arg(g->f, "words", x->words);
}

static enum err
read_envelope(
    struct exchange_bringing *b, struct exchange_doc *doc, struct fault *f)
{
	const struct documents *d = &b->p->documents;
	struct fault none;
	struct glance g = {
		.src = b->desk.source(b->draft), .b = b, .doc = doc, .f = f
	};
	struct document_bytes bytes = { &g, glance_read };
	struct document_sink to = { &g, glance_head, glance_record,
		glance_problem };
	enum err rc;

	fault_init(&none);
	rc = d->read(d->self, &bytes, &to, &none);
	if (g.rc != ERR_OK)
		return g.rc;
	if (g.headed)
		return ERR_OK;
	if (g.told)
		return f->err;
	return fault_set(f, rc, none.reason, "%s", none.detail);
}

static enum err
foreign(const char *attribute, struct fault *f)
{
	char pointer[64];

	(void)snprintf(pointer, sizeof(pointer), ENVELOPE "@%s", attribute);
	(void)fault_set(f, ERR_INVALID, "exchange_foreign", "%s", attribute);
	fault_field(f, pointer, "exchange_foreign");
	return f->err;
}

static enum err
taken_number(
    const struct exchange_doc *doc, const char *reason, struct fault *f)
{
	(void)fault_set(
	    f, ERR_CONFLICT, reason, "document %lld", (long long)doc->number);
	fault_field(f, ENVELOPE "@number", reason);
	return f->err;
}

/* Has the number come before?  Gives: *known, with was. */
static enum err
look_back(struct exchange_bringing *b, const struct exchange_doc *doc,
    struct exchange_doc *was, bool *known, struct fault *f)
{
	const struct exchange_store *st = &b->p->exchange;
	struct fault none;
	bool same;
	enum err rc;

	fault_init(&none);
	rc = st->find(st->self, b->a, doc->portal, doc->supplier, doc->number,
	    was, &none);
	*known = rc == ERR_OK;
	if (rc == ERR_ABSENT)
		return ERR_OK;
	if (rc != ERR_OK)
		return fault_set(f, rc, none.reason, "%s", none.detail);
	same = str_eq(was->sha256, doc->sha256) || was->sha256.len == 0;
	*known = same || was->state != EXCHANGE_ASIDE;
	if (same || was->state == EXCHANGE_ASIDE)
		return ERR_OK;
	return taken_number(doc,
	    was->state == EXCHANGE_APPLIED || was->state == EXCHANGE_SKIPPED
		? "exchange_number_taken"
		: "exchange_number_waits",
	    f);
}

static enum err
not_too_far(struct exchange_bringing *b, const struct exchange_doc *doc,
    struct fault *f)
{
	const struct exchange_store *st = &b->p->exchange;
	char text[24];
	int64_t next;
	enum err rc =
	    st->next(st->self, b->a, doc->portal, doc->supplier, &next, f);

	if (rc != ERR_OK || doc->number < next + EXCHANGE_AHEAD_MAX)
		return rc;
	(void)taken_number(doc, "exchange_far", f);
	(void)snprintf(text, sizeof(text), "%lld", (long long)next);
	fault_arg(f, "next", str_of(text));
	return f->err;
}

static enum err
take_in(
    struct exchange_bringing *b, struct exchange_brought *out, struct fault *f)
{
	struct exchange_doc *doc = &out->doc, was;
	bool known = false;
	enum err rc = look_back(b, doc, &was, &known, f);

	if (rc == ERR_OK && known) {
		*doc = was;
		return ERR_OK;
	}
	if (rc == ERR_OK)
		rc = not_too_far(b, doc, f);
	if (rc != ERR_OK)
		return rc;
	out->waits = true;
	rc = b->desk.keep(b->desk.self, b->draft, doc->number, f);
	ports_step(b->p, "exchange_kept");
	return rc == ERR_CONFLICT ? taken_number(doc, f->reason, f) : rc;
}

enum err
exchange_bring_end(struct exchange_bringing *b, enum err was,
    struct exchange_brought *out, struct fault *f)
{
	char digest[EXCHANGE_DIGEST_LEN + 1];
	enum err rc = was;

	*out = (struct exchange_brought){ .waits = false };
	secret_sum_end(&b->sum, digest);
	ports_step(b->p, "exchange_spooled");
	if (rc == ERR_OK)
		rc = read_envelope(b, &out->doc, f);
	if (rc != ERR_OK)
		return rc;
	if (!str_eq(out->doc.portal, b->who->portal))
		return foreign("portal", f);
	if (!str_eq(out->doc.supplier, b->who->supplier))
		return foreign("supplier", f);
	out->doc.size = b->size;
	out->doc.sha256 = arena_str(b->a, str_of(digest));
	return take_in(b, out, f);
}

/* --- looking ------------------------------------------------------------ */

enum err
exchange_bring_find(const struct ports *p, struct arena *a,
    const struct caller *who, int64_t number, struct exchange_brought *out,
    struct fault *f)
{
	const struct desk_paper *v;
	struct fault none;
	struct supplier_desk d;
	size_t len = 0;
	bool judged;
	enum err rc = exchange_bring_desk(p, a, who, &d, f), found;

	*out = (struct exchange_brought){ .waits = false };
	fault_init(&none);
	/* The desk first: what was judged meanwhile is in the tables. */
	if (rc == ERR_OK)
		rc = d.list(d.self, a, DESK_IN, number - 1, 1, &v, &len, f);
	if (rc != ERR_OK)
		return rc;
	found = p->exchange.find(p->exchange.self, a, who->portal,
	    who->supplier, number, &out->doc, &none);
	judged = found == ERR_OK && out->doc.state != EXCHANGE_ASIDE;
	if (!judged && (found == ERR_OK || found == ERR_ABSENT) && len > 0 &&
	    v[0].number == number) {
		*out = (struct exchange_brought){ .waits = true,
			.doc = { .number = number, .size = v[0].size } };
		return ERR_OK;
	}
	return found == ERR_OK
	    ? ERR_OK
	    : fault_set(f, found, none.reason, "%s", none.detail);
}

enum err
exchange_bring_list(const struct ports *p, struct arena *a,
    const struct caller *who, int64_t after, int limit,
    struct exchange_shelf *out, struct fault *f)
{
	const struct exchange_store *st = &p->exchange;
	struct supplier_desk d;
	enum err rc = exchange_bring_desk(p, a, who, &d, f);

	if (rc == ERR_OK)
		rc = d.list(d.self, a, DESK_IN, after, (size_t)limit,
		    &out->waiting, &out->waiting_len, f);
	if (rc == ERR_OK)
		rc = st->list(st->self, a, who->portal, who->supplier, after,
		    limit, &out->docs, &out->docs_len, f);
	return rc;
}

enum err
exchange_bring_taken(const struct ports *p, struct arena *a,
    const struct caller *who, int64_t number, struct fault *f)
{
	struct exchange_ack ours;
	struct supplier_desk d;
	enum err rc = exchange_bring_desk(p, a, who, &d, f);

	if (rc == ERR_OK)
		rc = p->exchange_out.find(p->exchange_out.self, a, who->portal,
		    who->supplier, number, &ours, f);
	if (rc == ERR_OK)
		rc = d.taken(d.self, a, number, f);
	return rc;
}
