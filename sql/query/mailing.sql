-- Bills that are mailed.

-- name: mailing_put
-- in: akey, portal, supplier, account, email, token, asked_by, asked_at
-- Asked again for the same address, it stays as it was.
INSERT INTO bill_subscription (akey, portal, supplier, account, email, token,
	asked_by, asked_at, stopped_by, stopped_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', NULL)
ON CONFLICT (akey, portal, supplier, account) DO UPDATE SET
	email = excluded.email,
	token = excluded.token,
	asked_by = excluded.asked_by,
	asked_at = excluded.asked_at,
	stopped_by = '',
	stopped_at = NULL
WHERE bill_subscription.stopped_at IS NOT NULL
	OR bill_subscription.email <> excluded.email

-- name: mailing_stop
-- in: at, by, akey, portal, supplier, account, token
UPDATE bill_subscription SET stopped_at = ?, stopped_by = ?
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ? AND token = ?
	AND stopped_at IS NULL

-- name: mailing_of
-- in: akey, portal, supplier, account
SELECT akey, portal, supplier, account, email, token, asked_by, stopped_by,
	asked_at, COALESCE(stopped_at, 0)
FROM bill_subscription
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?

-- name: mailing_by_token
-- in: akey, token
SELECT akey, portal, supplier, account, email, token, asked_by, stopped_by,
	asked_at, COALESCE(stopped_at, 0)
FROM bill_subscription WHERE akey = ? AND token = ?

-- name: mailing_page
-- in: portal, akey, portal, supplier, account, limit
SELECT akey, portal, supplier, account, email, token, asked_by, stopped_by,
	asked_at, COALESCE(stopped_at, 0)
FROM bill_subscription
WHERE portal = ? AND (akey, portal, supplier, account) > (?, ?, ?, ?)
ORDER BY akey, portal, supplier, account LIMIT ?

-- name: mailing_unplanned
-- in: month, akey, portal, supplier, account, limit
SELECT akey, portal, supplier, account, email, token, asked_by, stopped_by,
	asked_at, COALESCE(stopped_at, 0)
FROM bill_subscription s
WHERE stopped_at IS NULL AND NOT EXISTS (SELECT 1 FROM bill_mail m
		WHERE m.akey = s.akey AND m.portal = s.portal
		AND m.supplier = s.supplier AND m.account = s.account
		AND m.month = ?)
	AND (akey, portal, supplier, account) > (?, ?, ?, ?)
ORDER BY akey, portal, supplier, account LIMIT ?

-- name: mailing_plan
-- in: akey, id, portal, supplier, account, month, due_at, created_at, created_at
INSERT INTO bill_mail (akey, id, portal, supplier, account, month, state,
	reason, due_at, tries, created_at, changed_at)
VALUES (?, ?, ?, ?, ?, ?, 'waiting', '', ?, 0, ?, ?)
ON CONFLICT (akey, portal, supplier, account, month) DO NOTHING

-- name: mailing_mail
-- in: akey, id
SELECT akey, id, portal, supplier, account, month, state, reason, due_at, tries,
	changed_at
FROM bill_mail WHERE akey = ? AND id = ?

-- name: mailing_move
-- in: state, reason, due_at, tries, at, akey, id
-- What was sent stays so.
UPDATE bill_mail SET state = ?, reason = ?, due_at = ?, tries = ?,
	changed_at = ?
WHERE akey = ? AND id = ? AND state IN ('waiting', 'refused', 'failed')

-- name: mailing_counts
-- in: month
SELECT portal, supplier, state, reason, COUNT(*)
FROM bill_mail WHERE month = ?
GROUP BY portal, supplier, state, reason
ORDER BY portal, supplier, state, reason

-- name: mailing_unsent
-- in: month, akey, id, limit
SELECT akey, id, portal, supplier, account, month, state, reason, due_at, tries,
	changed_at
FROM bill_mail
WHERE month = ? AND (akey, id) > (?, ?)
	AND (state IN ('refused', 'absent', 'failed')
		OR (state = 'waiting' AND reason <> ''))
ORDER BY akey, id LIMIT ?

-- name: mailing_states
-- in: month
SELECT state, COUNT(*) FROM bill_mail WHERE month = ?
GROUP BY state ORDER BY state
