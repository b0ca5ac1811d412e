#include "kvitok/sim/control.h"

#include "kvitok/base/num.h"

#include <stdio.h>

static const char *const scopes[] = { "next", "all", "order" };

static bool
bank_of(struct str name, enum bank *out)
{
	for (unsigned i = 0; i < BANK__COUNT; i++) {
		if (!str_eq(name, str_of(setup_bank_name((enum bank)i))))
			continue;
		*out = (enum bank)i;
		return true;
	}
	return false;
}

static void
write_menu(struct jw *w)
{
	jw_key(w, "menu");
	jw_list(w);
	for (unsigned i = 0; i < MENU__COUNT; i++) {
		const struct menu_item *item = menu_item((enum menu_fault)i);

		jw_object(w);
		jw_ktext(w, "fault", str_of(item->name));
		jw_key(w, "banks");
		jw_list(w);
		for (unsigned b = 0; b < BANK__COUNT; b++)
			if (item->banks & (1u << b))
				jw_text(
				    w, str_of(setup_bank_name((enum bank)b)));
		jw_list_end(w);
		jw_ktext(w, "about", str_of(item->about));
		jw_object_end(w);
	}
	jw_list_end(w);
}

void
control_faults(struct req *r)
{
	const struct menu *m = &r->w->menu;
	struct jw w;

	control_json(r, &w);
	jw_object(&w);
	jw_key(&w, "active");
	jw_list(&w);
	for (size_t i = 0; i < m->len; i++) {
		const struct menu_armed *x = &m->armed[i];

		jw_object(&w);
		jw_kint(&w, "id", x->id);
		jw_ktext(&w, "bank", str_of(setup_bank_name(x->bank)));
		jw_ktext(&w, "fault", str_of(menu_item(x->fault)->name));
		jw_ktext(&w, "scope", str_of(scopes[x->scope]));
		jw_kopt(&w, "order", str_of(x->order));
		jw_kopt(&w, "call", str_of(x->call));
		jw_kint(&w, "count", x->count);
		jw_kint(&w, "taken", x->taken);
		jw_object_end(&w);
	}
	jw_list_end(&w);
	write_menu(&w);
	jw_object_end(&w);
}

/* Gives: false when the member is there and is no text that fits. */
static bool
copy_text(const struct json *j, const char *name, char *out, size_t size)
{
	const struct json *v = json_get(j, name);
	struct str s = STR_NONE;
	int64_t n;

	out[0] = '\0';
	if (!v)
		return true;
	if (json_int(v, &n))
		return snprintf(out, size, "%lld", (long long)n) < (int)size;
	if (!json_text(v, &s) || s.len >= size)
		return false;
	(void)snprintf(out, size, "%.*s", STR_ARG(s));
	return true;
}

static bool
read_int(const struct json *j, const char *name, int64_t max, int64_t *out)
{
	const struct json *v = json_get(j, name);
	int64_t n;

	if (!v)
		return true;
	if (!json_int(v, &n) || n < 0 || n > max)
		return false;
	*out = n;
	return true;
}

/* Gives: NULL, or what is wrong. */
static const char *
read_names(const struct json *j, struct menu_armed *x)
{
	struct str bank = STR_NONE, fault = STR_NONE, scope = STR("next");
	unsigned i = 0;

	if (!json_text(json_get(j, "bank"), &bank) || !bank_of(bank, &x->bank))
		return "bank: sberbank, gazprombank, smtp";
	if (!json_text(json_get(j, "fault"), &fault) ||
	    !menu_find(fault, &x->fault))
		return "fault: see GET /control/faults";
	if (json_get(j, "scope") && !json_text(json_get(j, "scope"), &scope))
		return "scope: next, all, order";
	while (i < KV_COUNT(scopes) && !str_eq(scope, str_of(scopes[i])))
		i++;
	if (i == KV_COUNT(scopes))
		return "scope: next, all, order";
	x->scope = (enum menu_scope)i;
	return NULL;
}

static const char *
read_rest(const struct json *j, struct menu_armed *x)
{
	int64_t count = 0;

	x->delay_ms = -1;
	if (!copy_text(j, "order", x->order, sizeof(x->order)) ||
	    (x->scope == MENU_ORDER) != (x->order[0] != '\0'))
		return "order: the number, when scope is order";
	if (!copy_text(j, "call", x->call, sizeof(x->call)))
		return "call: a name such as register or status";
	if (!copy_text(j, "value", x->value, sizeof(x->value)))
		return "value: a short text or a number";
	if (!read_int(j, "count", 1000, &count))
		return "count: 1 to 1000";
	if (!read_int(j, "delay_ms", INT64_C(400) * 86400000, &x->delay_ms))
		return "delay_ms: milliseconds";
	/* There, count says how many come at once. */
	if (x->fault == MENU_CALLBACK_REPEAT) {
		x->repeat = count;
		count = 0;
	}
	x->count = count > 0 ? count : x->scope == MENU_NEXT ? 1 : -1;
	return NULL;
}

void
control_fault_arm(struct req *r)
{
	static const char *const known[] = { "bank", "fault", "scope", "order",
		"call", "count", "delay_ms", "value", NULL };
	const struct json *j;
	struct menu_armed x = { 0 };
	const char *trouble;
	struct fault f;
	struct jw w;
	int id;

	if (!control_body(r, known, &j))
		return;
	if ((trouble = read_names(j, &x)) || (trouble = read_rest(j, &x))) {
		control_refuse(r, 400, trouble);
		return;
	}
	fault_init(&f);
	if (menu_arm(&r->w->menu, &x, &id, &f) != ERR_OK) {
		control_refuse(r, f.err == ERR_LIMIT ? 409 : 400, f.detail);
		return;
	}
	control_json(r, &w);
	r->status = 201;
	jw_object(&w);
	jw_kint(&w, "id", id);
	jw_object_end(&w);
}

void
control_fault_disarm(struct req *r)
{
	struct str which = pairs_get(&r->query, "id");
	int64_t id;

	if (!which.p) {
		menu_clear(&r->w->menu);
	} else if (!num_parse(which, 1, INT32_MAX, &id) ||
	    !menu_disarm(&r->w->menu, (int)id)) {
		control_refuse(r, 404, "no such fault is armed");
		return;
	}
	control_faults(r);
}
