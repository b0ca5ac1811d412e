-- What is owed.

-- name: job_put
-- in: akey, id, kind, ref, due_at, created_at, progress
INSERT INTO job (akey, id, kind, ref, state, due_at, leased_by, runs, fails,
	created_at, last_error, progress)
VALUES (?, ?, ?, ?, 'due', ?, '', 0, 0, ?, '', ?)
ON CONFLICT (akey, kind, ref) DO UPDATE SET due_at = excluded.due_at
WHERE job.state = 'due' AND job.due_at > excluded.due_at

-- name: job_wake
-- in: akey, id, kind, ref, due_at, created_at, progress
-- runs is raised, so that a claim that runs now cannot write its outcome.  One
-- that waits for an earlier instant keeps it.
INSERT INTO job (akey, id, kind, ref, state, due_at, leased_by, runs, fails,
	created_at, last_error, progress)
VALUES (?, ?, ?, ?, 'due', ?, '', 0, 0, ?, '', ?)
ON CONFLICT (akey, kind, ref) DO UPDATE SET
	due_at = CASE WHEN job.state = 'due' AND job.leased_by = ''
			AND job.due_at < excluded.due_at
		THEN job.due_at ELSE excluded.due_at END,
	fails = CASE WHEN job.state = 'due' THEN job.fails ELSE 0 END,
	state = 'due',
	leased_by = '',
	runs = job.runs + 1,
	ended_at = NULL

-- name: job_claim
-- in: now, limit, lease_until, worker
WITH q AS (
	SELECT akey, id FROM job
	WHERE state = 'due' AND due_at <= ?
	ORDER BY due_at LIMIT ?)
UPDATE job SET due_at = ?, leased_by = ?, runs = runs + 1
WHERE (akey, id) IN (SELECT akey, id FROM q)
RETURNING akey, id, kind, ref, state, due_at, runs, fails, created_at,
	last_error, progress

-- name: job_keep
-- in: lease_until, akey, id, runs
UPDATE job SET due_at = ?
WHERE akey = ? AND id = ? AND runs = ? AND state = 'due'

-- name: job_done
-- in: at, akey, id, runs
UPDATE job SET state = 'done', ended_at = ?, leased_by = '', fails = 0
WHERE akey = ? AND id = ? AND runs = ? AND state = 'due'

-- name: job_put_off
-- in: due_at, failed, failed, words, progress, akey, id, runs
UPDATE job SET due_at = ?, leased_by = '',
	fails = CASE WHEN CAST(? AS SMALLINT) = 1 THEN fails + 1 ELSE 0 END,
	last_error = CASE WHEN CAST(? AS SMALLINT) = 1
		THEN CAST(? AS VARCHAR(400)) ELSE last_error END,
	progress = ?
WHERE akey = ? AND id = ? AND runs = ? AND state = 'due'

-- name: job_fail
-- in: at, words, akey, id, runs
UPDATE job SET state = 'failed', ended_at = ?, leased_by = '',
	fails = fails + 1, last_error = ?
WHERE akey = ? AND id = ? AND runs = ? AND state = 'due'

-- name: job_list
-- in: limit
SELECT akey, id, kind, ref, state, due_at, runs, fails, created_at,
	last_error, progress
FROM job ORDER BY created_at DESC, id DESC LIMIT ?

-- name: job_list_state
-- in: state, limit
SELECT akey, id, kind, ref, state, due_at, runs, fails, created_at,
	last_error, progress
FROM job WHERE state = ? ORDER BY created_at DESC, id DESC LIMIT ?

-- name: job_due_ages
-- in: now
SELECT COUNT(*), COALESCE(MIN(due_at), 0) FROM job
WHERE state = 'due' AND due_at <= ?

-- name: job_failed_count
SELECT COUNT(*) FROM job WHERE state = 'failed'
