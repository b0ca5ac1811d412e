/*
 * bankqr: what a bank's program reads from the square on a bill
 * (GOST R 56042-2014).
 *
 * Pure.  Makes the bytes; drawing is the business of out/qr.h.  A field that
 * breaks a limit of the standard is a failure, never cut: money would go
 * elsewhere.
 */
#ifndef KVITOK_DOMAIN_BANKQR_H
#define KVITOK_DOMAIN_BANKQR_H

#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/codepage.h"
#include "kvitok/base/fault.h"

#include <stdint.h>

#define BANKQR_HEAD_MAX 300   /* bytes of the five pairs that must be there */
#define BANKQR_BYTES_MAX 1600 /* of all: still read from a sheet of paper */
#define BANKQR_TECH_HOUSING "02"

/* Texts may be empty but for the first five of the standard; correspondent
 * empty: the bank has none, which is written as 0. */
struct bankqr {
	struct str name, account, bank, bic, correspondent;
	int64_t sum_kop; /* 0: the payer fills it in */
	struct str purpose;
	struct str payee_inn, payee_kpp;
	struct str last_name; /* the payer's, or his whole name */
	struct str payer_address;
	struct str pers_acc; /* his account at the supplier */
	struct str month;    /* YYYY-MM, written as MMYYYY */
	struct str bill;     /* number of it */
	struct str tech_code;
};

/*
 * Append the bytes, in UTF-8 or in Windows-1251.
 * Fails: ERR_INVALID qr_field (a limit of the standard, a wrong control key,
 * a character that the encoding has not; the detail names the key), ERR_LIMIT
 * qr_long (the five pairs above BANKQR_HEAD_MAX, or all above
 * BANKQR_BYTES_MAX, or no separator is free).
 */
KV_MUST_CHECK enum err bankqr_write(const struct bankqr *q, enum codepage cp,
    struct arena *a, struct buf *out, struct fault *f);

#endif
