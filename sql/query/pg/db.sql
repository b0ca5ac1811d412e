-- name: db_begin
BEGIN ISOLATION LEVEL READ COMMITTED

-- name: db_setup
-- What a cluster's own settings must not change.
SET synchronous_commit = on

-- name: db_snapshot
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY
