-- Mailbox of Kvitok in a supplier's database: PostgreSQL.
-- Run once, in the database (or schema) that Kvitok's user connects to.
--
-- kvitok_in: documents to Kvitok.  Write the parts first, then the row; or both in one transaction.
--   state: new (yours), reading (Kvitok is at it), held (waits for another one), applied, skipped, aside (bad: put it
--   right, under the same number, and set new), refused (the number was used before, with another content).  A row that
--   is set new while Kvitok reads is read again.
-- kvitok_out: Kvitok's documents and acknowledgements.  Take those that are new in order of number, then set taken;
-- answer each but acknowledgements with an acknowledgement.  The same number again is the same document again.
-- body: the XML in UTF-8, cut at any character, parts counted from 1; at most 1 000 000 characters each.
--
-- Kvitok's user needs: SELECT on kvitok_in and kvitok_in_part; UPDATE of state, words, answered_at of kvitok_in; SELECT,
-- INSERT, UPDATE, DELETE on kvitok_out and kvitok_out_part.  Nothing else.

CREATE TABLE kvitok_in (
	number BIGINT NOT NULL PRIMARY KEY CHECK (number >= 1), -- 1, 2, 3 without gaps, of all kinds together
	kind VARCHAR(32) NOT NULL, -- charges, balances, ...
	parts INT NOT NULL CHECK (parts BETWEEN 1 AND 1000000),
	state VARCHAR(8) DEFAULT 'new' NOT NULL
		CHECK (state IN ('new', 'reading', 'held', 'applied', 'skipped', 'aside', 'refused')),
	words VARCHAR(1000), -- why it was not applied
	answered_at VARCHAR(30) -- by Kvitok, UTC
);

CREATE TABLE kvitok_in_part (
	number BIGINT NOT NULL,
	part INT NOT NULL CHECK (part >= 1),
	body TEXT NOT NULL,
	PRIMARY KEY (number, part)
);

CREATE TABLE kvitok_out (
	number BIGINT NOT NULL PRIMARY KEY CHECK (number >= 1), -- ours: 1, 2, 3 without gaps
	kind VARCHAR(32) NOT NULL, -- payments, ..., acknowledgement
	of_number BIGINT NOT NULL, -- acknowledgement: of your document; 0 else
	parts INT NOT NULL,
	state VARCHAR(8) NOT NULL CHECK (state IN ('new', 'taken')),
	made_at VARCHAR(30) NOT NULL -- UTC
);

CREATE TABLE kvitok_out_part (
	number BIGINT NOT NULL,
	part INT NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (number, part)
);
