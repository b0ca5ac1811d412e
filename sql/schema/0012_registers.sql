-- Registers of acquirers: what they say was taken, given back and kept, and
-- what of it we know (S7).

-- How a bank writes its registers, as data: JSON, see doc/registers.md.
CREATE TABLE register_layout (
	layout VARCHAR(32) NOT NULL PRIMARY KEY CHECK (length(layout) <= 32),
	body TEXT NOT NULL,
	digest VARCHAR(64) NOT NULL CHECK (length(digest) = 64), -- of body
	applied_at BIGINT NOT NULL
);

-- What a contract says about registers and fees, by day.
CREATE TABLE register_terms (
	contract VARCHAR(32) NOT NULL REFERENCES bank_contract (contract),
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10),
	layout VARCHAR(32) NOT NULL,
	fee_ppm BIGINT NOT NULL CHECK (fee_ppm BETWEEN 0 AND 1000000),
	vat_ppm BIGINT NOT NULL CHECK (vat_ppm BETWEEN 0 AND 1000000), -- on fee
	rounding VARCHAR(8) NOT NULL CHECK (rounding IN ('half_up', 'down')),
	grace_days SMALLINT NOT NULL CHECK (grace_days BETWEEN 0 AND 60), -- so
		-- many days after its own a payment may still come in a register
	PRIMARY KEY (contract, from_day)
);

-- Files that were imported, or are.  What is declared stands in the line of
-- totals; seen is what all rows add up to; the sums without prefix are of rows
-- that no other file had brought before.
CREATE TABLE register_file (
	contract VARCHAR(32) NOT NULL CHECK (length(contract) <= 32),
	id VARCHAR(26) NOT NULL, -- ULID
	digest VARCHAR(64) NOT NULL CHECK (length(digest) = 64), -- SHA-256
	name VARCHAR(200) NOT NULL,
	layout VARCHAR(32) NOT NULL,
	layout_digest VARCHAR(64) NOT NULL,
	state VARCHAR(8) NOT NULL CHECK (state IN ('reading', 'done')),
	actor VARCHAR(64) NOT NULL,
	size BIGINT NOT NULL CHECK (size >= 0), -- bytes
	pos BIGINT NOT NULL CHECK (pos BETWEEN 0 AND size), -- read so far
	line BIGINT NOT NULL, -- read so far
	from_day VARCHAR(10) NOT NULL, -- that it covers, both; '' no rows
	to_day VARCHAR(10) NOT NULL,
	taken BIGINT NOT NULL CHECK (taken >= 0), -- rows
	repeated BIGINT NOT NULL CHECK (repeated >= 0), -- known from other files
	bad BIGINT NOT NULL CHECK (bad >= 0), -- not understood
	gross_kop BIGINT NOT NULL,
	fee_kop BIGINT NOT NULL,
	vat_kop BIGINT NOT NULL,
	net_kop BIGINT NOT NULL,
	seen BIGINT NOT NULL CHECK (seen >= 0), -- rows
	seen_gross_kop BIGINT NOT NULL,
	seen_fee_kop BIGINT NOT NULL,
	seen_vat_kop BIGINT NOT NULL,
	seen_net_kop BIGINT NOT NULL,
	declared BIGINT, -- rows; NULL: not said
	declared_gross_kop BIGINT,
	declared_fee_kop BIGINT,
	declared_vat_kop BIGINT,
	declared_net_kop BIGINT,
	created_at BIGINT NOT NULL,
	ended_at BIGINT,
	CHECK ((state = 'done') = (ended_at IS NOT NULL)),
	PRIMARY KEY (contract, id),
	UNIQUE (contract, digest)
);

-- Lines that were not understood, the first ones of each file.
CREATE TABLE register_bad (
	contract VARCHAR(32) NOT NULL,
	file VARCHAR(26) NOT NULL,
	line BIGINT NOT NULL,
	col SMALLINT NOT NULL, -- from 1; 0 the line as a whole
	reason VARCHAR(40) NOT NULL, -- id of reason.def
	value VARCHAR(400) NOT NULL, -- what stands there, cut
	PRIMARY KEY (contract, file, line),
	FOREIGN KEY (contract, file) REFERENCES register_file (contract, id)
);

