/*
 * pdf: the printer port as PDF.
 *
 * Decides what stands on a receipt and where; sheet.h draws.  The words are
 * in src/out/receipt_words.def.  Asks nobody: what is printed is in the
 * receipt, and is checked to add up before a payer is told so.
 */
#ifndef KVITOK_OUT_PDF_H
#define KVITOK_OUT_PDF_H

#include "kvitok/out/sheet.h"
#include "kvitok/port/printer.h"

#define PDF_LINES_MAX 50
#define PDF_TEXT_MAX 600 /* bytes of any text of a receipt */

/*
 * Gives: a printer over the fonts of kit, which outlives it.
 * Its receipt fails with ERR_BUG print_failed when sums do not add up, when
 * a text is longer than PDF_TEXT_MAX or no clean UTF-8, or cairo fails; with
 * ERR_LIMIT lines_too_many above PDF_LINES_MAX.
 */
struct printer pdf_printer(struct sheet_kit *kit);

#endif
