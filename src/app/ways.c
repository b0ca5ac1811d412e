#include "kvitok/app/ways.h"

#include "kvitok/app/reference.h"

enum err
ways_of(const struct ports *p, struct arena *a, const struct payment *pm,
    struct route_ways *out, struct fault *f)
{
	struct route_line *lines =
	    ARENA_ARRAY(a, pm->lines_len, struct route_line);
	const struct ref_portal *po;
	const struct ref *r;
	struct route_ways common = { .len = 0 };
	char today[11];
	enum err rc = reference(p, &r, f);

	if (rc != ERR_OK)
		return rc;
	po = ref_portal(r, pm->portal);
	for (size_t i = 0; i < pm->lines_len; i++)
		lines[i] = (struct route_line){ pm->lines[i].supplier,
			pm->lines[i].service };
	if (po != NULL) {
		reference_today(po, p->clock.now(p->clock.self), today);
		route_common(r, pm->portal, lines, pm->lines_len, str_of(today),
		    &common);
	}
	route_open(pm, &common, out);
	/* The snapshot may be read anew before they are used. */
	for (size_t i = 0; i < out->len; i++) {
		out->way[i].contract = arena_str(a, out->way[i].contract);
		out->way[i].bank = arena_str(a, out->way[i].bank);
	}
	return ERR_OK;
}

bool
ways_pick(const struct ports *p, const struct route_ways *v, enum ways_use use,
    struct route_way *out)
{
	int64_t now = p->clock.now(p->clock.self);

	for (size_t i = 0; i < v->len; i++) {
		struct str contract = v->way[i].contract;

		if (use == WAYS_TO_CALL
			? !p->gateway.admits(p->gateway.self, contract, now)
			: p->gateway.is_down(p->gateway.self, contract, now))
			continue;
		*out = v->way[i];
		return true;
	}
	return false;
}
