-- name: schema_patience
-- Large tables take their time; another migration is waited for.
SET LOCAL statement_timeout = 0

-- name: schema_lock_patience
SET LOCAL lock_timeout = 60000

-- name: schema_lock
-- Held to the end of the transaction; the number is ours.
SELECT 1 FROM (SELECT pg_advisory_xact_lock(7717203)) AS locked
