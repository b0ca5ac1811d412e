-- Settlements with suppliers.

-- name: settle_current
-- in: akey, portal, supplier
-- The one that is being prepared or waits, and the last one that is done.
SELECT id, state, day, held_day, created_at
FROM settlement s
WHERE akey = ? AND portal = ? AND supplier = ?
	AND (state IN ('preparing', 'prepared') OR (state = 'confirmed'
		AND NOT EXISTS (SELECT 1 FROM settlement x
			WHERE x.akey = s.akey AND x.portal = s.portal
				AND x.supplier = s.supplier
				AND x.state = 'confirmed' AND x.day > s.day)))

-- name: settle_came_back
-- in: akey, portal, supplier, since
-- The first day of what came back since then: nobody has taken it again.
SELECT COALESCE(MIN(first_day), '')
FROM settlement
WHERE akey = ? AND portal = ? AND supplier = ? AND state = 'returned'
	AND returned_at >= ?

-- name: settle_put
-- in: akey, id, portal, supplier, day, after_day, from_day, min_kop, contract
-- in: contract_day, own_account, layout, payer_title, payer_inn, payer_kpp
-- in: payer_account, payer_bic, payer_bank, payer_correspondent, payee_title
-- in: payee_inn, payee_kpp, payee_account, payee_bic, payee_bank
-- in: payee_correspondent, created_at, created_by
INSERT INTO settlement (akey, id, portal, supplier, day, after_day, from_day,
	min_kop, contract, contract_day, own_account, layout, payer_title,
	payer_inn, payer_kpp, payer_account, payer_bic, payer_bank,
	payer_correspondent, payee_title, payee_inn, payee_kpp, payee_account,
	payee_bic, payee_bank, payee_correspondent, created_at, created_by,
	state, size, items, held_items, freed, taken_kop, refunded_kop,
	other_kop, fee_kop, supplier_fee_kop, transfer_kop, held_kop,
	released_kop, first_day, held_day, purpose, confirmed_by, returned_by,
	reason)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
	?, ?, ?, ?, 'preparing', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '', '', '',
	'', '', '')
ON CONFLICT DO NOTHING

-- name: settle_replace
-- in: akey, id, state
UPDATE settlement SET state = 'replaced'
WHERE akey = ? AND id = ? AND state = ?

-- name: settle_to_free
-- in: akey, portal, supplier
SELECT id, state, freed, size FROM settlement
WHERE akey = ? AND portal = ? AND supplier = ?
	AND state IN ('replaced', 'returned') AND freed < size
ORDER BY id LIMIT 1

-- name: settle_free_items
-- in: settlement, n, to_n
UPDATE settlement_item SET live = 0
WHERE settlement = ? AND n > ? AND n <= ? AND live = 1

-- name: settle_drop_items
-- in: settlement, n, to_n
DELETE FROM settlement_item WHERE settlement = ? AND n > ? AND n <= ?

-- name: settle_freed
-- in: freed, akey, id, was
UPDATE settlement SET freed = ? WHERE akey = ? AND id = ? AND freed = ?

-- name: settle_lock
-- in: akey, id
-- Nobody replaces it until this transaction ends.
UPDATE settlement SET size = size
WHERE akey = ? AND id = ? AND state = 'preparing'

-- name: settle_size
-- in: akey, id
SELECT size FROM settlement WHERE akey = ? AND id = ?

-- name: settle_page_end
-- in: account, from_day, to_day, day, akey, transfer, n, limit
-- Where the next lines of the account end.
SELECT day, akey, transfer, n FROM (
	SELECT day, akey, transfer, n FROM ledger_line
	WHERE account = ? AND day >= ? AND day <= ?
		AND (day, akey, transfer, n) > (?, ?, ?, ?)
	ORDER BY day, akey, transfer, n LIMIT ?) q
ORDER BY day DESC, akey DESC, transfer DESC, n DESC LIMIT 1

-- name: settle_take
-- in: akey, id, account, from_day, day, akey, transfer, n
-- in: to_day, to_akey, to_transfer, to_n
-- The lines after the first key up to the second one that nobody has taken,
-- with what payments and refunds say of them.
INSERT INTO settlement_item (settlement, n, akey, transfer, line, day, kind,
	number, cause, held, live, gross_kop, fee_kop, supplier_fee_kop,
	net_kop)
