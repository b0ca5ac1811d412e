/*
 * papers: files that banks and suppliers take.
 *
 * What is written depends on what is given alone: the same settlement gives
 * the same bytes.  A text that a file cannot hold is refused by the name of
 * its field, never changed silently.
 */
#ifndef KVITOK_PORT_PAPERS_H
#define KVITOK_PORT_PAPERS_H

#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/pay_layout.h"
#include "kvitok/domain/settle.h"

enum order_format {
	ORDER_1C,     /* 1CClientBankExchange 1.03, windows-1251 */
	ORDER_PAIN001 /* ISO 20022 pain.001.001.09, UTF-8 */
};

/* Where a long file goes, part by part. */
struct paper_sink {
	void *self;
	KV_MUST_CHECK enum err (*put)(
	    void *self, struct str bytes, struct fault *f);
};

/* A register in the making; the same for each of its parts. */
struct pay_register {
	const struct pay_layout *layout;
	const struct settlement *s;
	const struct pay_totals *totals;
};

struct papers {
	void *self;
	/* Append the payment orders of settlements that are confirmed, at
	 * least one.  Fails: ERR_LIMIT order_text (argument "field"). */
	KV_MUST_CHECK enum err (*orders)(void *self, enum order_format format,
	    const struct settlement *v, size_t len, struct buf *out,
	    struct fault *f);
	/* Append the parts of a register: what stands before its rows, a row,
	 * what stands after them.  Fails: the same. */
	KV_MUST_CHECK enum err (*register_begin)(void *self,
	    const struct pay_register *r, struct buf *out, struct fault *f);
	KV_MUST_CHECK enum err (*register_row)(void *self,
	    const struct pay_register *r, const struct pay_row *row,
	    struct buf *out, struct fault *f);
	KV_MUST_CHECK enum err (*register_end)(void *self,
	    const struct pay_register *r, struct buf *out, struct fault *f);
};

#endif
