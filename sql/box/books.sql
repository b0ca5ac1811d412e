-- Books of a supplier in the box (kvitok-sim supplier): the same text for
-- SQLite, PostgreSQL and MariaDB.  "kvitok-sim supplier -c FILE create" makes
-- them, and the mailbox (sql/mailbox) beside them.
--
-- These are the supplier's books, not Kvitok's: nothing of Kvitok reads or
-- writes them.  Sums are kopecks; what is owed is above zero.

-- Whose flat it is.
CREATE TABLE box_account (
	number VARCHAR(40) NOT NULL PRIMARY KEY,
	owner VARCHAR(160) NOT NULL,
	address VARCHAR(300) NOT NULL
);

-- One meter of each account, when the settings name its service.
CREATE TABLE box_meter (
	meter VARCHAR(40) NOT NULL PRIMARY KEY,
	account VARCHAR(40) NOT NULL,
	service VARCHAR(32) NOT NULL,
	last_value BIGINT NOT NULL,
	last_day VARCHAR(10) NOT NULL
);

-- Everything that changes a debt, once: the id says what it was, for example
-- payment/7K3M9QZT-4F8D2K1M0X/1.  Rows are added; only month changes, once.
CREATE TABLE box_entry (
	id VARCHAR(160) NOT NULL PRIMARY KEY,
	account VARCHAR(40) NOT NULL,
	service VARCHAR(32) NOT NULL,
	kind VARCHAR(16) NOT NULL CHECK (kind IN ('charge', 'payment', 'refund', 'elsewhere')),
	day VARCHAR(10) NOT NULL,
	month VARCHAR(7) NOT NULL, -- whose bill counts it; empty: none yet
	kop BIGINT NOT NULL,
	document BIGINT NOT NULL -- Kvitok's, that brought it; 0: our own
);

-- Readings that Kvitok has brought, once, and whether they were answered.
CREATE TABLE box_reading (
	id VARCHAR(64) NOT NULL PRIMARY KEY,
	meter VARCHAR(40) NOT NULL,
	given BIGINT NOT NULL,
	taken_at VARCHAR(40) NOT NULL,
	document BIGINT NOT NULL,
	answered BIGINT NOT NULL -- our document; 0: not yet
);

-- What payers ask, once, as Kvitok has brought it, and what was answered last.
CREATE TABLE box_request (
	id VARCHAR(64) NOT NULL PRIMARY KEY,
	kind VARCHAR(32) NOT NULL,
	account VARCHAR(40) NOT NULL, -- empty: of an application
	made_at VARCHAR(40) NOT NULL,
	words VARCHAR(4000) NOT NULL,
	closed_at VARCHAR(40) NOT NULL, -- by the payer; empty: it was not
	state VARCHAR(16) NOT NULL, -- of our last answer; empty: none
	document BIGINT NOT NULL, -- Kvitok's, that brought it
	answer BIGINT NOT NULL -- our document; 0: not yet
);

-- Their files, whose digests were right; what is in them lies in the mailbox.
CREATE TABLE box_request_file (
	request VARCHAR(64) NOT NULL,
	n INT NOT NULL,
	name VARCHAR(160) NOT NULL,
	type VARCHAR(32) NOT NULL,
	size BIGINT NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	PRIMARY KEY (request, n)
);

-- Months that were charged.
CREATE TABLE box_month (
	month VARCHAR(7) NOT NULL PRIMARY KEY,
	paid_to_day VARCHAR(10) NOT NULL
);

-- Our documents, as they were made, and what became of them.
CREATE TABLE box_doc (
	number BIGINT NOT NULL PRIMARY KEY,
	kind VARCHAR(32) NOT NULL,
	parts INT NOT NULL,
	state VARCHAR(8) NOT NULL CHECK (state IN ('ready', 'sent', 'again', 'done', 'stuck')),
	trouble VARCHAR(32) NOT NULL, -- the fault that it is sent with; empty: none
	wait_until BIGINT NOT NULL, -- ms UTC; it is not sent before
	tries INT NOT NULL, -- how often it was refused and put right
	said BIGINT NOT NULL, -- its records
	said_kop BIGINT NOT NULL, -- its control sum
	told VARCHAR(8) NOT NULL, -- Kvitok's acknowledgement: applied, refused; empty: none
	told_applied BIGINT NOT NULL,
	told_kop BIGINT NOT NULL,
	told_refused BIGINT NOT NULL
);

CREATE TABLE box_doc_part (
	number BIGINT NOT NULL,
	part INT NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (number, part)
);

-- Kvitok's documents, by its numbers.
CREATE TABLE box_taken (
	number BIGINT NOT NULL PRIMARY KEY,
	kind VARCHAR(32) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	state VARCHAR(8) NOT NULL CHECK (state IN ('applied', 'refused')),
	words VARCHAR(1000) NOT NULL, -- why it was refused
	applied BIGINT NOT NULL,
	applied_kop BIGINT NOT NULL,
	refused BIGINT NOT NULL,
	seen BIGINT NOT NULL, -- how often it came
	changed BIGINT NOT NULL, -- how often with another content, once applied
	answer_at BIGINT NOT NULL, -- ms UTC: acknowledged then; 0: it was, or need not be
	answer BIGINT NOT NULL -- our last acknowledgement of it; 0: none yet
);

-- Records of theirs that we did not book.
CREATE TABLE box_refused (
	number BIGINT NOT NULL,
	record BIGINT NOT NULL,
	words VARCHAR(300) NOT NULL,
	PRIMARY KEY (number, record)
);
