-- Exemptions from commission.

-- name: exempt_put
-- in: akey, id, portal, holder, supplier, subject, kind, document,
-- in: document_number, seen_by, from_day, to_day, created_at, created_by
-- Of two at once one makes no row.
INSERT INTO exemption (akey, id, portal, holder, supplier, subject, kind,
	document, document_number, seen_by, from_day, to_day, created_at,
	created_by, ended_by, end_reason)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '')
ON CONFLICT (akey, portal, holder, supplier, subject) WHERE ended_at IS NULL
DO NOTHING

-- name: exempt_end
-- in: at, by, reason, akey, id
UPDATE exemption SET ended_at = ?, ended_by = ?, end_reason = ?
WHERE akey = ? AND id = ? AND ended_at IS NULL

-- name: exempt_open
-- in: akey, portal, holder, supplier, subject
SELECT akey, id, portal, holder, supplier, subject, kind, document,
	document_number, seen_by, from_day, COALESCE(to_day, ''), created_by,
	ended_by, end_reason, created_at, COALESCE(ended_at, 0)
FROM exemption
WHERE akey = ? AND portal = ? AND holder = ? AND supplier = ? AND subject = ?
	AND ended_at IS NULL

-- name: exempt_get
-- in: akey, id
SELECT akey, id, portal, holder, supplier, subject, kind, document,
	document_number, seen_by, from_day, COALESCE(to_day, ''), created_by,
	ended_by, end_reason, created_at, COALESCE(ended_at, 0)
FROM exemption WHERE akey = ? AND id = ?

-- name: exempt_of
-- in: akey, portal, holder, supplier, subject, limit
SELECT akey, id, portal, holder, supplier, subject, kind, document,
	document_number, seen_by, from_day, COALESCE(to_day, ''), created_by,
	ended_by, end_reason, created_at, COALESCE(ended_at, 0)
FROM exemption
WHERE akey = ? AND portal = ? AND holder = ? AND supplier = ? AND subject = ?
ORDER BY id DESC LIMIT ?

-- name: exempt_page
-- in: portal, akey, id, limit
SELECT akey, id, portal, holder, supplier, subject, kind, document,
	document_number, seen_by, from_day, COALESCE(to_day, ''), created_by,
	ended_by, end_reason, created_at, COALESCE(ended_at, 0)
FROM exemption
WHERE portal = ? AND (akey, id) > (?, ?)
ORDER BY akey, id LIMIT ?
