-- Requests of payers go out to suppliers (X3): items of documents are requests,
-- too.  No database changes a CHECK in the same words as the other one, so that
-- the table is made anew; only kvitok-jobs writes it, and waits meanwhile.

CREATE TABLE exchange_item_new (
	document VARCHAR(26) NOT NULL REFERENCES exchange_sent (id),
	n BIGINT NOT NULL CHECK (n >= 1), -- record of the document
	kind VARCHAR(16) NOT NULL CHECK (kind IN ('payment', 'refund',
		'reading', 'settlement', 'request')),
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8), -- where its row is;
		-- of a request '00000000': they are not spread
	ref VARCHAR(40) NOT NULL, -- number of the payment; id of refund, ...
	line SMALLINT NOT NULL, -- of the payment; of a settlement 0, and 1
		-- when it came back; of a reading 0; of a request 0, and 1
		-- when the payer has closed it
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
INSERT INTO exchange_item_new (document, n, kind, akey, ref, line, number, day,
	sum_kop, live, answer, words)
SELECT document, n, kind, akey, ref, line, number, day, sum_kop, live, answer,
	words FROM exchange_item;
DROP TABLE exchange_item;
ALTER TABLE exchange_item_new RENAME TO exchange_item;
CREATE UNIQUE INDEX exchange_item_once
	ON exchange_item (akey, kind, ref, line) WHERE live = 1;
CREATE INDEX exchange_item_by_ref ON exchange_item (ref, line);

-- What was asked, and closed, from an instant on.
CREATE INDEX appeal_sent_by_time
	ON appeal (portal, supplier, created_at, id);
CREATE INDEX appeal_closed_by_time
	ON appeal (portal, supplier, closed_at, id) WHERE state = 'closed';
