#include "kvitok/mail/letter_schedule.h"

#include "kvitok/base/day.h"
#include "kvitok/mail/letter.h"

#include <inttypes.h>

#define TOTAL_VARS 2
#define KB 1024

/* Rounded up: nothing has no bytes. */
static struct str
size_words(struct arena *a, int64_t size)
{
	int64_t tenths = (size * 10 + KB * KB - 1) / (KB * KB);

	if (size < KB)
		return arena_fmt(a, "%" PRId64 " байт", size);
	if (size < KB * KB)
		return arena_fmt(a, "%" PRId64 " КБ", (size + KB - 1) / KB);
	return arena_fmt(
	    a, "%" PRId64 ",%" PRId64 " МБ", tenths / 10, tenths % 10);
}

static struct str
total_words(struct arena *a, const struct report_column *c, int64_t n)
{
	struct buf b;

	buf_init(&b, a, 64);
	if (c->type != REPORT_SUM) {
		buf_i64(&b, n);
	} else {
		buf_roubles(&b, n);
		buf_lit(&b, "\u00a0₽");
	}
	return buf_str(&b);
}

static struct tpl_var
totals(struct arena *a, const struct schedule_letter *l)
{
	const struct report_def *d = report_def(l->o->q.id);
	struct tpl_vars *rows = ARENA_ARRAY(a, d->columns_len, struct tpl_vars);
	size_t n = 0;

	for (size_t i = 0; i < d->columns_len; i++) {
		const struct report_column *c = &d->columns[i];
		struct tpl_var *row;

		if (!c->total)
			continue;
		row = ARENA_ARRAY(a, TOTAL_VARS, struct tpl_var);
		row[0] = (struct tpl_var){ .name = "column",
			.text = str_of(c->title) };
		row[1] = (struct tpl_var){ .name = "total",
			.text = total_words(a, c, l->totals->sum[i]) };
		rows[n++] = (struct tpl_vars){ row, TOTAL_VARS };
	}
	return (
	    struct tpl_var){ .name = "totals", .rows = rows, .rows_len = n };
}

enum err
letter_schedule(void *self, struct arena *a, const struct schedule_letter *l,
    struct mail *out, struct fault *f)
{
	const struct report_order *o = l->o;
	const struct mail_part part = { .name = l->name,
		.type = str_of(report_format_type(o->format)),
		.data = l->file };
	struct mail_part *parts = ARENA_NEW(a, struct mail_part);
	bool attached = l->file.p != NULL;
	char until[17];
	struct mail m = { .from_name = l->from_name,
		.from = l->from,
		.to = l->to,
		.message_id = l->message_id,
		.date_at = o->ended_at,
		.parts = parts,
		.parts_len = attached };
	enum err rc;

	(void)self; /* a writer holds nothing */
	*parts = part;
	day_russian(o->expires_at, DAY_ZONE_MOSCOW, until);
	const struct tpl_var v[] = {
		{ .name = "title", .text = str_of(report_def(o->q.id)->title) },
		{ .name = "period", .text = letter_period(a, &o->q) },
		{ .name = "supplier", .text = l->supplier },
		{ .name = "some",
		    .text = o->lines > 0 ? arena_fmt(a, "%" PRId64, o->lines)
					 : STR_NONE },
		{ .name = "attached", .text = attached ? STR("1") : STR_NONE },
		{ .name = "file", .text = l->name },
		{ .name = "size", .text = size_words(a, o->size) },
		{ .name = "hash", .text = o->hash },
		{ .name = "id", .text = o->id },
		{ .name = "url", .text = l->url },
		{ .name = "until", .text = str_of(until) },
		{ .name = "schedule", .text = l->s->name },
		{ .name = "portal", .text = l->from_name },
		{ .name = "portal_url", .text = l->portal_url },
		{ .name = "support", .text = l->support },
		totals(a, l),
	};
	const struct tpl_vars vars = { v, KV_COUNT(v) };

	if ((rc = letter_fill(a, "schedule", &vars, &m, f)) == ERR_OK)
		*out = m;
	return rc;
}
