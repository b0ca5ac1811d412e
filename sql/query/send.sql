-- Documents that go out to suppliers, and what they have.

-- name: send_cursor
-- in: portal, supplier, kind
SELECT from_day, day, look_day FROM exchange_send
WHERE portal = ? AND supplier = ? AND kind = ?

-- name: send_cursor_put
-- in: portal, supplier, kind, from_day
INSERT INTO exchange_send (portal, supplier, kind, from_day, day, look_day)
VALUES (?, ?, ?, ?, '', '')
ON CONFLICT (portal, supplier, kind) DO NOTHING

-- name: send_cursor_move
-- in: day, portal, supplier, kind, was_day, was_look_day
UPDATE exchange_send SET day = ?, look_day = ''
WHERE portal = ? AND supplier = ? AND kind = ? AND day = ? AND look_day = ?

-- name: send_look_again
-- in: day, day, portal, supplier, kind
UPDATE exchange_send SET look_day = CASE
	WHEN look_day = '' OR look_day > CAST(? AS VARCHAR(10))
	THEN CAST(? AS VARCHAR(10)) ELSE look_day END
WHERE portal = ? AND supplier = ? AND kind = ?

-- name: send_gathering
-- in: portal, supplier, kind
SELECT id, portal, supplier, kind, period, state, sha256, words,
	COALESCE(number, 0), items, sum_kop, size, tries, COALESCE(next_at, 0),
	begun_at, COALESCE(made_at, 0), COALESCE(ended_at, 0),
	COALESCE(of_number, 0), applied, applied_kop, refused
FROM exchange_sent
WHERE portal = ? AND supplier = ? AND kind = ? AND state = 'gathering'

-- name: send_begin
-- in: id, portal, supplier, kind, period, begun_at
INSERT INTO exchange_sent (id, portal, supplier, kind, period, state, items,
	sum_kop, sha256, size, tries, begun_at, applied, applied_kop, refused,
	words)
VALUES (?, ?, ?, ?, ?, 'gathering', 0, 0, '', 0, 0, ?, 0, 0, 0, '')
ON CONFLICT DO NOTHING

-- name: send_lock
-- in: id, items
-- Nobody else adds to it until this transaction ends.
UPDATE exchange_sent SET items = items
WHERE id = ? AND state = 'gathering' AND items = ?

-- name: send_take_payments
-- in: account, from_day, day, akey, transfer, n, to_day, to_akey, to_transfer,
-- in: to_n, id
-- Lines of payments behind the ledger's lines after the first key up to the
-- second one, that no document has.
INSERT INTO exchange_item (document, n, kind, akey, ref, line, number, day,
	sum_kop, live, answer, words)
SELECT q.id, q.items + ROW_NUMBER() OVER (ORDER BY q.day, q.akey, q.number,
		q.line), 'payment', q.akey, q.number, q.line, q.number, q.day,
	q.sum_kop, 1, '', ''
FROM (
	SELECT s.id, s.items, l.day, p.akey, p.number, p.n AS line, p.sum_kop
	FROM exchange_sent s
	JOIN ledger_line l ON l.account = ? AND l.day >= ?
		AND (l.day, l.akey, l.transfer, l.n) > (?, ?, ?, ?)
		AND (l.day, l.akey, l.transfer, l.n) <= (?, ?, ?, ?)
	JOIN ledger_transfer t ON t.akey = l.akey AND t.id = l.transfer
		AND t.kind = 'paid'
	JOIN pay_line p ON p.akey = t.akey AND p.number = t.number
		AND p.supplier = s.supplier
	WHERE s.id = ? AND NOT EXISTS (SELECT 1 FROM exchange_item i
		WHERE i.akey = p.akey AND i.kind = 'payment'
			AND i.ref = p.number AND i.line = p.n
			AND i.live = 1)) q

-- name: send_take_refunds
-- in: account, from_day, day, akey, transfer, n, to_day, to_akey, to_transfer,
-- in: to_n, id
-- The same of refunds, however the money went back.
INSERT INTO exchange_item (document, n, kind, akey, ref, line, number, day,
	sum_kop, live, answer, words)
