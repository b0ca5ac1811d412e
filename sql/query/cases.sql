-- Cases in the hands of people, and money that goes back because of them.

-- name: case_get
-- in: id
SELECT akey, id, portal, number, n, kind, subject, proposal, state, sum_kop,
	evidence, created_at, owner, taken_at, resolution, note, decided_by,
	decided_at, resolved_at, times
FROM pay_case WHERE id = ?

-- name: case_find
-- in: akey, kind, subject
SELECT akey, id, portal, number, n, kind, subject, proposal, state, sum_kop,
	evidence, created_at, owner, taken_at, resolution, note, decided_by,
	decided_at, resolved_at, times
FROM pay_case WHERE akey = ? AND kind = ? AND subject = ?

-- name: case_list
-- in: after_at, after_id, portal, portal, kind, kind, owner, owner, state,
-- in: state, limit
SELECT akey, id, portal, number, n, kind, subject, proposal, state, sum_kop,
	evidence, created_at, owner, taken_at, resolution, note, decided_by,
	decided_at, resolved_at, times
FROM pay_case
WHERE (created_at, id) > (?, ?)
	AND (CAST(? AS VARCHAR(32)) = '' OR portal = ?)
	AND (CAST(? AS VARCHAR(32)) = '' OR kind = ?)
	AND (CAST(? AS VARCHAR(64)) = '' OR owner = ?)
	AND (CAST(? AS VARCHAR(16)) = '' OR state = ?)
ORDER BY created_at, id LIMIT ?

-- name: case_list_newest
-- in: before_at, before_id, portal, portal, kind, kind, owner, owner, state,
-- in: state, limit
SELECT akey, id, portal, number, n, kind, subject, proposal, state, sum_kop,
	evidence, created_at, owner, taken_at, resolution, note, decided_by,
	decided_at, resolved_at, times
FROM pay_case
WHERE (created_at, id) < (?, ?)
	AND (CAST(? AS VARCHAR(32)) = '' OR portal = ?)
	AND (CAST(? AS VARCHAR(32)) = '' OR kind = ?)
	AND (CAST(? AS VARCHAR(64)) = '' OR owner = ?)
	AND (CAST(? AS VARCHAR(16)) = '' OR state = ?)
ORDER BY created_at DESC, id DESC LIMIT ?

-- name: case_list_open
-- in: after_at, after_id, portal, portal, kind, kind, owner, owner, stage,
-- in: stage, stage, stage, limit
-- Those that are not resolved, by their own index.  Stage: '' any of them,
-- under_way, taken, open.
SELECT akey, id, portal, number, n, kind, subject, proposal, state, sum_kop,
	evidence, created_at, owner, taken_at, resolution, note, decided_by,
	decided_at, resolved_at, times
FROM pay_case
WHERE state = 'open' AND (created_at, id) > (?, ?)
	AND (CAST(? AS VARCHAR(32)) = '' OR portal = ?)
	AND (CAST(? AS VARCHAR(32)) = '' OR kind = ?)
	AND (CAST(? AS VARCHAR(64)) = '' OR owner = ?)
	AND (CAST(? AS VARCHAR(16)) = ''
		OR (CAST(? AS VARCHAR(16)) = 'under_way' AND resolution <> '')
		OR (CAST(? AS VARCHAR(16)) = 'taken'
			AND resolution = '' AND owner <> '')
		OR (CAST(? AS VARCHAR(16)) = 'open'
			AND resolution = '' AND owner = ''))
ORDER BY created_at, id LIMIT ?

-- name: case_move
-- in: state, owner, taken_at, resolution, note, decided_by, decided_at,
-- in: resolved_at, akey, id, state, owner, resolution, times
UPDATE pay_case SET state = ?, owner = ?, taken_at = ?, resolution = ?,
	note = ?, decided_by = ?, decided_at = ?, resolved_at = ?
WHERE akey = ? AND id = ?
	AND state = ? AND owner = ? AND resolution = ? AND times = ?

-- name: case_reopen
-- in: sum_kop, proposal, evidence, akey, kind, subject
-- Gives the case that was resolved by asking the bank again, open.
WITH q AS (SELECT 1)
UPDATE pay_case SET state = 'open', resolution = '', note = '',
	decided_by = '', decided_at = NULL, resolved_at = NULL,
	times = times + 1, sum_kop = ?, proposal = ?, evidence = ?
WHERE akey = ? AND kind = ? AND subject = ?
	AND state = 'resolved' AND resolution = 'ask_again'
RETURNING akey, id, portal, number, n, kind, subject, proposal, state, sum_kop,
	evidence, created_at, owner, taken_at, resolution, note, decided_by,
	decided_at, resolved_at, times

-- name: case_event_put
-- in: akey, number, case_id, id, at, kind, actor, resolution, note, evidence
INSERT INTO case_event (akey, number, case_id, id, at, kind, actor, resolution,
	note, evidence)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: case_event_list
-- in: akey, case_id, limit
SELECT id, at, kind, actor, resolution, note, evidence
FROM case_event WHERE akey = ? AND case_id = ?
ORDER BY id LIMIT ?

-- name: case_ages
-- in: portal, portal, limit
SELECT kind, CAST(COUNT(*) AS BIGINT), MIN(created_at)
FROM pay_case
WHERE state = 'open' AND (CAST(? AS VARCHAR(32)) = '' OR portal = ?)
GROUP BY kind ORDER BY kind LIMIT ?

-- name: give_back_put
-- in: akey, number, id, case_id, n, contract, bank_no, bank_id, way,
-- in: own_account, state, sum_kop, reason, actor, created_at, sent_at, ended_at
INSERT INTO give_back (akey, number, id, case_id, n, contract, bank_no,
	bank_id, way, own_account, state, sum_kop, reason, actor, code,
	created_at, sent_at, ended_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?)
ON CONFLICT (akey, number, n, bank_id) WHERE state <> 'failed' DO NOTHING

-- name: give_back_list
-- in: akey, number, limit
SELECT akey, number, id, case_id, n, contract, bank_no, bank_id, way,
	own_account, state, sum_kop, reason, actor, code,
	COALESCE(before_kop, -1), created_at, sent_at, ended_at
FROM give_back WHERE akey = ? AND number = ?
ORDER BY id LIMIT ?

-- name: give_back_number
-- in: akey, id
SELECT number FROM give_back WHERE akey = ? AND id = ?

-- name: give_back_move
-- in: to, code, sent_at, ended_at, akey, number, id, from
-- NULL leaves code and sent_at as they are.
UPDATE give_back SET state = ?,
	code = COALESCE(?, code),
	sent_at = COALESCE(?, sent_at),
	ended_at = ?
WHERE akey = ? AND number = ? AND id = ? AND state = ?

-- name: give_back_calling
-- in: before_kop, at, akey, number, id
-- Once: of two that are about to call the bank one finds no row.
UPDATE give_back SET before_kop = ?, sent_at = ?
WHERE akey = ? AND number = ? AND id = ? AND state = 'sent'
	AND before_kop IS NULL

-- name: give_back_not_called
-- in: akey, number, id
UPDATE give_back SET before_kop = NULL
WHERE akey = ? AND number = ? AND id = ? AND state = 'intended'
