/*
 * register_import: a bank's register into the tables (S7).
 *
 * The file is read twice.  The first time nothing is written: its layout, its
 * end and its digest are looked at, so that a file of another bank or a cut
 * one changes nothing.  Then it is read in batches, each one transaction that
 * also notes how far it got: whoever is killed goes on there.
 */
#ifndef KVITOK_APP_REGISTER_IMPORT_H
#define KVITOK_APP_REGISTER_IMPORT_H

#include "kvitok/app/ports.h"
#include "kvitok/port/source.h"

#define REGISTER_BAD_MAX 1000 /* lines of a file that are kept as not good */
#define REGISTER_JOB "reconcile"

struct register_ask {
	struct str contract;
	struct str name;   /* of the file */
	struct str layout; /* empty: the contract's */
	struct str actor;
	const struct source *src;
};

struct register_done {
	struct register_file file; /* as it is now */
	bool known;                /* its content had been imported before */
	bool resumed;              /* another import had been cut short */
};

/*
 * Import a register; the job REGISTER_JOB of its contract is then due.
 * Gives: *out in a.
 * Fails: ERR_ABSENT register_contract, layout_unknown; ERR_INVALID
 * register_foreign (not of this layout), register_cut (its end is missing):
 * nothing was written; ERR_CONFLICT register_layout_changed (since it was
 * begun), register_shrunk; ERR_LIMIT sum_overflow; ERR_AGAIN busy (somebody
 * else imports it); as source.read.
 */
KV_MUST_CHECK enum err register_import(const struct ports *p, struct arena *a,
    const struct register_ask *ask, struct register_done *out, struct fault *f);

/* Of all terms of a contract, at least one, those of a day: those that began
 * last; without layout when it has none. */
void register_terms_pick(const struct register_terms *v, size_t len,
    struct str day, struct register_terms *out);
/*
 * The same, read from the store.
 * Fails: ERR_ABSENT register_contract.
 */
KV_MUST_CHECK enum err register_terms_on(const struct ports *p, struct arena *a,
    struct str contract, struct str day, struct register_terms *out,
    struct fault *f);

#endif
