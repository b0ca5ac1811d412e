-- Documents that suppliers exchange with us (X1, X2).  A supplier's documents
-- have numbers without gaps; each is applied once, in order.

-- Documents to us, from the moment when their turn has come.
CREATE TABLE exchange_in (
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	number BIGINT NOT NULL CHECK (number >= 1), -- the supplier's
	kind VARCHAR(32) NOT NULL, -- '' not known: it could not be read
	sha256 VARCHAR(64) NOT NULL, -- of the whole text; '' skipped unseen
	size BIGINT NOT NULL CHECK (size >= 0), -- bytes
	state VARCHAR(8) NOT NULL CHECK (state IN ('applying', 'applied',
		'aside', 'held', 'skipped')),
	waits_for BIGINT, -- held: the number that it depends on
	said BIGINT NOT NULL, -- records, and their sum, by the document itself
	said_kop BIGINT NOT NULL,
	record BIGINT NOT NULL CHECK (record >= 0), -- judged so far
	applied BIGINT NOT NULL CHECK (applied >= 0), -- records of these
	applied_kop BIGINT NOT NULL,
	refused BIGINT NOT NULL CHECK (refused >= 0),
	error_line BIGINT NOT NULL, -- aside: where; 0 nowhere in particular
	error_path VARCHAR(400) NOT NULL,
	error_words VARCHAR(1000) NOT NULL, -- aside, skipped: why
	made_at VARCHAR(40) NOT NULL, -- as the document says
	actor VARCHAR(64) NOT NULL, -- who brought it: job:NAME, operator:NAME
	received_at BIGINT NOT NULL,
	ended_at BIGINT, -- applied, aside, skipped
	CHECK (record = applied + refused),
	CHECK ((state = 'held') = (waits_for IS NOT NULL)),
	CHECK ((state IN ('applying', 'held')) = (ended_at IS NULL)),
	PRIMARY KEY (portal, supplier, number)
);
CREATE INDEX exchange_in_open ON exchange_in (portal, supplier, number)
	WHERE state IN ('applying', 'aside', 'held');

-- Records that were not applied; of each document the first thousand.
CREATE TABLE exchange_refused (
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	number BIGINT NOT NULL,
	record BIGINT NOT NULL CHECK (record >= 1), -- from 1
	reason VARCHAR(40) NOT NULL, -- id of reason.def
	PRIMARY KEY (portal, supplier, number, record),
	FOREIGN KEY (portal, supplier, number)
		REFERENCES exchange_in (portal, supplier, number)
);

-- Our acknowledgements.  What they say is kept with them: a document that was
-- put aside may come again, whole.
CREATE TABLE exchange_out (
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	number BIGINT NOT NULL CHECK (number >= 1), -- ours, without gaps
	of_number BIGINT NOT NULL, -- the supplier's document
	of_kind VARCHAR(32) NOT NULL,
	of_state VARCHAR(8) NOT NULL CHECK (of_state IN ('applied', 'refused')),
	applied BIGINT NOT NULL,
	applied_kop BIGINT NOT NULL,
	refused BIGINT NOT NULL,
	words VARCHAR(1000) NOT NULL, -- refused: why
	state VARCHAR(8) NOT NULL CHECK (state IN ('ready', 'again', 'handed')),
		-- again: handed over before, to be shown anew
	made_at BIGINT NOT NULL,
	handed_at BIGINT,
	PRIMARY KEY (portal, supplier, number)
);
CREATE INDEX exchange_out_ready ON exchange_out (portal, supplier, number)
	WHERE state <> 'handed';

-- How it goes with a supplier.
CREATE TABLE exchange_peer (
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	looked_at BIGINT NOT NULL, -- its mailbox was last reached
	fails BIGINT NOT NULL CHECK (fails >= 0), -- in a row
	last_error VARCHAR(400) NOT NULL,
	ahead BIGINT, -- a document is there whose forerunners are not
	ahead_at BIGINT, -- since when
	PRIMARY KEY (portal, supplier)
);
