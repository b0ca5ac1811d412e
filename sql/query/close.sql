-- Closed days: nothing here changes or removes what was put.

-- name: close_first_day
SELECT COALESCE(MIN(day), '') FROM ledger_transfer

-- name: close_last
SELECT day, hash, previous, actor, transfers, lines, debit_kop, credit_kop, at
FROM ledger_close ORDER BY day DESC LIMIT 1

-- name: close_shut
-- in: day, at
INSERT INTO ledger_shut (day, at) VALUES (?, ?) ON CONFLICT (day) DO NOTHING

-- name: close_transfers
-- in: day, akey, id, limit
-- One row per line.
SELECT t.akey, t.id, t.cause, t.kind, t.number, t.day, t.at, l.n, l.account,
	l.day, l.sum_kop
FROM (SELECT akey, id, cause, kind, number, day, at FROM ledger_transfer
	WHERE day = ? AND (akey, id) > (?, ?)
	ORDER BY akey, id LIMIT ?) t
LEFT JOIN ledger_line l ON l.akey = t.akey AND l.transfer = t.id
ORDER BY t.akey, t.id, l.n

-- name: close_mark_put
-- in: day, n, marks
INSERT INTO ledger_mark (day, n, marks) VALUES (?, ?, ?)
ON CONFLICT (day, n) DO NOTHING

-- name: close_mark
-- in: day, n
SELECT marks FROM ledger_mark WHERE day = ? AND n = ?

-- name: close_balances_put
-- in: before, day
INSERT INTO ledger_balance (account, day, balance_kop)
SELECT d.account, d.day,
	CAST(SUM(d.debit_kop - d.credit_kop) AS BIGINT) + COALESCE((
		SELECT b.balance_kop FROM ledger_balance b
		WHERE b.account = d.account AND b.day < ?
		ORDER BY b.day DESC LIMIT 1), 0)
FROM ledger_day d WHERE d.day = ?
GROUP BY d.account, d.day
ON CONFLICT (account, day) DO NOTHING

-- name: close_sums
-- in: day
SELECT CAST(COALESCE(SUM(debit_kop), 0) AS BIGINT),
	CAST(COALESCE(SUM(credit_kop), 0) AS BIGINT)
FROM ledger_day WHERE day = ?

-- name: close_put
-- in: day, hash, previous, transfers, lines, debit_kop, credit_kop, actor, at
INSERT INTO ledger_close (day, hash, previous, transfers, lines, debit_kop,
	credit_kop, actor, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: close_list
-- in: from_day, to_day, limit
SELECT c.day, c.hash, c.previous, c.actor, c.transfers, c.lines, c.debit_kop,
	c.credit_kop, c.at,
	CASE WHEN s.day IS NULL THEN 0 ELSE 1 END
FROM ledger_close c
LEFT JOIN ledger_shut s ON s.day = c.day
WHERE c.day >= ? AND c.day <= ? ORDER BY c.day LIMIT ?

-- name: close_odd_balances
-- in: day, day, day, day, limit
-- What: 0 missing, 1 wrong, 2 too much.
SELECT CASE WHEN kept IS NULL THEN 0 ELSE 1 END AS what, account,
	COALESCE(kept, 0), must
FROM (
	SELECT m.account AS account, b.balance_kop AS kept,
		m.moved + COALESCE((SELECT p.balance_kop FROM ledger_balance p
			WHERE p.account = m.account AND p.day < ?
			ORDER BY p.day DESC LIMIT 1), 0) AS must
	FROM (SELECT account,
			CAST(SUM(debit_kop - credit_kop) AS BIGINT) AS moved
		FROM ledger_day WHERE day = ? GROUP BY account) m
	LEFT JOIN ledger_balance b ON b.account = m.account AND b.day = ?) q
WHERE kept IS NULL OR kept <> must
UNION ALL
SELECT 2, b.account, b.balance_kop, 0 FROM ledger_balance b
WHERE b.day = ? AND NOT EXISTS (SELECT 1 FROM ledger_day d
	WHERE d.account = b.account AND d.day = b.day)
ORDER BY account LIMIT ?

-- name: close_accounts
-- in: day, after, day, limit
-- What every account has at the end of a closed day, and its turnover on it.
SELECT b.account, b.balance_kop, COALESCE(d.debit, 0), COALESCE(d.credit, 0)
FROM ledger_balance b
LEFT JOIN (SELECT account, CAST(SUM(debit_kop) AS BIGINT) AS debit,
		CAST(SUM(credit_kop) AS BIGINT) AS credit
	FROM ledger_day WHERE day = ? GROUP BY account) d
	ON d.account = b.account
WHERE b.account > ? AND b.day = (SELECT MAX(x.day) FROM ledger_balance x
	WHERE x.account = b.account AND x.day <= ?)
ORDER BY b.account LIMIT ?

-- name: close_strays
-- in: limit
-- What bears a day that is not among the closed ones.
SELECT tbl, day, first, last FROM (
	SELECT 'ledger_shut' AS tbl, day FROM ledger_shut
	UNION
	SELECT 'ledger_mark', day FROM ledger_mark
	UNION
	SELECT 'ledger_balance', day FROM ledger_balance) q
CROSS JOIN (SELECT COALESCE(MIN(day), '') AS first,
		COALESCE(MAX(day), '') AS last
	FROM ledger_close) c
WHERE day < first OR day > last
ORDER BY tbl, day LIMIT ?
