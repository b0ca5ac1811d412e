-- name: notice_put_wake
-- in: akey, id, number, n, bank, contract, kind, verdict, digest, raw,
-- in: first_at, last_at, job_akey, job_id, job_ref, due_at, created_at
-- A call-back and the job that it wakes in one round trip.
WITH kept AS (
	INSERT INTO notice (akey, id, number, n, bank, contract, kind,
		verdict, digest, raw, first_at, last_at, times)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
	ON CONFLICT (akey, digest) DO UPDATE SET
		times = notice.times + 1,
		last_at = excluded.last_at
	RETURNING id
), woken AS (
	INSERT INTO job (akey, id, kind, ref, state, due_at, leased_by, runs,
		fails, created_at, last_error, progress)
	VALUES (?, ?, 'ask', ?, 'due', ?, '', 0, 0, ?, '', '')
	ON CONFLICT (akey, kind, ref) DO UPDATE SET
		due_at = CASE WHEN job.state = 'due' AND job.leased_by = ''
				AND job.due_at < excluded.due_at
			THEN job.due_at ELSE excluded.due_at END,
		fails = CASE WHEN job.state = 'due' THEN job.fails ELSE 0 END,
		state = 'due',
		leased_by = '',
		runs = job.runs + 1,
		ended_at = NULL
)
SELECT id FROM kept
