#include "kvitok/app/audit_send.h"

#define PAGE 500
#define PAGE_MEMORY ((size_t)16 << 20)
#define UNSENT_MAX 100 /* lines of a day that are told */

/* Pages by turns: the next one is asked for by the end of the last. */
struct pages {
	const struct ports *p;
	const struct audit_sink *to;
	struct audit_counts *n;
	int64_t now;
	struct arena *a[2];
	size_t turn;
	struct arena *inner; /* of pages of what a row has */
	struct fault *f;
};

static struct arena *
next_page(struct pages *w)
{
	struct arena *a = w->a[w->turn++ % 2];

	arena_reset(a);
	return a;
}

/* --- documents ---------------------------------------------------------- */

static enum err
items_of(
    struct pages *w, const struct audit_sent *x, struct audit_sent_sums *sums)
{
	const struct send_audit *s = &w->p->send_audit;
	const struct audit_sent_item *v;
	int64_t n = 0;
	size_t len = PAGE;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == PAGE) {
		rc =
		    s->items(s->self, w->inner, x->id, n, PAGE, &v, &len, w->f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++) {
			audit_sent_item(w->inner, x, &v[i], sums, w->to);
			n = v[i].n;
		}
		arena_reset(w->inner);
	}
	return rc;
}

static enum err
documents(struct pages *w)
{
	const struct send_audit *s = &w->p->send_audit;
	const struct audit_sent *v;
	struct str after = STR("");
	size_t len = PAGE;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == PAGE) {
		struct arena *a = next_page(w);

		rc = s->documents(s->self, a, after, PAGE, &v, &len, w->f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++) {
			struct audit_sent_sums sums = { .items = 0 };

			rc = items_of(w, &v[i], &sums);
			if (rc == ERR_OK)
				audit_sent(a, &v[i], &sums, w->now, w->to);
			w->n->sent++;
			w->n->sent_items += sums.items;
			after = v[i].id;
		}
	}
	return rc;
}

static enum err
strays(struct pages *w)
{
	const struct send_audit *s = &w->p->send_audit;
	struct audit_sent_number after = { STR(""), STR(""), 0 };
	const struct audit_sent_number *v;
	size_t len = PAGE;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == PAGE) {
		struct arena *a = next_page(w);

		rc = s->strays(s->self, a, &after, PAGE, &v, &len, w->f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++) {
			audit_sent_stray(
			    a, v[i].portal, v[i].supplier, v[i].number, w->to);
			after = v[i];
		}
	}
	return rc;
}

/* --- lines that are in none --------------------------------------------- */

static enum err
days_of(struct pages *w, const struct audit_send_cursor *x, struct str before)
{
	const struct send_audit *s = &w->p->send_audit;
	const struct str *v;
	char day[DAY_TEXT_SIZE];
	size_t len;
	enum err rc = ERR_OK;

	for (int64_t d = day_number(x->from_day);
	     rc == ERR_OK && d < day_number(before); d++) {
		day_text(d, day);
		rc = s->unsent(s->self, w->inner, x, str_of(day), UNSENT_MAX,
		    &v, &len, w->f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++)
			audit_unsent(send_kind_of(x->kind), v[i], w->to);
		arena_reset(w->inner);
	}
	return rc;
}

static enum err
cursors(struct pages *w)
{
	const struct send_audit *s = &w->p->send_audit;
	struct audit_send_cursor after = { .kind = STR("") };
	const struct audit_send_cursor *v;
	char before[DAY_TEXT_SIZE];
	size_t len = PAGE;
	enum err rc = ERR_OK;

	after.portal = after.supplier = STR("");
	while (rc == ERR_OK && len == PAGE) {
		struct arena *a = next_page(w);

		rc = s->cursors(s->self, a, &after, PAGE, &v, &len, w->f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++) {
			if (audit_send_cursor(a, &v[i], w->now, before, w->to))
				rc = days_of(w, &v[i], str_of(before));
			after = v[i];
		}
	}
	return rc;
}

enum err
audit_sends(const struct ports *p, const struct audit_sink *to,
    struct audit_counts *counts, struct fault *f)
{
	struct pages w = { .p = p,
		.to = to,
		.n = counts,
		.now = p->clock.now(p->clock.self),
		.a = { arena_new(PAGE_MEMORY), arena_new(PAGE_MEMORY) },
		.inner = arena_new(PAGE_MEMORY),
		.f = f };
	enum err rc = documents(&w);

	if (rc == ERR_OK)
		rc = strays(&w);
	if (rc == ERR_OK)
		rc = cursors(&w);
	arena_free(w.inner);
	arena_free(w.a[0]);
	arena_free(w.a[1]);
	return rc;
}
