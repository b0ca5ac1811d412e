#include "kvitok/out/sheet.h"

#include "kvitok/base/day.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#define FAMILIES "PT Sans, DejaVu Sans"

struct style {
	double size;
	bool bold;
	enum sheet_ink ink;
};

static const struct style styles[SHEET_STYLE__COUNT] = {
	[SHEET_BRAND] = { 12, true, SHEET_INK },
	[SHEET_TITLE] = { 20, true, SHEET_INK },
	[SHEET_HERO] = { 34, true, SHEET_INK },
	[SHEET_TEXT] = { 10.5, false, SHEET_INK },
	[SHEET_STRONG] = { 10.5, true, SHEET_INK },
	[SHEET_LABEL] = { 10.5, false, SHEET_GREY },
	[SHEET_TOTAL] = { 14, true, SHEET_INK },
	[SHEET_SMALL] = { 8.5, false, SHEET_GREY },
	[SHEET_MARK] = { 11, true, SHEET_GREEN },
	[SHEET_CELL] = { 9, false, SHEET_INK },
	[SHEET_CELL_STRONG] = { 9, true, SHEET_INK },
	[SHEET_CELL_HEAD] = { 8, false, SHEET_GREY },
	[SHEET_FINE] = { 7, false, SHEET_INK },
	[SHEET_FINE_STRONG] = { 7, true, SHEET_INK },
	[SHEET_FINE_HEAD] = { 6.5, false, SHEET_GREY },
};

/* All but the hairline stay dark enough on a black and white printer. */
static const double inks[SHEET_INK__COUNT][3] = {
	[SHEET_INK] = { 0.09, 0.11, 0.14 },
	[SHEET_GREY] = { 0.36, 0.40, 0.45 },
	[SHEET_HAIR] = { 0.80, 0.82, 0.85 },
	[SHEET_GREEN] = { 0.05, 0.40, 0.26 },
};

struct sheet_kit {
	PangoContext *context;
	PangoFontDescription *fonts[SHEET_STYLE__COUNT];
};

struct sheet {
	struct sheet_kit *kit;
	struct sheet_sink sink;
	bool full;                /* the sink takes no more */
	cairo_surface_t *surface; /* NULL: nothing is drawn */
	cairo_t *cr;
	PangoLayout *layout; /* the one piece of text at hand */
};

static void
kit_free(void *object)
{
	struct sheet_kit *kit = object;

	for (size_t i = 0; i < SHEET_STYLE__COUNT; i++)
		pango_font_description_free(kit->fonts[i]);
	g_object_unref(kit->context);
}

/* pango counts points at 96 to the inch where PDF has 72: sizes are set as
 * absolute ones, and nothing is hinted to pixels that paper does not have. */
static PangoContext *
context_new(void)
{
	PangoFontMap *map =
	    pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	PangoContext *context = pango_font_map_create_context(map);
	cairo_font_options_t *options = cairo_font_options_create();

	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	pango_cairo_context_set_font_options(context, options);
	pango_cairo_context_set_resolution(context, 72);
	pango_context_set_round_glyph_positions(context, FALSE);
	pango_context_set_language(context, pango_language_from_string("ru"));
	cairo_font_options_destroy(options);
	g_object_unref(map);
	return context;
}