SELECT q.id, q.items + ROW_NUMBER() OVER (ORDER BY q.day, q.akey, q.refund,
		q.line), 'refund', q.akey, q.refund, q.line, q.number, q.day,
	q.sum_kop, 1, '', ''
FROM (
	SELECT s.id, s.items, l.day, r.akey, r.refund, r.n AS line, r.number,
		r.sum_kop
	FROM exchange_sent s
	JOIN ledger_line l ON l.account = ? AND l.day >= ?
		AND (l.day, l.akey, l.transfer, l.n) > (?, ?, ?, ?)
		AND (l.day, l.akey, l.transfer, l.n) <= (?, ?, ?, ?)
	JOIN ledger_transfer t ON t.akey = l.akey AND t.id = l.transfer
		AND t.kind IN ('refund', 'paid_by_hand', 'chargeback')
	JOIN refund_line r ON r.akey = t.akey AND r.number = t.number
		AND r.refund = t.cause
	JOIN pay_line p ON p.akey = r.akey AND p.number = r.number
		AND p.n = r.n AND p.supplier = s.supplier
	WHERE s.id = ? AND NOT EXISTS (SELECT 1 FROM exchange_item i
		WHERE i.akey = r.akey AND i.kind = 'refund'
			AND i.ref = r.refund AND i.line = r.n
			AND i.live = 1)) q

-- name: send_take_readings
-- in: from_at, before_at, id, before_at, limit
-- Of a meter's readings of the month the one that was entered last.
INSERT INTO exchange_item (document, n, kind, akey, ref, line, number, day,
	sum_kop, live, answer, words)
SELECT q.document, q.items + ROW_NUMBER() OVER (ORDER BY q.given_at, q.id),
	'reading', q.akey, q.id, 0, q.number, q.period, 0, 1, '', ''
FROM (
	SELECT s.id AS document, s.items, r.akey, r.id, r.number, r.period,
		r.given_at
	FROM exchange_sent s
	JOIN reading r ON r.portal = s.portal AND r.supplier = s.supplier
		AND r.period = s.period AND r.state = 'given'
		AND r.given_at >= ? AND r.given_at < ?
	WHERE s.id = ? AND NOT EXISTS (SELECT 1 FROM exchange_item i
			WHERE i.akey = r.akey AND i.kind = 'reading'
				AND i.ref = r.id AND i.line = 0
				AND i.live = 1)
		AND NOT EXISTS (SELECT 1 FROM reading x
			WHERE x.account = r.account AND x.meter = r.meter
				AND x.period = r.period AND x.portal = r.portal
				AND x.supplier = r.supplier
				AND x.state = 'given' AND x.given_at < ?
				AND x.id > r.id)
	ORDER BY r.given_at, r.id LIMIT ?) q

-- name: send_take_settlement
-- in: line, id, akey, settlement
INSERT INTO exchange_item (document, n, kind, akey, ref, line, number, day,
	sum_kop, live, answer, words)
SELECT s.id, s.items + 1, 'settlement', x.akey, x.id, CAST(? AS SMALLINT), '',
	x.day, 0, 1, '', ''
FROM exchange_sent s JOIN settlement x ON s.id = ? AND x.akey = ?
	AND x.id = ?

-- name: send_asked
-- in: portal, supplier, from_at, portal, supplier, from_at
-- Asked, or closed when the supplier was told of it, and no document says so.
SELECT q.n FROM (
	SELECT 1 AS n FROM appeal x
	WHERE x.portal = ? AND x.supplier = ? AND x.created_at >= ?
		AND NOT EXISTS (SELECT 1 FROM exchange_item i
			WHERE i.akey = '00000000' AND i.kind = 'request'
				AND i.ref = x.id AND i.line = 0 AND i.live = 1)
	UNION ALL
	SELECT 1 FROM appeal x
	WHERE x.portal = ? AND x.supplier = ? AND x.state = 'closed'
		AND x.closed_at >= ?
		AND EXISTS (SELECT 1 FROM exchange_item i
			WHERE i.akey = '00000000' AND i.kind = 'request'
				AND i.ref = x.id AND i.line = 0 AND i.live = 1
				AND i.answer <> 'refused')
		AND NOT EXISTS (SELECT 1 FROM exchange_item i
			WHERE i.akey = '00000000' AND i.kind = 'request'
				AND i.ref = x.id AND i.line = 1
				AND i.live = 1)) q
