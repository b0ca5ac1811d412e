-- Files that payers attach to what they ask of suppliers (R).  Why they are
-- kept here: doc/decisions, files of requests.

CREATE TABLE appeal_file (
	id VARCHAR(26) NOT NULL PRIMARY KEY, -- ULID
	portal VARCHAR(32) NOT NULL REFERENCES portal (portal),
	payer VARCHAR(64) NOT NULL, -- the front-end's id of its user; '' none
	name VARCHAR(160) NOT NULL, -- cleaned
	media VARCHAR(20) NOT NULL CHECK (media IN ('application/pdf',
		'image/jpeg', 'image/png')), -- by its bytes
	size BIGINT NOT NULL CHECK (size >= 1), -- bytes
	parts BIGINT NOT NULL CHECK (parts >= 1), -- rows of appeal_file_part
	sha256 VARCHAR(64) NOT NULL CHECK (length(sha256) = 64),
	appeal VARCHAR(26) REFERENCES appeal (id), -- NULL: brought, and not
		-- asked with yet; forgotten after a day
	n BIGINT CHECK (n >= 1), -- in the appeal
	key_id VARCHAR(26) NOT NULL, -- the front-end's
	ikey VARCHAR(64) NOT NULL, -- its Idempotency-Key
	created_at BIGINT NOT NULL,
	CHECK ((appeal IS NULL) = (n IS NULL)),
	UNIQUE (key_id, ikey),
	UNIQUE (appeal, n)
);
CREATE INDEX appeal_file_loose ON appeal_file (created_at)
	WHERE appeal IS NULL;

-- What it holds, in pieces of 48 KiB, the last one of fewer.  As base64, which
-- is how it goes out; so pieces put together are the base64 of the whole.
CREATE TABLE appeal_file_part (
	file VARCHAR(26) NOT NULL REFERENCES appeal_file (id),
	n BIGINT NOT NULL CHECK (n >= 1),
	body TEXT NOT NULL,
	PRIMARY KEY (file, n)
);
