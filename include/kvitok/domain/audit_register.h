/*
 * audit_register: does a row of a bank's register agree with its posting, its
 * pair and its cases?
 *
 * Pure, as audit.h: compares rows that were read at one instant.
 */
#ifndef KVITOK_DOMAIN_AUDIT_REGISTER_H
#define KVITOK_DOMAIN_AUDIT_REGISTER_H

#include "kvitok/domain/audit_find.h"
#include "kvitok/domain/recon.h"

/* A posting about a row: one line of it. */
struct audit_register_line {
	struct str transfer, kind, account, number, day, line_day;
	int n; /* 0: the transfer has no lines */
	int64_t sum_kop;
};

struct audit_register_row {
	struct str akey, contract, key, kind, state, own_account;
	struct str found_akey, found_transfer, day;
	struct str file; /* empty: there is no such file */
	struct str pair_state, pair_akey, pair_key; /* of the posting */
	int64_t gross_kop, fee_kop, vat_kop, net_kop, found_kop;
	bool fee_off, late;
	int64_t posting_kop; /* of receivable, of the posting; 0: none */
	int64_t cases;
	int64_t settled; /* cases that it has resolved by itself */
	struct str number, pair_number;
	struct str hand_case; /* by which a person has assigned it */
	struct str hand_kind, hand_subject, hand_state, hand_resolution;
	const struct audit_register_line *lines;
	size_t lines_len;
};

/* A posting, and what it was found as. */
struct audit_register_pair {
	struct str akey, transfer, state, day, posting_day, number,
	    posting_number;
	struct str row_transfer; /* what its row was found as */
	struct str contract;
	struct str case_id, case_state, resolution; /* missing; empty: none */
	int64_t sum_kop, posting_kop, cases;
	const struct audit_register_line *lines; /* posted for the case */
	size_t lines_len;
};

/* What a file says it took, and what its rows say. */
struct audit_register_file {
	struct str contract, id;
	int64_t taken, gross_kop, fee_kop, vat_kop, net_kop, bad;
	int64_t rows, rows_gross_kop, rows_fee_kop, rows_vat_kop, rows_net_kop,
	    bads;
};

/* A case of a chargeback, and the refund with its id. */
struct audit_chargeback {
	struct str akey, id, state, resolution;
	struct str refund; /* its state; empty: there is none */
	int64_t sum_kop, refund_kop;
};

/* What people did with a case of a register. */
struct audit_register_case {
	struct str akey;
	struct audit_case c;
	const struct audit_case_event *events;
	size_t events_len;
	int64_t assigned; /* rows that were assigned by it */
};

/* Each tells to what it finds; texts are in a. */
void audit_register_row(struct arena *a, const struct audit_register_row *x,
    const struct audit_sink *to);
/* The same of a pair. */
void audit_register_pair(struct arena *a, const struct audit_register_pair *x,
    const struct audit_sink *to);
/* The same of a case of a chargeback. */
void audit_chargeback(struct arena *a, const struct audit_chargeback *x,
    const struct audit_sink *to);
/* The same of a case: owner, note, who has decided and when, how often. */
void audit_register_case(struct arena *a, const struct audit_register_case *x,
    const struct audit_sink *to);
/* The same of a file, of which at most bads_max bad lines are kept. */
void audit_register_file(struct arena *a, const struct audit_register_file *x,
    int64_t bads_max, const struct audit_sink *to);

#endif
