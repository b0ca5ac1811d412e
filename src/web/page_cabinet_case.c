/* Cases on the accountant's pages: the list, and one with its story. */
#include "kvitok/app/cases.h"
#include "kvitok/app/reference.h"
#include "kvitok/app/story.h"
#include "kvitok/http/form.h"
#include "kvitok/web/cabinet_case.h"
#include "kvitok/web/cursor.h"
#include "kvitok/web/handlers.h"

#define LIST_LIMIT 50
#define URL_MAX 2000
#define CHOICES_MAX 50
#define STATE_ANY "unresolved"

/* Cases are the portal's own: see cabinet_may_cases. */
static bool
enter(struct turn *t, unsigned rights, struct desk *d)
{
	if (!desk_enter(t, rights, d))
		return false;
	if (cabinet_may_cases(d))
		return true;
	(void)fault_set(
	    t->f, ERR_DENIED, "staff_right_missing", "cases are the portal's");
	return false;
}

/* --- the list ----------------------------------------------------------- */

struct list_in {
	struct str state, kind, owner, after;
};

static const struct field list_fields[] = {
	{ "state", FIELD_TEXT, false, 0, 16, offsetof(struct list_in, state),
	    NULL, NULL },
	{ "kind", FIELD_TEXT, false, 0, 32, offsetof(struct list_in, kind),
	    NULL, NULL },
	{ "owner", FIELD_TEXT, false, 0, 8, offsetof(struct list_in, owner),
	    NULL, NULL },
	{ "after", FIELD_TEXT, false, 0, CURSOR_MAX,
	    offsetof(struct list_in, after), NULL, "cursor_bad" },
};
static const struct form list_form = { list_fields, KV_COUNT(list_fields),
	sizeof(struct list_in) };

static enum err
read_list(struct turn *t, const struct desk *d, struct list_in *in,
    struct case_query *q)
{
	enum err rc;

	memset(in, 0, sizeof(*in));
	rc = turn_query(t, &list_form, in);
	if (rc != ERR_OK)
		return rc;
	*q = (struct case_query){ .portal = d->portal,
		.kind = in->kind,
		/* One more tells whether there are more. */
		.limit = LIST_LIMIT + 1 };
	if (in->state.len == 0)
		in->state = STR(STATE_ANY);
	q->unresolved = str_eq(in->state, STR(STATE_ANY));
	q->has_state = !q->unresolved && !str_eq(in->state, STR("all"));
	if (q->has_state && !case_state_of(in->state, &q->state))
		return turn_refuse(t, "state", "field_form");
	/* What waits: who has waited longest; what is over: what was last. */
	q->newest =
	    !q->unresolved && (!q->has_state || q->state == CASE_RESOLVED);
	if (in->owner.len > 0)
		q->owner = desk_actor(t, d);
	if (in->after.len > 0 &&
	    !cursor_read_id(t->a, in->after, &q->after_at, &q->after_id))
		return turn_refuse(t, "after", "cursor_bad");
	return ERR_OK;
}

static struct str
next_url(struct turn *t, const struct list_in *in, const struct pay_case *last)
{
	struct buf b;

	buf_init(&b, t->a, URL_MAX);
	buf_lit(&b, "/cabinet/cases");
	url_add(&b, "state", in->state);
	url_add(&b, "kind", in->kind);
	url_add(&b, "owner", in->owner);
	url_add(&b, "after", cursor_make(t->a, last->created_at, last->id));
	return buf_str(&b);
}

static void
put_choices(struct turn *t, const struct list_in *in, struct page *pg)
{
	struct grid states, kinds;

	grid_begin(&states, t->a, CHOICES_MAX, 3);
	grid_choice(&states, STR(STATE_ANY), STR("Все незакрытые"), in->state);
	for (int i = 0; i < CASE__COUNT; i++) {
		struct str id = str_of(case_state_name((enum case_state)i));

		grid_choice(&states, id, cabinet_word("case", id), in->state);
	}
	grid_choice(&states, STR("all"), STR("Все"), in->state);
	grid_put(pg, "states", &states);
	grid_begin(&kinds, t->a, CHOICES_MAX, 3);
	for (size_t i = 0; i < resolutions_len; i++) {
		struct str kind = str_of(resolutions[i].kind);

		/* Rows of one kind stand together. */
		if (i == 0 || !str_eq(kind, str_of(resolutions[i - 1].kind)))
			grid_choice(
			    &kinds, kind, cabinet_case_kind(kind), in->kind);
	}
	grid_put(pg, "kinds", &kinds);
	page_flag(pg, "mine", in->owner.len > 0);
}

