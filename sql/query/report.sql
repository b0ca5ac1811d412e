-- Rows of reports (domain/report.h), a page at a time, in an order that is
-- total.  First the keys that the next page begins after, then whether the row
-- is one of the report's (0: only its key is wanted), then its columns.
--
-- The number of a page's rows is written out: with a marker, PostgreSQL plans
-- for a tenth of the table.

-- name: report_payments
-- in: from_day, to_day, day, at, akey, id, portal, any, supplier, any,
-- in: contract, any, bank, any, state, any
SELECT t.day, t.at, t.akey, t.id, CASE WHEN l.n IS NULL THEN 0 ELSE 1 END,
	t.day, p.paid_at, t.number, l.n, p.portal, l.supplier,
	COALESCE(s.title, l.supplier), COALESCE(v.title, l.service), l.account,
	l.sum_kop, l.fee_kop, l.sum_kop + l.fee_kop, l.supplier_fee_kop,
	p.bank, p.contract, p.bank_ref, p.auth_code, p.card_mask, p.state
FROM (SELECT day, at, akey, id, number FROM ledger_transfer
	WHERE kind = 'paid' AND day >= ? AND day <= ?
		AND (day, at, akey, id) > (?, ?, ?, ?)
	ORDER BY day, at, akey, id LIMIT 500) t
LEFT JOIN payment p ON p.akey = t.akey AND p.number = t.number
	AND (p.portal = ? OR CAST(? AS BIGINT) = 1)
LEFT JOIN pay_line l ON l.akey = p.akey AND l.number = p.number
	AND (l.supplier = ? OR CAST(? AS BIGINT) = 1)
	AND (p.contract = ? OR CAST(? AS BIGINT) = 1)
	AND (p.bank = ? OR CAST(? AS BIGINT) = 1)
	AND (p.state = ? OR CAST(? AS BIGINT) = 1)
LEFT JOIN supplier s ON s.portal = p.portal AND s.supplier = l.supplier
LEFT JOIN service v ON v.portal = p.portal AND v.supplier = l.supplier
	AND v.service = l.service
ORDER BY t.day, t.at, t.akey, t.id, l.n

-- name: report_refunds
-- in: from_day, to_day, day, at, akey, id, portal, any, supplier, any,
-- in: contract, any, bank, any
-- What was given back by a bank transfer may have been no refund: money that
-- was never credited has no row here.
SELECT t.day, t.at, t.akey, t.id, CASE WHEN l.n IS NULL THEN 0 ELSE 1 END,
	t.day, r.ended_at, t.number, r.id, l.n, p.portal, l.supplier,
	COALESCE(s.title, l.supplier), COALESCE(v.title, l.service), l.account,
	x.sum_kop, x.fee_kop, x.sum_kop + x.fee_kop, x.supplier_fee_kop,
	p.contract, r.way, r.reason, r.actor
FROM (SELECT day, at, akey, id, number, cause FROM ledger_transfer
	WHERE kind IN ('refund', 'paid_by_hand', 'chargeback')
		AND day >= ? AND day <= ?
		AND (day, at, akey, id) > (?, ?, ?, ?)
	ORDER BY day, at, akey, id LIMIT 500) t
LEFT JOIN refund r ON r.akey = t.akey AND r.number = t.number
	AND r.id = t.cause
LEFT JOIN payment p ON p.akey = r.akey AND p.number = r.number
	AND (p.portal = ? OR CAST(? AS BIGINT) = 1)
LEFT JOIN refund_line x ON x.akey = p.akey AND x.number = p.number
	AND x.refund = r.id
LEFT JOIN pay_line l ON l.akey = x.akey AND l.number = x.number AND l.n = x.n
	AND (l.supplier = ? OR CAST(? AS BIGINT) = 1)
	AND (p.contract = ? OR CAST(? AS BIGINT) = 1)
	AND (p.bank = ? OR CAST(? AS BIGINT) = 1)
LEFT JOIN supplier s ON s.portal = p.portal AND s.supplier = l.supplier
LEFT JOIN service v ON v.portal = p.portal AND v.supplier = l.supplier
	AND v.service = l.service
ORDER BY t.day, t.at, t.akey, t.id, l.n

