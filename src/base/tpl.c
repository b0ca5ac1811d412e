#include "kvitok/base/tpl.h"
#include "kvitok/base/utf8.h"

#include <stdbool.h>

#define DEPTH_MAX 8
#define NAME_MAX_LEN 40

/* An open block.  One that is skipped only counts its closing tag. */
struct block {
	struct str name;
	size_t start;                /* of its inside */
	const struct tpl_vars *rows; /* NULL: a condition */
	size_t row, rows_len;
	bool skip;
};

struct run {
	struct buf *b;
	enum tpl_dest dest;
	struct str text;
	size_t at;
	const struct tpl_vars *vars;
	struct block open[DEPTH_MAX];
	size_t depth;
	struct fault *f;
};

struct tag {
	char kind; /* one of # ? ! /, or 0 for a value */
	struct str name;
	size_t from, to; /* what it takes from the text */
};

static enum err
bad(const struct run *r, struct str name, const char *why)
{
	size_t line = 1;

	for (size_t i = 0; i < r->at && i < r->text.len; i++)
		line += r->text.p[i] == '\n';
	return fault_set(r->f, ERR_BUG, "tpl_bad", "line %zu: %.*s: %s", line,
	    STR_ARG(name), why);
}

static struct str
piece(const struct run *r, size_t from, size_t to)
{
	return (struct str){ r->text.p + from, to - from };
}

static bool
name_ok(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '_')
			return false;
	}
	return s.len > 0 && s.len <= NAME_MAX_LEN;
}

/* A block tag that has its line to itself takes the whole line away. */
static void
widen_to_line(const struct run *r, struct tag *t)
{
	size_t from = t->from, to = t->to;

	while (from > 0 &&
	    (r->text.p[from - 1] == ' ' || r->text.p[from - 1] == '\t'))
		from--;
	while (
	    to < r->text.len && (r->text.p[to] == ' ' || r->text.p[to] == '\t'))
		to++;
	if (from > 0 && r->text.p[from - 1] != '\n')
		return;
	if (to < r->text.len && r->text.p[to] != '\n')
		return;
	t->from = from;
	t->to = to < r->text.len ? to + 1 : to;
}

/* Gives: false, with t->from the end of the text, when no tag is left. */
static enum err
next_tag(struct run *r, bool *found, struct tag *t)
{
	struct str rest = piece(r, r->at, r->text.len);
	size_t open = str_find(rest, STR("{{")), inside, len;

	*found = open < rest.len;
	*t = (struct tag){ .from = r->text.len, .to = r->text.len };
	if (!*found)
		return ERR_OK;

	t->from = r->at + open;
	inside = t->from + 2;
	rest = piece(r, inside, r->text.len);
	len = str_find(rest, STR("}}"));
	if (len == rest.len)
		return bad(r, STR("{{"), "not closed");
	t->to = inside + len + 2;
	if (len > 0 && strchr("#?!/", r->text.p[inside]) != NULL) {
		t->kind = r->text.p[inside];
		inside++;
		len--;
	}
	t->name = piece(r, inside, inside + len);
	if (!name_ok(t->name))
		return bad(
		    r, utf8_cut_bytes(t->name, NAME_MAX_LEN), "not a name");
	if (t->kind != 0)
		widen_to_line(r, t);
	return ERR_OK;
}

static const struct tpl_var *
var_in(const struct tpl_vars *vars, struct str name)
{
	for (size_t i = 0; i < vars->len; i++)
		if (str_eq(str_of(vars->v[i].name), name))
			return &vars->v[i];
	return NULL;
}

/* The innermost row that has the name wins. */
static const struct tpl_var *
var_find(const struct run *r, struct str name)
{
	for (size_t i = r->depth; i > 0; i--) {
		const struct block *k = &r->open[i - 1];
		const struct tpl_var *v;

		if (k->rows == NULL)
			continue;
		if ((v = var_in(&k->rows[k->row], name)) != NULL)
			return v;
	}
	return var_in(r->vars, name);
}

static bool
skipping(const struct run *r)
{
	return r->depth > 0 && r->open[r->depth - 1].skip;
}

static enum err
do_value(struct run *r, const struct tag *t)
{
	const struct tpl_var *v;

	if (skipping(r))
		return ERR_OK;
	v = var_find(r, t->name);
	if (v == NULL)
		return bad(r, t->name, "no such name");
	if (v->rows_len > 0)
		return bad(r, t->name, "is a list");
	if (r->dest == TPL_HTML)
		buf_html(r->b, v->text);
	else
		buf_text(r->b, v->text);
	return ERR_OK;
}

static enum err
do_open(struct run *r, const struct tag *t)
{
	struct block k = { .name = t->name, .start = t->to, .skip = true };
	const struct tpl_var *v;
	bool any;

	if (r->depth == DEPTH_MAX)
		return bad(r, t->name, "blocks nest too deep");
	if (!skipping(r)) {
		if ((v = var_find(r, t->name)) == NULL)
			return bad(r, t->name, "no such name");
		if (t->kind == '#' && v->text.len > 0)
			return bad(r, t->name, "is no list");
		any = v->rows_len > 0 || v->text.len > 0;
		k.skip = any == (t->kind == '!');
		if (t->kind == '#' && any) {
			k.rows = v->rows;
			k.rows_len = v->rows_len;
		}
	}
	r->open[r->depth++] = k;
	return ERR_OK;
}

/* Goes back to the inside while a list has rows left. */
static enum err
do_close(struct run *r, const struct tag *t, size_t *next)
{
	struct block *k;

	if (r->depth == 0)
		return bad(r, t->name, "closes nothing");
	k = &r->open[r->depth - 1];
	if (!str_eq(k->name, t->name))
		return bad(r, t->name, "closes another block");
	if (k->rows != NULL && ++k->row < k->rows_len)
		*next = k->start;
	else
		r->depth--;
	return ERR_OK;
}

static enum err
do_tag(struct run *r, const struct tag *t)
{
	size_t next = t->to;
	enum err rc;

	r->at = t->from; /* where a complaint finds its line */
	switch (t->kind) {
	case 0:
		rc = do_value(r, t);
		break;
	case '/':
		rc = do_close(r, t, &next);
		break;
	default:
		rc = do_open(r, t);
		break;
	}
	r->at = next;
	return rc;
}

enum err
tpl_render(struct buf *b, enum tpl_dest dest, struct str text,
    const struct tpl_vars *vars, struct fault *f)
{
	struct run r = {
		.b = b, .dest = dest, .text = text, .vars = vars, .f = f
	};
	bool found = true;

	while (found) {
		struct tag t;
		enum err rc = next_tag(&r, &found, &t);

		if (rc != ERR_OK)
			return rc;
		if (!skipping(&r))
			buf_text(b, piece(&r, r.at, t.from));
		if (found && (rc = do_tag(&r, &t)) != ERR_OK)
			return rc;
	}
	if (r.depth > 0)
		return bad(&r, r.open[r.depth - 1].name, "not closed");
	if (b->full)
		return fault_set(
		    f, ERR_BUG, "tpl_bad", "above %zu bytes", b->max);
	return ERR_OK;
}
