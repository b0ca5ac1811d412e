/*
 * st_case: cases in the hands of people, in the database.
 */
#ifndef KVITOK_STORE_ST_CASE_H
#define KVITOK_STORE_ST_CASE_H

#include "kvitok/port/case_store.h"
#include "kvitok/store/db.h"

/* Columns of a case, as every statement that reads cases gives them. */
#define ST_CASE_SHAPE                                                          \
	"ttttitttti"                                                           \
	"titittt"                                                              \
	"iii"

/* Gives: the port on db. */
struct case_store st_case(struct db *db);
/* Gives: *out in a, the cases of rows of ST_CASE_SHAPE. */
void st_case_rows(struct arena *a, const struct db_rows *r,
    const struct pay_case **out, size_t *len);

#endif
