#include "kvitok/app/audit_settle.h"

#include <assert.h>

#define PAGE 500
#define KEY_MAX 32 /* an akey has 8 characters, an id 26 */

struct auditing {
	const struct ports *p;
	struct arena *a;
	const struct audit_sink *to;
	struct audit_counts *n;
	struct fault *f;
	char akey[KEY_MAX], id[KEY_MAX], event[KEY_MAX];
};

/* Where to go on outlives the page's memory. */
static void
keep(char out[KEY_MAX], struct str s)
{
	assert(s.len < KEY_MAX);
	if (s.len > 0)
		memcpy(out, s.p, s.len);
	out[s.len] = '\0';
}

static enum err
items_of(struct auditing *w, const struct settlement *s)
{
	const struct settle_audit *st = &w->p->settle_audit;
	struct arena *page = arena_new((size_t)16 << 20);
	int64_t n = 0;
	size_t len = PAGE;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == PAGE) {
		const struct audit_settle_item *v;

		rc = st->items(st->self, page, s->id, n, PAGE, &v, &len, w->f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++) {
			audit_settle_item(page, s, &v[i], w->to);
			n = v[i].n;
		}
		w->n->settlement_items += rc == ERR_OK ? (int64_t)len : 0;
		arena_reset(page);
	}
	arena_free(page);
	return rc;
}

static enum err
each(struct auditing *w, const struct audit_span *span)
{
	const struct settle_audit *st = &w->p->settle_audit;
	bool more = true;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && more) {
		struct audit_settlement x;

		rc = st->next(st->self, w->a, span, str_of(w->akey),
		    str_of(w->id), &x, w->f);
		more = rc == ERR_OK && x.s.id.len > 0;
		if (more) {
			w->n->settlements++;
			audit_settlement(w->a, &x, w->to);
			rc = items_of(w, &x.s);
			keep(w->akey, x.s.akey);
			keep(w->id, x.s.id);
		}
		arena_reset(w->a);
	}
	return rc;
}

static void
stray(struct auditing *w, const char *table, struct str key)
{
	w->to->put(w->to->self,
	    &(struct audit_finding){ table, key, "row", STR("of nobody"),
		STR("a settlement that it belongs to") });
}

/* Items that bear the id of no settlement. */
static enum err
loose_items(struct auditing *w)
{
	const struct settle_audit *st = &w->p->settle_audit;
	struct str id;
	bool known;
	enum err rc = ERR_OK;

	w->id[0] = '\0';
	do {
		rc = st->next_id(
		    st->self, w->a, str_of(w->id), &id, &known, w->f);
		if (rc == ERR_OK && id.len > 0 && !known)
			stray(w, "settlement_item", id);
		if (rc == ERR_OK)
			keep(w->id, id);
		arena_reset(w->a);
	} while (rc == ERR_OK && w->id[0] != '\0');
	return rc;
}

static enum err
loose_events(struct auditing *w)
{
	const struct settle_audit *st = &w->p->settle_audit;
	size_t len = PAGE;
	enum err rc = ERR_OK;

	w->akey[0] = w->id[0] = w->event[0] = '\0';
	while (rc == ERR_OK && len == PAGE) {
		const struct str after[3] = { str_of(w->akey), str_of(w->id),
			str_of(w->event) };
		const struct str(*keys)[3];
		const bool *known;

		rc = st->events(
		    st->self, w->a, after, PAGE, &keys, &known, &len, w->f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++)
			if (!known[i])
				stray(w, "settlement_event",
				    arena_fmt(w->a, "%.*s/%.*s",
					STR_ARG(keys[i][1]),
					STR_ARG(keys[i][2])));
		if (rc == ERR_OK && len > 0) {
			keep(w->akey, keys[len - 1][0]);
			keep(w->id, keys[len - 1][1]);
			keep(w->event, keys[len - 1][2]);
		}
		arena_reset(w->a);
	}
	return rc;
}

enum err
audit_settlements(const struct ports *p, struct arena *a,
    const struct audit_span *span, const struct audit_sink *to,
    struct audit_counts *counts, struct fault *f)
{
	struct auditing w = { .p = p, .a = a, .to = to, .n = counts, .f = f };
	enum err rc = each(&w, span);

	if (rc == ERR_OK && span->all)
		rc = loose_items(&w);
	if (rc == ERR_OK && span->all)
		rc = loose_events(&w);
	return rc;
}
