#include "kvitok/sim/journal.h"

#include "kvitok/sim/caller.h"
#include "kvitok/sim/door.h"
#include "kvitok/sim/pairs.h"

#include <stdio.h>

struct entry {
	int64_t at;
	bool out;
	char method[8];
	char path[160];
	char call[24];
	char number[64];
	int status; /* 0: no answer */
};

struct journal {
	struct entry e[JOURNAL_MAX];
	uint64_t n; /* ever */
};

struct journal *
journal_new(struct arena *a)
{
	return ARENA_NEW(a, struct journal);
}

void
journal_clear(struct journal *j)
{
	j->n = 0;
}

static void
copy(char *out, size_t size, struct str s)
{
	(void)snprintf(out, size, "%.*s", STR_ARG(s));
}

void
journal_in(struct journal *j, const struct req *r)
{
	struct entry *e = &j->e[j->n % JOURNAL_MAX];

	if (!r->note)
		return;
	j->n++;
	*e = (struct entry){ .at = world_now(r->w),
		.status = r->drop ? 0 : r->status };
	copy(e->method, sizeof(e->method), r->method);
	copy(e->path, sizeof(e->path), r->path);
	copy(e->call, sizeof(e->call), str_of(r->note));
	copy(e->number, sizeof(e->number), r->number);
}

void
journal_out(struct journal *j, const struct call *c, int64_t at)
{
	struct entry *e = &j->e[j->n++ % JOURNAL_MAX];
	struct str rest = c->url, path;

	str_cut(&rest, '?', &path);
	*e = (struct entry){ .at = at, .out = true, .status = c->status };
	copy(
	    e->method, sizeof(e->method), c->body.p ? STR("POST") : STR("GET"));
	copy(e->path, sizeof(e->path), path);
	copy(e->call, sizeof(e->call), str_of(c->what));
	copy(e->number, sizeof(e->number), c->number);
}

static bool
passes(const struct pairs *filter, const char *name, const char *value)
{
	return !pairs_has(filter, name) ||
	    str_eq(pairs_get(filter, name), str_of(value));
}

void
journal_write(const struct journal *j, const struct pairs *filter, size_t limit,
    struct jw *w)
{
	uint64_t kept = j->n < JOURNAL_MAX ? j->n : JOURNAL_MAX;

	jw_list(w);
	for (uint64_t i = 0; i < kept && limit > 0; i++) {
		const struct entry *e = &j->e[(j->n - 1 - i) % JOURNAL_MAX];
		const char *direction = e->out ? "out" : "in";

		if (!passes(filter, "direction", direction) ||
		    !passes(filter, "call", e->call) ||
		    !passes(filter, "number", e->number))
			continue;
		limit--;
		jw_object(w);
		jw_ktime(w, "at", e->at);
		jw_ktext(w, "direction", str_of(direction));
		jw_ktext(w, "method", str_of(e->method));
		jw_ktext(w, "path", str_of(e->path));
		jw_ktext(w, "call", str_of(e->call));
		jw_kopt(w, "number", str_of(e->number));
		jw_kint(w, "status", e->status);
		jw_object_end(w);
	}
	jw_list_end(w);
}
