/*
 * portal_meter: the meters of an account on the payment page (P8, M2).
 */
#ifndef KVITOK_WEB_PORTAL_METER_H
#define KVITOK_WEB_PORTAL_METER_H

#include "kvitok/app/reading.h"
#include "kvitok/http/url.h"
#include "kvitok/web/page.h"
#include "kvitok/web/turn.h"

/* A meter whose supplier takes readings, and what stands in its field. */
struct portal_meter {
	const struct account_meter *meter;
	struct reading_now now;
	struct str typed, error; /* words */
};

struct portal_meters {
	struct portal_meter *list;
	size_t len;
};

/* Gives: *out in t's arena.  Fails: ERR_AGAIN. */
KV_MUST_CHECK enum err portal_meters_find(
    struct turn *t, const struct account *acc, struct portal_meters *out);
/*
 * Take what a form without a script has sent: pairs of meter and reading.
 * Gives: *in in t's arena, at[i] the meter that reading i is of; false when a
 * field is no whole number, which is said beside it.
 */
KV_MUST_CHECK bool portal_meters_take(struct turn *t, struct portal_meters *v,
    const struct account *acc, const struct url_params *q,
    const struct reading_in **in, const size_t **at, size_t *len);
/* Put them on the page. */
void portal_meters_show(
    struct turn *t, const struct portal_meters *v, struct page *pg);

#endif
