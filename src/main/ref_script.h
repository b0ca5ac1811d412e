/*
 * ref_script: statements of an operator that may change reference data only.
 *
 * Takes a script apart and judges every statement before one is run: INSERT,
 * UPDATE and DELETE of the tables of reference data, nothing that reads
 * other tables, nothing that one of the two databases reads otherwise.
 */
#ifndef KVITOK_MAIN_REF_SCRIPT_H
#define KVITOK_MAIN_REF_SCRIPT_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

#define REF_SCRIPT_MAX (1U << 20)
#define REF_STATEMENTS_MAX 2000

struct ref_statement {
	const char *text; /* NUL-terminated, without comments and ";" */
	int line;         /* where it begins */
};

/*
 * Gives: *out in a.
 * Fails: ERR_INVALID statement_refused, its detail naming the line.
 */
KV_MUST_CHECK enum err ref_script(struct arena *a, struct str text,
    const struct ref_statement **out, size_t *len, struct fault *f);

#endif
