/*
 * grid: rows of a template's list in the making.
 *
 * grid_row begins a row, the others add names to the last one.
 */
#ifndef KVITOK_WEB_GRID_H
#define KVITOK_WEB_GRID_H

#include "kvitok/web/page.h"

struct grid {
	struct tpl_vars *rows;
	struct tpl_var *vars;
	size_t max, cols, len, used; /* used: names of the last row */
};

/* Ready, without rows; in a, at most max of them with cols names each. */
void grid_begin(struct grid *g, struct arena *a, size_t max, size_t cols);
void grid_row(struct grid *g);
/* Add a name to the row; its text must live until the page is sent. */
void grid_text(struct grid *g, const char *name, struct str text);
void grid_flag(struct grid *g, const char *name, bool yes);
/* Add a row value, words, chosen: one to choose of, unless there is no room. */
void grid_choice(
    struct grid *g, struct str value, struct str words, struct str chosen);
/* Add a list of its own to the row. */
void grid_rows(struct grid *g, const char *name, const struct grid *inner);
/* Add the whole list to a page. */
void grid_put(struct page *pg, const char *name, const struct grid *g);

#endif
