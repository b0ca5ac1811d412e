-- What the audit reads.  What belongs to payments is read by ranges of
-- (akey, number): after the first pair, up to the second one; akey alone is
-- there once more for the indexes that begin with it.

-- name: audit_payments
-- in: akey, number, from_at, to_at, limit
SELECT akey, number, portal, state, payer, email, contract, bank, lines_hash,
	reason, lines_len, sum_kop, fee_kop, total_kop, refunded_kop,
	created_at, expires_at, paid_at, attempts, paid_attempt
FROM payment
WHERE (akey, number) > (?, ?) AND created_at >= ? AND created_at < ?
ORDER BY akey, number LIMIT ?

-- name: audit_lines
-- in: akey, to_akey, akey, number, to_akey, to_number
SELECT akey, number, n, supplier, service, account, sum_kop, fee_kop,
	supplier_fee_kop, loss_on, loss_kop, exempt
FROM pay_line
WHERE akey >= ? AND akey <= ?
	AND (akey, number) > (?, ?) AND (akey, number) <= (?, ?)
ORDER BY akey, number, n

-- name: audit_attempts
-- in: akey, to_akey, akey, number, to_akey, to_number
SELECT akey, number, n, state, contract, bank, bank_id, expires_at, closed_at,
	paid_kop, on_case, decided
FROM attempt
WHERE akey >= ? AND akey <= ?
	AND (akey, number) > (?, ?) AND (akey, number) <= (?, ?)
ORDER BY akey, number, n

-- name: audit_trxs
-- in: akey, to_akey, akey, number, to_akey, to_number
SELECT akey, number, n, trx_id, state
FROM attempt_trx
WHERE akey >= ? AND akey <= ?
	AND (akey, number) > (?, ?) AND (akey, number) <= (?, ?)
ORDER BY akey, number, n, trx_id

-- name: audit_events
-- in: akey, to_akey, akey, number, to_akey, to_number
-- Evidence of those alone that name a bank: the others' may be large.
SELECT akey, number, id, kind, n, from_state, to_state,
	CASE WHEN kind IN ('payment_created', 'bank_switched') THEN evidence
		ELSE '' END
FROM event
WHERE akey >= ? AND akey <= ?
	AND (akey, number) > (?, ?) AND (akey, number) <= (?, ?)
ORDER BY akey, number, id

-- name: audit_cases
-- in: akey, to_akey, akey, number, to_akey, to_number
-- Those of numbers that are not ours belong to no payment; those of bank
-- registers have an audit of their own.
SELECT akey, number, id, portal, n, kind, subject, state, sum_kop, evidence,
	resolved_at, owner, taken_at, resolution, note, decided_by, decided_at,
	times
FROM pay_case
WHERE akey >= ? AND akey <= ?
	AND (akey, number) > (?, ?) AND (akey, number) <= (?, ?)
	AND number <> '' AND kind NOT IN ('register_unknown', 'register_sum',
		'register_fee', 'register_missing', 'chargeback')
ORDER BY akey, number, id

-- name: audit_case_events
-- in: akey, to_akey, akey, number, to_akey, to_number
SELECT akey, number, case_id, id, at, kind, actor, resolution, note
FROM case_event e
WHERE akey >= ? AND akey <= ?
	AND (akey, number) > (?, ?) AND (akey, number) <= (?, ?)
	AND number <> ''
	AND NOT EXISTS (SELECT 1 FROM pay_case c
		WHERE c.akey = e.akey AND c.id = e.case_id
		AND c.kind IN ('register_unknown', 'register_sum',
			'register_fee', 'register_missing', 'chargeback'))
ORDER BY akey, number, case_id, id

-- name: audit_give_backs
-- in: akey, to_akey, akey, number, to_akey, to_number
SELECT g.akey, g.number, g.id, g.case_id, g.n, g.contract, g.bank_no,
	g.bank_id, g.way, g.own_account, g.state, g.sum_kop, g.reason, g.actor,
	COALESCE(j.state, '')
FROM give_back g
LEFT JOIN job j ON j.akey = g.akey AND j.kind = 'give_back' AND j.ref = g.id
WHERE g.akey >= ? AND g.akey <= ?
	AND (g.akey, g.number) > (?, ?) AND (g.akey, g.number) <= (?, ?)
ORDER BY g.akey, g.number, g.id

-- name: audit_lone_cases
-- in: akey, id, limit
-- Cases without a payment; not those of bank registers.
SELECT akey, id, portal, n, kind, subject, state, sum_kop, evidence,
	resolved_at, owner, taken_at, resolution, note, decided_by, decided_at,
	times
