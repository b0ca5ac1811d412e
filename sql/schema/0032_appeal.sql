-- What payers ask of suppliers: appeals, requests for maintenance and
-- recalculation, applications for a contract; and what they are answered (R).

CREATE TABLE appeal (
	id VARCHAR(26) NOT NULL PRIMARY KEY, -- ULID; its number for people, too
	portal VARCHAR(32) NOT NULL REFERENCES portal (portal),
	supplier VARCHAR(32) NOT NULL,
	account VARCHAR(40) NOT NULL, -- folded; '' of an application only
	shown VARCHAR(40) NOT NULL, -- as people write it
	kind VARCHAR(20) NOT NULL CHECK (kind IN ('appeal', 'maintenance',
		'recalculation', 'contract_application')),
	payer VARCHAR(64) NOT NULL, -- the front-end's id of its user; '' none
	email VARCHAR(254) NOT NULL, -- '' none
	text VARCHAR(4000) NOT NULL,
	fields TEXT NOT NULL, -- JSON: a list of {"name", "value"}
	state VARCHAR(16) NOT NULL CHECK (state IN ('in_progress',
		'needs_answer', 'refused', 'done', 'closed')),
	answers BIGINT NOT NULL CHECK (answers >= 0), -- how many there are
	answered_at BIGINT NOT NULL, -- of the answer that set the state; 0 none
	key_id VARCHAR(26) NOT NULL, -- the front-end's
	ikey VARCHAR(64) NOT NULL, -- its Idempotency-Key
	body_hash VARCHAR(64) NOT NULL CHECK (length(body_hash) = 64),
	created_at BIGINT NOT NULL,
	closed_at BIGINT, -- by the payer
	CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
	CHECK (account <> '' OR kind = 'contract_application'),
	UNIQUE (key_id, ikey)
);
CREATE INDEX appeal_by_payer ON appeal (portal, payer, id);
CREATE INDEX appeal_by_account ON appeal (portal, supplier, account, id);

CREATE TABLE appeal_answer (
	appeal VARCHAR(26) NOT NULL REFERENCES appeal (id),
	n BIGINT NOT NULL CHECK (n >= 1), -- in the order in which they came
	state VARCHAR(16) NOT NULL CHECK (state IN ('in_progress',
		'needs_answer', 'refused', 'done')),
	text VARCHAR(4000) NOT NULL, -- '' only the state has changed
	at BIGINT NOT NULL, -- when it was given
	actor VARCHAR(64) NOT NULL, -- supplier, frontend:KEY
	created_at BIGINT NOT NULL,
	PRIMARY KEY (appeal, n)
);
