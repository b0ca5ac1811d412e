/*
 * pay_layout: how a supplier's register is written, as data.
 *
 * Read from JSON, strictly: a member that is not known, of another type or
 * out of bounds is named.  What the members mean stands in
 * doc/supplier-registers.md. Pure: makes texts of cells and of lines; encoding
 * and form of the file are the writer's.  A register says nothing about payers
 * but their accounts.
 */
#ifndef KVITOK_DOMAIN_PAY_LAYOUT_H
#define KVITOK_DOMAIN_PAY_LAYOUT_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/codepage.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/settle.h"

#include <stdbool.h>

#define PAY_LAYOUT_MAX 16384 /* bytes of its JSON */
#define PAY_LAYOUT_NAME_MAX 32
#define PAY_COLUMNS_MAX 64
#define PAY_LINES_OF_HEAD_MAX 16
#define PAY_CELL_MAX 254 /* a DBF's */

enum pay_file { PAY_CSV, PAY_XML, PAY_DBF, PAY_FILE__COUNT };

/* What a column holds. */
enum pay_field {
	PAY_TEXT,   /* always the same words */
	PAY_N,      /* number of the row, from 1 */
	PAY_NUMBER, /* of the payment */
	PAY_ID,     /* of this row, never the same: payment's or refund's */
	PAY_KIND,
	PAY_ACCOUNT,
	PAY_SERVICE,
	PAY_SUM,
	PAY_FEE, /* that the payer paid */
	PAY_SUPPLIER_FEE,
	PAY_NET, /* that is transferred */
	PAY_DAY, /* of the payment or refund, of Moscow; PAY_TIME beside it */
	PAY_TIME,
	PAY_POSTED_DAY, /* business day of the books */
	PAY_PERIOD,     /* month of the payment */
	PAY_RRN,
	PAY_AUTH_CODE,
	PAY_FIELD__COUNT
};

struct pay_column {
	struct str name;
	enum pay_field field;
	struct str text; /* of PAY_TEXT */
	struct str form; /* of days, times and periods */
	int length;      /* in a DBF */
};

/* A name and words to be filled. */
struct pay_named {
	struct str name, text;
};

struct pay_layout {
	struct str layout, title, file;
	enum pay_file kind;
	enum codepage encoding;
	bool lf;               /* lines end in LF alone */
	char separator, quote; /* quote 0: such characters become spaces */
	char decimal;
	bool names; /* a line of names comes first, after the head */
	struct str head[PAY_LINES_OF_HEAD_MAX], foot[PAY_LINES_OF_HEAD_MAX];
	size_t head_len, foot_len;
	struct str root, row; /* elements */
	bool attributes;      /* cells are attributes of the row's element */
	struct pay_named totals[PAY_LINES_OF_HEAD_MAX]; /* of the root */
	size_t totals_len;
	struct str kinds[3]; /* words: paid, refund, other */
	struct pay_column columns[PAY_COLUMNS_MAX];
	size_t columns_len;
};

/* A line of a payment, or of what went back (sums below zero). */
struct pay_row {
	int64_t n; /* in the register, from 1 */
	struct str kind, number, id, account, service, day, rrn, auth_code;
	int64_t at;
	int64_t sum_kop, fee_kop, supplier_fee_kop;
};

struct pay_totals {
	int64_t count, sum_kop, fee_kop, supplier_fee_kop;
};

/*
 * Read a layout.
 * Gives: *out, texts in a; undefined on failure.
 * Fails: as json_parse; ERR_INVALID layout_bad, its field and its detail name
 * the member (a JSON pointer).
 */
KV_MUST_CHECK enum err pay_layout_read(
    struct arena *a, struct str json, struct pay_layout *out, struct fault *f);
/* Gives: is it a sum, and written as one? */
bool pay_field_is_sum(enum pay_field field);
/* Append a row's cell: no quotes, no escapes, UTF-8. */
void pay_cell(struct buf *b, const struct pay_layout *l,
    const struct pay_column *c, const struct pay_row *r);
/* Append words with their names in braces filled.
 * Gives: false when a name is not known. */
KV_MUST_CHECK bool pay_fill(struct buf *b, const struct pay_layout *l,
    struct str words, const struct settlement *s, const struct pay_totals *t);
/* Gives: the register's file name, in a: of letters that every system takes;
 * what is not becomes "_". */
struct str pay_file_name(struct arena *a, const struct pay_layout *l,
    const struct settlement *s, const struct pay_totals *t);

#endif
