-- Refunds of paid payments.  The sum is reserved in payment.refunded_kop by
-- the statement that makes a refund, and given back when it fails.

CREATE TABLE refund (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	number VARCHAR(24) NOT NULL,
	id VARCHAR(26) NOT NULL, -- ULID; what the bank knows it by, too
	state VARCHAR(16) NOT NULL CHECK (state IN ('intended', 'sent',
		'unknown', 'done', 'failed')),
	sum_kop BIGINT NOT NULL CHECK (sum_kop > 0),
	fee_kop BIGINT NOT NULL CHECK (fee_kop >= 0), -- commission given back
	reason VARCHAR(200) NOT NULL CHECK (length(reason) >= 3), -- why
	actor VARCHAR(64) NOT NULL, -- who: frontend:KEYID, operator:NAME
	code VARCHAR(40) NOT NULL, -- of the bank, when it said no; '' none
	before_kop BIGINT CHECK (before_kop >= 0), -- what the bank had given
		-- back before it was called; NULL: it was not called
	created_at BIGINT NOT NULL,
	sent_at BIGINT,
	ended_at BIGINT,
	CHECK ((state IN ('done', 'failed')) = (ended_at IS NOT NULL)),
	CHECK (state = 'intended' OR sent_at IS NOT NULL),
	PRIMARY KEY (akey, number, id),
	UNIQUE (akey, id),
	FOREIGN KEY (akey, number) REFERENCES payment (akey, number)
);

CREATE TABLE refund_line (
	akey VARCHAR(8) NOT NULL,
	number VARCHAR(24) NOT NULL,
	refund VARCHAR(26) NOT NULL,
	n SMALLINT NOT NULL, -- line of the payment
	sum_kop BIGINT NOT NULL CHECK (sum_kop > 0),
	fee_kop BIGINT NOT NULL CHECK (fee_kop >= 0),
	supplier_fee_kop BIGINT NOT NULL CHECK (supplier_fee_kop >= 0),
	PRIMARY KEY (akey, number, refund, n),
	FOREIGN KEY (akey, number, refund) REFERENCES refund (akey, number, id),
	FOREIGN KEY (akey, number, n) REFERENCES pay_line (akey, number, n)
);
