-- What suppliers tell of an account and the people behind it (A3; documents
-- "accounts").  Each telling takes the place of the one before, as a whole.
-- Personal data: shown masked, logged never, removed some time after the
-- account was closed.
ALTER TABLE account ADD COLUMN persons BIGINT CHECK (persons >= 0);
	-- how many live there; NULL: not told
ALTER TABLE account ADD COLUMN area_micro BIGINT CHECK (area_micro >= 0);
	-- millionths of a square metre; NULL: not told
ALTER TABLE account ADD COLUMN closed_day VARCHAR(10)
	CHECK (length(closed_day) = 10);
	-- closed from this day on; NULL: it is open
ALTER TABLE account ADD COLUMN people SMALLINT NOT NULL DEFAULT 0
	CHECK (people IN (0, 1)); -- 1: something of them is kept, here or below
-- Whose people are to be forgotten.
CREATE INDEX account_by_closed_day ON account (closed_day)
	WHERE people = 1 AND closed_day IS NOT NULL;

-- Rights to pay the supplier less.  Some tell of somebody's health: only for
-- who has proved to be the owner.
CREATE TABLE account_benefit (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	account VARCHAR(40) NOT NULL,
	n SMALLINT NOT NULL CHECK (n BETWEEN 1 AND 20), -- in the order told
	kind VARCHAR(32) NOT NULL, -- the supplier's own
	title VARCHAR(160) NOT NULL, -- for people
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) CHECK (length(to_day) = 10 AND to_day >= from_day),
		-- its last day; NULL: without end
	PRIMARY KEY (akey, portal, supplier, account, n),
	FOREIGN KEY (akey, portal, supplier, account)
		REFERENCES account (akey, portal, supplier, account)
);

-- How the supplier reaches the owner.
CREATE TABLE account_contact (
	akey VARCHAR(8) NOT NULL CHECK (length(akey) = 8),
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL,
	account VARCHAR(40) NOT NULL,
	kind VARCHAR(5) NOT NULL CHECK (kind IN ('email', 'phone')),
	n SMALLINT NOT NULL CHECK (n BETWEEN 1 AND 5), -- in the order told
	value VARCHAR(254) NOT NULL, -- of a phone: +7 and ten digits
	PRIMARY KEY (akey, portal, supplier, account, kind, n),
	FOREIGN KEY (akey, portal, supplier, account)
		REFERENCES account (akey, portal, supplier, account)
);
