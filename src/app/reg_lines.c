#include "kvitok/app/reg_lines.h"

void
reg_lines_init(struct reg_lines *l, const struct source *src, int64_t pos)
{
	l->src = src;
	l->pos = pos;
	l->at = l->have = 0;
	l->seen = NULL;
	l->arg = NULL;
}

/* Move what is left to the front and read on behind it. */
static enum err
fill(struct reg_lines *l, struct fault *f)
{
	int64_t from = l->pos + (int64_t)(l->have - l->at);
	size_t room, got = 0;
	enum err rc;

	memmove(l->p, l->p + l->at, l->have - l->at);
	l->have -= l->at;
	l->at = 0;
	room = sizeof(l->p) - l->have;
	if ((int64_t)room > l->src->size - from)
		room = (size_t)(l->src->size - from);
	if (room == 0)
		return ERR_OK;
	rc = l->src->read(l->src->self, from, l->p + l->have, room, &got, f);
	if (rc != ERR_OK)
		return rc;
	if (got == 0)
		return fault_set(f, ERR_CONFLICT, "register_shrunk",
		    "ends at %lld", (long long)from);
	if (l->seen != NULL)
		l->seen(l->arg, l->p + l->have, got);
	l->have += got;
	return ERR_OK;
}

static bool
at_end(const struct reg_lines *l)
{
	return l->pos + (int64_t)(l->have - l->at) >= l->src->size;
}

static void
pass(struct reg_lines *l, size_t n)
{
	l->at += n;
	l->pos += (int64_t)n;
}

/* Gives: LF in what was read, or NULL. */
static const char *
line_end(const struct reg_lines *l)
{
	return l->have > l->at ? memchr(l->p + l->at, '\n', l->have - l->at)
			       : NULL;
}

enum err
reg_lines_next(
    struct reg_lines *l, struct reg_text *out, bool *more, struct fault *f)
{
	const char *lf = line_end(l);
	enum err rc = ERR_OK;
	size_t len;

	*out = (struct reg_text){ .bytes = STR("") };
	while (lf == NULL && !at_end(l) && rc == ERR_OK) {
		/* So much without an end is no line. */
		if (l->have - l->at > REG_LINE_MAX) {
			out->too_long = true;
			pass(l, l->have - l->at);
		}
		rc = fill(l, f);
		lf = line_end(l);
	}
	if (rc != ERR_OK)
		return rc;
	len = lf != NULL ? (size_t)(lf - (l->p + l->at)) : l->have - l->at;
	*more = lf != NULL || len > 0 || out->too_long;
	out->ended = lf != NULL;
	out->too_long = out->too_long || len > REG_LINE_MAX;
	if (!out->too_long)
		out->bytes = (struct str){ l->p + l->at, len };
	pass(l, len + (lf != NULL));
	return ERR_OK;
}
