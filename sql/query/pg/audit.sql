-- name: audit_day_lines
-- in: account, day, akey, transfer, n, to_akey, to_transfer, to_n
-- PostgreSQL's name of the code of a character.
SELECT slot, CAST(SUM(debit) AS BIGINT), CAST(SUM(credit) AS BIGINT)
FROM (
	SELECT (4096 + ascii(substr(akey, 8, 1))
		- ascii(substr(akey, 7, 1)) + ascii(substr(akey, 6, 1))
		- ascii(substr(akey, 5, 1)) + ascii(substr(akey, 4, 1))
		- ascii(substr(akey, 3, 1)) + ascii(substr(akey, 2, 1))
		- ascii(substr(akey, 1, 1))) % 16 AS slot,
		CASE WHEN sum_kop > 0 THEN sum_kop ELSE 0 END AS debit,
		CASE WHEN sum_kop < 0 THEN -sum_kop ELSE 0 END AS credit
	FROM ledger_line WHERE account = ? AND day = ?
		AND (akey, transfer, n) > (?, ?, ?)
		AND (akey, transfer, n) <= (?, ?, ?)) q
GROUP BY slot ORDER BY slot
