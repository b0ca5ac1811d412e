-- Registers of banks: layouts, files, rows.

-- name: register_layout_put
-- in: layout, body, digest, at
INSERT INTO register_layout (layout, body, digest, applied_at)
VALUES (?, ?, ?, ?)
ON CONFLICT (layout) DO UPDATE SET
	body = excluded.body,
	digest = excluded.digest,
	applied_at = excluded.applied_at

-- name: register_layouts
SELECT layout, body, digest, applied_at FROM register_layout ORDER BY layout

-- name: register_layout_get
-- in: layout
SELECT layout, body, digest, applied_at FROM register_layout WHERE layout = ?

-- name: register_terms
-- in: contract
-- All of a contract, oldest first.
SELECT c.contract, c.bank, COALESCE(c.own_account, ''),
	COALESCE(t.from_day, ''), COALESCE(t.to_day, ''),
	COALESCE(t.layout, ''), COALESCE(t.rounding, ''),
	COALESCE(t.fee_ppm, 0), COALESCE(t.vat_ppm, 0),
	COALESCE(t.grace_days, 0)
FROM bank_contract c
LEFT JOIN register_terms t ON t.contract = c.contract
WHERE c.contract = ? ORDER BY t.from_day

-- name: register_file_put
-- in: contract, id, digest, name, layout, layout_digest, actor, size,
-- in: from_day, to_day, seen, seen_gross_kop, seen_fee_kop, seen_vat_kop,
-- in: seen_net_kop, declared, declared_gross_kop, declared_fee_kop,
-- in: declared_vat_kop, declared_net_kop, created_at
INSERT INTO register_file (contract, id, digest, name, layout, layout_digest,
	state, actor, size, pos, line, from_day, to_day, taken, repeated, bad,
	gross_kop, fee_kop, vat_kop, net_kop, seen, seen_gross_kop,
	seen_fee_kop, seen_vat_kop, seen_net_kop, declared, declared_gross_kop,
	declared_fee_kop, declared_vat_kop, declared_net_kop, created_at)
