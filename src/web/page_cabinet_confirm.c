/* Confirming a settlement: its sum is seen before it is agreed to. */
#include "kvitok/app/settle.h"
#include "kvitok/base/num.h"
#include "kvitok/web/cabinet_settle.h"
#include "kvitok/web/handlers.h"

static enum err
show(struct turn *t, const struct desk *d, const struct settlement *s,
    int status, struct str wrong)
{
	bool may = s->state == SETTLE_PREPARED && !settle_carried(s);
	struct page pg;

	cabinet_begin(&pg, t, d, "settlements");
	cabinet_settle_put(&pg, s);
	page_flag(&pg, "may", may);
	page_text(&pg, "wrong", wrong);
	page_text(&pg, "ikey", cabinet_key(t));
	page_text(&pg, "sum_kop",
	    arena_fmt(t->a, "%lld", (long long)s->sums.transfer_kop));
	return page_send(&pg, status, "tpl/page/cabinet_confirm.html");
}

static enum err
load(struct turn *t, const struct desk *d, struct settlement *s)
{
	enum err rc = cabinet_settle_transfers(t, d);

	return rc == ERR_OK ? cabinet_settle_load(t, d, s) : rc;
}

enum err
page_cabinet_confirm(struct turn *t)
{
	struct settlement s;
	struct desk d;
	enum err rc;

	if (!desk_enter(t, RIGHT_REPORT | RIGHT_ADMIN, &d))
		return t->f->err;
	rc = load(t, &d, &s);
	return rc == ERR_OK ? show(t, &d, &s, 200, STR_NONE) : rc;
}

/* A repeat is answered with the page alone. */
static void
render(struct buf *b, const struct settlement *s)
{
	buf_text(b, s->id);
}

static enum err
confirm(struct turn *t, const struct desk *d, const struct settlement *s,
    const struct url_params *form)
{
	struct settle_confirm_request req = { .portal = d->portal,
		.id = s->id,
		.actor = desk_actor(t, d),
		.render = render };
	struct settle_confirmed made;
	enum err rc = cabinet_key_read(t, form, &req.ikey);

	if (rc != ERR_OK)
		return rc;
	if (!num_parse(url_param(form, "sum_kop"), 1, INT64_MAX, &req.sum_kop))
		return turn_refuse(t, "sum_kop", "sum_not_positive");
	cabinet_mark(t, form, req.body_hash);
	return settle_confirm(desk_noted(t, d, "settlement_confirm", s->id,
				  arena_fmt(t->a, "%.*s ₽",
				      STR_ARG(cabinet_sum(t->a, req.sum_kop)))),
	    t->a, &req, &made, t->f);
}

enum err
page_cabinet_confirmed(struct turn *t)
{
	struct url_params form;
	struct settlement s;
	struct desk d;
	enum err rc;

	if (!desk_enter(t, RIGHT_REPORT | RIGHT_ADMIN, &d) ||
	    !desk_form(t, &d, &form))
		return t->f->err;
	rc = load(t, &d, &s);
	if (rc != ERR_OK)
		return rc;
	rc = confirm(t, &d, &s, &form);
	if (rc == ERR_OK) {
		reply_see_other(t->out,
		    arena_fmt(
			t->a, "/cabinet/settlements/%.*s", STR_ARG(s.id)));
		return ERR_OK;
	}
	if (cabinet_told(t->f)) {
		struct str wrong = cabinet_words(t);
		int status = reply_status(t->f);

		fault_init(t->f);
		rc = load(t, &d, &s); /* as it is now */
		return rc == ERR_OK ? show(t, &d, &s, status, wrong) : rc;
	}
	return rc;
}
