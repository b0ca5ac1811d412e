#include "kvitok/base/day.h"
#include "kvitok/base/num.h"
#include "kvitok/sim/control.h"
#include "kvitok/sim/mailbox.h"
#include "kvitok/sim/unmime.h"
#include "kvitok/sim/pages.h"

#include <stdio.h>

#define ORDERS_SHOWN 30
#define MAILS_SHOWN 100

static struct str
at_text(struct arena *a, int64_t at)
{
	char t[17];

	day_russian(at, DAY_ZONE_MOSCOW, t);
	return arena_str(a, str_of(t));
}

static const char *
state_words(const struct order *o)
{
	static const char *const words[] = {
		[ORDER_OPEN] = "ждёт оплаты",
		[ORDER_HELD] = "деньги удержаны",
		[ORDER_PAID] = "оплачен",
		[ORDER_REVERSED] = "отменён",
		[ORDER_REFUNDED] = "возврат",
		[ORDER_ACS] = "ввод кода из СМС",
		[ORDER_REFUSED] = "не оплачен",
	};

	return words[o->state];
}

static const struct tpl_vars *
order_rows(const struct req *r, size_t *n)
{
	struct tpl_vars *rows =
	    ARENA_ARRAY(r->a, ORDERS_SHOWN, struct tpl_vars);

	*n = 0;
	for (const struct order *o = book_newest(r->w->book);
	     o && *n < ORDERS_SHOWN; o = o->older) {
		const struct tpl_var v[] = {
			{ .name = "at", .text = at_text(r->a, o->created_at) },
			{ .name = "bank",
			    .text = o->c->bank == BANK_SBER
				? STR("Сбербанк")
				: STR("Газпромбанк") },
			{ .name = "contract", .text = o->c->name },
			{ .name = "number", .text = o->number },
			{ .name = "sum",
			    .text = buf_roubles_str(r->a, o->amount_kop) },
			{ .name = "state", .text = str_of(state_words(o)) },
			{ .name = "class",
			    .text = str_of(order_state_name(o->state)) },
			{ .name = "id", .text = o->id },
		};
		struct tpl_var *kept =
		    ARENA_ARRAY(r->a, KV_COUNT(v), struct tpl_var);

		for (size_t i = 0; i < KV_COUNT(v); i++)
			kept[i] = v[i];
		rows[(*n)++] = (struct tpl_vars){ kept, KV_COUNT(v) };
	}
	return rows;
}

static const struct tpl_vars *
active_rows(const struct req *r, size_t *n)
{
	const struct menu *m = &r->w->menu;
	struct tpl_vars *rows = ARENA_ARRAY(r->a, m->len + 1, struct tpl_vars);

	for (*n = 0; *n < m->len; (*n)++) {
		struct tpl_var *v = ARENA_ARRAY(r->a, 3, struct tpl_var);
		const struct menu_armed *x = &m->armed[*n];

		v[0].name = "fault";
		v[0].text = str_of(menu_item(x->fault)->name);
		v[1].name = "bank";
		v[1].text = str_of(setup_bank_name(x->bank));
		v[2].name = "whom";
		v[2].text = x->scope == MENU_ALL ? STR("всем")
		    : x->scope == MENU_NEXT
		    ? arena_fmt(r->a, "следующим: %lld", (long long)x->count)
		    : arena_str(r->a, str_of(x->order));
		rows[*n] = (struct tpl_vars){ v, 3 };
	}
	return rows;
}

static const struct tpl_vars *
menu_rows(const struct req *r, size_t *n)
{
	struct tpl_vars *rows = ARENA_ARRAY(
	    r->a, (size_t)MENU__COUNT * BANK__COUNT, struct tpl_vars);

	*n = 0;
	for (unsigned b = 0; b < BANK__COUNT; b++) {
		for (unsigned i = 0; i < MENU__COUNT; i++) {
			const struct menu_item *item =
			    menu_item((enum menu_fault)i);
			const char *bank = setup_bank_name((enum bank)b);
			struct tpl_var *v =
			    ARENA_ARRAY(r->a, 3, struct tpl_var);

			if (!(item->banks & (1u << b)))
				continue;
			v[0].name = "value";
			v[0].text = arena_fmt(r->a, "%s %s", bank, item->name);
			v[1].name = "bank";
			v[1].text = str_of(bank);
			v[2].name = "fault";
			v[2].text = str_of(item->name);
			rows[(*n)++] = (struct tpl_vars){ v, 3 };
		}
	}
	return rows;
}

static void
front(struct req *r)
{
	size_t orders_len, active_len, menu_len;
	const struct tpl_vars *orders = order_rows(r, &orders_len);
	const struct tpl_vars *active = active_rows(r, &active_len);
	const struct tpl_vars *menu = menu_rows(r, &menu_len);
	uint64_t mails = mailbox_newest(r->w->mailbox);
	const struct tpl_var vars[] = {
		{ .name = "now", .text = at_text(r->a, world_now(r->w)) },
		{ .name = "mails_count",
		    .text =
			arena_fmt(r->a, "%llu", (unsigned long long)mails) },
		{ .name = "orders", .rows = orders, .rows_len = orders_len },
		{ .name = "active", .rows = active, .rows_len = active_len },
		{ .name = "menu", .rows = menu, .rows_len = menu_len },
	};

	pages_render(r, 200, "index.html", vars, KV_COUNT(vars));
}

