/*
 * sber: orders of Sberbank, in both dialects of its gateway.
 *
 * Registers one-stage orders, calls off unpaid ones and builds links to the
 * bank's page.  Says of no order that it is paid: that is sber_status.h.
 */
#ifndef KVITOK_BANK_SBER_H
#define KVITOK_BANK_SBER_H

#include "kvitok/bank/contract.h"
#include "kvitok/base/json.h"
#include "kvitok/port/gateway.h"

/* One parameter of a call: SBER_TEXT(name, s) or SBER_INT(name, n). */
struct sber_param {
	const char *name;
	struct str text;
	int64_t number;
	bool is_int;  /* the JSON dialect writes it without quotes */
	bool is_json; /* text is JSON: a value of its own in the JSON dialect */
};

#define SBER_TEXT(name, text)                                                  \
	{                                                                      \
		(name), (text), 0, false, false                                \
	}
#define SBER_INT(name, number)                                                 \
	{                                                                      \
		(name), STR_NONE, (number), true, false                        \
	}

#define SBER_JSON(name, text)                                                  \
	{                                                                      \
		(name), (text), 0, false, true                                 \
	}

/*
 * Call a method with the contract's login: a form or JSON, by dialect.
 * Fails: as http_call.
 */
KV_MUST_CHECK enum err sber_call(const struct contract *c, struct arena *a,
    enum health_call kind, const char *method, const struct sber_param *params,
    size_t len, struct http_answer *out, struct fault *f);
/*
 * The code of an answer's errorCode, which is a number, a text or absent.
 * Gives: 0 when absent or null; -1 when it is no number at all.
 */
int64_t sber_error_code(const struct json *j);

/* As gateway.start. */
KV_MUST_CHECK enum err sber_start(const struct contract *c, struct arena *a,
    const struct bank_order *o, struct bank_start *out, struct fault *f);
/* The same with features ("VERIFY"); empty: none. */
KV_MUST_CHECK enum err sber_register(const struct contract *c, struct arena *a,
    const struct bank_order *o, struct str features, struct bank_start *out,
    struct fault *f);
/* What an answer to register.do means; apart for its tests. */
KV_MUST_CHECK enum err sber_start_read(struct arena *a,
    const struct http_answer *answer, struct bank_start *out, struct str *words,
    struct fault *f);
/* As gateway.cancel. */
KV_MUST_CHECK enum err sber_cancel(const struct contract *c, struct arena *a,
    const struct bank_query *q, struct fault *f);
/* As gateway.page_url. */
struct str sber_page_url(
    const struct contract *c, struct arena *a, struct str bank_id);

#endif
