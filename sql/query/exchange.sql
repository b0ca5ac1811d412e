-- Documents of suppliers, our acknowledgements, and what they bring.

-- name: exchange_find
-- in: portal, supplier, number
SELECT portal, supplier, kind, sha256, made_at, actor, error_path, error_words,
	state, number, size, COALESCE(waits_for, 0), said, said_kop, record,
	applied, applied_kop, refused, error_line, received_at,
	COALESCE(ended_at, 0)
FROM exchange_in WHERE portal = ? AND supplier = ? AND number = ?

-- name: exchange_next
-- in: portal, supplier
SELECT COALESCE(MAX(number), 0) + 1 FROM exchange_in
WHERE portal = ? AND supplier = ?

-- name: exchange_put
-- in: portal, supplier, number, kind, sha256, size, state, waits_for, said,
-- in: said_kop, error_line, error_path, error_words, made_at, actor,
-- in: received_at, ended_at, portal, supplier, number
-- Only the one whose turn it is.
INSERT INTO exchange_in (portal, supplier, number, kind, sha256, size, state,
	waits_for, said, said_kop, record, applied, applied_kop, refused,
	error_line, error_path, error_words, made_at, actor, received_at,
	ended_at)
SELECT CAST(? AS VARCHAR(32)), CAST(? AS VARCHAR(32)), CAST(? AS BIGINT),
	CAST(? AS VARCHAR(32)), CAST(? AS VARCHAR(64)), CAST(? AS BIGINT),
	CAST(? AS VARCHAR(8)), CAST(? AS BIGINT), CAST(? AS BIGINT),
	CAST(? AS BIGINT), 0, 0, 0, 0, CAST(? AS BIGINT),
	CAST(? AS VARCHAR(400)), CAST(? AS VARCHAR(1000)),
	CAST(? AS VARCHAR(40)), CAST(? AS VARCHAR(64)), CAST(? AS BIGINT),
	CAST(? AS BIGINT)
FROM (SELECT COALESCE(MAX(number), 0) + 1 AS next FROM exchange_in
	WHERE portal = ? AND supplier = ?) q
WHERE q.next = CAST(? AS BIGINT)
ON CONFLICT (portal, supplier, number) DO NOTHING

-- name: exchange_move
-- in: kind, sha256, size, state, waits_for, said, said_kop, record, applied,
-- in: applied_kop, refused, error_line, error_path, error_words, made_at,
-- in: actor, ended_at, portal, supplier, number, from_state, from_record
UPDATE exchange_in SET kind = ?, sha256 = ?, size = ?, state = ?,
	waits_for = ?, said = ?, said_kop = ?, record = ?, applied = ?,
	applied_kop = ?, refused = ?, error_line = ?, error_path = ?,
	error_words = ?, made_at = ?, actor = ?, ended_at = ?
WHERE portal = ? AND supplier = ? AND number = ? AND state = ? AND record = ?

-- name: exchange_open
-- in: portal, supplier, from_number, before, before, limit
SELECT portal, supplier, kind, sha256, made_at, actor, error_path, error_words,
	state, number, size, COALESCE(waits_for, 0), said, said_kop, record,
	applied, applied_kop, refused, error_line, received_at,
	COALESCE(ended_at, 0)
FROM exchange_in
WHERE portal = ? AND supplier = ? AND number >= ?
	AND (number < ? OR CAST(? AS BIGINT) = 0)
	AND state IN ('applying', 'aside', 'held')
ORDER BY number LIMIT ?

-- name: exchange_list
-- in: portal, supplier, after, limit
SELECT portal, supplier, kind, sha256, made_at, actor, error_path, error_words,
	state, number, size, COALESCE(waits_for, 0), said, said_kop, record,
	applied, applied_kop, refused, error_line, received_at,
	COALESCE(ended_at, 0)
FROM exchange_in WHERE portal = ? AND supplier = ? AND number > ?
ORDER BY number LIMIT ?

-- name: exchange_refuse
-- in: portal, supplier, number, record, reason
INSERT INTO exchange_refused (portal, supplier, number, record, reason)
VALUES (?, ?, ?, ?, ?)

