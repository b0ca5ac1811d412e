#include "kvitok/app/sweep.h"

#include "kvitok/app/chronicle.h"
#include "kvitok/domain/payment.h"

struct sweeping {
	const struct ports *p;
	struct arena *a;
	struct str number;
};

static enum err
sweep_body(void *arg, struct fault *f)
{
	struct sweeping *s = arg;
	struct payment *pm;
	int64_t now = s->p->clock.now(s->p->clock.self);
	enum err rc = s->p->pays.load(s->p->pays.self, s->a, s->number, &pm, f);

	if (rc != ERR_OK || pm->expires_at > now ||
	    (pm->state != PAY_CREATED && pm->state != PAY_DECLINED))
		return rc;
	rc = s->p->pays.move(s->p->pays.self,
	    &(struct pay_move){ .akey = pm->akey,
		.number = pm->number,
		.from = pm->state,
		.to = PAY_EXPIRED,
		.attempts = pm->attempts_len_stored,
		.attempts_to = pm->attempts_len_stored,
		.at = now,
		.reason = STR("pay_time_over") },
	    f);
	return rc == ERR_OK
	    ? chronicle_put(s->p, s->a, pm,
		  &(struct chronicle_entry){ .kind = "payment_over",
		      .actor = STR("job"),
		      .from = pay_state_name(pm->state),
		      .to = pay_state_name(PAY_EXPIRED) },
		  f)
	    : rc;
}

enum err
sweep_payments(const struct ports *p, struct arena *a, int limit, size_t *did,
    struct fault *f)
{
	struct str *numbers;
	size_t len = 0;
	enum err rc = p->bills.overdue(p->bills.self, a,
	    p->clock.now(p->clock.self), limit, &numbers, &len, f);

	*did = 0;
	for (size_t i = 0; i < len && rc == ERR_OK; i++) {
		struct sweeping s = { p, a, numbers[i] };

		rc = p->tx.run(p->tx.self, "sweep", sweep_body, &s, f);
		/* Seen again by the next round. */
		if (rc == ERR_UNSURE)
			rc = ERR_OK;
		*did += 1;
	}
	return rc;
}
