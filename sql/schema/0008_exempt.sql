-- Payers whom the law frees from the commission (Z1): since 1 July 2024
-- pensioners, disabled people and others pay none for their housing.

-- Whom the law frees; the words are for operators, a payer is told no more
-- than that there is no commission.
CREATE TABLE exempt_kind (
	kind VARCHAR(32) NOT NULL PRIMARY KEY CHECK (length(kind) <= 32),
	title VARCHAR(200) NOT NULL,
	basis VARCHAR(200) NOT NULL, -- the law
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10)
);
INSERT INTO exempt_kind (kind, title, basis, from_day, to_day) VALUES
	('pensioner', 'Пенсионер',
	    'ЖК РФ, ст. 155; перечень Правительства РФ', '2024-07-01', NULL),
	('disabled', 'Инвалид',
	    'ЖК РФ, ст. 155; перечень Правительства РФ', '2024-07-01', NULL),
	('veteran', 'Ветеран боевых действий',
	    'ЖК РФ, ст. 155; перечень Правительства РФ', '2024-07-01', NULL),
	('veteran_family',
	    'Член семьи погибшего (умершего) инвалида войны или ветерана',
	    'ЖК РФ, ст. 155; перечень Правительства РФ', '2024-07-01', NULL),
	('large_family', 'Член многодетной семьи старше 18 лет',
	    'ЖК РФ, ст. 155; перечень Правительства РФ', '2024-07-01', NULL);

-- For which services payers are freed, and who bears what they do not pay; of
-- several rules the most specific one that is valid applies.  Without a rule
-- the commission is taken.
CREATE TABLE exempt_rule (
	portal VARCHAR(32) NOT NULL REFERENCES portal (portal),
	supplier VARCHAR(32) NOT NULL,
	service VARCHAR(32) NOT NULL,
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10),
	bearer VARCHAR(8) NOT NULL CHECK (bearer IN ('supplier', 'portal',
		'nobody')),
	PRIMARY KEY (portal, supplier, service, from_day)
);

-- Who is freed: a payer (the front-end's own id) or an account, with the
-- document that somebody has seen.  Never changed but ended.
CREATE TABLE exemption (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8), -- of its subject
	id VARCHAR(26) NOT NULL, -- ULID
	portal VARCHAR(32) NOT NULL,
	holder VARCHAR(8) NOT NULL CHECK (holder IN ('payer', 'account')),
	supplier VARCHAR(32) NOT NULL
		CHECK ((supplier <> '') = (holder = 'account')),
	subject VARCHAR(64) NOT NULL CHECK (subject <> ''), -- payer's id, or
		-- the account, folded
	kind VARCHAR(32) NOT NULL, -- of exempt_kind
	document VARCHAR(60) NOT NULL, -- what kind of document
	document_number VARCHAR(60) NOT NULL, -- personal: shown masked
	seen_by VARCHAR(64) NOT NULL, -- who has looked at it
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10),
	created_at BIGINT NOT NULL,
	created_by VARCHAR(64) NOT NULL,
	ended_at BIGINT, -- before its last day, by somebody
	ended_by VARCHAR(64) NOT NULL,
	end_reason VARCHAR(200) NOT NULL,
	CHECK (to_day IS NULL OR to_day >= from_day),
	CHECK ((ended_at IS NULL) = (ended_by = '')),
	PRIMARY KEY (akey, id)
);
-- One at a time.
CREATE UNIQUE INDEX exemption_of ON exemption
	(akey, portal, holder, supplier, subject) WHERE ended_at IS NULL;
CREATE INDEX exemption_by_portal ON exemption (portal, akey, id);

-- What was quoted is frozen in the payment.
ALTER TABLE pay_line ADD COLUMN loss_on VARCHAR(8) NOT NULL DEFAULT ''
	CHECK (loss_on IN ('', 'supplier', 'portal', 'nobody'));
	-- who bears the commission of a payer freed from it; '' he is not
ALTER TABLE pay_line ADD COLUMN loss_kop BIGINT NOT NULL DEFAULT 0
	CHECK (loss_kop >= 0); -- what the portal bears of it
ALTER TABLE pay_line ADD COLUMN exempt VARCHAR(35) NOT NULL DEFAULT '';
	-- the exemption: its akey, '-', its id
ALTER TABLE refund_line ADD COLUMN loss_kop BIGINT NOT NULL DEFAULT 0
	CHECK (loss_kop >= 0); -- of pay_line.loss_kop, what is taken back
