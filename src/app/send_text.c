#include "kvitok/app/send_text.h"

#include "kvitok/app/send_request.h"
#include "kvitok/base/secret.h"

#define PAGE 500
#define PAGE_MEMORY ((size_t)8 << 20)
#define PIECE 16384
#define DIGEST_SIZE 65

/* What was made and not yet read, and where the making is. */
struct making {
	const struct ports *p;
	const struct sent_doc *doc;
	struct document_out head;
	struct settlement settlement;
	struct send_request requests; /* of that kind: its records */
	struct arena *page;
	struct str made;
	int64_t at; /* of made's begin, in the text */
	int64_t n;  /* the last record that was made */
	enum { NOTHING, BEGUN, ENDED } stage;
};

static void
free_page(void *x)
{
	send_request_free(&((struct making *)x)->requests);
	arena_free(((struct making *)x)->page);
}

static enum err
lost(const struct making *x, struct fault *f)
{
	return fault_set(f, ERR_BUG, "exchange_text_differs",
	    "%.*s/%.*s, ours %lld, behind record %lld", STR_ARG(x->doc->portal),
	    STR_ARG(x->doc->supplier), (long long)x->doc->number,
	    (long long)x->n);
}

/* What a settlement's document says is the settlement's own. */
static enum err
load_settlement(struct making *x, struct arena *a, struct fault *f)
{
	const struct ports *p = x->p;
	struct send_item item;
	bool found;
	enum err rc =
	    p->send.item(p->send.self, a, x->doc->id, 1, &item, &found, f);

	if (rc != ERR_OK)
		return rc;
	if (!found)
		return lost(x, f);
	x->head.settlement = &x->settlement;
	x->head.returned = item.line != 0;
	return p->settlements.load(
	    p->settlements.self, a, item.ref, &x->settlement, f);
}

static enum err
end_rows(struct making *x, struct buf *b, struct fault *f)
{
	const struct ports *p = x->p;

	if (x->doc->kind != SEND_SETTLEMENT && x->n != x->doc->items)
		return lost(x, f);
	p->documents.out_end(p->documents.self, &x->head, b);
	x->stage = ENDED;
	return ERR_OK;
}

static enum err
next_request(struct making *x, struct buf *b, struct fault *f)
{
	bool end;
	enum err rc = send_request_piece(&x->requests, b, &end, f);

	x->n = x->requests.n;
	return rc == ERR_OK && end ? end_rows(x, b, f) : rc;
}

static enum err
next_rows(struct making *x, struct buf *b, struct fault *f)
{
	const struct ports *p = x->p;
	const struct send_row *v;
	size_t len;
	enum err rc = p->send.rows(
	    p->send.self, x->page, x->doc, x->n, PAGE, &v, &len, f);

	for (size_t i = 0; rc == ERR_OK && i < len; i++) {
		if (v[i].n != x->n + 1)
			return lost(x, f);
		p->documents.out_row(p->documents.self, &x->head, &v[i], b);
		x->n++;
	}
	return rc == ERR_OK && len < PAGE ? end_rows(x, b, f) : rc;
}

/* Make the next piece in the place of the last one. */
static enum err
make_more(struct making *x, struct fault *f)
{
	const struct ports *p = x->p;
	struct buf b;
	enum err rc = ERR_OK;

	x->at += (int64_t)x->made.len;
	arena_reset(x->page);
	buf_init(&b, x->page, PAGE_MEMORY / 2);
	if (x->stage == NOTHING) {
		p->documents.out_begin(p->documents.self, &x->head, &b);
		x->stage = BEGUN;
	} else {
		rc = x->doc->kind == SEND_REQUESTS ? next_request(x, &b, f)
						   : next_rows(x, &b, f);
	}
	if (rc == ERR_OK && b.full)
		rc = fault_set(f, ERR_BUG, "internal", "a page is too long");
	x->made = buf_str(&b);
	return rc;
}

static enum err
read_text(
    void *self, int64_t at, void *to, size_t len, size_t *got, struct fault *f)
{
	struct making *x = self;
	char *out = to;
	enum err rc = ERR_OK;

	*got = 0;
	while (rc == ERR_OK && *got < len) {
		int64_t skip = at + (int64_t)*got - x->at;
		size_t left = x->made.len - (size_t)skip;

		if (left == 0 && x->stage == ENDED)
			break;
		if (left == 0) {
			rc = make_more(x, f);
			continue;
		}
		if (left > len - *got)
			left = len - *got;
		memcpy(out + *got, x->made.p + skip, left);
		*got += left;
	}
	return rc;
}

static enum err
open_text(const struct ports *p, struct arena *a, const struct sent_doc *doc,
    const struct pulse *pulse, struct source *out, struct fault *f)
{
	struct making *x = ARENA_NEW(a, struct making);
	struct source_paced *paced = ARENA_NEW(a, struct source_paced);

	x->p = p;
	x->doc = x->head.doc = doc;
	x->requests = (struct send_request){ .p = p, .doc = doc };
	x->made = STR("");
	x->page = arena_new(PAGE_MEMORY);
	arena_defer(a, free_page, x);
	*paced = (struct source_paced){ { x, doc->size, read_text }, pulse };
	*out = (struct source){ paced, doc->size, source_paced_read };
	return doc->kind == SEND_SETTLEMENT ? load_settlement(x, a, f) : ERR_OK;
}

static enum err
measure(const struct source *text, char digest[DIGEST_SIZE], int64_t *size,
    struct fault *f)
{
	char piece[PIECE];
	struct secret_sum sum;
	size_t got = 1;
	enum err rc = ERR_OK;

	*size = 0;
	secret_sum_begin(&sum);
	while (rc == ERR_OK && got > 0) {
		rc = text->read(
		    text->self, *size, piece, sizeof(piece), &got, f);
		if (rc == ERR_OK)
			secret_sum_add(&sum, (struct str){ piece, got });
		*size += (int64_t)got;
	}
	secret_sum_end(&sum, digest);
	return rc;
}

enum err
send_text(const struct ports *p, struct arena *a, struct sent_doc *doc,
    const struct pulse *pulse, struct source *out, struct fault *f)
{
	char digest[DIGEST_SIZE];
	int64_t size;
	enum err rc = open_text(p, a, doc, pulse, out, f);

	if (rc == ERR_OK)
		rc = measure(out, digest, &size, f);
	if (rc != ERR_OK)
		return rc;
	if (doc->sha256.len == 0) {
		doc->sha256 = arena_str(a, str_of(digest));
		doc->size = size;
		rc = p->send.text_made(p->send.self, doc, f);
	} else if (!str_eq(doc->sha256, str_of(digest)) || doc->size != size) {
		return fault_set(f, ERR_BUG, "exchange_text_differs",
		    "%.*s/%.*s, ours %lld", STR_ARG(doc->portal),
		    STR_ARG(doc->supplier), (long long)doc->number);
	}
	return rc == ERR_OK ? open_text(p, a, doc, pulse, out, f) : rc;
}
