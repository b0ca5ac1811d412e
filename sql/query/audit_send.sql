-- What the audit reads of documents that go out to suppliers.

-- name: audit_sent
-- in: id, limit
-- A page of documents, each with what other rows say of it.
SELECT s.id, s.portal, s.supplier, s.kind, s.period, s.state, s.sha256,
	s.words, COALESCE(o.kind, ''), COALESCE(o.state, ''),
	COALESCE(d.kind, ''), COALESCE(d.state, ''), COALESCE(c.from_day, ''),
	COALESCE(c.day, ''),
	COALESCE(s.number, 0), s.items, s.sum_kop, s.size, s.tries,
	COALESCE(s.next_at, 0), s.begun_at, COALESCE(s.made_at, 0),
	COALESCE(s.ended_at, 0), COALESCE(s.of_number, 0), s.applied,
	s.applied_kop, s.refused, COALESCE(o.made_at, 0),
	CASE WHEN EXISTS (SELECT 1 FROM pay_case k WHERE k.akey = '00000000'
		AND k.kind = 'exchange_differs' AND k.subject = s.portal || '/'
		|| s.supplier || '/' || CAST(s.number AS VARCHAR(20)) || '/'
		|| CAST(s.of_number AS VARCHAR(20))) THEN 1 ELSE 0 END,
	CASE WHEN EXISTS (SELECT 1 FROM pay_case k WHERE k.akey = '00000000'
		AND k.kind = 'exchange_unanswered' AND k.subject = s.portal
		|| '/' || s.supplier || '/' || CAST(s.number AS VARCHAR(20))
		|| '/' || CAST(s.tries AS VARCHAR(20))) THEN 1 ELSE 0 END
FROM (SELECT * FROM exchange_sent WHERE id > ? ORDER BY id LIMIT ?) s
LEFT JOIN exchange_out o ON o.portal = s.portal AND o.supplier = s.supplier
	AND o.number = s.number
LEFT JOIN exchange_in d ON d.portal = s.portal AND d.supplier = s.supplier
	AND d.number = s.of_number
LEFT JOIN exchange_send c ON c.portal = s.portal AND c.supplier = s.supplier
	AND c.kind = s.kind
ORDER BY s.id

-- name: audit_sent_items
-- in: document, n, limit
-- Records of a document, each with the row that it tells of.
SELECT i.kind, i.akey, i.ref, i.number, i.day, i.answer, i.words,
	CASE i.kind WHEN 'reading' THEN COALESCE(g.portal, '')
		WHEN 'settlement' THEN COALESCE(x.portal, '')
		WHEN 'request' THEN COALESCE(y.portal, '')
		ELSE COALESCE(p.portal, '') END,
	CASE i.kind WHEN 'reading' THEN COALESCE(g.supplier, '')
		WHEN 'settlement' THEN COALESCE(x.supplier, '')
		WHEN 'request' THEN COALESCE(y.supplier, '')
		ELSE COALESCE(l.supplier, '') END,
	CASE i.kind WHEN 'reading' THEN COALESCE(g.period, '')
		WHEN 'settlement' THEN COALESCE(x.day, '')
		WHEN 'request' THEN s.period
		WHEN 'payment' THEN COALESCE((SELECT MAX(t.day)
			FROM ledger_transfer t WHERE t.akey = i.akey
				AND t.number = i.ref AND t.kind = 'paid'), '')
		ELSE COALESCE((SELECT MAX(t.day) FROM ledger_transfer t
			WHERE t.akey = i.akey AND t.cause = i.ref
				AND t.number = i.number AND t.kind IN ('refund',
					'paid_by_hand', 'chargeback')), '') END,
	CASE i.kind WHEN 'reading' THEN COALESCE(g.state, '')
		WHEN 'settlement' THEN COALESCE(x.state, '') ELSE '' END,
	i.n, i.line, i.sum_kop, i.live,
	CASE i.kind WHEN 'payment' THEN COALESCE(l.sum_kop, 0)
		WHEN 'refund' THEN COALESCE(r.sum_kop, 0) ELSE 0 END,
	CASE WHEN (i.kind = 'payment' AND l.n IS NOT NULL)
		OR (i.kind = 'refund' AND r.n IS NOT NULL) OR g.id IS NOT NULL
		OR x.id IS NOT NULL OR y.id IS NOT NULL THEN 1 ELSE 0 END,
	CASE WHEN EXISTS (SELECT 1 FROM pay_case k WHERE k.akey = '00000000'
		AND k.kind = 'exchange_line_refused' AND k.subject = s.portal
		|| '/' || s.supplier || '/' || CAST(s.number AS VARCHAR(20))
		|| '/' || CAST(i.n AS VARCHAR(20))) THEN 1 ELSE 0 END
