-- Rows of registers and postings of receivables find each other.

-- name: recon_rows_new
-- in: contract, akey, row_key, limit
SELECT r.akey, r.row_key, r.file, r.kind, r.order_no, r.bank_id, r.op_id,
	r.rrn, r.auth_code, r.day, r.own_account, r.line, r.at,
	r.gross_kop, r.fee_kop, r.vat_kop, r.net_kop
FROM register_row r
WHERE r.contract = ? AND r.state = 'new' AND (r.akey, r.row_key) > (?, ?)
ORDER BY r.akey, r.row_key LIMIT ?

-- name: recon_rows_unknown
-- in: contract, akey, row_key, limit
SELECT r.akey, r.row_key, r.file, r.kind, r.order_no, r.bank_id, r.op_id,
	r.rrn, r.auth_code, r.day, r.own_account, r.line, r.at,
	r.gross_kop, r.fee_kop, r.vat_kop, r.net_kop
FROM register_row r
WHERE r.contract = ? AND r.state = 'unknown' AND (r.akey, r.row_key) > (?, ?)
ORDER BY r.akey, r.row_key LIMIT ?

-- name: recon_of_number
-- in: account, akey, number, limit
-- What was posted to the receivable about a payment, oldest first; settled,
-- let_be: it was missing, and a person has written it off or let it be.
SELECT t.akey, t.id, t.cause, t.kind, t.number, t.day, p.portal,
	CASE WHEN m.state = 'missing' AND (c.id IS NULL OR c.state <> 'open'
			OR c.resolution <> '')
		THEN CASE WHEN c.resolution = 'dismiss' THEN 'let_be'
			ELSE 'settled' END
		ELSE COALESCE(m.state, '') END,
	l.sum_kop, COALESCE(p.paid_attempt, 0)
FROM ledger_transfer t
JOIN ledger_line l ON l.akey = t.akey AND l.transfer = t.id AND l.account = ?
JOIN payment p ON p.akey = t.akey AND p.number = t.number
LEFT JOIN register_pair m ON m.akey = t.akey AND m.transfer = t.id
LEFT JOIN pay_case c ON c.akey = m.akey AND c.kind = 'register_missing'
	AND c.subject = m.transfer
WHERE t.akey = ? AND t.number = ?
	AND t.kind IN ('paid', 'refund', 'second_payment', 'odd_money',
		'give_back')
ORDER BY t.id LIMIT ?

-- name: recon_of_rrn
-- in: account, rrn, auth_code, limit
SELECT t.akey, t.id, t.cause, t.kind, t.number, t.day, p.portal,
	CASE WHEN m.state = 'missing' AND (c.id IS NULL OR c.state <> 'open'
			OR c.resolution <> '')
		THEN CASE WHEN c.resolution = 'dismiss' THEN 'let_be'
			ELSE 'settled' END
		ELSE COALESCE(m.state, '') END,
	l.sum_kop, COALESCE(p.paid_attempt, 0)
FROM payment p
JOIN ledger_transfer t ON t.akey = p.akey AND t.number = p.number
	AND t.kind IN ('paid', 'refund', 'second_payment', 'odd_money',
		'give_back')
JOIN ledger_line l ON l.akey = t.akey AND l.transfer = t.id AND l.account = ?
LEFT JOIN register_pair m ON m.akey = t.akey AND m.transfer = t.id
LEFT JOIN pay_case c ON c.akey = m.akey AND c.kind = 'register_missing'
	AND c.subject = m.transfer
WHERE p.bank_ref = ? AND p.bank_ref <> '' AND p.auth_code = ?
ORDER BY t.id LIMIT ?

-- name: recon_judge
-- in: state, fee_off, late, number, portal, own_account, found_akey,
-- in: found_transfer, found_kop, hand_akey, hand_case, at, akey, contract,
-- in: row_key, from_state
UPDATE register_row SET state = ?, fee_off = ?, late = ?, number = ?,
	portal = ?, own_account = ?, found_akey = ?, found_transfer = ?,
	found_kop = ?, hand_akey = ?, hand_case = ?, judged_at = ?