SELECT q.id, q.size + ROW_NUMBER() OVER (ORDER BY q.day, q.akey, q.transfer,
		q.line), q.akey, q.transfer, q.line, q.day, q.kind, q.number,
	q.cause, q.held, 1 - q.held, q.gross, q.fee, q.supplier_fee, q.net
FROM (
	SELECT s.id, s.size, l.akey, l.transfer, l.n AS line, l.day, t.kind,
		t.number, t.cause, -l.sum_kop AS net,
		CASE WHEN t.number <> '' AND EXISTS (SELECT 1 FROM pay_case c
			WHERE c.akey = t.akey AND c.number = t.number
				AND c.state = 'open') THEN 1 ELSE 0 END AS held,
		CASE t.kind WHEN 'paid' THEN (
			SELECT COALESCE(CAST(SUM(p.sum_kop) AS BIGINT), 0)
			FROM pay_line p WHERE p.akey = t.akey
				AND p.number = t.number
				AND p.supplier = s.supplier)
		WHEN 'refund' THEN (
			SELECT COALESCE(CAST(-SUM(r.sum_kop) AS BIGINT), 0)
			FROM refund_line r
			JOIN pay_line p ON p.akey = r.akey
				AND p.number = r.number AND p.n = r.n
			WHERE r.akey = t.akey AND r.number = t.number
				AND r.refund = t.cause
				AND p.supplier = s.supplier)
		ELSE -l.sum_kop END AS gross,
		CASE t.kind WHEN 'paid' THEN (
			SELECT COALESCE(CAST(SUM(p.fee_kop) AS BIGINT), 0)
			FROM pay_line p WHERE p.akey = t.akey
				AND p.number = t.number
				AND p.supplier = s.supplier)
		WHEN 'refund' THEN (
			SELECT COALESCE(CAST(-SUM(r.fee_kop) AS BIGINT), 0)
			FROM refund_line r
			JOIN pay_line p ON p.akey = r.akey
				AND p.number = r.number AND p.n = r.n
			WHERE r.akey = t.akey AND r.number = t.number
				AND r.refund = t.cause
				AND p.supplier = s.supplier)
		ELSE 0 END AS fee,
		CASE t.kind WHEN 'paid' THEN (
			SELECT COALESCE(CAST(SUM(p.supplier_fee_kop) AS BIGINT),
				0)
			FROM pay_line p WHERE p.akey = t.akey
				AND p.number = t.number
				AND p.supplier = s.supplier)
		WHEN 'refund' THEN (
			SELECT COALESCE(CAST(-SUM(r.supplier_fee_kop) AS BIGINT),
				0)
			FROM refund_line r
			JOIN pay_line p ON p.akey = r.akey
				AND p.number = r.number AND p.n = r.n
			WHERE r.akey = t.akey AND r.number = t.number
				AND r.refund = t.cause
				AND p.supplier = s.supplier)
		ELSE 0 END AS supplier_fee
	FROM settlement s
	JOIN ledger_line l ON s.akey = ? AND s.id = ? AND l.account = ?
		AND l.day >= ?
		AND (l.day, l.akey, l.transfer, l.n) > (?, ?, ?, ?)
		AND (l.day, l.akey, l.transfer, l.n) <= (?, ?, ?, ?)
	JOIN ledger_transfer t ON t.akey = l.akey AND t.id = l.transfer
		AND t.kind NOT IN ('transfer', 'transfer_back')
	WHERE NOT EXISTS (SELECT 1 FROM settlement_item i
		WHERE i.akey = l.akey AND i.transfer = l.transfer
			AND i.line = l.n AND i.live = 1)) q

