/*
 * world_front: what a front-end, a payer and the jobs do: order, pay, open the
 * link, work.  A part of world.h.
 */
#ifndef KVITOK_TESTS_STORE_WORLD_FRONT_H
#define KVITOK_TESTS_STORE_WORLD_FRONT_H

static inline struct caller
world_caller(const char *portal)
{
	return (struct caller){ .key_id = STR("01KEYKEYKEYKEYKEYKEYKEYKEY"),
		.portal = str_of(portal),
		.rights = RIGHT_PAY | RIGHT_READ };
}

static inline void
world_render(struct buf *b, const struct ports *p, const struct payment *pm)
{
	(void)p;
	buf_lit(b, "{\"number\":\"");
	buf_json(b, pm->number);
	buf_lit(b, "\"}");
}

struct world_order {
	const char *portal, *supplier, *service, *account;
	int64_t kop;
	const char *ikey, *body; /* NULL: never used before */
	const char *payer, *return_url, *email;
	const char *second; /* account of a second line like the first */
};

static inline enum err
world_try(struct world *w, const struct world_order *o, struct pay_created *out)
{
	struct caller who = world_caller(o->portal);
	struct pay_line_in lines[] = {
		{ str_of(o->supplier), str_of(o->service), str_of(o->account),
		    o->kop },
		{ str_of(o->supplier), str_of(o->service), str_of(o->second),
		    o->kop },
	};
	struct pay_request req = { .lines = lines,
		.lines_len = o->second ? 2 : 1,
		.email = str_of(o->email ? o->email : "payer@mail.example"),
		.payer = str_of(o->payer ? o->payer : w->payer),
		.return_url = str_of(o->return_url),
		.card = w->wish,
		.ikey =
		    o->ikey ? str_of(o->ikey) : fixture_ulid(w->fx.a, w->now),
		.render = world_render };

	fault_init(&w->fx.f);
	secret_sha256_hex(str_of(o->body), req.body_hash);
	return pay_create(&w->p, w->fx.a, &who, &req, out, &w->fx.f);
}

static const struct world_order gpb_order = { "portalgkh", "yuzhnoe-zhks",
	"zhku", GUIDE_ACCOUNT, 120000, NULL, NULL, NULL, NULL, NULL, NULL };
static const struct world_order sber_order = { "irkutskenergosbyt",
	"irkutskenergosbyt", "elektro", "инзб17004717", 50000, NULL, NULL, NULL,
	NULL, NULL, NULL };

static inline struct payment *
world_load(struct world *w, struct str number)
{
	struct payment *pm;

	assert_done(&w->fx,
	    w->p.pays.load(w->p.pays.self, w->fx.a, number, &pm, &w->fx.f));
	return pm;
}

static inline struct payment *
world_pay(struct world *w, const struct world_order *o)
{
	struct pay_created made;

	assert_done(&w->fx, world_try(w, o, &made));
	assert_false(made.replay);
	return world_load(w, made.number);
}

static inline struct str
world_token(struct world *w, const struct payment *pm)
{
	return arena_fmt(
	    w->fx.a, "%.*s.%.*s", STR_ARG(pm->number), STR_ARG(pm->secret));
}

static inline struct opened
world_open(struct world *w, const struct payment *pm)
{
	struct opened out;

	assert_done(&w->fx,
	    open_link(&w->p, w->fx.a, world_token(w, pm), &out, &w->fx.f));
	return out;
}

/* Run what is due now; gives how many jobs were done. */
static inline size_t
world_work(struct world *w)
{
	size_t did, all = 0;

	do {
		assert_done(&w->fx,
		    work_some(&w->p, w->fx.a, STR("test"), 10, &did, &w->fx.f));
		all += did;
	} while (did > 0);
	return all;
}

#endif
