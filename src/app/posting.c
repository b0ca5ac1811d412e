#include "kvitok/app/posting.h"

#include "kvitok/base/day.h"

static void
stamp(const struct ports *p, struct arena *a, int64_t now,
    struct ledger_transfer *t)
{
	char id[27], day[DAY_TEXT_SIZE];

	p->ids.ulid(p->ids.self, now, id);
	day_of(now, DAY_ZONE_MOSCOW, day);
	t->id = arena_str(a, str_of(id));
	t->day = arena_str(a, str_of(day));
	t->at = now;
}

enum err
posting_put(const struct ports *p, struct arena *a, struct str akey,
    struct ledger_transfer *t, struct fault *f)
{
	t->akey = akey;
	stamp(p, a, p->clock.now(p->clock.self), t);
	return p->ledger.post(p->ledger.self, a, t, f);
}

enum err
posting_put_all(const struct ports *p, struct arena *a,
    struct ledger_transfer *v, size_t len, struct fault *f)
{
	int64_t now = p->clock.now(p->clock.self);

	for (size_t i = 0; i < len; i++)
		stamp(p, a, now, &v[i]);
	return len > 0 ? p->ledger.post_all(p->ledger.self, a, v, len, f)
		       : ERR_OK;
}
