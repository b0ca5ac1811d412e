-- Accounts, debts and charges in bulk: a million of them in as few round trips
-- as there are batches.  Each gives the rows whose account is not there.

-- name: exchange_accounts_put
-- in: rows, portal, supplier
-- Of rows of one account the last one counts.  Benefits and contacts have
-- places from 1 on: those behind the last that is told are gone.  What is told
-- as it was is not written anew: a supplier may tell of everybody every night.
-- A row that this statement has inserted has no xmax: nothing of it can be
-- gone, so that a first million is not looked for in tables that grow under a
-- plan made while they were empty.
WITH r AS (
	SELECT * FROM json_to_recordset(CAST(? AS JSON)) AS r (i BIGINT,
		k VARCHAR, a VARCHAR, w VARCHAR, n VARCHAR, d VARCHAR,
		p BIGINT, m BIGINT, c VARCHAR, h SMALLINT, b JSON, x JSON,
		bn BIGINT, en BIGINT, pn BIGINT)),
w AS (SELECT CAST(? AS VARCHAR) AS portal, CAST(? AS VARCHAR) AS supplier),
last AS (
	SELECT DISTINCT ON (r.k, r.a) r.*, w.portal, w.supplier
	FROM w CROSS JOIN r ORDER BY r.k, r.a, r.i DESC),
put AS (
	INSERT INTO account (akey, portal, supplier, account, shown, owner,
		address, persons, area_micro, closed_day, people)
	SELECT k, portal, supplier, a, w, n, d, p, m, c, h FROM last
	ON CONFLICT (akey, portal, supplier, account) DO UPDATE SET
		shown = excluded.shown,
		owner = excluded.owner,
		address = excluded.address,
		persons = excluded.persons,
		area_micro = excluded.area_micro,
		closed_day = excluded.closed_day,
		people = excluded.people
	WHERE (account.shown, account.owner, account.address, account.persons,
			account.area_micro, account.closed_day, account.people)
		IS DISTINCT FROM (excluded.shown, excluded.owner,
			excluded.address, excluded.persons,
			excluded.area_micro, excluded.closed_day,
			excluded.people)
	RETURNING akey, account, xmax = 0 AS fresh),
old AS (
	SELECT l.* FROM last l WHERE NOT EXISTS (SELECT 1 FROM put
		WHERE put.akey = l.k AND put.account = l.a AND put.fresh)),
benefits AS (
	INSERT INTO account_benefit (akey, portal, supplier, account, n, kind,
		title, from_day, to_day)
	SELECT l.k, l.portal, l.supplier, l.a, x.n, x.k, x.t, x.f, x.u
	FROM last l CROSS JOIN LATERAL json_to_recordset(l.b)
		AS x (n SMALLINT, k VARCHAR, t VARCHAR, f VARCHAR, u VARCHAR)
	ON CONFLICT (akey, portal, supplier, account, n) DO UPDATE SET
		kind = excluded.kind,
		title = excluded.title,
		from_day = excluded.from_day,
		to_day = excluded.to_day
	WHERE (account_benefit.kind, account_benefit.title,
			account_benefit.from_day, account_benefit.to_day)
		IS DISTINCT FROM (excluded.kind, excluded.title,
			excluded.from_day, excluded.to_day)),
benefits_gone AS (
	DELETE FROM account_benefit g USING old l
	WHERE g.akey = l.k AND g.portal = l.portal
		AND g.supplier = l.supplier AND g.account = l.a
		AND g.n > l.bn),
contacts AS (
	INSERT INTO account_contact (akey, portal, supplier, account, kind, n,
		value)
	SELECT l.k, l.portal, l.supplier, l.a, x.o, x.n, x.v
	FROM last l CROSS JOIN LATERAL json_to_recordset(l.x)
		AS x (o VARCHAR, n SMALLINT, v VARCHAR)
	ON CONFLICT (akey, portal, supplier, account, kind, n) DO UPDATE SET
		value = excluded.value
	WHERE account_contact.value <> excluded.value),
contacts_gone AS (
	DELETE FROM account_contact g USING old l
	WHERE g.akey = l.k AND g.portal = l.portal
		AND g.supplier = l.supplier AND g.account = l.a
		AND g.n > CASE g.kind WHEN 'email' THEN l.en ELSE l.pn END)
SELECT r.i FROM r WHERE 1 = 0

-- name: exchange_balances_put
-- in: rows, portal, supplier, as_of_day
-- Of rows of one account and service the last one counts.
WITH r AS (
	SELECT * FROM json_to_recordset(CAST(? AS JSON)) AS r (i BIGINT,
		k VARCHAR, a VARCHAR, s VARCHAR, o BIGINT)),
w AS (
	SELECT CAST(? AS VARCHAR) AS portal, CAST(? AS VARCHAR) AS supplier,
		CAST(? AS VARCHAR) AS as_of_day),
