#include "kvitok/sim/control.h"

#include "kvitok/base/num.h"
#include "kvitok/sim/echo.h"
#include "kvitok/sim/gazprom.h"
#include "kvitok/sim/journal.h"
#include "kvitok/sim/register.h"

#define CALLS_DEFAULT 200
#define ADVANCE_MAX_MS (INT64_C(400) * 86400000)

void
control_json(struct req *r, struct jw *w)
{
	r->status = 200;
	r->type = "application/json; charset=utf-8";
	jw_init(w, &r->out);
}

void
control_refuse(struct req *r, int status, const char *words)
{
	struct jw w;

	control_json(r, &w);
	r->status = status;
	jw_object(&w);
	jw_ktext(&w, "error", str_of(words));
	jw_object_end(&w);
}

bool
control_body(struct req *r, const char *const *known, const struct json **out)
{
	struct fault f;

	*out = NULL;
	if (str_trim(r->body).len == 0)
		return true;
	fault_init(&f);
	if (json_parse(r->a, r->body, JSON_STRICT, out, &f) != ERR_OK ||
	    json_kind(*out) != JSON_OBJECT) {
		control_refuse(r, 400, "the body is no JSON object");
		return false;
	}
	for (size_t i = 0; i < json_count(*out); i++) {
		bool found = false;

		for (const char *const *k = known; *k; k++)
			found = found || str_eq(json_name(*out, i), str_of(*k));
		if (found)
			continue;
		control_refuse(r, 400,
		    arena_fmt(r->a, "unknown member: %.*s",
			STR_ARG(json_name(*out, i)))
			.p);
		return false;
	}
	return true;
}

static void
clock_get(struct req *r)
{
	struct jw w;

	control_json(r, &w);
	jw_object(&w);
	jw_ktime(&w, "now", world_now(r->w));
	jw_kint(&w, "advanced_ms", r->w->skew_ms);
	jw_object_end(&w);
}

static void
clock_advance(struct req *r)
{
	static const char *const known[] = { "advance_ms", NULL };
	const struct json *j;
	int64_t ms;

	if (!control_body(r, known, &j))
		return;
	if (!json_int(json_get(j, "advance_ms"), &ms) || ms < 0 ||
	    ms > ADVANCE_MAX_MS) {
		control_refuse(r, 400, "advance_ms: 0 to 400 days");
		return;
	}
	r->w->skew_ms += ms;
	timers_run(&r->w->timers, world_now(r->w));
	clock_get(r);
}

static void
calls(struct req *r)
{
	int64_t limit = CALLS_DEFAULT;
	struct jw w;

	if (pairs_has(&r->query, "limit") &&
	    !num_parse(pairs_get(&r->query, "limit"), 1, JOURNAL_MAX, &limit)) {
		control_refuse(r, 400, "limit: 1 to 5000");
		return;
	}
	control_json(r, &w);
	jw_object(&w);
	jw_key(&w, "calls");
	journal_write(r->w->journal, &r->query, (size_t)limit, &w);
	jw_object_end(&w);
}

static void
reset(struct req *r)
{
	world_reset(r->w);
	control_refuse(r, 200, "");
	buf_init(&r->out, r->a, 16);
	buf_lit(&r->out, "{}");
}

static const struct control_route {
	const char *method, *path;
	void (*run)(struct req *);
} routes[] = {
	{ "GET", "orders", control_orders },
	{ "GET", "cards", control_cards },
	{ "POST", "cards", control_card_set },
	{ "GET", "faults", control_faults },
	{ "POST", "faults", control_fault_arm },
	{ "DELETE", "faults", control_fault_disarm },
	{ "GET", "clock", clock_get },
	{ "POST", "clock", clock_advance },
	{ "GET", "mails", control_mails },
	{ "DELETE", "mails", control_mails },
	{ "GET", "calls", calls },
	{ "POST", "reset", reset },
	{ "GET", "echoes", echo_list },
	{ "POST", "echoes", echo_teach },
	{ "GET", "gpb/register", gazprom_register_csv },
	{ "GET", "register", register_give },
};

static void
by_table(struct req *r, struct str path)
{
	bool known = false;

	for (size_t i = 0; i < KV_COUNT(routes); i++) {
		if (!str_eq(path, str_of(routes[i].path)))
			continue;
		known = true;
		if (!str_eq(r->method, str_of(routes[i].method)))
			continue;
		routes[i].run(r);
		return;
	}
	control_refuse(r, known ? 405 : 404,
	    known ? "this method is not for this address"
		  : "there is no such address");
}

void
control_handle(struct req *r)
{
	struct str path = { r->path.p + 9, r->path.len - 9 }; /* /control/ */

	if (str_starts(path, STR("echo/"))) {
		echo_take(r);
		return;
	}
	if (str_starts(path, STR("orders/")) && str_ends(path, STR("/pay")) &&
	    path.len > 11) {
		if (!str_eq(r->method, STR("POST")))
			control_refuse(r, 405, "POST it");
		else
			control_pay(
			    r, (struct str){ path.p + 7, path.len - 11 });
		return;
	}
	if (str_starts(path, STR("orders/")) &&
	    str_ends(path, STR("/chargeback")) && path.len > 18) {
		if (!str_eq(r->method, STR("POST")))
			control_refuse(r, 405, "POST it");
		else
			register_chargeback(
			    r, (struct str){ path.p + 7, path.len - 18 });
		return;
	}
	if (str_starts(path, STR("mails/"))) {
		control_mail(r, (struct str){ path.p + 6, path.len - 6 });
		return;
	}
	by_table(r, path);
}