FROM pay_case WHERE number = '' AND (akey, id) > (?, ?)
	AND kind NOT IN ('register_unknown', 'register_sum', 'register_fee',
		'register_missing', 'chargeback')
ORDER BY akey, id LIMIT ?

-- name: audit_lone_events
-- in: limit
-- What was done with cases without a payment that are not there.
SELECT e.akey, e.case_id, e.id
FROM case_event e
WHERE e.number = '' AND NOT EXISTS (SELECT 1 FROM pay_case c
	WHERE c.akey = e.akey AND c.id = e.case_id AND c.number = '')
ORDER BY e.akey, e.case_id, e.id LIMIT ?

-- name: audit_jobs
-- in: akey, to_akey, akey, number, to_akey, to_number
-- A number has 19 characters; a bank number begins with it.
SELECT akey, substr(ref, 1, 19), id, kind, ref, state
FROM job
WHERE akey >= ? AND akey <= ?
	AND (akey, substr(ref, 1, 19)) > (?, ?)
	AND (akey, substr(ref, 1, 19)) <= (?, ?)
	AND kind IN ('ask', 'receipt', 'cancel')
ORDER BY akey, substr(ref, 1, 19), id

-- name: audit_bills
-- in: akey, to_akey, akey, number, to_akey, to_number
SELECT akey, number, portal, lines_hash, payer
FROM open_bill
WHERE akey >= ? AND akey <= ?
	AND (akey, number) > (?, ?) AND (akey, number) <= (?, ?)
ORDER BY akey, number

-- name: audit_refunds
-- in: akey, to_akey, akey, number, to_akey, to_number
-- One row per line.
SELECT r.akey, r.number, r.id, r.state, r.sum_kop, r.fee_kop, l.n, l.sum_kop,
	l.fee_kop, l.supplier_fee_kop, l.loss_kop, COALESCE(j.state, ''),
	r.way, r.own_account,
	(SELECT COUNT(*) FROM pay_case c WHERE c.akey = r.akey AND c.id = r.id
		AND c.number = r.number AND c.kind = 'chargeback'),
	COALESCE(r.before_kop, -1)
FROM refund r
LEFT JOIN refund_line l ON l.akey = r.akey AND l.number = r.number
	AND l.refund = r.id
LEFT JOIN job j ON j.akey = r.akey AND j.kind = 'refund' AND j.ref = r.id
WHERE r.akey >= ? AND r.akey <= ?
	AND (r.akey, r.number) > (?, ?) AND (r.akey, r.number) <= (?, ?)
ORDER BY r.akey, r.number, r.id, l.n

-- name: audit_carts
-- in: akey, to_akey, akey, number, to_akey, to_number
-- One row per position.
SELECT c.akey, c.number, c.n, c.refund, c.total_kop, i.item, i.line,
	i.sum_kop, i.price_kop, i.quantity_milli, i.measure, i.method, i.vat
FROM fiscal_cart c
LEFT JOIN fiscal_item i ON i.akey = c.akey AND i.number = c.number
	AND i.n = c.n AND i.refund = c.refund
WHERE c.akey >= ? AND c.akey <= ?
	AND (c.akey, c.number) > (?, ?) AND (c.akey, c.number) <= (?, ?)
ORDER BY c.akey, c.number, c.n, c.refund, i.item

-- name: audit_transfers
-- in: akey, to_akey, akey, number, to_akey, to_number
-- One row per line.  Transfers of a settlement are read with it, those of a
-- row of a register with that; its key has 32 characters.  Those of a posting
-- that is missing in registers are read with its pair.
SELECT t.akey, t.number, t.id, t.cause, t.kind, t.day, t.at, l.n, l.account,
	l.day, l.sum_kop
FROM ledger_transfer t
LEFT JOIN ledger_line l ON l.akey = t.akey AND l.transfer = t.id
WHERE t.akey >= ? AND t.akey <= ?
	AND (t.akey, t.number) > (?, ?) AND (t.akey, t.number) <= (?, ?)
	AND NOT (t.kind IN ('transfer', 'transfer_back') AND t.number = ''
		AND EXISTS (SELECT 1 FROM settlement s
			WHERE s.akey = t.akey AND s.id = t.cause))
	AND NOT (t.kind IN ('register', 'register_matched', 'assign')
		AND t.number = ''
		AND EXISTS (SELECT 1 FROM register_row r
			WHERE r.akey = t.akey
			AND r.contract =
				substr(t.cause, 1, length(t.cause) - 33)
			AND r.row_key = substr(t.cause, length(t.cause) - 31)))
	AND NOT (t.kind = 'write_off' AND t.number = ''
		AND EXISTS (SELECT 1 FROM pay_case c
			JOIN register_pair m ON m.akey = c.akey
				AND m.transfer = c.subject
				AND m.number = c.number
			WHERE c.akey = t.akey AND c.id = t.cause
			AND c.kind = 'register_missing'))