-- name: report_commissions
-- in: day, to_day, from_day, day, to_day, from_day, portal, any, supplier, any
-- A day at a time: the next one that has any.
SELECT q.day, 1, q.day, q.portal, q.supplier, COALESCE(s.title, q.supplier),
	COALESCE(v.title, q.service), CAST(SUM(q.paid) AS BIGINT),
	CAST(SUM(q.sum_kop) AS BIGINT), CAST(SUM(q.fee_kop) AS BIGINT),
	CAST(SUM(q.supplier_fee_kop) AS BIGINT), CAST(SUM(q.loss_kop) AS BIGINT),
	CAST(SUM(q.gone) AS BIGINT), CAST(SUM(q.refunded_kop) AS BIGINT),
	CAST(SUM(q.back_kop) AS BIGINT), CAST(SUM(q.fee_kop + q.supplier_fee_kop
		+ q.loss_kop - q.back_kop) AS BIGINT)
FROM (
	SELECT t.day, p.portal, l.supplier, l.service, 1 AS paid, l.sum_kop,
		l.fee_kop, l.supplier_fee_kop, l.loss_kop, 0 AS gone,
		0 AS refunded_kop, 0 AS back_kop
	FROM ledger_transfer t
	JOIN payment p ON p.akey = t.akey AND p.number = t.number
	JOIN pay_line l ON l.akey = t.akey AND l.number = t.number
	WHERE t.kind = 'paid' AND t.day = (SELECT MIN(m.day)
		FROM ledger_transfer m
		WHERE m.day > ? AND m.day <= ? AND m.day >= ?)
	UNION ALL
	SELECT t.day, p.portal, l.supplier, l.service, 0, 0, 0, 0, 0, 1,
		x.sum_kop, x.fee_kop + x.supplier_fee_kop + x.loss_kop
	FROM ledger_transfer t
	JOIN payment p ON p.akey = t.akey AND p.number = t.number
	JOIN refund_line x ON x.akey = t.akey AND x.number = t.number
		AND x.refund = t.cause
	JOIN pay_line l ON l.akey = t.akey AND l.number = t.number
		AND l.n = x.n
	WHERE t.kind IN ('refund', 'paid_by_hand', 'chargeback')
		AND t.day = (SELECT MIN(m.day) FROM ledger_transfer m
		WHERE m.day > ? AND m.day <= ? AND m.day >= ?)
	) q
LEFT JOIN supplier s ON s.portal = q.portal AND s.supplier = q.supplier
LEFT JOIN service v ON v.portal = q.portal AND v.supplier = q.supplier
	AND v.service = q.service
WHERE (q.portal = ? OR CAST(? AS BIGINT) = 1)
	AND (q.supplier = ? OR CAST(? AS BIGINT) = 1)
GROUP BY q.day, q.portal, q.supplier, s.title, q.service, v.title
ORDER BY q.day, q.portal, q.supplier, q.service

-- name: report_turnover
-- in: from_day, from_day, from_day, to_day, account,
-- in: any, head_len, head, tail_len, tail, commission, loss,
-- in: any, account, account_len, account_head
SELECT q.account, 1, q.account,
	CASE WHEN q.opening > 0 THEN q.opening ELSE 0 END,
	CASE WHEN q.opening < 0 THEN -q.opening ELSE 0 END, q.debit, q.credit,
	CASE WHEN q.opening + q.debit - q.credit > 0
		THEN q.opening + q.debit - q.credit ELSE 0 END,
	CASE WHEN q.opening + q.debit - q.credit < 0
		THEN q.credit - q.debit - q.opening ELSE 0 END
FROM (
	SELECT account,
		CAST(SUM(CASE WHEN day < ? THEN debit_kop - credit_kop
			ELSE 0 END) AS BIGINT) AS opening,
		CAST(SUM(CASE WHEN day >= ? THEN debit_kop ELSE 0 END)
			AS BIGINT) AS debit,
		CAST(SUM(CASE WHEN day >= ? THEN credit_kop ELSE 0 END)
			AS BIGINT) AS credit
	FROM ledger_day
	WHERE day <= ? AND account > ?
		AND (CAST(? AS BIGINT) = 1
			OR (substr(account, 1, CAST(? AS INTEGER)) = ?
				AND substr(account, length(account) + 1
					- CAST(? AS INTEGER)) = ?)
			OR account = ? OR account = ?)
		AND (CAST(? AS BIGINT) = 1 OR account = ?
			OR substr(account, 1, CAST(? AS INTEGER)) = ?)
	GROUP BY account ORDER BY account LIMIT 20) q
ORDER BY q.account