LIMIT 1

-- name: send_take_requests
-- in: from_at, id, limit, files_size
-- Of an empty document.
INSERT INTO exchange_item (document, n, kind, akey, ref, line, number, day,
	sum_kop, live, answer, words)
SELECT q.document, q.n, 'request', '00000000', q.id, 0, '', q.period, 0, 1, '',
	''
FROM (SELECT w.document, w.period, w.id,
		ROW_NUMBER() OVER (ORDER BY w.created_at, w.id) AS n,
		SUM(w.size) OVER (ORDER BY w.created_at, w.id) AS size
	FROM (SELECT s.id AS document, s.period, x.id, x.created_at,
			COALESCE((SELECT SUM(f.size) FROM appeal_file f
				WHERE f.appeal = x.id), 0) AS size
		FROM exchange_sent s
		JOIN appeal x ON x.portal = s.portal
			AND x.supplier = s.supplier AND x.created_at >= ?
		WHERE s.id = ? AND NOT EXISTS (SELECT 1 FROM exchange_item i
				WHERE i.akey = '00000000'
					AND i.kind = 'request' AND i.ref = x.id
					AND i.line = 0 AND i.live = 1)
		ORDER BY x.created_at, x.id LIMIT ?) w) q
WHERE q.size <= CAST(? AS BIGINT)

-- name: send_take_closed
-- in: from_at, id, limit
-- Of a document that has its requests, and what the supplier was told of and
-- has not refused.
INSERT INTO exchange_item (document, n, kind, akey, ref, line, number, day,
	sum_kop, live, answer, words)
SELECT q.document, q.taken + ROW_NUMBER() OVER (ORDER BY q.closed_at, q.id),
	'request', '00000000', q.id, 1, '', q.period, 0, 1, '', ''
FROM (SELECT s.id AS document, s.period, x.id, x.closed_at,
		(SELECT COUNT(*) FROM exchange_item i
			WHERE i.document = s.id) AS taken
	FROM exchange_sent s
	JOIN appeal x ON x.portal = s.portal AND x.supplier = s.supplier
		AND x.state = 'closed' AND x.closed_at >= ?
	WHERE s.id = ? AND EXISTS (SELECT 1 FROM exchange_item i
			WHERE i.akey = '00000000' AND i.kind = 'request'
				AND i.ref = x.id AND i.line = 0 AND i.live = 1
				AND i.answer <> 'refused')
		AND NOT EXISTS (SELECT 1 FROM exchange_item i
			WHERE i.akey = '00000000' AND i.kind = 'request'
				AND i.ref = x.id AND i.line = 1
				AND i.live = 1)
	ORDER BY x.closed_at, x.id LIMIT ?) q

-- name: send_new_items
-- in: id, n
SELECT COUNT(*), CAST(COALESCE(SUM(sum_kop), 0) AS BIGINT)
FROM exchange_item WHERE document = ? AND n > ?

-- name: send_add
-- in: items, sum_kop, id, was
UPDATE exchange_sent SET items = items + CAST(? AS BIGINT),
	sum_kop = sum_kop + CAST(? AS BIGINT)
WHERE id = ? AND state = 'gathering' AND items = ?

-- name: send_number
-- in: portal, supplier, kind, made_at, portal, supplier
-- The next of all that we hand over.
INSERT INTO exchange_out (portal, supplier, number, kind, of_number, of_kind,
	of_state, applied, applied_kop, refused, words, state, made_at)
SELECT CAST(? AS VARCHAR(32)), CAST(? AS VARCHAR(32)), q.next,
	CAST(? AS VARCHAR(32)), 0, '', 'applied', 0, 0, 0, '', 'ready',
	CAST(? AS BIGINT)
FROM (SELECT COALESCE(MAX(number), 0) + 1 AS next FROM exchange_out
	WHERE portal = ? AND supplier = ?) q

