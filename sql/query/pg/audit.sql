-- name: audit_day
-- in: account, day, account, day
-- PostgreSQL's name of the code of a character.
SELECT slot, CAST(SUM(debit) AS BIGINT), CAST(SUM(credit) AS BIGINT),
	CAST(SUM(lines_debit) AS BIGINT), CAST(SUM(lines_credit) AS BIGINT)
FROM (
	SELECT slot, debit_kop AS debit, credit_kop AS credit,
		0 AS lines_debit, 0 AS lines_credit
	FROM ledger_day WHERE account = ? AND day = ?
	UNION ALL
	SELECT (4096 + ascii(substr(akey, 8, 1)) - ascii(substr(akey, 7, 1))
		+ ascii(substr(akey, 6, 1)) - ascii(substr(akey, 5, 1))
		+ ascii(substr(akey, 4, 1)) - ascii(substr(akey, 3, 1))
		+ ascii(substr(akey, 2, 1)) - ascii(substr(akey, 1, 1))) % 16,
		0, 0,
		CASE WHEN sum_kop > 0 THEN sum_kop ELSE 0 END,
		CASE WHEN sum_kop < 0 THEN -sum_kop ELSE 0 END
	FROM ledger_line WHERE account = ? AND day = ?) q
GROUP BY slot ORDER BY slot