enum err
page_cabinet_cases(struct turn *t)
{
	const struct pay_case *v = NULL;
	struct str wrong = STR_NONE;
	struct case_query q;
	struct list_in in;
	struct desk d;
	struct page pg;
	struct grid g;
	size_t len = 0, rows;
	int status = 200;
	enum err rc;

	if (!enter(t, RIGHT_READ, &d))
		return t->f->err;
	rc = read_list(t, &d, &in, &q);
	if (rc == ERR_OK)
		rc = cases_list(t->p, t->a, &q, &v, &len, t->f);
	else if (cabinet_told(t->f)) {
		wrong = cabinet_words(t);
		status = reply_status(t->f);
		fault_init(t->f);
		rc = ERR_OK;
	}
	if (rc != ERR_OK)
		return rc;
	cabinet_begin(&pg, t, &d, "cases");
	rows = len > LIST_LIMIT ? LIST_LIMIT : len;
	cabinet_case_rows(t, v, rows, &g);
	grid_put(&pg, "cases", &g);
	put_choices(t, &in, &pg);
	page_text(&pg, "wrong", wrong);
	page_text(&pg, "next",
	    len > rows ? next_url(t, &in, &v[rows - 1]) : STR_NONE);
	return page_send(&pg, status, "tpl/page/cabinet_cases.html");
}

/* --- one ---------------------------------------------------------------- */

/* What was typed, and what is wrong with it. */
struct typed {
	struct str how, reason, own_account, number, wrong;
	bool reason_wrong; /* said beside its field */
	int status;
};

static void
put_resolutions(struct turn *t, const struct pay_case *c,
    const struct typed *in, struct page *pg)
{
	struct grid g;

	grid_begin(&g, t->a, CHOICES_MAX, 4);
	for (size_t i = 0; i < resolutions_len; i++) {
		struct str how = str_of(resolutions[i].how);

		if (!str_eq(c->kind, str_of(resolutions[i].kind)) ||
		    g.len == g.max)
			continue;
		grid_row(&g);
		grid_text(&g, "value", how);
		grid_text(&g, "words", cabinet_case_how(how));
		grid_text(&g, "does", cabinet_case_does(t->a, c->kind, how));
		grid_flag(&g, "chosen", str_eq(how, in->how));
	}
	grid_put(pg, "resolutions", &g);
	page_flag(pg, "has_hand",
	    resolution_find(c->kind, STR("paid_by_hand")) != NULL);
	page_flag(
	    pg, "has_number", resolution_find(c->kind, STR("assign")) != NULL);
}

static enum err
put_accounts(struct turn *t, const struct typed *in, struct page *pg)
{
	const struct ref *r;
	struct grid g;
	enum err rc = reference(t->p, &r, t->f);

	if (rc != ERR_OK)
		return rc;
	grid_begin(&g, t->a, CHOICES_MAX, 3);
	for (size_t i = 0; i < r->own_accounts_len; i++)
		grid_choice(&g, r->own_accounts[i].own_account,
		    arena_fmt(t->a, "%.*s, %.*s",
			STR_ARG(r->own_accounts[i].account),
			STR_ARG(r->own_accounts[i].bank_title)),
		    in->own_account);
	grid_put(pg, "accounts", &g);
	return ERR_OK;
}

static void
put_trail(struct turn *t, const struct case_detail *x, struct page *pg)
{
	struct grid g;

	grid_begin(&g, t->a, x->events_len, 5);
	for (size_t i = 0; i < x->events_len; i++) {
		const struct case_event *e = &x->events[i];

		grid_row(&g);
		grid_text(&g, "at", cabinet_moment(t->a, e->at));
		grid_text(&g, "words", cabinet_word("trail", e->kind));
		grid_text(&g, "by", cabinet_who(t->a, e->actor));
		grid_text(&g, "how",
		    e->resolution.len > 0 ? cabinet_case_how(e->resolution)
					  : STR_NONE);
		grid_text(&g, "note", e->note);
	}
	grid_put(pg, "trail", &g);
}

