-- Outages, contracts and acts: as suppliers tell of them, and as accounts are
-- told.

-- name: outage_put
-- in: portal, supplier, id, kind, service, from_at, to_at, cancelled, reason
INSERT INTO outage (portal, supplier, id, kind, service, from_at, to_at,
	cancelled, reason)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (portal, supplier, id) DO UPDATE SET
	kind = excluded.kind,
	service = excluded.service,
	from_at = excluded.from_at,
	to_at = excluded.to_at,
	cancelled = excluded.cancelled,
	reason = excluded.reason

-- name: outage_place_drop
-- in: portal, supplier, id
DELETE FROM outage_place WHERE portal = ? AND supplier = ? AND id = ?

-- name: outage_place_put
-- in: portal, supplier, id, n, address, folded
INSERT INTO outage_place (portal, supplier, id, n, address, folded)
VALUES (?, ?, ?, ?, ?, ?)

-- name: outage_list
-- in: folded, portal, supplier, now, limit
-- Places are found by the address's beginnings: those that end with a word,
-- and so with its space.  Of several the closest one is shown.
WITH RECURSIVE whole (folded) AS (SELECT CAST(? AS VARCHAR(1000))),
part (len) AS (
	SELECT 1 UNION ALL
	SELECT len + 1 FROM part CROSS JOIN whole WHERE len < length(folded)),
begun (folded, len) AS MATERIALIZED (
	SELECT substr(folded, 1, len), len FROM part CROSS JOIN whole
	WHERE substr(folded, len, 1) = ' ')
SELECT q.id, q.kind, q.service, q.reason, q.from_at, q.to_at, q.place
FROM (SELECT o.id, o.kind, o.service, o.reason, o.from_at,
		COALESCE(o.to_at, 0) AS to_at, p.address AS place,
		ROW_NUMBER() OVER (PARTITION BY o.id
			ORDER BY b.len DESC, p.n) AS nth
	FROM begun b
	CROSS JOIN outage_place p
	CROSS JOIN outage o
	WHERE p.portal = ? AND p.supplier = ? AND p.folded = b.folded
		AND o.portal = p.portal AND o.supplier = p.supplier
		AND o.id = p.id AND o.cancelled = 0
		AND (o.to_at > ? OR o.to_at IS NULL)) q
WHERE q.nth = 1
ORDER BY q.from_at, q.id LIMIT ?

-- name: outage_over
-- in: before, before, limit
-- Those whose end was before an instant; of cancelled ones without an end, those
-- that were to begin before it.
SELECT portal, supplier, id FROM outage WHERE to_at < ?
UNION ALL
SELECT portal, supplier, id FROM outage
WHERE to_at IS NULL AND cancelled = 1 AND from_at < ?
LIMIT ?

-- name: outage_hold
-- in: portal, supplier, id, before, before
-- Nobody tells of it anew before this transaction ends.
UPDATE outage SET kind = kind
WHERE portal = ? AND supplier = ? AND id = ?
	AND (to_at < ? OR (to_at IS NULL AND cancelled = 1 AND from_at < ?))

-- name: outage_drop
-- in: portal, supplier, id
DELETE FROM outage WHERE portal = ? AND supplier = ? AND id = ?

-- name: contract_put
-- in: number, title, from_day, to_day, akey, portal, supplier, account
-- Of an account that is there; so is an act.
INSERT INTO account_contract (akey, portal, supplier, account, number, title,
	from_day, to_day)
SELECT akey, portal, supplier, account, CAST(? AS VARCHAR(64)),
	CAST(? AS VARCHAR(160)), CAST(? AS VARCHAR(10)),
	CAST(? AS VARCHAR(10))
FROM account
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?
ON CONFLICT (akey, portal, supplier, account, number) DO UPDATE SET
	title = excluded.title,
	from_day = excluded.from_day,
	to_day = excluded.to_day

-- name: contract_leave
-- in: portal, supplier, number, account
-- Whoever was told of it before is told of it no more.
DELETE FROM account_contract
WHERE portal = ? AND supplier = ? AND number = ? AND account <> ?

-- name: contract_list
-- in: akey, portal, supplier, account, archive, today, after_number, limit
SELECT number, title, from_day, COALESCE(to_day, '')
FROM account_contract
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?
	AND (CAST(? AS BIGINT) = 1 OR to_day >= ? OR to_day IS NULL)
	AND number > ?
ORDER BY number LIMIT ?

-- name: act_put
-- in: number, contract, day, sum_kop, works, akey, portal, supplier, account
INSERT INTO account_act (akey, portal, supplier, account, number, contract,
	day, sum_kop, works)
SELECT akey, portal, supplier, account, CAST(? AS VARCHAR(64)),
	CAST(? AS VARCHAR(64)), CAST(? AS VARCHAR(10)), CAST(? AS BIGINT),
	CAST(? AS SMALLINT)
FROM account
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?
ON CONFLICT (akey, portal, supplier, account, number) DO UPDATE SET
	contract = excluded.contract,
	day = excluded.day,
	sum_kop = excluded.sum_kop,
	works = excluded.works

-- name: act_work_drop
-- in: akey, portal, supplier, account, number
DELETE FROM act_work
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ? AND number = ?

-- name: act_work_put
-- in: akey, portal, supplier, account, number, n, title, quantity_micro,
-- in: sum_kop
INSERT INTO act_work (akey, portal, supplier, account, number, n, title,
	quantity_micro, sum_kop)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: act_work_leave
-- in: portal, supplier, number, account
-- As contract_leave; works first.
DELETE FROM act_work
WHERE (akey, portal, supplier, account, number) IN (
	SELECT akey, portal, supplier, account, number FROM account_act
	WHERE portal = ? AND supplier = ? AND number = ? AND account <> ?)

-- name: act_leave
-- in: portal, supplier, number, account
DELETE FROM account_act
WHERE portal = ? AND supplier = ? AND number = ? AND account <> ?

-- name: act_list
-- in: akey, portal, supplier, account, after_day, after_day, after_number,
-- in: after_number, limit, rows
-- Acts with their works, a row for each work; '' after_number: from the newest.
SELECT a.number, a.contract, a.day, a.sum_kop, a.works, w.title,
	w.quantity_micro, w.sum_kop
FROM (SELECT akey, portal, supplier, account, number, contract, day, sum_kop,
		works
	FROM account_act
	WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?
		AND (day < ? OR (day = ? AND number < ?)
			OR CAST(? AS VARCHAR(64)) = '')
	ORDER BY day DESC, number DESC LIMIT ?) a
JOIN act_work w ON w.akey = a.akey AND w.portal = a.portal
	AND w.supplier = a.supplier AND w.account = a.account
	AND w.number = a.number
ORDER BY a.day DESC, a.number DESC, w.n LIMIT ?
