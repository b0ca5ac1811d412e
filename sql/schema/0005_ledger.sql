-- The ledger: double entry, append only.  A transfer moves money between
-- accounts; its lines sum to zero (debit above zero, credit below).  What
-- caused it and its kind are unique together: nothing is posted twice.
--
-- Accounts are words: receivable/CONTRACT, payable/PORTAL/SUPPLIER,
-- commission/PORTAL, refunds_due/CONTRACT.
-- The day is the business day, of Moscow, whatever the portal's zone.
--
-- There are no foreign keys between these tables: their check takes a row
-- lock, for which PostgreSQL wants the right to UPDATE, which nobody has.

CREATE TABLE ledger_transfer (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	id VARCHAR(26) NOT NULL, -- ULID
	cause VARCHAR(100) NOT NULL, -- number of a payment, bank number, ...
	kind VARCHAR(32) NOT NULL, -- paid, second_payment, ...
	number VARCHAR(24) NOT NULL, -- payment that it is about; '' none
	day VARCHAR(10) NOT NULL CHECK (length(day) = 10),
	at BIGINT NOT NULL,
	PRIMARY KEY (akey, id),
	UNIQUE (akey, cause, kind)
);

CREATE TABLE ledger_line (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	transfer VARCHAR(26) NOT NULL,
	n SMALLINT NOT NULL CHECK (n >= 1),
	account VARCHAR(100) NOT NULL,
	day VARCHAR(10) NOT NULL CHECK (length(day) = 10),
	sum_kop BIGINT NOT NULL CHECK (sum_kop <> 0),
	PRIMARY KEY (akey, transfer, n)
);
CREATE INDEX ledger_line_by_account ON ledger_line (account, day);

-- Turnover by account and day, in slots by akey so that no row is hot: what
-- an account has is the sum of its slots.  Derived from the lines, proved by
-- the audit.
CREATE TABLE ledger_day (
	account VARCHAR(100) NOT NULL,
	day VARCHAR(10) NOT NULL CHECK (length(day) = 10),
	slot SMALLINT NOT NULL CHECK (slot BETWEEN 0 AND 15),
	debit_kop BIGINT NOT NULL CHECK (debit_kop >= 0),
	credit_kop BIGINT NOT NULL CHECK (credit_kop >= 0),
	PRIMARY KEY (account, day, slot)
);

-- Append only by force: the worker's own rights on PostgreSQL (its user must
-- be no superuser), triggers on SQLite.
/*postgresql*/ REVOKE UPDATE, DELETE, TRUNCATE ON ledger_transfer, ledger_line
	FROM CURRENT_USER;
/*sqlite*/ CREATE TRIGGER ledger_transfer_stays BEFORE UPDATE ON ledger_transfer
	BEGIN SELECT RAISE(ABORT, 'the ledger is append only'); END;
/*sqlite*/ CREATE TRIGGER ledger_transfer_lasts BEFORE DELETE ON ledger_transfer
	BEGIN SELECT RAISE(ABORT, 'the ledger is append only'); END;
/*sqlite*/ CREATE TRIGGER ledger_line_stays BEFORE UPDATE ON ledger_line
	BEGIN SELECT RAISE(ABORT, 'the ledger is append only'); END;
/*sqlite*/ CREATE TRIGGER ledger_line_lasts BEFORE DELETE ON ledger_line
	BEGIN SELECT RAISE(ABORT, 'the ledger is append only'); END;