-- name: settle_sums
-- in: after_day, settlement, n
-- What the rows after n add up to.
SELECT COUNT(*), CAST(COALESCE(SUM(held), 0) AS BIGINT),
	CAST(COALESCE(SUM(CASE WHEN held = 0 AND kind = 'paid' THEN gross_kop
		ELSE 0 END), 0) AS BIGINT),
	CAST(COALESCE(SUM(CASE WHEN held = 0 AND kind = 'refund' THEN -gross_kop
		ELSE 0 END), 0) AS BIGINT),
	CAST(COALESCE(SUM(CASE WHEN held = 0 AND kind NOT IN ('paid', 'refund')
		THEN gross_kop ELSE 0 END), 0) AS BIGINT),
	CAST(COALESCE(SUM(CASE WHEN held = 0 THEN fee_kop ELSE 0 END), 0)
		AS BIGINT),
	CAST(COALESCE(SUM(CASE WHEN held = 0 THEN supplier_fee_kop ELSE 0 END),
		0) AS BIGINT),
	CAST(COALESCE(SUM(CASE WHEN held = 0 THEN net_kop ELSE 0 END), 0)
		AS BIGINT),
	CAST(COALESCE(SUM(CASE WHEN held = 1 THEN net_kop ELSE 0 END), 0)
		AS BIGINT),
	CAST(COALESCE(SUM(CASE WHEN held = 0 AND day <= ? THEN net_kop ELSE 0
		END), 0) AS BIGINT),
	COALESCE(MIN(CASE WHEN held = 0 THEN day END), ''),
	COALESCE(MIN(CASE WHEN held = 1 THEN day END), '')
FROM settlement_item WHERE settlement = ? AND n > ?

-- name: settle_differs
-- in: settlement, n
-- A payment whose lines are not what the ledger has of it.
SELECT number, cause FROM settlement_item
WHERE settlement = ? AND n > ? AND net_kop <> gross_kop - supplier_fee_kop
ORDER BY n LIMIT 1

-- name: settle_add
-- in: size, items, held_items, taken, refunded, other, fee, supplier_fee
-- in: transfer, held, released, first_day, held_day, akey, id, was
UPDATE settlement SET size = size + CAST(? AS BIGINT),
	items = items + CAST(? AS BIGINT),
	held_items = held_items + CAST(? AS BIGINT),
	taken_kop = taken_kop + CAST(? AS BIGINT),
	refunded_kop = refunded_kop + CAST(? AS BIGINT),
	other_kop = other_kop + CAST(? AS BIGINT),
	fee_kop = fee_kop + CAST(? AS BIGINT),
	supplier_fee_kop = supplier_fee_kop + CAST(? AS BIGINT),
	transfer_kop = transfer_kop + CAST(? AS BIGINT),
	held_kop = held_kop + CAST(? AS BIGINT),
	released_kop = released_kop + CAST(? AS BIGINT),
	first_day = CASE WHEN first_day = '' THEN CAST(? AS VARCHAR(10))
		ELSE first_day END,
	held_day = CASE WHEN held_day = '' THEN CAST(? AS VARCHAR(10))
		ELSE held_day END
WHERE akey = ? AND id = ? AND state = 'preparing' AND size = ?

-- name: settle_prepared
-- in: purpose, prepared_at, akey, id
UPDATE settlement SET state = 'prepared', purpose = ?, prepared_at = ?
WHERE akey = ? AND id = ? AND state = 'preparing'

-- name: settle_confirmed
-- in: order_no, order_day, confirmed_at, confirmed_by, akey, id
UPDATE settlement SET state = 'confirmed', order_no = ?, order_day = ?,
	confirmed_at = ?, confirmed_by = ?
WHERE akey = ? AND id = ? AND state = 'prepared'

-- name: settle_returned
-- in: returned_at, returned_by, reason, akey, id
UPDATE settlement SET state = 'returned', returned_at = ?, returned_by = ?,
	reason = ?
WHERE akey = ? AND id = ? AND state = 'confirmed'

-- name: settle_number_next
-- in: own_account, year
-- Banks tell orders by their last three digits, which are never 000.
INSERT INTO order_number (own_account, year, last) VALUES (?, ?, 1)
ON CONFLICT (own_account, year) DO UPDATE SET last = order_number.last
	+ CASE order_number.last % 1000 WHEN 999 THEN 2 ELSE 1 END

-- name: settle_number
-- in: own_account, year
SELECT last FROM order_number WHERE own_account = ? AND year = ?

-- name: settle_event_put
-- in: akey, settlement, id, at, kind, actor, evidence
INSERT INTO settlement_event (akey, settlement, id, at, kind, actor, evidence)
VALUES (?, ?, ?, ?, ?, ?, ?)

