#include "kvitok/store/mailbox.h"

#include "kvitok/base/day.h"
#include "kvitok/base/utf8.h"
#include "kvitok/store/odbc.h"
#include "kvitok/store/spool.h"
#include "kvitok/store/watch.h"

#include <assert.h>

#define SIZE_MAX_BYTES (INT64_C(4) << 30)
#define PART_MAX ((size_t)4 << 20) /* bytes of one that we read */
#define PARTS_MAX 1000000
#define PART_OUT                                                               \
	7000 /* bytes of one that we write: 4000 Russian letters fit           \
		everywhere */
#define PART_MEMORY ((size_t)16 << 20)
/* A driver that does not keep its own deadlines ends the process. */
#define SILENCE_MS 10000

struct box {
	struct odbc o;
	struct watch watch;
	const struct mailbox_settings *set;
};

static void
close_box(void *p)
{
	struct box *x = p;

	odbc_free(&x->o);
	watch_free(&x->watch);
}

/* Whatever it is: nothing is lost, it will be looked at again. */
static enum err
failed(struct fault *f)
{
	f->err = ERR_AGAIN;
	f->reason = "mailbox_unavailable";
	return ERR_AGAIN;
}

static enum err
run(struct box *x, struct odbc_call *c, struct fault *f)
{
	enum diag d;

	if (!x->o.open)
		return fault_set(f, ERR_AGAIN, "mailbox_unavailable",
		    "the connection was lost");
	c->text = sql_text[c->id].text;
	watch_start(
	    &x->watch, x->set->timeout_ms + SILENCE_MS, sql_text[c->id].name);
	d = odbc_run(&x->o, c, f);
	watch_stop(&x->watch);
	return d == DIAG_OK ? ERR_OK : failed(f);
}

static enum err
box_read(struct box *x, struct arena *a, enum sql_id id, const struct db_in *in,
    size_t in_len, const char *shape, struct db_rows *out, struct fault *f)
{
	struct odbc_call c = { .id = id,
		.in = in,
		.in_len = in_len,
		.shape = shape,
		.a = a,
		.limit = 1,
		.text_max = PART_MAX,
		.rows = out };

	*out = (struct db_rows){ .len = 0 };
	return run(x, &c, f);
}

static enum err
box_run(struct box *x, enum sql_id id, const struct db_in *in, size_t in_len,
    struct fault *f)
{
	struct odbc_call c = { .id = id, .in = in, .in_len = in_len };

	return run(x, &c, f);
}

static enum err
next(void *self, struct arena *a, int64_t after, struct mailbox_item *out,
    bool *found, struct fault *f)
{
	struct db_rows r;
	enum err rc =
	    box_read(self, a, SQL_MAILBOX_NEXT, DB_IN(db_n(after)), "i", &r, f);

	*found = rc == ERR_OK && r.len == 1 && r.cells[0].n > after;
	if (!*found)
		return rc;
	out->number = r.cells[0].n;
	rc = box_read(
	    self, a, SQL_MAILBOX_GET, DB_IN(db_n(out->number)), "ti", &r, f);
	out->kind = rc == ERR_OK && r.len == 1 && r.cells[0].t.p != NULL
	    ? str_trim(r.cells[0].t)
	    : STR("");
	return rc;
}

/* Gives: ERR_INVALID when the part is not there, or too long. */
static enum err
add_part(struct box *x, struct arena *a, int64_t number, int64_t part,
    struct spool *s, struct fault *f)
{
	struct db_rows r;
	enum err rc = box_read(x, a, SQL_MAILBOX_PART,
	    DB_IN(db_n(number), db_n(part)), "t", &r, f);

	if (rc != ERR_OK)
		return rc;
	if (r.len == 0 || r.cells[0].t.p == NULL || r.cells[0].t.len > PART_MAX)
		return fault_set(f, ERR_INVALID, "mailbox_parts",
		    "document %lld, part %lld", (long long)number,
		    (long long)part);
	return spool_add(s, r.cells[0].t, f);
}

static enum err
fetch(void *self, struct arena *a, const struct mailbox_item *m,
    const struct pulse *pulse, struct source *out, struct fault *f)
{
	struct box *x = self;
	struct arena *part;
	struct spool *s;
	struct db_rows r;
	/* First: a correction from now on makes it new, for another look. */
	enum err rc = box_run(x, SQL_MAILBOX_READ, DB_IN(db_n(m->number)), f);

	if (rc == ERR_OK)
		rc = box_read(
		    x, a, SQL_MAILBOX_GET, DB_IN(db_n(m->number)), "ti", &r, f);
	if (rc != ERR_OK)
		return rc;
	if (r.len == 0 || r.cells[1].n < 1 || r.cells[1].n > PARTS_MAX)
		return fault_set(f, ERR_INVALID, "mailbox_parts",
		    "document %lld", (long long)m->number);
	rc = spool_open(a, x->set->spool, SIZE_MAX_BYTES, &s, f);
	part = arena_new(PART_MEMORY);
	for (int64_t i = 1; rc == ERR_OK && i <= r.cells[1].n; i++) {
		rc = pulse_beat(pulse, f);
		if (rc == ERR_OK)
			rc = add_part(x, part, m->number, i, s, f);
		arena_reset(part);
	}
	arena_free(part);
	if (rc == ERR_OK)
		*out = spool_source(s);
	return rc;
}

