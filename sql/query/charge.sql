-- What suppliers say of accounts, month by month; and our payments beside it.

-- name: charge_start
-- in: akey, portal, supplier, account, month,
-- in: akey, portal, supplier, account, akey, portal, supplier, account, month
-- The month from which on everything must be read to know how the asked month
-- begins: of each service the last opening, or its first charge when there is
-- none; '' when nothing is older.
SELECT COALESCE(MIN(q.month), '') FROM (
	SELECT MAX(month) AS month FROM opening
	WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?
		AND month <= ?
	GROUP BY service
	UNION ALL
	SELECT MIN(c.month) FROM charge c
	WHERE c.akey = ? AND c.portal = ? AND c.supplier = ? AND c.account = ?
		AND NOT EXISTS (SELECT 1 FROM opening o
			WHERE o.akey = ? AND o.portal = ? AND o.supplier = ?
				AND o.account = ? AND o.month <= ?
				AND o.service = c.service)
	GROUP BY c.service) q

-- name: charge_list
-- in: akey, portal, supplier, account, from_month, to_month
SELECT month, service, unit, volume_micro, tariff_micro, accrued_kop,
	recalculated_kop, recalculated_why, benefit_kop,
	COALESCE(penalty_kop, -1)
FROM charge
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?
	AND month >= ? AND month <= ?
ORDER BY month, service

-- name: opening_list
-- in: akey, portal, supplier, account, from_month
-- Later ones, too: they tell what the supplier has counted.
SELECT month, service, owed_kop
FROM opening
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?
	AND month >= ?
ORDER BY month, service

-- name: elsewhere_list
-- in: akey, portal, supplier, account, from_month, to_month
SELECT month, service, day, sum_kop, place, id
FROM payment_elsewhere
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?
	AND month >= ? AND month <= ?
ORDER BY day, id

-- name: ack_list
-- in: akey, portal, supplier, account, from_month, to_month
SELECT month, service, day, sum_kop, number, id
FROM payment_ack
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?
	AND month >= ? AND month <= ?
ORDER BY day, number, id

-- name: own_pending
-- in: akey, account, supplier, portal
-- What was paid here, less what went back, less what the supplier has
-- counted.  CROSS JOIN has SQLite begin with the account's lines.
SELECT q.service, q.number, q.paid_at, q.sum_kop FROM (
	SELECT l.service, l.number, p.paid_at,
		l.sum_kop - CAST(COALESCE((SELECT SUM(r.sum_kop)
			FROM refund_line r JOIN refund f ON f.akey = r.akey
				AND f.number = r.number AND f.id = r.refund
			WHERE r.akey = l.akey AND r.number = l.number
				AND r.n = l.n AND f.state = 'done'), 0)
			AS BIGINT)
		- CAST(COALESCE((SELECT SUM(k.sum_kop) FROM payment_ack k
			WHERE k.akey = ? AND k.number = l.number
				AND k.n = l.n), 0) AS BIGINT) AS sum_kop
	FROM pay_line l CROSS JOIN payment p
	WHERE l.account = ? AND l.supplier = ?
		AND p.akey = l.akey AND p.number = l.number AND p.portal = ?
		AND p.state IN ('paid', 'partly_refunded', 'refunded')) q
WHERE q.sum_kop <> 0
ORDER BY q.paid_at, q.number

-- name: charge_pack
-- in: last, rows, akey, portal, supplier, account
-- An account's rows in one statement, for loading in bulk: rows of 220
-- characters, their columns filled up with spaces (store/pack.h).  The WHERE
-- tells SQLite that ON CONFLICT begins no join.
WITH RECURSIVE i (n) AS (
	SELECT 0 UNION ALL SELECT n + 1 FROM i WHERE n < CAST(? AS BIGINT)),
t (x) AS (SELECT CAST(? AS TEXT)),
r (y) AS MATERIALIZED (SELECT substr(x, 1 + 220 * n, 220) FROM t CROSS JOIN i)
INSERT INTO charge (akey, portal, supplier, account, month, service, unit,
	volume_micro, tariff_micro, accrued_kop, recalculated_kop,
	benefit_kop, penalty_kop, recalculated_why)
