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

-- name: ledger_post_many
-- in: day, at, transfers, day, lines, day, day
-- Transfers of one day and instant; each account's day is taken once, in the
-- order in which whoever posts one transfer takes them.
WITH t AS (
	INSERT INTO ledger_transfer (akey, id, cause, kind, number, day, at)
	SELECT j.a, j.i, j.c, j.k, j.n, CAST(? AS VARCHAR(10)),
		CAST(? AS BIGINT)
	FROM json_to_recordset(CAST(? AS JSON)) AS j (a VARCHAR, i VARCHAR,
		c VARCHAR, k VARCHAR, n VARCHAR)
	WHERE NOT EXISTS (SELECT 1 FROM ledger_shut WHERE day >= ?)
	RETURNING 1
), l AS (
	SELECT j.a, j.i, j.n, j.x, j.s, j.z
	FROM json_to_recordset(CAST(? AS JSON)) AS j (a VARCHAR, i VARCHAR,
		n SMALLINT, x VARCHAR, s BIGINT, z SMALLINT)
	WHERE EXISTS (SELECT 1 FROM t)
), posted AS (
	INSERT INTO ledger_line (akey, transfer, n, account, day, sum_kop)
	SELECT a, i, n, x, CAST(? AS VARCHAR(10)), s FROM l
)
INSERT INTO ledger_day (account, day, slot, debit_kop, credit_kop)
SELECT x, CAST(? AS VARCHAR(10)), z,
	CAST(SUM(CASE WHEN s > 0 THEN s ELSE 0 END) AS BIGINT),
	CAST(SUM(CASE WHEN s < 0 THEN -s ELSE 0 END) AS BIGINT)
FROM l GROUP BY x, z ORDER BY x, z
ON CONFLICT (account, day, slot) DO UPDATE SET
	debit_kop = ledger_day.debit_kop + excluded.debit_kop,
	credit_kop = ledger_day.credit_kop + excluded.credit_kop
