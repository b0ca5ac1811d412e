/*
 * registers: a supplier's register, part by part, in the form of its layout.
 *
 * Three forms: lines of separated cells, XML, and DBF (dBase III), which is
 * written here byte by byte, so that it goes to any sink as the others do.
 */
#ifndef KVITOK_OUT_REGISTERS_H
#define KVITOK_OUT_REGISTERS_H

#include "kvitok/port/papers.h"

/* What stands before the rows, a row, what stands after them.
 * Fail: ERR_LIMIT order_text: a cell that the form or its encoding cannot
 * hold, by the name of its column. */
KV_MUST_CHECK enum err reg_csv_begin(
    const struct pay_register *r, struct buf *out, struct fault *f);
KV_MUST_CHECK enum err reg_csv_row(const struct pay_register *r,
    const struct pay_row *row, struct buf *out, struct fault *f);
KV_MUST_CHECK enum err reg_csv_end(
    const struct pay_register *r, struct buf *out, struct fault *f);
KV_MUST_CHECK enum err reg_xml_begin(
    const struct pay_register *r, struct buf *out, struct fault *f);
KV_MUST_CHECK enum err reg_xml_row(const struct pay_register *r,
    const struct pay_row *row, struct buf *out, struct fault *f);
KV_MUST_CHECK enum err reg_xml_end(
    const struct pay_register *r, struct buf *out, struct fault *f);
KV_MUST_CHECK enum err reg_dbf_begin(
    const struct pay_register *r, struct buf *out, struct fault *f);
KV_MUST_CHECK enum err reg_dbf_row(const struct pay_register *r,
    const struct pay_row *row, struct buf *out, struct fault *f);
KV_MUST_CHECK enum err reg_dbf_end(
    const struct pay_register *r, struct buf *out, struct fault *f);

/* Gives: the port of papers; it has no state. */
struct papers papers_of(void);

#endif
