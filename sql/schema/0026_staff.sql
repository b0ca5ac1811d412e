-- People who sit at the desk: accountants of a portal or of one supplier.
CREATE TABLE staff (
	id VARCHAR(26) NOT NULL PRIMARY KEY, -- ULID
	login VARCHAR(40) NOT NULL UNIQUE CHECK (length(login) >= 3), -- folded;
		-- it stays with its person for ever, for the trail names it
	name VARCHAR(120) NOT NULL,
	hash VARCHAR(160) NOT NULL, -- argon2id of the password, in PHC's form
	must_change SMALLINT NOT NULL CHECK (must_change IN (0, 1)),
		-- the password was made by somebody else
	portal VARCHAR(32) NOT NULL REFERENCES portal (portal),
	supplier VARCHAR(32) NOT NULL, -- that alone is seen; '' the whole portal
	rights VARCHAR(60) NOT NULL, -- words: read refund report admin
	state VARCHAR(8) NOT NULL CHECK (state IN ('active', 'blocked')),
	created_at BIGINT NOT NULL,
	created_by VARCHAR(64) NOT NULL, -- operator:NAME
	changed_at BIGINT NOT NULL,
	password_at BIGINT NOT NULL, -- when it was set
	entered_at BIGINT -- the last time
);

-- Who is logged in.  The token itself is in the browser alone.
CREATE TABLE staff_session (
	digest VARCHAR(64) NOT NULL PRIMARY KEY CHECK (length(digest) = 64),
		-- SHA-256 of the token
	staff VARCHAR(26) NOT NULL REFERENCES staff (id),
	created_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL, -- the last request, to the minute
	expires_at BIGINT NOT NULL, -- however busy it is
	address VARCHAR(45) NOT NULL -- network that it was begun from: 192.0.2.*
);
CREATE INDEX staff_session_by_staff ON staff_session (staff, created_at);

-- Wrong passwords of a login from an address, whether there is such a login or
-- not: the next try has to wait.
CREATE TABLE staff_try (
	subject VARCHAR(64) NOT NULL PRIMARY KEY CHECK (length(subject) = 64),
		-- SHA-256 of both
	login VARCHAR(40) NOT NULL, -- of a person; '' there is none
	fails BIGINT NOT NULL CHECK (fails > 0),
	last_at BIGINT NOT NULL,
	locked_until BIGINT NOT NULL -- not before
);
CREATE INDEX staff_try_by_time ON staff_try (last_at);

-- The trail: who came in, who failed to, and what was done with money and
-- rights.  Nothing in it changes; what is older than its time goes.
CREATE TABLE staff_event (
	id VARCHAR(26) NOT NULL PRIMARY KEY, -- ULID: in order of time
	at BIGINT NOT NULL,
	actor VARCHAR(64) NOT NULL, -- staff:LOGIN, operator:NAME; '' not known
	staff VARCHAR(26) NOT NULL, -- whom it is about; '' a login that is none
	portal VARCHAR(32) NOT NULL, -- of that person; '' the same
	what VARCHAR(40) NOT NULL, -- login, login_wrong, settlement_confirm ...
	object VARCHAR(100) NOT NULL, -- on what: an id, a number; '' nothing
	detail VARCHAR(200) NOT NULL, -- a sum, a reason; '' none
	address VARCHAR(45) NOT NULL -- network: 192.0.2.*; '' from the shell
);
CREATE INDEX staff_event_by_staff ON staff_event (staff, id);
CREATE INDEX staff_event_by_time ON staff_event (at, id);
/*postgresql*/ REVOKE UPDATE, TRUNCATE ON staff_event FROM CURRENT_USER;
-- Ninety days, whatever is set.
/*postgresql*/ CREATE RULE staff_event_lasts AS ON DELETE TO staff_event
	WHERE OLD.at > (EXTRACT(EPOCH FROM clock_timestamp()) - 7776000) * 1000
	DO INSTEAD NOTHING;
/*sqlite*/ CREATE TRIGGER staff_event_stays BEFORE UPDATE ON staff_event
	BEGIN SELECT RAISE(ABORT, 'what was done stays told'); END;
/*sqlite*/ CREATE TRIGGER staff_event_lasts BEFORE DELETE ON staff_event
	WHEN OLD.at > (CAST(strftime('%s', 'now') AS INTEGER) - 7776000) * 1000
	BEGIN SELECT RAISE(ABORT, 'what was done stays told'); END;