-- name: send_last_number
-- in: portal, supplier
SELECT COALESCE(MAX(number), 0) FROM exchange_out
WHERE portal = ? AND supplier = ?

-- name: send_end
-- in: number, made_at, id, items
UPDATE exchange_sent SET state = 'sent', number = ?, made_at = ?
WHERE id = ? AND state = 'gathering' AND items = ?

-- name: send_drop
-- in: id
DELETE FROM exchange_sent WHERE id = ? AND state = 'gathering' AND items = 0

-- name: send_month
-- in: portal, supplier, from_at, before_at, before_at
-- The first month of which readings wait.
SELECT COALESCE(MIN(r.period), '') FROM reading r
WHERE r.portal = ? AND r.supplier = ? AND r.state = 'given'
	AND r.given_at >= ? AND r.given_at < ?
		AND NOT EXISTS (SELECT 1 FROM exchange_item i
			WHERE i.akey = r.akey AND i.kind = 'reading'
				AND i.ref = r.id AND i.line = 0
				AND i.live = 1)
		AND NOT EXISTS (SELECT 1 FROM reading x
			WHERE x.account = r.account AND x.meter = r.meter
				AND x.period = r.period AND x.portal = r.portal
				AND x.supplier = r.supplier
				AND x.state = 'given' AND x.given_at < ?
				AND x.id > r.id)

-- name: send_settlement
-- in: akey, portal, supplier, from_day, akey, portal, supplier, from_day
-- Transferred, or come back, and no document says so.
SELECT q.id, q.day, q.line FROM (
	SELECT s.id, s.day, 0 AS line, s.confirmed_at AS at FROM settlement s
	WHERE s.akey = ? AND s.portal = ? AND s.supplier = ? AND s.day >= ?
		AND s.state IN ('confirmed', 'returned')
		AND NOT EXISTS (SELECT 1 FROM exchange_item i
			WHERE i.akey = s.akey AND i.kind = 'settlement'
				AND i.ref = s.id AND i.line = 0 AND i.live = 1)
	UNION ALL
	SELECT s.id, s.day, 1, s.returned_at FROM settlement s
	WHERE s.akey = ? AND s.portal = ? AND s.supplier = ? AND s.day >= ?
		AND s.state = 'returned'
		AND NOT EXISTS (SELECT 1 FROM exchange_item i
			WHERE i.akey = s.akey AND i.kind = 'settlement'
				AND i.ref = s.id AND i.line = 1
				AND i.live = 1)) q
ORDER BY q.at, q.id, q.line LIMIT 1

-- name: send_find
-- in: portal, supplier, number
SELECT id, portal, supplier, kind, period, state, sha256, words,
	COALESCE(number, 0), items, sum_kop, size, tries, COALESCE(next_at, 0),
	begun_at, COALESCE(made_at, 0), COALESCE(ended_at, 0),
	COALESCE(of_number, 0), applied, applied_kop, refused
FROM exchange_sent WHERE portal = ? AND supplier = ? AND number = ?

-- name: send_of_id
-- in: id
SELECT id, portal, supplier, kind, period, state, sha256, words,
	COALESCE(number, 0), items, sum_kop, size, tries, COALESCE(next_at, 0),
	begun_at, COALESCE(made_at, 0), COALESCE(ended_at, 0),
	COALESCE(of_number, 0), applied, applied_kop, refused
FROM exchange_sent WHERE id = ?

-- name: send_text_made
-- in: sha256, size, id
UPDATE exchange_sent SET sha256 = ?, size = ? WHERE id = ? AND sha256 = ''

-- name: send_move
-- in: state, tries, next_at, of_number, applied, applied_kop, refused, words,
-- in: ended_at, id, from_state, was_tries
UPDATE exchange_sent SET state = ?, tries = ?, next_at = ?, of_number = ?,
	applied = ?, applied_kop = ?, refused = ?, words = ?, ended_at = ?
WHERE id = ? AND state = ? AND tries = ?

