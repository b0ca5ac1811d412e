-- Meter readings that came with a payment (P8, M2).

-- Which readings a supplier takes; of several rules the most specific one that
-- is valid applies.  Kinds of meters are told apart by their unit.  Without a
-- rule no readings are taken.
CREATE TABLE meter_rule (
	portal VARCHAR(32) NOT NULL REFERENCES portal (portal),
	supplier VARCHAR(32) NOT NULL,
	unit VARCHAR(16) NOT NULL,
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10),
	first_day SMALLINT NOT NULL CHECK (first_day BETWEEN 1 AND 31),
	last_day SMALLINT NOT NULL CHECK (last_day BETWEEN first_day AND 31),
	max_use BIGINT NOT NULL CHECK (max_use > 0), -- between two readings
	hand_over VARCHAR(8) NOT NULL CHECK (hand_over IN ('paid', 'at_once')),
	PRIMARY KEY (portal, supplier, unit, from_day)
);

-- Readings lie under the akey of the payment that brought them, so that its
-- credit hands them over in one transaction.  A payment that is never paid
-- leaves its readings kept; nobody sends those.
CREATE TABLE reading (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	number VARCHAR(24) NOT NULL, -- of the payment
	id VARCHAR(26) NOT NULL, -- ULID: in order of entry
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	account VARCHAR(40) NOT NULL,
	meter VARCHAR(40) NOT NULL,
	period VARCHAR(7) NOT NULL CHECK (length(period) = 7), -- its month
	before_value BIGINT NOT NULL CHECK (before_value >= 0), -- supplier's
	value BIGINT NOT NULL CHECK (value >= 0),
	use_value BIGINT NOT NULL CHECK (use_value >= 0),
	rolled SMALLINT NOT NULL CHECK (rolled IN (0, 1)), -- began anew at 0
	source VARCHAR(16) NOT NULL CHECK (source IN ('payment')),
	state VARCHAR(8) NOT NULL CHECK (state IN ('kept', 'given')),
	created_at BIGINT NOT NULL,
	given_at BIGINT, -- handed over for the exchange with the supplier
	CHECK ((state = 'given') = (given_at IS NOT NULL)),
	PRIMARY KEY (akey, number, id),
	FOREIGN KEY (akey, number) REFERENCES payment (akey, number)
);
-- Of the given readings of a meter and month the one that was entered last
-- counts.
CREATE INDEX reading_by_meter ON reading (account, meter, period, id)
	WHERE state = 'given';
