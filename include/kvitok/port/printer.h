/*
 * printer: documents that a payer reads, as bytes.
 *
 * The receipt holds everything that is printed; who fills it asks no store
 * while printing.  The same receipt gives the same bytes.
 */
#ifndef KVITOK_PORT_PRINTER_H
#define KVITOK_PORT_PRINTER_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct receipt_line {
	struct str supplier; /* ООО «Южное ЖКС» */
	struct str inn;      /* of the supplier, 10 or 12 digits */
	struct str account;  /* as people write it: ИНЗБ17004717 */
	struct str address;  /* may be empty */
	struct str service;
	int64_t sum_kop;
	int64_t fee_kop;
};

struct receipt {
	struct str number; /* of the payment */
	struct str portal; /* its name for people */
	struct str portal_url;
	struct str support; /* phone or address for questions; may be empty */
	const struct receipt_line *lines;
	size_t lines_len; /* 1 .. 50 */
	int64_t sum_kop, fee_kop, total_kop;
	int64_t paid_at;
	int zone_min;         /* of the portal: Moscow 180, Irkutsk 480 */
	struct str zone_name; /* «московское время»; may be empty */
	struct str bank; /* name for people: АО «Газпромбанк» */
	struct str card_mask; /* may be empty, like the next two */
	struct str rrn;
	struct str auth_code;
	/* Its id, when this is of a refund: lines and sums are what went back,
	 * paid_at is when.  Empty: of the payment itself. */
	struct str refund;
};

/* Balances are written as payers read them: below zero is a debt. */
struct invoice_line {
	struct str service;
	struct str unit; /* empty: not charged by volume */
	int64_t volume_micro, tariff_micro;
	int64_t accrued_kop, recalculated_kop, benefit_kop;
	struct str recalculated_why;
	int64_t penalty_kop; /* -1: the supplier has not said */
	int64_t charged_kop; /* of the four before it */
	int64_t opening_kop, paid_kop, to_pay_kop;
};

/* A bill (квитанция) of one account for one month. */
struct invoice {
	struct str number;
	struct str portal, portal_url, support; /* support may be empty */
	/* The payee; all but its name may be empty. */
	struct str supplier, inn, kpp, settlement_account, bank, bic;
	struct str correspondent;
	struct str account, owner, address; /* the last two may be empty */
	struct str month;                   /* YYYY-MM */
	struct str due_day;                 /* empty: no rule says */
	struct str paid_until_day; /* up to which payments are counted */
	const struct invoice_line *lines;
	size_t lines_len; /* 0 .. 200 */
	int64_t opening_kop, charged_kop, paid_kop, to_pay_kop;
	/* What the law would add to the debt, told for information because the
	 * supplier has not said; -1: nothing is told. */
	int64_t penalty_kop;
	struct bytes qr;    /* for banks' programs; empty: none is drawn */
	int64_t created_at; /* instant of the document */
};

/* Where the bytes of a long document go, as they are made. */
struct printer_sink {
	void *self;
	/* Gives: false when it takes no more: the document then fails. */
	bool (*write)(void *self, const void *p, size_t len);
};

/* A document of many bills. */
struct printer_book;

struct printer {
	void *self;
	/*
	 * Gives: *pdf, one A4 page (more only when the lines need it), in a.
	 * Fails: ERR_BUG print_failed; ERR_LIMIT lines_too_many.
	 */
	KV_MUST_CHECK enum err (*receipt)(void *self, struct arena *a,
	    const struct receipt *r, struct bytes *pdf, struct fault *f);
	/*
	 * Gives: *pdf, one A4 page (more only when the lines need it), in a.
	 * Fails: ERR_BUG print_failed; ERR_LIMIT lines_too_many, qr_long.
	 */
	KV_MUST_CHECK enum err (*invoice)(void *self, struct arena *a,
	    const struct invoice *i, struct bytes *pdf, struct fault *f);
	/*
	 * Many bills as one document: its pages leave the memory as they are
	 * finished.  The book lives in long_lived until book_end, which ends
	 * it in any case; a is emptied by the caller after each bill.
	 */
	KV_MUST_CHECK enum err (*book_begin)(void *self,
	    struct arena *long_lived, struct str title, int64_t created_at,
	    struct printer_sink sink, struct printer_book **out,
	    struct fault *f);
	KV_MUST_CHECK enum err (*book_add)(struct printer_book *book,
	    struct arena *a, const struct invoice *i, struct fault *f);
	KV_MUST_CHECK enum err (*book_end)(
	    struct printer_book *book, struct fault *f);
};

#endif
