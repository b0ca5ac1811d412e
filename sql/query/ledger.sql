-- The ledger: nothing here changes or removes what was posted.

-- name: ledger_transfer_put
-- in: akey, id, cause, kind, number, day, at, day
-- No row when the day is closed.
INSERT INTO ledger_transfer (akey, id, cause, kind, number, day, at)
SELECT ?, ?, ?, ?, ?, ?, ?
WHERE NOT EXISTS (SELECT 1 FROM ledger_shut WHERE day >= ?)

-- name: ledger_line_put
-- in: akey, transfer, n, account, day, sum_kop
INSERT INTO ledger_line (akey, transfer, n, account, day, sum_kop)
VALUES (?, ?, ?, ?, ?, ?)

-- name: ledger_day_add
-- in: account, day, slot, debit_kop, credit_kop
INSERT INTO ledger_day (account, day, slot, debit_kop, credit_kop)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT (account, day, slot) DO UPDATE SET
	debit_kop = ledger_day.debit_kop + excluded.debit_kop,
	credit_kop = ledger_day.credit_kop + excluded.credit_kop

-- name: ledger_of_payment
-- in: akey, number, limit
SELECT t.id, t.cause, t.kind, t.day, t.at, l.account, l.sum_kop
FROM ledger_transfer t
JOIN ledger_line l ON l.akey = t.akey AND l.transfer = t.id
WHERE t.akey = ? AND t.number = ?
ORDER BY t.id, l.n LIMIT ?

-- name: ledger_turnover
-- in: from_day, to_day, after, limit
SELECT account, CAST(SUM(debit_kop) AS BIGINT),
	CAST(SUM(credit_kop) AS BIGINT)
FROM ledger_day
WHERE day >= ? AND day <= ? AND account > ?
GROUP BY account ORDER BY account LIMIT ?

-- name: ledger_turnover_of_lines
-- in: from_day, to_day, after, limit
SELECT account,
	CAST(SUM(CASE WHEN sum_kop > 0 THEN sum_kop ELSE 0 END) AS BIGINT),
	CAST(SUM(CASE WHEN sum_kop < 0 THEN -sum_kop ELSE 0 END) AS BIGINT)
FROM ledger_line
WHERE day >= ? AND day <= ? AND account > ?
GROUP BY account ORDER BY account LIMIT ?
