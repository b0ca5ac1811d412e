#include "kvitok/web/grid.h"

#include <assert.h>

void
grid_begin(struct grid *g, struct arena *a, size_t max, size_t cols)
{
	*g = (struct grid){ .rows = ARENA_ARRAY(a, max + 1, struct tpl_vars),
		.vars = ARENA_ARRAY(a, (max + 1) * cols, struct tpl_var),
		.max = max,
		.cols = cols };
}

void
grid_row(struct grid *g)
{
	assert(g->len < g->max);
	g->rows[g->len] = (struct tpl_vars){ g->vars + g->len * g->cols, 0 };
	g->len++;
	g->used = 0;
}

static struct tpl_var *
add(struct grid *g, const char *name)
{
	struct tpl_var *v;

	assert(g->len > 0 && g->used < g->cols);
	v = g->vars + (g->len - 1) * g->cols + g->used++;
	*v = (struct tpl_var){ .name = name };
	g->rows[g->len - 1].len = g->used;
	return v;
}

void
grid_text(struct grid *g, const char *name, struct str text)
{
	add(g, name)->text = text;
}

void
grid_flag(struct grid *g, const char *name, bool yes)
{
	grid_text(g, name, yes ? STR("1") : STR_NONE);
}

void
grid_choice(
    struct grid *g, struct str value, struct str words, struct str chosen)
{
	if (g->len == g->max)
		return;
	grid_row(g);
	grid_text(g, "value", value);
	grid_text(g, "words", words);
	grid_flag(g, "chosen", str_eq(value, chosen));
}

void
grid_rows(struct grid *g, const char *name, const struct grid *inner)
{
	struct tpl_var *v = add(g, name);

	v->rows = inner->rows;
	v->rows_len = inner->len;
}

void
grid_put(struct page *pg, const char *name, const struct grid *g)
{
	page_rows(pg, name, g->rows, g->len);
}
