-- What a page of rows needs, in a round trip each: the portable way is one of
-- its own for every row.

-- name: recon_of_numbers
-- in: keys, account, limit
-- recon_of_number of several, each by its place in the list.
SELECT q.akey, q.id, q.cause, q.kind, q.number, q.day, q.portal, q.state,
	q.sum_kop, q.paid_attempt, k.i
FROM json_to_recordset(CAST(? AS JSON)) AS k (i BIGINT, a VARCHAR, n VARCHAR)
CROSS JOIN LATERAL (
	SELECT t.akey, t.id, t.cause, t.kind, t.number, t.day, p.portal,
		CASE WHEN m.state = 'missing' AND (c.id IS NULL
				OR c.state <> 'open' OR c.resolution <> '')
			THEN CASE WHEN c.resolution = 'dismiss' THEN 'let_be'
				ELSE 'settled' END
			ELSE COALESCE(m.state, '') END AS state,
		l.sum_kop, COALESCE(p.paid_attempt, 0) AS paid_attempt
	FROM ledger_transfer t
	JOIN ledger_line l ON l.akey = t.akey AND l.transfer = t.id
		AND l.account = ?
	JOIN payment p ON p.akey = t.akey AND p.number = t.number
	LEFT JOIN register_pair m ON m.akey = t.akey AND m.transfer = t.id
	LEFT JOIN pay_case c ON c.akey = m.akey AND c.kind = 'register_missing'
		AND c.subject = m.transfer
	WHERE t.akey = k.a AND t.number = k.n
		AND t.kind IN ('paid', 'refund', 'second_payment', 'odd_money',
			'give_back')
	ORDER BY t.id LIMIT ?) q
ORDER BY k.i, q.id

-- name: recon_of_rrns
-- in: keys, account, limit
-- recon_of_rrn of several.
SELECT q.akey, q.id, q.cause, q.kind, q.number, q.day, q.portal, q.state,
	q.sum_kop, q.paid_attempt, k.i
FROM json_to_recordset(CAST(? AS JSON)) AS k (i BIGINT, r VARCHAR, c VARCHAR)
CROSS JOIN LATERAL (
	SELECT t.akey, t.id, t.cause, t.kind, t.number, t.day, p.portal,
		CASE WHEN m.state = 'missing' AND (c.id IS NULL
				OR c.state <> 'open' OR c.resolution <> '')
			THEN CASE WHEN c.resolution = 'dismiss' THEN 'let_be'
				ELSE 'settled' END
			ELSE COALESCE(m.state, '') END AS state,
		l.sum_kop, COALESCE(p.paid_attempt, 0) AS paid_attempt
	FROM payment p
	JOIN ledger_transfer t ON t.akey = p.akey AND t.number = p.number
		AND t.kind IN ('paid', 'refund', 'second_payment', 'odd_money',
			'give_back')
	JOIN ledger_line l ON l.akey = t.akey AND l.transfer = t.id
		AND l.account = ?
	LEFT JOIN register_pair m ON m.akey = t.akey AND m.transfer = t.id
	LEFT JOIN pay_case c ON c.akey = m.akey AND c.kind = 'register_missing'
		AND c.subject = m.transfer
	WHERE p.bank_ref = k.r AND p.bank_ref <> '' AND p.auth_code = k.c
	ORDER BY t.id LIMIT ?) q
ORDER BY k.i, q.id

-- name: recon_judge_all
-- in: verdicts, at, from_state, contract, at
-- Gives those rows that were in from_state, with what each of them found, and
-- behind them, with 1, the postings that were free.  Contract and state are
-- written so that rows are found by their key alone: other indexes have every
-- row of the contract.
WITH v AS (
	SELECT * FROM json_to_recordset(CAST(? AS JSON)) AS j (a VARCHAR,
		b VARCHAR, k VARCHAR, s VARCHAR, f SMALLINT, l SMALLINT,
		n VARCHAR, p VARCHAR, o VARCHAR, x VARCHAR, t VARCHAR, g BIGINT,
		d VARCHAR, y VARCHAR, h VARCHAR, m VARCHAR)
), judged AS (
	UPDATE register_row r SET state = v.s, fee_off = v.f, late = v.l,
		number = v.n, portal = v.p, own_account = v.o, found_akey = v.x,
		found_transfer = v.t, found_kop = v.g, hand_akey = v.y,
		hand_case = v.h, judged_at = CAST(? AS BIGINT)
	FROM v WHERE r.akey = v.a AND r.contract = v.b AND r.row_key = v.k
		AND COALESCE(r.state, '') = ?
	RETURNING v.*
), paired AS (
	INSERT INTO register_pair (akey, transfer, contract, day, number,
		portal, sum_kop, state, row_akey, row_key, at)
	SELECT x, t, CAST(? AS VARCHAR(32)), d, m, p, g, 'found', a, k,
		CAST(? AS BIGINT)
	FROM judged WHERE t <> '' ORDER BY x, t
	ON CONFLICT (akey, transfer) DO UPDATE SET
		state = excluded.state,
		row_akey = excluded.row_akey,
		row_key = excluded.row_key,
		at = excluded.at
	WHERE register_pair.state = 'missing'
	RETURNING akey, transfer
)
SELECT k, a, t, 0 FROM judged
UNION ALL
SELECT '', akey, transfer, 1 FROM paired