FROM (SELECT * FROM exchange_item WHERE document = ? AND n > ?
	ORDER BY n LIMIT ?) i
JOIN exchange_sent s ON s.id = i.document
LEFT JOIN payment p ON i.kind IN ('payment', 'refund') AND p.akey = i.akey
	AND p.number = i.number
LEFT JOIN pay_line l ON i.kind IN ('payment', 'refund') AND l.akey = i.akey
	AND l.number = i.number AND l.n = i.line
LEFT JOIN refund_line r ON i.kind = 'refund' AND r.akey = i.akey
	AND r.number = i.number AND r.refund = i.ref AND r.n = i.line
LEFT JOIN reading g ON i.kind = 'reading' AND g.akey = i.akey
	AND g.number = i.number AND g.id = i.ref
LEFT JOIN settlement x ON i.kind = 'settlement' AND x.akey = i.akey
	AND x.id = i.ref
LEFT JOIN appeal y ON i.kind = 'request' AND i.akey = '00000000'
	AND y.id = i.ref AND (i.line = 0 OR y.state = 'closed')
ORDER BY i.n

-- name: audit_sent_strays
-- in: portal, supplier, number, limit
-- What was handed over and is no acknowledgement, nor any other document.
SELECT o.portal, o.supplier, o.number FROM exchange_out o
WHERE (o.portal, o.supplier, o.number) > (?, ?, ?)
	AND o.kind <> 'acknowledgement' AND NOT EXISTS (SELECT 1
		FROM exchange_sent s WHERE s.portal = o.portal
			AND s.supplier = o.supplier AND s.number = o.number)
ORDER BY o.portal, o.supplier, o.number LIMIT ?

-- name: audit_send_cursors
-- in: portal, supplier, kind, limit
-- How far documents of lines were made; those of money.
SELECT portal, supplier, kind, from_day, day, look_day FROM exchange_send
WHERE (portal, supplier, kind) > (?, ?, ?) AND kind IN ('payments', 'refunds')
ORDER BY portal, supplier, kind LIMIT ?

-- name: audit_unsent_payments
-- in: supplier, account, day, limit
-- Lines of a day that no document has.
SELECT p.akey || '/' || p.number || '/' || CAST(p.n AS VARCHAR(6))
FROM ledger_line l
JOIN ledger_transfer t ON t.akey = l.akey AND t.id = l.transfer
	AND t.kind = 'paid'
JOIN pay_line p ON p.akey = t.akey AND p.number = t.number AND p.supplier = ?
WHERE l.account = ? AND l.day = ? AND NOT EXISTS (SELECT 1
	FROM exchange_item i WHERE i.akey = p.akey AND i.kind = 'payment'
		AND i.ref = p.number AND i.line = p.n AND i.live = 1)
ORDER BY p.akey, p.number, p.n LIMIT ?

-- name: audit_unsent_refunds
-- in: supplier, account, day, limit
SELECT r.akey || '/' || r.number || '/' || r.refund || '/'
	|| CAST(r.n AS VARCHAR(6))
FROM ledger_line l
JOIN ledger_transfer t ON t.akey = l.akey AND t.id = l.transfer
	AND t.kind IN ('refund', 'paid_by_hand', 'chargeback')
JOIN refund_line r ON r.akey = t.akey AND r.number = t.number
	AND r.refund = t.cause
JOIN pay_line p ON p.akey = r.akey AND p.number = r.number AND p.n = r.n
	AND p.supplier = ?
WHERE l.account = ? AND l.day = ? AND NOT EXISTS (SELECT 1
	FROM exchange_item i WHERE i.akey = r.akey AND i.kind = 'refund'
		AND i.ref = r.refund AND i.line = r.n AND i.live = 1)
ORDER BY r.akey, r.number, r.refund, r.n LIMIT ?