-- name: exchange_refusals
-- in: portal, supplier, number, limit
SELECT record, reason FROM exchange_refused
WHERE portal = ? AND supplier = ? AND number = ? ORDER BY record LIMIT ?

-- name: exchange_account_put
-- in: akey, portal, supplier, account, shown, owner, address, persons,
-- in: area_micro, closed_day, people
INSERT INTO account (akey, portal, supplier, account, shown, owner, address,
	persons, area_micro, closed_day, people)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (akey, portal, supplier, account) DO UPDATE SET
	shown = excluded.shown,
	owner = excluded.owner,
	address = excluded.address,
	persons = excluded.persons,
	area_micro = excluded.area_micro,
	closed_day = excluded.closed_day,
	people = excluded.people

-- name: exchange_meter_put
-- in: meter, title, serial, unit, digits, last_value, last_day, verify_day,
-- in: akey, portal, supplier, account
-- Of an account that is there; so are the next ones.
INSERT INTO meter (akey, portal, supplier, account, meter, title, serial, unit,
	digits, last_value, last_day, verify_day)
SELECT akey, portal, supplier, account, CAST(? AS VARCHAR(40)),
	CAST(? AS VARCHAR(120)), CAST(? AS VARCHAR(40)),
	CAST(? AS VARCHAR(16)), CAST(? AS SMALLINT), CAST(? AS BIGINT),
	CAST(? AS VARCHAR(10)), CAST(? AS VARCHAR(10))
FROM account
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?
ON CONFLICT (akey, portal, supplier, account, meter) DO UPDATE SET
	title = excluded.title,
	serial = excluded.serial,
	unit = excluded.unit,
	digits = excluded.digits,
	last_value = excluded.last_value,
	last_day = excluded.last_day,
	verify_day = excluded.verify_day

-- name: exchange_meter_drop
-- in: akey, portal, supplier, account, meter
DELETE FROM meter
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ? AND meter = ?

-- name: exchange_balance_put
-- in: service, debt_kop, as_of_day, akey, portal, supplier, account
INSERT INTO debt (akey, portal, supplier, account, service, debt_kop, as_of_day)
SELECT akey, portal, supplier, account, CAST(? AS VARCHAR(32)),
	CAST(? AS BIGINT), CAST(? AS VARCHAR(10))
FROM account
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?
ON CONFLICT (akey, portal, supplier, account, service) DO UPDATE SET
	debt_kop = excluded.debt_kop,
	as_of_day = excluded.as_of_day

-- name: exchange_elsewhere_put
-- in: month, id, service, day, sum_kop, place, document, akey, portal, supplier,
-- in: account
INSERT INTO payment_elsewhere (akey, portal, supplier, account, month, id,
	service, day, sum_kop, place, document)
SELECT akey, portal, supplier, account, CAST(? AS VARCHAR(7)),
	CAST(? AS VARCHAR(64)), CAST(? AS VARCHAR(32)), CAST(? AS VARCHAR(10)),
	CAST(? AS BIGINT), CAST(? AS VARCHAR(120)), CAST(? AS BIGINT)
FROM account
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?
ON CONFLICT (akey, portal, supplier, account, month, id) DO NOTHING

-- name: exchange_elsewhere_get
-- in: akey, portal, supplier, account, id
-- The account's payment of that id, in whatever month it was counted.
SELECT service, day, sum_kop FROM payment_elsewhere
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ? AND id = ?
ORDER BY month LIMIT 1

-- name: exchange_charge_put
-- in: month, service, unit, volume_micro, tariff_micro, accrued_kop,
-- in: recalculated_kop, recalculated_why, benefit_kop, penalty_kop, document,
-- in: akey, portal, supplier, account
INSERT INTO charge (akey, portal, supplier, account, month, service, unit,
	volume_micro, tariff_micro, accrued_kop, recalculated_kop,
	recalculated_why, benefit_kop, penalty_kop, document)