VALUES (?, ?, ?, ?, ?, ?, 'reading', ?, ?, 0, 0, ?, ?, 0, 0, 0, 0, 0, 0, 0,
	?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (contract, digest) DO NOTHING

-- name: register_file_find
-- in: contract, digest
SELECT contract, id, digest, name, layout, layout_digest, state, actor,
	from_day, to_day, size, pos, line, taken, repeated, bad, gross_kop,
	fee_kop, vat_kop, net_kop, seen, seen_gross_kop, seen_fee_kop,
	seen_vat_kop, seen_net_kop, declared, declared_gross_kop,
	declared_fee_kop, declared_vat_kop, declared_net_kop, created_at,
	ended_at, CASE WHEN declared IS NULL THEN 0 ELSE 1 END
	+ CASE WHEN declared_gross_kop IS NULL THEN 0 ELSE 2 END
	+ CASE WHEN declared_fee_kop IS NULL THEN 0 ELSE 4 END
	+ CASE WHEN declared_vat_kop IS NULL THEN 0 ELSE 8 END
	+ CASE WHEN declared_net_kop IS NULL THEN 0 ELSE 16 END
FROM register_file WHERE contract = ? AND digest = ?

-- name: register_file_get
-- in: id
SELECT contract, id, digest, name, layout, layout_digest, state, actor,
	from_day, to_day, size, pos, line, taken, repeated, bad, gross_kop,
	fee_kop, vat_kop, net_kop, seen, seen_gross_kop, seen_fee_kop,
	seen_vat_kop, seen_net_kop, declared, declared_gross_kop,
	declared_fee_kop, declared_vat_kop, declared_net_kop, created_at,
	ended_at, CASE WHEN declared IS NULL THEN 0 ELSE 1 END
	+ CASE WHEN declared_gross_kop IS NULL THEN 0 ELSE 2 END
	+ CASE WHEN declared_fee_kop IS NULL THEN 0 ELSE 4 END
	+ CASE WHEN declared_vat_kop IS NULL THEN 0 ELSE 8 END
	+ CASE WHEN declared_net_kop IS NULL THEN 0 ELSE 16 END
FROM register_file WHERE id = ?

-- name: register_file_list
-- in: contract, contract, before_id, before_id, limit
-- Newest first; contract '' is any.
SELECT contract, id, digest, name, layout, layout_digest, state, actor,
	from_day, to_day, size, pos, line, taken, repeated, bad, gross_kop,
	fee_kop, vat_kop, net_kop, seen, seen_gross_kop, seen_fee_kop,
	seen_vat_kop, seen_net_kop, declared, declared_gross_kop,
	declared_fee_kop, declared_vat_kop, declared_net_kop, created_at,
	ended_at, CASE WHEN declared IS NULL THEN 0 ELSE 1 END
	+ CASE WHEN declared_gross_kop IS NULL THEN 0 ELSE 2 END
	+ CASE WHEN declared_fee_kop IS NULL THEN 0 ELSE 4 END
	+ CASE WHEN declared_vat_kop IS NULL THEN 0 ELSE 8 END
	+ CASE WHEN declared_net_kop IS NULL THEN 0 ELSE 16 END
FROM register_file
WHERE (CAST(? AS VARCHAR(32)) = '' OR contract = ?)
	AND (CAST(? AS VARCHAR(26)) = '' OR id < ?)
ORDER BY id DESC LIMIT ?

-- name: register_file_move
-- in: pos, line, taken, repeated, bad, gross_kop, fee_kop, vat_kop, net_kop,
-- in: contract, id, from_pos
-- Of two that read the same file one finds no row.
UPDATE register_file SET pos = ?, line = ?, taken = taken + ?,
	repeated = repeated + ?, bad = bad + ?, gross_kop = gross_kop + ?,
	fee_kop = fee_kop + ?, vat_kop = vat_kop + ?, net_kop = net_kop + ?
WHERE contract = ? AND id = ? AND state = 'reading' AND pos = ?

-- name: register_file_end
-- in: at, contract, id
UPDATE register_file SET state = 'done', ended_at = ?
WHERE contract = ? AND id = ? AND state = 'reading' AND pos = size

-- name: register_day_put
-- in: contract, day
INSERT INTO register_day (contract, day, judged_at) VALUES (?, ?, NULL)
ON CONFLICT (contract, day) DO NOTHING

-- name: register_days_put
-- in: contract, file
INSERT INTO register_day (contract, day, judged_at)
SELECT DISTINCT contract, day, CAST(NULL AS BIGINT) FROM register_row
WHERE contract = ? AND file = ?
ON CONFLICT (contract, day) DO NOTHING

-- name: register_row_put
-- in: akey, contract, row_key, file, line, kind, order_no, bank_id, op_id,
-- in: rrn, auth_code, card, at, day, gross_kop, fee_kop, vat_kop, net_kop
INSERT INTO register_row (akey, contract, row_key, file, line, kind, order_no,
	bank_id, op_id, rrn, auth_code, card, at, day, gross_kop, fee_kop,
	vat_kop, net_kop, state, fee_off, late, number, portal, own_account,
	found_akey, found_transfer, found_kop)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'new', 0, 0, '',
	'', '', '', '', 0)
ON CONFLICT (akey, contract, row_key) DO NOTHING

-- name: register_row_get
-- in: akey, contract, row_key
SELECT gross_kop, fee_kop, vat_kop, at FROM register_row
WHERE akey = ? AND contract = ? AND row_key = ?

-- name: register_bad_put
-- in: contract, file, line, col, reason, value
INSERT INTO register_bad (contract, file, line, col, reason, value)
VALUES (?, ?, ?, ?, ?, ?)

-- name: register_bad_list
-- in: contract, file, after_line, limit
SELECT reason, value, line, col FROM register_bad
WHERE contract = ? AND file = ? AND line > ?
ORDER BY line LIMIT ?
