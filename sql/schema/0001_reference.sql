-- Reference data: small, changed by the operator only, copied to every node.
-- A rule is valid from from_day to to_day inclusive (the day of the portal's
-- zone); to_day NULL means until further notice.  '*' stands for "any".

CREATE TABLE ref_version (
	one SMALLINT NOT NULL PRIMARY KEY CHECK (one = 1),
	version BIGINT NOT NULL -- raised by every change, so that workers reload
);
INSERT INTO ref_version (one, version) VALUES (1, 1);

CREATE TABLE portal (
	portal VARCHAR(32) NOT NULL PRIMARY KEY CHECK (length(portal) <= 32),
	title VARCHAR(120) NOT NULL,
	url VARCHAR(300) NOT NULL,
	mail_from VARCHAR(254) NOT NULL,
	support VARCHAR(200) NOT NULL, -- whom a payer asks
	zone_min SMALLINT NOT NULL CHECK (zone_min BETWEEN -720 AND 840),
	zone_name VARCHAR(60) NOT NULL, -- as a receipt says it
	payment_life_s BIGINT NOT NULL CHECK (payment_life_s BETWEEN 60 AND 31536000),
	lines_max SMALLINT NOT NULL CHECK (lines_max BETWEEN 1 AND 50)
);

-- Hosts that a front-end's return_url may name.
CREATE TABLE portal_host (
	portal VARCHAR(32) NOT NULL REFERENCES portal (portal),
	host VARCHAR(253) NOT NULL,
	PRIMARY KEY (portal, host)
);

CREATE TABLE supplier (
	portal VARCHAR(32) NOT NULL REFERENCES portal (portal),
	supplier VARCHAR(32) NOT NULL CHECK (length(supplier) <= 32),
	title VARCHAR(160) NOT NULL,
	inn VARCHAR(12) NOT NULL CHECK (length(inn) IN (10, 12)),
	kpp VARCHAR(9),
	settlement_account VARCHAR(20), -- where its money is to go
	bic VARCHAR(9),
	bank_title VARCHAR(160),
	correspondent_account VARCHAR(20),
	account_hint VARCHAR(200) NOT NULL, -- what its account numbers look like
	account_example VARCHAR(40) NOT NULL,
	position SMALLINT NOT NULL, -- order in lists
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10),
	PRIMARY KEY (portal, supplier)
);

CREATE TABLE service (
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	service VARCHAR(32) NOT NULL CHECK (length(service) <= 32),
	title VARCHAR(160) NOT NULL,
	position SMALLINT NOT NULL,
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10),
	PRIMARY KEY (portal, supplier, service),
	FOREIGN KEY (portal, supplier) REFERENCES supplier (portal, supplier)
);

-- Of several rules the most specific one that is valid applies.
CREATE TABLE fee_rule (
	portal VARCHAR(32) NOT NULL REFERENCES portal (portal),
	supplier VARCHAR(32) NOT NULL,
	service VARCHAR(32) NOT NULL,
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10),
	bearer VARCHAR(8) NOT NULL CHECK (bearer IN ('payer', 'supplier')),
	rate_ppm BIGINT NOT NULL CHECK (rate_ppm BETWEEN 0 AND 1000000),
	fixed_kop BIGINT NOT NULL CHECK (fixed_kop >= 0),
	min_kop BIGINT NOT NULL CHECK (min_kop >= 0),
	max_kop BIGINT NOT NULL CHECK (max_kop >= 0), -- 0: no ceiling
	PRIMARY KEY (portal, supplier, service, from_day)
);

CREATE TABLE limit_rule (
	portal VARCHAR(32) NOT NULL REFERENCES portal (portal),
	scope VARCHAR(8) NOT NULL CHECK (scope IN ('line', 'total')),
	supplier VARCHAR(32) NOT NULL,
	service VARCHAR(32) NOT NULL,
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10),
	min_kop BIGINT NOT NULL CHECK (min_kop > 0),
	max_kop BIGINT NOT NULL CHECK (max_kop >= min_kop),
	PRIMARY KEY (portal, scope, supplier, service, from_day)
);

-- A contract with an acquirer; its keys and addresses are in kvitok.conf.
CREATE TABLE bank_contract (
	contract VARCHAR(32) NOT NULL PRIMARY KEY CHECK (length(contract) <= 32),
	bank VARCHAR(16) NOT NULL CHECK (bank IN ('sberbank', 'gazprombank')),
	title VARCHAR(160) NOT NULL, -- the bank's name on receipts
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10)
);

-- Which contract takes the money of which service; preference is its rank.
CREATE TABLE route (
	portal VARCHAR(32) NOT NULL REFERENCES portal (portal),
	supplier VARCHAR(32) NOT NULL,
	service VARCHAR(32) NOT NULL,
	preference SMALLINT NOT NULL CHECK (preference >= 1),
	contract VARCHAR(32) NOT NULL REFERENCES bank_contract (contract),
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10),
	PRIMARY KEY (portal, supplier, service, preference, from_day)
);

-- Keys of front-ends: only the SHA-256 of a key is kept.
CREATE TABLE frontend_key (
	key_id VARCHAR(26) NOT NULL PRIMARY KEY,
	key_hash VARCHAR(64) NOT NULL UNIQUE CHECK (length(key_hash) = 64),
	portal VARCHAR(32) NOT NULL REFERENCES portal (portal),
	rights VARCHAR(60) NOT NULL, -- words: pay read refund report admin
	title VARCHAR(120) NOT NULL,
	created_at BIGINT NOT NULL,
	withdrawn_at BIGINT
);
