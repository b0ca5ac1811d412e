-- Settlement with suppliers: what was taken for one of them until the end of
-- a day is transferred to it, each line of the ledger once.

-- The supplier's contract with us.  Of several the one that is valid on the
-- day counts, else the last one that began before: what is owed is paid after
-- the end of a contract, too.
CREATE TABLE supplier_contract (
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10),
	number VARCHAR(40) NOT NULL CHECK (length(number) BETWEEN 1 AND 40),
	signed_day VARCHAR(10) NOT NULL CHECK (length(signed_day) = 10),
	own_account VARCHAR(32) NOT NULL REFERENCES own_account (own_account),
	purpose VARCHAR(400) NOT NULL, -- of the order; names in braces are filled
	register_layout VARCHAR(32) NOT NULL, -- of its register; '' it gets none
	min_kop BIGINT NOT NULL CHECK (min_kop >= 1), -- less is carried over
	PRIMARY KEY (portal, supplier, from_day),
	FOREIGN KEY (portal, supplier) REFERENCES supplier (portal, supplier)
);

-- Lines of an account are read in this order, a page at a time.
DROP INDEX ledger_line_by_account;
CREATE INDEX ledger_line_by_account
	ON ledger_line (account, day, akey, transfer, n);

-- One settlement: its figures, and the requisites as they were when it was
-- prepared, so that its documents never change.  Its akey is that of portal
-- and supplier; its postings lie there, too.
CREATE TABLE settlement (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	id VARCHAR(26) NOT NULL, -- ULID
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	day VARCHAR(10) NOT NULL CHECK (length(day) = 10), -- its last day
	state VARCHAR(16) NOT NULL CHECK (state IN ('preparing', 'prepared',
		'replaced', 'confirmed', 'returned')),
	size BIGINT NOT NULL CHECK (size = items + held_items), -- rows it has
	items BIGINT NOT NULL CHECK (items >= 0), -- of them taken
	held_items BIGINT NOT NULL CHECK (held_items >= 0), -- left: open cases
	freed BIGINT NOT NULL, -- rows up to this n are free for others again
	taken_kop BIGINT NOT NULL, -- for the supplier's services
	refunded_kop BIGINT NOT NULL, -- of it given back
	other_kop BIGINT NOT NULL, -- chargebacks and the like, with their sign
	fee_kop BIGINT NOT NULL, -- commission of payers, for information
	supplier_fee_kop BIGINT NOT NULL, -- commission that the supplier pays
	transfer_kop BIGINT NOT NULL CHECK (transfer_kop = taken_kop
		- refunded_kop + other_kop - supplier_fee_kop),
	held_kop BIGINT NOT NULL, -- of lines that are left
	released_kop BIGINT NOT NULL, -- of taken lines of days settled before
	after_day VARCHAR(10) NOT NULL, -- last day settled before; '' none
	from_day VARCHAR(10) NOT NULL, -- lines are looked for from here; ''
	first_day VARCHAR(10) NOT NULL, -- of the first line taken; '' none
	held_day VARCHAR(10) NOT NULL, -- of the first line left; '' none
	min_kop BIGINT NOT NULL,
	contract VARCHAR(40) NOT NULL, -- its number
	contract_day VARCHAR(10) NOT NULL,
	own_account VARCHAR(32) NOT NULL,
	layout VARCHAR(32) NOT NULL,
	payer_title VARCHAR(160) NOT NULL,
	payer_inn VARCHAR(12) NOT NULL,
	payer_kpp VARCHAR(9) NOT NULL,
	payer_account VARCHAR(20) NOT NULL,
	payer_bic VARCHAR(9) NOT NULL,
	payer_bank VARCHAR(160) NOT NULL,
	payer_correspondent VARCHAR(20) NOT NULL,
	payee_title VARCHAR(160) NOT NULL,
	payee_inn VARCHAR(12) NOT NULL,
	payee_kpp VARCHAR(9) NOT NULL,
	payee_account VARCHAR(20) NOT NULL,
	payee_bic VARCHAR(9) NOT NULL,
	payee_bank VARCHAR(160) NOT NULL,
	payee_correspondent VARCHAR(20) NOT NULL,
	purpose VARCHAR(210) NOT NULL, -- filled when it is prepared
	order_no BIGINT, -- of the payment order
	order_day VARCHAR(10) CHECK (length(order_day) = 10),
	created_at BIGINT NOT NULL,
	created_by VARCHAR(64) NOT NULL,
	prepared_at BIGINT,
	confirmed_at BIGINT,
	confirmed_by VARCHAR(64) NOT NULL, -- '' nobody
	returned_at BIGINT,
	returned_by VARCHAR(64) NOT NULL,
	reason VARCHAR(200) NOT NULL, -- why it came back
	CHECK ((state IN ('confirmed', 'returned')) = (confirmed_at IS NOT NULL
		AND order_no IS NOT NULL AND order_day IS NOT NULL)),
	CHECK ((state = 'returned') = (returned_at IS NOT NULL)),
	PRIMARY KEY (akey, id)
);
CREATE INDEX settlement_by_id ON settlement (id);
CREATE INDEX settlement_by_supplier ON settlement (akey, portal, supplier, day);
CREATE INDEX settlement_by_day ON settlement (portal, day, id);
CREATE INDEX settlement_by_order ON settlement (order_day, id)
	WHERE order_day IS NOT NULL;