WHERE akey = ? AND contract = ? AND row_key = ? AND state = ?

-- name: recon_pair_put
-- in: akey, transfer, contract, day, number, portal, sum_kop, state, row_akey,
-- in: row_key, at
INSERT INTO register_pair (akey, transfer, contract, day, number, portal,
	sum_kop, state, row_akey, row_key, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (akey, transfer) DO UPDATE SET
	state = excluded.state,
	row_akey = excluded.row_akey,
	row_key = excluded.row_key,
	at = excluded.at
WHERE register_pair.state = 'missing' AND excluded.state = 'found'

-- name: recon_row_unknown
-- in: contract, row_key
SELECT r.akey, r.row_key, r.file, r.kind, r.order_no, r.bank_id, r.op_id,
	r.rrn, r.auth_code, r.day, r.own_account, r.line, r.at,
	r.gross_kop, r.fee_kop, r.vat_kop, r.net_kop
FROM register_row r
WHERE r.contract = ? AND r.state = 'unknown' AND r.row_key = ?

-- name: recon_unpaired
-- in: account, day, akey, transfer, limit
-- Postings to the receivable on a day that were found as nothing yet.
SELECT t.akey, t.id, t.cause, t.kind, t.number, t.day, p.portal, '',
	l.sum_kop, COALESCE(p.paid_attempt, 0)
FROM ledger_line l
JOIN ledger_transfer t ON t.akey = l.akey AND t.id = l.transfer
JOIN payment p ON p.akey = t.akey AND p.number = t.number
WHERE l.account = ? AND l.day = ? AND (l.akey, l.transfer) > (?, ?)
	AND t.kind IN ('paid', 'refund', 'second_payment', 'odd_money',
		'give_back')
	AND NOT EXISTS (SELECT 1 FROM register_pair m
		WHERE m.akey = l.akey AND m.transfer = l.transfer)
ORDER BY l.akey, l.transfer LIMIT ?

-- name: recon_days
-- in: contract, limit
-- Days that are covered and not judged, oldest first.
SELECT d.day FROM register_day d
WHERE d.contract = ? AND d.judged_at IS NULL
ORDER BY d.day LIMIT ?

-- name: recon_last_day
-- in: contract
SELECT COALESCE(MAX(day), '') FROM register_day WHERE contract = ?

-- name: recon_day_judged
-- in: at, contract, day
UPDATE register_day SET judged_at = ? WHERE contract = ? AND day = ?

-- name: recon_waiting
-- in: contract, after_at
-- Rows that are not known, and not older than an instant.
SELECT COUNT(*) FROM register_row
WHERE contract = ? AND state = 'unknown' AND at >= ?

-- name: recon_contracts
SELECT contract FROM bank_contract ORDER BY contract

-- name: recon_summary
-- in: contract, from_day, to_day, portal, portal
-- By day and outcome; portal '' is any, and rows of nobody.
SELECT day, state, COUNT(*), CAST(COALESCE(SUM(gross_kop), 0) AS BIGINT),
	CAST(COALESCE(SUM(fee_kop), 0) AS BIGINT),
	CAST(COALESCE(SUM(vat_kop), 0) AS BIGINT),
	CAST(COALESCE(SUM(net_kop), 0) AS BIGINT),
	CAST(COALESCE(SUM(fee_off), 0) AS BIGINT),
	CAST(COALESCE(SUM(gross_kop - found_kop), 0) AS BIGINT)
FROM register_row
WHERE contract = ? AND day >= ? AND day <= ?
	AND (CAST(? AS VARCHAR(32)) = '' OR portal = ?)
GROUP BY day, state ORDER BY day, state

-- name: recon_summary_ours
-- in: contract, from_day, to_day, portal, portal
SELECT day, state, COUNT(*), CAST(COALESCE(SUM(sum_kop), 0) AS BIGINT)
FROM register_pair
WHERE contract = ? AND day >= ? AND day <= ?
	AND state IN ('missing', 'reversed')
	AND (CAST(? AS VARCHAR(32)) = '' OR portal = ?)
GROUP BY day, state ORDER BY day, state
