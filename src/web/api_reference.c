#include "kvitok/app/reading.h"
#include "kvitok/app/reference.h"
#include "kvitok/base/jw.h"
#include "kvitok/base/utf8.h"
#include "kvitok/http/form.h"
#include "kvitok/web/cursor.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/owed.h"
#include "kvitok/web/phrase.h"

#define LIMIT_MAX 200

/* A list of suppliers or services in the making. */
struct listing {
	struct turn *t;
	struct jw w;
	const struct ref *r;
	const struct ref_portal *portal;
	struct str day;
};

static enum err
begin(struct listing *l, struct turn *t, char day[11])
{
	enum err rc = reference(t->p, &l->r, t->f);

	if (rc != ERR_OK)
		return rc;
	l->t = t;
	l->portal = ref_portal(l->r, t->who.portal);
	if (!l->portal)
		return fault_set(
		    t->f, ERR_BUG, "internal", "key without portal");
	reference_today(l->portal, t->p->clock.now(t->p->clock.self), day);
	l->day = str_of(day);
	return ERR_OK;
}

static enum err
put_limits(struct listing *l, const struct limit_rule *rule)
{
	struct str words;
	enum err rc = phrase_limits(l->t->a, rule, &words, l->t->f);

	if (rc != ERR_OK)
		return rc;
	jw_key(&l->w, "limits");
	jw_object(&l->w);
	jw_kint(&l->w, "min_kop", rule->min.kop);
	jw_kint(&l->w, "max_kop", rule->max.kop);
	jw_ktext(&l->w, "words", words);
	jw_object_end(&l->w);
	return ERR_OK;
}

/* Only services that somebody can pay for now. */
static enum err
put_service(struct listing *l, const struct ref_service *s)
{
	struct str portal = l->portal->portal, words;
	const struct limit_rule *limit =
	    ref_limit_line(l->r, portal, s->supplier, s->service, l->day);
	const struct fee_rule *fee =
	    ref_fee(l->r, portal, s->supplier, s->service, l->day);
	const struct ref_contract *c =
	    ref_route(l->r, portal, s->supplier, s->service, l->day);
	enum err rc;

	if (!limit || !fee || !c)
		return ERR_OK;
	rc = phrase_fee(l->t->a, fee, &words, l->t->f);
	if (rc != ERR_OK)
		return rc;
	jw_object(&l->w);
	jw_ktext(&l->w, "service", s->service);
	jw_ktext(&l->w, "title", s->title);
	jw_ktext(&l->w, "commission", words);
	jw_ktext(&l->w, "bank", c->bank);
	rc = put_limits(l, limit);
	jw_object_end(&l->w);
	return rc;
}

static enum err
put_services(struct listing *l, struct str supplier)
{
	enum err rc = ERR_OK;

	jw_key(&l->w, "services");
	jw_list(&l->w);
	for (size_t i = 0; i < l->r->services_len && rc == ERR_OK; i++) {
		const struct ref_service *s = &l->r->services[i];

		if (str_eq(s->portal, l->portal->portal) &&
		    str_eq(s->supplier, supplier) &&
		    ref_service(
			l->r, s->portal, supplier, s->service, l->day) == s)
			rc = put_service(l, s);
	}
	jw_list_end(&l->w);
	return rc;
}

static enum err
put_supplier(struct listing *l, const struct ref_supplier *s)
{
	enum err rc;

	jw_object(&l->w);
	jw_ktext(&l->w, "supplier", s->supplier);
	jw_ktext(&l->w, "title", s->title);
	jw_kopt(&l->w, "inn", s->inn);
	jw_kopt(&l->w, "account_hint", s->account_hint);
	jw_kopt(&l->w, "account_example", s->account_example);
	rc = put_services(l, s->supplier);
	jw_object_end(&l->w);
	return rc;
}

/* The cursor is the supplier that a page ends with. */
struct page_in {
	struct str after;
	int64_t limit;
};

static const struct field page_fields[] = {
	{ "limit", FIELD_INT, false, 1, LIMIT_MAX,
	    offsetof(struct page_in, limit), NULL, NULL },
	{ "after", FIELD_TEXT, false, 1, CURSOR_MAX,
	    offsetof(struct page_in, after), NULL, "cursor_bad" },
};
static const struct form page_form = { page_fields, KV_COUNT(page_fields),
	sizeof(struct page_in) };

static enum err
cursor_bad(struct turn *t)
{
	(void)fault_set(t->f, ERR_INVALID, "cursor_bad", "no such supplier");
	fault_field(t->f, "after", "cursor_bad");
	return t->f->err;
}

static enum err
put_suppliers(struct listing *l, const struct page_in *in)
{
	struct str last = STR_NONE, next = STR_NONE;
	bool begun = in->after.len == 0;
	enum err rc = ERR_OK;
	int64_t n = 0;

	jw_key(&l->w, "items");
	jw_list(&l->w);
	for (size_t i = 0; i < l->r->suppliers_len && rc == ERR_OK; i++) {
		const struct ref_supplier *s = &l->r->suppliers[i];

		if (!str_eq(s->portal, l->portal->portal) ||
		    ref_supplier(l->r, s->portal, s->supplier, l->day) != s)
			continue;
		if (!begun) {
			begun = str_eq(s->supplier, in->after);
			continue;
		}
		if (n++ == in->limit) {
			next = last;
			break;
		}
		rc = put_supplier(l, s);
		last = s->supplier;
	}
	jw_list_end(&l->w);
	jw_kopt(&l->w, "next", next);
	return rc == ERR_OK && !begun ? cursor_bad(l->t) : rc;
}

static enum err
read_page(struct turn *t, struct page_in *in)
{
	*in = (struct page_in){ .limit = LIMIT_MAX };
	return turn_query(t, &page_form, in);
}

