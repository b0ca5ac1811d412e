#include "kvitok/box/box_post.h"

#include "kvitok/box/box_spoil.h"

#define OPEN_MAX 200
#define PIECE_BYTES ((size_t)256 << 10)

/* A document that is not done. */
struct letter {
	const struct box_work *w;
	int64_t number, parts, wait_until, tries;
	struct str kind, state;
	enum box_fault trouble;
};

static enum err
move(const struct letter *l, const char *state, enum box_fault trouble,
    int64_t wait_until, int64_t tries)
{
	const char *name =
	    trouble == BOX_FAULT_NONE ? "" : box_fault_item(trouble)->name;

	return box_db_run(l->w->db, SQL_BOX_DOC_MOVE,
	    DB_IN(db_t(str_of(state)), db_t(str_of(name)), db_n(wait_until),
		db_n(tries), db_n(l->number)),
	    l->w->f);
}

static enum err
put_part(const struct letter *l, struct arena *a, int64_t part,
    enum box_fault fault, bool *last)
{
	const struct box_work *w = l->w;
	struct db_rows r;
	struct buf b;
	enum err rc = box_db_read(w->db, a, SQL_BOX_DOC_PART_GET,
	    DB_IN(db_n(l->number), db_n(part)), "t", 1, &r, w->f);

	if (rc != ERR_OK)
		return rc;
	if (r.len == 0)
		return fault_set(
		    w->f, ERR_BUG, "internal", "a part is not there");
	buf_init(&b, a, PIECE_BYTES);
	*last = box_spoil(part == 1 ? fault : BOX_FAULT_NONE, r.cells[0].t, &b);
	return box_db_run(w->db, SQL_BOX_IN_PART_PUT,
	    DB_IN(db_n(l->number), db_n(part), db_t(buf_str(&b))), w->f);
}

/* Gives: *parts, how many it has. */
static enum err
put_parts(const struct letter *l, enum box_fault fault, int64_t *parts)
{
	struct arena *a = arena_new((size_t)4 << 20);
	bool last = false;
	enum err rc = box_db_run(
	    l->w->db, SQL_BOX_IN_PART_DROP, DB_IN(db_n(l->number)), l->w->f);

	for (*parts = 0; rc == ERR_OK && !last && *parts < l->parts;) {
		rc = put_part(l, a, ++*parts, fault, &last);
		arena_reset(a);
	}
	arena_free(a);
	*parts += fault == BOX_MISSING_PART;
	return rc;
}

static enum err
send(const struct letter *l, enum box_fault fault)
{
	int64_t parts;
	enum err rc = put_parts(l, fault, &parts);

	return rc == ERR_OK
	    ? box_db_run(l->w->db, SQL_BOX_IN_PUT,
		  DB_IN(db_n(l->number), db_t(l->kind), db_n(parts)), l->w->f)
	    : rc;
}

static enum err
send_again(const struct letter *l, enum box_fault fault)
{
	int64_t parts;
	enum err rc = put_parts(l, fault, &parts);

	return rc == ERR_OK ? box_db_run(l->w->db, SQL_BOX_IN_AGAIN,
				  DB_IN(db_n(parts), db_n(l->number)), l->w->f)
			    : rc;
}

/* --- a document that was not sent ----------------------------------------- */

static enum err
overtaken(const struct letter *l, bool *yes)
{
	struct db_rows r;
	enum err rc = box_db_read(l->w->db, l->w->a, SQL_BOX_DOC_SENT_AFTER,
	    DB_IN(db_n(l->number)), "i", 1, &r, l->w->f);

	*yes = rc == ERR_OK && r.cells[0].n > 0;
	return rc;
}

/* One that is held back until it is late. */
static enum err
end_waiting(const struct letter *l)
{
	bool go = l->w->now >= l->wait_until;
	enum err rc = ERR_OK;

	if (!go && l->trouble == BOX_OUT_OF_ORDER)
		rc = overtaken(l, &go);
	if (rc != ERR_OK || !go)
		return rc;
	rc = send(l, BOX_FAULT_NONE);
	return rc == ERR_OK ? move(l, "sent", BOX_FAULT_NONE, 0, 0) : rc;
}

