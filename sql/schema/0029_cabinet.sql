-- The accountant's pages: a report may be asked for by a person, too.
ALTER TABLE report_order ADD COLUMN by_staff SMALLINT NOT NULL DEFAULT 0
	CHECK (by_staff IN (0, 1)); -- 1: key_id is staff.id, not frontend_key's
-- What waits for an accountant is counted on every look.
CREATE INDEX settlement_waiting ON settlement (portal, day)
	WHERE state = 'prepared';