SELECT CAST(? AS VARCHAR(8)), CAST(? AS VARCHAR(32)), CAST(? AS VARCHAR(32)),
	CAST(? AS VARCHAR(40)),
	substr(y, 1, 7), rtrim(substr(y, 8, 32)), rtrim(substr(y, 40, 16)),
	CAST(substr(y, 56, 15) AS BIGINT), CAST(substr(y, 71, 15) AS BIGINT),
	CAST(substr(y, 86, 15) AS BIGINT), CAST(substr(y, 101, 15) AS BIGINT),
	CAST(substr(y, 116, 15) AS BIGINT),
	NULLIF(CAST(substr(y, 131, 15) AS BIGINT), -1),
	rtrim(substr(y, 146, 75))
FROM r WHERE 1 = 1
ON CONFLICT (akey, portal, supplier, account, month, service) DO UPDATE SET
	unit = excluded.unit,
	volume_micro = excluded.volume_micro,
	tariff_micro = excluded.tariff_micro,
	accrued_kop = excluded.accrued_kop,
	recalculated_kop = excluded.recalculated_kop,
	recalculated_why = excluded.recalculated_why,
	benefit_kop = excluded.benefit_kop,
	penalty_kop = excluded.penalty_kop,
	document = NULL

-- name: opening_pack
-- in: last, rows, akey, portal, supplier, account
-- The same, rows of 54 characters.
WITH RECURSIVE i (n) AS (
	SELECT 0 UNION ALL SELECT n + 1 FROM i WHERE n < CAST(? AS BIGINT)),
t (x) AS (SELECT CAST(? AS TEXT)),
r (y) AS MATERIALIZED (SELECT substr(x, 1 + 54 * n, 54) FROM t CROSS JOIN i)
INSERT INTO opening (akey, portal, supplier, account, month, service, owed_kop)
SELECT CAST(? AS VARCHAR(8)), CAST(? AS VARCHAR(32)), CAST(? AS VARCHAR(32)),
	CAST(? AS VARCHAR(40)),
	substr(y, 1, 7), rtrim(substr(y, 8, 32)),
	CAST(substr(y, 40, 15) AS BIGINT)
FROM r WHERE 1 = 1
ON CONFLICT (akey, portal, supplier, account, month, service) DO UPDATE SET
	owed_kop = excluded.owed_kop

-- name: elsewhere_pack
-- in: last, rows, akey, portal, supplier, account
-- The same, rows of 143 characters.
WITH RECURSIVE i (n) AS (
	SELECT 0 UNION ALL SELECT n + 1 FROM i WHERE n < CAST(? AS BIGINT)),
t (x) AS (SELECT CAST(? AS TEXT)),
r (y) AS MATERIALIZED (SELECT substr(x, 1 + 143 * n, 143) FROM t CROSS JOIN i)
INSERT INTO payment_elsewhere (akey, portal, supplier, account, month, service,
	day, sum_kop, id, place)
SELECT CAST(? AS VARCHAR(8)), CAST(? AS VARCHAR(32)), CAST(? AS VARCHAR(32)),
	CAST(? AS VARCHAR(40)),
	substr(y, 1, 7), rtrim(substr(y, 8, 32)), substr(y, 40, 10),
	CAST(substr(y, 50, 15) AS BIGINT), rtrim(substr(y, 65, 24)),
	rtrim(substr(y, 89, 55))
FROM r WHERE 1 = 1
ON CONFLICT (akey, portal, supplier, account, month, id) DO UPDATE SET
	service = excluded.service,
	day = excluded.day,
	sum_kop = excluded.sum_kop,
	place = excluded.place

-- name: ack_put
-- in: akey, portal, supplier, account, month, id, number, n, service, day,
-- in: sum_kop
INSERT INTO payment_ack (akey, portal, supplier, account, month, id, number, n,
	service, day, sum_kop)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (akey, portal, supplier, account, month, id) DO NOTHING

-- name: bill_accounts
-- in: portal, supplier, akey, account, limit
-- Accounts of a supplier, from the one after on; in the order of the key, so
-- that all pages together read the table once.
SELECT akey, account, shown, owner, address FROM account
WHERE portal = ? AND supplier = ? AND (akey, account) > (?, ?)
ORDER BY akey, account LIMIT ?
