/*
 * invoice_table: the tables of a bill: what was charged, and what is owed
 * for each service.
 *
 * A column in which nothing stands is left out; a table that goes on upon the
 * next page has its head again.
 */
#ifndef KVITOK_OUT_INVOICE_TABLE_H
#define KVITOK_OUT_INVOICE_TABLE_H

#include "kvitok/out/invoice_page.h"

/* Draw what was charged, and why something was recalculated. */
void invoice_table_charges(struct invoice_job *j);
/* Draw how each service stands; of one service alone the sums say it all. */
void invoice_table_settlements(struct invoice_job *j);
/* A minus sign stands in the settlements. */
bool invoice_table_signed(const struct invoice_job *j);

#endif