-- name: report_settlements
-- in: from_day, to_day, day, id, portal, any, supplier, any, state, any
-- Those that were replaced are nobody's concern any more.
SELECT q.day, q.id, 1, q.day, q.id, q.portal, q.supplier,
	COALESCE(s.title, q.supplier), q.state, q.items, q.taken_kop,
	q.refunded_kop, q.other_kop, q.fee_kop, q.supplier_fee_kop,
	q.transfer_kop, q.held_kop,
	COALESCE(CAST(q.order_no AS VARCHAR(20)), ''),
	COALESCE(q.order_day, ''), q.confirmed_by
FROM (SELECT * FROM settlement
	WHERE state IN ('prepared', 'confirmed', 'returned')
		AND day >= ? AND day <= ? AND (day, id) > (?, ?)
		AND (portal = ? OR CAST(? AS BIGINT) = 1)
		AND (supplier = ? OR CAST(? AS BIGINT) = 1)
		AND (state = ? OR CAST(? AS BIGINT) = 1)
	ORDER BY day, id LIMIT 500) q
LEFT JOIN supplier s ON s.portal = q.portal AND s.supplier = q.supplier
ORDER BY q.day, q.id

-- name: report_reconciliation
-- in: from_day, to_day, contract, day, state, akey, row_key,
-- in: portal, any, contract, any, state, any
SELECT contract, day, state, akey, row_key, 1, contract, day, at, kind, state,
	number, order_no, bank_id, rrn, auth_code, card, gross_kop, fee_kop,
	vat_kop, net_kop, found_kop,
	CASE WHEN fee_off = 1 THEN 'yes' ELSE 'no' END
FROM register_row
WHERE day >= ? AND day <= ?
	AND (contract, day, state, akey, row_key) > (?, ?, ?, ?, ?)
	AND (portal = ? OR CAST(? AS BIGINT) = 1)
	AND (contract = ? OR CAST(? AS BIGINT) = 1)
	AND (state = ? OR CAST(? AS BIGINT) = 1)
ORDER BY contract, day, state, akey, row_key LIMIT 2000

-- name: report_missing
-- in: from_day, to_day, contract, day, state, akey, transfer,
-- in: portal, any, contract, any, state, any
SELECT contract, day, state, akey, transfer, 1, contract, day, number, portal,
	state, sum_kop
FROM register_pair
WHERE state IN ('missing', 'reversed') AND day >= ? AND day <= ?
	AND (contract, day, state, akey, transfer) > (?, ?, ?, ?, ?)
	AND (portal = ? OR CAST(? AS BIGINT) = 1)
	AND (contract = ? OR CAST(? AS BIGINT) = 1)
	AND (state = ? OR CAST(? AS BIGINT) = 1)
ORDER BY contract, day, state, akey, transfer LIMIT 2000

-- name: report_cases
-- in: from_at, to_at, at, id, portal, any, state, any
SELECT created_at, id, 1, created_at, id, kind, portal, number, sum_kop, state,
	owner, times, resolution, note, decided_by, COALESCE(decided_at, 0),
	COALESCE(resolved_at, 0)
FROM pay_case
WHERE created_at >= ? AND created_at < ? AND (created_at, id) > (?, ?)
	AND (portal = ? OR CAST(? AS BIGINT) = 1)
	AND (state = ? OR CAST(? AS BIGINT) = 1)
ORDER BY created_at, id LIMIT 1000

-- name: report_readings
-- in: from_at, to_at, at, akey, id, portal, any, supplier, any
SELECT q.given_at, q.akey, q.id, 1, q.given_at, q.portal, q.supplier,
	COALESCE(s.title, q.supplier), q.account, q.meter, q.period,
	q.before_value, q.value, q.use_value, q.number
FROM (SELECT * FROM reading
	WHERE state = 'given' AND given_at >= ? AND given_at < ?
		AND (given_at, akey, id) > (?, ?, ?)
		AND (portal = ? OR CAST(? AS BIGINT) = 1)
		AND (supplier = ? OR CAST(? AS BIGINT) = 1)
	ORDER BY given_at, akey, id LIMIT 1000) q
LEFT JOIN supplier s ON s.portal = q.portal AND s.supplier = q.supplier
ORDER BY q.given_at, q.akey, q.id

-- name: report_closings
-- in: from_day, to_day, day
SELECT day, 1, day, transfers, lines, debit_kop, credit_kop, at, actor, hash
FROM ledger_close
WHERE day >= ? AND day <= ? AND day > ?
ORDER BY day LIMIT 500