-- name: send_due
-- in: portal, supplier, now, limit
SELECT id, portal, supplier, kind, period, state, sha256, words,
	COALESCE(number, 0), items, sum_kop, size, tries, COALESCE(next_at, 0),
	begun_at, COALESCE(made_at, 0), COALESCE(ended_at, 0),
	COALESCE(of_number, 0), applied, applied_kop, refused
FROM exchange_sent
WHERE portal = ? AND supplier = ? AND state = 'sent' AND next_at <= ?
ORDER BY number LIMIT ?

-- name: send_open
-- in: portal, supplier, from_number, limit
SELECT id, portal, supplier, kind, period, state, sha256, words,
	COALESCE(number, 0), items, sum_kop, size, tries, COALESCE(next_at, 0),
	begun_at, COALESCE(made_at, 0), COALESCE(ended_at, 0),
	COALESCE(of_number, 0), applied, applied_kop, refused
FROM exchange_sent
WHERE portal = ? AND supplier = ? AND state IN ('sent', 'refused')
	AND number >= ?
ORDER BY number LIMIT ?

-- name: send_payment_rows
-- in: document, n, limit
SELECT i.n, i.ref, i.number, i.line, l.account, l.service, i.sum_kop,
	l.supplier_fee_kop, COALESCE(p.paid_at, 0), i.day, p.bank_ref, 0
FROM exchange_item i
JOIN pay_line l ON l.akey = i.akey AND l.number = i.ref AND l.n = i.line
JOIN payment p ON p.akey = i.akey AND p.number = i.ref
WHERE i.document = ? AND i.n > ? ORDER BY i.n LIMIT ?

-- name: send_refund_rows
-- in: document, n, limit
SELECT i.n, i.ref, i.number, i.line, l.account, l.service, i.sum_kop,
	r.supplier_fee_kop, COALESCE(f.ended_at, 0), i.day, '', 0
FROM exchange_item i
JOIN refund_line r ON r.akey = i.akey AND r.number = i.number
	AND r.refund = i.ref AND r.n = i.line
JOIN refund f ON f.akey = i.akey AND f.number = i.number AND f.id = i.ref
JOIN pay_line l ON l.akey = i.akey AND l.number = i.number AND l.n = i.line
WHERE i.document = ? AND i.n > ? ORDER BY i.n LIMIT ?

-- name: send_reading_rows
-- in: document, n, limit
SELECT i.n, i.ref, i.number, 0, r.account, r.meter, i.sum_kop, 0,
	r.created_at, i.day, '', r.value
FROM exchange_item i
JOIN reading r ON r.akey = i.akey AND r.number = i.number AND r.id = i.ref
WHERE i.document = ? AND i.n > ? ORDER BY i.n LIMIT ?

-- name: send_request_rows
-- in: document, n, limit
SELECT i.n, i.ref, i.number, i.line, x.account, '', i.sum_kop, 0,
	CASE WHEN i.line = 0 THEN x.created_at ELSE x.closed_at END, i.day, '',
	0
FROM exchange_item i JOIN appeal x ON x.id = i.ref
WHERE i.document = ? AND i.n > ? ORDER BY i.n LIMIT ?

-- name: send_item
-- in: document, n
SELECT document, akey, ref, number, day, answer, words, kind, n, line, sum_kop,
	live
FROM exchange_item WHERE document = ? AND n = ?

-- name: send_reading
-- in: portal, supplier, id
SELECT i.document, i.akey, i.ref, i.number, i.day, i.answer, i.words, i.kind,
	i.n, i.line, i.sum_kop, i.live
FROM exchange_item i JOIN exchange_sent s ON s.id = i.document
WHERE s.portal = ? AND s.supplier = ? AND s.number IS NOT NULL
	AND i.kind = 'reading' AND i.ref = ?
ORDER BY i.live DESC, s.number DESC LIMIT 1

-- name: send_answer
-- in: answer, words, live, document, n
UPDATE exchange_item SET answer = ?, words = ?, live = ?
WHERE document = ? AND n = ?

-- name: send_refused
-- in: document
SELECT COUNT(*), CAST(COALESCE(SUM(sum_kop), 0) AS BIGINT)
FROM exchange_item WHERE document = ? AND answer = 'refused'
