#include "kvitok/store/tx.h"

#include "kvitok/base/secret.h"
#include "kvitok/store/watch.h"

#include <assert.h>

/* 2 to 4 ms after the first run, 16 to 32 ms after the fourth: who lost a
 * race must not meet the same rivals again at the same instant. */
static void
pause_after(int runs)
{
	int64_t ms = INT64_C(1) << runs;
	uint8_t chance;

	secret_random(&chance, sizeof(chance));
	watch_sleep(ms + ms * chance / 255);
}

static enum err
run_once(struct db *db, enum err (*body)(void *arg, struct fault *f), void *arg,
    struct fault *f)
{
	enum err rc;

	if ((rc = db_begin(db, f)) != ERR_OK)
		return rc;
	if ((rc = body(arg, f)) == ERR_OK)
		return db_commit(db, f);
	db_rollback(db);
	return rc;
}

/* What was read is known: an end that fails changes nothing. */
static enum err
read_once(struct db *db, enum err (*body)(void *arg, struct fault *f),
    void *arg, struct fault *f)
{
	enum err rc;

	if ((rc = db_snapshot(db, f)) != ERR_OK)
		return rc;
	rc = body(arg, f);
	db_rollback(db);
	return rc;
}

static enum err
repeat(struct db *db, const char *name, bool reads,
    enum err (*body)(void *arg, struct fault *f), void *arg, struct fault *f)
{
	enum err rc;

	assert(!db_in_tx(db));
	for (int runs = 1;; runs++) {
		rc = reads ? read_once(db, body, arg, f)
			   : run_once(db, body, arg, f);
		if (rc == ERR_OK)
			return ERR_OK;
		if (rc != ERR_AGAIN || runs == TX_RUNS_MAX)
			return fault_wrap(f, "%s", name);
		pause_after(runs);
	}
}

enum err
tx_run(struct db *db, const char *name,
    enum err (*body)(void *arg, struct fault *f), void *arg, struct fault *f)
{
	return repeat(db, name, false, body, arg, f);
}

enum err
tx_snapshot(struct db *db, const char *name,
    enum err (*body)(void *arg, struct fault *f), void *arg, struct fault *f)
{
	return repeat(db, name, true, body, arg, f);
}

enum err
tx_join(struct db *db, const char *name,
    enum err (*body)(void *arg, struct fault *f), void *arg, struct fault *f)
{
	return db_in_tx(db) ? body(arg, f) : tx_run(db, name, body, arg, f);
}

static enum err
port_run(void *self, const char *name,
    enum err (*body)(void *arg, struct fault *f), void *arg, struct fault *f)
{
	return tx_run(self, name, body, arg, f);
}

struct tx
tx_of(struct db *db)
{
	return (struct tx){ .self = db, .run = port_run };
}
