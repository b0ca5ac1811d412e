#include "kvitok/store/st_jobs.h"

#include <assert.h>

#define JOB_SHAPE                                                              \
	"ttttt"                                                                \
	"iiii"                                                                 \
	"tt"

static enum err
put_as(struct db *db, enum sql_id id, const struct job *j, struct fault *f)
{
	return db_run(db, id,
	    DB_IN(db_t(j->akey), db_t(j->id), db_t(j->kind), db_t(j->ref),
		db_n(j->due_at), db_n(j->created_at), db_t(j->progress)),
	    NULL, f);
}

static enum err
put(void *self, const struct job *j, struct fault *f)
{
	assert(db_in_tx(self));
	return put_as(self, SQL_JOB_PUT, j, f);
}

static enum err
wake(void *self, const struct job *j, struct fault *f)
{
	enum err rc = put_as(self, SQL_JOB_WAKE, j, f);

	/* To wake it twice is to wake it. */
	if (rc == ERR_UNSURE)
		rc = put_as(self, SQL_JOB_WAKE, j, f);
	return rc;
}

static void
jobs_of(struct arena *a, const struct db_rows *r, const struct job **out,
    size_t *len)
{
	struct job *v = ARENA_ARRAY(a, r->len, struct job);

	for (size_t i = 0; i < r->len; i++) {
		const struct db_cell *c = db_row(r, i);

		v[i] = (struct job){ .akey = c[0].t,
			.id = c[1].t,
			.kind = c[2].t,
			.ref = c[3].t,
			.state = c[4].t,
			.due_at = c[5].n,
			.runs = c[6].n,
			.fails = c[7].n,
			.created_at = c[8].n,
			.last_error = c[9].t,
			.progress = c[10].t };
	}
	*out = v;
	*len = r->len;
}

static enum err
claim(void *self, struct arena *a, struct str worker, int64_t now,
    int64_t lease_until, int limit, const struct job **out, size_t *len,
    struct fault *f)
{
	struct db_rows r;
	enum err rc;

	assert(limit > 0 && !db_in_tx(self));
	rc = db_read(self, a, SQL_JOB_CLAIM,
	    DB_IN(db_n(now), db_n(limit), db_n(lease_until), db_t(worker)),
	    JOB_SHAPE, (size_t)limit, &r, f);
	/* What was perhaps claimed falls due when its lease ends. */
	if (rc == ERR_UNSURE)
		return fault_set(f, ERR_AGAIN, "database_unavailable",
		    "job_claim: connection lost");
	if (rc == ERR_OK)
		jobs_of(a, &r, out, len);
	return rc;
}

static enum err
fenced(const struct job *j, enum err rc, int64_t changed, struct fault *f)
{
	if (rc != ERR_OK || changed == 1)
		return rc;
	return fault_set(f, ERR_CONFLICT, "lease_lost", "%.*s %.*s",
	    STR_ARG(j->kind), STR_ARG(j->ref));
}

static enum err
keep(void *self, const struct job *j, int64_t lease_until, struct fault *f)
{
	int64_t changed;
	enum err rc = db_run(self, SQL_JOB_KEEP,
	    DB_IN(db_n(lease_until), db_t(j->akey), db_t(j->id), db_n(j->runs)),
	    &changed, f);

	return fenced(j, rc, changed, f);
}

static enum err
done(void *self, const struct job *j, int64_t at, struct fault *f)
{
	int64_t changed;
	enum err rc = db_run(self, SQL_JOB_DONE,
	    DB_IN(db_n(at), db_t(j->akey), db_t(j->id), db_n(j->runs)),
	    &changed, f);

	return fenced(j, rc, changed, f);
}

static enum err
put_off(void *self, const struct job *j, int64_t due_at, bool failed,
    struct str words, struct str progress, struct fault *f)
{
	int64_t changed;
	struct db_in flag = db_n(failed ? 1 : 0);
	enum err rc = db_run(self, SQL_JOB_PUT_OFF,
	    DB_IN(db_n(due_at), flag, flag, db_t(words), db_t(progress),
		db_t(j->akey), db_t(j->id), db_n(j->runs)),
	    &changed, f);

	return fenced(j, rc, changed, f);
}

static enum err
fail(void *self, const struct job *j, int64_t at, struct str words,
    struct fault *f)
{
	int64_t changed;
	enum err rc = db_run(self, SQL_JOB_FAIL,
	    DB_IN(db_n(at), db_t(words), db_t(j->akey), db_t(j->id),
		db_n(j->runs)),
	    &changed, f);

	return fenced(j, rc, changed, f);
}

static enum err
list(void *self, struct arena *a, struct str state, int limit,
    const struct job **out, size_t *len, struct fault *f)
{
	struct db_rows r;
	enum err rc;

	assert(limit > 0);
	if (state.len == 0)
		rc = db_read(self, a, SQL_JOB_LIST, DB_IN(db_n(limit)),
		    JOB_SHAPE, (size_t)limit, &r, f);
	else
		rc = db_read(self, a, SQL_JOB_LIST_STATE,
		    DB_IN(db_t(state), db_n(limit)), JOB_SHAPE, (size_t)limit,
		    &r, f);
	if (rc == ERR_OK)
		jobs_of(a, &r, out, len);
	return rc;
}

static enum err
ages(void *self, int64_t now, struct job_ages *out, struct fault *f)
{
	struct arena *a = arena_new(1 << 12);
	struct db_rows due, failed;
	enum err rc;

	rc = db_read(
	    self, a, SQL_JOB_DUE_AGES, DB_IN(db_n(now)), "ii", 1, &due, f);
	if (rc == ERR_OK)
		rc = db_read(self, a, SQL_JOB_FAILED_COUNT, DB_IN_NONE, "i", 1,
		    &failed, f);
	if (rc == ERR_OK)
		*out = (struct job_ages){ due.cells[0].n, due.cells[1].n,
			failed.cells[0].n };
	arena_free(a);
	return rc;
}

struct jobs
st_jobs(struct db *db)
{
	return (struct jobs){ db, put, wake, claim, keep, done, put_off, fail,
		list, ages };
}
