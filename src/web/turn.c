#include "kvitok/web/turn.h"

#include "kvitok/app/noted.h"
#include "kvitok/base/utf8.h"
#include "kvitok/domain/staff.h"

#define ANSWER_MAX ((size_t)8 << 20) /* of one body; far above any of ours */

enum err
turn_query(struct turn *t, const struct form *form, void *in)
{
	struct url_params params;
	enum err rc = url_params(t->a, t->rq->query, &params, t->f);

	return rc == ERR_OK ? form_query(form, &params, in, t->f) : rc;
}

enum err
turn_nothing(struct turn *t)
{
	static const struct form nothing = { NULL, 0, 0 };
	const struct json *j;
	enum err rc;

	if (t->rq->body.len == 0)
		return ERR_OK;
	rc = request_json(t->rq, t->a, &j, t->f);
	return rc == ERR_OK ? form_json(t->a, &nothing, j, NULL, t->f) : rc;
}

void
turn_buf(struct turn *t, struct buf *b)
{
	buf_init(b, t->a, ANSWER_MAX);
}

enum err
turn_json(struct turn *t, int status, const struct buf *b)
{
	if (b->full)
		return fault_set(
		    t->f, ERR_BUG, "internal", "answer above %zu", ANSWER_MAX);
	reply_body(t->out, status, "application/json", buf_str(b));
	reply_header(t->out, "Cache-Control", STR("no-store"));
	return ERR_OK;
}

void
turn_items(struct turn *t, struct buf *b, struct jw *w)
{
	turn_buf(t, b);
	jw_init(w, b);
	jw_object(w);
	jw_key(w, "items");
	jw_list(w);
}

static enum err
end(struct turn *t, struct buf *b, struct jw *w)
{
	jw_object_end(w);
	buf_char(b, '\n');
	return turn_json(t, 200, b);
}

enum err
turn_items_end(struct turn *t, struct buf *b, struct jw *w)
{
	jw_list_end(w);
	return end(t, b, w);
}

enum err
turn_items_next(struct turn *t, struct buf *b, struct jw *w, struct str next)
{
	jw_list_end(w);
	jw_kopt(w, "next", next);
	return end(t, b, w);
}

enum err
turn_refuse(struct turn *t, const char *name, const char *reason)
{
	(void)fault_set(t->f, ERR_INVALID, reason, "%s", name);
	fault_field(t->f, name, reason);
	return t->f->err;
}

const struct ports *
turn_noted(struct turn *t, struct str actor, const char *what,
    struct str object, struct str detail)
{
	struct staff_event *e = ARENA_NEW(t->a, struct staff_event);

	*e = noted_by(t->p, t->a, actor, t->who.portal, what);
	e->object = utf8_cut(object, NOTED_OBJECT_MAX);
	e->detail = utf8_cut(detail, NOTED_DETAIL_MAX);
	e->address = staff_network(t->a, t->rq->remote);
	return noted_ports(t->p, t->a, e);
}

void
turn_pdf(struct turn *t, struct str number, struct bytes pdf)
{
	reply_body(t->out, 200, "application/pdf",
	    (struct str){ (const char *)pdf.p, pdf.len });
	reply_header(t->out, "Content-Disposition",
	    arena_fmt(
		t->a, "inline; filename=\"kvitok-%.*s.pdf\"", STR_ARG(number)));
	reply_header(t->out, "Cache-Control", STR("no-store"));
}