static PangoFontDescription *
font_new(const struct style *style)
{
	PangoFontDescription *font = pango_font_description_new();

	pango_font_description_set_family(font, FAMILIES);
	pango_font_description_set_weight(
	    font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(
	    font, style->size * PANGO_SCALE);
	return font;
}

/* fontconfig always finds something; it must be one that we name. */
static enum err
fonts_check(const struct sheet_kit *kit, struct fault *f)
{
	PangoFont *font =
	    pango_context_load_font(kit->context, kit->fonts[SHEET_TEXT]);
	PangoFontDescription *got = font ? pango_font_describe(font) : NULL;
	struct str family = STR_NONE;
	enum err rc = ERR_OK;

	if (got != NULL)
		family = str_of(pango_font_description_get_family(got));
	if (!str_eq(family, STR("PT Sans")) &&
	    !str_eq(family, STR("DejaVu Sans")))
		rc = fault_set(f, ERR_BUG, "print_failed",
		    "no font of %s installed, found \"%.*s\"", FAMILIES,
		    STR_ARG(family));
	if (got != NULL)
		pango_font_description_free(got);
	if (font != NULL)
		g_object_unref(font);
	return rc;
}

enum err
sheet_kit_open(struct arena *a, struct sheet_kit **out, struct fault *f)
{
	struct sheet_kit *kit = ARENA_NEW(a, struct sheet_kit);
	enum err rc;

	kit->context = context_new();
	for (size_t i = 0; i < SHEET_STYLE__COUNT; i++)
		kit->fonts[i] = font_new(&styles[i]);
	arena_defer(a, kit_free, kit);
	if ((rc = fonts_check(kit, f)) != ERR_OK)
		return rc;
	*out = kit;
	return ERR_OK;
}

static cairo_status_t
write_out(void *closure, const unsigned char *p, unsigned int len)
{
	struct sheet *s = closure;

	s->full = s->full || !s->sink.write(s->sink.self, p, len);
	return s->full ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static bool
to_buf(void *self, const void *p, size_t len)
{
	struct buf *out = self;

	buf_bytes(out, p, len);
	return !out->full;
}

static void
set_info(
    cairo_surface_t *surface, struct arena *a, const struct sheet_info *info)
{
	char at[DAY_RFC3339_SIZE];

	/* The instant of the document, not of printing: the same document
	 * has the same bytes.  cairo takes no fractions of a second. */
	day_rfc3339(info->created_at, at);
	memcpy(at + 19, "Z", 2);
	cairo_pdf_surface_set_metadata(
	    surface, CAIRO_PDF_METADATA_TITLE, arena_z(a, info->title));
	cairo_pdf_surface_set_metadata(
	    surface, CAIRO_PDF_METADATA_AUTHOR, arena_z(a, info->author));
	cairo_pdf_surface_set_metadata(
	    surface, CAIRO_PDF_METADATA_CREATOR, "Kvitok");
	cairo_pdf_surface_set_metadata(
	    surface, CAIRO_PDF_METADATA_CREATE_DATE, at);
}

struct sheet *
sheet_begin_dry(struct sheet_kit *kit, struct arena *a)
{
	struct sheet *s = ARENA_NEW(a, struct sheet);

	s->kit = kit;
	s->layout = pango_layout_new(kit->context);
	pango_layout_set_wrap(s->layout, PANGO_WRAP_WORD_CHAR);
	return s;
}

struct sheet *
sheet_begin_to(struct sheet_kit *kit, struct arena *a,
    const struct sheet_info *info, struct sheet_sink sink)
{
	struct sheet *s = sheet_begin_dry(kit, a);

	s->sink = sink;
	s->surface = cairo_pdf_surface_create_for_stream(write_out, s,
	    info->wide ? SHEET_HEIGHT : SHEET_WIDTH,
	    info->wide ? SHEET_WIDTH : SHEET_HEIGHT);
	set_info(s->surface, a, info);
	s->cr = cairo_create(s->surface);
	return s;
}

struct sheet *
sheet_begin(struct sheet_kit *kit, struct arena *a,
    const struct sheet_info *info, struct buf *out)
{
	return sheet_begin_to(kit, a, info, (struct sheet_sink){ out, to_buf });
}

enum err
sheet_end(struct sheet *s, struct fault *f)
{
	cairo_status_t status;

	if (s->surface == NULL) {
		g_object_unref(s->layout);
		return ERR_OK;
	}
	cairo_show_page(s->cr);
	status = cairo_status(s->cr);
	cairo_surface_finish(s->surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(s->surface);
	g_object_unref(s->layout);
	cairo_destroy(s->cr);
	cairo_surface_destroy(s->surface);

	if (s->full)
		return fault_set(
		    f, ERR_BUG, "print_failed", "no room for the document");
	if (status != CAIRO_STATUS_SUCCESS)
		return fault_set(f, ERR_BUG, "print_failed", "cairo: %s",
		    cairo_status_to_string(status));
	return ERR_OK;
}

static void
ink_set(struct sheet *s, enum sheet_ink ink)
{
	cairo_set_source_rgb(s->cr, inks[ink][0], inks[ink][1], inks[ink][2]);
}

/* Put text into the layout.  Gives: its width and height as laid out. */
static void
lay_out(struct sheet *s, enum sheet_style style, double w, struct str text,
    double *width, double *height)
{
	int got_w, got_h;

	pango_layout_set_font_description(s->layout, s->kit->fonts[style]);
	pango_layout_set_width(s->layout, (int)(w * PANGO_SCALE));
	pango_layout_set_text(s->layout, text.p ? text.p : "", (int)text.len);
	pango_layout_get_size(s->layout, &got_w, &got_h);
	*width = (double)got_w / PANGO_SCALE;
	*height = (double)got_h / PANGO_SCALE;
}

double
sheet_measure(
    struct sheet *s, enum sheet_style style, double w, struct str text)
{
	double width, height;

	lay_out(s, style, w, text, &width, &height);
	return height;
}

double
sheet_text(struct sheet *s, enum sheet_style style, enum sheet_align align,
    struct sheet_box box, struct str text)
{
	double width, height;

	pango_layout_set_alignment(s->layout,
	    align == SHEET_RIGHT ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
	lay_out(s, style, box.w, text, &width, &height);
	if (s->cr == NULL)
		return height;
	ink_set(s, styles[style].ink);
	cairo_move_to(s->cr, box.x, box.y);
	pango_cairo_show_layout(s->cr, s->layout);
	return height;
}

void
sheet_rule(
    struct sheet *s, struct sheet_box box, double thickness, enum sheet_ink ink)
{
	if (s->cr == NULL)
		return;
	ink_set(s, ink);
	cairo_rectangle(s->cr, box.x, box.y - thickness / 2, box.w, thickness);
	cairo_fill(s->cr);
}

static void
rounded(cairo_t *cr, double x, double y, double w, double h, double r)
{
	const double quarter = G_PI / 2;

	cairo_new_sub_path(cr);
	cairo_arc(cr, x + w - r, y + r, r, -quarter, 0);
	cairo_arc(cr, x + w - r, y + h - r, r, 0, quarter);
	cairo_arc(cr, x + r, y + h - r, r, quarter, 2 * quarter);
	cairo_arc(cr, x + r, y + r, r, 2 * quarter, 3 * quarter);
	cairo_close_path(cr);
}

double
sheet_mark(struct sheet *s, struct sheet_box box, struct str text)
{
	const double pad = 11, tick = 12, gap = 7, h = 27;
	double tw, th, x, y = box.y + h / 2;

	pango_layout_set_alignment(s->layout, PANGO_ALIGN_LEFT);
	lay_out(s, SHEET_MARK, box.w, text, &tw, &th);
	if (s->cr == NULL)
		return h;
	x = box.x + box.w - tw - 2 * pad - tick - gap;

	ink_set(s, SHEET_GREEN);
	cairo_set_line_width(s->cr, 1.2);
	rounded(s->cr, x, box.y, tw + 2 * pad + tick + gap, h, h / 2);
	cairo_stroke(s->cr);

	cairo_set_line_width(s->cr, 1.9);
	cairo_set_line_cap(s->cr, CAIRO_LINE_CAP_ROUND);
	cairo_set_line_join(s->cr, CAIRO_LINE_JOIN_ROUND);
	cairo_move_to(s->cr, x + pad + 1, y + 0.4);
	cairo_rel_line_to(s->cr, 3.6, 3.8);
	cairo_rel_line_to(s->cr, 6.6, -8);
	cairo_stroke(s->cr);

	cairo_move_to(s->cr, x + pad + tick + gap, y - th / 2);
	pango_cairo_show_layout(s->cr, s->layout);
	return h;
}

/* As an image of one bit a module: as rectangles it would be a third of the
 * work of a whole page. */
void
sheet_square(struct sheet *s, struct sheet_box box,
    const unsigned char *modules, size_t side)
{
	cairo_surface_t *image;
	unsigned char *pixels;
	size_t stride;

	if (s->cr == NULL)
		return;
	image = cairo_image_surface_create(
	    CAIRO_FORMAT_RGB24, (int)side, (int)side);
	pixels = cairo_image_surface_get_data(image);
	stride = (size_t)cairo_image_surface_get_stride(image);
	/* No pixels: no memory, which painting will tell. */
	for (size_t y = 0; y < side && pixels != NULL; y++)
		for (size_t x = 0; x < side; x++)
			memset(pixels + y * stride + 4 * x,
			    modules[y * side + x] != 0 ? 0 : 0xff, 4);
	cairo_surface_mark_dirty(image);
	cairo_save(s->cr);
	cairo_translate(s->cr, box.x, box.y);
	cairo_scale(s->cr, box.w / (double)side, box.w / (double)side);
	cairo_set_source_surface(s->cr, image, 0, 0);
	cairo_pattern_set_filter(cairo_get_source(s->cr), CAIRO_FILTER_NEAREST);
	cairo_paint(s->cr);
	cairo_restore(s->cr);
	cairo_surface_destroy(image);
}

void
sheet_next_page(struct sheet *s)
{
	if (s->cr != NULL)
		cairo_show_page(s->cr);
}
