#include "kvitok/mail/letter_report.h"

#include "kvitok/base/day.h"
#include "kvitok/mail/letter.h"

#include <inttypes.h>

static struct str
period(struct arena *a, const struct report_query *q)
{
	struct buf b;

	buf_init(&b, a, 64);
	report_day(&b, q->from_day);
	if (!str_eq(q->from_day, q->to_day)) {
		buf_lit(&b, " – ");
		report_day(&b, q->to_day);
	}
	return buf_str(&b);
}

static enum err
render_all(struct arena *a, const struct tpl_vars *vars, struct mail *m,
    struct fault *f)
{
	enum err rc = letter_render(
	    a, TPL_TEXT, "tpl/mail/report_subject.txt", vars, &m->subject, f);

	if (rc == ERR_OK)
		rc = letter_render(
		    a, TPL_TEXT, "tpl/mail/report.txt", vars, &m->text, f);
	if (rc == ERR_OK)
		rc = letter_render(
		    a, TPL_HTML, "tpl/mail/report.html", vars, &m->html, f);
	m->subject = str_trim(m->subject);
	return rc;
}

enum err
letter_report(void *self, struct arena *a, const struct report_order *o,
    const struct ref_portal *portal, struct str message_id, struct mail *out,
    struct fault *f)
{
	bool done =
	    o->state == REPORT_ORDER_DONE || o->state == REPORT_ORDER_GONE;
	char until[17];
	struct mail m = { .from_name = arena_str(a, portal->title),
		.from = arena_str(a, portal->mail_from),
		.to = o->email,
		.message_id = message_id,
		.date_at = o->ended_at };
	enum err rc;

	(void)self; /* a writer holds nothing */
	day_russian(o->expires_at, DAY_ZONE_MOSCOW, until);
	const struct tpl_var v[] = {
		{ .name = "done", .text = done ? STR("1") : STR_NONE },
		{ .name = "title", .text = str_of(report_def(o->q.id)->title) },
		{ .name = "period", .text = period(a, &o->q) },
		{ .name = "format",
		    .text = str_of(report_format_name(o->format)) },
		{ .name = "rows", .text = arena_fmt(a, "%" PRId64, o->lines) },
		{ .name = "size", .text = arena_fmt(a, "%" PRId64, o->size) },
		{ .name = "hash", .text = o->hash },
		{ .name = "id", .text = o->id },
		{ .name = "until", .text = str_of(until) },
		{ .name = "reason",
		    .text = done
			? STR_NONE
			: str_of(reason_words(arena_z(a, o->reason))) },
		{ .name = "portal", .text = m.from_name },
		{ .name = "portal_url", .text = portal->url },
	};
	const struct tpl_vars vars = { v, KV_COUNT(v) };

	if ((rc = render_all(a, &vars, &m, f)) == ERR_OK)
		*out = m;
	return rc;
}
