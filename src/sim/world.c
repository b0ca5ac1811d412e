#include "kvitok/sim/world.h"

#include "kvitok/sim/caller.h"
#include "kvitok/sim/door.h"
#include "kvitok/sim/echo.h"
#include "kvitok/sim/gazprom.h"
#include "kvitok/sim/journal.h"
#include "kvitok/sim/mailbox.h"
#include "kvitok/sim/notice.h"
#include "kvitok/sim/sink.h"
#include "kvitok/sim/wallet.h"

/* The caller comes before what its calls may point to is freed. */
void
world_init(struct world *w)
{
	timers_init(&w->timers, w->a);
	w->book = book_new(w->a, &w->timers);
	w->wallet = wallet_new(w->a);
	w->gazprom_sessions = gazprom_sessions_new(w->a);
	w->journal = journal_new(w->a);
	w->echoes = echo_new(w->a);
	w->mailbox = mailbox_new(w->a);
	w->notices = notices_new(w);
	w->caller = caller_new(w, w->set.merchant_ca);
}

void
world_reset(struct world *w)
{
	caller_clear(w->caller);
	door_drop_waiting(w);
	notices_clear(w->notices);
	if (w->sink)
		sink_drop_all(w->sink);
	book_clear(w->book);
	wallet_clear(w->wallet);
	journal_clear(w->journal);
	echo_clear(w->echoes);
	mailbox_clear(w->mailbox);
	menu_clear(&w->menu);
	w->skew_ms = 0;
}

int64_t
world_now(const struct world *w)
{
	return w->real_now() + w->skew_ms;
}
