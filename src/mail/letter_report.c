#include "kvitok/mail/letter_report.h"

#include "kvitok/base/day.h"
#include "kvitok/mail/letter.h"

#include <inttypes.h>

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
		{ .name = "period", .text = letter_period(a, &o->q) },
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

	if ((rc = letter_fill(a, "report", &vars, &m, f)) == ERR_OK)
		*out = m;
	return rc;
}
