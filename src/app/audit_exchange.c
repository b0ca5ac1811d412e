#include "kvitok/app/audit_exchange.h"

#define PAGE 500
#define PAGE_MEMORY ((size_t)16 << 20)

/* Two by turns: the next page is asked for by the end of the last. */
struct pages {
	const struct ports *p;
	const struct audit_sink *to;
	struct arena *a[2];
	size_t turn;
	struct fault *f;
};

static struct arena *
next_page(struct pages *w)
{
	struct arena *a = w->a[w->turn++ % 2];

	arena_reset(a);
	return a;
}

static enum err
documents(struct pages *w, int64_t *seen)
{
	const struct exchange_audit *s = &w->p->exchange_audit;
	struct audit_document after = { .portal = STR(""),
		.supplier = STR("") };
	const struct audit_document *v;
	size_t len = PAGE;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == PAGE) {
		struct arena *a = next_page(w);

		rc = s->documents(s->self, a, &after, PAGE, &v, &len, w->f);
		if (rc != ERR_OK || len == 0)
			break;
		for (size_t i = 0; i < len; i++)
			audit_document(a, &v[i], w->to);
		*seen += (int64_t)len;
		after = v[len - 1];
	}
	return rc;
}

static enum err
answers(struct pages *w)
{
	const struct exchange_audit *s = &w->p->exchange_audit;
	struct audit_answer_out after = { .portal = STR(""),
		.supplier = STR("") };
	const struct audit_answer_out *v;
	size_t len = PAGE;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == PAGE) {
		struct arena *a = next_page(w);

		rc = s->answers(s->self, a, &after, PAGE, &v, &len, w->f);
		if (rc != ERR_OK || len == 0)
			break;
		for (size_t i = 0; i < len; i++)
			audit_answer_out(a, &v[i], w->to);
		after = v[len - 1];
	}
	return rc;
}

static enum err
refusals(struct pages *w)
{
	const struct exchange_audit *s = &w->p->exchange_audit;
	struct audit_refusal after = { .portal = STR(""), .supplier = STR("") };
	const struct audit_refusal *v;
	size_t len = PAGE;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == PAGE) {
		struct arena *a = next_page(w);

		rc = s->refusals(s->self, a, &after, PAGE, &v, &len, w->f);
		if (rc != ERR_OK || len == 0)
			break;
		for (size_t i = 0; i < len; i++)
			audit_refusal(a, &v[i], w->to);
		after = v[len - 1];
	}
	return rc;
}

static enum err
strays(struct pages *w, enum exchange_brings table)
{
	static const char *const names[EXCHANGE_BRINGS__COUNT] = {
		[EXCHANGE_BRINGS_CHARGE] = "charge",
		[EXCHANGE_BRINGS_PAYMENT] = "payment_elsewhere",
	};
	const struct exchange_audit *s = &w->p->exchange_audit;
	struct audit_brought after = { .document = 0 };
	const struct audit_brought *v;
	bool more = true;
	size_t len;
	enum err rc = ERR_OK;

	after.akey = after.portal = after.supplier = after.account =
	    after.month = after.id = STR("");
	while (rc == ERR_OK && more) {
		struct arena *a = next_page(w);

		rc = s->strays(
		    s->self, a, table, &after, &v, &len, &after, &more, w->f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++)
			audit_brought(a, names[table], &v[i], w->to);
	}
	return rc;
}

enum err
audit_exchange(const struct ports *p, const struct audit_sink *to,
    struct audit_counts *counts, struct fault *f)
{
	struct pages w = { .p = p,
		.to = to,
		.a = { arena_new(PAGE_MEMORY), arena_new(PAGE_MEMORY) },
		.f = f };
	enum err rc = documents(&w, &counts->documents);

	if (rc == ERR_OK)
		rc = answers(&w);
	if (rc == ERR_OK)
		rc = refusals(&w);
	for (int i = 0; rc == ERR_OK && i < EXCHANGE_BRINGS__COUNT; i++)
		rc = strays(&w, (enum exchange_brings)i);
	arena_free(w.a[0]);
	arena_free(w.a[1]);
	return rc;
}