enum err
api_suppliers(struct turn *t)
{
	struct listing l;
	const struct limit_rule *total;
	struct page_in in;
	struct buf b;
	char day[11];
	enum err rc = read_page(t, &in);

	if (rc == ERR_OK)
		rc = begin(&l, t, day);
	if (rc != ERR_OK)
		return rc;
	turn_buf(t, &b);
	jw_init(&l.w, &b);
	jw_object(&l.w);
	jw_ktext(&l.w, "portal", l.portal->portal);
	jw_ktext(&l.w, "title", l.portal->title);
	jw_kint(&l.w, "lines_max", l.portal->lines_max);
	total = ref_limit_total(l.r, l.portal->portal, l.day);
	if (total)
		rc = put_limits(&l, total);
	if (rc == ERR_OK)
		rc = put_suppliers(&l, &in);
	jw_object_end(&l.w);
	buf_char(&b, '\n');
	return rc == ERR_OK ? turn_json(t, 200, &b) : rc;
}

static void
put_debts(struct listing *l, const struct account *acc)
{
	const struct owed *list;
	size_t len = owed_list(l->t->a, l->r, l->day, acc, &list);

	jw_key(&l->w, "services");
	jw_list(&l->w);
	for (size_t i = 0; i < len; i++) {
		const struct account_debt *d = list[i].debt;

		jw_object(&l->w);
		jw_ktext(&l->w, "service", list[i].service->service);
		jw_ktext(&l->w, "title", list[i].service->title);
		jw_key(&l->w, "debt_kop");
		if (d)
			jw_int(&l->w, d->debt_kop);
		else
			jw_null(&l->w);
		jw_kopt(&l->w, "as_of_day", d ? d->as_of_day : STR_NONE);
		jw_object_end(&l->w);
	}
	jw_list_end(&l->w);
}

/* All but the last three characters hidden: enough to tell two apart. */
static struct str
mask_serial(struct arena *a, struct str serial)
{
	size_t len = utf8_len(serial);
	struct str head = utf8_cut(serial, len > 3 ? len - 3 : 0);

	if (serial.len == 0)
		return STR_NONE;
	return arena_fmt(
	    a, "***%.*s", (int)(serial.len - head.len), serial.p + head.len);
}

/* What may be told of giving a reading now; null: none are taken. */
static enum err
put_reading(
    struct listing *l, const struct account *acc, const struct account_meter *m)
{
	struct reading_now x;
	struct jw *w = &l->w;
	enum err rc = reading_look(l->t->p, l->t->a, acc, m, &x, l->t->f);

	if (rc != ERR_OK)
		return rc;
	jw_key(w, "reading");
	if (!x.rule) {
		jw_null(w);
		return ERR_OK;
	}
	jw_object(w);
	jw_kbool(w, "taken_now", !x.barred);
	jw_kopt(w, "reason", str_of(x.barred));
	jw_kopt(w, "reason_text",
	    x.barred ? str_of(reason_words(x.barred)) : STR_NONE);
	jw_kint(w, "first_day", x.rule->first_day);
	jw_kint(w, "last_day", x.rule->last_day);
	jw_kint(w, "max_use", x.rule->max_use);
	jw_key(w, "sent");
	if (x.sent) {
		jw_object(w);
		jw_kint(w, "value", x.sent->value);
		jw_ktime(w, "at", x.sent->created_at);
		jw_object_end(w);
	} else {
		jw_null(w);
	}
	jw_object_end(w);
	return ERR_OK;
}

static enum err
put_meters(struct listing *l, const struct account *acc)
{
	enum err rc = ERR_OK;

	jw_key(&l->w, "meters");
	jw_list(&l->w);
	for (size_t i = 0; i < acc->meters_len && rc == ERR_OK; i++) {
		const struct account_meter *m = &acc->meters[i];

		jw_object(&l->w);
		jw_ktext(&l->w, "meter", m->meter);
		jw_ktext(&l->w, "title", m->title);
		jw_kopt(&l->w, "serial", mask_serial(l->t->a, m->serial));
		jw_ktext(&l->w, "unit", m->unit);
		jw_kint(&l->w, "digits", m->digits);
		jw_kint(&l->w, "last_value", m->last_value);
		jw_kopt(&l->w, "last_day", m->last_day);
		jw_kopt(&l->w, "verify_day", m->verify_day);
		rc = put_reading(l, acc, m);
		jw_object_end(&l->w);
	}
	jw_list_end(&l->w);
	return rc;
}

enum err
api_account(struct turn *t)
{
	struct listing l;
	const struct account *acc;
	struct buf b;
	char day[11];
	enum err rc = reference_account(t->p, t->a, t->who.portal,
	    t->params.v[0], t->params.v[1], &acc, t->f);

	if (rc == ERR_OK)
		rc = begin(&l, t, day);
	if (rc != ERR_OK)
		return rc;
	turn_buf(t, &b);
	jw_init(&l.w, &b);
	jw_object(&l.w);
	jw_ktext(&l.w, "supplier", acc->supplier);
	jw_ktext(&l.w, "account", acc->account);
	jw_ktext(&l.w, "shown", acc->shown.len ? acc->shown : acc->account);
	jw_kopt(&l.w, "owner", account_mask_owner(t->a, acc->owner));
	jw_kopt(&l.w, "address", account_mask_address(t->a, acc->address));
	jw_kbool(&l.w, "closed", account_closed(acc->closed_day, l.day));
	jw_kopt(&l.w, "closed_day", acc->closed_day);
	put_debts(&l, acc);
	rc = put_meters(&l, acc);
	if (rc != ERR_OK)
		return rc;
	jw_object_end(&l.w);
	buf_char(&b, '\n');
	return turn_json(t, 200, &b);
}
