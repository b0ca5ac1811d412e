-- name: ledger_post_all
-- in: akey, id, cause, kind, number, day, at, day, lines, slot
-- A transfer, its lines and its accounts' days in one round trip; the days
-- are taken in the order of their accounts.  No row when the day is closed.
WITH t AS (
	INSERT INTO ledger_transfer (akey, id, cause, kind, number, day, at)
	SELECT ?, ?, ?, ?, ?, ?, CAST(? AS BIGINT)
	WHERE NOT EXISTS (SELECT 1 FROM ledger_shut WHERE day >= ?)
	RETURNING akey, id, day
), l AS (
	SELECT t.akey, t.id, t.day, j.n, j.account, j.sum_kop
	FROM t, json_to_recordset(CAST(? AS JSON)) AS j (n SMALLINT,
		account VARCHAR, sum_kop BIGINT)
), posted AS (
	INSERT INTO ledger_line (akey, transfer, n, account, day, sum_kop)
	SELECT akey, id, n, account, day, sum_kop FROM l
)
INSERT INTO ledger_day (account, day, slot, debit_kop, credit_kop)
SELECT account, day, CAST(? AS SMALLINT),
	CASE WHEN sum_kop > 0 THEN sum_kop ELSE 0 END,
	CASE WHEN sum_kop < 0 THEN -sum_kop ELSE 0 END
FROM l ORDER BY account
ON CONFLICT (account, day, slot) DO UPDATE SET
	debit_kop = ledger_day.debit_kop + excluded.debit_kop,
	credit_kop = ledger_day.credit_kop + excluded.credit_kop
