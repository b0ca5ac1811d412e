#include "kvitok/sim/spoil.h"

#include <string.h>

#define SLOW_MS 5000

static void
bad_gateway(struct req *r)
{
	r->status = 502;
	r->type = "text/html";
	r->location = STR_NONE;
	buf_init(&r->out, r->a, 1024);
	buf_lit(&r->out,
	    "<html><head><title>502 Bad Gateway</title></head>"
	    "<body><center><h1>502 Bad Gateway</h1></center></body></html>");
}

bool
spoil_before(struct req *r, enum bank bank, struct str number, const char *call)
{
	struct menu *m = &r->w->menu;

	r->note = call;
	r->number = number;
	if (menu_take(m, bank, MENU_RESET_BEFORE, number, call, NULL)) {
		r->drop = true;
		return true;
	}
	if (menu_take(m, bank, MENU_HTTP_502, number, call, NULL)) {
		bad_gateway(r);
		return true;
	}
	return false;
}

/* The fault that loses the answer of this kind of call. */
static enum menu_fault
loss_of(const char *call)
{
	static const struct {
		const char *call;
		enum menu_fault fault;
	} losses[] = {
		{ "register", MENU_REGISTER_LOST },
		{ "start", MENU_REGISTER_LOST },
		{ "status", MENU_STATUS_LOST },
		{ "refund", MENU_REFUND_LOST },
		{ "reverse", MENU_REFUND_LOST },
		{ "deposit", MENU_REFUND_LOST },
	};

	for (size_t i = 0; i < KV_COUNT(losses); i++)
		if (strcmp(losses[i].call, call) == 0)
			return losses[i].fault;
	return MENU__COUNT;
}

void
spoil_after(struct req *r, enum bank bank, struct str number, const char *call)
{
	struct menu *m = &r->w->menu;
	enum menu_fault loss = loss_of(call);
	struct menu_armed armed;

	if (loss != MENU__COUNT && menu_take(m, bank, loss, number, call, NULL))
		r->drop = true;
	if (menu_take(m, bank, MENU_HTTP_502_AFTER, number, call, NULL))
		bad_gateway(r);
	if (menu_take(m, bank, MENU_SLOW, number, call, &armed))
		door_hold_ms(r, armed.delay_ms < 0 ? SLOW_MS : armed.delay_ms);
}
