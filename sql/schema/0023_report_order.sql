-- A key of a supplier's accountant: it sees reports of that supplier alone, and
-- nothing else.
ALTER TABLE frontend_key ADD COLUMN supplier VARCHAR(32) NOT NULL DEFAULT '';
	-- '' the whole portal

-- Reports that were asked for through the API.  One is claimed for the time of
-- a lease by whoever makes it; runs is the fence, and part of its file's name,
-- so that two who believe to have it write two files, and one of them counts.
CREATE TABLE report_order (
	id VARCHAR(26) NOT NULL PRIMARY KEY, -- ULID
	key_id VARCHAR(26) NOT NULL, -- front-end that asked
	ikey VARCHAR(64) NOT NULL, -- its idempotency key
	body_hash VARCHAR(64) NOT NULL CHECK (length(body_hash) = 64),
	report VARCHAR(40) NOT NULL, -- by its name
	format VARCHAR(8) NOT NULL,
	encoding VARCHAR(8) NOT NULL, -- of CSV
	separator VARCHAR(1) NOT NULL, -- of CSV
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) NOT NULL CHECK (length(to_day) = 10),
	of_portal VARCHAR(32) NOT NULL, -- that of the key
	of_supplier VARCHAR(32) NOT NULL, -- '' any; so are the others
	of_contract VARCHAR(32) NOT NULL,
	of_bank VARCHAR(16) NOT NULL,
	of_state VARCHAR(32) NOT NULL,
	of_account VARCHAR(100) NOT NULL,
	asked_by VARCHAR(160) NOT NULL, -- as the file says it
	email VARCHAR(254) NOT NULL, -- to be told when it is there; '' nobody
	state VARCHAR(8) NOT NULL CHECK (state IN ('waiting', 'running', 'done',
		'failed', 'gone')),
	runs BIGINT NOT NULL CHECK (runs >= 0),
	lease_until BIGINT NOT NULL, -- 0: nobody has it
	lines BIGINT NOT NULL, -- so far, or in the file
	reached VARCHAR(10) NOT NULL, -- day that was reached; '' not said
	size BIGINT NOT NULL, -- of the file, bytes
	replaced BIGINT NOT NULL, -- characters that its encoding has not
	hash VARCHAR(64) NOT NULL, -- of its rows; '' not yet
	digest VARCHAR(64) NOT NULL, -- of its bytes
	totals TEXT NOT NULL, -- JSON object, by column
	reason VARCHAR(40) NOT NULL, -- why it failed; '' it has not
	created_at BIGINT NOT NULL,
	started_at BIGINT,
	ended_at BIGINT,
	expires_at BIGINT, -- when its file goes
	CHECK ((state = 'failed') = (reason <> '')),
	CHECK ((state IN ('done', 'gone')) = (hash <> '')),
	UNIQUE (key_id, ikey)
);
CREATE INDEX report_order_due ON report_order (created_at, id)
	WHERE state IN ('waiting', 'running');
CREATE INDEX report_order_over ON report_order (expires_at)
	WHERE state = 'done';
CREATE INDEX report_order_by_key ON report_order (key_id, id);
