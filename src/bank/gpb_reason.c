#include "kvitok/bank/gpb_reason.h"

#include "kvitok/base/attr.h"
#include "kvitok/base/num.h"

#include <stddef.h>

#define NO_NUMBER INT64_MIN

struct row {
	const char *name;
	int64_t number;
	enum gpb_code kind;
	const char *reason;
};

#define NAMED(name, reason)                                                    \
	{                                                                      \
		(name), NO_NUMBER, GPB_REFUSED, (reason)                       \
	}

static const struct row rows[] = {
	/* With numbers. */
	{ "OK", 0, GPB_NOT_REFUSED, "" },
	/* Paid, but we did not take the news at once. */
	{ "ONLINE_RP_FAILED", 1, GPB_UNCLEAR, "bank_unsure" },
	{ "CPA_REJECTED", 2, GPB_REFUSED, "pay_order_refused" },
	{ "PREAUTHORIZE_OK", 3, GPB_NOT_REFUSED, "" },
	{ "CPA_FAILED", 4, GPB_REFUSED, "pay_bank_down" },
	{ "CS_NOTSUPPORTED", 11, GPB_REFUSED, "pay_declined" },
	{ "CS_LIMITEXCEEDED", 12, GPB_REFUSED, "pay_limit" },
	{ "CS_CARDNOTFOUND", 13, GPB_REFUSED, "pay_card_data" },
	{ "CPA_NONE", 21, GPB_REFUSED, "pay_order_refused" },
	{ "CLIENT_LOST", 53, GPB_TIME_OVER, "pay_time_over" },
	{ "USER_CANCEL", 54, GPB_CANCELLED, "pay_cancelled_by_payer" },
	{ "PAYMENT_REJECTED", -2, GPB_REFUSED, "pay_declined" },
	{ "PAYMENT_FAILED", -3, GPB_REFUSED, "pay_declined" },
	{ "PAYMENT_REVERSED", -4, GPB_REFUSED, "pay_declined" },
	/* Money. */
	NAMED("INSUFFICIENT_FUNDS", "pay_no_funds"),
	NAMED("DECLINED_BY_AMOUNT_LIMIT", "pay_limit"),
	NAMED("DECLINED_BY_COUNT_LIMIT", "pay_limit"),
	NAMED("AMOUNT_LIMIT_EXCEEDED", "pay_limit"),
	NAMED("FREQUENCY_LIMIT_EXCEEDED", "pay_limit"),
	NAMED("LIMIT_EXCEEDED", "pay_limit"),
	NAMED("INAPPROPRIATE_AMOUNT", "pay_declined"),
	NAMED("COMMISSION_MISMATCH", "pay_declined"),
	/* The card. */
	NAMED("CARD_EXPIRED", "pay_card_expired"),
	NAMED("CARD_BLOCKED", "pay_card_blocked"),
	NAMED("CARD_TEMPORARY_BLOCKED", "pay_card_blocked"),
	NAMED("CARD_RESTRICTED", "pay_card_blocked"),
	NAMED("CARD_IS_RESTRICTED", "pay_card_blocked"),
	NAMED("CARD_LOST", "pay_card_blocked"),
	NAMED("CARD_STOLEN", "pay_card_blocked"),
	NAMED("CARD_LOST_OR_STOLEN", "pay_card_blocked"),
	NAMED("CAPTURE_CARD", "pay_card_blocked"),
	NAMED("CARD_FAULT", "pay_card_data"),
	NAMED("CARD_DATA_INVALID", "pay_card_data"),
	NAMED("CARD_NOT_SUPPORTED", "pay_card_scheme"),
	NAMED("CARD_NOT_EFFECTIVE", "pay_card_blocked"),
	NAMED("CARD_RANGE_BLOCKED", "pay_card_foreign"),
	NAMED("CARD_NOT_FOUND", "pay_card_data"),
	NAMED("INCORRECT_PAN", "pay_card_data"),
	NAMED("ACCOUNT_RESTRICTED", "pay_card_blocked"),
	/* A bank said no. */
	NAMED("DECLINED_BY_ISSUER", "pay_bank_refused"),
	NAMED("DECLINED_BY_ACQUIRER", "pay_declined"),
	NAMED("AUTHORIZATION_FAILED", "pay_bank_refused"),
	NAMED("TRANSACTION_OR_CARD_NOT_PERMITTED", "pay_card_blocked"),
	NAMED("INVALID_MERCHANT", "pay_order_refused"),
	NAMED("PROHIBITED_BY_LAW", "pay_bank_refused"),
	NAMED("OTHER_ERRORS", "pay_declined"),
	NAMED("BLACK_LIST", "pay_bank_refused"),
	NAMED("FM_REJECTED", "pay_bank_refused"),
	NAMED("FM_REJECTED_BY_SCORE", "pay_bank_refused"),
	NAMED("BANK_FM_REJECTED", "pay_bank_refused"),
	NAMED("FM_FAILED", "pay_bank_refused"),
	/* Later perhaps. */
	NAMED("SYSTEM_ERROR", "pay_bank_down"),
	NAMED("SYSTEM_MALFUNCTION", "pay_bank_down"),
	NAMED("BANK_SYSTEM_ERROR", "pay_bank_down"),
	NAMED("COMMUNICATION_ERROR", "pay_bank_down"),
	NAMED("ISSUER_INOPERATIVE", "pay_bank_down"),
	NAMED("INVALID_ISSUER", "pay_bank_down"),
	NAMED("INVALID_FORMAT", "pay_bank_down"),
	NAMED("FORMAT_ERROR", "pay_bank_down"),
	NAMED("LOST_ORIGINAL_TRANSACTION_OR_DUPLICATE", "pay_bank_down"),
	/* Ours, or the course of the payment. */
	NAMED("CPA_SSL_FAILED", "pay_bank_down"),
	NAMED("REDIRECT_REQUIRED", "pay_wrong_3ds"),
	{ "OFFER_TIMEOUT", NO_NUMBER, GPB_TIME_OVER, "pay_time_over" },
	NAMED("TRANSACTION_NOT_FOUND", "pay_declined"),
	NAMED("TRANSACTION_NOT_SUPPORTED", "pay_declined"),
	NAMED("RECURRENT_ACQUIRER_ERROR", "pay_declined"),
	NAMED("REFUND_BY_MERCHANT", "pay_declined"),
	{ "UNKNOWN", NO_NUMBER, GPB_UNCLEAR, "bank_unsure" },
};

static const struct row *
find(struct str code)
{
	int64_t number = NO_NUMBER;
	bool numeric = num_parse(code, INT32_MIN, INT32_MAX, &number);

	for (size_t i = 0; i < KV_COUNT(rows); i++)
		if (numeric ? rows[i].number == number
			    : str_eq(str_of(rows[i].name), code))
			return &rows[i];
	return NULL;
}

bool
gpb_reason_known(struct str code)
{
	return find(code) != NULL;
}

enum gpb_code
gpb_reason(struct str code, struct str *reason)
{
	const struct row *row = find(code);

	if (row == NULL) {
		*reason = STR("pay_declined");
		return GPB_REFUSED;
	}
	*reason = str_of(row->reason);
	return row->kind;
}
