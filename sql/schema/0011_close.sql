-- Closed days of the ledger.  A day is closed when its row of ledger_close is
-- there; the other tables come before it and are the same however often they
-- are made.  Append only, as the ledger is.

-- Nothing is posted into this day, or an earlier one, from now on.
CREATE TABLE ledger_shut (
	day VARCHAR(10) NOT NULL PRIMARY KEY CHECK (length(day) = 10),
	at BIGINT NOT NULL
);

-- The hash of a day covers its transfers, its lines, and the hash of the day
-- before: domain/seal.h.
CREATE TABLE ledger_close (
	day VARCHAR(10) NOT NULL PRIMARY KEY CHECK (length(day) = 10),
	hash VARCHAR(64) NOT NULL CHECK (length(hash) = 64),
	previous VARCHAR(64) NOT NULL, -- hash of the day before; '' the first
	transfers BIGINT NOT NULL CHECK (transfers >= 0),
	lines BIGINT NOT NULL CHECK (lines >= 0),
	debit_kop BIGINT NOT NULL,
	credit_kop BIGINT NOT NULL CHECK (credit_kop = debit_kop),
	actor VARCHAR(64) NOT NULL, -- operator:NAME
	at BIGINT NOT NULL
);

-- What each transfer of a closed day was, so that one that has changed can be
-- named: lines of "AKEY ID MARK" in order, MARK being 16 hex digits of the
-- transfer's own hash.  Not part of the day's hash.
CREATE TABLE ledger_mark (
	day VARCHAR(10) NOT NULL CHECK (length(day) = 10),
	n BIGINT NOT NULL CHECK (n >= 1), -- 1, 2, ...: parts of a day
	marks TEXT NOT NULL,
	PRIMARY KEY (day, n)
);

-- What an account has at the end of a closed day on which it was moved: at the
-- end of any other day it has what it had before.
CREATE TABLE ledger_balance (
	account VARCHAR(100) NOT NULL,
	day VARCHAR(10) NOT NULL CHECK (length(day) = 10),
	balance_kop BIGINT NOT NULL, -- debit above zero
	PRIMARY KEY (account, day)
);

CREATE INDEX ledger_balance_by_day ON ledger_balance (day);
CREATE INDEX ledger_transfer_by_day ON ledger_transfer (day, akey, id);
CREATE INDEX ledger_day_by_day ON ledger_day (day, account);

/*postgresql*/ REVOKE UPDATE, DELETE, TRUNCATE ON ledger_shut, ledger_close,
	ledger_mark, ledger_balance FROM CURRENT_USER;
-- A closed day takes nothing more, whoever inserts (its user must be no
-- superuser).
/*postgresql*/ ALTER TABLE ledger_transfer ENABLE ROW LEVEL SECURITY;
/*postgresql*/ ALTER TABLE ledger_transfer FORCE ROW LEVEL SECURITY;
/*postgresql*/ CREATE POLICY ledger_transfer_read ON ledger_transfer
	FOR SELECT USING (true);
/*postgresql*/ CREATE POLICY ledger_transfer_open ON ledger_transfer
	FOR INSERT WITH CHECK (day > COALESCE(
		(SELECT MAX(s.day) FROM ledger_shut s), ''));
/*postgresql*/ ALTER TABLE ledger_line ENABLE ROW LEVEL SECURITY;
/*postgresql*/ ALTER TABLE ledger_line FORCE ROW LEVEL SECURITY;
/*postgresql*/ CREATE POLICY ledger_line_read ON ledger_line
	FOR SELECT USING (true);
/*postgresql*/ CREATE POLICY ledger_line_open ON ledger_line
	FOR INSERT WITH CHECK (day > COALESCE(
		(SELECT MAX(s.day) FROM ledger_shut s), ''));
/*sqlite*/ CREATE TRIGGER ledger_transfer_open BEFORE INSERT ON ledger_transfer
	WHEN NEW.day <= (SELECT MAX(day) FROM ledger_shut)
	BEGIN SELECT RAISE(ABORT, 'the day is closed'); END;
/*sqlite*/ CREATE TRIGGER ledger_line_open BEFORE INSERT ON ledger_line
	WHEN NEW.day <= (SELECT MAX(day) FROM ledger_shut)
	BEGIN SELECT RAISE(ABORT, 'the day is closed'); END;
/*sqlite*/ CREATE TRIGGER ledger_shut_stays BEFORE UPDATE ON ledger_shut
	BEGIN SELECT RAISE(ABORT, 'the ledger is append only'); END;
/*sqlite*/ CREATE TRIGGER ledger_shut_lasts BEFORE DELETE ON ledger_shut
	BEGIN SELECT RAISE(ABORT, 'the ledger is append only'); END;
/*sqlite*/ CREATE TRIGGER ledger_close_stays BEFORE UPDATE ON ledger_close
	BEGIN SELECT RAISE(ABORT, 'the ledger is append only'); END;
/*sqlite*/ CREATE TRIGGER ledger_close_lasts BEFORE DELETE ON ledger_close
	BEGIN SELECT RAISE(ABORT, 'the ledger is append only'); END;
/*sqlite*/ CREATE TRIGGER ledger_mark_stays BEFORE UPDATE ON ledger_mark
	BEGIN SELECT RAISE(ABORT, 'the ledger is append only'); END;
/*sqlite*/ CREATE TRIGGER ledger_mark_lasts BEFORE DELETE ON ledger_mark
	BEGIN SELECT RAISE(ABORT, 'the ledger is append only'); END;
/*sqlite*/ CREATE TRIGGER ledger_balance_stays BEFORE UPDATE ON ledger_balance
	BEGIN SELECT RAISE(ABORT, 'the ledger is append only'); END;
/*sqlite*/ CREATE TRIGGER ledger_balance_lasts BEFORE DELETE ON ledger_balance
	BEGIN SELECT RAISE(ABORT, 'the ledger is append only'); END;