SELECT akey, portal, supplier, account, CAST(? AS VARCHAR(7)),
	CAST(? AS VARCHAR(32)), CAST(? AS VARCHAR(16)), CAST(? AS BIGINT),
	CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT),
	CAST(? AS VARCHAR(200)), CAST(? AS BIGINT), CAST(? AS BIGINT),
	CAST(? AS BIGINT)
FROM account
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?
ON CONFLICT (akey, portal, supplier, account, month, service) DO UPDATE SET
	unit = excluded.unit,
	volume_micro = excluded.volume_micro,
	tariff_micro = excluded.tariff_micro,
	accrued_kop = excluded.accrued_kop,
	recalculated_kop = excluded.recalculated_kop,
	recalculated_why = excluded.recalculated_why,
	benefit_kop = excluded.benefit_kop,
	penalty_kop = excluded.penalty_kop,
	document = excluded.document

-- name: exchange_opening_put
-- in: akey, portal, supplier, account, month, service, owed_kop
INSERT INTO opening (akey, portal, supplier, account, month, service, owed_kop)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (akey, portal, supplier, account, month, service) DO UPDATE SET
	owed_kop = excluded.owed_kop
	WHERE opening.owed_kop <> excluded.owed_kop

-- name: exchange_counted
-- in: before, akey, account, supplier, service, portal, before
-- What of our payments before an instant the supplier has counted by now, and
-- no row says so.  CROSS JOIN has SQLite begin with the account's lines.
SELECT q.number, q.n, q.paid_at, q.sum_kop FROM (
	SELECT l.number, l.n, p.paid_at,
		l.sum_kop - CAST(COALESCE((SELECT SUM(r.sum_kop)
			FROM refund_line r JOIN refund f ON f.akey = r.akey
				AND f.number = r.number AND f.id = r.refund
			WHERE r.akey = l.akey AND r.number = l.number
				AND r.n = l.n AND f.state = 'done'
				AND f.ended_at < ?), 0) AS BIGINT)
		- CAST(COALESCE((SELECT SUM(k.sum_kop) FROM payment_ack k
			WHERE k.akey = ? AND k.number = l.number
				AND k.n = l.n), 0) AS BIGINT) AS sum_kop
	FROM pay_line l CROSS JOIN payment p
	WHERE l.account = ? AND l.supplier = ? AND l.service = ?
		AND p.akey = l.akey AND p.number = l.number AND p.portal = ?
		AND p.paid_at < ?
		AND p.state IN ('paid', 'partly_refunded', 'refunded')) q
WHERE q.sum_kop <> 0
ORDER BY q.number, q.n

-- name: exchange_owe
-- in: portal, supplier, of_number, of_kind, of_state, applied, applied_kop,
-- in: refused, words, made_at, portal, supplier
INSERT INTO exchange_out (portal, supplier, number, of_number, of_kind,
	of_state, applied, applied_kop, refused, words, state, made_at)
SELECT CAST(? AS VARCHAR(32)), CAST(? AS VARCHAR(32)), q.next,
	CAST(? AS BIGINT), CAST(? AS VARCHAR(32)), CAST(? AS VARCHAR(8)),
	CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT),
	CAST(? AS VARCHAR(1000)), 'ready', CAST(? AS BIGINT)
FROM (SELECT COALESCE(MAX(number), 0) + 1 AS next FROM exchange_out
	WHERE portal = ? AND supplier = ?) q

-- name: exchange_ready
-- in: portal, supplier, limit
SELECT portal, supplier, of_kind, words, of_state, state, kind, number,
	of_number, applied, applied_kop, refused, made_at, COALESCE(handed_at, 0)
FROM exchange_out
WHERE portal = ? AND supplier = ? AND state <> 'handed'
ORDER BY number LIMIT ?

-- name: exchange_out_find
-- in: portal, supplier, number
SELECT portal, supplier, of_kind, words, of_state, state, kind, number,
	of_number, applied, applied_kop, refused, made_at, COALESCE(handed_at, 0)
FROM exchange_out WHERE portal = ? AND supplier = ? AND number = ?

