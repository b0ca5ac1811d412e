#include "kvitok/box/box.h"

#include "kvitok/base/tpl.h"
#include "kvitok/box/box_control.h"
#include "kvitok/box/box_post.h"
#include "kvitok/box/box_take.h"
#include "kvitok/sim/door.h"
#include "kvitok/sim/journal.h"

#include <poll.h>
#include <stdio.h>

#define WORK_MEMORY ((size_t)128 << 20)
#define PAUSE_MS 1000 /* after a turn that failed */

struct box_work
box_work(struct box *b, struct fault *f)
{
	arena_reset(b->work);
	fault_init(f);
	return (struct box_work){ .db = &b->db,
		.set = &b->set,
		.a = b->work,
		.now = world_now(&b->w),
		.f = f };
}

enum err
box_begin(struct box *b, const char *path, struct buf *report, struct fault *f)
{
	enum err rc = box_conf_load(b->w.a, path, &b->set, report, f);

	if (rc == ERR_OK)
		rc = box_db_make(&b->db, b->set.dsn, f);
	if (rc != ERR_OK)
		return rc;
	b->work = arena_new(WORK_MEMORY);
	b->faults.seed = b->set.seed;
	b->w.box = b;
	timers_init(&b->w.timers, b->w.a);
	b->w.journal = journal_new(b->w.a);
	xml_init();
	return xml_schema_exchange(b->w.a, &b->schema, f);
}

void
box_end(struct box *b)
{
	if (b->work == NULL)
		return;
	box_db_free(&b->db);
	arena_free(b->work);
}

/* --- tables --------------------------------------------------------------- */

static enum err
run_script(struct box *b, const char *name, struct fault *f)
{
	struct bytes text = asset_get(str_of(name));

	if (text.p == NULL)
		return fault_set(f, ERR_BUG, "internal", "%s is missing", name);
	return box_db_script(
	    &b->db, b->work, (struct str){ (const char *)text.p, text.len }, f);
}

enum err
box_create(struct box *b, struct fault *f)
{
	char mailbox[64];
	enum err rc = run_script(b, "sql/box/books.sql", f);

	(void)snprintf(mailbox, sizeof(mailbox), "sql/mailbox/%s.sql",
	    box_db_kind(&b->db));
	return rc == ERR_OK ? run_script(b, mailbox, f) : rc;
}

enum err
box_balances(struct box *b, struct buf *out, struct fault *f)
{
	struct box_work w = box_work(b, f);
	struct db_rows r;
	enum err rc = box_db_read(w.db, w.a, SQL_BOX_BALANCES,
	    DB_IN(db_n((int64_t)BOX_ROWS_MAX)), "ttii", BOX_ROWS_MAX, &r, f);

	for (size_t i = 0; rc == ERR_OK && i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		buf_text(out, c[0].t);
		buf_char(out, ';');
		buf_text(out, c[1].t);
		buf_fmt(out, ";%lld\n", (long long)c[2].n);
	}
	return rc;
}

/* --- the mailbox goes and comes ------------------------------------------- */

static enum err
run_plain(struct box *b, enum sql_id id, struct fault *f)
{
	return diag_err(
	    odbc_direct(&b->db.o, sql_text[id].text, sql_text[id].name, f));
}

/* One that was killed in between has left one of the tables away, and one that
 * was not has left none: what cannot be renamed is where it should be, which
 * is looked at. */
static enum err
bring_back(struct box *b, struct fault *f)
{
	struct box_work w;
	struct db_rows r;
	enum err rc;

	(void)!run_plain(b, SQL_BOX_IN_SHOW, f);
	(void)!run_plain(b, SQL_BOX_OUT_SHOW, f);
	w = box_work(b, f);
	rc = box_db_read(
	    w.db, w.a, SQL_BOX_OUT_NEXT, DB_IN(db_n(0)), "i", 1, &r, f);
	return rc == ERR_OK ? box_db_read(w.db, w.a, SQL_BOX_IN_GET,
				  DB_IN(db_n(0)), "t", 1, &r, f)
			    : rc;
}

