#include "kvitok/app/supplied.h"
#include "kvitok/base/jw.h"
#include "kvitok/http/form.h"
#include "kvitok/web/cursor.h"
#include "kvitok/web/handlers.h"

#define LIMIT_MAX 200
#define LIMIT_USUAL 50
#define WORD_MAX 5 /* of true and false */

/* --- lists ------------------------------------------------------------------
 */

struct list_in {
	struct str after, archive;
	int64_t limit;
};

#define PAGE_FIELDS                                                            \
	{ "limit", FIELD_INT, false, 1, LIMIT_MAX,                             \
		offsetof(struct list_in, limit), NULL, NULL },                 \
	{                                                                      \
		"after", FIELD_TEXT, false, 1, CURSOR_TEXT_MAX,                \
		    offsetof(struct list_in, after), NULL, "cursor_bad"        \
	}

static const struct field page_fields[] = { PAGE_FIELDS };
static const struct form page_form = { page_fields, KV_COUNT(page_fields),
	sizeof(struct list_in) };
static const struct field archive_fields[] = { PAGE_FIELDS,
	{ "archive", FIELD_TEXT, false, 1, WORD_MAX,
	    offsetof(struct list_in, archive), NULL, "field_form" } };
static const struct form archive_form = { archive_fields,
	KV_COUNT(archive_fields), sizeof(struct list_in) };

/* Gives: *page; with has_day its rows are told apart by a day, too. */
static enum err
read_list(struct turn *t, const struct form *form, bool has_day,
    struct supplied_page *page, bool *archive)
{
	struct list_in in = { .limit = LIMIT_USUAL, .archive = STR("false") };
	enum err rc = turn_query(t, form, &in);

	if (rc != ERR_OK)
		return rc;
	*page = (struct supplied_page){ .after_day = STR(""),
		.after_number = STR(""),
		.limit = (int)in.limit };
	if (in.after.len > 0 &&
	    (!cursor_read_text(
		 t->a, in.after, &page->after_day, &page->after_number) ||
		(page->after_day.len > 0) != has_day))
		return turn_refuse(t, "after", "cursor_bad");
	*archive = str_eq(in.archive, STR("true"));
	return *archive || str_eq(in.archive, STR("false"))
	    ? ERR_OK
	    : turn_refuse(t, "archive", "field_form");
}

static void
begin(
    struct turn *t, struct buf *b, struct jw *w, const struct account *account)
{
	turn_buf(t, b);
	jw_init(w, b);
	jw_object(w);
	jw_ktext(w, "supplier", account->supplier);
	jw_ktext(w, "account", account->account);
	jw_ktext(
	    w, "shown", account->shown.len ? account->shown : account->account);
	jw_key(w, "items");
	jw_list(w);
}

/* --- outages ----------------------------------------------------------------
 */

static void
put_outage(struct jw *w, const struct supplied_outages *s, size_t i)
{
	const struct outage *x = &s->v[i].outage;

	jw_object(w);
	jw_ktext(w, "id", x->id);
	jw_ktext(w, "kind", x->kind);
	jw_ktext(w, "service", x->service);
	jw_ktext(w, "title", s->titles[i]);
	jw_kbool(w, "begun", supplied_begun(x, s->now));
	jw_ktime(w, "from", x->from_at);
	jw_ktime(w, "to", x->to_at);
	jw_ktext(w, "reason", x->reason);
	jw_ktext(w, "place", s->v[i].place);
	jw_object_end(w);
}

enum err
api_outages(struct turn *t)
{
	struct supplied_outages s;
	struct buf b;
	struct jw w;
	enum err rc = supplied_outages_of(t->p, t->a, t->who.portal,
	    t->params.v[0], t->params.v[1], &s, t->f);

	if (rc != ERR_OK)
		return rc;
	begin(t, &b, &w, s.account);
	for (size_t i = 0; i < s.len; i++)
		put_outage(&w, &s, i);
	return turn_items_next(t, &b, &w, STR_NONE);
}

/* --- contracts --------------------------------------------------------------
 */

enum err
api_contracts(struct turn *t)
{
	struct supplied_contracts s;
	struct supplied_page page;
	bool archive;
	struct buf b;
	struct jw w;
	enum err rc = read_list(t, &archive_form, false, &page, &archive);

	if (rc == ERR_OK)
		rc = supplied_contracts_of(t->p, t->a, t->who.portal,
		    t->params.v[0], t->params.v[1], archive, &page, &s, t->f);
	if (rc != ERR_OK)
		return rc;
	begin(t, &b, &w, s.account);
	for (size_t i = 0; i < s.len; i++) {
		const struct agreement *x = &s.v[i];

		jw_object(&w);
		jw_ktext(&w, "number", x->number);
		jw_ktext(&w, "title", x->title);
		jw_ktext(&w, "from_day", x->from_day);
		jw_kopt(&w, "to_day", x->to_day);
		jw_kbool(&w, "archived", supplied_archived(x, str_of(s.today)));
		jw_object_end(&w);
	}
	return turn_items_next(t, &b, &w,
	    s.more ? cursor_make_text(t->a, STR(""), s.v[s.len - 1].number)
		   : STR_NONE);
}

/* --- acts -------------------------------------------------------------------
 */

static void
put_act(struct jw *w, const struct act *x)
{
	jw_object(w);
	jw_ktext(w, "number", x->number);
	jw_ktext(w, "day", x->day);
	jw_kopt(w, "contract", x->contract);
	jw_kint(w, "sum_kop", x->sum_kop);
	jw_key(w, "works");
	jw_list(w);
	for (size_t i = 0; i < x->works_len; i++) {
		jw_object(w);
		jw_ktext(w, "title", x->works[i].title);
		jw_kmicro(w, "quantity", x->works[i].quantity_micro);
		jw_kint(w, "sum_kop", x->works[i].sum_kop);
		jw_object_end(w);
	}
	jw_list_end(w);
	jw_object_end(w);
}

enum err
api_acts(struct turn *t)
{
	struct supplied_acts s;
	struct supplied_page page;
	bool none;
	struct buf b;
	struct jw w;
	enum err rc = read_list(t, &page_form, true, &page, &none);

	if (rc == ERR_OK)
		rc = supplied_acts_of(t->p, t->a, t->who.portal, t->params.v[0],
		    t->params.v[1], &page, &s, t->f);
	if (rc != ERR_OK)
		return rc;
	begin(t, &b, &w, s.account);
	for (size_t i = 0; i < s.len; i++)
		put_act(&w, &s.v[i]);
	return turn_items_next(t, &b, &w,
	    s.more ? cursor_make_text(
			 t->a, s.v[s.len - 1].day, s.v[s.len - 1].number)
		   : STR_NONE);
}
