#include "kvitok/store/st_staff.h"

#include "kvitok/domain/ref.h"

#include <assert.h>

#define STAFF_COLUMNS 14
#define STAFF_SHAPE "tttttttttiiiii"

static enum err
staff_of(const struct db_cell *c, struct staff *out, struct fault *f)
{
	*out = (struct staff){ .id = c[0].t,
		.login = c[1].t,
		.name = c[2].t,
		.hash = c[3].t,
		.portal = c[4].t,
		.supplier = c[5].t,
		.blocked = !str_eq(c[7].t, STR("active")),
		.created_by = c[8].t,
		.must_change = c[9].n != 0,
		.created_at = c[10].n,
		.changed_at = c[11].n,
		.password_at = c[12].n,
		.entered_at = c[13].n };
	if (!ref_rights(c[6].t, &out->rights))
		return fault_set(f, ERR_BUG, "internal",
		    "rights of %.*s: another program's", STR_ARG(c[1].t));
	return ERR_OK;
}

/* --- people ------------------------------------------------------------ */

static enum err
put(void *self, const struct staff *s, struct fault *f)
{
	char rights[REF_RIGHTS_SIZE];

	return db_run(self, SQL_STAFF_PUT,
	    DB_IN(db_t(s->id), db_t(s->login), db_t(s->name), db_t(s->hash),
		db_n(s->must_change), db_t(s->portal), db_t(s->supplier),
		db_t(ref_rights_words(s->rights, rights)), db_n(s->created_at),
		db_t(s->created_by), db_n(s->created_at), db_n(s->password_at)),
	    NULL, f);
}

static enum err
by_login(void *self, struct arena *a, struct str login, struct staff *out,
    struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_STAFF_BY_LOGIN, DB_IN(db_t(login)),
	    STAFF_SHAPE, 1, &r, f);

	if (rc == ERR_OK && r.len == 0)
		return fault_set(f, ERR_ABSENT, "staff_unknown", "no login");
	return rc == ERR_OK ? staff_of(r.cells, out, f) : rc;
}

static enum err
page(void *self, struct arena *a, struct str portal, struct str after,
    int limit, const struct staff **out, size_t *len, struct fault *f)
{
	struct staff *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_STAFF_PAGE,
	    DB_IN(db_t(portal), db_t(portal), db_t(after), db_n(limit)),
	    STAFF_SHAPE, (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct staff);
	for (size_t i = 0; i < r.len && rc == ERR_OK; i++)
		rc = staff_of(db_row(&r, i), &v[i], f);
	*out = v;
	*len = r.len;
	return rc;
}

/* Gives: rc, unless nothing was written: somebody else was first. */
static enum err
still_so(enum err rc, int64_t changed, struct fault *f)
{
	return rc == ERR_OK && changed == 0
	    ? fault_set(f, ERR_CONFLICT, "row_conflict",
		  "the person was changed meanwhile")
	    : rc;
}

static struct str
state_of(const struct staff *s)
{
	return s->blocked ? STR("blocked") : STR("active");
}

static enum err
may(void *self, const struct staff *s, const struct staff *was, struct fault *f)
{
	char rights[REF_RIGHTS_SIZE], before[REF_RIGHTS_SIZE];
	int64_t changed = 0;
	enum err rc = db_run(self, SQL_STAFF_MAY,
	    DB_IN(db_t(ref_rights_words(s->rights, rights)), db_t(state_of(s)),
		db_n(s->changed_at), db_t(s->id),
		db_t(ref_rights_words(was->rights, before)),
		db_t(state_of(was))),
	    &changed, f);

	return still_so(rc, changed, f);
}

static enum err
password(void *self, const struct staff *s, struct str was, struct fault *f)
{
	int64_t changed = 0;
	enum err rc = db_run(self, SQL_STAFF_PASSWORD,
	    DB_IN(db_t(s->hash), db_n(s->must_change), db_n(s->password_at),
		db_n(s->password_at), db_t(s->id), db_t(was)),
	    &changed, f);

	return still_so(rc, changed, f);
}

static enum err
entered(void *self, const struct staff *s, struct str was, struct fault *f)
{
	int64_t changed = 0;
	enum err rc = db_run(self, SQL_STAFF_ENTERED,
	    DB_IN(db_t(s->hash), db_n(s->entered_at), db_t(s->id), db_t(was)),
	    &changed, f);

	return still_so(rc, changed, f);
}

struct staff_store
st_staff(struct db *db)
{
	return (struct staff_store){ db, put, by_login, page, may, password,
		entered };
}

/* --- sessions ---------------------------------------------------------- */