-- Days that are covered by files that are done; judged: payments of that day
-- that are in no register have been looked for.
CREATE TABLE register_day (
	contract VARCHAR(32) NOT NULL,
	day VARCHAR(10) NOT NULL CHECK (length(day) = 10),
	judged_at BIGINT,
	PRIMARY KEY (contract, day)
);

-- Operations, once each.  akey is that of our number of the order, '00000000'
-- where it is none.  What came in is above zero.
CREATE TABLE register_row (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	contract VARCHAR(32) NOT NULL,
	row_key VARCHAR(32) NOT NULL CHECK (length(row_key) = 32), -- of its ids
	file VARCHAR(26) NOT NULL,
	line BIGINT NOT NULL,
	kind VARCHAR(20) NOT NULL CHECK (kind IN ('payment', 'refund',
		'reversal', 'chargeback', 'chargeback_reversal', 'fee',
		'correction')),
	order_no VARCHAR(40) NOT NULL, -- '' none; so are the others
	bank_id VARCHAR(64) NOT NULL,
	op_id VARCHAR(64) NOT NULL,
	rrn VARCHAR(40) NOT NULL,
	auth_code VARCHAR(16) NOT NULL,
	card VARCHAR(24) NOT NULL, -- masked
	at BIGINT NOT NULL,
	day VARCHAR(10) NOT NULL CHECK (length(day) = 10), -- of Moscow
	gross_kop BIGINT NOT NULL,
	fee_kop BIGINT NOT NULL,
	vat_kop BIGINT NOT NULL,
	net_kop BIGINT NOT NULL
		CHECK (net_kop = gross_kop - fee_kop - vat_kop),
	state VARCHAR(12) NOT NULL CHECK (state IN ('new', 'matched', 'sum',
		'unknown', 'chargeback', 'fee')),
	fee_off SMALLINT NOT NULL CHECK (fee_off IN (0, 1)), -- not as agreed
	late SMALLINT NOT NULL CHECK (late IN (0, 1)), -- not known at first
	number VARCHAR(24) NOT NULL, -- payment that it is about; '' not known
	portal VARCHAR(32) NOT NULL, -- its portal
	own_account VARCHAR(32) NOT NULL, -- it was posted to; '' not yet
	found_akey VARCHAR(8) NOT NULL, -- posting that it was found as
	found_transfer VARCHAR(26) NOT NULL, -- '' none
	found_kop BIGINT NOT NULL, -- of receivable
	judged_at BIGINT,
	CHECK ((state = 'new') = (judged_at IS NULL)),
	PRIMARY KEY (akey, contract, row_key)
);
CREATE INDEX register_row_by_day ON register_row (contract, day, state);
CREATE INDEX register_row_by_file ON register_row (file, line);
CREATE INDEX register_row_new ON register_row (contract, akey, row_key)
	WHERE state = 'new';
CREATE INDEX register_row_unknown ON register_row (contract, akey, row_key)
	WHERE state = 'unknown';

-- Postings of receivables, by what they were found as: in a row; reversed on
-- their own day, which leaves no row; missing, with a case.  One that has no
-- row here waits for a register.
CREATE TABLE register_pair (
	akey VARCHAR(8) NOT NULL,
	transfer VARCHAR(26) NOT NULL, -- ledger_transfer
	contract VARCHAR(32) NOT NULL,
	day VARCHAR(10) NOT NULL CHECK (length(day) = 10), -- of the posting
	number VARCHAR(24) NOT NULL,
	portal VARCHAR(32) NOT NULL,
	sum_kop BIGINT NOT NULL CHECK (sum_kop <> 0), -- of receivable
	state VARCHAR(12) NOT NULL CHECK (state IN ('found', 'reversed',
		'missing')),
	row_akey VARCHAR(8) NOT NULL, -- of register_row; '' none
	row_key VARCHAR(32) NOT NULL,
	at BIGINT NOT NULL,
	CHECK ((state = 'found') = (row_key <> '')),
	PRIMARY KEY (akey, transfer)
);
CREATE INDEX register_pair_by_day ON register_pair (contract, day, state);

-- Rows without our number are looked for by these.
CREATE INDEX payment_by_rrn ON payment (bank_ref, auth_code)
	WHERE bank_ref <> '';
