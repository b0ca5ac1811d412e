-- What suppliers say of accounts, month by month (YYYY-MM).  All of it lives
-- under the account's akey.  Sums are kopecks; volumes and tariffs are
-- millionths of the unit and of a rouble, for suppliers write up to six
-- decimals.

CREATE TABLE charge (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	account VARCHAR(40) NOT NULL,
	month VARCHAR(7) NOT NULL CHECK (length(month) = 7),
	service VARCHAR(32) NOT NULL,
	unit VARCHAR(16) NOT NULL, -- '' not charged by volume
	volume_micro BIGINT NOT NULL,
	tariff_micro BIGINT NOT NULL CHECK (tariff_micro >= 0),
	accrued_kop BIGINT NOT NULL, -- volume by tariff, as the supplier rounds
	recalculated_kop BIGINT NOT NULL, -- of former months; above zero adds
	recalculated_why VARCHAR(200) NOT NULL,
	benefit_kop BIGINT NOT NULL CHECK (benefit_kop >= 0), -- taken off
	penalty_kop BIGINT CHECK (penalty_kop >= 0), -- NULL: the supplier has
		-- not said
	CHECK (recalculated_kop = 0 OR recalculated_why <> ''),
	CHECK (unit <> '' OR (volume_micro = 0 AND tariff_micro = 0)),
	PRIMARY KEY (akey, portal, supplier, account, month, service),
	FOREIGN KEY (akey, portal, supplier, account)
		REFERENCES account (akey, portal, supplier, account)
);

-- What was owed when a month began, in the supplier's books.
CREATE TABLE opening (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	account VARCHAR(40) NOT NULL,
	month VARCHAR(7) NOT NULL CHECK (length(month) = 7),
	service VARCHAR(32) NOT NULL,
	owed_kop BIGINT NOT NULL, -- above zero: debt; below: overpaid
	PRIMARY KEY (akey, portal, supplier, account, month, service),
	FOREIGN KEY (akey, portal, supplier, account)
		REFERENCES account (akey, portal, supplier, account)
);

-- Payments that did not go through Kvitok.
CREATE TABLE payment_elsewhere (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	account VARCHAR(40) NOT NULL,
	month VARCHAR(7) NOT NULL CHECK (length(month) = 7), -- counted in
	id VARCHAR(64) NOT NULL, -- the supplier's own
	service VARCHAR(32) NOT NULL,
	day VARCHAR(10) NOT NULL CHECK (length(day) = 10), -- paid on
	sum_kop BIGINT NOT NULL CHECK (sum_kop <> 0), -- below zero: given back
	place VARCHAR(120) NOT NULL, -- «Почта России»
	PRIMARY KEY (akey, portal, supplier, account, month, id),
	FOREIGN KEY (akey, portal, supplier, account)
		REFERENCES account (akey, portal, supplier, account)
);

-- What of our payments the supplier has counted, and in which month.  A
-- refund is counted by a row below zero.  What a line has brought, less what
-- went back, less these rows, is on its way to the supplier's books.
CREATE TABLE payment_ack (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8), -- of the account
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	account VARCHAR(40) NOT NULL,
	month VARCHAR(7) NOT NULL CHECK (length(month) = 7), -- counted in
	id VARCHAR(64) NOT NULL, -- the supplier's own
	number VARCHAR(24) NOT NULL, -- our payment
	n SMALLINT NOT NULL CHECK (n >= 1), -- and its line
	service VARCHAR(32) NOT NULL,
	day VARCHAR(10) NOT NULL CHECK (length(day) = 10), -- paid on
	sum_kop BIGINT NOT NULL CHECK (sum_kop <> 0),
	PRIMARY KEY (akey, portal, supplier, account, month, id),
	FOREIGN KEY (akey, portal, supplier, account)
		REFERENCES account (akey, portal, supplier, account)
);
CREATE INDEX payment_ack_by_line ON payment_ack (akey, number, n);
