/*
 * audit_find: the rows that an audit compares, and how it tells what it found.
 *
 * Pure: no database, no clock.
 */
#ifndef KVITOK_DOMAIN_AUDIT_FIND_H
#define KVITOK_DOMAIN_AUDIT_FIND_H

#include "kvitok/base/arena.h"
#include "kvitok/domain/cart.h"
#include "kvitok/domain/give_back.h"
#include "kvitok/domain/payment.h"
#include "kvitok/domain/refund.h"

#include <stddef.h>
#include <stdint.h>

/* One row that is wrong, missing or too much. */
struct audit_finding {
	const char *table;
	struct str key;     /* its primary key, parted by "/" */
	const char *column; /* "row": the row as a whole */
	struct str is, must;
};

struct audit_sink {
	void *self;
	void (*put)(void *self, const struct audit_finding *x);
};

struct audit_trx {
	int n;
	struct str id, state;
};

struct audit_event {
	struct str id, kind, from, to;
	struct str evidence; /* of those that name a bank; else empty */
	int n;
};

struct audit_case {
	struct str id, portal, kind, subject, state, evidence;
	int n;
	int64_t sum_kop, resolved_at; /* 0: not */
	struct str owner, resolution, note, decided_by;
	int64_t taken_at, decided_at, times;
};

/* What was done with a case. */
struct audit_case_event {
	struct str case_id, id, kind, actor, resolution, note;
	int64_t at;
};

struct audit_give_back {
	struct give_back g;
	struct str job_state; /* of the job that carries it out; empty: none */
};

struct audit_job {
	struct str id, kind, ref, state;
};

/* The bill that is being paid. */
struct audit_bill {
	struct str portal, lines_hash, payer;
};

struct audit_line {
	int n;
	struct str account, day;
	int64_t sum_kop;
};

struct audit_transfer {
	struct str id, cause, kind, day;
	int64_t at;
	const struct audit_line *lines; /* in order of n */
	size_t lines_len;
};

struct audit_refund {
	struct refund r;      /* lines in order of n */
	struct str job_state; /* of the job that carries it out; empty: none */
	bool of_case;         /* a case of a chargeback has its id */
};

/* What a bank was handed for a receipt. */
struct audit_cart {
	int n;             /* attempt */
	struct str refund; /* empty: of the order */
	struct cart cart;
};

/* A payment with all rows that bear its number. */
struct audit_payment {
	struct payment pm; /* with lines and attempts */
	int64_t lines_len; /* the column; pm.lines_len is how many there are */
	const int *line_ns;
	const struct audit_trx *trxs;
	size_t trxs_len;
	const struct audit_event *events;
	size_t events_len;
	const struct audit_case *cases;
	size_t cases_len;
	const struct audit_case_event *case_events;
	size_t case_events_len;
	const struct audit_give_back *backs;
	size_t backs_len;
	const struct audit_job *jobs;
	size_t jobs_len;
	const struct audit_bill *bills;
	size_t bills_len;
	const struct audit_refund *refunds;
	size_t refunds_len;
	const struct audit_cart *carts;
	size_t carts_len;
	const struct audit_transfer *transfers;
	size_t transfers_len;
};

/* What one check works on. */
struct audit {
	struct arena *a;
	const struct audit_payment *x;
	const struct payment *pm;
	int64_t now;
	const struct audit_sink *to;
};

/* Tell of a row.  key is its own part, put behind the payment's number. */
void audit_wrong(struct audit *u, const char *table, struct str key,
    const char *column, struct str is, struct str must);
/* The same of two numbers; nothing when they are equal. */
void audit_number(struct audit *u, const char *table, struct str key,
    const char *column, int64_t is, int64_t must);
/* The same of two texts; nothing when they are equal. */
void audit_text(struct audit *u, const char *table, struct str key,
    const char *column, struct str is, struct str must);
/* Gives: n as text, in u's arena. */
struct str audit_n(struct audit *u, int64_t n);
/* Gives: a + b, or the nearest end of 64 bits. */
int64_t audit_add(int64_t a, int64_t b);

#endif
