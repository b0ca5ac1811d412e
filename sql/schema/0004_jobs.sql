-- Everything that is owed.  A claimed job's due_at is the end of its lease:
-- whoever dies leaves it to fall due again.  runs is the fence: only the run
-- that claimed a job last may write its outcome.

CREATE TABLE job (
	akey VARCHAR(8) NOT NULL,
	id VARCHAR(26) NOT NULL,
	kind VARCHAR(32) NOT NULL, -- ask, receipt, cancel, ...
	ref VARCHAR(64) NOT NULL, -- what it is about: a number or bank number
	state VARCHAR(8) NOT NULL CHECK (state IN ('due', 'done', 'failed')),
	due_at BIGINT NOT NULL,
	leased_by VARCHAR(64) NOT NULL, -- '' nobody
	runs BIGINT NOT NULL,
	fails BIGINT NOT NULL, -- in a row
	created_at BIGINT NOT NULL,
	ended_at BIGINT,
	last_error VARCHAR(400) NOT NULL,
	progress TEXT NOT NULL, -- the handler's own memory between runs
	PRIMARY KEY (akey, id),
	UNIQUE (akey, kind, ref)
);
CREATE INDEX job_due ON job (due_at) WHERE state = 'due';
CREATE INDEX job_failed ON job (ended_at) WHERE state = 'failed';