static void
put_backs(struct turn *t, const struct case_detail *x, struct page *pg)
{
	struct grid g;

	grid_begin(&g, t->a, x->backs_len, 4);
	for (size_t i = 0; i < x->backs_len; i++) {
		const struct give_back *b = &x->backs[i];

		if (!str_eq(b->case_id, x->c.id))
			continue;
		grid_row(&g);
		grid_text(&g, "created", cabinet_moment(t->a, b->created_at));
		grid_text(&g, "sum", cabinet_sum(t->a, b->sum_kop));
		grid_text(&g, "state_words",
		    cabinet_word("back", str_of(refund_state_name(b->state))));
		grid_text(&g, "way_words",
		    cabinet_word("way", str_of(refund_way_name(b->way))));
	}
	grid_put(pg, "backs", &g);
}

/* The payment's own story; a case may have no payment. */
static enum err
put_story(struct turn *t, const struct pay_case *c, struct page *pg)
{
	struct story s = { .items_len = 0 };
	struct grid g;
	enum err rc = ERR_OK;

	if (c->number.len > 0)
		rc = story_of(t->p, t->a, c->portal, c->number, &s, t->f);
	if (rc == ERR_ABSENT) {
		s = (struct story){ .items_len = 0 };
		fault_init(t->f);
		rc = ERR_OK;
	}
	if (rc != ERR_OK)
		return rc;
	grid_begin(&g, t->a, s.items_len, 3);
	for (size_t i = 0; i < s.items_len; i++) {
		grid_row(&g);
		grid_text(&g, "at", cabinet_moment(t->a, s.items[i].at));
		grid_text(&g, "words", s.items[i].words);
		grid_text(&g, "by", s.items[i].actor);
	}
	grid_put(pg, "story", &g);
	page_text(pg, "summary", s.summary);
	page_flag(pg, "cut", s.cut);
	return ERR_OK;
}

static void
put_case(struct turn *t, const struct desk *d, const struct pay_case *c,
    struct page *pg)
{
	enum case_state s = case_state(c->state, c->owner, c->resolution);
	bool may = (d->rights & RIGHT_ADMIN) != 0;
	bool mine = str_eq(c->owner, desk_actor(t, d));
	bool free = s == CASE_OPEN || s == CASE_TAKEN;
	struct grid g, proof;

	cabinet_case_rows(t, c, 1, &g);
	grid_put(pg, "case", &g);
	cabinet_case_proof(t, c->evidence, &proof);
	grid_put(pg, "proof", &proof);
	page_text(pg, "advice", cabinet_word("advice", c->proposal));
	page_text(pg, "case_url",
	    arena_fmt(t->a, "/cabinet/cases/%.*s", STR_ARG(c->id)));
	page_text(pg, "note", c->note);
	page_text(pg, "decided_by",
	    c->decided_by.len > 0 ? cabinet_who(t->a, c->decided_by)
				  : STR_NONE);
	page_text(pg, "decided", cabinet_moment(t->a, c->decided_at));
	page_text(pg, "resolved", cabinet_moment(t->a, c->resolved_at));
	page_flag(pg, "may_take", may && s == CASE_OPEN);
	page_flag(pg, "may_release", may && s == CASE_TAKEN);
	page_flag(pg, "mine", mine);
	page_flag(pg, "may_resolve", may && free && (mine || s == CASE_OPEN));
}

static enum err
show(struct turn *t, const struct desk *d, const struct typed *in)
{
	struct case_detail x;
	struct page pg;
	enum err rc =
	    cases_read(t->p, t->a, d->portal, t->params.v[0], &x, t->f);

	if (rc != ERR_OK)
		return rc;
	cabinet_begin(&pg, t, d, "cases");
	rc = put_story(t, &x.c, &pg);
	if (rc == ERR_OK)
		rc = put_accounts(t, in, &pg);
	if (rc != ERR_OK)
		return rc;
	put_case(t, d, &x.c, &pg);
	put_resolutions(t, &x.c, in, &pg);
	put_trail(t, &x, &pg);
	put_backs(t, &x, &pg);
	page_text(&pg, "wrong", in->wrong);
	page_text(&pg, "reason", in->reason);
	page_flag(&pg, "reason_wrong", in->reason_wrong);
	page_text(&pg, "number_typed", in->number);
	page_text(&pg, "ikey", cabinet_key(t));
	return page_send(&pg, in->status, "tpl/page/cabinet_case.html");
}

