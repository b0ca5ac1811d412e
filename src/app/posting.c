#include "kvitok/app/posting.h"

#include "kvitok/base/day.h"

enum err
posting_put(const struct ports *p, struct arena *a, struct str akey,
    struct ledger_transfer *t, struct fault *f)
{
	int64_t now = p->clock.now(p->clock.self);
	char id[27], day[DAY_TEXT_SIZE];

	p->ids.ulid(p->ids.self, now, id);
	day_of(now, DAY_ZONE_MOSCOW, day);
	t->akey = akey;
	t->id = arena_str(a, str_of(id));
	t->day = arena_str(a, str_of(day));
	t->at = now;
	return p->ledger.post(p->ledger.self, a, t, f);
}