ORDER BY t.akey, t.number, t.id, l.n

-- name: audit_loose_lines
-- in: akey, to_akey, limit
-- Lines of no transfer.
SELECT l.akey, l.transfer, l.n
FROM ledger_line l
WHERE l.akey > ? AND l.akey <= ?
	AND NOT EXISTS (SELECT 1 FROM ledger_transfer t
		WHERE t.akey = l.akey AND t.id = l.transfer)
ORDER BY l.akey, l.transfer, l.n LIMIT ?

-- name: audit_next_day
-- in: account, day, from_day, to_day, account, day, from_day, to_day
SELECT account, day FROM (
	SELECT account, day FROM ledger_day
	WHERE (account, day) > (?, ?) AND day >= ? AND day <= ?
	ORDER BY account, day LIMIT 1) d
UNION ALL
SELECT account, day FROM (
	SELECT account, day FROM ledger_line
	WHERE (account, day) > (?, ?) AND day >= ? AND day <= ?
	ORDER BY account, day LIMIT 1) l
ORDER BY account, day LIMIT 1

-- name: audit_day_slots
-- in: account, day
SELECT slot, debit_kop, credit_kop FROM ledger_day
WHERE account = ? AND day = ? ORDER BY slot

-- name: audit_day_bound
-- in: account, day, akey, transfer, n, limit
-- The last key of a page of a day's lines.
SELECT akey, transfer, n FROM (
	SELECT akey, transfer, n FROM ledger_line
	WHERE account = ? AND day = ? AND (akey, transfer, n) > (?, ?, ?)
	ORDER BY akey, transfer, n LIMIT ?) q
ORDER BY akey DESC, transfer DESC, n DESC LIMIT 1

-- name: audit_day_lines
-- in: account, day, akey, transfer, n, to_akey, to_transfer, to_n
-- What the lines after the first key up to the second one add up to.  The slot
-- of a line is that of ledger_slot(): of a sum of powers of 31, which is -1
-- modulo 16.
SELECT slot, CAST(SUM(debit) AS BIGINT), CAST(SUM(credit) AS BIGINT)
FROM (
	SELECT (4096 + unicode(substr(akey, 8, 1))
		- unicode(substr(akey, 7, 1)) + unicode(substr(akey, 6, 1))
		- unicode(substr(akey, 5, 1)) + unicode(substr(akey, 4, 1))
		- unicode(substr(akey, 3, 1)) + unicode(substr(akey, 2, 1))
		- unicode(substr(akey, 1, 1))) % 16 AS slot,
		CASE WHEN sum_kop > 0 THEN sum_kop ELSE 0 END AS debit,
		CASE WHEN sum_kop < 0 THEN -sum_kop ELSE 0 END AS credit
	FROM ledger_line WHERE account = ? AND day = ?
		AND (akey, transfer, n) > (?, ?, ?)
		AND (akey, transfer, n) <= (?, ?, ?)) q
GROUP BY slot ORDER BY slot

-- name: audit_sums
-- in: from_day, to_day
SELECT CAST(COALESCE(SUM(debit_kop), 0) AS BIGINT),
	CAST(COALESCE(SUM(credit_kop), 0) AS BIGINT)
FROM ledger_day WHERE day >= ? AND day <= ?

-- name: audit_unequal
-- in: from_day, to_day, limit
SELECT day, CAST(SUM(debit_kop) AS BIGINT), CAST(SUM(credit_kop) AS BIGINT)
FROM ledger_day WHERE day >= ? AND day <= ?
GROUP BY day HAVING SUM(debit_kop) <> SUM(credit_kop)
ORDER BY day LIMIT ?

-- name: audit_notices
-- in: akey, id, limit
SELECT n.akey, n.id, n.raw, n.digest,
	CASE WHEN n.number = '' OR p.number IS NOT NULL THEN 1 ELSE 0 END
FROM notice n
LEFT JOIN payment p ON p.akey = n.akey AND p.number = n.number
WHERE (n.akey, n.id) > (?, ?)
ORDER BY n.akey, n.id LIMIT ?

