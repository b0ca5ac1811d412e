#include "kvitok/sim/control.h"

#include "kvitok/base/num.h"
#include "kvitok/sim/mailbox.h"
#include "kvitok/sim/unmime.h"

static void
write_rcpts(struct jw *w, const struct mail *m)
{
	jw_key(w, "to");
	jw_list(w);
	for (size_t i = 0; i < m->rcpts_len; i++)
		jw_text(w, m->rcpts[i]);
	jw_list_end(w);
}

static void
write_mail(struct req *r, struct jw *w, const struct mail *m)
{
	struct unmime *x = ARENA_NEW(r->a, struct unmime);

	unmime_parse(r->a, m->raw, x);
	jw_object(w);
	jw_kint(w, "n", (int64_t)m->n);
	jw_ktime(w, "accepted_at", m->accepted_at);
	jw_ktext(w, "from", m->from);
	write_rcpts(w, m);
	jw_ktext(w, "header_from", x->from);
	jw_ktext(w, "header_to", x->to);
	jw_ktext(w, "subject", x->subject);
	jw_ktext(w, "message_id", x->message_id);
	jw_kint(w, "size", (int64_t)m->raw.len);
	jw_key(w, "parts");
	jw_list(w);
	for (size_t k = 0; k < x->parts_len; k++) {
		jw_object(w);
		jw_kint(w, "k", (int64_t)k + 1);
		jw_ktext(w, "type", x->parts[k].type);
		jw_kopt(w, "name", x->parts[k].name);
		jw_kint(w, "size", (int64_t)x->parts[k].body.len);
		jw_object_end(w);
	}
	jw_list_end(w);
	jw_object_end(w);
}

static bool
for_recipient(const struct mail *m, struct str to)
{
	for (size_t i = 0; i < m->rcpts_len; i++)
		if (str_eq_nocase(m->rcpts[i], to))
			return true;
	return to.len == 0;
}

void
control_mails(struct req *r)
{
	struct str to = pairs_get(&r->query, "to");
	uint64_t newest = mailbox_newest(r->w->mailbox);
	struct jw w;

	if (str_eq(r->method, STR("DELETE")))
		mailbox_clear(r->w->mailbox);
	control_json(r, &w);
	jw_object(&w);
	jw_key(&w, "mails");
	jw_list(&w);
	for (uint64_t i = 0; i < MAILBOX_MAX && i < newest; i++) {
		const struct mail *m = mailbox_get(r->w->mailbox, newest - i);

		if (m && for_recipient(m, to))
			write_mail(r, &w, m);
	}
	jw_list_end(&w);
	jw_object_end(&w);
}

static void
give_part(struct req *r, const struct mail *m, struct str which)
{
	struct unmime *x = ARENA_NEW(r->a, struct unmime);
	const struct unmime_part *p;
	int64_t k;

	unmime_parse(r->a, m->raw, x);
	if (!num_parse(which, 1, (int64_t)x->parts_len, &k)) {
		control_refuse(r, 404, "the mail has no such part");
		return;
	}
	p = &x->parts[k - 1];
	r->status = 200;
	r->type = arena_fmt(r->a, "%.*s%s%.*s", STR_ARG(p->type),
	    p->charset.len > 0 ? "; charset=" : "", STR_ARG(p->charset))
		      .p;
	/* A letter may style itself and nothing else. */
	if (str_eq(p->type, STR("text/html")))
		r->policy = "default-src 'none'; "
			    "style-src 'unsafe-inline'; "
			    "img-src data:; sandbox";
	buf_text(&r->out, p->body);
}

void
control_mail(struct req *r, struct str rest)
{
	const struct mail *m = NULL;
	struct str number;
	struct jw w;
	int64_t n;

	str_cut(&rest, '/', &number);
	if (num_parse(number, 1, INT64_MAX, &n))
		m = mailbox_get(r->w->mailbox, (uint64_t)n);
	if (!m) {
		control_refuse(r, 404, "no such mail is kept");
	} else if (!str_eq(r->method, STR("GET"))) {
		control_refuse(r, 405, "GET it");
	} else if (rest.len == 0) {
		control_json(r, &w);
		write_mail(r, &w, m);
	} else if (str_eq(rest, STR("source"))) {
		r->status = 200;
		r->type = "text/plain; charset=utf-8";
		buf_text(&r->out, m->raw);
	} else if (str_starts(rest, STR("parts/"))) {
		give_part(r, m, (struct str){ rest.p + 6, rest.len - 6 });
	} else {
		control_refuse(r, 404, "there is no such address");
	}
}
