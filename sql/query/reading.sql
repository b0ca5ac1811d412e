-- Meter readings.

-- name: reading_put
-- in: akey, number, id, portal, supplier, account, meter, period,
-- in: before_value, value, use_value, rolled, state, created_at, given_at
INSERT INTO reading (akey, number, id, portal, supplier, account, meter,
	period, before_value, value, use_value, rolled, source, state,
	created_at, given_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'payment', ?, ?, ?)

-- name: reading_give
-- in: given_at, akey, number
UPDATE reading SET state = 'given', given_at = ?
WHERE akey = ? AND number = ? AND state = 'kept'

-- name: readings_of
-- in: akey, number
SELECT id, supplier, account, meter, period, before_value, value, use_value,
	rolled, created_at, COALESCE(given_at, 0)
FROM reading WHERE akey = ? AND number = ?
ORDER BY id

-- name: readings_history
-- in: account, meter, portal, supplier, limit
-- Newest first.
SELECT id, supplier, account, meter, period, before_value, value, use_value,
	rolled, created_at, COALESCE(given_at, 0)
FROM reading
WHERE account = ? AND meter = ? AND portal = ? AND supplier = ?
	AND state = 'given'
ORDER BY period DESC, id DESC LIMIT ?

-- name: ref_meter_rules
SELECT portal, supplier, unit, from_day, COALESCE(to_day, ''), hand_over,
	first_day, last_day, max_use
FROM meter_rule
