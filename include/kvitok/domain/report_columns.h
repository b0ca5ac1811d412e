/*
 * report_columns: columns of reports whose tables stand in files of their
 * own; of use to report_list.c alone.
 */
#ifndef KVITOK_DOMAIN_REPORT_COLUMNS_H
#define KVITOK_DOMAIN_REPORT_COLUMNS_H

#include "kvitok/domain/report.h"

#define REPORT_SETTLEMENTS_LEN 17
#define REPORT_RECONCILIATION_LEN 17
#define REPORT_MISSING_LEN 6
#define REPORT_CASES_LEN 14
#define REPORT_READINGS_LEN 11
#define REPORT_CLOSINGS_LEN 8

extern const struct report_word report_settlement_states[];
extern const struct report_word report_row_states[];
extern const struct report_word report_pair_states[];
extern const struct report_word report_case_states[];
extern const struct report_column report_settlements[REPORT_SETTLEMENTS_LEN];
extern const struct report_column
    report_reconciliation[REPORT_RECONCILIATION_LEN];
extern const struct report_column report_missing[REPORT_MISSING_LEN];
extern const struct report_column report_cases[REPORT_CASES_LEN];
extern const struct report_column report_readings[REPORT_READINGS_LEN];
extern const struct report_column report_closings[REPORT_CLOSINGS_LEN];

#endif
