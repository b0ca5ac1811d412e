#include "kvitok/app/exchange.h"

#include "kvitok/app/exchange_batch.h"
#include "kvitok/app/reference.h"
#include "kvitok/base/day.h"
#include "kvitok/base/secret.h"
#include "kvitok/base/utf8.h"

#define PATH_CUT 400
#define WORDS_CUT 1000
#define MADE_CUT 40
#define KIND_CUT 32
#define OPEN_MAX 1000

/* A source, read from its beginning to its end, and its digest. */
struct stream {
	const struct source *src;
	int64_t pos;
	struct secret_sum sum;
	struct fault own; /* the reader's says what it makes of half a text */
	enum err rc;
};

struct coming {
	const struct ports *p;
	const struct exchange_ask *ask;
	struct arena *a;
	struct exchange_done *out;
	struct exchange_head head;
	bool headed;
	int64_t records;  /* that it has */
	enum err verdict; /* of the first reading */
	char sha256[EXCHANGE_DIGEST_LEN + 1];
	struct exchange_doc was; /* as the tables have it */
	bool fresh;              /* they do not have it */
	struct fault *f;
};

static void
stream_begin(struct stream *s, const struct source *src)
{
	*s = (struct stream){ .src = src };
	fault_init(&s->own);
	secret_sum_begin(&s->sum);
}

static int
stream_read(void *self, char *p, int len)
{
	struct stream *s = self;
	size_t got = 0;

	if (s->rc == ERR_OK)
		s->rc = s->src->read(
		    s->src->self, s->pos, p, (size_t)len, &got, &s->own);
	if (s->rc != ERR_OK)
		return -1;
	secret_sum_add(&s->sum, (struct str){ p, got });
	s->pos += (int64_t)got;
	return (int)got;
}

/* The digest is that of the whole, whatever the reader has made of it. */
static enum err
stream_end(
    struct stream *s, char digest[EXCHANGE_DIGEST_LEN + 1], struct fault *f)
{
	char rest[16384];

	while (stream_read(s, rest, sizeof(rest)) > 0)
		;
	secret_sum_end(&s->sum, digest);
	return s->rc == ERR_OK
	    ? ERR_OK
	    : fault_set(f, s->rc, s->own.reason, "%s", s->own.detail);
}

/* --- the first time: nothing is written --------------------------------- */

static void
note_problem(void *self, const struct document_problem *p)
{
	struct coming *x = self;
	struct exchange_done *out = x->out;

	if (out->problems_len == EXCHANGE_PROBLEMS_MAX)
		return;
	out->problems[out->problems_len++] =
	    (struct exchange_problem){ .line = p->line,
		    .path = arena_str(x->a, utf8_cut(p->path, PATH_CUT)),
		    .words = arena_str(x->a, utf8_cut(p->words, WORDS_CUT)) };
}

static enum err
bad(struct coming *x, const char *reason)
{
	note_problem(x,
	    &(struct document_problem){ .path = STR("/document"),
		.words = str_of(reason_words(reason)) });
	return fault_set(x->f, ERR_INVALID, "document_bad", "%s", reason);
}

static enum err
take_head(void *self, const struct exchange_head *h, struct fault *f)
{
	struct coming *x = self;
	const struct exchange_ask *ask = x->ask;
	struct arena *a = x->a;

	(void)f; /* it is x's */
	if ((ask->portal.len > 0 && !str_eq(ask->portal, h->portal)) ||
	    (ask->supplier.len > 0 && !str_eq(ask->supplier, h->supplier)) ||
	    (ask->number > 0 && ask->number != h->number))
		return bad(x, "exchange_foreign");
	x->headed = true;
	x->head = *h;
	x->head.portal = arena_str(a, h->portal);
	x->head.supplier = arena_str(a, h->supplier);
	x->head.kind = arena_str(a, utf8_cut(h->kind, KIND_CUT));
	x->head.made_at = arena_str(a, utf8_cut(h->made_at, MADE_CUT));
	x->head.month = arena_str(a, h->month);
	x->head.as_of_day = arena_str(a, h->as_of_day);
	x->head.paid_to_day = arena_str(a, h->paid_to_day);
	if (exchange_kind_of(h->kind) == EXCHANGE_KIND__COUNT)
		return bad(x, "exchange_kind");
	return exchange_head_check(&x->head) ? ERR_OK : bad(x, "exchange_day");
}