static void
mails(struct req *r)
{
	uint64_t newest = mailbox_newest(r->w->mailbox);
	struct tpl_vars *rows = ARENA_ARRAY(r->a, MAILS_SHOWN, struct tpl_vars);
	size_t n = 0;

	for (uint64_t i = 0; i < newest && n < MAILS_SHOWN; i++) {
		const struct mail *m = mailbox_get(r->w->mailbox, newest - i);
		struct unmime *x;
		struct tpl_var *v;

		if (!m)
			break;
		x = ARENA_NEW(r->a, struct unmime);
		unmime_parse(r->a, m->raw, x);
		v = ARENA_ARRAY(r->a, 4, struct tpl_var);
		v[0].name = "n";
		v[0].text = arena_fmt(r->a, "%llu", (unsigned long long)m->n);
		v[1].name = "at";
		v[1].text = at_text(r->a, m->accepted_at);
		v[2].name = "to";
		v[2].text = m->rcpts[0];
		v[3].name = "subject";
		v[3].text = x->subject.len > 0 ? x->subject : STR("(без темы)");
		rows[n++] = (struct tpl_vars){ v, 4 };
	}
	const struct tpl_var vars[] = {
		{ .name = "mails", .rows = rows, .rows_len = n },
	};
	pages_render(r, 200, "mails.html", vars, KV_COUNT(vars));
}

/* Gives: rows of named parts; *html is the first HTML part, *text the text. */
static const struct tpl_vars *
part_rows(const struct req *r, const struct unmime *x, size_t *n, size_t *html,
    struct str *text)
{
	struct tpl_vars *rows =
	    ARENA_ARRAY(r->a, UNMIME_PARTS_MAX, struct tpl_vars);

	*n = *html = 0;
	*text = STR("");
	for (size_t k = 0; k < x->parts_len; k++) {
		const struct unmime_part *p = &x->parts[k];
		bool plain = str_eq(p->type, STR("text/plain"));
		struct tpl_var *v;

		if (p->name.len == 0) {
			if (str_eq(p->type, STR("text/html")) && *html == 0)
				*html = k + 1;
			if (plain && text->len == 0)
				*text = p->body;
			continue;
		}
		v = ARENA_ARRAY(r->a, 4, struct tpl_var);
		v[0].name = "k";
		v[0].text = arena_fmt(r->a, "%zu", k + 1);
		v[1].name = "name";
		v[1].text = p->name;
		v[2].name = "type";
		v[2].text = p->type;
		v[3].name = "size";
		v[3].text =
		    arena_fmt(r->a, "%zu КБ", (p->body.len + 1023) / 1024);
		rows[(*n)++] = (struct tpl_vars){ v, 4 };
	}
	return rows;
}

static void
mail(struct req *r, const struct mail *m)
{
	struct unmime *x = ARENA_NEW(r->a, struct unmime);
	size_t n, html;
	struct str text;
	const struct tpl_vars *rows;

	unmime_parse(r->a, m->raw, x);
	rows = part_rows(r, x, &n, &html, &text);
	const struct tpl_var vars[] = {
		{ .name = "n",
		    .text = arena_fmt(r->a, "%llu", (unsigned long long)m->n) },
		{ .name = "subject", .text = x->subject },
		{ .name = "from", .text = x->from },
		{ .name = "to", .text = x->to },
		{ .name = "at", .text = at_text(r->a, m->accepted_at) },
		{ .name = "message_id", .text = x->message_id },
		{ .name = "html",
		    .text = html > 0 ? arena_fmt(r->a, "%zu", html) : STR("") },
		{ .name = "text", .text = text },
		{ .name = "parts", .rows = rows, .rows_len = n },
	};
	pages_render(r, 200, "mail.html", vars, KV_COUNT(vars));
}

/* The form on the front page; what it cannot say, the interface can. */
static void
arm(struct req *r)
{
	struct pairs in;
	struct menu_armed x = { .delay_ms = -1, .count = 1 };
	struct str name, bank;
	struct fault f;
	int id;

	r->status = 303;
	r->location = STR("/");
	fault_init(&f);
	if (!door_form(r, &in))
		return;
	name = pairs_get(&in, "fault");
	str_cut(&name, ' ', &bank);
	if (!menu_find(name, &x.fault))
		return;
	for (unsigned b = 0; b < BANK__COUNT; b++)
		if (str_eq(bank, str_of(setup_bank_name((enum bank)b))))
			x.bank = (enum bank)b;
	if (str_eq(pairs_get(&in, "scope"), STR("all"))) {
		x.scope = MENU_ALL;
		x.count = -1;
	}
	if (menu_arm(&r->w->menu, &x, &id, &f) != ERR_OK)
		log_fault(r->w->log, LOG_WARN, "fault_not_armed", &f);
}

static bool
post(struct req *r)
{
	if (str_eq(r->path, STR("/sim/faults"))) {
		arm(r);
	} else if (str_eq(r->path, STR("/sim/faults/clear"))) {
		menu_clear(&r->w->menu);
		r->status = 303;
		r->location = STR("/");
	} else {
		return false;
	}
	return true;
}

bool
panel_handle(struct req *r)
{
	const struct mail *m = NULL;
	int64_t n;

	if (str_eq(r->method, STR("POST")))
		return post(r);
	if (str_eq(r->path, STR("/"))) {
		front(r);
	} else if (str_eq(r->path, STR("/mails"))) {
		mails(r);
	} else if (str_starts(r->path, STR("/mails/"))) {
		if (num_parse((struct str){ r->path.p + 7, r->path.len - 7 }, 1,
			INT64_MAX, &n))
			m = mailbox_get(r->w->mailbox, (uint64_t)n);
		if (m)
			mail(r, m);
		else
			control_refuse(r, 404, "no such mail is kept");
	} else {
		return false;
	}
	return true;
}
