#include "kvitok/web/cabinet.h"

#include "kvitok/app/reference.h"
#include "kvitok/base/day.h"
#include "kvitok/base/secret.h"
#include "kvitok/web/phrase.h"

#include <inttypes.h>

#define KEY_LEN 26
#define KEY_HEX 48
#define MARK_MAX 65536
#define WORDS_MAX 1024
#define SUM_MAX 64
#define MINUTE_MS INT64_C(60000)

static const struct {
	const char *group, *id, *words;
} words[] = {
#define WORD(group, id, words) { #group, #id, words },
#include "kvitok/web/cabinet.def"
#undef WORD
};

bool
cabinet_may_cases(const struct desk *d)
{
	return d->supplier.len == 0 && (d->rights & RIGHT_READ) != 0;
}

/* --- the head of every page ------------------------------------------- */

struct caller
cabinet_caller(const struct desk *d)
{
	struct caller who = desk_caller(d);

	who.person = d->name.len > 0 ? d->name : d->login;
	return who;
}

struct str
cabinet_supplier(const struct turn *t, struct str portal, struct str supplier)
{
	const struct ref_portal *po = NULL;
	const struct ref_supplier *su = NULL;
	const struct ref *r;
	char today[DAY_TEXT_SIZE];
	struct fault none;

	fault_init(&none);
	if (supplier.len > 0 && reference(t->p, &r, &none) == ERR_OK)
		po = ref_portal(r, portal);
	if (po) {
		reference_today(po, t->p->clock.now(t->p->clock.self), today);
		su = ref_supplier(r, portal, supplier, str_of(today));
	}
	return su ? arena_str(t->a, su->title) : supplier;
}

void
cabinet_begin(
    struct page *pg, struct turn *t, const struct desk *d, const char *here)
{
	static const char *const sections[] = { "home", "reports",
		"settlements", "cases" };

	page_begin(pg, t);
	desk_names(pg, d);
	/* What is looked up later may find the reference data renewed. */
	for (size_t i = 0; i < pg->len; i++)
		pg->v[i].text = arena_str(t->a, pg->v[i].text);
	page_text(
	    pg, "of_supplier", cabinet_supplier(t, d->portal, d->supplier));
	for (size_t i = 0; i < KV_COUNT(sections); i++)
		page_flag(pg,
		    arena_z(t->a, arena_fmt(t->a, "at_%s", sections[i])),
		    strcmp(here, sections[i]) == 0);
	page_flag(pg, "may_report", d->rights & RIGHT_REPORT);
	page_flag(pg, "may_cases", cabinet_may_cases(d));
}

/* --- forms ------------------------------------------------------------ */

struct str
cabinet_key(struct turn *t)
{
	char key[KEY_LEN + 1];

	t->p->ids.text(t->p->ids.self, key, KEY_LEN);
	return arena_str(t->a, str_of(key));
}

void
cabinet_mark(struct turn *t, const struct url_params *q, char out[65])
{
	struct buf b;

	buf_init(&b, t->a, MARK_MAX);
	buf_text(&b, t->rq->path);
	for (size_t i = 0; i < q->len; i++) {
		if (str_eq(q->v[i].name, STR("csrf")) ||
		    str_eq(q->v[i].name, STR("ikey")))
			continue;
		buf_char(&b, '\n');
		buf_form(&b, q->v[i].name);
		buf_char(&b, '=');
		buf_form(&b, q->v[i].value);
	}
	secret_sha256_hex(buf_str(&b), out);
}

enum err
cabinet_key_read(struct turn *t, const struct url_params *q, struct str *out)
{
	struct str key = url_param(q, "ikey");
	char mark[65], hex[65];

	if (key.len < CABINET_KEY_MIN || key.len > CABINET_KEY_MAX)
		return fault_set(t->f, ERR_DENIED, "form_stale",
		    "a key of %zu bytes", key.len);
	cabinet_mark(t, q, mark);
	secret_sha256_hex(arena_fmt(t->a, "%.*s\n%s", STR_ARG(key), mark), hex);
	*out = arena_fmt(t->a, "desk-%.*s", KEY_HEX, hex);
	return ERR_OK;
}

