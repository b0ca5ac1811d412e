-- Reports that somebody gets regularly, by mail or into a folder (S8).

-- What and when: rows of the operator's hand (kvitokctl report schedule).
-- Periods without gaps or overlaps begin with next_day; each is sent once.
CREATE TABLE report_schedule (
	id VARCHAR(26) NOT NULL PRIMARY KEY, -- ULID
	name VARCHAR(40) NOT NULL,
	portal VARCHAR(32) NOT NULL,
	supplier VARCHAR(32) NOT NULL, -- '' the whole portal; else nothing of
		-- any other supplier is in the report
	report VARCHAR(40) NOT NULL, -- by its name
	format VARCHAR(8) NOT NULL,
	encoding VARCHAR(8) NOT NULL, -- of CSV
	separator VARCHAR(1) NOT NULL, -- of CSV
	of_contract VARCHAR(32) NOT NULL, -- '' any; so are the others
	of_bank VARCHAR(16) NOT NULL,
	of_state VARCHAR(32) NOT NULL,
	of_account VARCHAR(100) NOT NULL,
	period VARCHAR(9) NOT NULL, -- day, day:N, week, month, since
	days VARCHAR(9) NOT NULL, -- every, working, week:N, month:N
	at_time VARCHAR(5) NOT NULL CHECK (length(at_time) = 5), -- HH:MM of the
		-- portal's zone
	by_mail SMALLINT NOT NULL CHECK (by_mail IN (0, 1)),
	target VARCHAR(2000) NOT NULL, -- addresses parted by a space, or the
		-- pattern of a file below [reports] outbox
	next_day VARCHAR(10) NOT NULL CHECK (length(next_day) = 10), -- that the
		-- next period begins with
	to_day VARCHAR(10) NOT NULL, -- last day of all periods; '' no end
	next_at BIGINT NOT NULL, -- that it falls due; 0: it has ended
	missed BIGINT NOT NULL, -- periods that were too many to be made up
	made_by VARCHAR(64) NOT NULL, -- operator:NAME
	made_at BIGINT NOT NULL,
	stopped_by VARCHAR(64) NOT NULL, -- '' it goes on
	stopped_at BIGINT,
	CHECK ((stopped_by = '') = (stopped_at IS NULL))
);
-- A name is that of one schedule that goes on.
CREATE UNIQUE INDEX report_schedule_name ON report_schedule (name)
	WHERE stopped_at IS NULL;
CREATE INDEX report_schedule_due ON report_schedule (next_at)
	WHERE stopped_at IS NULL AND next_at > 0;

-- A period of a schedule: written once, when it falls due.
CREATE TABLE report_run (
	id VARCHAR(26) NOT NULL PRIMARY KEY, -- ULID
	schedule VARCHAR(26) NOT NULL,
	from_day VARCHAR(10) NOT NULL CHECK (length(from_day) = 10),
	to_day VARCHAR(10) NOT NULL CHECK (length(to_day) = 10),
	order_id VARCHAR(26) NOT NULL, -- report_order; '' it could not be asked
		-- for, and its parcels say why
	due_at BIGINT NOT NULL,
	times BIGINT NOT NULL CHECK (times > 0), -- it was sent on purpose
	made_at BIGINT NOT NULL,
	UNIQUE (schedule, from_day, to_day)
);

-- What goes out of a run: a letter to each address, or the file.
CREATE TABLE report_parcel (
	run VARCHAR(26) NOT NULL,
	n BIGINT NOT NULL CHECK (n > 0),
	target VARCHAR(300) NOT NULL, -- address, or path below [reports] outbox
	state VARCHAR(8) NOT NULL CHECK (state IN ('waiting', 'done', 'refused',
		'failed')),
	reason VARCHAR(40) NOT NULL, -- of the last try, an id of reason.def
	tries BIGINT NOT NULL CHECK (tries >= 0), -- since it was sent on purpose
	fence BIGINT NOT NULL CHECK (fence >= tries), -- of a claim
	next_at BIGINT NOT NULL, -- of the next try; claimed: end of the lease
	changed_at BIGINT NOT NULL,
	PRIMARY KEY (run, n)
);
CREATE INDEX report_parcel_waiting ON report_parcel (next_at, run, n)
	WHERE state = 'waiting';
CREATE INDEX report_parcel_bad ON report_parcel (run)
	WHERE state IN ('refused', 'failed');
