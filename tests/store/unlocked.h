/*
 * unlocked: tables that are append only for the worker are not so for who owns
 * them; tests that spoil rows take the locks away.
 */
#ifndef KVITOK_TESTS_STORE_UNLOCKED_H
#define KVITOK_TESTS_STORE_UNLOCKED_H

#include "fixture.h"

static inline void
unlocked(struct fixture *fx)
{
	static const char *const tables[] = { "ledger_transfer", "ledger_line",
		"ledger_shut", "ledger_close", "ledger_mark", "ledger_balance",
		"case_event" };
	static const char *const sqlite[] = { "DROP TRIGGER %s_stays",
		"DROP TRIGGER %s_lasts", "DROP TRIGGER %s_open" };
	static const char *const pg[] = {
		"GRANT UPDATE, DELETE ON %s TO CURRENT_USER",
		"GRANT UPDATE, DELETE ON %s TO CURRENT_USER",
		"ALTER TABLE %s NO FORCE ROW LEVEL SECURITY",
	};
	const char *const *how = fixture_is_sqlite() ? sqlite : pg;

	for (size_t i = 0; i < KV_COUNT(tables); i++)
		/* Only the first two are shut. */
		for (size_t k = 0; k < (i < 2 ? 3 : 2); k++) {
			struct buf b;
			struct str text = str_of(how[k]), before;

			buf_init(&b, fx->a, 200);
			assert_true(str_cut(&text, '%', &before));
			buf_text(&b, before);
			buf_text(&b, str_of(tables[i]));
			buf_text(&b, str_of(text.p + 1));
			fixture_sql(fx, buf_str(&b).p);
		}
}

#endif