static enum err
pass_record(void *self, const struct exchange_record *r, struct fault *f)
{
	struct coming *x = self;

	(void)r, (void)f; /* it was judged, no more is wanted */
	x->records++;
	return ERR_OK;
}

/* What the transport says of a document whose envelope cannot be read. */
static enum err
head_of_ask(struct coming *x)
{
	const struct exchange_ask *ask = x->ask;

	if (ask->number == 0 || ask->portal.len == 0)
		return x->verdict; /* nobody knows what it was */
	x->head = (struct exchange_head){ .portal = ask->portal,
		.supplier = ask->supplier,
		.kind = utf8_cut(ask->kind, KIND_CUT),
		.made_at = STR(""),
		.number = ask->number };
	return ERR_OK;
}

static enum err
survey(struct coming *x)
{
	struct stream s;
	struct document_bytes bytes = { &s, stream_read };
	struct document_sink to = { x, take_head, pass_record, note_problem };
	enum err rc;

	stream_begin(&s, x->ask->src);
	x->verdict =
	    x->p->documents.read(x->p->documents.self, &bytes, &to, x->f);
	rc = stream_end(&s, x->sha256, x->f);
	if (rc != ERR_OK)
		return rc;
	if (exchange_kind_of(x->head.kind) == EXCHANGE_ACK)
		x->head.said = x->records; /* it does not say so itself */
	if (x->verdict != ERR_OK && x->verdict != ERR_INVALID)
		return x->verdict;
	return x->headed ? ERR_OK : head_of_ask(x);
}

/* --- whose turn it is --------------------------------------------------- */

/* The document as it is to be written. */
static struct exchange_doc
new_doc(const struct coming *x, enum exchange_state state)
{
	int64_t now = x->p->clock.now(x->p->clock.self);
	bool ends = state == EXCHANGE_ASIDE || state == EXCHANGE_SKIPPED;

	return (struct exchange_doc){ .portal = x->head.portal,
		.supplier = x->head.supplier,
		.kind = x->head.kind,
		.sha256 = str_of(x->sha256),
		.made_at = x->head.made_at,
		.actor = x->ask->actor,
		.error_path = STR(""),
		.error_words = STR(""),
		.state = state,
		.number = x->head.number,
		.size = x->ask->src->size,
		.said = x->head.said,
		.said_kop = x->head.said_kop,
		.received_at = x->fresh ? now : x->was.received_at,
		.ended_at = ends ? now : 0 };
}

static enum err
conflict(struct coming *x, const char *reason)
{
	return fault_set(x->f, ERR_CONFLICT, reason, "document %lld is %s",
	    (long long)x->head.number, exchange_state_name(x->was.state));
}

/* Has it come before?  Gives: *go, whether there is something to be done. */
static enum err
look_back(struct coming *x, bool *go)
{
	const struct ports *p = x->p;
	struct fault none;
	bool same;
	enum err rc;

	fault_init(&none);
	*go = true;
	rc = p->exchange.find(p->exchange.self, x->a, x->head.portal,
	    x->head.supplier, x->head.number, &x->was, &none);
	x->fresh = rc == ERR_ABSENT;
	if (x->fresh)
		return ERR_OK;
	if (rc != ERR_OK)
		return fault_set(x->f, rc, none.reason, "%s", none.detail);
	same = str_eq(x->was.sha256, str_of(x->sha256));
	x->out->doc = x->was;
	switch (x->was.state) {
	case EXCHANGE_APPLIED:
	case EXCHANGE_SKIPPED:
		*go = false;
		x->out->known = true;
		return same || x->was.sha256.len == 0
		    ? ERR_OK
		    : conflict(x, "exchange_number_taken");
	case EXCHANGE_ASIDE:
		*go = !same;
		x->out->known = same;
		return ERR_OK;
	case EXCHANGE_APPLYING:
		return same ? ERR_OK : conflict(x, "exchange_changed");
	case EXCHANGE_HELD:
	case EXCHANGE_STATE__COUNT:
		break;
	}
	return ERR_OK;
}

/* Gives: *go false, and out->gap, when others are missing before it.
 * Fails: ERR_AGAIN busy when another has begun it since it was looked for. */
