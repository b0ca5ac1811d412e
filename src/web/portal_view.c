#include "kvitok/web/portal_view.h"

#include "kvitok/app/reference.h"
#include "kvitok/web/page.h"
#include "kvitok/web/phrase.h"

#define WORDS_MAX 1024
#define KEY_LEN 26
#define SUPPLIER_VARS 5
#define SERVICE_VARS 11

enum err
portal_view_begin(struct portal_view *v, struct turn *t)
{
	char key[KEY_LEN + 1];
	enum err rc;

	memset(v, 0, sizeof(*v));
	v->t = t;
	rc = reference(t->p, &v->r, t->f);
	if (rc != ERR_OK)
		return rc;
	v->portal = ref_portal(v->r, t->who.portal);
	if (!v->portal)
		return fault_set(
		    t->f, ERR_BUG, "internal", "key without portal");
	reference_today(v->portal, t->p->clock.now(t->p->clock.self), v->day);
	t->p->ids.text(t->p->ids.self, key, KEY_LEN);
	v->ikey = arena_str(t->a, str_of(key));
	return ERR_OK;
}

struct str
portal_view_words(const struct portal_view *v, const char *reason)
{
	struct buf b;

	buf_init(&b, v->t->a, WORDS_MAX);
	fault_words_of(v->t->f, reason, &b);
	return buf_str(&b);
}

static bool
can_be_paid(const struct portal_view *v, const struct ref_service *s)
{
	struct str day = str_of(v->day);

	return ref_limit_line(v->r, s->portal, s->supplier, s->service, day) &&
	    ref_fee(v->r, s->portal, s->supplier, s->service, day) &&
	    ref_route(v->r, s->portal, s->supplier, s->service, day);
}

static void
put_lines(struct portal_view *v)
{
	const struct owed *list;
	size_t len =
	    owed_list(v->t->a, v->r, str_of(v->day), v->account, &list);

	v->lines = ARENA_ARRAY(v->t->a, len + 1, struct portal_line);
	for (size_t i = 0; i < len; i++) {
		const struct account_debt *d = list[i].debt;

		if (!can_be_paid(v, list[i].service))
			continue;
		v->lines[v->lines_len++] = (struct portal_line){
			.owed = list[i],
			.typed = d && d->debt_kop > 0
			    ? buf_roubles_str(v->t->a, d->debt_kop)
			    : STR_NONE,
		};
	}
}

/* Beside which field the words of a refused look-up belong. */
static enum err
note_refusal(struct portal_view *v, int *status)
{
	struct fault *f = v->t->f;
	struct str words = portal_view_words(v, f->reason);

	if (f->err != ERR_ABSENT && f->err != ERR_INVALID)
		return f->err;
	*status = reply_status(f);
	if (strcmp(f->reason, "supplier_unknown") == 0)
		v->supplier_error = words;
	else
		v->account_error = words;
	fault_init(f);
	return ERR_OK;
}

enum err
portal_view_find(
    struct portal_view *v, struct str supplier, struct str number, int *status)
{
	struct turn *t = v->t;
	enum err rc;

	*status = 200;
	v->supplier = supplier;
	v->account_typed = number;
	if (supplier.len == 0 || str_trim(number).len == 0) {
		*status = reason_status("field_missing");
		if (supplier.len == 0)
			v->supplier_error =
			    portal_view_words(v, "field_missing");
		else
			v->account_error =
			    portal_view_words(v, "field_missing");
		return ERR_OK;
	}
	rc = reference_account(
	    t->p, t->a, t->who.portal, supplier, number, &v->account, t->f);
	if (rc != ERR_OK) {
		v->account = NULL;
		return note_refusal(v, status);
	}
	put_lines(v);
	return portal_meters_find(t, v->account, &v->meters);
}

struct supplier_row {
	struct tpl_var v[SUPPLIER_VARS];
};

/* The only supplier there is need not be chosen. */
static void
show_suppliers(struct portal_view *v, struct page *pg)
{
	struct arena *a = v->t->a;
	size_t max = v->r->suppliers_len + 1, len = 0;
	struct supplier_row *rows = ARENA_ARRAY(a, max, struct supplier_row);
	struct tpl_vars *vars = ARENA_ARRAY(a, max, struct tpl_vars);

	for (size_t i = 0; i < v->r->suppliers_len; i++) {
		const struct ref_supplier *s = &v->r->suppliers[i];

		if (!str_eq(s->portal, v->portal->portal) ||
		    ref_supplier(
			v->r, s->portal, s->supplier, str_of(v->day)) != s)
			continue;
		rows[len] = (struct supplier_row){ {
		    { .name = "supplier", .text = s->supplier },
		    { .name = "supplier_title", .text = s->title },
		    { .name = "hint", .text = s->account_hint },
		    { .name = "example", .text = s->account_example },
		    { .name = "chosen",
			.text = str_eq(s->supplier, v->supplier) ? STR("1")
								 : STR_NONE },
		} };
		vars[len] = (struct tpl_vars){ rows[len].v, SUPPLIER_VARS };
		len++;
	}
	if (len == 1)
		rows[0].v[SUPPLIER_VARS - 1].text = STR("1");
	page_rows(pg, "suppliers", vars, len);
}

struct service_row {
	struct tpl_var v[SERVICE_VARS];
};

static struct str
flag(bool yes)
{
	return yes ? STR("1") : STR_NONE;
}

