/*
 * register_store: layouts, files and rows of banks' registers.
 *
 * Functions marked [tx] are called inside tx.run.
 */
#ifndef KVITOK_PORT_REGISTER_STORE_H
#define KVITOK_PORT_REGISTER_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/reg_line.h"

#define REGISTER_TERMS_MAX 200 /* periods of one contract */

struct register_layout {
	struct str layout, body, digest;
	int64_t applied_at;
};

/* What a contract says for some days; texts empty: it has said nothing. */
struct register_terms {
	struct str contract, bank, own_account;
	struct str from_day, to_day, layout, rounding;
	int64_t fee_ppm, vat_ppm, grace_days;
};

/* What rows add up to. */
struct register_sums {
	int64_t rows, gross_kop, fee_kop, vat_kop, net_kop;
};

struct register_file {
	struct str contract, id, digest, name, layout, layout_digest, actor;
	struct str from_day, to_day; /* that it covers; empty: no rows */
	bool done;
	int64_t size, pos, line; /* pos and line: read so far */
	int64_t repeated, bad;
	struct register_sums taken, seen, declared;
	bool declares[REG_TOTAL__COUNT];
	int64_t created_at, ended_at;
};

/* Some lines of a file. */
struct register_batch {
	const struct register_file *file;
	const struct reg_row *rows; /* no two with one key */
	char (*keys)[REG_KEY_SIZE];
	size_t rows_len;
	int64_t from_pos; /* where it was read to, and is now */
	int64_t to_pos, to_line;
	int64_t repeated; /* rows that stood in it twice: left out */
};

/* A row that is in the tables. */
struct register_kept {
	int64_t gross_kop, fee_kop, vat_kop, at;
};

struct register_store {
	void *self;
	/* Keep a layout, in place of one of the same name. */
	KV_MUST_CHECK enum err (*layout_put)(
	    void *self, const struct register_layout *l, struct fault *f);
	/* Gives: *out in a, those of the name, or all when it is empty. */
	KV_MUST_CHECK enum err (*layouts)(void *self, struct arena *a,
	    struct str name, const struct register_layout **out, size_t *len,
	    struct fault *f);
	/* All terms of a contract, oldest first; one without days when it has
	 * none.  Fails: ERR_ABSENT register_contract. */
	KV_MUST_CHECK enum err (*terms)(void *self, struct arena *a,
	    struct str contract, const struct register_terms **out, size_t *len,
	    struct fault *f);
	/* [tx] A new file, nothing of it read.
	 * Gives: *made, false when its content is known. */
	KV_MUST_CHECK enum err (*file_put)(void *self,
	    const struct register_file *file, bool *made, struct fault *f);
	/* Gives: *out in a.  Fails: ERR_ABSENT register_unknown. */
	KV_MUST_CHECK enum err (*file_find)(void *self, struct arena *a,
	    struct str contract, struct str digest, struct register_file *out,
	    struct fault *f);
	/*
	 * [tx] Keep rows.
	 * Gives: was[i], true for a row that was there; kept[i] then is what.
	 */
	KV_MUST_CHECK enum err (*rows_put)(void *self, struct arena *a,
	    const struct register_batch *b, bool *was,
	    struct register_kept *kept, struct fault *f);
	/* [tx] Keep lines that were not understood. */
	KV_MUST_CHECK enum err (*bads_put)(void *self,
	    const struct register_file *file, const struct reg_bad *v,
	    size_t len, struct fault *f);
	/*
	 * [tx] Note how far a file was read, and what taken rows add up to.
	 * At its size it is done, and covers the days.
	 * Fails: ERR_AGAIN busy: somebody else reads it.
	 */
	KV_MUST_CHECK enum err (*file_move)(void *self,
	    const struct register_batch *b, const struct register_sums *taken,
	    int64_t repeated, int64_t bad, int64_t at, struct fault *f);
};

#endif