-- name: settle_events
-- in: akey, settlement, limit
SELECT id, at, kind, actor, evidence FROM settlement_event
WHERE akey = ? AND settlement = ? ORDER BY id LIMIT ?

-- name: settle_load
-- in: id
SELECT akey, id, portal, supplier, day, state, size, items, held_items,
	taken_kop, refunded_kop, other_kop, fee_kop, supplier_fee_kop,
	transfer_kop, held_kop, released_kop, after_day, from_day, first_day,
	held_day, min_kop, contract, contract_day, own_account, layout,
	payer_title, payer_inn, payer_kpp, payer_account, payer_bic, payer_bank,
	payer_correspondent, payee_title, payee_inn, payee_kpp, payee_account,
	payee_bic, payee_bank, payee_correspondent, purpose,
	COALESCE(order_no, 0), COALESCE(order_day, ''), created_at, created_by,
	COALESCE(prepared_at, 0), COALESCE(confirmed_at, 0), confirmed_by,
	COALESCE(returned_at, 0), returned_by, reason,
	freed
FROM settlement WHERE id = ?

-- name: settle_list
-- in: portal, any, supplier, supplier, state, state, from_day, to_day, day, id,
-- in: limit
-- Newest first, after (day, id); those that were replaced are left out.
SELECT akey, id, portal, supplier, day, state, size, items, held_items,
	taken_kop, refunded_kop, other_kop, fee_kop, supplier_fee_kop,
	transfer_kop, held_kop, released_kop, after_day, from_day, first_day,
	held_day, min_kop, contract, contract_day, own_account, layout,
	payer_title, payer_inn, payer_kpp, payer_account, payer_bic, payer_bank,
	payer_correspondent, payee_title, payee_inn, payee_kpp, payee_account,
	payee_bic, payee_bank, payee_correspondent, purpose,
	COALESCE(order_no, 0), COALESCE(order_day, ''), created_at, created_by,
	COALESCE(prepared_at, 0), COALESCE(confirmed_at, 0), confirmed_by,
	COALESCE(returned_at, 0), returned_by, reason,
	freed
FROM settlement
WHERE (portal = ? OR CAST(? AS BIGINT) = 1)
	AND (CAST(? AS VARCHAR(32)) = '' OR supplier = ?)
	AND (CAST(? AS VARCHAR(16)) = '' OR state = ?)
	AND day >= ? AND day <= ? AND (day, id) < (?, ?)
	AND state <> 'replaced'
ORDER BY day DESC, id DESC LIMIT ?

-- name: settle_waiting
-- in: portal, supplier, supplier
-- What an accountant has to confirm.
SELECT COUNT(*), CAST(COALESCE(SUM(transfer_kop), 0) AS BIGINT),
	COALESCE(MIN(day), '')
FROM settlement
WHERE state = 'prepared' AND portal = ? AND transfer_kop >= min_kop
	AND (CAST(? AS VARCHAR(32)) = '' OR supplier = ?)

-- name: settle_orders
-- in: portal, any, order_day, id, limit
-- Payment orders of a day, in the order of their making.
SELECT akey, id, portal, supplier, day, state, size, items, held_items,
	taken_kop, refunded_kop, other_kop, fee_kop, supplier_fee_kop,
	transfer_kop, held_kop, released_kop, after_day, from_day, first_day,
	held_day, min_kop, contract, contract_day, own_account, layout,
	payer_title, payer_inn, payer_kpp, payer_account, payer_bic, payer_bank,
	payer_correspondent, payee_title, payee_inn, payee_kpp, payee_account,
	payee_bic, payee_bank, payee_correspondent, purpose,
	COALESCE(order_no, 0), COALESCE(order_day, ''), created_at, created_by,
	COALESCE(prepared_at, 0), COALESCE(confirmed_at, 0), confirmed_by,
	COALESCE(returned_at, 0), returned_by, reason,
	freed
FROM settlement
WHERE (portal = ? OR CAST(? AS BIGINT) = 1) AND order_day = ? AND id > ?
	AND state = 'confirmed'
ORDER BY id LIMIT ?

-- name: settle_items
-- in: settlement, n, limit
SELECT n, day, kind, number, cause, held, gross_kop, fee_kop,
	supplier_fee_kop, net_kop
