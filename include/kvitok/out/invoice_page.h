/*
 * invoice_page: what stands where on the pages of a bill.
 */
#ifndef KVITOK_OUT_INVOICE_PAGE_H
#define KVITOK_OUT_INVOICE_PAGE_H

#include "kvitok/base/tpl.h"
#include "kvitok/out/qr.h"
#include "kvitok/out/sheet.h"
#include "kvitok/port/printer.h"

/* The type area, in points. */
#define INVOICE_LEFT 42.0
#define INVOICE_WIDTH (SHEET_WIDTH - 2 * INVOICE_LEFT)
#define INVOICE_GAP 15.0 /* between blocks */

enum invoice_word {
#define WORD(id, text) INVOICE_WORD_##id,
#include "kvitok/out/invoice_words.def"
#undef WORD
	INVOICE_WORD__COUNT
};

/* A bill on its way to paper. */
struct invoice_job {
	struct arena *a;
	const struct invoice *i; /* checked */
	struct sheet *s;
	struct qr qr;     /* side 0: none */
	struct str month; /* октябрь 2026 г. */
	double y;
	int page;  /* the one in hand */
	int pages; /* as the feet name them */
};

/* Draw the bill from the top of a page to its last foot. */
void invoice_draw(struct invoice_job *j);

/* Gives: words of the bill, as they are and with values put in. */
struct str invoice_word(enum invoice_word w);
struct str invoice_word_with(
    struct arena *a, enum invoice_word w, const struct tpl_var *v, size_t len);
/* Gives: a sum with a minus sign that is as wide as a digit. */
struct str invoice_roubles(struct arena *a, int64_t kop);
/* Gives: 31.10.2026; empty for an empty day. */
struct str invoice_day(struct arena *a, struct str day);
/* Gives: the whole width at y. */
struct sheet_box invoice_across(double y);
/* Gives: true when a new page had to be begun for what is that high. */
bool invoice_make_room(struct invoice_job *j, double height);

#endif
