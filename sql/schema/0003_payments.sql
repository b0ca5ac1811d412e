-- Payments.  All rows of one payment carry the akey of one account
-- of its lines (the first by text); the payment's number begins with it.

CREATE TABLE payment (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	number VARCHAR(24) NOT NULL CHECK (length(number) <= 24),
	portal VARCHAR(32) NOT NULL,
	state VARCHAR(16) NOT NULL CHECK (state IN ('created', 'pending', 'paid',
		'declined', 'expired', 'cancelled', 'partly_refunded', 'refunded')),
	secret VARCHAR(32) NOT NULL, -- the unguessable half of the pay link
	payer VARCHAR(64) NOT NULL, -- the front-end's id of its user; '' unknown
	email VARCHAR(254) NOT NULL,
	return_url VARCHAR(1000) NOT NULL, -- '' none: our own result page
	frontend VARCHAR(26) NOT NULL, -- key_id that made it
	contract VARCHAR(32) NOT NULL,
	bank VARCHAR(16) NOT NULL,
	lines_hash VARCHAR(32) NOT NULL, -- equal for equal bills
	lines_len SMALLINT NOT NULL CHECK (lines_len BETWEEN 1 AND 50),
	sum_kop BIGINT NOT NULL CHECK (sum_kop > 0),
	fee_kop BIGINT NOT NULL CHECK (fee_kop >= 0),
	total_kop BIGINT NOT NULL CHECK (total_kop = sum_kop + fee_kop),
	refunded_kop BIGINT NOT NULL CHECK (refunded_kop BETWEEN 0 AND total_kop),
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	paid_at BIGINT,
	attempts SMALLINT NOT NULL CHECK (attempts >= 0),
	paid_attempt SMALLINT,
	card_mask VARCHAR(24) NOT NULL,
	bank_ref VARCHAR(40) NOT NULL,
	auth_code VARCHAR(16) NOT NULL,
	reason VARCHAR(40) NOT NULL, -- why it is declined, expired, ...; '' none
	led_to VARCHAR(24) NOT NULL, -- the open payment of the same bill; '' none
	CHECK ((state IN ('paid', 'partly_refunded', 'refunded')) =
		(paid_attempt IS NOT NULL AND paid_at IS NOT NULL)),
	PRIMARY KEY (akey, number)
);
CREATE INDEX payment_by_time ON payment (portal, created_at, number);
CREATE INDEX payment_by_payer ON payment (portal, payer, created_at, number)
	WHERE payer <> '';
CREATE INDEX payment_overdue ON payment (expires_at)
	WHERE state IN ('created', 'declined');

CREATE TABLE pay_line (
	akey VARCHAR(8) NOT NULL,
	number VARCHAR(24) NOT NULL,
	n SMALLINT NOT NULL CHECK (n >= 1),
	supplier VARCHAR(32) NOT NULL,
	service VARCHAR(32) NOT NULL,
	account VARCHAR(40) NOT NULL,
	sum_kop BIGINT NOT NULL CHECK (sum_kop > 0),
	fee_kop BIGINT NOT NULL CHECK (fee_kop >= 0), -- paid by the payer
	supplier_fee_kop BIGINT NOT NULL CHECK (supplier_fee_kop >= 0),
	PRIMARY KEY (akey, number, n),
	FOREIGN KEY (akey, number) REFERENCES payment (akey, number)
);
-- Payments of an account; the akey of one line is the payment's own, other
-- lines' accounts may live on other shards.
CREATE INDEX pay_line_by_account ON pay_line (account, number);

CREATE TABLE attempt (
	akey VARCHAR(8) NOT NULL,
	number VARCHAR(24) NOT NULL,
	n SMALLINT NOT NULL CHECK (n BETWEEN 1 AND 99),
	contract VARCHAR(32) NOT NULL,
	bank VARCHAR(16) NOT NULL,
	state VARCHAR(16) NOT NULL CHECK (state IN ('intended', 'registered',
		'unknown', 'refused', 'paid', 'declined', 'expired')),
	bank_id VARCHAR(64) NOT NULL, -- the bank's own id; '' not known
	form_url VARCHAR(1000) NOT NULL, -- its page; '' not known
	reason VARCHAR(40) NOT NULL, -- id of a refusal; '' none
	code VARCHAR(40) NOT NULL, -- the bank's own code of it
	started_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	closed_at BIGINT,
	paid_kop BIGINT,
	on_case SMALLINT NOT NULL CHECK (on_case IN (0, 1)), -- waits for a person
	PRIMARY KEY (akey, number, n),
	FOREIGN KEY (akey, number) REFERENCES payment (akey, number)
);

