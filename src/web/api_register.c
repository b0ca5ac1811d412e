#include "kvitok/app/reconcile.h"
#include "kvitok/app/reference.h"

#include "kvitok/base/day.h"
#include "kvitok/base/jw.h"
#include "kvitok/http/form.h"
#include "kvitok/web/handlers.h"

#define LIMIT_MAX 200
#define LIMIT_USUAL 50
#define DAYS_USUAL 31
#define DAYS_MAX 400
#define CONTRACTS_MAX 64 /* of one portal */

/* Contracts that the portal's routes name; one that other portals use, too,
 * shows nothing of theirs. */
struct own {
	struct str contract[CONTRACTS_MAX];
	bool shared[CONTRACTS_MAX];
	size_t len;
};

static bool
has(const struct own *o, struct str contract)
{
	for (size_t i = 0; i < o->len; i++)
		if (str_eq(o->contract[i], contract))
			return true;
	return false;
}

/* only empty: all of them. */
static enum err
own_contracts(struct turn *t, struct str only, struct own *o)
{
	const struct ref *ref;
	enum err rc = reference(t->p, &ref, t->f);

	o->len = 0;
	for (size_t i = 0; rc == ERR_OK && i < ref->routes_len; i++) {
		struct str c = ref->routes[i].contract;

		if (str_eq(ref->routes[i].portal, t->who.portal) &&
		    (only.len == 0 || str_eq(only, c)) && !has(o, c) &&
		    o->len < CONTRACTS_MAX)
			o->contract[o->len++] = arena_str(t->a, c);
	}
	for (size_t i = 0; rc == ERR_OK && i < o->len; i++) {
		o->shared[i] = false;
		for (size_t k = 0; k < ref->routes_len; k++)
			o->shared[i] |=
			    str_eq(ref->routes[k].contract, o->contract[i]) &&
			    !str_eq(ref->routes[k].portal, t->who.portal);
	}
	if (rc == ERR_OK && only.len > 0 && o->len == 0)
		return fault_set(t->f, ERR_ABSENT, "register_contract", "%.*s",
		    STR_ARG(only));
	return rc;
}

static void
put_sums(struct jw *w, const char *name, const struct register_sums *s)
{
	jw_key(w, name);
	jw_object(w);
	jw_kint(w, "count", s->rows);
	jw_kint(w, "gross_kop", s->gross_kop);
	jw_kint(w, "fee_kop", s->fee_kop);
	jw_kint(w, "vat_kop", s->vat_kop);
	jw_kint(w, "net_kop", s->net_kop);
	jw_object_end(w);
}

/* Sums of a contract that others use, too, are not this portal's to see. */
static void
put_file(struct jw *w, const struct register_file *x, bool shared)
{
	jw_object(w);
	jw_ktext(w, "id", x->id);
	jw_ktext(w, "contract", x->contract);
	jw_kbool(w, "shared", shared);
	jw_ktext(w, "name", x->name);
	jw_ktext(w, "state", x->done ? STR("done") : STR("reading"));
	jw_kopt(w, "from_day", x->from_day);
	jw_kopt(w, "to_day", x->to_day);
	jw_ktime(w, "created_at", x->created_at);
	jw_ktime(w, "ended_at", x->ended_at);
	if (!shared) {
		jw_kint(w, "repeated", x->repeated);
		jw_kint(w, "bad", x->bad);
		put_sums(w, "taken", &x->taken);
		put_sums(w, "seen", &x->seen);
	}
	jw_object_end(w);
}

struct list_in {
	struct str contract, before, from, to;
	int64_t limit;
};

static const struct field file_fields[] = {
	{ "contract", FIELD_TEXT, false, 1, 32,
	    offsetof(struct list_in, contract), NULL, NULL },
	{ "before", FIELD_TEXT, false, 26, 26, offsetof(struct list_in, before),
	    NULL, "cursor_bad" },
	{ "limit", FIELD_INT, false, 1, LIMIT_MAX,
	    offsetof(struct list_in, limit), NULL, NULL },
};
static const struct form file_form = { file_fields, KV_COUNT(file_fields),
	sizeof(struct list_in) };

static const struct field day_fields[] = {
	{ "contract", FIELD_TEXT, false, 1, 32,
	    offsetof(struct list_in, contract), NULL, NULL },
	{ "from", FIELD_TEXT, false, 10, 10, offsetof(struct list_in, from),
	    NULL, NULL },
	{ "to", FIELD_TEXT, false, 10, 10, offsetof(struct list_in, to), NULL,
	    NULL },
};
static const struct form day_form = { day_fields, KV_COUNT(day_fields),
	sizeof(struct list_in) };

