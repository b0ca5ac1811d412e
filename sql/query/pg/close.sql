-- name: close_now
-- In microseconds, of the server's own clock.
SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)

-- name: close_under_way
-- in: before
-- Transactions of other connections that have begun before an instant.
SELECT COUNT(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
	AND backend_type = 'client backend'
	AND xact_start <= to_timestamp(CAST(? AS BIGINT) / 1000000.0)
