-- What suppliers tell of outages, contracts and acts (I1, I4).  Nothing of it
-- is money of ours: sums are what the supplier has put into its paper.

-- Outages are a supplier's, not an account's: whose they are is found by the
-- address.
CREATE TABLE outage (
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	id VARCHAR(64) NOT NULL, -- the supplier's own
	kind VARCHAR(10) NOT NULL CHECK (kind IN ('planned', 'emergency')),
	service VARCHAR(32) NOT NULL,
	from_at BIGINT NOT NULL CHECK (from_at > 0),
	to_at BIGINT CHECK (to_at > from_at), -- NULL: not known yet
	cancelled SMALLINT NOT NULL CHECK (cancelled IN (0, 1)),
	reason VARCHAR(1000) NOT NULL,
	PRIMARY KEY (portal, supplier, id)
);
-- Those that are not over.
CREATE INDEX outage_by_end ON outage (portal, supplier, to_at);

-- Where: an address, or its beginning.
CREATE TABLE outage_place (
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	id VARCHAR(64) NOT NULL,
	n SMALLINT NOT NULL CHECK (n BETWEEN 1 AND 1000),
	address VARCHAR(300) NOT NULL, -- as the supplier writes it
	folded VARCHAR(1000) NOT NULL CHECK (folded <> ''), -- domain/address:
		-- words, each followed by a space
	PRIMARY KEY (portal, supplier, id, n),
	FOREIGN KEY (portal, supplier, id)
		REFERENCES outage (portal, supplier, id)
);

-- A supplier's contracts with the owners of accounts.
CREATE TABLE account_contract (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	account VARCHAR(40) NOT NULL,
	number VARCHAR(64) NOT NULL, -- of the contract, the supplier's own
	title VARCHAR(160) NOT NULL,
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10 AND to_day >= from_day),
		-- its last day; NULL: without end
	PRIMARY KEY (akey, portal, supplier, account, number),
	FOREIGN KEY (akey, portal, supplier, account)
		REFERENCES account (akey, portal, supplier, account)
);
-- A contract has one account: it leaves the one that it was told of before.
CREATE INDEX account_contract_by_number
	ON account_contract (portal, supplier, number);

-- Acts of work done for an account.
CREATE TABLE account_act (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	account VARCHAR(40) NOT NULL,
	number VARCHAR(64) NOT NULL, -- of the act, the supplier's own
	contract VARCHAR(64) NOT NULL, -- number; '' none named
	day VARCHAR(10) NOT NULL CHECK (length(day) = 10),
	sum_kop BIGINT NOT NULL, -- of its works
	works SMALLINT NOT NULL CHECK (works BETWEEN 1 AND 200), -- how many
	PRIMARY KEY (akey, portal, supplier, account, number),
	FOREIGN KEY (akey, portal, supplier, account)
		REFERENCES account (akey, portal, supplier, account)
);
CREATE INDEX account_act_by_number ON account_act (portal, supplier, number);
CREATE INDEX account_act_by_day
	ON account_act (akey, portal, supplier, account, day, number);

CREATE TABLE act_work (
	akey VARCHAR(8) NOT NULL,
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	account VARCHAR(40) NOT NULL,
	number VARCHAR(64) NOT NULL, -- of the act
	n SMALLINT NOT NULL CHECK (n BETWEEN 1 AND 200),
	title VARCHAR(300) NOT NULL,
	quantity_micro BIGINT NOT NULL, -- millionths
	sum_kop BIGINT NOT NULL, -- of all of it; below zero: taken off
	PRIMARY KEY (akey, portal, supplier, account, number, n),
	FOREIGN KEY (akey, portal, supplier, account, number)
		REFERENCES account_act (akey, portal, supplier, account, number)
);