static enum err
answer(void *self, int64_t number, const char *state, struct str words,
    int64_t at, struct fault *f)
{
	char text[DAY_RFC3339_SIZE];

	day_rfc3339(at, text);
	return box_run(self, SQL_MAILBOX_ANSWER,
	    DB_IN(db_t(str_of(state)), db_t(words), db_t(str_of(text)),
		db_n(number)),
	    f);
}

static enum err
put_parts(struct box *x, const struct mailbox_letter *m, int64_t *parts,
    struct fault *f)
{
	const struct source *text = m->text;
	/* One letter more than goes out: no letter is cut. */
	char part[PART_OUT + 4];
	size_t kept = 0, got = 1;
	int64_t at = 0;
	enum err rc =
	    box_run(x, SQL_MAILBOX_OUT_DROP, DB_IN(db_n(m->number)), f);

	*parts = 0;
	while (rc == ERR_OK) {
		struct str piece;

		rc = text->read(
		    text->self, at, part + kept, sizeof(part) - kept, &got, f);
		if (rc != ERR_OK || kept + got == 0)
			break;
		at += (int64_t)got;
		piece =
		    utf8_cut_bytes((struct str){ part, kept + got }, PART_OUT);
		kept = kept + got - piece.len;
		++*parts;
		rc = box_run(x, SQL_MAILBOX_OUT_PART,
		    DB_IN(db_n(m->number), db_n(*parts), db_t(piece)), f);
		memmove(part, part + piece.len, kept);
	}
	return rc;
}

static enum err
put_letter(struct box *x, const struct mailbox_letter *m, struct fault *f)
{
	char made_at[DAY_RFC3339_SIZE];
	int64_t parts;
	enum err rc = put_parts(x, m, &parts, f);

	day_rfc3339(m->made_at, made_at);
	return rc == ERR_OK
	    ? box_run(x, SQL_MAILBOX_OUT_PUT,
		  DB_IN(db_n(m->number), db_t(m->kind), db_n(m->of_number),
		      db_n(parts), db_t(str_of(made_at))),
		  f)
	    : rc;
}

/* What is not ended is undone with its connection. */
static enum err
end_all(struct box *x, bool commit, struct fault *f)
{
	enum diag d;

	if (!x->o.open)
		return fault_set(f, ERR_AGAIN, "mailbox_unavailable",
		    "the connection was lost");
	watch_start(&x->watch, x->set->timeout_ms + SILENCE_MS, "mailbox_end");
	d = odbc_end(&x->o, commit, f);
	watch_stop(&x->watch);
	if (d == DIAG_OK)
		return ERR_OK;
	odbc_drop(&x->o);
	return failed(f);
}

/* Parts and row come together or not at all.  Of two workers that hand over the
 * same document the second one waits for the first one, for as long as its
 * deadline allows, meets the keys, and leaves nothing. */
static enum err
put_whole(struct box *x, const struct mailbox_letter *m, struct fault *f)
{
	struct fault none;
	enum err rc;

	if (odbc_begin(&x->o, f) != DIAG_OK)
		return failed(f);
	rc = put_letter(x, m, f);
	if (rc == ERR_OK)
		return end_all(x, true, f);
	fault_init(&none);
	(void)end_all(x, false, &none); /* rc tells why */
	return rc;
}

static enum err
hand(void *self, const struct mailbox_letter *m, struct fault *f)
{
	struct box *x = self;
	struct arena *a = arena_new(PART_MEMORY);
	struct db_rows r;
	enum err rc = box_read(
	    x, a, SQL_MAILBOX_OUT_GET, DB_IN(db_n(m->number)), "i", &r, f);
	bool there = rc == ERR_OK && r.len == 1 && r.cells[0].n > 0;

	arena_free(a);
	if (rc != ERR_OK)
		return rc;
	if (there)
		return m->again ? box_run(x, SQL_MAILBOX_OUT_AGAIN,
				      DB_IN(db_n(m->number)), f)
				: ERR_OK;
	return put_whole(x, m, f);
}

static enum err
untaken(void *self, int64_t *number, struct fault *f)
{
	struct arena *a = arena_new(PART_MEMORY);
	struct db_rows r;
	enum err rc =
	    box_read(self, a, SQL_MAILBOX_UNTAKEN, NULL, 0, "i", &r, f);

	*number = rc == ERR_OK && r.len == 1 ? r.cells[0].n : 0;
	arena_free(a);
	return rc;
}

/* SQLite's driver tells its errors by numbers of its own. */
static bool
is_sqlite(struct str dsn)
{
	return str_find(dsn, STR("SQLite")) < dsn.len;
}

enum err
mailbox_odbc(struct arena *a, const struct mailbox_settings *s,
    struct mailbox *out, struct fault *f)
{
	struct box *x = ARENA_NEW(a, struct box);
	enum err rc;
	enum diag d;

	x->set = s;
	rc = odbc_make(&x->o, is_sqlite(s->dsn), f);
	if (rc == ERR_OK)
		rc = watch_make(&x->watch, f);
	arena_defer(a, close_box, x);
	if (rc != ERR_OK)
		return rc;
	x->o.timeout_s = (int)(s->timeout_ms / 1000);
	watch_start(&x->watch, s->timeout_ms + SILENCE_MS, "mailbox_connect");
	d = odbc_dial(&x->o, s->dsn, f);
	watch_stop(&x->watch);
	if (d != DIAG_OK)
		return failed(f);
	*out = (struct mailbox){ x, next, fetch, answer, hand, untaken };
	return ERR_OK;
}
