#include "kvitok/domain/route.h"

static bool
has(const struct ref_routes *v, const struct ref_contract *c)
{
	for (size_t i = 0; i < v->len; i++)
		if (v->to[i] == c)
			return true;
	return false;
}

static void
way_add(struct route_ways *v, struct str contract, struct str bank)
{
	v->way[v->len++] =
	    (struct route_way){ .contract = contract, .bank = bank };
}

void
route_common(const struct ref *r, struct str portal,
    const struct route_line *lines, size_t lines_len, struct str day,
    struct route_ways *out)
{
	struct ref_routes all, one;
	size_t kept;

	*out = (struct route_ways){ .len = 0 };
	ref_routes(r, portal, lines[0].supplier, lines[0].service, day, &all);
	for (size_t i = 1; i < lines_len; i++) {
		ref_routes(
		    r, portal, lines[i].supplier, lines[i].service, day, &one);
		kept = 0;
		for (size_t j = 0; j < all.len; j++)
			if (has(&one, all.to[j]))
				all.to[kept++] = all.to[j];
		all.len = kept;
	}
	for (size_t i = 0; i < all.len; i++)
		way_add(out, all.to[i]->contract, all.to[i]->bank);
}

/* Behind all that were tried as often as it or less. */
static void
put_in_order(
    const struct payment *pm, struct route_ways *v, const struct route_way *w)
{
	int tries = payment_tries(pm, w->contract);
	size_t i = v->len++;

	while (i > 0 && payment_tries(pm, v->way[i - 1].contract) > tries) {
		v->way[i] = v->way[i - 1];
		i--;
	}
	v->way[i] = *w;
}

/* Is its own contract still a way for its lines? */
static bool
is_way(const struct route_ways *v, const struct payment *pm)
{
	for (size_t i = 0; i < v->len; i++)
		if (str_eq(v->way[i].contract, pm->contract))
			return true;
	return false;
}

void
route_open(const struct payment *pm, const struct route_ways *common,
    struct route_ways *out)
{
	bool may = payment_may_switch(pm);
	bool first = pm->attempts_len == 0 || !may || !is_way(common, pm);

	*out = (struct route_ways){ .len = 0 };
	if (first)
		way_add(out, pm->contract, pm->bank);
	for (size_t i = 0; i < common->len && may; i++)
		if (!first || !str_eq(common->way[i].contract, pm->contract))
			put_in_order(pm, out, &common->way[i]);
}
