#include "kvitok/app/subscriber.h"

#include "kvitok/app/reference.h"

enum err
subscriber_of(const struct ports *p, struct arena *a, struct str portal,
    struct str supplier, struct str number, struct subscriber_seen *out,
    struct fault *f)
{
	const struct ref *r;
	enum err rc;

	*out = (struct subscriber_seen){ .account = NULL };
	rc =
	    reference_account(p, a, portal, supplier, number, &out->account, f);
	if (rc == ERR_OK)
		rc = p->subscribers.find(
		    p->subscribers.self, a, out->account, &out->told, f);
	if (rc == ERR_OK)
		rc = reference(p, &r, f);
	if (rc == ERR_OK)
		reference_today(ref_portal(r, portal),
		    p->clock.now(p->clock.self), out->today);
	return rc;
}

struct forgetting {
	const struct ports *p;
	const struct account *whose;
	struct str before_day;
};

static enum err
forget_body(void *arg, struct fault *f)
{
	const struct forgetting *x = arg;

	return x->p->subscribers.forget(
	    x->p->subscribers.self, x->whose, x->before_day, f);
}

enum err
subscriber_sweep(
    const struct ports *p, struct arena *a, int limit, struct fault *f)
{
	char day[DAY_TEXT_SIZE];
	const struct account *v;
	size_t len = 0;
	enum err rc;

	day_of(p->clock.now(p->clock.self) - p->set.people_keep_days * DAY_MS,
	    DAY_ZONE_MOSCOW, day);
	rc = p->subscribers.over(
	    p->subscribers.self, a, str_of(day), limit, &v, &len, f);
	for (size_t i = 0; i < len && rc == ERR_OK; i++) {
		struct forgetting x = { p, &v[i], str_of(day) };

		rc = p->tx.run(p->tx.self, "forget_people", forget_body, &x, f);
	}
	return rc;
}