FROM settlement_item WHERE settlement = ? AND n > ?
ORDER BY n LIMIT ?

-- name: settle_cases
-- in: settlement
-- Payments that have got an open case since they were taken.
SELECT COALESCE(MIN(i.number), '')
FROM pay_case c
JOIN settlement_item i ON i.akey = c.akey AND i.number = c.number
	AND i.live = 1
WHERE c.state = 'open' AND c.number <> '' AND i.settlement = ?

-- name: settle_audit_next
-- in: akey, id, from_day, to_day
-- The settlement after (akey, id).
SELECT id, akey FROM settlement
WHERE (akey, id) > (?, ?) AND day >= ? AND day <= ?
ORDER BY akey, id LIMIT 1

-- name: settle_audit_order
-- in: akey, id
-- The last number that was given out for its account in its year.
SELECT COALESCE(o.last, 0)
FROM settlement s LEFT JOIN order_number o ON o.own_account = s.own_account
	AND o.year = CAST(substr(s.order_day, 1, 4) AS SMALLINT)
WHERE s.akey = ? AND s.id = ?

-- name: settle_audit_last
-- in: settlement
SELECT COALESCE(MAX(n), 0) FROM settlement_item WHERE settlement = ?

-- name: settle_audit_items
-- in: settlement, n, limit
-- Items beside their lines and what payments and refunds say of them.
SELECT i.akey, i.transfer, i.line, i.n, i.day, i.kind, i.number, i.cause,
	i.held, i.live, i.gross_kop, i.fee_kop, i.supplier_fee_kop, i.net_kop,
	COALESCE(l.account, ''), COALESCE(l.day, ''), COALESCE(l.sum_kop, 0),
	COALESCE(t.kind, ''), COALESCE(t.number, ''), COALESCE(t.cause, ''),
	COALESCE(CASE t.kind WHEN 'paid' THEN (
		SELECT CAST(SUM(p.sum_kop) AS BIGINT) FROM pay_line p
		WHERE p.akey = t.akey AND p.number = t.number
			AND p.supplier = s.supplier)
	WHEN 'refund' THEN (
		SELECT CAST(-SUM(r.sum_kop) AS BIGINT) FROM refund_line r
		JOIN pay_line p ON p.akey = r.akey AND p.number = r.number
			AND p.n = r.n
		WHERE r.akey = t.akey AND r.number = t.number
			AND r.refund = t.cause AND p.supplier = s.supplier)
	ELSE -l.sum_kop END, 0),
	COALESCE(CASE t.kind WHEN 'paid' THEN (
		SELECT CAST(SUM(p.fee_kop) AS BIGINT) FROM pay_line p
		WHERE p.akey = t.akey AND p.number = t.number
			AND p.supplier = s.supplier)
	WHEN 'refund' THEN (
		SELECT CAST(-SUM(r.fee_kop) AS BIGINT) FROM refund_line r
		JOIN pay_line p ON p.akey = r.akey AND p.number = r.number
			AND p.n = r.n
		WHERE r.akey = t.akey AND r.number = t.number
			AND r.refund = t.cause AND p.supplier = s.supplier)
	ELSE 0 END, 0),
	COALESCE(CASE t.kind WHEN 'paid' THEN (
		SELECT CAST(SUM(p.supplier_fee_kop) AS BIGINT) FROM pay_line p
		WHERE p.akey = t.akey AND p.number = t.number
			AND p.supplier = s.supplier)
	WHEN 'refund' THEN (
		SELECT CAST(-SUM(r.supplier_fee_kop) AS BIGINT)
		FROM refund_line r
		JOIN pay_line p ON p.akey = r.akey AND p.number = r.number
			AND p.n = r.n
		WHERE r.akey = t.akey AND r.number = t.number
			AND r.refund = t.cause AND p.supplier = s.supplier)
	ELSE 0 END, 0), s.freed
FROM settlement_item i
JOIN settlement s ON s.id = i.settlement
LEFT JOIN ledger_line l ON l.akey = i.akey AND l.transfer = i.transfer
	AND l.n = i.line
LEFT JOIN ledger_transfer t ON t.akey = i.akey AND t.id = i.transfer
WHERE i.settlement = ? AND i.n > ?
ORDER BY i.n LIMIT ?

