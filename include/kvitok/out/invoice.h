/*
 * invoice: bills as PDF, one or many in a document.
 *
 * Decides what stands on a bill and where, as pdf.h does for receipts; the
 * words are in src/out/invoice_words.def.  Whatever is printed is in the
 * invoice, and is checked to add up.
 */
#ifndef KVITOK_OUT_INVOICE_H
#define KVITOK_OUT_INVOICE_H

#include "kvitok/out/sheet.h"
#include "kvitok/port/printer.h"

#define INVOICE_LINES_MAX 200
#define INVOICE_TEXT_MAX 900 /* bytes of any text */

/* The functions of the printer port; self is a struct sheet_kit. */
KV_MUST_CHECK enum err invoice_pdf(void *self, struct arena *a,
    const struct invoice *i, struct bytes *pdf, struct fault *f);
KV_MUST_CHECK enum err invoice_book_begin(void *self, struct arena *long_lived,
    struct str title, int64_t created_at, struct printer_sink sink,
    struct printer_book **out, struct fault *f);
KV_MUST_CHECK enum err invoice_book_add(struct printer_book *book,
    struct arena *a, const struct invoice *i, struct fault *f);
KV_MUST_CHECK enum err invoice_book_end(
    struct printer_book *book, struct fault *f);

#endif
