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

struct printer {
	void *self;
	/*
	 * Gives: *pdf, one A4 page (more only when the lines need it), in a.
	 * Fails: ERR_BUG print_failed; ERR_LIMIT lines_too_many.
	 */
	KV_MUST_CHECK enum err (*receipt)(void *self, struct arena *a,
	    const struct receipt *r, struct bytes *pdf, struct fault *f);
};

#endif
