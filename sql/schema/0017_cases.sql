-- Cases in the hands of people: who has one, what was decided, and what became
-- of it.  A case is open, taken (open, with an owner), under way (open, with a
-- resolution that its job carries out), resolved.
ALTER TABLE pay_case ADD COLUMN owner VARCHAR(64) NOT NULL DEFAULT '';
	-- operator:NAME, frontend:KEYID; '' nobody
ALTER TABLE pay_case ADD COLUMN taken_at BIGINT;
ALTER TABLE pay_case ADD COLUMN resolution VARCHAR(32) NOT NULL DEFAULT '';
	-- give_back, dismiss, ...; '' none was chosen
ALTER TABLE pay_case ADD COLUMN note VARCHAR(200) NOT NULL DEFAULT '';
	-- why it was chosen
ALTER TABLE pay_case ADD COLUMN decided_by VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE pay_case ADD COLUMN decided_at BIGINT;
ALTER TABLE pay_case ADD COLUMN times BIGINT NOT NULL DEFAULT 1;
	-- how often it was opened
CREATE INDEX pay_case_by_id ON pay_case (id);
CREATE INDEX pay_case_by_time ON pay_case (created_at, id);

-- What was done with a case, in order; never changed.
CREATE TABLE case_event (
	akey VARCHAR(8) NOT NULL,
	number VARCHAR(24) NOT NULL, -- of the case's payment; '' none
	case_id VARCHAR(26) NOT NULL,
	id VARCHAR(26) NOT NULL, -- ULID: in order of time
	at BIGINT NOT NULL,
	kind VARCHAR(16) NOT NULL CHECK (kind IN ('taken', 'released',
		'decided', 'refused', 'resolved', 'reopened')),
	actor VARCHAR(64) NOT NULL,
	resolution VARCHAR(32) NOT NULL, -- '' none
	note VARCHAR(200) NOT NULL, -- why; '' not said
	evidence TEXT NOT NULL, -- JSON object
	PRIMARY KEY (akey, case_id, id)
);
CREATE INDEX case_event_by_payment ON case_event (akey, number);
/*postgresql*/ REVOKE UPDATE, DELETE, TRUNCATE ON case_event
	FROM CURRENT_USER;
/*sqlite*/ CREATE TRIGGER case_event_stays BEFORE UPDATE ON case_event
	BEGIN SELECT RAISE(ABORT, 'what was done stays told'); END;
/*sqlite*/ CREATE TRIGGER case_event_lasts BEFORE DELETE ON case_event
	BEGIN SELECT RAISE(ABORT, 'what was done stays told'); END;

-- Money that was taken and never credited goes back.
CREATE TABLE give_back (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	number VARCHAR(24) NOT NULL,
	id VARCHAR(26) NOT NULL, -- ULID; what the bank knows it by, too
	case_id VARCHAR(26) NOT NULL,
	n SMALLINT NOT NULL, -- attempt that took it
	contract VARCHAR(32) NOT NULL,
	bank_no VARCHAR(64) NOT NULL, -- number that the bank knows the order by
	bank_id VARCHAR(64) NOT NULL, -- order, or opening of the page
	way VARCHAR(16) NOT NULL CHECK (way IN ('bank', 'by_hand')),
	own_account VARCHAR(32) NOT NULL, -- by_hand: that it was paid from
	state VARCHAR(16) NOT NULL CHECK (state IN ('intended', 'sent',
		'unknown', 'done', 'failed')),
	sum_kop BIGINT NOT NULL CHECK (sum_kop > 0),
	reason VARCHAR(200) NOT NULL CHECK (length(reason) >= 3), -- why
	actor VARCHAR(64) NOT NULL, -- who has decided it
	code VARCHAR(40) NOT NULL, -- of the bank, when it said no; '' none
	before_kop BIGINT CHECK (before_kop >= 0), -- as in refund
	created_at BIGINT NOT NULL,
	sent_at BIGINT,
	ended_at BIGINT,
	CHECK ((state IN ('done', 'failed')) = (ended_at IS NOT NULL)),
	CHECK (state = 'intended' OR sent_at IS NOT NULL),
	CHECK ((way = 'by_hand') = (own_account <> '')),
	PRIMARY KEY (akey, number, id),
	UNIQUE (akey, id),
	FOREIGN KEY (akey, number, n) REFERENCES attempt (akey, number, n)
);
-- The same money goes back once.
CREATE UNIQUE INDEX give_back_once ON give_back (akey, number, n, bank_id)
	WHERE state <> 'failed';

-- A person has decided about an attempt's money: nothing that the bank says
-- of it is credited any more.
ALTER TABLE attempt ADD COLUMN decided SMALLINT NOT NULL DEFAULT 0
	CHECK (decided IN (0, 1));

-- How money of a refund went back: the bank was called; it was paid by a bank
-- transfer from own_account; or the payer's bank has taken it.
ALTER TABLE refund ADD COLUMN way VARCHAR(16) NOT NULL DEFAULT 'bank'
	CHECK (way IN ('bank', 'by_hand', 'chargeback'));
ALTER TABLE refund ADD COLUMN own_account VARCHAR(32) NOT NULL DEFAULT '';
