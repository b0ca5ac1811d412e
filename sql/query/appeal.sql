-- What payers ask of suppliers, and what they are answered.

-- name: appeal_put
-- in: id, portal, supplier, account, shown, kind, payer, email, text, fields,
-- in: key_id, ikey, body_hash, created_at
INSERT INTO appeal (id, portal, supplier, account, shown, kind, payer, email,
	text, fields, state, answers, answered_at, key_id, ikey, body_hash,
	created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'in_progress', 0, 0, ?, ?, ?, ?)
ON CONFLICT (key_id, ikey) DO NOTHING

-- name: appeal_by_ikey
-- in: key_id, ikey
SELECT id FROM appeal WHERE key_id = ? AND ikey = ?

-- name: appeal_get
-- in: portal, id
SELECT id, portal, supplier, account, shown, kind, payer, email, text, fields,
	state, key_id, ikey, body_hash, answers, answered_at, created_at,
	COALESCE(closed_at, 0), (SELECT COUNT(*) FROM appeal_file f
		WHERE f.appeal = appeal.id)
FROM appeal WHERE portal = ? AND id = ?

-- name: appeal_list
-- in: portal, before, payer, payer, supplier, supplier, account, account,
-- in: state, state, limit
-- Without what was filled in: a page of it would be large.
SELECT id, portal, supplier, account, shown, kind, payer, email, text, '[]',
	state, key_id, ikey, body_hash, answers, answered_at, created_at,
	COALESCE(closed_at, 0), (SELECT COUNT(*) FROM appeal_file f
		WHERE f.appeal = appeal.id)
FROM appeal
WHERE portal = ? AND id < ?
	AND (payer = ? OR CAST(? AS VARCHAR(64)) = '')
	AND (supplier = ? OR CAST(? AS VARCHAR(32)) = '')
	AND (account = ? OR CAST(? AS VARCHAR(40)) = '')
	AND (state = ? OR CAST(? AS VARCHAR(16)) = '')
ORDER BY id DESC LIMIT ?

-- name: appeal_close
-- in: at, portal, id
UPDATE appeal SET state = 'closed', closed_at = ?
WHERE portal = ? AND id = ? AND state <> 'closed'

-- name: appeal_lock
-- in: portal, supplier, id
-- Whoever answers the same one at once waits here.
UPDATE appeal SET answers = answers
WHERE portal = ? AND supplier = ? AND id = ?

-- name: appeal_answer_same
-- in: appeal, state, text, at
SELECT n FROM appeal_answer
WHERE appeal = ? AND state = ? AND text = ? AND at = ? LIMIT 1

-- name: appeal_answer_put
-- in: appeal, n, state, text, at, actor, created_at
INSERT INTO appeal_answer (appeal, n, state, text, at, actor, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?)

-- name: appeal_move
-- in: state, answers, answered_at, id
UPDATE appeal SET state = ?, answers = ?, answered_at = ? WHERE id = ?

-- name: appeal_answers
-- in: appeal, limit
SELECT q.state, q.text, q.actor, q.at, q.created_at
FROM (SELECT n, state, text, actor, at, created_at FROM appeal_answer
	WHERE appeal = ? ORDER BY n DESC LIMIT ?) q
ORDER BY q.n