static enum err
look_for_gap(struct coming *x, bool *go)
{
	const struct ports *p = x->p;
	int64_t next;
	enum err rc;

	if (!x->fresh)
		return ERR_OK;
	rc = p->exchange.next(p->exchange.self, x->a, x->head.portal,
	    x->head.supplier, &next, x->f);
	if (rc != ERR_OK || x->head.number == next)
		return rc;
	if (next > x->head.number)
		return fault_set(x->f, ERR_AGAIN, "busy",
		    "document %lld was begun meanwhile",
		    (long long)x->head.number);
	*go = false;
	x->out->gap = next;
	x->out->doc = new_doc(x, EXCHANGE_HELD);
	return p->exchange_out.ahead(p->exchange_out.self,
	    &(struct exchange_peer){ .portal = x->head.portal,
		.supplier = x->head.supplier,
		.ahead = x->head.number,
		.ahead_at = p->clock.now(p->clock.self) },
	    x->f);
}

/* Gives: *number, of the first document that this one waits for; 0. */
static enum err
look_for_others(struct coming *x, int64_t *number)
{
	const struct ports *p = x->p;
	const struct exchange_doc *v;
	size_t len;
	enum err rc = p->exchange.open(p->exchange.self, x->a, x->head.portal,
	    x->head.supplier, 1, x->head.number, OPEN_MAX, &v, &len, x->f);

	*number = 0;
	for (size_t i = 0; rc == ERR_OK && i < len && *number == 0; i++)
		if (exchange_builds_upon(x->head.kind, v[i].kind))
			*number = v[i].number;
	if (rc == ERR_OK && *number == 0 && len == OPEN_MAX)
		*number = v[len - 1].number; /* who knows what comes after */
	return rc;
}

/* --- writing ------------------------------------------------------------ */

struct writing {
	struct coming *x;
	struct exchange_doc doc;
};

static enum err
write_body(void *arg, struct fault *f)
{
	struct writing *w = arg;
	struct coming *x = w->x;
	const struct ports *p = x->p;
	enum err rc = x->fresh ? p->exchange.put(p->exchange.self, &w->doc, f)
			       : p->exchange.move(p->exchange.self, &w->doc,
				     x->was.state, x->was.record, f);

	if (rc != ERR_OK || w->doc.state != EXCHANGE_ASIDE)
		return rc;
	return p->exchange_out.owe(p->exchange_out.self,
	    &(struct exchange_ack){ .portal = w->doc.portal,
		.supplier = w->doc.supplier,
		.of_number = w->doc.number,
		.of_kind = w->doc.kind,
		.words = w->doc.error_words,
		.made_at = w->doc.ended_at },
	    f);
}

static enum err
write_doc(struct coming *x, const struct exchange_doc *doc)
{
	struct writing w = { x, *doc };
	enum err rc =
	    x->p->tx.run(x->p->tx.self, "exchange_begin", write_body, &w, x->f);

	x->out->doc = w.doc;
	ports_step(x->p, "exchange_begun");
	return rc;
}

static enum err
put_aside(struct coming *x)
{
	struct exchange_doc doc = new_doc(x, EXCHANGE_ASIDE);
	const struct exchange_problem *first = &x->out->problems[0];

	if (x->out->problems_len > 0) {
		doc.error_line = first->line;
		doc.error_path = first->path;
		doc.error_words = first->words;
	}
	return write_doc(x, &doc);
}

/* The second time. */
static enum err
apply(struct coming *x, struct exchange_doc *doc)
{
	struct stream s;
	struct document_bytes bytes = { &s, stream_read };
	struct exchange_batching b = {
		.p = x->p, .head = &x->head, .doc = doc, .until = x->ask->until
	};
	char digest[EXCHANGE_DIGEST_LEN + 1];
	enum err rc = exchange_batch_begin(&b, x->f), read;

	if (rc != ERR_OK)
		return rc;
	stream_begin(&s, x->ask->src);
	read = exchange_batch_read(&b, &bytes, x->f);
	x->out->more = b.more;
	rc = b.more ? ERR_OK : read;
	if (stream_end(&s, digest, x->f) != ERR_OK)
		rc = s.rc;
	else if (strcmp(digest, x->sha256) != 0)
		rc = conflict(x, "exchange_changed");
	if (rc == ERR_OK && !b.more)
		rc = exchange_batch_last(&b, x->f);
	exchange_batch_end(&b);
	x->out->doc = *doc;
	return rc;
}

static enum err
supplier_is_ours(struct coming *x)
{
	const struct ref *r;
	enum err rc = reference(x->p, &r, x->f);
	size_t i = 0;

	if (rc != ERR_OK)
		return rc;
	while (i < r->suppliers_len &&
	    !(str_eq(r->suppliers[i].portal, x->head.portal) &&
		str_eq(r->suppliers[i].supplier, x->head.supplier)))
		i++;
	return i < r->suppliers_len
	    ? ERR_OK
	    : fault_set(x->f, ERR_ABSENT, "supplier_unknown", "%.*s/%.*s",
		  STR_ARG(x->head.portal), STR_ARG(x->head.supplier));
}

