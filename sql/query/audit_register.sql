-- What the audit reads of registers.

-- name: audit_register_rows
-- in: akey, contract, row_key, limit
SELECT r.akey, r.contract, r.row_key, r.kind, r.state, r.own_account,
	r.found_akey, r.found_transfer, r.day, COALESCE(f.id, ''),
	COALESCE(m.state, ''), COALESCE(m.row_akey, ''),
	COALESCE(m.row_key, ''), r.gross_kop, r.fee_kop, r.vat_kop, r.net_kop,
	r.fee_off, r.late, r.found_kop, COALESCE(l.sum_kop, 0),
	(SELECT COUNT(*) FROM pay_case c
		WHERE c.akey IN (r.akey, substr(r.number, 1, 8), r.hand_akey)
		AND c.kind IN ('register_unknown', 'register_sum',
			'register_fee', 'chargeback')
		AND c.subject = r.contract || '/' || r.row_key),
	(SELECT COUNT(*) FROM pay_case c
		WHERE c.akey IN (r.akey, substr(r.number, 1, 8))
		AND c.kind = 'register_unknown' AND c.resolution = 'settled'
		AND c.subject = r.contract || '/' || r.row_key),
	r.number, COALESCE(m.number, ''), r.hand_case, COALESCE(h.kind, ''),
	COALESCE(h.subject, ''), COALESCE(h.state, ''),
	COALESCE(h.resolution, '')
FROM register_row r
LEFT JOIN pay_case h ON h.akey = r.hand_akey AND h.id = r.hand_case
LEFT JOIN register_file f ON f.contract = r.contract AND f.id = r.file
LEFT JOIN register_pair m ON m.akey = r.found_akey
	AND m.transfer = r.found_transfer
LEFT JOIN ledger_line l ON l.akey = r.found_akey
	AND l.transfer = r.found_transfer
	AND l.account = 'receivable/' || r.contract
WHERE (r.akey, r.contract, r.row_key) > (?, ?, ?)
ORDER BY r.akey, r.contract, r.row_key LIMIT ?

-- name: audit_register_lines
-- in: akey, cause
SELECT t.id, t.kind, COALESCE(l.account, ''), t.number, t.day,
	COALESCE(l.day, ''), COALESCE(l.n, 0), COALESCE(l.sum_kop, 0)
FROM ledger_transfer t
LEFT JOIN ledger_line l ON l.akey = t.akey AND l.transfer = t.id
WHERE t.akey = ? AND t.cause = ?
	AND t.kind IN ('register', 'register_matched', 'assign', 'write_off')
ORDER BY t.kind, t.id, l.n

-- name: audit_register_pairs
-- in: akey, transfer, limit
SELECT m.akey, m.transfer, m.state, m.day, COALESCE(t.day, ''), m.number,
	COALESCE(t.number, ''), COALESCE(r.found_transfer, ''), m.sum_kop,
	COALESCE(l.sum_kop, 0),
	(SELECT COUNT(*) FROM pay_case c WHERE c.akey = m.akey
		AND c.kind = 'register_missing' AND c.subject = m.transfer),
	m.contract, COALESCE(w.id, ''), COALESCE(w.state, ''),
	COALESCE(w.resolution, '')
FROM register_pair m
LEFT JOIN pay_case w ON w.akey = m.akey AND w.number = m.number
	AND w.kind = 'register_missing' AND w.subject = m.transfer
LEFT JOIN ledger_transfer t ON t.akey = m.akey AND t.id = m.transfer
LEFT JOIN ledger_line l ON l.akey = m.akey AND l.transfer = m.transfer
	AND l.account = 'receivable/' || m.contract
LEFT JOIN register_row r ON r.akey = m.row_akey AND r.contract = m.contract
	AND r.row_key = m.row_key
WHERE (m.akey, m.transfer) > (?, ?)
ORDER BY m.akey, m.transfer LIMIT ?

-- name: audit_chargebacks
-- in: akey, id, limit
-- Cases of chargebacks, and the refund that each has become.
SELECT c.akey, c.id, c.state, c.resolution, COALESCE(r.state, ''), c.sum_kop,
	CAST(COALESCE(r.sum_kop + r.fee_kop, 0) AS BIGINT)
FROM pay_case c
LEFT JOIN refund r ON r.akey = c.akey AND r.id = c.id
	AND r.number = c.number AND r.way = 'chargeback'
WHERE (c.akey, c.id) > (?, ?) AND c.kind = 'chargeback'
ORDER BY c.akey, c.id LIMIT ?

-- name: audit_register_cases
-- in: akey, id, limit
-- What people have done with them; assigned: rows that name the case.
SELECT akey, id, portal, n, kind, subject, state, sum_kop, evidence,
	resolved_at, owner, taken_at, resolution, note, decided_by, decided_at,
	times, (SELECT COUNT(*) FROM register_row r
		WHERE r.hand_case <> '' AND r.hand_akey = c.akey
		AND r.hand_case = c.id)
FROM pay_case c
WHERE (akey, id) > (?, ?) AND kind IN ('register_unknown', 'register_sum',
	'register_fee', 'register_missing', 'chargeback')
ORDER BY akey, id LIMIT ?

-- name: audit_register_files
-- in: contract, id, limit
-- What each file has taken.
SELECT f.contract, f.id, f.taken, f.gross_kop, f.fee_kop, f.vat_kop,
	f.net_kop, f.bad, (SELECT COUNT(*) FROM register_bad b
		WHERE b.contract = f.contract AND b.file = f.id)
FROM register_file f
WHERE (f.contract, f.id) > (?, ?)
ORDER BY f.contract, f.id LIMIT ?

-- name: audit_register_file_rows
-- in: file, line, limit
-- What its rows after a line add up to, a page of them, and the last line.
SELECT COUNT(*), CAST(COALESCE(SUM(gross_kop), 0) AS BIGINT),
	CAST(COALESCE(SUM(fee_kop), 0) AS BIGINT),
	CAST(COALESCE(SUM(vat_kop), 0) AS BIGINT),
	CAST(COALESCE(SUM(net_kop), 0) AS BIGINT), COALESCE(MAX(line), 0)
FROM (
	SELECT line, gross_kop, fee_kop, vat_kop, net_kop
	FROM register_row WHERE file = ? AND line > ?
	ORDER BY line LIMIT ?) q
