/*
 * tpl: text templates that escape by destination.
 *
 *   {{name}}             the value, escaped for the template's destination
 *   {{#rows}}..{{/rows}} once per row of a list; outer names stay visible
 *   {{?name}}..{{/name}} when the value is not empty (a list: has rows)
 *   {{!name}}..{{/name}} when it is empty
 *
 * A block tag that has a line to itself takes that line away, so that plain
 * text comes out without holes.  Values are never rendered again.
 * Nothing else: no code in templates, no way to print without escaping.
 * Templates are files of web/tpl/, compiled in (asset_get).  A line {{>NAME}}
 * of a page is web/tpl/part/NAME.html; it is filled in when it is compiled in.
 */
#ifndef KVITOK_BASE_TPL_H
#define KVITOK_BASE_TPL_H

#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

enum tpl_dest { TPL_HTML, TPL_TEXT };

struct tpl_vars {
	const struct tpl_var *v;
	size_t len;
};

struct tpl_var {
	const char *name;
	struct str text;             /* a value, or */
	const struct tpl_vars *rows; /* the rows of a list */
	size_t rows_len;
};

/*
 * Render text into b.
 * Fails: ERR_BUG tpl_bad (a name that vars lack, a list used as a value or a
 * value as a list, a block not closed or nested deeper than 8, b full).
 */
KV_MUST_CHECK enum err tpl_render(struct buf *b, enum tpl_dest dest,
    struct str text, const struct tpl_vars *vars, struct fault *f);

/* Gives: a file of web/tpl/ or web/static/ by its path below web/
 * ("tpl/result.html"); a NULL p when there is none. */
struct bytes asset_get(struct str path);

#endif