enum err
page_cabinet_case(struct turn *t)
{
	static const struct typed nothing = { .status = 200 };
	struct desk d;

	if (!enter(t, RIGHT_READ, &d))
		return t->f->err;
	return show(t, &d, &nothing);
}

/* --- changing ----------------------------------------------------------- */

/* Done: the page as it is now.  Refused: the page, with what was typed. */
static enum err
answer(struct turn *t, const struct desk *d, enum err rc, struct typed *in)
{
	if (rc == ERR_OK) {
		reply_see_other(t->out,
		    page_link(t, "/cabinet/cases/", t->params.v[0], ""));
		return ERR_OK;
	}
	if (!cabinet_told(t->f))
		return rc;
	in->reason_wrong = t->f->fields_len > 0 &&
	    strcmp(t->f->fields[0].pointer, "/reason") == 0;
	if (!in->reason_wrong)
		in->wrong = cabinet_words(t);
	in->status = reply_status(t->f);
	fault_init(t->f);
	return show(t, d, in);
}

static enum err
hand(struct turn *t, const char *what,
    enum err (*call)(const struct ports *p, struct arena *a,
	const struct case_hand *h, struct pay_case *out, struct fault *f))
{
	struct typed in = { .status = 200 };
	struct url_params form;
	struct case_hand h;
	struct pay_case c;
	struct desk d;
	enum err rc;

	if (!enter(t, RIGHT_READ | RIGHT_ADMIN, &d) || !desk_form(t, &d, &form))
		return t->f->err;
	h = (struct case_hand){ d.portal, t->params.v[0], desk_actor(t, &d) };
	rc = call(desk_noted(t, &d, what, h.id, STR_NONE), t->a, &h, &c, t->f);
	return answer(t, &d, rc, &in);
}

enum err
page_cabinet_case_take(struct turn *t)
{
	return hand(t, "case_take", cases_take);
}

enum err
page_cabinet_case_release(struct turn *t)
{
	return hand(t, "case_release", cases_release);
}

static void
render(struct buf *b, const struct pay_case *c)
{
	buf_text(b, c->id);
}

static enum err
resolve(struct turn *t, const struct desk *d, const struct url_params *form,
    const struct typed *in)
{
	bool assign = str_eq(in->how, STR("assign"));
	struct case_resolve req = { .hand = { d->portal, t->params.v[0],
					desk_actor(t, d) },
		.how = in->how,
		.reason = in->reason,
		.own_account = str_eq(in->how, STR("paid_by_hand"))
		    ? in->own_account
		    : STR_NONE,
		.number = assign ? in->number : STR_NONE,
		.render = render };
	struct case_resolved made;
	enum err rc;

	if (in->how.len == 0)
		return turn_refuse(t, "resolution", "case_how_missing");
	rc = cabinet_key_read(t, form, &req.ikey);
	if (rc != ERR_OK)
		return rc;
	cabinet_mark(t, form, req.body_hash);
	return cases_resolve(desk_noted(t, d, "case_resolve", req.hand.id,
				 arena_fmt(t->a, "%.*s: %.*s", STR_ARG(in->how),
				     STR_ARG(in->reason))),
	    t->a, &req, &made, t->f);
}

enum err
page_cabinet_case_resolve(struct turn *t)
{
	struct typed in = { .status = 200 };
	struct url_params form;
	struct desk d;

	if (!enter(t, RIGHT_READ | RIGHT_ADMIN, &d) || !desk_form(t, &d, &form))
		return t->f->err;
	in.how = url_param(&form, "resolution");
	in.reason = str_trim(url_param(&form, "reason"));
	in.own_account = url_param(&form, "own_account");
	in.number = str_trim(url_param(&form, "number"));
	return answer(t, &d, resolve(t, &d, &form, &in), &in);
}