-- name: audit_answers
-- in: portal, ikey, limit
-- An answer about no payment has no number; a key made a payment or a
-- binding of a card.
SELECT i.portal, i.ikey, i.number,
	CASE WHEN i.number = '' THEN i.portal
		ELSE COALESCE(p.portal, b.portal, '') END
FROM idem i
LEFT JOIN payment p ON p.akey = i.akey AND p.number = i.number
LEFT JOIN card_bind b ON b.akey = i.akey AND b.id = i.number
WHERE (i.portal, i.ikey) > (?, ?)
ORDER BY i.portal, i.ikey LIMIT ?

-- name: audit_cards
-- in: limit
-- Rows about cards that do not agree: what a payment was asked to do is that of
-- its portal and payer, its card theirs too and of the same contract; a card
-- has its client, its offer and what it came from; what is unbound is owed to
-- the bank.
SELECT tbl, id, col, found, must FROM (
	SELECT 'pay_card' AS tbl, x.akey || '/' || x.number AS id,
		'portal, payer' AS col, x.portal || '/' || x.payer AS found,
		COALESCE(p.portal || '/' || p.payer, 'a payment''s') AS must
	FROM pay_card x
	LEFT JOIN payment p ON p.akey = x.akey AND p.number = x.number
	WHERE p.number IS NULL OR p.portal <> x.portal OR p.payer <> x.payer
	UNION ALL
	SELECT 'pay_card', x.akey || '/' || x.number, 'card', x.card,
		'a card of this portal, payer and contract'
	FROM pay_card x
	LEFT JOIN card c ON c.akey = substr(x.card, 1, 8) AND c.id = x.card
	WHERE x.card <> '' AND (c.id IS NULL OR c.portal <> x.portal
		OR c.payer <> x.payer OR c.contract <> x.contract)
	UNION ALL
	SELECT 'pay_card', x.akey || '/' || x.number, 'used_n',
		CAST(x.used_n AS VARCHAR(10)), 'an attempt of this payment'
	FROM pay_card x
	LEFT JOIN attempt t ON t.akey = x.akey AND t.number = x.number
		AND t.n = x.used_n
	WHERE x.used_n <> 0 AND t.n IS NULL
	UNION ALL
	SELECT 'card', c.akey || '/' || c.id, 'client', c.client,
		COALESCE(k.client, 'a client''s')
	FROM card c
	LEFT JOIN card_client k ON k.akey = c.akey AND k.portal = c.portal
		AND k.payer = c.payer AND k.contract = c.contract
	WHERE k.client IS NULL OR k.client <> c.client
	UNION ALL
	SELECT 'card', c.akey || '/' || c.id, 'offer', c.offer,
		'an offer of this contract'
	FROM card c
	LEFT JOIN bank_offer o ON o.contract = c.contract
		AND o.version = c.offer
	WHERE o.version IS NULL
	UNION ALL
	SELECT 'card', c.akey || '/' || c.id, 'origin', c.origin,
		'a payment that saves, or a binding, of this payer'
	FROM card c
	LEFT JOIN pay_card x ON x.akey = substr(c.origin, 1, 8)
		AND x.number = c.origin AND x.save = 1
		AND x.portal = c.portal AND x.payer = c.payer
	LEFT JOIN card_bind b ON b.akey = c.akey AND b.id = c.origin
		AND b.portal = c.portal AND b.payer = c.payer
	WHERE x.number IS NULL AND b.id IS NULL
	UNION ALL
	SELECT 'card', c.akey || '/' || c.id, 'state', c.state,
		'unbound, or a job card_unbind due or failed'
	FROM card c
	LEFT JOIN job j ON j.akey = c.akey AND j.kind = 'card_unbind'
		AND j.ref = c.id AND j.state <> 'done'
	WHERE c.state = 'unbinding' AND j.id IS NULL
	UNION ALL
	SELECT 'card_bind', b.akey || '/' || b.id, 'client', b.client,
		COALESCE(k.client, 'a client''s')
	FROM card_bind b
	LEFT JOIN card_client k ON k.akey = b.akey AND k.portal = b.portal
		AND k.payer = b.payer AND k.contract = b.contract
	WHERE k.client IS NULL OR k.client <> b.client
	UNION ALL
	SELECT 'card_bind', b.akey || '/' || b.id, 'state', b.state,
		'bound, and a card that came from it'
	FROM card_bind b
	LEFT JOIN card c ON c.akey = b.akey AND c.origin = b.id
	WHERE (b.state = 'bound') <> (c.id IS NOT NULL)) w
ORDER BY tbl, id, col LIMIT ?