-- name: settle_audit_transfers
-- in: akey, cause
-- One row per line.
SELECT t.id, t.kind, t.number, t.day, t.at, COALESCE(l.n, 0),
	COALESCE(l.account, ''), COALESCE(l.day, ''), COALESCE(l.sum_kop, 0)
FROM ledger_transfer t
LEFT JOIN ledger_line l ON l.akey = t.akey AND l.transfer = t.id
WHERE t.akey = ? AND t.cause = ?
ORDER BY t.id, l.n

-- name: settle_audit_next_id
-- in: settlement
-- The next id that items bear, and whether there is such a settlement.
SELECT q.id, CASE WHEN EXISTS (SELECT 1 FROM settlement s WHERE s.id = q.id)
	THEN 1 ELSE 0 END
FROM (SELECT COALESCE(MIN(settlement), '') AS id FROM settlement_item
	WHERE settlement > ?) q

-- name: settle_audit_loose_events
-- in: akey, settlement, id, limit
SELECT e.akey, e.settlement, e.id,
	CASE WHEN s.id IS NULL THEN 0 ELSE 1 END
FROM settlement_event e
LEFT JOIN settlement s ON s.akey = e.akey AND s.id = e.settlement
WHERE (e.akey, e.settlement, e.id) > (?, ?, ?)
ORDER BY e.akey, e.settlement, e.id LIMIT ?

-- name: settle_rows
-- in: settlement, n, to_n, settlement, n, to_n, settlement, n, to_n
-- Lines of payments, lines of refunds, and what has none.
SELECT i.n, l.n, i.kind, i.number, i.number, l.service, l.account, i.day,
	p.bank_ref, p.auth_code, COALESCE(p.paid_at, 0), l.sum_kop, l.fee_kop,
	l.supplier_fee_kop
FROM settlement_item i
JOIN settlement s ON s.id = i.settlement
JOIN payment p ON p.akey = i.akey AND p.number = i.number
JOIN pay_line l ON l.akey = i.akey AND l.number = i.number
	AND l.supplier = s.supplier
WHERE i.settlement = ? AND i.n > ? AND i.n <= ? AND i.held = 0
	AND i.kind = 'paid'
UNION ALL
SELECT i.n, r.n, i.kind, i.number, i.cause, l.service, l.account, i.day,
	p.bank_ref, p.auth_code, COALESCE(f.ended_at, 0), -r.sum_kop, -r.fee_kop,
	-r.supplier_fee_kop
FROM settlement_item i
JOIN settlement s ON s.id = i.settlement
JOIN payment p ON p.akey = i.akey AND p.number = i.number
JOIN refund f ON f.akey = i.akey AND f.number = i.number AND f.id = i.cause
JOIN refund_line r ON r.akey = i.akey AND r.number = i.number
	AND r.refund = i.cause
JOIN pay_line l ON l.akey = r.akey AND l.number = r.number AND l.n = r.n
	AND l.supplier = s.supplier
WHERE i.settlement = ? AND i.n > ? AND i.n <= ? AND i.held = 0
	AND i.kind = 'refund'
UNION ALL
SELECT i.n, 0, i.kind, i.number, i.cause, COALESCE(l.service, ''),
	COALESCE(l.account, ''), i.day, '', '', t.at, i.gross_kop, i.fee_kop,
	i.supplier_fee_kop
FROM settlement_item i
JOIN settlement s ON s.id = i.settlement
JOIN ledger_transfer t ON t.akey = i.akey AND t.id = i.transfer
LEFT JOIN pay_line l ON l.akey = i.akey AND l.number = i.number
	AND l.n = (SELECT MIN(x.n) FROM pay_line x WHERE x.akey = i.akey
		AND x.number = i.number AND x.supplier = s.supplier)
WHERE i.settlement = ? AND i.n > ? AND i.n <= ? AND i.held = 0
	AND i.kind NOT IN ('paid', 'refund')
ORDER BY 1, 2

-- name: settle_layout
-- in: layout
SELECT text FROM pay_layout WHERE layout = ?

-- name: settle_layout_put
-- in: layout, text, created_by, created_at
INSERT INTO pay_layout (layout, text, created_by, created_at)
VALUES (?, ?, ?, ?) ON CONFLICT (layout) DO NOTHING
