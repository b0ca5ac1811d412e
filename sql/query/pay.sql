-- Payments, their lines and attempts.

-- name: pay_load
-- in: akey, number
-- One row per line.
SELECT p.akey, p.number, p.portal, p.state, p.secret, p.payer, p.email,
	p.return_url, p.frontend, p.contract, p.bank, p.lines_hash, p.sum_kop,
	p.fee_kop, p.total_kop, p.refunded_kop, p.created_at, p.expires_at,
	p.changed_at, p.paid_at, p.attempts, p.paid_attempt, p.card_mask,
	p.bank_ref, p.auth_code, p.reason, p.led_to, l.supplier, l.service,
	l.account, l.sum_kop, l.fee_kop, l.supplier_fee_kop, l.loss_on,
	l.loss_kop, l.exempt
FROM payment p JOIN pay_line l ON l.akey = p.akey AND l.number = p.number
WHERE p.akey = ? AND p.number = ?
ORDER BY l.n

-- name: pay_attempts
-- in: akey, number
SELECT n, state, contract, bank, bank_id, form_url, reason, code, started_at,
	expires_at, closed_at, paid_kop, on_case, decided
FROM attempt WHERE akey = ? AND number = ?
ORDER BY n

-- name: pay_list
-- in: portal, from_at, to_at, before_at, before_number,
-- in: state, state, limit
SELECT p.akey, p.number, p.portal, p.state, p.secret, p.payer, p.email,
	p.return_url, p.frontend, p.contract, p.bank, p.lines_hash, p.sum_kop,
	p.fee_kop, p.total_kop, p.refunded_kop, p.created_at, p.expires_at,
	p.changed_at, p.paid_at, p.attempts, p.paid_attempt, p.card_mask,
	p.bank_ref, p.auth_code, p.reason, p.led_to, l.supplier, l.service,
	l.account, l.sum_kop, l.fee_kop, l.supplier_fee_kop, l.loss_on,
	l.loss_kop, l.exempt
FROM (
	SELECT q.akey, q.number FROM payment q
	WHERE q.portal = ?
		AND q.created_at >= ? AND q.created_at < ?
		AND (q.created_at, q.number) < (?, ?)
		AND (CAST(? AS VARCHAR(16)) = '' OR q.state = ?)
	ORDER BY q.created_at DESC, q.number DESC LIMIT ?) k
JOIN payment p ON p.akey = k.akey AND p.number = k.number
JOIN pay_line l ON l.akey = k.akey AND l.number = k.number
ORDER BY p.created_at DESC, p.number DESC, l.n

-- name: pay_list_payer
-- in: portal, payer, from_at, to_at, before_at, before_number,
-- in: state, state, limit
-- The + keeps SQLite from taking the index by time for its two bounds.
SELECT p.akey, p.number, p.portal, p.state, p.secret, p.payer, p.email,
	p.return_url, p.frontend, p.contract, p.bank, p.lines_hash, p.sum_kop,
	p.fee_kop, p.total_kop, p.refunded_kop, p.created_at, p.expires_at,
	p.changed_at, p.paid_at, p.attempts, p.paid_attempt, p.card_mask,
	p.bank_ref, p.auth_code, p.reason, p.led_to, l.supplier, l.service,
	l.account, l.sum_kop, l.fee_kop, l.supplier_fee_kop, l.loss_on,
	l.loss_kop, l.exempt
FROM (
	SELECT q.akey, q.number FROM payment q
	WHERE q.portal = ? AND q.payer = ? AND q.payer <> ''
		AND +q.created_at >= ? AND +q.created_at < ?
		AND (q.created_at, q.number) < (?, ?)
		AND (CAST(? AS VARCHAR(16)) = '' OR q.state = ?)
	ORDER BY q.created_at DESC, q.number DESC LIMIT ?) k
JOIN payment p ON p.akey = k.akey AND p.number = k.number
JOIN pay_line l ON l.akey = k.akey AND l.number = k.number
ORDER BY p.created_at DESC, p.number DESC, l.n

