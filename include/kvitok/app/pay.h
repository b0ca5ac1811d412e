/*
 * pay: quote, create, read, list, cancel a payment (P1, P2, P8, P9).
 *
 * Nothing here calls another system; the pay link is in open.h, the banks'
 * call-backs in bank_call.h, what is asked and confirmed in confirm.h.
 */
#ifndef KVITOK_APP_PAY_H
#define KVITOK_APP_PAY_H

#include "kvitok/app/card_pay.h"
#include "kvitok/app/ports.h"
#include "kvitok/domain/payment.h"

struct pay_line_in {
	struct str supplier, service, account; /* account as typed */
	int64_t sum_kop;
};

struct quote_line {
	struct str supplier, service, account; /* account folded */
	int64_t sum_kop, fee_kop, supplier_fee_kop;
	int64_t min_kop, max_kop; /* limits of the line */
	/* Of a payer whom the law frees: as in struct pay_line. */
	enum fee_loss loss_on;
	int64_t loss_kop;
	struct str exempt;
	const char *fee_reason; /* why there is no commission; NULL: as usual */
};

struct quote {
	const struct quote_line *lines;
	size_t lines_len;
	int64_t sum_kop, fee_kop, total_kop;
	int64_t min_kop, max_kop; /* limits of the whole */
	/* The first bank of theirs that takes payers now; when down is set
	 * none does, and it is the first of all. */
	struct str contract, bank;
	bool down;
	const char *fee_reason; /* of the first line that has one */
};

/*
 * What would be paid?  Fields of faults are JSON pointers: /lines/0/sum_kop.
 * payer, the front-end's own id of who pays, may be empty; he may be free of
 * commission, and so may be an account.
 * Gives: *out in a.
 * Fails: ERR_LIMIT lines_empty, lines_too_many, lines_repeat, sum_too_small,
 * sum_too_large, total_too_small, total_too_large, banks_differ,
 * bank_not_set; ERR_ABSENT supplier_unknown, service_unknown,
 * account_unknown; ERR_INVALID; ERR_AGAIN.
 */
KV_MUST_CHECK enum err pay_quote(const struct ports *p, struct arena *a,
    struct str portal, struct str payer, const struct pay_line_in *lines,
    size_t lines_len, struct quote *out, struct fault *f);

struct reading_in {
	struct str supplier, account, meter; /* account as typed */
	int64_t value;
};

struct pay_request {
	const struct pay_line_in *lines;
	size_t lines_len;
	const struct reading_in *readings;
	size_t readings_len;
	struct str email, return_url, payer; /* may be empty, but email */
	struct card_wish card;
	struct str ikey;
	char body_hash[65]; /* SHA-256 of method, path and canonical body */
	/* Render the answer that is given now and to every repeat. */
	void (*render)(
	    struct buf *b, const struct ports *p, const struct payment *pm);
};

struct pay_created {
	struct str number;
	struct str answer; /* the stored body */
	bool replay;
};

/*
 * Create a payment, or find the one that this key made.
 * Fails: as pay_quote and reading_judge; ERR_INVALID email_bad (/email);
 * ERR_LIMIT return_host
 * (/return_url); ERR_LIMIT idempotency_key_reused; ERR_AGAIN bank_unavailable
 * (the bank is down: nothing was made), database_unavailable.
 */
KV_MUST_CHECK enum err pay_create(const struct ports *p, struct arena *a,
    const struct caller *who, const struct pay_request *req,
    struct pay_created *out, struct fault *f);

/* Fails: ERR_ABSENT payment_unknown, also for another portal's. */
KV_MUST_CHECK enum err pay_read(const struct ports *p, struct arena *a,
    const struct caller *who, struct str number, struct payment **out,
    struct fault *f);

/* portal of q is set here from who. */
KV_MUST_CHECK enum err pay_list(const struct ports *p, struct arena *a,
    const struct caller *who, struct pay_query *q, const struct payment **out,
    size_t *len, struct fault *f);

/*
 * Cancel while nothing is paid; twice is once.  An open order at the bank is
 * called off by a job; a late confirmation still wins.
 * Fails: ERR_CONFLICT payment_paid_already, payment_ended, payment_state.
 */
KV_MUST_CHECK enum err pay_cancel(const struct ports *p, struct arena *a,
    const struct caller *who, struct str number, struct payment **out,
    struct fault *f);

/* Append our link to pm: PUBLIC_URL/pay/NUMBER.SECRET */
void pay_url(const struct ports *p, const struct payment *pm, struct buf *out);

#endif
