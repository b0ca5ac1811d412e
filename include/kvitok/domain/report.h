/*
 * report: what accountants export: which reports there are, their columns,
 * filters and formats, and the words of their cells (S8).
 *
 * Each report is defined once, as data, in report_list.c; stores read its
 * rows, writers write them, and both know no more of it than stands here.
 * Pure.
 *
 * Whatever the format, a report is the same rows in the same order with the
 * same totals, and bears the same hash: SHA-256 of lines of UTF-8, each ended
 * by LF, their values parted by TAB (a TAB, CR or LF in a value is a space):
 *
 *   the report's name, its first and last day, then portal, supplier,
 *   contract, bank, state and account that were asked for, '' for any
 *   the names of its columns
 *   a line per row, as report_machine writes its cells
 *   "total", the number of rows, the totals, in the order of columns
 */
#ifndef KVITOK_DOMAIN_REPORT_H
#define KVITOK_DOMAIN_REPORT_H

#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPORT_COLUMNS_MAX 24
#define REPORT_DAYS_MAX 366
#define REPORT_CELL_MAX 2048 /* bytes of a cell's text */

enum report_type {
	REPORT_TEXT,
	REPORT_WORD,    /* one of a few ids, shown in Russian words */
	REPORT_DAY,     /* YYYY-MM-DD; '' none */
	REPORT_INSTANT, /* ms; shown in Moscow time; 0 none */
	REPORT_SUM,     /* kopecks */
	REPORT_NUMBER,  /* a count, or a meter's value */
	REPORT_TYPE__COUNT
};

enum report_format {
	REPORT_CSV,
	REPORT_XML,
	REPORT_XLSX,
	REPORT_PDF,
	REPORT_DBF,
	REPORT_FORMAT__COUNT
};

/* What a report can be narrowed by, besides its days. */
enum report_filter {
	REPORT_PORTAL,
	REPORT_SUPPLIER,
	REPORT_CONTRACT, /* with a bank */
	REPORT_BANK,
	REPORT_STATE,
	REPORT_ACCOUNT, /* of the ledger; or what it begins with, up to a / */
	REPORT_FILTER__COUNT
};

struct report_word {
	const char *id, *words;
};

struct report_column {
	const char *name; /* of XML and JSON */
	const char *dbf;  /* of DBF: at most ten capitals */
	const char *title;
	enum report_type type;
	int width;  /* characters that it usually has, of a sheet */
	int length; /* characters that it may have, of a DBF */
	bool total; /* sums are added up at the end */
	bool paper; /* it is printed, too */
	const struct report_word *words; /* of REPORT_WORD, ends in NULL */
};

enum report_id {
	REPORT_PAYMENTS,
	REPORT_REFUNDS,
	REPORT_COMMISSIONS,
	REPORT_TURNOVER,
	REPORT_SETTLEMENTS,
	REPORT_RECONCILIATION,
	REPORT_MISSING,
	REPORT_CASES,
	REPORT_READINGS,
	REPORT_CLOSINGS,
	REPORT__COUNT
};

struct report_def {
	const char *name, *title;
	const char *about; /* which rows, by which day; a sentence or two */
	unsigned filters;  /* bits of enum report_filter */
	unsigned formats;  /* bits of enum report_format */
	const struct report_word *states; /* of REPORT_STATE; NULL: none */
	const struct report_column *columns;
	size_t columns_len;
};

/* What is asked for; texts are empty where nothing is. */
struct report_query {
	enum report_id id;
	struct str from_day, to_day; /* both are in it; of Moscow */
	struct str filter[REPORT_FILTER__COUNT];
};

/* A cell: t of texts, words and days, n of the others. */
struct report_cell {
	struct str t;
	int64_t n;
};

/* Of the rows so far. */
struct report_totals {
	int64_t rows;
	int64_t sum[REPORT_COLUMNS_MAX]; /* of columns with total */
};

/* Gives: the definition; never NULL. */
KV_RETURNS_NONNULL const struct report_def *report_def(enum report_id id);
/* Gives: whether there is a report of this name. */
KV_MUST_CHECK bool report_of(struct str name, enum report_id *id);
/* Gives: "csv", "xml", ...: the word of commands and the end of file names. */
const char *report_format_name(enum report_format x);
/* Gives: its media type. */
const char *report_format_type(enum report_format x);
KV_MUST_CHECK bool report_format_of(struct str name, enum report_format *x);
/* Gives: "portal", "supplier", ...; and «Портал», «Поставщик», ... */
const char *report_filter_name(enum report_filter x);
const char *report_filter_title(enum report_filter x);
/* Gives: does the report understand the filter, can it be had so? */
bool report_has_filter(const struct report_def *d, enum report_filter x);
bool report_has_format(const struct report_def *d, enum report_format x);
/* Gives: the Russian words of an id, or the id where it has none. */
struct str report_word(const struct report_word *words, struct str id);

/*
 * Judge what is asked for.
 * Fails: ERR_INVALID, its field named: report_day, report_upside_down,
 * report_too_long, report_filter (arguments "filter" and "known"),
 * report_state (argument "known"), report_format (argument "known").
 */
KV_MUST_CHECK enum err report_check(
    const struct report_query *q, enum report_format format, struct fault *f);

/* Add a row's cells.  Fails: ERR_LIMIT sum_overflow. */
KV_MUST_CHECK enum err report_add(const struct report_def *d,
    struct report_totals *t, const struct report_cell *row, struct fault *f);
/* Append a cell as machines read it: 2026-11-21, 2026-11-21 05:13:11,
 * 1218.00, ids of words. */
void report_machine(struct buf *b, const struct report_column *c,
    const struct report_cell *cell);
/* Append it as people read it: 21.11.2026, 21.11.2026 05:13:11, words; a sum
 * has the decimal mark, and no groups. */
void report_plain(struct buf *b, const struct report_column *c,
    const struct report_cell *cell, char decimal);
/* Append the day DD.MM.YYYY. */
void report_day(struct buf *b, struct str day);
/* Append the days that were asked for: DD.MM.YYYY – DD.MM.YYYY, or the one. */
void report_days(struct buf *b, const struct report_query *q);

/* Append what the hash is made of: the lines before the rows; a row's line;
 * the line after them. */
void report_hash_head(struct buf *b, const struct report_query *q);
void report_hash_row(
    struct buf *b, const struct report_def *d, const struct report_cell *row);
void report_hash_end(
    struct buf *b, const struct report_def *d, const struct report_totals *t);

/* Append a file's name: payments-2026-11-01-2026-11-30.xlsx */
void report_file_name(
    struct buf *b, const struct report_query *q, enum report_format format);

#endif