struct str
cabinet_words(struct turn *t)
{
	struct buf b;

	buf_init(&b, t->a, WORDS_MAX);
	if (t->f->fields_len > 0)
		fault_words_of(t->f, t->f->fields[0].reason, &b);
	else
		fault_words(t->f, &b);
	return buf_str(&b);
}

bool
cabinet_told(const struct fault *f)
{
	return f->err == ERR_INVALID || f->err == ERR_CONFLICT ||
	    f->err == ERR_LIMIT || f->err == ERR_DENIED;
}

/* --- how things are written ------------------------------------------- */

static const char *
find_word(const char *group, struct str id)
{
	for (size_t i = 0; i < KV_COUNT(words); i++)
		if (strcmp(words[i].group, group) == 0 &&
		    str_eq(str_of(words[i].id), id))
			return words[i].words;
	return NULL;
}

struct str
cabinet_word(const char *group, struct str id)
{
	const char *found = find_word(group, id);

	return found ? str_of(found) : id;
}

bool
cabinet_has_word(const char *group, struct str id)
{
	return find_word(group, id) != NULL;
}

/* Groups are parted by U+202F, below zero stands U+2212. */
struct str
cabinet_sum(struct arena *a, int64_t kop)
{
	struct str s = buf_roubles_str(a, kop);
	struct buf b;

	buf_init(&b, a, SUM_MAX);
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '-')
			buf_lit(&b, "\xE2\x88\x92");
		else if (s.p[i] == '\xC2' && i + 1 < s.len &&
		    s.p[i + 1] == '\xA0') {
			buf_lit(&b, "\xE2\x80\xAF");
			i++;
		} else
			buf_char(&b, s.p[i]);
	}
	return buf_str(&b);
}

struct str
cabinet_count(struct arena *a, int64_t n)
{
	struct str digits = arena_fmt(a, "%" PRId64, n);
	struct buf b;

	buf_init(&b, a, SUM_MAX);
	for (size_t i = 0; i < digits.len; i++) {
		if (i > 0 && (digits.len - i) % 3 == 0 &&
		    digits.p[i - 1] != '-')
			buf_lit(&b, "\xE2\x80\xAF");
		buf_char(&b, digits.p[i]);
	}
	return buf_str(&b);
}

struct str
cabinet_day(struct arena *a, struct str day)
{
	return day_valid(day)
	    ? arena_fmt(a, "%.2s.%.2s.%.4s", day.p + 8, day.p + 5, day.p)
	    : STR_NONE;
}

struct str
cabinet_moment(struct arena *a, int64_t at)
{
	char text[17];

	if (at == 0)
		return STR_NONE;
	day_russian(at, DAY_ZONE_MOSCOW, text);
	return arena_str(a, str_of(text));
}

struct str
cabinet_age(struct arena *a, int64_t ms)
{
	int64_t min = ms < 0 ? 0 : ms / MINUTE_MS;

	if (min < 1)
		return STR("меньше минуты");
	if (min < 60)
		return arena_fmt(a, "%" PRId64 " мин", min);
	if (min < 48 * 60)
		return arena_fmt(a, "%" PRId64 " ч", min / 60);
	return arena_fmt(a, "%" PRId64 " дн.", min / (24 * 60));
}

struct str
cabinet_size(struct arena *a, int64_t bytes)
{
	int64_t tenths;

	if (bytes < 1000)
		return arena_fmt(a, "%" PRId64 " Б", bytes);
	if (bytes < 1000000)
		return arena_fmt(a, "%" PRId64 " КБ", (bytes + 500) / 1000);
	tenths = (bytes + 50000) / 100000;
	return arena_fmt(
	    a, "%" PRId64 ",%d МБ", tenths / 10, (int)(tenths % 10));
}

struct str
cabinet_who(struct arena *a, struct str actor)
{
	struct str kind, rest = actor;

	if (!str_cut(&rest, ':', &kind) || !cabinet_has_word("who", kind))
		return cabinet_word("who", actor);
	/* A key of a portal may name who of its people it was. */
	if (str_eq(kind, STR("frontend"))) {
		struct str key;

		if (!str_cut(&rest, ':', &key))
			rest = STR_NONE;
	}
	kind = cabinet_word("who", kind);
	return rest.len > 0
	    ? arena_fmt(a, "%.*s %.*s", STR_ARG(kind), STR_ARG(rest))
	    : kind;
}
