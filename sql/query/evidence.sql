-- What happened, what came from outside, what does not fit.

-- name: event_put
-- in: akey, number, id, at, kind, actor, n, from_state, to_state, evidence
INSERT INTO event (akey, number, id, at, kind, actor, n, from_state, to_state,
	evidence)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: event_list
-- in: akey, number, after_id, limit
SELECT id, at, kind, actor, n, from_state, to_state, evidence FROM event
WHERE akey = ? AND number = ? AND id > ?
ORDER BY id LIMIT ?

-- name: notice_put
-- in: akey, id, number, n, bank, contract, kind, verdict, digest, raw,
-- in: first_at, last_at
-- Gives the id under which it is kept: another one for a repeat.
WITH q AS (SELECT 1)
INSERT INTO notice (akey, id, number, n, bank, contract, kind, verdict, digest,
	raw, first_at, last_at, times)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
ON CONFLICT (akey, digest) DO UPDATE SET
	times = notice.times + 1,
	last_at = excluded.last_at
RETURNING id

-- name: notice_list
-- in: akey, number, limit
SELECT akey, id, number, n, bank, contract, kind, verdict, raw, digest,
	first_at, times
FROM notice WHERE akey = ? AND number = ?
ORDER BY first_at, id LIMIT ?

-- name: case_put
-- in: akey, id, portal, number, n, kind, subject, sum_kop, proposal, evidence,
-- in: created_at
INSERT INTO pay_case (akey, id, portal, number, n, kind, subject, state,
	sum_kop, proposal, evidence, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?)
ON CONFLICT (akey, kind, subject) DO NOTHING

-- name: case_of
-- in: akey, number, limit
SELECT akey, id, portal, number, n, kind, subject, proposal, state, sum_kop,
	evidence, created_at, owner, taken_at, resolution, note, decided_by,
	decided_at, resolved_at, times
FROM pay_case WHERE akey = ? AND number = ?
ORDER BY created_at, id LIMIT ?
