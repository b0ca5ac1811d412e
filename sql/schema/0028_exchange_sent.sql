-- Documents that we send to suppliers (X3): payments, refunds, readings and
-- settlements, each line once.

-- One sequence of numbers has all that we hand over; what a document of
-- another kind is, exchange_sent tells, and of_... are empty.
ALTER TABLE exchange_out ADD COLUMN kind VARCHAR(32) NOT NULL
	DEFAULT 'acknowledgement'; -- payments, refunds, ...

-- How far a kind of documents was made for a supplier.
CREATE TABLE exchange_send (
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	kind VARCHAR(32) NOT NULL,
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10), -- what
		-- was before is never sent
	day VARCHAR(10) NOT NULL, -- the last one that is done; '' none
	look_day VARCHAR(10) NOT NULL, -- lines from here on are looked for
		-- again, for some are to be sent anew; '' none
	PRIMARY KEY (portal, supplier, kind)
);

-- A document.  It is gathered, then it gets its number and never changes.
CREATE TABLE exchange_sent (
	id VARCHAR(26) NOT NULL PRIMARY KEY, -- ULID
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	kind VARCHAR(32) NOT NULL,
	period VARCHAR(10) NOT NULL, -- business day; of readings the month
	state VARCHAR(16) NOT NULL CHECK (state IN ('gathering', 'sent',
		'acknowledged', 'refused')),
	number BIGINT CHECK (number >= 1), -- ours, of exchange_out
	items BIGINT NOT NULL CHECK (items >= 0),
	sum_kop BIGINT NOT NULL,
	sha256 VARCHAR(64) NOT NULL, -- of the text; '' it was not made yet
	size BIGINT NOT NULL, -- bytes of it
	tries BIGINT NOT NULL CHECK (tries >= 0), -- how often it was handed over
	next_at BIGINT, -- when it is handed over again, or given up
	begun_at BIGINT NOT NULL,
	made_at BIGINT, -- since then it has its number
	-- What the supplier has said:
	of_number BIGINT, -- its acknowledgement that counts
	applied BIGINT NOT NULL,
	applied_kop BIGINT NOT NULL,
	refused BIGINT NOT NULL CHECK (refused >= 0),
	words VARCHAR(1000) NOT NULL, -- refused as a whole: why
	ended_at BIGINT, -- acknowledged, refused
	CHECK ((state = 'gathering') = (number IS NULL)),
	CHECK ((number IS NULL) = (made_at IS NULL)),
	CHECK ((state IN ('acknowledged', 'refused')) = (ended_at IS NOT NULL)),
	CHECK ((ended_at IS NULL) = (of_number IS NULL)),
	UNIQUE (portal, supplier, number)
);
CREATE UNIQUE INDEX exchange_sent_gathering
	ON exchange_sent (portal, supplier, kind) WHERE state = 'gathering';
CREATE INDEX exchange_sent_open ON exchange_sent (portal, supplier, number)
	WHERE state IN ('sent', 'refused');

-- What a document has: the lines that it tells of.  Which ones was fixed when
-- they were taken; no line is in two documents.
CREATE TABLE exchange_item (
	document VARCHAR(26) NOT NULL REFERENCES exchange_sent (id),
	n BIGINT NOT NULL CHECK (n >= 1), -- record of the document
	kind VARCHAR(16) NOT NULL CHECK (kind IN ('payment', 'refund',
		'reading', 'settlement')),
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8), -- where its row is
	ref VARCHAR(40) NOT NULL, -- number of the payment; id of refund, ...
	line SMALLINT NOT NULL, -- of the payment; of a settlement 0, and 1
		-- when it came back; of a reading 0
	number VARCHAR(24) NOT NULL, -- of the payment; '' none
	day VARCHAR(10) NOT NULL, -- business day; of a reading its month
	sum_kop BIGINT NOT NULL, -- what the control total adds up
	live SMALLINT NOT NULL CHECK (live IN (0, 1)), -- 0: it was refused and
		-- is to be sent anew, in another document
	answer VARCHAR(8) NOT NULL CHECK (answer IN ('', 'refused',
		'accepted')), -- of the supplier; accepted: of readings only
	words VARCHAR(1000) NOT NULL, -- refused: why
	CHECK (live = 1 OR answer = 'refused'),
	PRIMARY KEY (document, n)
);
CREATE UNIQUE INDEX exchange_item_once
	ON exchange_item (akey, kind, ref, line) WHERE live = 1;
CREATE INDEX exchange_item_by_ref ON exchange_item (ref, line);

-- Readings that were given, in the order in which they are sent.
CREATE INDEX reading_given ON reading (portal, supplier, given_at, id)
	WHERE state = 'given';