static enum err
begin(const struct letter *l, struct box_faults *faults)
{
	int64_t ms;
	enum box_fault fault =
	    box_fault_take(faults, BOX_SENDING, l->kind, l->number, &ms);
	enum err rc;

	if (fault == BOX_GAP || fault == BOX_OUT_OF_ORDER)
		return move(l, "ready", fault, l->w->now + ms, 0);
	/* Before it may come in another form it must have come. */
	rc = send(l, fault == BOX_OTHER_CONTENT ? BOX_FAULT_NONE : fault);
	return rc == ERR_OK ? move(l, "sent", fault, 0, 0) : rc;
}

/* --- a document that was -------------------------------------------------- */

static enum err
is_applied(const struct letter *l)
{
	enum err rc;

	if (l->trouble != BOX_TWICE && l->trouble != BOX_OTHER_CONTENT)
		return move(l, "done", BOX_FAULT_NONE, 0, l->tries);
	rc = send_again(
	    l, l->trouble == BOX_TWICE ? BOX_FAULT_NONE : BOX_OTHER_CONTENT);
	return rc == ERR_OK ? move(l, "again", l->trouble, 0, l->tries) : rc;
}

static enum err
is_refused(const struct letter *l)
{
	enum err rc;

	if (l->tries >= BOX_TRIES_MAX)
		return move(l, "stuck", l->trouble, 0, l->tries);
	rc = send_again(l, BOX_FAULT_NONE);
	return rc == ERR_OK ? move(l, "sent", BOX_FAULT_NONE, 0, l->tries + 1)
			    : rc;
}

/* The same once more must be applied, another content must be refused; then
 * the right one lies there again. */
static enum err
is_answered_again(const struct letter *l, bool applied)
{
	enum err rc;

	if (applied != (l->trouble == BOX_TWICE))
		return move(l, "stuck", l->trouble, 0, l->tries);
	if (l->trouble == BOX_TWICE)
		return move(l, "done", BOX_FAULT_NONE, 0, l->tries);
	rc = send_again(l, BOX_FAULT_NONE);
	return rc == ERR_OK ? move(l, "again", BOX_TWICE, 0, l->tries) : rc;
}

static enum err
look(const struct letter *l)
{
	struct db_rows r;
	struct str state;
	bool applied, refused;
	enum err rc = box_db_read(l->w->db, l->w->a, SQL_BOX_IN_GET,
	    DB_IN(db_n(l->number)), "t", 1, &r, l->w->f);

	if (rc != ERR_OK)
		return rc;
	if (r.len == 0) /* somebody has tidied up */
		return send(l, BOX_FAULT_NONE);
	state = r.cells[0].t;
	applied =
	    str_eq(state, STR("applied")) || str_eq(state, STR("skipped"));
	refused = str_eq(state, STR("aside")) || str_eq(state, STR("refused"));
	if (!applied && !refused)
		return ERR_OK; /* not looked at, or waiting for another one */
	if (str_eq(l->state, STR("again")))
		return is_answered_again(l, applied);
	return applied ? is_applied(l) : is_refused(l);
}

static enum err
step(const struct letter *l, struct box_faults *faults)
{
	const struct box_faults before = *faults;
	enum err rc = box_db_begin(l->w->db, l->w->f);

	if (rc != ERR_OK)
		return rc;
	if (!str_eq(l->state, STR("ready")))
		rc = look(l);
	else if (l->trouble != BOX_FAULT_NONE)
		rc = end_waiting(l);
	else
		rc = begin(l, faults);
	if (rc == ERR_OK)
		rc = box_db_commit(l->w->db, l->w->f);
	else
		box_db_rollback(l->w->db);
	if (rc != ERR_OK)
		*faults = before; /* none is used up by what was not done */
	return rc;
}

enum err
box_post(const struct box_work *w, struct box_faults *faults)
{
	struct db_rows r;
	enum err rc = box_db_read(w->db, w->a, SQL_BOX_DOCS_OPEN,
	    DB_IN(db_n(OPEN_MAX)), "tttiiii", OPEN_MAX, &r, w->f);

	for (size_t i = 0; rc == ERR_OK && i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		rc = step(&(struct letter){ .w = w,
			      .kind = c[0].t,
			      .state = c[1].t,
			      .trouble = box_fault_find(c[2].t),
			      .number = c[3].n,
			      .parts = c[4].n,
			      .wait_until = c[5].n,
			      .tries = c[6].n },
		    faults);
	}
	return rc;
}
