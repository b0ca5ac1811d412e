#include "kvitok/app/schedule_desk.h"

#define PAGE 100
#define PAGE_MEMORY ((size_t)4 << 20)

static enum err
bad(struct fault *f, enum err rc, const char *field, const char *reason)
{
	(void)fault_set(f, rc, reason, "%s", field);
	fault_field(f, field, reason);
	return f->err;
}

bool
schedule_desk_made(const struct schedule *s)
{
	return str_starts(s->made_by, STR("staff:"));
}

static bool
sees(const struct caller *who, const struct schedule *s)
{
	return str_eq(who->portal, s->q.filter[REPORT_PORTAL]) &&
	    (who->supplier.len == 0 ||
		str_eq(who->supplier, s->q.filter[REPORT_SUPPLIER]));
}

/* --- all that go on, page by page ---------------------------------------- */

struct walk {
	void (*each)(void *arg, const struct schedule *s);
	void *arg;
};

/* What is handed out is gone with its page. */
static enum err
walk(const struct ports *p, const struct walk *w, struct fault *f)
{
	const struct schedule_store *st = &p->schedules;
	char after[SCHEDULE_NAME_MAX + 1] = "";
	size_t len = PAGE;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == PAGE) {
		struct arena *a = arena_new(PAGE_MEMORY);
		const struct schedule *v;

		rc = st->page(st->self, a, str_of(after), PAGE, &v, &len, f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++)
			w->each(w->arg, &v[i]);
		if (rc == ERR_OK && len > 0) {
			memcpy(after, v[len - 1].name.p, v[len - 1].name.len);
			after[v[len - 1].name.len] = '\0';
		}
		arena_free(a);
	}
	return rc;
}

/* --- what somebody sees -------------------------------------------------- */

struct reading {
	struct arena *a;
	const struct caller *who;
	struct schedule_desk *out;
};

static struct schedule
kept(struct arena *a, const struct schedule *s)
{
	struct schedule c = *s;

	for (int i = 0; i < REPORT_FILTER__COUNT; i++)
		c.q.filter[i] = arena_str(a, s->q.filter[i]);
	c.id = arena_str(a, s->id);
	c.name = arena_str(a, s->name);
	c.target = arena_str(a, s->target);
	c.next_day = arena_str(a, s->next_day);
	c.to_day = arena_str(a, s->to_day);
	c.made_by = arena_str(a, s->made_by);
	return c;
}

/* Forget an address: it is trusted with all, whatever was said of it. */
static void
forget(struct schedule_desk *d, struct str email)
{
	size_t n = 0;

	for (size_t i = 0; i < d->to_len; i++)
		if (!str_eq(d->to[i].email, email))
			d->to[n++] = d->to[i];
	d->to_len = n;
}

static void
trust(struct reading *x, struct str email, struct str supplier)
{
	struct schedule_desk *d = x->out;

	if (supplier.len == 0)
		forget(d, email);
	for (size_t i = 0; i < d->to_len; i++)
		if (str_eq(d->to[i].email, email) &&
		    (d->to[i].supplier.len == 0 ||
			str_eq(d->to[i].supplier, supplier)))
			return;
	if (d->to_len < SCHEDULE_ADDRESSES_MAX)
		d->to[d->to_len++] =
		    (struct schedule_address){ arena_str(x->a, email),
			    arena_str(x->a, supplier) };
}

static void
read_one(void *arg, const struct schedule *s)
{
	struct reading *x = arg;
	struct str list = s->target, one;
	bool more = s->by_mail && !schedule_desk_made(s);

	if (!sees(x->who, s))
		return;
	if (x->out->len < SCHEDULE_DESK_MAX)
		x->out->v[x->out->len++] = kept(x->a, s);
	while (more) {
		more = str_cut(&list, ' ', &one);
		trust(x, one, s->q.filter[REPORT_SUPPLIER]);
	}
}

enum err
schedule_desk_read(const struct ports *p, struct arena *a,
    const struct caller *who, struct schedule_desk *out, struct fault *f)
{
	struct reading x = { a, who, out };

	*out = (struct schedule_desk){ .v = ARENA_ARRAY(a, SCHEDULE_DESK_MAX,
					   struct schedule),
		.to = ARENA_ARRAY(
		    a, SCHEDULE_ADDRESSES_MAX, struct schedule_address) };
	return walk(p, &(struct walk){ read_one, &x }, f);
}

/* --- made ---------------------------------------------------------------- */

