-- Layouts of suppliers' registers, JSON (doc/registers.md); beside those that
-- the program brings.  Never changed: a register that is made again must be the
-- same file, so that another layout gets another name.

CREATE TABLE pay_layout (
	layout VARCHAR(32) NOT NULL PRIMARY KEY CHECK (length(layout) <= 32),
	text TEXT NOT NULL,
	created_by VARCHAR(64) NOT NULL,
	created_at BIGINT NOT NULL
);
