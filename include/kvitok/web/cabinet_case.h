/*
 * cabinet_case: cases, as the accountant's pages show them.
 */
#ifndef KVITOK_WEB_CABINET_CASE_H
#define KVITOK_WEB_CABINET_CASE_H

#include "kvitok/web/cabinet.h"

/* Gives: «Оплачено второй раз», or the kind where it has no words. */
struct str cabinet_case_kind(struct str kind);
/* Gives: a row per case in *out, ready for grid_put. */
void cabinet_case_rows(
    struct turn *t, const struct pay_case *v, size_t len, struct grid *out);
/* Gives: words of a resolution for a kind of case: what is done, and what
 * that does. */
struct str cabinet_case_how(struct str how);
struct str cabinet_case_does(struct arena *a, struct str kind, struct str how);
/*
 * What was kept as proof, a row per member: name, value, is_sum.
 * Gives: *out, empty where there is none; what cannot be read is one row.
 */
void cabinet_case_proof(struct turn *t, struct str evidence, struct grid *out);

#endif
