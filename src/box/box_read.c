#include "kvitok/box/box_read.h"

#include "kvitok/base/secret.h"

#define SIZE_MAX_BYTES (INT64_C(1) << 30)
#define PIECE_MEMORY ((size_t)8 << 20)
#define WORDS_MAX 900

/* A document on its way through the reader. */
struct way {
	const struct box_reading *r;
	struct box_judged *out;
	struct arena *piece; /* the part in hand */
	struct str rest;     /* of it */
	int64_t part;
	struct secret_sum sum;
	enum err rc; /* of the database, or of record */
};

static bool
next_part(struct way *x)
{
	const struct box_reading *r = x->r;
	struct db_rows rows;

	arena_reset(x->piece);
	x->rc = box_db_read(r->w->db, x->piece, SQL_BOX_OUT_PART,
	    DB_IN(db_n(r->number), db_n(++x->part)), "t", 1, &rows, r->w->f);
	if (x->rc != ERR_OK || rows.len == 0)
		return false;
	x->rest = rows.cells[0].t;
	secret_sum_add(&x->sum, x->rest);
	return true;
}

static int
give(void *self, char *p, int len)
{
	struct way *x = self;
	size_t n;

	while (x->rest.len == 0) {
		if (x->part == x->r->parts)
			return 0;
		if (!next_part(x))
			return -1;
	}
	n = x->rest.len < (size_t)len ? x->rest.len : (size_t)len;
	memcpy(p, x->rest.p, n);
	x->rest.p += n;
	x->rest.len -= n;
	return (int)n;
}

static void
bad(struct way *x, struct str words)
{
	if (x->out->words.len == 0)
		x->out->words = arena_str(x->r->w->a, words);
}

static enum err
take_head(void *self, const struct xml_head *h, struct fault *f)
{
	struct way *x = self;
	const struct box_reading *r = x->r;

	(void)f;
	if (r->head != NULL)
		r->head(r->self, h);
	if (!str_eq(h->portal, r->w->set->portal) ||
	    !str_eq(h->supplier, r->w->set->supplier))
		bad(x, STR("Документ не для этого поставщика"));
	if (h->number != r->number || !str_eq(h->kind, r->kind))
		bad(x, STR("Номер или вид не тот, что в почтовом ящике"));
	return ERR_OK;
}

static enum err
take_record(void *self, const struct xml_node *n, struct fault *f)
{
	struct way *x = self;

	(void)f;
	if (x->r->record != NULL)
		x->rc = x->r->record(x->r->self, n);
	return x->rc;
}

static void
take_problem(void *self, const struct xml_problem *p)
{
	struct way *x = self;

	bad(x,
	    arena_fmt(x->r->w->a, "%.*s: %.*s", STR_ARG(p->path),
		(int)(p->words.len < WORDS_MAX ? p->words.len : WORDS_MAX),
		p->words.p));
}

/* What the reader did not want to see belongs to the digest all the same. */
static void
read_rest(struct way *x)
{
	while (x->rc == ERR_OK && x->part < x->r->parts)
		if (!next_part(x))
			break;
}

enum err
box_read(const struct box_reading *r, struct box_judged *out)
{
	struct way x = { .r = r, .out = out, .rc = ERR_OK };
	struct xml_source from = { &x, give, SIZE_MAX_BYTES };
	struct xml_reader to = { &x, take_head, take_record, take_problem };
	struct fault f;
	enum err rc;

	*out = (struct box_judged){ .words = STR("") };
	fault_init(&f);
	x.piece = arena_new(PIECE_MEMORY);
	secret_sum_begin(&x.sum);
	rc = xml_in_read(r->schema, &from, &to, &out->n, &f);
	read_rest(&x);
	secret_sum_end(&x.sum, out->sha256);
	arena_free(x.piece);
	if (x.rc != ERR_OK)
		return x.rc;
	if (rc != ERR_OK)
		bad(&x, STR("Документ не соответствует описанию"));
	out->good = out->words.len == 0;
	return ERR_OK;
}
