/*
 * bank_call: a call-back of a bank comes in (P3, P4, P5).
 *
 * Evidence first: signature, then kept as it came, then acted on.  Never
 * calls the bank: what must be asked is made a due job, so that the answer
 * takes no longer than our database.
 */
#ifndef KVITOK_APP_BANK_CALL_H
#define KVITOK_APP_BANK_CALL_H

#include "kvitok/app/ports.h"

struct bank_answer {
	int status;       /* HTTP */
	const char *type; /* Content-Type */
	struct str body;
	bool ask_basic; /* 401: WWW-Authenticate: Basic */
};

/* bank: "sberbank".  Fails: ERR_AGAIN (answer 500, the bank repeats). */
KV_MUST_CHECK enum err bank_call_sberbank(const struct ports *p,
    struct arena *a, const struct bank_call *c, struct bank_answer *out,
    struct fault *f);
/* «May this be paid?» */
KV_MUST_CHECK enum err bank_call_check(const struct ports *p, struct arena *a,
    const struct bank_call *c, struct bank_answer *out, struct fault *f);
/* «The payment happened, or failed.» */
KV_MUST_CHECK enum err bank_call_register(const struct ports *p,
    struct arena *a, const struct bank_call *c, struct bank_answer *out,
    struct fault *f);

#endif