/* An acknowledgement is of something that we have sent. */
static enum err
look_for_ours(struct coming *x)
{
	const struct send_store *st = &x->p->send;
	struct sent_doc ours;
	struct fault none;
	enum err rc;

	if (exchange_kind_of(x->head.kind) != EXCHANGE_ACK)
		return ERR_OK;
	fault_init(&none);
	rc = st->find(st->self, x->a, x->head.portal, x->head.supplier,
	    x->head.of_number, &ours, &none);
	if (rc == ERR_ABSENT) {
		x->verdict = bad(x, "exchange_ack_unknown");
		return ERR_OK;
	}
	return rc == ERR_OK
	    ? ERR_OK
	    : fault_set(x->f, rc, none.reason, "%s", none.detail);
}

static enum err
go_on(struct coming *x)
{
	struct exchange_doc doc;
	int64_t waits_for = 0;
	enum err rc = ERR_OK;

	if (!x->fresh && x->was.state == EXCHANGE_APPLYING) {
		doc = x->was;
		return apply(x, &doc);
	}
	if (x->verdict == ERR_OK)
		rc = look_for_ours(x);
	if (rc != ERR_OK)
		return rc;
	if (x->verdict != ERR_OK)
		return put_aside(x);
	rc = look_for_others(x, &waits_for);
	if (rc != ERR_OK)
		return rc;
	doc = new_doc(x, waits_for > 0 ? EXCHANGE_HELD : EXCHANGE_APPLYING);
	doc.waits_for = waits_for;
	rc = write_doc(x, &doc);
	return rc == ERR_OK && waits_for == 0 ? apply(x, &doc) : rc;
}

enum err
exchange_apply(const struct ports *p, struct arena *a,
    const struct exchange_ask *ask, struct exchange_done *out, struct fault *f)
{
	struct coming x = { .p = p, .ask = ask, .a = a, .out = out, .f = f };
	bool go = false;
	enum err rc;

	*out = (struct exchange_done){ .known = false };
	rc = survey(&x);
	if (rc == ERR_OK)
		rc = supplier_is_ours(&x);
	if (rc == ERR_OK)
		rc = look_back(&x, &go);
	if (rc == ERR_OK && go)
		rc = look_for_gap(&x, &go);
	/* What the first reading has complained of is told in out. */
	if (rc == ERR_OK && go)
		rc = go_on(&x);
	if (rc == ERR_OK)
		out->doc.sha256 = arena_str(a, out->doc.sha256);
	return rc;
}

/* --- letting be --------------------------------------------------------- */

enum err
exchange_skip(const struct ports *p, struct arena *a,
    const struct exchange_doc *wish, struct fault *f)
{
	struct source nothing = { .size = 0 };
	struct exchange_ask ask = { .src = &nothing, .actor = wish->actor };
	struct exchange_done out = { .known = false };
	struct coming x = { .p = p, .ask = &ask, .a = a, .out = &out, .f = f };
	struct exchange_doc doc;
	bool go;
	enum err rc;

	x.head = (struct exchange_head){ .portal = wish->portal,
		.supplier = wish->supplier,
		.kind = STR(""),
		.made_at = STR(""),
		.number = wish->number };
	rc = supplier_is_ours(&x);
	if (rc == ERR_OK)
		rc = look_back(&x, &go);
	if (rc == ERR_CONFLICT || out.known)
		return x.was.state == EXCHANGE_ASIDE
		    ? ERR_OK
		    : conflict(&x, "exchange_done");
	if (rc != ERR_OK)
		return rc;
	doc = x.fresh ? new_doc(&x, EXCHANGE_SKIPPED) : x.was;
	doc.state = EXCHANGE_SKIPPED;
	doc.waits_for = 0;
	doc.actor = wish->actor;
	doc.error_words = utf8_cut(wish->error_words, WORDS_CUT);
	doc.ended_at = p->clock.now(p->clock.self);
	rc = write_doc(&x, &doc);
	return rc == ERR_AGAIN && x.fresh
	    ? fault_set(f, ERR_CONFLICT, "exchange_not_next", "%s", f->detail)
	    : rc;
}