static enum err
read_query(struct turn *t, const struct form *form, struct list_in *in)
{
	*in = (struct list_in){ .limit = LIMIT_USUAL };
	return turn_query(t, form, in);
}

enum err
api_registers(struct turn *t)
{
	struct list_in in;
	struct own own;
	struct buf b;
	struct jw w;
	enum err rc = read_query(t, &file_form, &in);

	if (rc == ERR_OK)
		rc = own_contracts(t, in.contract, &own);
	if (rc != ERR_OK)
		return rc;
	turn_items(t, &b, &w);
	for (size_t i = 0; rc == ERR_OK && i < own.len; i++) {
		const struct register_file *v;
		size_t len = 0;

		rc = t->p->recon_report.files(t->p->recon_report.self, t->a,
		    own.contract[i], in.before, (int)in.limit, &v, &len, t->f);
		for (size_t k = 0; rc == ERR_OK && k < len; k++)
			put_file(&w, &v[k], own.shared[i]);
	}
	return rc == ERR_OK ? turn_items_end(t, &b, &w) : rc;
}

static enum err
bad_day(struct turn *t, const char *name, const char *reason)
{
	(void)fault_set(t->f, ERR_INVALID, reason, "%s", name);
	fault_field(t->f, name, reason);
	return t->f->err;
}

/* The last month, unless days are asked for. */
static enum err
read_days(struct turn *t, struct list_in *in)
{
	int64_t now = t->p->clock.now(t->p->clock.self), from, to;
	char day[DAY_TEXT_SIZE];

	day_of(now, DAY_ZONE_MOSCOW, day);
	if (in->to.len == 0)
		in->to = arena_str(t->a, str_of(day));
	if (!day_start(in->to, DAY_ZONE_MOSCOW, &to))
		return bad_day(t, "to", "field_form");
	day_of(to - DAYS_USUAL * DAY_MS, DAY_ZONE_MOSCOW, day);
	if (in->from.len == 0)
		in->from = arena_str(t->a, str_of(day));
	if (!day_start(in->from, DAY_ZONE_MOSCOW, &from))
		return bad_day(t, "from", "field_form");
	if (from > to || to - from > DAYS_MAX * DAY_MS)
		return bad_day(t, "from", "field_range");
	return ERR_OK;
}

static void
put_line(struct jw *w, struct str contract, const struct recon_line *l)
{
	jw_object(w);
	jw_ktext(w, "contract", contract);
	jw_ktext(w, "day", l->day);
	jw_ktext(w, "outcome", l->outcome);
	jw_kint(w, "count", l->count);
	jw_kint(w, "gross_kop", l->gross_kop);
	jw_kint(w, "fee_kop", l->fee_kop);
	jw_kint(w, "vat_kop", l->vat_kop);
	jw_kint(w, "net_kop", l->net_kop);
	jw_kint(w, "fees_off", l->fees_off);
	jw_object_end(w);
}

enum err
api_reconciliation(struct turn *t)
{
	struct list_in in;
	struct own own;
	struct buf b;
	struct jw w;
	enum err rc = read_query(t, &day_form, &in);

	if (rc == ERR_OK)
		rc = read_days(t, &in);
	if (rc == ERR_OK)
		rc = own_contracts(t, in.contract, &own);
	if (rc != ERR_OK)
		return rc;
	turn_buf(t, &b);
	jw_init(&w, &b);
	jw_object(&w);
	jw_ktext(&w, "from", in.from);
	jw_ktext(&w, "to", in.to);
	jw_key(&w, "items");
	jw_list(&w);
	for (size_t i = 0; rc == ERR_OK && i < own.len; i++) {
		const struct recon_line *v;
		size_t len = 0;

		/* What is nobody's is shown where nobody else can be it. */
		rc = t->p->recon_report.summary(t->p->recon_report.self, t->a,
		    own.contract[i], own.shared[i] ? t->who.portal : STR(""),
		    in.from, in.to, &v, &len, t->f);
		for (size_t k = 0; rc == ERR_OK && k < len; k++)
			put_line(&w, own.contract[i], &v[k]);
	}
	return rc == ERR_OK ? turn_items_end(t, &b, &w) : rc;
}
