-- What the audit reads of payments that suppliers have counted.

-- name: audit_acks
-- in: akey, portal, supplier, account, month, id, limit
-- A page of rows, each with the line that it counts, with what went back of
-- the line and what all rows count of it.  It fits when that is the line's sum
-- less what had gone back up to one of its refunds.  An id is the payment's
-- number, the line and the number of the document, parted by "/".
SELECT q.akey, q.portal, q.supplier, q.account, q.month, q.id, q.number,
	q.service, q.day, q.n, q.sum_kop, q.line_supplier, q.line_account,
	q.line_service, q.pay_portal, q.pay_state, q.paid_at, q.line_kop,
	CAST(COALESCE((SELECT SUM(r.sum_kop)
		FROM refund f JOIN refund_line r ON r.akey = f.akey
			AND r.number = f.number AND r.refund = f.id
		WHERE f.akey = q.pay_akey AND f.number = q.number
			AND f.state = 'done' AND r.n = q.n), 0) AS BIGINT),
	q.counted_kop,
	CASE WHEN q.counted_kop = q.line_kop THEN 1
		WHEN EXISTS (SELECT 1 FROM refund g
			WHERE g.akey = q.pay_akey AND g.number = q.number
			AND g.state = 'done'
			AND q.line_kop - q.counted_kop
				= CAST((SELECT COALESCE(SUM(r.sum_kop), 0)
				FROM refund f JOIN refund_line r
					ON r.akey = f.akey
					AND r.number = f.number
					AND r.refund = f.id
				WHERE f.akey = g.akey AND f.number = g.number
				AND f.state = 'done' AND r.n = q.n
				AND f.ended_at <= g.ended_at) AS BIGINT))
		THEN 1 ELSE 0 END,
	COALESCE(e.kind, '')
FROM (
	SELECT k.akey, k.portal, k.supplier, k.account, k.month, k.id,
		k.number, k.service, k.day, k.n, k.sum_kop, k.document,
		COALESCE(l.akey, '') AS pay_akey,
		COALESCE(l.supplier, '') AS line_supplier,
		COALESCE(l.account, '') AS line_account,
		COALESCE(l.service, '') AS line_service,
		COALESCE(p.portal, '') AS pay_portal,
		COALESCE(p.state, '') AS pay_state,
		COALESCE(p.paid_at, 0) AS paid_at,
		COALESCE(l.sum_kop, 0) AS line_kop,
		CAST((SELECT SUM(o.sum_kop) FROM payment_ack o
			WHERE o.akey = k.akey AND o.number = k.number
				AND o.n = k.n) AS BIGINT) AS counted_kop
	FROM (SELECT akey, portal, supplier, account, month, id, number,
			service, day, n, sum_kop,
			substr(number, 1, 8) AS pay_akey,
			CASE WHEN substr(id, 1, length(number) + 2
					+ length(CAST(n AS VARCHAR(6))))
				= number || '/' || CAST(n AS VARCHAR(6)) || '/'
			THEN substr(id, length(number) + 3
				+ length(CAST(n AS VARCHAR(6)))) ELSE '' END
			AS document
		FROM payment_ack
		WHERE (akey, portal, supplier, account, month, id)
			> (?, ?, ?, ?, ?, ?)
		ORDER BY akey, portal, supplier, account, month, id
		LIMIT ?) k
	LEFT JOIN pay_line l ON l.akey = k.pay_akey
		AND l.number = k.number AND l.n = k.n
	LEFT JOIN payment p ON p.akey = k.pay_akey AND p.number = k.number) q
LEFT JOIN exchange_in e ON e.portal = q.portal AND e.supplier = q.supplier
	AND e.number = CASE WHEN length(q.document) BETWEEN 1 AND 18
		AND ltrim(q.document, '0123456789') = ''
		THEN CAST(q.document AS BIGINT) ELSE 0 END
ORDER BY q.akey, q.portal, q.supplier, q.account, q.month, q.id

-- name: audit_acts
-- in: akey, portal, supplier, account, number, limit
-- Acts of work with the sum and the number of their works.
SELECT a.akey, a.portal, a.supplier, a.account, a.number, a.sum_kop, a.works,
	CAST(COALESCE((SELECT SUM(w.sum_kop) FROM act_work w
		WHERE w.akey = a.akey AND w.portal = a.portal
			AND w.supplier = a.supplier AND w.account = a.account
			AND w.number = a.number), 0) AS BIGINT),
	(SELECT COUNT(*) FROM act_work w
		WHERE w.akey = a.akey AND w.portal = a.portal
			AND w.supplier = a.supplier AND w.account = a.account
			AND w.number = a.number)
FROM account_act a
WHERE (a.akey, a.portal, a.supplier, a.account, a.number) > (?, ?, ?, ?, ?)
ORDER BY a.akey, a.portal, a.supplier, a.account, a.number
LIMIT ?
