-- name: report_order_lock
-- in: key_id
-- The key's row is the lock of whoever counts what waits for it.
UPDATE frontend_key SET key_id = key_id WHERE key_id = ?

-- name: report_order_lock_staff
-- in: staff
-- The same of a person at the desk.
UPDATE staff SET id = id WHERE id = ?

-- name: report_order_waiting
-- in: key_id
SELECT COUNT(*) FROM report_order
WHERE key_id = ? AND state IN ('waiting', 'running')

-- name: report_order_put
-- in: id, key_id, ikey, body_hash, report, format, encoding, separator,
-- in: from_day, to_day, of_portal, of_supplier, of_contract, of_bank, of_state,
-- in: of_account, asked_by, email, created_at, by_staff
INSERT INTO report_order (id, key_id, ikey, body_hash, report, format, encoding,
	separator, from_day, to_day, of_portal, of_supplier, of_contract,
	of_bank, of_state, of_account, asked_by, email, state, runs,
	lease_until, lines, reached, size, replaced, hash, digest, totals,
	reason, created_at, by_staff)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', 0, 0, 0,
	'', 0, 0, '', '', '{}', '', ?, ?)

-- name: report_order_by_ikey
-- in: key_id, ikey
SELECT id FROM report_order WHERE key_id = ? AND ikey = ?

-- name: report_order_get
-- in: id
SELECT id, key_id, ikey, body_hash, report, format, encoding, separator,
	from_day, to_day, of_portal, of_supplier, of_contract, of_bank,
	of_state, of_account, asked_by, email, state, reached, hash, digest,
	totals, reason, runs, lease_until, lines, size, replaced, created_at,
	COALESCE(started_at, 0), COALESCE(ended_at, 0), COALESCE(expires_at, 0),
	by_staff
FROM report_order WHERE id = ?

-- name: report_order_list
-- in: key_id, before, limit
SELECT id, key_id, ikey, body_hash, report, format, encoding, separator,
	from_day, to_day, of_portal, of_supplier, of_contract, of_bank,
	of_state, of_account, asked_by, email, state, reached, hash, digest,
	totals, reason, runs, lease_until, lines, size, replaced, created_at,
	COALESCE(started_at, 0), COALESCE(ended_at, 0), COALESCE(expires_at, 0),
	by_staff
FROM report_order WHERE key_id = ? AND id < ? ORDER BY id DESC LIMIT ?

-- name: report_order_due
-- in: now
SELECT id, runs FROM report_order
WHERE state IN ('waiting', 'running') AND lease_until < ?
ORDER BY created_at, id LIMIT 1

-- name: report_order_claim
-- in: lease_until, at, id, runs, now
UPDATE report_order SET state = 'running', runs = runs + 1, lease_until = ?,
	started_at = ?, lines = 0, reached = ''
WHERE id = ? AND runs = ? AND lease_until < ?
	AND state IN ('waiting', 'running')

-- name: report_order_renew
-- in: lease_until, lines, reached, id, runs
UPDATE report_order SET lease_until = ?, lines = ?, reached = ?
WHERE id = ? AND runs = ? AND state = 'running'

-- name: report_order_done
-- in: lines, size, replaced, hash, digest, totals, at, expires_at, id, runs
UPDATE report_order SET state = 'done', lease_until = 0, lines = ?, size = ?,
	replaced = ?, hash = ?, digest = ?, totals = ?, ended_at = ?,
	expires_at = ?
WHERE id = ? AND runs = ? AND state = 'running'

-- name: report_order_fail
-- in: reason, at, id, runs
UPDATE report_order SET state = 'failed', lease_until = 0, reason = ?,
	ended_at = ?
WHERE id = ? AND runs = ? AND state = 'running'

-- name: report_order_over
-- in: now, limit
SELECT id FROM report_order WHERE state = 'done' AND expires_at < ?
ORDER BY expires_at LIMIT ?

-- name: report_order_gone
-- in: id
UPDATE report_order SET state = 'gone' WHERE id = ? AND state = 'done'
