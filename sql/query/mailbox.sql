-- Statements in the database of a supplier (sql/mailbox): what PostgreSQL,
-- MariaDB, SQL Server and SQLite take alike.

-- name: mailbox_next
-- in: after
SELECT COALESCE(MIN(number), 0) FROM kvitok_in
WHERE state IN ('new', 'reading', 'held') AND number > ?

-- name: mailbox_get
-- in: number
SELECT kind, parts FROM kvitok_in WHERE number = ?

-- name: mailbox_read
-- in: number
UPDATE kvitok_in SET state = 'reading' WHERE number = ?

-- name: mailbox_part
-- in: number, part
SELECT body FROM kvitok_in_part WHERE number = ? AND part = ?

-- name: mailbox_answer
-- in: state, words, answered_at, number
-- Not of a row that the supplier has put right meanwhile.
UPDATE kvitok_in SET state = ?, words = ?, answered_at = ?
WHERE number = ? AND state = 'reading'

-- name: mailbox_out_get
-- in: number
SELECT COUNT(*) FROM kvitok_out WHERE number = ?

-- name: mailbox_untaken
SELECT COALESCE(MIN(number), 0) FROM kvitok_out WHERE state = 'new'

-- name: mailbox_out_again
-- in: number
UPDATE kvitok_out SET state = 'new' WHERE number = ?

-- name: mailbox_out_drop
-- in: number
-- What a former program has left; parts and row are one transaction now.
DELETE FROM kvitok_out_part WHERE number = ?

-- name: mailbox_out_part
-- in: number, part, body
INSERT INTO kvitok_out_part (number, part, body) VALUES (?, ?, ?)

-- name: mailbox_out_put
-- in: number, kind, of_number, parts, made_at
INSERT INTO kvitok_out (number, kind, of_number, parts, state, made_at)
VALUES (?, ?, ?, ?, 'new', ?)
