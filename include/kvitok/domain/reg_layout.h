/*
 * reg_layout: how a bank writes its registers, as data.
 *
 * Read from JSON, strictly: a member that is not known, of another type or
 * out of bounds is named.  Pure; what the members mean stands in
 * doc/registers.md.  Used by reg_line.
 */
#ifndef KVITOK_DOMAIN_REG_LAYOUT_H
#define KVITOK_DOMAIN_REG_LAYOUT_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/codepage.h"
#include "kvitok/base/fault.h"

#include <stdbool.h>
#include <stdint.h>

#define REG_LAYOUT_MAX 16384 /* bytes of its JSON */
#define REG_COLUMNS_MAX 64
#define REG_KINDS_MAX 64
#define REG_TOTALS_MAX 8

/* What a row tells of. */
enum reg_kind {
	REG_PAYMENT,
	REG_REFUND,
	REG_REVERSAL,
	REG_CHARGEBACK,
	REG_CHARGEBACK_REVERSAL,
	REG_FEE,        /* a fee alone */
	REG_CORRECTION, /* either way */
	REG_KIND__COUNT
};

/* What a column holds. */
enum reg_field {
	REG_AT, /* day and time; or each in a column of its own */
	REG_DAY,
	REG_TIME,
	REG_KIND,
	REG_ORDER_NO, /* our number of the order */
	REG_BANK_ID,  /* the bank's id of the order */
	REG_OP_ID,    /* the bank's id of this operation, never the same */
	REG_RRN,
	REG_AUTH_CODE,
	REG_CARD, /* masked */
	REG_GROSS,
	REG_FEE_SUM,
	REG_VAT,
	REG_NET,
	REG_FIELD__COUNT
};

enum reg_vat {
	REG_VAT_NONE,  /* the fee bears none */
	REG_VAT_APART, /* its column is added to the fee's */
	REG_VAT_WITHIN /* the fee's column holds it */
};

struct reg_column {
	struct str name; /* in the header row; empty: by position */
	int position;    /* from 1; 0: by name */
	enum reg_field fields[2];
	size_t fields_len; /* two are parted by joined_by */
	char joined_by;
	struct str form; /* of days and times: "DD.MM.YYYY hh:mm:ss" */
	bool optional;   /* the column, and what stands in it */
};

struct reg_word {
	struct str word;
	enum reg_kind kind;
};

/* What a line of totals declares. */
enum reg_total {
	REG_COUNT,
	REG_SUM_GROSS,
	REG_SUM_FEE,
	REG_SUM_VAT,
	REG_SUM_NET,
	REG_TOTAL__COUNT
};

struct reg_declared {
	int position;
	enum reg_total what;
};

struct reg_layout {
	struct str layout, title;
	enum codepage encoding;
	char separator, quote, decimal; /* quote 0: there is none */
	bool space, no_break, narrow;   /* between thousands */
	int zone_min;
	bool open_end; /* the last line need not end in LF */
	int within;    /* the header row is one of so many first lines */
	int skip;      /* or, without names, so many lines come first */
	struct str day_after, day_form; /* the day in the heading; or empty */
	struct reg_column columns[REG_COLUMNS_MAX];
	size_t columns_len;
	bool named; /* columns by name */
	struct reg_word kinds[REG_KINDS_MAX];
	size_t kinds_len;
	bool signed_sums; /* what goes back is below zero */
	bool fee_below;   /* what the bank keeps is below zero */
	enum reg_vat vat;
	struct str foot;    /* what the line of totals begins with; or empty */
	bool foot_required; /* a file without it was cut */
	struct reg_declared totals[REG_TOTALS_MAX];
	size_t totals_len;
};

/* Gives: "payment", "refund", ...; of layouts, tables and the API. */
const char *reg_kind_name(enum reg_kind k);
KV_MUST_CHECK bool reg_kind_of(struct str name, enum reg_kind *k);

/*
 * Read a layout.
 * Gives: *out, texts in a; undefined on failure.
 * Fails: as json_parse; ERR_INVALID layout_bad, its field and its detail name
 * the member (a JSON pointer).
 */
KV_MUST_CHECK enum err reg_layout_read(
    struct arena *a, struct str json, struct reg_layout *out, struct fault *f);

#endif