-- name: exchange_again
-- in: portal, supplier, number
UPDATE exchange_out SET state = 'again', handed_at = NULL
WHERE portal = ? AND supplier = ? AND number = ?

-- name: exchange_handed
-- in: handed_at, portal, supplier, number
UPDATE exchange_out SET state = 'handed', handed_at = ?
WHERE portal = ? AND supplier = ? AND number = ? AND state <> 'handed'

-- name: exchange_looked
-- in: portal, supplier, looked_at, fails, last_error, untaken
INSERT INTO exchange_peer (portal, supplier, looked_at, fails, last_error,
	untaken)
VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (portal, supplier) DO UPDATE SET
	untaken = CASE WHEN excluded.looked_at = 0
		THEN exchange_peer.untaken ELSE excluded.untaken END,
	looked_at = CASE WHEN excluded.looked_at = 0
		THEN exchange_peer.looked_at ELSE excluded.looked_at END,
	fails = excluded.fails,
	last_error = excluded.last_error

-- name: exchange_ahead
-- in: portal, supplier, ahead, ahead_at
INSERT INTO exchange_peer (portal, supplier, looked_at, fails, last_error,
	ahead, ahead_at)
VALUES (?, ?, 0, 0, '', ?, ?)
ON CONFLICT (portal, supplier) DO UPDATE SET
	ahead_at = CASE WHEN exchange_peer.ahead = excluded.ahead
		THEN exchange_peer.ahead_at ELSE excluded.ahead_at END,
	ahead = excluded.ahead

-- name: exchange_peers
-- in: limit
SELECT e.portal, e.supplier, COALESCE(p.last_error, ''),
	COALESCE(p.looked_at, 0), COALESCE(p.fails, 0), COALESCE(p.ahead, 0),
	COALESCE(p.ahead_at, 0),
	CAST(COALESCE((SELECT MAX(i.number) FROM exchange_in i
		WHERE i.portal = e.portal AND i.supplier = e.supplier), 0)
		AS BIGINT) + 1,
	(SELECT COUNT(*) FROM exchange_in i WHERE i.portal = e.portal
		AND i.supplier = e.supplier AND i.state = 'aside'),
	(SELECT COUNT(*) FROM exchange_in i WHERE i.portal = e.portal
		AND i.supplier = e.supplier AND i.state = 'held'),
	(SELECT COUNT(*) FROM exchange_in i WHERE i.portal = e.portal
		AND i.supplier = e.supplier AND i.state = 'applying'),
	CAST(COALESCE((SELECT MIN(i.received_at) FROM exchange_in i
		WHERE i.portal = e.portal AND i.supplier = e.supplier
		AND i.state IN ('applying', 'aside', 'held')), 0) AS BIGINT),
	(SELECT COUNT(*) FROM exchange_out o WHERE o.portal = e.portal
		AND o.supplier = e.supplier AND o.state <> 'handed'),
	CAST(COALESCE((SELECT MIN(o.made_at) FROM exchange_out o
		WHERE o.portal = e.portal AND o.supplier = e.supplier
		AND o.state <> 'handed'), 0) AS BIGINT),
	(SELECT COUNT(*) FROM exchange_sent s WHERE s.portal = e.portal
		AND s.supplier = e.supplier AND s.state IN ('sent', 'refused')),
	CAST(COALESCE((SELECT MIN(s.made_at) FROM exchange_sent s
		WHERE s.portal = e.portal AND s.supplier = e.supplier
		AND s.state IN ('sent', 'refused')), 0) AS BIGINT),
	COALESCE(p.untaken, 0), COALESCE(u.made_at, 0)
FROM (SELECT DISTINCT portal, supplier FROM exchange_in
	UNION SELECT portal, supplier FROM exchange_peer) e
LEFT JOIN exchange_peer p ON p.portal = e.portal AND p.supplier = e.supplier
LEFT JOIN exchange_out u ON u.portal = e.portal AND u.supplier = e.supplier
	AND u.number = p.untaken
ORDER BY e.portal, e.supplier LIMIT ?
