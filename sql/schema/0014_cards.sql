-- Cards that payers had a bank remember.  All rows of one payer lie under one
-- akey, made of portal and payer.  No number of a card and no code of one is
-- in any column: of a card there are its mask, scheme and month of expiry.

-- The public offer of a bank under which it remembers cards, by version.  A
-- text that was accepted stays: its hash stands beside each acceptance.
CREATE TABLE bank_offer (
	contract VARCHAR(32) NOT NULL REFERENCES bank_contract (contract),
	version VARCHAR(32) NOT NULL CHECK (length(version) BETWEEN 1 AND 32),
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	title VARCHAR(200) NOT NULL,
	url VARCHAR(1000) NOT NULL, -- where the bank publishes it; '' nowhere
	text TEXT NOT NULL CHECK (length(text) > 0),
	PRIMARY KEY (contract, version)
);

-- A payer as a bank knows him: an id of ours that nobody can guess, one for
-- each portal, payer and contract.
CREATE TABLE card_client (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	portal VARCHAR(32) NOT NULL,
	payer VARCHAR(64) NOT NULL CHECK (payer <> ''),
	contract VARCHAR(32) NOT NULL,
	client VARCHAR(40) NOT NULL, -- clientId; begins with akey
	created_at BIGINT NOT NULL,
	looked_at BIGINT, -- when the bank was last asked for his cards
	PRIMARY KEY (akey, portal, payer, contract),
	UNIQUE (akey, client)
);

CREATE TABLE card (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	id VARCHAR(24) NOT NULL,
	portal VARCHAR(32) NOT NULL,
	payer VARCHAR(64) NOT NULL CHECK (payer <> ''),
	contract VARCHAR(32) NOT NULL,
	bank VARCHAR(16) NOT NULL,
	client VARCHAR(40) NOT NULL,
	bank_card VARCHAR(64) NOT NULL CHECK (bank_card <> ''), -- the bank's id
	mask VARCHAR(24) NOT NULL, -- at most first six and last four digits
	scheme VARCHAR(20) NOT NULL, -- '' not known
	expiry VARCHAR(6) NOT NULL CHECK (length(expiry) IN (0, 6)), -- YYYYMM
	state VARCHAR(16) NOT NULL CHECK (state IN ('active', 'expired',
		'deactivated', 'unbinding', 'unbound')),
	is_default SMALLINT NOT NULL CHECK (is_default IN (0, 1)),
	offer VARCHAR(32) NOT NULL, -- version that the payer accepted
	offer_hash VARCHAR(64) NOT NULL CHECK (length(offer_hash) = 64),
	offer_at BIGINT NOT NULL,
	origin VARCHAR(24) NOT NULL, -- number of a payment, or id of card_bind
	bound_at BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	PRIMARY KEY (akey, id),
	FOREIGN KEY (akey, portal, payer, contract)
		REFERENCES card_client (akey, portal, payer, contract)
);
CREATE INDEX card_by_payer ON card (akey, portal, payer);
CREATE UNIQUE INDEX card_once ON card (akey, contract, bank_card)
	WHERE state <> 'unbound';
CREATE UNIQUE INDEX card_default ON card (akey, portal, payer)
	WHERE is_default = 1;

-- Bindings that were asked for without a payment.
CREATE TABLE card_bind (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	id VARCHAR(24) NOT NULL, -- also the number at the bank
	portal VARCHAR(32) NOT NULL,
	payer VARCHAR(64) NOT NULL CHECK (payer <> ''),
	contract VARCHAR(32) NOT NULL,
	bank VARCHAR(16) NOT NULL,
	client VARCHAR(40) NOT NULL,
	secret VARCHAR(32) NOT NULL, -- the unguessable half of its link
	return_url VARCHAR(1000) NOT NULL, -- '' none: our own page
	frontend VARCHAR(26) NOT NULL, -- key_id that made it
	state VARCHAR(16) NOT NULL CHECK (state IN ('created', 'intended',
		'unknown', 'registered', 'bound', 'failed')),
	bank_id VARCHAR(64) NOT NULL, -- orderId, or the last trx_id; '' none
	form_url VARCHAR(1000) NOT NULL, -- the bank's page; '' not known
	reason VARCHAR(40) NOT NULL, -- why it failed; '' none
	offer VARCHAR(32) NOT NULL,
	offer_hash VARCHAR(64) NOT NULL CHECK (length(offer_hash) = 64),
	offer_at BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	started_at BIGINT, -- when the bank was first called
	changed_at BIGINT NOT NULL,
	PRIMARY KEY (akey, id),
	FOREIGN KEY (akey, portal, payer, contract)
		REFERENCES card_client (akey, portal, payer, contract)
);

-- What a payment was asked to do with cards: pay with one, remember one.  It
-- lies with the payment; the card may live on another shard.
CREATE TABLE pay_card (
	akey VARCHAR(8) NOT NULL,
	number VARCHAR(24) NOT NULL,
	portal VARCHAR(32) NOT NULL,
	payer VARCHAR(64) NOT NULL CHECK (payer <> ''),
	contract VARCHAR(32) NOT NULL,
	card VARCHAR(24) NOT NULL, -- '' none
	save SMALLINT NOT NULL CHECK (save IN (0, 1)),
	offer VARCHAR(32) NOT NULL, -- accepted with save; '' none
	offer_hash VARCHAR(64) NOT NULL,
	offer_at BIGINT,
	used_n SMALLINT NOT NULL, -- the attempt made with card; 0 none
	PRIMARY KEY (akey, number),
	FOREIGN KEY (akey, number) REFERENCES payment (akey, number),
	CHECK (card <> '' OR save = 1),
	CHECK ((save = 1) = (offer <> '' AND length(offer_hash) = 64
		AND offer_at IS NOT NULL))
);
