-- The connection itself.

-- name: db_begin
BEGIN IMMEDIATE

-- name: db_commit
COMMIT

-- name: db_rollback
ROLLBACK

-- name: db_setup
-- Run once on every connection.  SQLite waits twice this long.
PRAGMA busy_timeout = 500

-- name: db_snapshot
-- Reads of one instant, without a lock.
BEGIN DEFERRED
