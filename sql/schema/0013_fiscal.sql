-- What fiscal receipts list (P12), where the acquirer issues them.

-- How a service is taxed; of several rules the most specific one that is
-- valid applies.  A refund keeps the rates of its payment.
CREATE TABLE vat_rule (
	portal VARCHAR(32) NOT NULL REFERENCES portal (portal),
	supplier VARCHAR(32) NOT NULL,
	service VARCHAR(32) NOT NULL,
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10),
	vat VARCHAR(6) NOT NULL CHECK (vat IN ('none', '0', '5', '7', '10',
		'20', '22')),
	subject SMALLINT NOT NULL CHECK (subject IN (4, 12, 13)), -- tag 1212:
		-- service, penalty, other
	measure SMALLINT NOT NULL CHECK (measure BETWEEN 0 AND 255), -- tag
		-- 2108: 0 piece, 255 other
	beyond VARCHAR(8) NOT NULL CHECK (beyond IN ('advance', 'full')),
		-- what is paid above the debt
	PRIMARY KEY (portal, supplier, service, from_day)
);

-- How our commission is taxed: a position of its own.
CREATE TABLE vat_of_fee (
	portal VARCHAR(32) NOT NULL REFERENCES portal (portal),
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10),
	vat VARCHAR(6) NOT NULL CHECK (vat IN ('none', '0', '5', '7', '10',
		'20', '22')),
	subject SMALLINT NOT NULL CHECK (subject IN (4, 11)), -- service,
		-- agent's fee
	PRIMARY KEY (portal, from_day)
);

-- Suppliers for whom the owner of the register is an agent.
CREATE TABLE fiscal_agent (
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10),
	agent VARCHAR(24) NOT NULL CHECK (agent IN ('bank_paying_agent',
		'bank_paying_subagent', 'paying_agent', 'paying_subagent',
		'attorney', 'commission_agent', 'another')),
	phone VARCHAR(19) NOT NULL, -- of the supplier, +7...
	PRIMARY KEY (portal, supplier, from_day),
	FOREIGN KEY (portal, supplier) REFERENCES supplier (portal, supplier)
);

-- A cart as it was handed to the bank: with an attempt, or with a refund.
CREATE TABLE fiscal_cart (
	akey VARCHAR(8) NOT NULL,
	number VARCHAR(24) NOT NULL,
	n SMALLINT NOT NULL, -- attempt
	refund VARCHAR(26) NOT NULL, -- '' of the order itself
	total_kop BIGINT NOT NULL CHECK (total_kop > 0),
	created_at BIGINT NOT NULL,
	PRIMARY KEY (akey, number, n, refund),
	FOREIGN KEY (akey, number, n) REFERENCES attempt (akey, number, n)
);

CREATE TABLE fiscal_item (
	akey VARCHAR(8) NOT NULL,
	number VARCHAR(24) NOT NULL,
	n SMALLINT NOT NULL,
	refund VARCHAR(26) NOT NULL,
	item SMALLINT NOT NULL CHECK (item >= 1), -- of a refund: that of the order
	line SMALLINT NOT NULL CHECK (line >= 0), -- of the payment; 0 commission
	name VARCHAR(128) NOT NULL CHECK (name <> ''),
	price_kop BIGINT NOT NULL CHECK (price_kop > 0),
	quantity_milli BIGINT NOT NULL CHECK (quantity_milli > 0), -- thousandths
	sum_kop BIGINT NOT NULL CHECK (sum_kop > 0),
	measure SMALLINT NOT NULL,
	vat VARCHAR(6) NOT NULL,
	method SMALLINT NOT NULL CHECK (method IN (3, 4)), -- tag 1214
	subject SMALLINT NOT NULL,
	agent VARCHAR(24) NOT NULL, -- 'none' of no agent
	supplier_inn VARCHAR(12) NOT NULL,
	supplier_name VARCHAR(256) NOT NULL,
	supplier_phone VARCHAR(19) NOT NULL,
	PRIMARY KEY (akey, number, n, refund, item),
	FOREIGN KEY (akey, number, n, refund)
		REFERENCES fiscal_cart (akey, number, n, refund)
);
