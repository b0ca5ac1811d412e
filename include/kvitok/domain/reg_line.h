/*
 * reg_line: lines of a bank's register into rows, by its layout.
 *
 * Pure: is given one line after another, remembers where the columns stand
 * and what the file declares of itself.  A line that is not understood is told
 * with its column and the reason, and does no harm to the next one.
 */
#ifndef KVITOK_DOMAIN_REG_LINE_H
#define KVITOK_DOMAIN_REG_LINE_H

#include "kvitok/base/day.h"
#include "kvitok/domain/reg_layout.h"

#define REG_LINE_MAX 8192 /* bytes */
#define REG_KEY_SIZE 33

/* One operation as the bank tells of it: what came in is above zero, what
 * went out below; net = gross - fee - VAT. */
struct reg_row {
	int64_t line;
	enum reg_kind kind;
	struct str order_no, bank_id, op_id, rrn, auth_code, card;
	int64_t at;
	char day[DAY_TEXT_SIZE]; /* of Moscow */
	int64_t gross_kop, fee_kop, vat_kop, net_kop;
};

struct reg_bad {
	int64_t line;
	int column;         /* from 1; 0: the line as a whole */
	const char *reason; /* of reason.def: reg_... */
	struct str value;   /* what stands there */
};

enum reg_seen {
	REG_SEEN_NOTHING, /* empty, or of the heading */
	REG_SEEN_ROW,
	REG_SEEN_BAD,
	REG_SEEN_FOOT
};

/* Where a file has been read to. */
struct reg_reader {
	const struct reg_layout *l;
	int64_t line;
	int at[REG_COLUMNS_MAX]; /* cell of each column; -1: it is not there */
	size_t cells;            /* of the header row */
	bool headed;
	bool footed; /* nothing but empty lines came after a line of totals */
	char day[DAY_TEXT_SIZE]; /* of the heading; "" none */
	bool declares[REG_TOTAL__COUNT];
	int64_t declared[REG_TOTAL__COUNT];
};

/* Begin a file; r keeps a look at l. */
void reg_reader_init(struct reg_reader *r, const struct reg_layout *l);
/*
 * Read the next line, without its LF, at most REG_LINE_MAX bytes.
 * Gives: what it was; *row of a row, *bad of a bad one, texts in a.
 */
enum reg_seen reg_read(struct reg_reader *r, struct arena *a, struct str bytes,
    struct reg_row *row, struct reg_bad *bad);
/* A line above REG_LINE_MAX was passed over.  Gives: *bad. */
void reg_pass_over(struct reg_reader *r, struct reg_bad *bad);
/* Gives: whether the header row can no longer come: another bank's file, or
 * another encoding. */
bool reg_is_foreign(const struct reg_reader *r);
/*
 * What names a row of a contract: the bank's id of the operation where it has
 * one, else everything that it is known by.
 */
void reg_key(struct arena *a, struct str contract, const struct reg_row *row,
    char out[REG_KEY_SIZE]);

#endif
