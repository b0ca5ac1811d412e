/*
 * sheet: pages of A4 as a PDF: text in a few styles, rules, a mark.
 *
 * The only module that knows cairo and pango.  Coordinates are points from
 * the top left corner; text stays text, with its font embedded, so that it
 * can be searched and copied.  What stands where is the business of callers.
 * Nothing is taken from the clock or the host but the fonts.
 */
#ifndef KVITOK_OUT_SHEET_H
#define KVITOK_OUT_SHEET_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define SHEET_WIDTH 595.28
#define SHEET_HEIGHT 841.89

enum sheet_style {
	SHEET_BRAND, /* name of the portal */
	SHEET_TITLE,
	SHEET_HERO, /* the sum that was paid */
	SHEET_TEXT,
	SHEET_STRONG,
	SHEET_LABEL, /* grey, beside or above a value */
	SHEET_TOTAL,
	SHEET_SMALL,
	SHEET_MARK,
	SHEET_CELL, /* of a table with many columns */
	SHEET_CELL_STRONG,
	SHEET_CELL_HEAD,
	SHEET_FINE, /* of one with more than a page across holds */
	SHEET_FINE_STRONG,
	SHEET_FINE_HEAD,
	SHEET_STYLE__COUNT
};

enum sheet_align { SHEET_LEFT, SHEET_RIGHT };

enum sheet_ink {
	SHEET_INK,
	SHEET_GREY,
	SHEET_HAIR,
	SHEET_GREEN,
	SHEET_INK__COUNT
};

struct sheet_box {
	double x, y, w; /* text wraps at w */
};

struct sheet_info {
	struct str title, author; /* UTF-8 */
	int64_t created_at;
	bool wide; /* the pages lie across */
};

/* Fonts, found and loaded once per process. */
struct sheet_kit;
/* A document that is being drawn. */
struct sheet;

/*
 * Look for the fonts: PT Sans, else DejaVu Sans.
 * Gives: *out, released with a.
 * Fails: ERR_BUG print_failed (neither font is installed).
 */
KV_MUST_CHECK enum err sheet_kit_open(
    struct arena *a, struct sheet_kit **out, struct fault *f);
/* Where the bytes of a document go. */
struct sheet_sink {
	void *self;
	/* Gives: false when it takes no more; the document then fails. */
	bool (*write)(void *self, const void *p, size_t len);
};

/* Begin a document whose bytes are appended to out, which the caller keeps
 * until sheet_end.  Gives: a sheet in a, to be ended in any case. */
KV_RETURNS_NONNULL struct sheet *sheet_begin(struct sheet_kit *kit,
    struct arena *a, const struct sheet_info *info, struct buf *out);
/* The same, into sink, which the caller keeps until sheet_end: pages that are
 * finished leave the memory. */
KV_RETURNS_NONNULL struct sheet *sheet_begin_to(struct sheet_kit *kit,
    struct arena *a, const struct sheet_info *info, struct sheet_sink sink);
/* Begin one of which nothing is drawn: to measure, and to count pages.
 * sheet_end ends it, too. */
KV_RETURNS_NONNULL struct sheet *sheet_begin_dry(
    struct sheet_kit *kit, struct arena *a);
/*
 * Finish the last page and the document; the sheet is gone then.
 * Fails: ERR_BUG print_failed (cairo's word, or what takes the bytes is full).
 */
KV_MUST_CHECK enum err sheet_end(struct sheet *s, struct fault *f);

/* Gives: the height of text when wrapped at w. */
double sheet_measure(
    struct sheet *s, enum sheet_style style, double w, struct str text);
/* Draw text with its top at box.y.  Gives: its height. */
double sheet_text(struct sheet *s, enum sheet_style style,
    enum sheet_align align, struct sheet_box box, struct str text);
/* A horizontal line with its middle at box.y. */
void sheet_rule(struct sheet *s, struct sheet_box box, double thickness,
    enum sheet_ink ink);
/* A tick and a word in a rounded frame that ends at box.x + box.w.
 * Gives: its height. */
double sheet_mark(struct sheet *s, struct sheet_box box, struct str text);
/* A square of side box.w of modules by modules squares, dark where the bytes
 * are not 0; row after row. */
void sheet_square(struct sheet *s, struct sheet_box box,
    const unsigned char *modules, size_t side);
/* Finish this page, begin another. */
void sheet_next_page(struct sheet *s);

#endif
