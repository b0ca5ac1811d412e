-- name: job_claim
-- in: now, limit, lease_until, worker
-- Rows that another worker is claiming at this instant are left to it.
WITH q AS (
	SELECT akey, id FROM job
	WHERE state = 'due' AND due_at <= ?
	ORDER BY due_at LIMIT ?
	FOR UPDATE SKIP LOCKED)
UPDATE job SET due_at = ?, leased_by = ?, runs = runs + 1
FROM q WHERE job.akey = q.akey AND job.id = q.id
RETURNING job.akey, job.id, kind, ref, state, due_at, runs, fails, created_at,
	last_error, progress