static enum err
session_put(void *self, const struct staff_session *s, struct fault *f)
{
	return db_run(self, SQL_STAFF_SESSION_PUT,
	    DB_IN(db_t(s->digest), db_t(s->staff), db_n(s->created_at),
		db_n(s->seen_at), db_n(s->expires_at), db_t(s->address)),
	    NULL, f);
}

static enum err
session_find(void *self, struct arena *a, struct str digest, struct staff *who,
    struct staff_session *s, struct fault *f)
{
	const struct db_cell *c;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_STAFF_SESSION_GET,
	    DB_IN(db_t(digest)), STAFF_SHAPE "tttiii", 1, &r, f);

	if (rc == ERR_OK && r.len == 0)
		return fault_set(f, ERR_ABSENT, "session_over", "no session");
	if (rc != ERR_OK)
		return rc;
	c = r.cells + STAFF_COLUMNS;
	*s = (struct staff_session){ .digest = c[0].t,
		.staff = c[1].t,
		.address = c[2].t,
		.created_at = c[3].n,
		.seen_at = c[4].n,
		.expires_at = c[5].n };
	return staff_of(r.cells, who, f);
}

static enum err
session_seen(void *self, struct str digest, int64_t at, struct fault *f)
{
	return db_run(self, SQL_STAFF_SESSION_SEEN,
	    DB_IN(db_n(at), db_t(digest), db_n(at)), NULL, f);
}

static enum err
session_end(void *self, struct str digest, struct fault *f)
{
	return db_run(
	    self, SQL_STAFF_SESSION_END, DB_IN(db_t(digest)), NULL, f);
}

static enum err
session_trim(void *self, struct str staff, int keep, struct fault *f)
{
	if (keep == 0)
		return db_run(self, SQL_STAFF_SESSION_END_ALL,
		    DB_IN(db_t(staff)), NULL, f);
	return db_run(self, SQL_STAFF_SESSION_TRIM,
	    DB_IN(db_t(staff), db_t(staff), db_n(keep)), NULL, f);
}

static enum err
session_list(void *self, struct arena *a, struct str login, int64_t now,
    int64_t idle_since, int limit, const struct staff_present **out,
    size_t *len, struct fault *f)
{
	struct staff_present *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_STAFF_SESSION_LIST,
	    DB_IN(db_t(login), db_t(login), db_n(now), db_n(idle_since),
		db_n(limit)),
	    "ttttiii", (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct staff_present);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct staff_present){ .login = c[0].t,
			.name = c[1].t,
			.portal = c[2].t,
			.s = { .address = c[3].t,
			    .created_at = c[4].n,
			    .seen_at = c[5].n,
			    .expires_at = c[6].n } };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
session_sweep(void *self, int64_t now, int64_t idle_since, struct fault *f)
{
	return db_run(self, SQL_STAFF_SESSION_SWEEP,
	    DB_IN(db_n(now), db_n(idle_since)), NULL, f);
}

/* Gives: the only number of a statement. */
static enum err
count_of(struct db *db, enum sql_id id, const struct db_in *in, size_t in_len,
    int64_t *n, struct fault *f)
{
	struct arena *a = arena_new(1 << 12);
	struct db_rows r;
	enum err rc = db_read(db, a, id, in, in_len, "i", 1, &r, f);

	*n = rc == ERR_OK ? r.cells[0].n : 0;
	arena_free(a);
	return rc;
}

static enum err
session_count(
    void *self, int64_t now, int64_t idle_since, int64_t *n, struct fault *f)
{
	return count_of(self, SQL_STAFF_SESSION_COUNT,
	    DB_IN(db_n(now), db_n(idle_since)), n, f);
}

struct staff_sessions
st_staff_sessions(struct db *db)
{
	return (struct staff_sessions){ db, session_put, session_find,
		session_seen, session_end, session_trim, session_list,
		session_sweep, session_count };
}

/* --- browsers ---------------------------------------------------------- */

static enum err
device_known(void *self, struct str staff, struct str digest, bool *known,
    struct fault *f)
{
	struct arena *a = arena_new(1 << 12);
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_STAFF_DEVICE_GET,
	    DB_IN(db_t(staff), db_t(digest)), "i", 1, &r, f);

	*known = rc == ERR_OK && r.len > 0;
	arena_free(a);
	return rc;
}

static enum err
device_put(void *self, struct str staff, struct str digest, int64_t at,
    int keep, struct fault *f)
{
	enum err rc = db_run(self, SQL_STAFF_DEVICE_PUT,
	    DB_IN(db_t(staff), db_t(digest), db_n(at)), NULL, f);

	if (rc != ERR_OK)
		return rc;
	return db_run(self, SQL_STAFF_DEVICE_TRIM,
	    DB_IN(db_t(staff), db_t(staff), db_n(keep)), NULL, f);
}

