#include "kvitok/app/exchange_bring.h"

#include "kvitok/base/num.h"
#include "kvitok/http/form.h"
#include "kvitok/web/handlers.h"

#define LIMIT_MAX 200
#define LIMIT_USUAL 50
#define NUMBER_MAX INT64_C(999999999999)

static enum err
number_of(struct turn *t, int64_t *number)
{
	return num_parse(t->params.v[0], 1, NUMBER_MAX, number)
	    ? ERR_OK
	    : fault_set(t->f, ERR_ABSENT, "exchange_unknown", "no such number");
}

/* nginx asks it of a key before it lets a document in: no folder is read. */
enum err
api_exchange(struct turn *t)
{
	const struct exchange_store *st = &t->p->exchange;
	struct supplier_desk d;
	struct buf b;
	struct jw w;
	int64_t next = 0;
	enum err rc = exchange_bring_desk(t->p, t->a, &t->who, &d, t->f);

	if (rc == ERR_OK)
		rc = st->next(st->self, t->a, t->who.portal, t->who.supplier,
		    &next, t->f);
	if (rc != ERR_OK)
		return rc;
	turn_buf(t, &b);
	jw_init(&w, &b);
	jw_object(&w);
	jw_ktext(&w, "portal", t->who.portal);
	jw_ktext(&w, "supplier", t->who.supplier);
	jw_kint(&w, "next", next);
	jw_kint(&w, "size_max", d.size_max);
	jw_object_end(&w);
	buf_char(&b, '\n');
	return turn_json(t, 200, &b);
}

/* --- a document --------------------------------------------------------- */

static void
put_error(struct jw *w, const struct exchange_doc *x)
{
	if (x->error_words.len == 0)
		return;
	jw_key(w, "error");
	jw_object(w);
	if (x->error_line > 0)
		jw_kint(w, "line", x->error_line);
	jw_kopt(w, "path", x->error_path);
	jw_ktext(w, "words", x->error_words);
	jw_object_end(w);
}

/* Members; what was not judged yet has no verdict. */
static void
put_members(struct jw *w, const struct exchange_brought *b)
{
	const struct exchange_doc *x = &b->doc;

	jw_kint(w, "number", x->number);
	jw_ktext(w, "state",
	    b->waits ? STR("received") : str_of(exchange_state_name(x->state)));
	jw_kopt(w, "kind", x->kind);
	jw_kint(w, "size", x->size);
	jw_kopt(w, "sha256", x->sha256);
	jw_kopt(w, "made_at", x->made_at);
	if (x->sha256.len > 0) {
		jw_kint(w, "records", x->said);
		jw_kint(w, "sum_kop", x->said_kop);
	}
	if (b->waits)
		return;
	jw_kint(w, "applied", x->applied);
	jw_kint(w, "applied_kop", x->applied_kop);
	jw_kint(w, "refused", x->refused);
	if (x->waits_for > 0)
		jw_kint(w, "waits_for", x->waits_for);
	put_error(w, x);
	jw_ktime(w, "received_at", x->received_at);
	jw_ktime(w, "ended_at", x->ended_at);
}

static enum err
put_refusals(struct turn *t, struct jw *w, const struct exchange_doc *x)
{
	const struct exchange_outbox *st = &t->p->exchange_out;
	const struct exchange_record *v;
	size_t len;
	enum err rc = st->refusals(st->self, t->a, t->who.portal,
	    t->who.supplier, x->number, &v, &len, t->f);

	if (rc != ERR_OK)
		return rc;
	jw_key(w, "refusals");
	jw_list(w);
	for (size_t i = 0; i < len; i++) {
		jw_object(w);
		jw_kint(w, "record", v[i].n);
		jw_ktext(w, "reason", str_of(v[i].refused));
		jw_ktext(w, "detail", str_of(reason_words(v[i].refused)));
		jw_object_end(w);
	}
	jw_list_end(w);
	return ERR_OK;
}

static enum err
answer(struct turn *t, int status, const struct exchange_brought *b)
{
	struct buf out;
	struct jw w;
	enum err rc = ERR_OK;

	turn_buf(t, &out);
	jw_init(&w, &out);
	jw_object(&w);
	put_members(&w, b);
	if (!b->waits && b->doc.refused > 0)
		rc = put_refusals(t, &w, &b->doc);
	jw_object_end(&w);
	buf_char(&out, '\n');
	return rc == ERR_OK ? turn_json(t, status, &out) : rc;
}

/* --- bringing ----------------------------------------------------------- */

static enum err
check_media(struct turn *t)
{
	bool xml = request_is(t->rq, "application/xml") ||
	    request_is(t->rq, "text/xml");

	if (xml && request_env(t->rq, "HTTP_CONTENT_ENCODING").len == 0)
		return ERR_OK;
	return fault_set(
	    t->f, ERR_INVALID, "exchange_media", "%.*s", STR_ARG(t->rq->type));
}

static enum err
add_piece(void *arg, struct str piece, struct fault *f)
{
	return exchange_bring_add(arg, piece, f);
}