static bool
is_among(const struct schedule_desk *d, struct str supplier, struct str email)
{
	for (size_t i = 0; i < d->to_len; i++)
		if (str_eq(d->to[i].email, email) &&
		    (d->to[i].supplier.len == 0 ||
			str_eq(d->to[i].supplier, supplier)))
			return true;
	return false;
}

/* Each of them is one that who may choose for the supplier's reports. */
static enum err
mails_ok(struct arena *a, const struct schedule_desk *d,
    const struct schedule_request *r, struct fault *f)
{
	struct str list, one;
	bool more = true;
	enum err rc;

	if (str_trim(r->mail).len == 0)
		return bad(f, ERR_INVALID, "mail", "schedule_nobody");
	rc = schedule_mails(a, r->mail, &list, f);
	while (rc == ERR_OK && more) {
		more = str_cut(&list, ' ', &one);
		if (!is_among(d, r->supplier, one))
			rc = bad(f, ERR_INVALID, "mail", "email_unlisted");
	}
	return rc;
}

/* Gives: *found, the one of this name that the actor has made. */
static enum err
find_own(const struct ports *p, struct arena *a,
    const struct schedule_request *r, bool *found, struct schedule *out,
    struct fault *f)
{
	struct fault none;
	enum err rc;

	fault_init(&none);
	rc = p->schedules.by_name(p->schedules.self, a, r->name, out, &none);
	*found = rc == ERR_OK && str_eq(out->made_by, r->actor);
	if (rc == ERR_OK || rc == ERR_ABSENT)
		return ERR_OK;
	return fault_set(f, rc, none.reason, "%s", none.detail);
}

enum err
schedule_desk_add(const struct ports *p, struct arena *a,
    const struct caller *who, const struct schedule_request *r,
    struct schedule *out, struct fault *f)
{
	struct schedule_request own = *r;
	struct schedule_desk d;
	bool found;
	enum err rc = find_own(p, a, r, &found, out, f);

	if (rc != ERR_OK || found)
		return rc;
	own.portal = who->portal;
	own.folder = STR("");
	if (who->supplier.len > 0 && own.supplier.len > 0 &&
	    !str_eq(own.supplier, who->supplier))
		return bad(f, ERR_DENIED, "supplier", "report_foreign");
	if (who->supplier.len > 0)
		own.supplier = who->supplier;
	rc = schedule_desk_read(p, a, who, &d, f);
	if (rc == ERR_OK)
		rc = mails_ok(a, &d, &own, f);
	if (rc == ERR_OK && d.len == SCHEDULE_DESK_MAX)
		rc = fault_set(f, ERR_LIMIT, "schedule_too_many", "%zu", d.len);
	return rc == ERR_OK ? schedule_add(p, a, &own, out, f) : rc;
}

/* --- stopped ------------------------------------------------------------- */

enum err
schedule_desk_stop(const struct ports *p, struct arena *a,
    const struct caller *who, struct str name, struct str actor,
    struct fault *f)
{
	struct schedule s;
	enum err rc = p->schedules.by_name(p->schedules.self, a, name, &s, f);

	if (rc == ERR_OK && !sees(who, &s))
		rc = fault_set(f, ERR_ABSENT, "schedule_unknown", "another's");
	if (rc == ERR_OK && !schedule_desk_made(&s))
		rc = fault_set(f, ERR_DENIED, "schedule_of_operator", "%.*s",
		    STR_ARG(name));
	return rc == ERR_OK ? schedule_remove(p, a, name, actor, f) : rc;
}

/* --- sent ---------------------------------------------------------------- */

struct trusting {
	const struct schedule *s;
	struct str address;
	bool found;
};

static void
look(void *arg, const struct schedule *o)
{
	struct trusting *x = arg;
	const struct caller who = { .portal = x->s->q.filter[REPORT_PORTAL] };
	struct str of = o->q.filter[REPORT_SUPPLIER], list = o->target, one;
	bool more = o->by_mail && !schedule_desk_made(o) && sees(&who, o) &&
	    (of.len == 0 || str_eq(of, x->s->q.filter[REPORT_SUPPLIER]));

	while (more && !x->found) {
		more = str_cut(&list, ' ', &one);
		x->found = str_eq(one, x->address);
	}
}

enum err
schedule_desk_trusts(const struct ports *p, const struct schedule *s,
    struct str address, struct fault *f)
{
	struct trusting x = { .s = s, .address = address };
	enum err rc;

	if (!schedule_desk_made(s))
		return ERR_OK;
	rc = walk(p, &(struct walk){ look, &x }, f);
	return rc == ERR_OK && !x.found
	    ? fault_set(f, ERR_INVALID, "email_unlisted", "withdrawn since")
	    : rc;
}