-- name: pay_list_account
-- in: account, portal, payer, payer,
-- in: from_at, to_at, before_at, before_number,
-- in: state, state, limit
-- CROSS JOIN has SQLite begin with the account's lines.
SELECT p.akey, p.number, p.portal, p.state, p.secret, p.payer, p.email,
	p.return_url, p.frontend, p.contract, p.bank, p.lines_hash, p.sum_kop,
	p.fee_kop, p.total_kop, p.refunded_kop, p.created_at, p.expires_at,
	p.changed_at, p.paid_at, p.attempts, p.paid_attempt, p.card_mask,
	p.bank_ref, p.auth_code, p.reason, p.led_to, l.supplier, l.service,
	l.account, l.sum_kop, l.fee_kop, l.supplier_fee_kop, l.loss_on,
	l.loss_kop, l.exempt
FROM (
	SELECT q.akey, q.number
	FROM (SELECT DISTINCT akey, number FROM pay_line
		WHERE account = ?) x
	CROSS JOIN payment q
	WHERE q.akey = x.akey AND q.number = x.number AND q.portal = ?
		AND (CAST(? AS VARCHAR(64)) = '' OR q.payer = ?)
		AND q.created_at >= ? AND q.created_at < ?
		AND (q.created_at, q.number) < (?, ?)
		AND (CAST(? AS VARCHAR(16)) = '' OR q.state = ?)
	ORDER BY q.created_at DESC, q.number DESC LIMIT ?) k
JOIN payment p ON p.akey = k.akey AND p.number = k.number
JOIN pay_line l ON l.akey = k.akey AND l.number = k.number
ORDER BY p.created_at DESC, p.number DESC, l.n

-- name: idem_get
-- in: portal, ikey
SELECT body_hash, akey, number, answer FROM idem WHERE portal = ? AND ikey = ?

-- name: idem_put
-- in: portal, ikey, body_hash, akey, number, answer, created_at
INSERT INTO idem (portal, ikey, body_hash, akey, number, answer, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (portal, ikey) DO NOTHING

-- name: pay_put
-- in: akey, number, portal, state, secret, payer, email, return_url,
-- in: frontend, contract, bank, lines_hash, lines_len, sum_kop, fee_kop,
-- in: total_kop, created_at, expires_at, changed_at
INSERT INTO payment (akey, number, portal, state, secret, payer, email,
	return_url, frontend, contract, bank, lines_hash, lines_len, sum_kop,
	fee_kop, total_kop, created_at, expires_at, changed_at, refunded_kop,
	attempts, card_mask, bank_ref, auth_code, reason, led_to)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
	0, 0, '', '', '', '', '')

-- name: pay_line_put
-- in: akey, number, n, supplier, service, account, sum_kop, fee_kop,
-- in: supplier_fee_kop, loss_on, loss_kop, exempt
INSERT INTO pay_line (akey, number, n, supplier, service, account, sum_kop,
	fee_kop, supplier_fee_kop, loss_on, loss_kop, exempt)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: pay_move
-- in: to, attempts_to, at, paid_at, paid_attempt, contract, bank, card_mask,
-- in: bank_ref, auth_code, reason, akey, number, from, attempts
-- Compare and set; NULL leaves a column as it is.
UPDATE payment SET state = ?, attempts = ?, changed_at = ?,
	paid_at = COALESCE(?, paid_at),
	paid_attempt = COALESCE(?, paid_attempt),
	contract = COALESCE(?, contract),
	bank = COALESCE(?, bank),
	card_mask = COALESCE(?, card_mask),
	bank_ref = COALESCE(?, bank_ref),
	auth_code = COALESCE(?, auth_code),
	reason = COALESCE(?, reason)
WHERE akey = ? AND number = ? AND state = ? AND attempts = ?

-- name: attempt_put
-- in: akey, number, n, contract, bank, state, bank_id, form_url, reason, code,
-- in: started_at, expires_at, closed_at, paid_kop, on_case
INSERT INTO attempt (akey, number, n, contract, bank, state, bank_id,
	form_url, reason, code, started_at, expires_at, closed_at, paid_kop,
	on_case)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: attempt_move
-- in: to, bank_id, form_url, reason, code, expires_at, closed_at, paid_kop,
-- in: on_case, decided, akey, number, n, from
-- NULL leaves a column as it is.
UPDATE attempt SET state = ?,
	bank_id = COALESCE(?, bank_id),
	form_url = COALESCE(?, form_url),
	reason = COALESCE(?, reason),
	code = COALESCE(?, code),
	expires_at = COALESCE(?, expires_at),
	closed_at = COALESCE(?, closed_at),
	paid_kop = COALESCE(?, paid_kop),
	on_case = COALESCE(?, on_case),
	decided = COALESCE(?, decided)
WHERE akey = ? AND number = ? AND n = ? AND state = ?
