-- What the audit reads of the exchange with suppliers.

-- name: audit_documents
-- in: portal, supplier, number, limit
-- A page of documents, each with what other rows say of it.
SELECT d.portal, d.supplier, d.number, d.kind, d.sha256, d.state, d.error_path,
	d.error_words, d.size, COALESCE(d.waits_for, 0), d.said, d.said_kop,
	d.record, d.applied, d.applied_kop, d.refused, d.error_line,
	d.received_at, COALESCE(d.ended_at, 0),
	CASE WHEN d.number = 1 OR EXISTS (SELECT 1 FROM exchange_in b
		WHERE b.portal = d.portal AND b.supplier = d.supplier
		AND b.number = d.number - 1) THEN 1 ELSE 0 END,
	COALESCE(o.kind, ''), CASE WHEN o.number IS NULL THEN 0 ELSE 1 END,
	(SELECT COUNT(*) FROM exchange_refused r WHERE r.portal = d.portal
		AND r.supplier = d.supplier AND r.number = d.number),
	CAST(COALESCE((SELECT MAX(r.record) FROM exchange_refused r
		WHERE r.portal = d.portal AND r.supplier = d.supplier
		AND r.number = d.number), 0) AS BIGINT),
	(SELECT COUNT(*) FROM payment_elsewhere w WHERE w.portal = d.portal
		AND w.supplier = d.supplier AND w.document = d.number),
	CAST(COALESCE((SELECT SUM(w.sum_kop) FROM payment_elsewhere w
		WHERE w.portal = d.portal AND w.supplier = d.supplier
		AND w.document = d.number), 0) AS BIGINT),
	(SELECT COUNT(*) FROM exchange_out k WHERE k.portal = d.portal
		AND k.supplier = d.supplier AND k.of_number = d.number
		AND k.kind = 'acknowledgement' AND k.of_state = 'applied'),
	(SELECT COUNT(*) FROM exchange_out k WHERE k.portal = d.portal
		AND k.supplier = d.supplier AND k.of_number = d.number
		AND k.kind = 'acknowledgement' AND k.of_state = 'refused')
FROM (SELECT * FROM exchange_in WHERE (portal, supplier, number) > (?, ?, ?)
	ORDER BY portal, supplier, number LIMIT ?) d
LEFT JOIN exchange_in o ON o.portal = d.portal AND o.supplier = d.supplier
	AND o.number = d.waits_for
ORDER BY d.portal, d.supplier, d.number

-- name: audit_answers_out
-- in: portal, supplier, number, limit
SELECT k.portal, k.supplier, k.number, k.of_kind, k.of_state, k.words, k.state,
	k.of_number, k.applied, k.applied_kop, k.refused, k.made_at,
	COALESCE(k.handed_at, 0),
	CASE WHEN k.number = 1 OR EXISTS (SELECT 1 FROM exchange_out b
		WHERE b.portal = k.portal AND b.supplier = k.supplier
		AND b.number = k.number - 1) THEN 1 ELSE 0 END,
	COALESCE(d.kind, ''), COALESCE(d.state, ''), COALESCE(d.applied, 0),
	COALESCE(d.applied_kop, 0), COALESCE(d.refused, 0),
	COALESCE(d.ended_at, 0), k.kind
FROM (SELECT * FROM exchange_out WHERE (portal, supplier, number) > (?, ?, ?)
	ORDER BY portal, supplier, number LIMIT ?) k
LEFT JOIN exchange_in d ON d.portal = k.portal AND d.supplier = k.supplier
	AND d.number = k.of_number
ORDER BY k.portal, k.supplier, k.number

-- name: audit_refusals
-- in: portal, supplier, number, record, limit
SELECT portal, supplier, number, record, reason FROM exchange_refused
WHERE (portal, supplier, number, record) > (?, ?, ?, ?)
ORDER BY portal, supplier, number, record LIMIT ?

-- name: audit_stray_charges
-- in: akey, portal, supplier, account, month, id
-- Of a page of charges those whose document is not one of charges; and the
-- last one of a whole page, which tells where the next begins.
SELECT k.akey, k.portal, k.supplier, k.account, k.month, k.service, k.i,
	COALESCE(k.document, 0), COALESCE(d.kind, ''),
	CASE WHEN k.document IS NOT NULL AND (d.kind IS NULL
		OR d.kind <> 'charges' OR d.applied = 0) THEN 1 ELSE 0 END
FROM (SELECT akey, portal, supplier, account, month, service, document,
		ROW_NUMBER() OVER (ORDER BY akey, portal, supplier, account,
			month, service) AS i
	FROM (SELECT akey, portal, supplier, account, month, service, document
		FROM charge WHERE (akey, portal, supplier, account, month,
			service) > (?, ?, ?, ?, ?, ?)
		ORDER BY akey, portal, supplier, account, month, service
		LIMIT 1000) p) k
LEFT JOIN exchange_in d ON d.portal = k.portal AND d.supplier = k.supplier
	AND d.number = k.document
WHERE k.i = 1000 OR (k.document IS NOT NULL AND (d.kind IS NULL
	OR d.kind <> 'charges' OR d.applied = 0))
ORDER BY k.i

-- name: audit_stray_payments
-- in: akey, portal, supplier, account, month, id
-- The same of payments made elsewhere.
SELECT k.akey, k.portal, k.supplier, k.account, k.month, k.id, k.i,
	COALESCE(k.document, 0), COALESCE(d.kind, ''),
	CASE WHEN k.document IS NOT NULL AND (d.kind IS NULL
		OR d.kind <> 'payments_elsewhere' OR d.applied = 0)
		THEN 1 ELSE 0 END
FROM (SELECT akey, portal, supplier, account, month, id, document,
		ROW_NUMBER() OVER (ORDER BY akey, portal, supplier, account,
			month, id) AS i
	FROM (SELECT akey, portal, supplier, account, month, id, document
		FROM payment_elsewhere WHERE (akey, portal, supplier, account,
			month, id) > (?, ?, ?, ?, ?, ?)
		ORDER BY akey, portal, supplier, account, month, id
		LIMIT 1000) p) k
LEFT JOIN exchange_in d ON d.portal = k.portal AND d.supplier = k.supplier
	AND d.number = k.document
WHERE k.i = 1000 OR (k.document IS NOT NULL AND (d.kind IS NULL
	OR d.kind <> 'payments_elsewhere' OR d.applied = 0))
ORDER BY k.i
