-- Migrations, see store/migrate.h.

-- name: schema_lock
-- Nothing to do where BEGIN IMMEDIATE has locked the database.
SELECT 1

-- name: schema_table
CREATE TABLE IF NOT EXISTS schema_version (
	version BIGINT NOT NULL PRIMARY KEY,
	name VARCHAR(80) NOT NULL,
	checksum VARCHAR(64) NOT NULL,
	applied_at BIGINT NOT NULL
)

-- name: schema_list
SELECT version, checksum FROM schema_version ORDER BY version

-- name: schema_put
-- in: version, name, checksum, applied_at
INSERT INTO schema_version (version, name, checksum, applied_at)
VALUES (?, ?, ?, ?)