enum err
box_away(struct box *b, int64_t until, struct fault *f)
{
	struct box_work w = box_work(b, f);
	struct db_rows r;
	enum err rc = box_db_read(
	    w.db, w.a, SQL_BOX_ACCOUNTS_COUNT, DB_IN_NONE, "i", 1, &r, f);

	if (rc == ERR_OK && until == 0)
		rc = bring_back(b, f);
	if (rc == ERR_OK && until > 0 && b->down_until == 0) {
		rc = run_plain(b, SQL_BOX_IN_HIDE, f);
		if (rc == ERR_OK)
			rc = run_plain(b, SQL_BOX_OUT_HIDE, f);
		if (rc != ERR_OK)
			(void)!bring_back(b, &(struct fault){ .err = rc });
	}
	if (rc == ERR_OK)
		b->down_until = until;
	return rc;
}

/* --- the loop ------------------------------------------------------------- */

static enum err
work(struct box *b, struct fault *f)
{
	struct box_work w = box_work(b, f);
	enum err rc;

	if (b->down_until > w.now)
		return ERR_OK;
	if (b->down_until > 0 && (rc = box_away(b, 0, f)) != ERR_OK)
		return rc;
	w = box_work(b, f);
	rc = box_take(&w, b->schema, &b->faults);
	w = box_work(b, f);
	return rc == ERR_OK ? box_post(&w, &b->faults) : rc;
}

/* What fails is tried again; it is logged when it changes. */
static void
turn(struct box *b)
{
	char words[sizeof(b->trouble)] = "";
	struct fault f;
	enum err rc = work(b, &f);
	int64_t now = b->w.real_now();

	if (rc != ERR_OK)
		(void)snprintf(
		    words, sizeof(words), "%s: %.120s", f.reason, f.detail);
	if (rc != ERR_OK && strcmp(words, b->trouble) != 0)
		log_fault(b->w.log, LOG_WARN, "turn_failed", &f);
	memcpy(b->trouble, words, sizeof(words));
	b->next_at = now + (rc == ERR_OK ? b->set.tick_ms : PAUSE_MS);
}

static enum err
found(struct box *b, struct fault *f)
{
	struct box_work w;
	enum err rc = box_away(b, 0, f);

	if (rc != ERR_OK)
		return rc;
	w = box_work(b, f);
	rc = box_db_begin(w.db, f);
	if (rc == ERR_OK)
		rc = box_books_found(&w);
	if (rc == ERR_OK)
		return box_db_commit(w.db, f);
	box_db_rollback(w.db);
	return rc;
}

static void
wait(struct box *b, struct pollfd fds[2])
{
	int64_t ms = b->next_at - b->w.real_now();
	int door = door_timeout_ms(b->w.door);

	if (ms < 0)
		ms = 0;
	if (ms > b->set.tick_ms + PAUSE_MS) /* the clock was set back */
		ms = b->set.tick_ms;
	if (door >= 0 && door < ms)
		ms = door;
	(void)poll(fds, 2, (int)ms);
}

enum err
box_serve(struct box *b, int stop_fd, struct fault *f)
{
	struct pollfd fds[2] = { { .fd = stop_fd, .events = POLLIN } };
	enum err rc = found(b, f);

	if (rc == ERR_OK)
		rc = door_open(&b->w, b->set.http, STR_NONE, STR_NONE,
		    box_control, &b->w.door, f);
	if (rc != ERR_OK)
		return rc;
	log_event(b->w.log, LOG_INFO, "started", LOG_TEXT, "http", b->set.http,
	    LOG_TEXT, "supplier", b->set.supplier, LOG_END);
	fds[1] = (struct pollfd){ .fd = door_fd(b->w.door), .events = POLLIN };
	while ((fds[0].revents & POLLIN) == 0) {
		door_run(b->w.door);
		timers_run(&b->w.timers, world_now(&b->w));
		if (b->w.real_now() >= b->next_at)
			turn(b);
		wait(b, fds);
	}
	door_close(b->w.door);
	log_event(b->w.log, LOG_INFO, "stopped", LOG_END);
	return ERR_OK;
}
