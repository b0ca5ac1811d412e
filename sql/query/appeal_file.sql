-- Files of what payers ask of suppliers.

-- name: appeal_file_put
-- in: id, portal, payer, name, media, size, parts, sha256, key_id, ikey,
-- in: created_at
INSERT INTO appeal_file (id, portal, payer, name, media, size, parts, sha256,
	key_id, ikey, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key_id, ikey) DO NOTHING

-- name: appeal_file_part_put
-- in: file, n, body
INSERT INTO appeal_file_part (file, n, body) VALUES (?, ?, ?)

-- name: appeal_file_by_ikey
-- in: key_id, ikey
SELECT id, portal, payer, name, COALESCE(appeal, ''), media, sha256, key_id,
	ikey, COALESCE(n, 0), size, parts, created_at
FROM appeal_file WHERE key_id = ? AND ikey = ?

-- name: appeal_file_attach
-- in: appeal, n, id, portal, payer, since
UPDATE appeal_file SET appeal = ?, n = ?
WHERE id = ? AND portal = ? AND payer = ? AND appeal IS NULL
	AND created_at >= ?

-- name: appeal_file_list
-- in: appeal, limit
SELECT id, portal, payer, name, COALESCE(appeal, ''), media, sha256, key_id,
	ikey, COALESCE(n, 0), size, parts, created_at
FROM appeal_file WHERE appeal = ? ORDER BY n LIMIT ?

-- name: appeal_file_part
-- in: file, n
SELECT body FROM appeal_file_part WHERE file = ? AND n = ?

-- name: appeal_file_part_sweep
-- in: before, limit
DELETE FROM appeal_file_part WHERE file IN (SELECT id FROM appeal_file
	WHERE appeal IS NULL AND created_at < ? ORDER BY created_at LIMIT ?)

-- name: appeal_file_sweep
-- in: before
-- Those whose parts are gone.
DELETE FROM appeal_file WHERE appeal IS NULL AND created_at < ?
	AND NOT EXISTS (SELECT 1 FROM appeal_file_part p
		WHERE p.file = appeal_file.id)