-- Gazprombank: every opening of its page is a transaction of its own.
CREATE TABLE attempt_trx (
	akey VARCHAR(8) NOT NULL,
	number VARCHAR(24) NOT NULL,
	n SMALLINT NOT NULL,
	trx_id VARCHAR(64) NOT NULL,
	state VARCHAR(16) NOT NULL CHECK (state IN ('seen', 'paid', 'failed')),
	seen_at BIGINT NOT NULL,
	PRIMARY KEY (akey, number, n, trx_id),
	FOREIGN KEY (akey, number, n) REFERENCES attempt (akey, number, n)
);

-- The bill that is being paid: one open payment for the same lines and payer.
CREATE TABLE open_bill (
	akey VARCHAR(8) NOT NULL,
	portal VARCHAR(32) NOT NULL,
	lines_hash VARCHAR(32) NOT NULL,
	payer VARCHAR(64) NOT NULL,
	number VARCHAR(24) NOT NULL,
	PRIMARY KEY (akey, portal, lines_hash, payer)
);

-- First answers to creating calls; lives as long as what was made.
-- Distributed by its own key: a repeat may name another account.
CREATE TABLE idem (
	portal VARCHAR(32) NOT NULL,
	ikey VARCHAR(64) NOT NULL,
	body_hash VARCHAR(64) NOT NULL,
	akey VARCHAR(8) NOT NULL,
	number VARCHAR(24) NOT NULL,
	answer TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (portal, ikey)
);

-- What happened, told by payment; never changed.
CREATE TABLE event (
	akey VARCHAR(8) NOT NULL,
	number VARCHAR(24) NOT NULL,
	id VARCHAR(26) NOT NULL, -- ULID: in order of time
	at BIGINT NOT NULL,
	kind VARCHAR(32) NOT NULL,
	actor VARCHAR(64) NOT NULL, -- frontend:KEYID, payer, bank:CONTRACT, job, operator:NAME
	n SMALLINT NOT NULL, -- attempt, 0 none
	from_state VARCHAR(16) NOT NULL,
	to_state VARCHAR(16) NOT NULL,
	evidence TEXT NOT NULL, -- JSON object
	PRIMARY KEY (akey, number, id)
);

-- Call-backs of banks as they came.  akey is '00000000' when the number is
-- not ours.
CREATE TABLE notice (
	akey VARCHAR(8) NOT NULL,
	id VARCHAR(26) NOT NULL,
	number VARCHAR(24) NOT NULL,
	n SMALLINT NOT NULL,
	bank VARCHAR(16) NOT NULL,
	contract VARCHAR(32) NOT NULL, -- whose signature it bears; '' none
	kind VARCHAR(32) NOT NULL,
	verdict VARCHAR(32) NOT NULL, -- accepted, forged, unknown_number, ...
	digest VARCHAR(64) NOT NULL, -- SHA-256 of raw
	raw TEXT NOT NULL,
	first_at BIGINT NOT NULL,
	last_at BIGINT NOT NULL,
	times BIGINT NOT NULL, -- how often it came
	PRIMARY KEY (akey, id),
	UNIQUE (akey, digest)
);
CREATE INDEX notice_by_payment ON notice (akey, number, first_at);

-- What does not fit and needs a person.
CREATE TABLE pay_case (
	akey VARCHAR(8) NOT NULL,
	id VARCHAR(26) NOT NULL,
	portal VARCHAR(32) NOT NULL, -- '' not known
	number VARCHAR(24) NOT NULL, -- '' not known
	n SMALLINT NOT NULL,
	kind VARCHAR(32) NOT NULL, -- wrong_sum, unknown_number, second_payment, ...
	subject VARCHAR(100) NOT NULL, -- what makes it the same case
	state VARCHAR(16) NOT NULL CHECK (state IN ('open', 'resolved')),
	sum_kop BIGINT NOT NULL,
	proposal VARCHAR(32) NOT NULL, -- refund, ask_bank, ...
	evidence TEXT NOT NULL, -- JSON object
	created_at BIGINT NOT NULL,
	resolved_at BIGINT,
	PRIMARY KEY (akey, id),
	UNIQUE (akey, kind, subject)
);
CREATE INDEX pay_case_open ON pay_case (created_at) WHERE state = 'open';
