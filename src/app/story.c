#include "kvitok/app/story.h"

#include "kvitok/base/json.h"

#define WORDS_MAX 600
#define EVIDENCE_MAX 20000

static const struct {
	const char *kind;
	const char *words;
} texts[] = {
#define STORY(kind, words) { #kind, words },
#include "kvitok/app/story.def"
#undef STORY
};

static struct str
words_of(struct arena *a, const char *prefix, struct str kind)
{
	struct str name = arena_fmt(a, "%s%.*s", prefix, STR_ARG(kind));

	for (size_t i = 0; i < KV_COUNT(texts); i++)
		if (str_eq(name, str_of(texts[i].kind)))
			return str_of(texts[i].words);
	return kind; /* of a newer program: its id is better than nothing */
}

static struct str
put_n(struct arena *a, struct str words, int n)
{
	struct buf b;
	size_t at = str_find(words, STR("{n}"));

	if (at == words.len)
		return words;
	buf_init(&b, a, WORDS_MAX);
	buf_text(&b, (struct str){ words.p, at });
	buf_i64(&b, n);
	buf_text(&b, (struct str){ words.p + at + 3, words.len - at - 3 });
	return buf_str(&b);
}

static struct str
actor_words(struct arena *a, struct str actor)
{
	struct str kind;

	(void)str_cut(&actor, ':', &kind);
	return words_of(a, "actor_", kind);
}

static struct story_item
of_event(struct arena *a, const struct pay_event *e)
{
	return (struct story_item){ .at = e->at,
		.kind = e->kind,
		.actor = actor_words(a, e->actor),
		.words = put_n(a, words_of(a, "", e->kind), e->n),
		.evidence = e->evidence };
}

static struct story_item
of_notice(struct arena *a, const struct notice *n)
{
	struct buf b;
	struct jw w;

	buf_init(&b, a, EVIDENCE_MAX);
	jw_init(&w, &b);
	jw_object(&w);
	jw_ktext(&w, "id", n->id);
	jw_ktext(&w, "bank", n->bank);
	jw_kopt(&w, "signed_for", n->contract);
	jw_ktext(&w, "kind", n->kind);
	jw_ktext(&w, "verdict", n->verdict);
	jw_kint(&w, "times", n->times);
	jw_ktext(&w, "raw", n->raw);
	jw_object_end(&w);
	return (struct story_item){ .at = n->at,
		.kind = arena_fmt(a, "notice_%.*s", STR_ARG(n->verdict)),
		.actor = words_of(a, "actor_", STR("bank")),
		.words = words_of(a, "notice_", n->verdict),
		.evidence = b.full ? STR("{}") : buf_str(&b) };
}

/* Both lists are in order of time: merge them. */
static void
merge(struct arena *a, const struct pay_event *es, size_t es_len,
    const struct notice *ns, size_t ns_len, struct story *out)
{
	struct story_item *items =
	    ARENA_ARRAY(a, es_len + ns_len + 1, struct story_item);
	size_t i = 0, j = 0, n = 0;

	while (i < es_len || j < ns_len) {
		if (j == ns_len || (i < es_len && es[i].at <= ns[j].at))
			items[n++] = of_event(a, &es[i++]);
		else
			items[n++] = of_notice(a, &ns[j++]);
	}
	out->items = items;
	out->items_len = n;
}

enum err
story_of(const struct ports *p, struct arena *a, struct str portal,
    struct str number, struct story *out, struct fault *f)
{
	const struct pay_event *es;
	const struct notice *ns;
	size_t es_len, ns_len;
	enum err rc;

	if (!pay_number_ok(number))
		return fault_set(
		    f, ERR_ABSENT, "payment_unknown", "not a number of ours");
	rc = p->pays.load(p->pays.self, a, number, &out->pm, f);
	if (rc != ERR_OK)
		return rc;
	if (portal.len > 0 && !str_eq(portal, out->pm->portal))
		return fault_set(
		    f, ERR_ABSENT, "payment_unknown", "another portal's");
	rc = p->evidence.events(
	    p->evidence.self, a, number, STR(""), STORY_MAX, &es, &es_len, f);
	if (rc == ERR_OK)
		rc = p->evidence.notices(p->evidence.self, a, out->pm->akey,
		    number, STORY_MAX, &ns, &ns_len, f);
	if (rc != ERR_OK)
		return rc;
	merge(a, es, es_len, ns, ns_len, out);
	out->cut = es_len == STORY_MAX || ns_len == STORY_MAX;
	out->summary =
	    words_of(a, "summary_", str_of(pay_state_name(out->pm->state)));
	return ERR_OK;
}