-- One is being prepared or waits for the accountant; a day is settled once.
CREATE UNIQUE INDEX settlement_open ON settlement (akey, portal, supplier)
	WHERE state IN ('preparing', 'prepared');
CREATE UNIQUE INDEX settlement_done ON settlement (akey, portal, supplier, day)
	WHERE state = 'confirmed';

-- A line of the ledger in a settlement, with what it is made of.  It lies
-- with its line.  Sums have the sign of what is owed to the supplier.
CREATE TABLE settlement_item (
	settlement VARCHAR(26) NOT NULL,
	n BIGINT NOT NULL CHECK (n >= 1), -- in order of day
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	transfer VARCHAR(26) NOT NULL,
	line SMALLINT NOT NULL,
	day VARCHAR(10) NOT NULL CHECK (length(day) = 10),
	kind VARCHAR(32) NOT NULL, -- of the transfer
	number VARCHAR(24) NOT NULL, -- payment; '' none
	cause VARCHAR(100) NOT NULL,
	held SMALLINT NOT NULL CHECK (held IN (0, 1)), -- left: an open case
	live SMALLINT NOT NULL CHECK (live IN (0, 1)), -- nobody else may take it
	gross_kop BIGINT NOT NULL,
	fee_kop BIGINT NOT NULL, -- the payer's
	supplier_fee_kop BIGINT NOT NULL,
	net_kop BIGINT NOT NULL, -- the ledger's line with its sign turned
	CHECK (held = 0 OR live = 0),
	PRIMARY KEY (settlement, n, akey)
);
-- Nothing is transferred twice.
CREATE UNIQUE INDEX settlement_item_once ON settlement_item (akey, transfer,
	line) WHERE live = 1;

-- Who did what; never changed.
CREATE TABLE settlement_event (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	settlement VARCHAR(26) NOT NULL,
	id VARCHAR(26) NOT NULL, -- ULID: in order of time
	at BIGINT NOT NULL,
	kind VARCHAR(32) NOT NULL, -- prepared, confirmed, returned
	actor VARCHAR(64) NOT NULL,
	evidence TEXT NOT NULL, -- JSON object
	PRIMARY KEY (akey, settlement, id)
);

-- Payment orders are numbered by account and year, as banks want it.
CREATE TABLE order_number (
	own_account VARCHAR(32) NOT NULL,
	year SMALLINT NOT NULL,
	last BIGINT NOT NULL, -- the last one that was given out
	PRIMARY KEY (own_account, year)
);