known AS (
	SELECT r.*, w.portal, w.supplier, w.as_of_day
	FROM w CROSS JOIN r JOIN account x ON x.akey = r.k
		AND x.portal = w.portal AND x.supplier = w.supplier
		AND x.account = r.a),
put AS (
	INSERT INTO debt (akey, portal, supplier, account, service, debt_kop,
		as_of_day)
	SELECT DISTINCT ON (k, a, s) k, portal, supplier, a, s, o, as_of_day
	FROM known ORDER BY k, a, s, i DESC
	ON CONFLICT (akey, portal, supplier, account, service) DO UPDATE SET
		debt_kop = excluded.debt_kop,
		as_of_day = excluded.as_of_day)
SELECT r.i FROM r WHERE NOT EXISTS (SELECT 1 FROM known WHERE known.i = r.i)
ORDER BY r.i

-- name: exchange_charges_put
-- in: rows, portal, supplier, month, next_month, document
-- Of rows of one account and service the last one counts.
WITH r AS (
	SELECT * FROM json_to_recordset(CAST(? AS JSON)) AS r (i BIGINT,
		k VARCHAR, a VARCHAR, s VARCHAR, u VARCHAR, v BIGINT, t BIGINT,
		c BIGINT, e BIGINT, y VARCHAR, b BIGINT, p BIGINT, o BIGINT,
		f BIGINT)),
w AS (
	SELECT CAST(? AS VARCHAR) AS portal, CAST(? AS VARCHAR) AS supplier,
		CAST(? AS VARCHAR) AS month, CAST(? AS VARCHAR) AS next_month,
		CAST(? AS BIGINT) AS document),
known AS (
	SELECT r.*, w.portal, w.supplier, w.month, w.next_month, w.document
	FROM w CROSS JOIN r JOIN account x ON x.akey = r.k
		AND x.portal = w.portal AND x.supplier = w.supplier
		AND x.account = r.a),
last AS (
	SELECT DISTINCT ON (k, a, s) * FROM known ORDER BY k, a, s, i DESC),
charges AS (
	INSERT INTO charge (akey, portal, supplier, account, month, service,
		unit, volume_micro, tariff_micro, accrued_kop,
		recalculated_kop, recalculated_why, benefit_kop, penalty_kop,
		document)
	SELECT k, portal, supplier, a, month, s, u, v, t, c, e, y, b, p,
		document
	FROM last
	ON CONFLICT (akey, portal, supplier, account, month, service)
	DO UPDATE SET
		unit = excluded.unit,
		volume_micro = excluded.volume_micro,
		tariff_micro = excluded.tariff_micro,
		accrued_kop = excluded.accrued_kop,
		recalculated_kop = excluded.recalculated_kop,
		recalculated_why = excluded.recalculated_why,
		benefit_kop = excluded.benefit_kop,
		penalty_kop = excluded.penalty_kop,
		document = excluded.document),
openings AS (
	INSERT INTO opening (akey, portal, supplier, account, month, service,
		owed_kop)
	SELECT k, portal, supplier, a, month, s, o FROM last
	UNION ALL
	SELECT k, portal, supplier, a, next_month, s, f FROM last
	ON CONFLICT (akey, portal, supplier, account, month, service)
	DO UPDATE SET owed_kop = excluded.owed_kop
	WHERE opening.owed_kop <> excluded.owed_kop)
SELECT r.i FROM r WHERE NOT EXISTS (SELECT 1 FROM known WHERE known.i = r.i)
ORDER BY r.i

-- name: exchange_charges_counted
-- in: before, rows, supplier, portal, before
-- As exchange_counted, for a batch of rows; i tells which.
SELECT q.i, q.number, q.n, q.paid_at, q.sum_kop FROM (
	SELECT r.i, l.number, l.n, p.paid_at,
		l.sum_kop - CAST(COALESCE((SELECT SUM(x.sum_kop)
			FROM refund_line x JOIN refund f ON f.akey = x.akey
				AND f.number = x.number AND f.id = x.refund
			WHERE x.akey = l.akey AND x.number = l.number
				AND x.n = l.n AND f.state = 'done'
				AND f.ended_at < ?), 0) AS BIGINT)
		- CAST(COALESCE((SELECT SUM(k.sum_kop) FROM payment_ack k
			WHERE k.akey = r.k AND k.number = l.number
				AND k.n = l.n), 0) AS BIGINT) AS sum_kop
	FROM json_to_recordset(CAST(? AS JSON)) AS r (i BIGINT, k VARCHAR,
		a VARCHAR, s VARCHAR)
	JOIN pay_line l ON l.account = r.a AND l.service = r.s
		AND l.supplier = ?
	JOIN payment p ON p.akey = l.akey AND p.number = l.number
	WHERE p.portal = ? AND p.paid_at < ?
		AND p.state IN ('paid', 'partly_refunded', 'refunded')) q
WHERE q.sum_kop <> 0
ORDER BY q.i, q.number, q.n
