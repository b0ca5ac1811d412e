#include "kvitok/app/noted.h"

struct str
noted_actor(struct arena *a, struct str login)
{
	return arena_fmt(a, "staff:%.*s", STR_ARG(login));
}

struct staff_event
noted_by(const struct ports *p, struct arena *a, struct str actor,
    struct str portal, const char *what)
{
	int64_t now = p->clock.now(p->clock.self);
	char id[27];

	p->ids.ulid(p->ids.self, now, id);
	return (struct staff_event){ .id = arena_str(a, str_of(id)),
		.at = now,
		.actor = actor,
		.staff = STR(""),
		.portal = portal,
		.what = str_of(what),
		.object = STR(""),
		.detail = STR(""),
		.address = STR("") };
}

struct staff_event
noted_event(const struct ports *p, struct arena *a, const struct staff *who,
    const char *what)
{
	struct staff_event e =
	    noted_by(p, a, noted_actor(a, who->login), who->portal, what);

	e.staff = who->id;
	return e;
}

struct noted {
	struct ports own;
	const struct ports *p;
	const struct staff_event *e;
	bool idle; /* this run has changed nothing */
};

/* One transaction in the making. */
struct noting {
	struct noted *n;
	enum err (*body)(void *arg, struct fault *f);
	void *arg;
};

static enum err
body(void *arg, struct fault *f)
{
	struct noting *x = arg;
	enum err rc;

	x->n->idle = false;
	rc = x->body(x->arg, f);
	return rc == ERR_OK && !x->n->idle
	    ? x->n->p->trail.put(x->n->p->trail.self, x->n->e, f)
	    : rc;
}

static void
idle(void *self)
{
	struct noted *n = self;

	n->idle = true;
}

static enum err
run(void *self, const char *name, enum err (*inner)(void *arg, struct fault *f),
    void *arg, struct fault *f)
{
	struct noting x = { .n = self, .body = inner, .arg = arg };

	return x.n->p->tx.run(x.n->p->tx.self, name, body, &x, f);
}

const struct ports *
noted_ports(const struct ports *p, struct arena *a, const struct staff_event *e)
{
	struct noted *n = ARENA_NEW(a, struct noted);

	n->own = *p;
	n->own.tx = (struct tx){ n, run, idle };
	n->p = p;
	n->e = e;
	return &n->own;
}
