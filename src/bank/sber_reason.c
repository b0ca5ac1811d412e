#include "kvitok/bank/sber_reason.h"

#include "kvitok/base/attr.h"

#include <stddef.h>

struct row {
	int code;
	enum sber_code kind;
	const char *reason;
};

#define REFUSED(code, reason)                                                  \
	{                                                                      \
		(code), SBER_REFUSED, (reason)                                 \
	}

/* Sorted by code. */
static const struct row rows[] = {
	REFUSED(-20010, "pay_limit"),    /* blocked by a limit */
	REFUSED(-3101, "pay_declined"),  /* binding forbidden by payer */
	REFUSED(-3100, "pay_declined"),  /* binding switched off */
	REFUSED(-2020, "pay_wrong_3ds"), /* bad ECI */
	REFUSED(-2019, "pay_wrong_3ds"), /* bad iReq of the issuer */
	REFUSED(-2018, "pay_bank_down"), /* directory server */
	REFUSED(-2017, "pay_wrong_3ds"), /* not authenticated */
	REFUSED(-2016, "pay_wrong_3ds"), /* 3-D Secure unavailable */
	REFUSED(-2015, "pay_wrong_3ds"), /* bad answer of the ACS */
	{ -2014, SBER_TIME_OVER, "pay_time_over" }, /* payer never came back */
	REFUSED(-2013, "pay_attempts_over"),        /* attempts used up */
	REFUSED(-2011, "pay_wrong_3ds"), /* card without 3-D Secure */
	REFUSED(-2010, "pay_wrong_3ds"), /* XID differs */
	{ -2007, SBER_TIME_OVER, "pay_time_over" }, /* time to pay is over */
	REFUSED(-2006, "pay_wrong_3ds"),            /* authentication failed */
	REFUSED(-2005, "pay_wrong_3ds"),    /* issuer's signature is bad */
	REFUSED(-2001, "pay_bank_refused"), /* IP on the black list */
	REFUSED(-2000, "pay_bank_refused"), /* card on the black list */
	{ -100, SBER_NOT_REFUSED, "" },     /* no attempt yet */
	{ -99, SBER_NOT_REFUSED, "" },      /* in progress */
	{ 0, SBER_NOT_REFUSED, "" }, REFUSED(5, "pay_bank_refused"),
	REFUSED(7, "pay_card_blocked"), REFUSED(41, "pay_card_blocked"),
	REFUSED(43, "pay_card_blocked"),
	REFUSED(82, "pay_card_data"),     /* wrong CVC */
	REFUSED(100, "pay_card_blocked"), /* internet use barred */
	REFUSED(101, "pay_card_expired"),
	REFUSED(103, "pay_bank_refused"), /* ask the issuer */
	REFUSED(104, "pay_card_blocked"), /* restricted */
	REFUSED(106, "pay_card_blocked"), /* PIN tries used up */
	REFUSED(107, "pay_bank_refused"), /* ask the issuer */
	REFUSED(109, "pay_declined"),     /* bad merchant */
	REFUSED(110, "pay_declined"),     /* bad amount */
	REFUSED(111, "pay_card_data"),    /* bad number */
	REFUSED(116, "pay_no_funds"),
	REFUSED(117, "pay_card_blocked"), /* 117 to 120: not allowed */
	REFUSED(118, "pay_card_blocked"), REFUSED(119, "pay_card_blocked"),
	REFUSED(120, "pay_card_blocked"),
	REFUSED(121, "pay_limit"), /* amount */
	REFUSED(123, "pay_limit"), /* count */
	REFUSED(125, "pay_card_data"), REFUSED(208, "pay_card_blocked"),
	REFUSED(209, "pay_limit"),
	REFUSED(239, "pay_bank_refused"), /* end of a subscription */
	REFUSED(400, "pay_declined"),     /* a reversal was processed */
	REFUSED(902, "pay_bank_refused"), /* restriction */
	REFUSED(904, "pay_bank_down"),    /* format */
	REFUSED(907, "pay_bank_down"),    /* issuer unavailable */
	REFUSED(909, "pay_bank_down"),    /* system */
	REFUSED(910, "pay_bank_down"),    /* issuer unavailable */
	REFUSED(913, "pay_bank_down"),    /* bad message */
	REFUSED(914, "pay_declined"),     /* original not found */
	REFUSED(999, "pay_bank_refused"), /* suspicion of fraud */
	{ 1001, SBER_TIME_OVER, "pay_time_over" }, /* no data entered */
	REFUSED(1014, "pay_bank_refused"),         /* the gateway's default */
	REFUSED(1015, "pay_card_data"),
	REFUSED(1017, "pay_wrong_3ds"),        /* no link to the ACS */
	REFUSED(1018, "pay_bank_down"),        /* timeout, certainly not sent */
	{ 1019, SBER_UNCLEAR, "bank_unsure" }, /* sent, no answer */
	REFUSED(2003, "pay_wrong_3ds"),        /* 3-D Secure is mandatory */
	REFUSED(2004, "pay_card_data"),        /* CVC is mandatory */
	REFUSED(2007, "payment_paid_already"),
	REFUSED(2009, "pay_declined"), /* refund above payment */
	REFUSED(2016, "pay_declined"), /* merchant without 3DS right */
};

static int64_t
without_prefix(int64_t code)
{
	if ((code >= 150000 && code <= 159999) ||
	    (code >= 340000 && code <= 349999) ||
	    (code >= 70000 && code <= 79999))
		return code % 10000;
	return code;
}

static const struct row *
find(int64_t code)
{
	for (size_t i = 0; i < KV_COUNT(rows); i++)
		if (rows[i].code == code)
			return &rows[i];
	return NULL;
}

bool
sber_reason_known(int64_t action_code)
{
	return find(without_prefix(action_code)) != NULL;
}

enum sber_code
sber_reason(int64_t action_code, struct str *reason)
{
	const struct row *row = find(without_prefix(action_code));

	if (row == NULL) {
		*reason = STR("pay_declined");
		return SBER_REFUSED;
	}
	*reason = str_of(row->reason);
	return row->kind;
}