enum err
api_exchange_bring(struct turn *t)
{
	struct exchange_bringing b;
	struct exchange_brought out;
	enum err rc = check_media(t);

	if (rc == ERR_OK)
		rc = exchange_bring_begin(t->p, t->a, &t->who, &b, t->f);
	if (rc != ERR_OK)
		return rc;
	rc = request_pass(t->rq, t->a, b.desk.size_max, add_piece, &b, t->f);
	rc = exchange_bring_end(&b, rc, &out, t->f);
	if (rc != ERR_OK)
		return rc;
	reply_header(t->out, "Location",
	    arena_fmt(t->a, "/api/v1/exchange/documents/%lld",
		(long long)out.doc.number));
	return answer(t, out.waits ? 202 : 200, &out);
}

/* --- looking ------------------------------------------------------------ */

enum err
api_exchange_document(struct turn *t)
{
	struct exchange_brought b;
	int64_t number = 0;
	enum err rc = number_of(t, &number);

	if (rc == ERR_OK)
		rc = exchange_bring_find(t->p, t->a, &t->who, number, &b, t->f);
	return rc == ERR_OK ? answer(t, 200, &b) : rc;
}

struct list_in {
	int64_t after, limit;
};

static const struct field list_fields[] = {
	{ "after", FIELD_INT, false, 0, NUMBER_MAX,
	    offsetof(struct list_in, after), NULL, NULL },
	{ "limit", FIELD_INT, false, 1, LIMIT_MAX,
	    offsetof(struct list_in, limit), NULL, NULL },
};
static const struct form list_form = { list_fields, KV_COUNT(list_fields),
	sizeof(struct list_in) };

static enum err
read_list(struct turn *t, struct list_in *in)
{
	*in = (struct list_in){ .after = 0, .limit = LIMIT_USUAL };
	return turn_query(t, &list_form, in);
}

static void
put_papers(struct jw *w, const struct desk_paper *v, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		jw_object(w);
		jw_kint(w, "number", v[i].number);
		jw_kint(w, "size", v[i].size);
		jw_object_end(w);
	}
}

enum err
api_exchange_documents(struct turn *t)
{
	struct exchange_shelf x;
	struct list_in in;
	struct buf b;
	struct jw w;
	enum err rc = read_list(t, &in);

	if (rc == ERR_OK)
		rc = exchange_bring_list(
		    t->p, t->a, &t->who, in.after, (int)in.limit, &x, t->f);
	if (rc != ERR_OK)
		return rc;
	turn_buf(t, &b);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "waiting");
	jw_list(&w);
	put_papers(&w, x.waiting, x.waiting_len);
	jw_list_end(&w);
	jw_key(&w, "items");
	jw_list(&w);
	for (size_t i = 0; i < x.docs_len; i++) {
		jw_object(&w);
		put_members(&w, &(struct exchange_brought){ .doc = x.docs[i] });
		jw_object_end(&w);
	}
	return turn_items_end(t, &b, &w);
}

/* --- ours --------------------------------------------------------------- */

enum err
api_exchange_outgoing(struct turn *t)
{
	const struct desk_paper *v;
	struct list_in in;
	struct supplier_desk d;
	struct buf b;
	struct jw w;
	size_t len;
	enum err rc = read_list(t, &in);

	if (rc == ERR_OK)
		rc = exchange_bring_desk(t->p, t->a, &t->who, &d, t->f);
	if (rc == ERR_OK)
		rc = d.list(d.self, t->a, DESK_OUT, in.after, (size_t)in.limit,
		    &v, &len, t->f);
	if (rc != ERR_OK)
		return rc;
	turn_items(t, &b, &w);
	put_papers(&w, v, len);
	return turn_items_end(t, &b, &w);
}

enum err
api_exchange_paper(struct turn *t)
{
	struct supplier_desk d;
	int64_t number = 0, size;
	int fd;
	enum err rc = number_of(t, &number);

	if (rc == ERR_OK)
		rc = exchange_bring_desk(t->p, t->a, &t->who, &d, t->f);
	if (rc == ERR_OK)
		rc = d.open(d.self, t->a, number, &fd, &size, t->f);
	if (rc != ERR_OK)
		return rc;
	reply_file(t->out, 200, "application/xml", fd, size);
	reply_header(t->out, "Cache-Control", STR("private, no-store"));
	return ERR_OK;
}

enum err
api_exchange_taken(struct turn *t)
{
	struct buf b;
	struct jw w;
	int64_t number = 0;
	enum err rc = number_of(t, &number);

	if (rc == ERR_OK)
		rc = exchange_bring_taken(t->p, t->a, &t->who, number, t->f);
	if (rc != ERR_OK)
		return rc;
	turn_buf(t, &b);
	jw_init(&w, &b);
	jw_object(&w);
	jw_kint(&w, "number", number);
	jw_kbool(&w, "taken", true);
	jw_object_end(&w);
	buf_char(&b, '\n');
	return turn_json(t, 200, &b);
}
