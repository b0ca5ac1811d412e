/*
 * pay_form: the bodies of quotes and payments, from JSON.
 */
#ifndef KVITOK_WEB_PAY_FORM_H
#define KVITOK_WEB_PAY_FORM_H

#include "kvitok/app/pay.h"
#include "kvitok/web/turn.h"

struct pay_form {
	const struct pay_line_in *lines;
	size_t lines_len;
	const struct reading_in *readings;
	size_t readings_len;
	struct str email, return_url, payer;
	struct card_wish card;
	/* SHA-256 of method, path and canonical body. */
	char hash[65];
};

/*
 * Read the body of a quote: lines, and who pays where a front-end asks.
 * Gives: out->lines and payer.
 * Fails: as request_json and form_json.
 */
KV_MUST_CHECK enum err pay_form_quote(struct turn *t, struct pay_form *out);
/* Read the body of a new payment; that of our own page names lines and e-mail
 * alone.  Fails: the same. */
KV_MUST_CHECK enum err pay_form_payment(struct turn *t, struct pay_form *out);
/*
 * Mark a request by its method, path and body: equal ones have equal marks,
 * however their JSON is spelt.
 * Gives: hash, SHA-256 in hex.
 * Fails: ERR_INVALID body_too_large.
 */
KV_MUST_CHECK enum err pay_form_mark(
    struct turn *t, const struct json *j, char hash[65]);
/*
 * Read the header Idempotency-Key.
 * Fails: ERR_INVALID idempotency_key_missing, idempotency_key_bad.
 */
KV_MUST_CHECK enum err pay_form_key(const struct turn *t, struct str *key);

#endif