static enum err
show_service(struct portal_view *v, size_t i, struct service_row *row)
{
	const struct portal_line *l = &v->lines[i];
	const struct ref_service *s = l->owed.service;
	const struct account_debt *d = l->owed.debt;
	struct arena *a = v->t->a;
	struct str limits, fee, day = str_of(v->day);
	int64_t debt = d ? d->debt_kop : 0;
	enum err rc = phrase_limits(a,
	    ref_limit_line(v->r, s->portal, s->supplier, s->service, day),
	    &limits, v->t->f);

	if (rc == ERR_OK)
		rc = phrase_fee(a,
		    ref_fee(v->r, s->portal, s->supplier, s->service, day),
		    &fee, v->t->f);
	if (rc != ERR_OK)
		return rc;
	*row = (struct service_row){ {
	    { .name = "n", .text = arena_fmt(a, "%zu", i + 1) },
	    { .name = "service", .text = s->service },
	    { .name = "service_title", .text = s->title },
	    { .name = "debt",
		.text = debt > 0 ? buf_roubles_str(a, debt) : STR_NONE },
	    { .name = "overpaid",
		.text = debt < 0 ? buf_roubles_str(a, -debt) : STR_NONE },
	    { .name = "even", .text = flag(d && debt == 0) },
	    { .name = "as_of",
		.text = d ? phrase_day(a, d->as_of_day) : STR_NONE },
	    { .name = "sum", .text = l->typed },
	    { .name = "sum_error", .text = l->error },
	    { .name = "limits", .text = limits },
	    { .name = "fee_words", .text = fee },
	} };
	return ERR_OK;
}

static enum err
show_services(struct portal_view *v, struct page *pg)
{
	struct arena *a = v->t->a;
	struct service_row *rows =
	    ARENA_ARRAY(a, v->lines_len + 1, struct service_row);
	struct tpl_vars *vars =
	    ARENA_ARRAY(a, v->lines_len + 1, struct tpl_vars);

	for (size_t i = 0; i < v->lines_len; i++) {
		enum err rc = show_service(v, i, &rows[i]);

		if (rc != ERR_OK)
			return rc;
		vars[i] = (struct tpl_vars){ rows[i].v, SERVICE_VARS };
	}
	page_rows(pg, "services", vars, v->lines_len);
	return ERR_OK;
}

static void
show_account(struct portal_view *v, struct page *pg)
{
	static const struct account none;
	const struct account *acc = v->account ? v->account : &none;
	const struct ref_supplier *s = ref_supplier(
	    v->r, v->portal->portal, acc->supplier, str_of(v->day));
	struct arena *a = v->t->a;

	page_flag(pg, "found", v->account != NULL);
	page_text(pg, "supplier", acc->supplier);
	page_text(pg, "supplier_name", s ? s->title : STR_NONE);
	page_text(pg, "account", acc->account);
	page_text(pg, "shown", acc->shown.len ? acc->shown : acc->account);
	page_text(pg, "owner", account_mask_owner(a, acc->owner));
	page_text(pg, "address", account_mask_address(a, acc->address));
	page_text(pg, "closed_on",
	    account_closed(acc->closed_day, str_of(v->day))
		? phrase_day(a, acc->closed_day)
		: STR_NONE);
}

static void
show_total(struct portal_view *v, struct page *pg)
{
	const struct quote *q = v->quote;
	const struct ref_service *s =
	    v->lines_len > 0 ? v->lines[0].owed.service : NULL;
	const struct ref_contract *c = q ? ref_contract(v->r, q->contract)
	    : s                          ? ref_route(
					       v->r, s->portal, s->supplier, s->service, str_of(v->day))
		: NULL;
	struct arena *a = v->t->a;

	page_text(pg, "sum_all", q ? buf_roubles_str(a, q->sum_kop) : STR_NONE);
	page_text(pg, "fee_all",
	    q && q->fee_kop > 0 ? buf_roubles_str(a, q->fee_kop) : STR_NONE);
	page_text(pg, "fee_why",
	    q && q->fee_reason ? str_of(reason_words(q->fee_reason))
			       : STR_NONE);
	page_text(pg, "total", q ? buf_roubles_str(a, q->total_kop) : STR_NONE);
	page_text(pg, "total_kop",
	    q ? arena_fmt(a, "%lld", (long long)q->total_kop) : STR_NONE);
	page_text(pg, "total_error", v->total_error);
	page_text(pg, "bank_title", c ? c->title : STR_NONE);
}

enum err
portal_view_send(struct portal_view *v, int status)
{
	struct page pg;
	enum err rc;

	page_begin(&pg, v->t);
	page_portal_names(&pg, v->portal);
	page_text(&pg, "error", v->error);
	page_text(&pg, "supplier_error", v->supplier_error);
	page_text(&pg, "account_typed", v->account_typed);
	page_text(&pg, "account_error", v->account_error);
	page_text(&pg, "email", v->email);
	page_text(&pg, "email_error", v->email_error);
	page_text(&pg, "ikey", v->ikey);
	show_account(v, &pg);
	show_total(v, &pg);
	show_suppliers(v, &pg);
	portal_meters_show(v->t, &v->meters, &pg);
	rc = show_services(v, &pg);
	return rc == ERR_OK ? page_send(&pg, status, "tpl/page/portal.html")
			    : rc;
}