static enum err
device_forget(void *self, struct str staff, struct fault *f)
{
	return db_run(
	    self, SQL_STAFF_DEVICE_FORGET, DB_IN(db_t(staff)), NULL, f);
}

static enum err
device_sweep(void *self, int64_t before, struct fault *f)
{
	return db_run(
	    self, SQL_STAFF_DEVICE_SWEEP, DB_IN(db_n(before)), NULL, f);
}

struct staff_devices
st_staff_devices(struct db *db)
{
	return (struct staff_devices){ db, device_known, device_put,
		device_forget, device_sweep };
}

/* --- wrong passwords --------------------------------------------------- */

static enum err
try_get(void *self, struct arena *a, struct str subject, struct staff_try *out,
    struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(
	    self, a, SQL_STAFF_TRY_GET, DB_IN(db_t(subject)), "iii", 1, &r, f);

	*out = (struct staff_try){ .subject = subject };
	if (rc != ERR_OK || r.len == 0)
		return rc;
	out->fails = r.cells[0].n;
	out->last_at = r.cells[1].n;
	out->locked_until = r.cells[2].n;
	return ERR_OK;
}

static enum err
try_put(void *self, const struct staff_try *t, const struct staff_try *was,
    struct fault *f)
{
	int64_t changed = 0;
	enum err rc = db_run(self, SQL_STAFF_TRY_PUT,
	    DB_IN(db_t(t->subject), db_t(t->login), db_n(t->fails),
		db_n(t->last_at), db_n(t->locked_until), db_n(was->fails),
		db_n(was->last_at)),
	    &changed, f);

	if (rc == ERR_OK && changed == 0)
		return fault_set(f, ERR_AGAIN, "busy", "another try counts");
	return rc;
}

static enum err
try_forget(void *self, struct str subject, struct fault *f)
{
	return db_run(
	    self, SQL_STAFF_TRY_FORGET, DB_IN(db_t(subject)), NULL, f);
}

static enum err
try_forget_login(void *self, struct str login, struct fault *f)
{
	return db_run(
	    self, SQL_STAFF_TRY_FORGET_LOGIN, DB_IN(db_t(login)), NULL, f);
}

static enum err
try_sweep(void *self, int64_t before, int limit, struct fault *f)
{
	return db_run(self, SQL_STAFF_TRY_SWEEP,
	    DB_IN(db_n(before), db_n(limit)), NULL, f);
}

static enum err
try_locked(void *self, int64_t now, int64_t *n, struct fault *f)
{
	return count_of(self, SQL_STAFF_TRY_LOCKED, DB_IN(db_n(now)), n, f);
}

struct staff_tries
st_staff_tries(struct db *db)
{
	return (struct staff_tries){ db, try_get, try_put, try_forget,
		try_forget_login, try_sweep, try_locked };
}

/* --- the trail --------------------------------------------------------- */

static enum err
event_put(void *self, const struct staff_event *e, struct fault *f)
{
	assert(db_in_tx(self));
	return db_run(self, SQL_STAFF_EVENT_PUT,
	    DB_IN(db_t(e->id), db_n(e->at), db_t(e->actor), db_t(e->staff),
		db_t(e->portal), db_t(e->what), db_t(e->object),
		db_t(e->detail), db_t(e->address)),
	    NULL, f);
}

static enum err
event_page(void *self, struct arena *a, struct str staff, struct str before,
    int limit, const struct staff_event **out, size_t *len, struct fault *f)
{
	static const char shape[] = "tttttttti";
	struct str end = before.len > 0 ? before : STR("Z");
	struct staff_event *v;
	struct db_rows r;
	enum err rc;

	if (staff.len > 0)
		rc = db_read(self, a, SQL_STAFF_EVENT_OF,
		    DB_IN(db_t(staff), db_t(end), db_n(limit)), shape,
		    (size_t)limit, &r, f);
	else
		rc = db_read(self, a, SQL_STAFF_EVENT_LIST,
		    DB_IN(db_t(end), db_n(limit)), shape, (size_t)limit, &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct staff_event);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct staff_event){ .id = c[0].t,
			.actor = c[1].t,
			.staff = c[2].t,
			.portal = c[3].t,
			.what = c[4].t,
			.object = c[5].t,
			.detail = c[6].t,
			.address = c[7].t,
			.at = c[8].n };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
event_sweep(void *self, int64_t before, int64_t strangers_before, int limit,
    struct fault *f)
{
	return db_run(self, SQL_STAFF_EVENT_SWEEP,
	    DB_IN(db_n(before), db_n(strangers_before), db_n(limit)), NULL, f);
}

struct staff_trail
st_staff_trail(struct db *db)
{
	return (struct staff_trail){ db, event_put, event_page, event_sweep };
}
