-- Bills that are mailed every month to those who asked (S5).

-- When bills of the month before are mailed; hours are those of Moscow.  A day
-- that a month lacks is its last one.
ALTER TABLE bill_rule ADD COLUMN mail_first_day SMALLINT NOT NULL DEFAULT 15
	CHECK (mail_first_day BETWEEN 1 AND 31);
ALTER TABLE bill_rule ADD COLUMN mail_last_day SMALLINT NOT NULL DEFAULT 18
	CHECK (mail_last_day BETWEEN mail_first_day AND 31);
ALTER TABLE bill_rule ADD COLUMN mail_from_hour SMALLINT NOT NULL DEFAULT 9
	CHECK (mail_from_hour BETWEEN 0 AND 23);
ALTER TABLE bill_rule ADD COLUMN mail_to_hour SMALLINT NOT NULL DEFAULT 20
	CHECK (mail_to_hour > mail_from_hour AND mail_to_hour <= 24);

-- Who asked for bills of an account: one address at a time.
CREATE TABLE bill_subscription (
	akey VARCHAR(8) NOT NULL,
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	account VARCHAR(40) NOT NULL,
	email VARCHAR(254) NOT NULL,
	token VARCHAR(40) NOT NULL, -- in the letter's link that stops it; another
		-- one for each address, so that old letters stop nobody else's
	asked_by VARCHAR(64) NOT NULL, -- frontend:KEY, operator:NAME
	asked_at BIGINT NOT NULL,
	stopped_by VARCHAR(64) NOT NULL, -- '' it goes on; payer: by the link
	stopped_at BIGINT,
	CHECK ((stopped_by = '') = (stopped_at IS NULL)),
	PRIMARY KEY (akey, portal, supplier, account)
);

-- Letters with bills: of an account and a month one, whatever happens.
CREATE TABLE bill_mail (
	akey VARCHAR(8) NOT NULL,
	id VARCHAR(26) NOT NULL, -- of its job, and in its Message-ID
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	account VARCHAR(40) NOT NULL,
	month VARCHAR(7) NOT NULL CHECK (length(month) = 7),
	state VARCHAR(8) NOT NULL CHECK (state IN ('waiting', 'sent', 'refused',
		'absent', 'stopped', 'failed')), -- absent: there is no bill
	reason VARCHAR(40) NOT NULL, -- why it is not sent, an id of reason.def
	due_at BIGINT NOT NULL, -- also the date of the letter
	tries BIGINT NOT NULL CHECK (tries >= 0),
	created_at BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	PRIMARY KEY (akey, id),
	UNIQUE (akey, portal, supplier, account, month)
);
-- What became of a month.
CREATE INDEX bill_mail_by_month ON bill_mail (month, portal, supplier, state);
