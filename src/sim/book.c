#include "kvitok/sim/book.h"

#define BUCKETS 16384 /* a power of two */
#define PAGES (BOOK_MAX / BOOK_PAGE + 1)
#define PAGE_BYTES_MAX ((size_t)64 << 20)

struct page {
	struct arena *a;
	struct order *orders[BOOK_PAGE];
	size_t len;
};

struct book {
	struct timers *timers;
	struct page pages[PAGES]; /* a ring by serial */
	struct order *by_id[BUCKETS], *by_number[BUCKETS];
	struct order *newest, *oldest;
	uint64_t next_serial;
	size_t count;
};

static void
book_free(void *object)
{
	book_clear(object);
}

struct book *
book_new(struct arena *a, struct timers *t)
{
	struct book *b = ARENA_NEW(a, struct book);

	b->timers = t;
	b->next_serial = 0;
	arena_defer(a, book_free, b);
	return b;
}

static size_t
bucket(struct str s)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.p[i]) * 16777619u;
	return h & (BUCKETS - 1);
}

static void
unlink_hash(struct book *b, struct order *o)
{
	struct order **p = &b->by_id[bucket(o->id)];

	while (*p != o)
		p = &(*p)->id_next;
	*p = o->id_next;
	p = &b->by_number[bucket(o->number)];
	while (*p != o)
		p = &(*p)->number_next;
	*p = o->number_next;
}

/* Pages are dropped oldest first, so each order is the oldest in its turn. */
static void
drop_page(struct book *b, struct page *pg)
{
	for (size_t i = 0; i < pg->len; i++) {
		struct order *o = pg->orders[i];

		unlink_hash(b, o);
		timers_cancel(b->timers, &o->expiry);
		b->oldest = o->newer;
		if (b->oldest)
			b->oldest->older = NULL;
		else
			b->newest = NULL;
		b->count--;
	}
	arena_free(pg->a);
	pg->a = NULL;
	pg->len = 0;
}

void
book_clear(struct book *b)
{
	/* The page that the next new page would take the place of. */
	uint64_t page = (b->next_serial + BOOK_PAGE - 1) / BOOK_PAGE;

	for (size_t i = 0; i < PAGES; i++) {
		struct page *pg = &b->pages[(page + i) % PAGES];

		if (pg->a)
			drop_page(b, pg);
	}
	/* Serials go on, so that nobody takes a new order for an old one. */
	b->next_serial = page * BOOK_PAGE;
}

struct order *
book_add(struct book *b, const struct contract *c, struct str id,
    struct str number, int64_t now)
{
	uint64_t serial = b->next_serial++;
	struct page *pg = &b->pages[serial / BOOK_PAGE % PAGES];
	struct order *o;

	if (serial % BOOK_PAGE == 0 && pg->a)
		drop_page(b, pg);
	if (!pg->a)
		pg->a = arena_new(PAGE_BYTES_MAX);
	o = pg->orders[pg->len++] = ARENA_NEW(pg->a, struct order);
	o->a = pg->a;
	o->serial = serial;
	o->c = c;
	o->id = arena_str(pg->a, id);
	o->number = arena_str(pg->a, number);
	o->created_at = now;
	o->ext = "";
	o->order_status = "";
	o->id_next = b->by_id[bucket(id)];
	b->by_id[bucket(id)] = o;
	o->number_next = b->by_number[bucket(number)];
	b->by_number[bucket(number)] = o;
	o->older = b->newest;
	if (b->newest)
		b->newest->newer = o;
	else
		b->oldest = o;
	b->newest = o;
	b->count++;
	return o;
}

struct order *
book_by_id(const struct book *b, struct str id)
{
	struct order *o = b->by_id[bucket(id)];

	while (o && !str_eq(o->id, id))
		o = o->id_next;
	return o;
}

struct order *
book_by_number(
    const struct book *b, const struct contract *c, struct str number)
{
	struct order *o = b->by_number[bucket(number)];

	while (o && ((c && o->c != c) || !str_eq(o->number, number)))
		o = o->number_next;
	return o;
}

struct order *
book_by_serial(const struct book *b, uint64_t serial)
{
	const struct page *pg = &b->pages[serial / BOOK_PAGE % PAGES];
	size_t i = (size_t)(serial % BOOK_PAGE);

	if (!pg->a || i >= pg->len || pg->orders[i]->serial != serial)
		return NULL;
	return pg->orders[i];
}

struct order *
book_newest(const struct book *b)
{
	return b->newest;
}

size_t
book_count(const struct book *b)
{
	return b->count;
}
