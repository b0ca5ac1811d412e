-- Accounts of payers at suppliers.  akey is the shard key: eight characters
-- made from portal and account number (domain/akey), first in every key.

CREATE TABLE account (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	account VARCHAR(40) NOT NULL CHECK (length(account) <= 40), -- folded
	shown VARCHAR(40) NOT NULL, -- as the supplier writes it
	owner VARCHAR(160) NOT NULL, -- never shown whole before identification
	address VARCHAR(300) NOT NULL,
	PRIMARY KEY (akey, portal, supplier, account)
);

CREATE TABLE debt (
	akey VARCHAR(8) NOT NULL,
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	account VARCHAR(40) NOT NULL,
	service VARCHAR(32) NOT NULL,
	debt_kop BIGINT NOT NULL, -- above zero: to be paid; below: overpaid
	as_of_day VARCHAR(10) NOT NULL CHECK (length(as_of_day) = 10),
	PRIMARY KEY (akey, portal, supplier, account, service),
	FOREIGN KEY (akey, portal, supplier, account)
		REFERENCES account (akey, portal, supplier, account)
);

CREATE TABLE meter (
	akey VARCHAR(8) NOT NULL,
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	account VARCHAR(40) NOT NULL,
	meter VARCHAR(40) NOT NULL, -- the supplier's id of it
	title VARCHAR(120) NOT NULL, -- «Электроэнергия (ДЕНЬ)»
	serial VARCHAR(40) NOT NULL,
	unit VARCHAR(16) NOT NULL,
	digits SMALLINT NOT NULL CHECK (digits BETWEEN 1 AND 12),
	last_value BIGINT NOT NULL CHECK (last_value >= 0),
	last_day VARCHAR(10) NOT NULL CHECK (length(last_day) = 10),
	verify_day VARCHAR(10) CHECK (length(verify_day) = 10), -- verification due
	PRIMARY KEY (akey, portal, supplier, account, meter),
	FOREIGN KEY (akey, portal, supplier, account)
		REFERENCES account (akey, portal, supplier, account)
);
