-- Reports read rows of registers, and readings that were handed over, a page at
-- a time.
DROP INDEX register_row_by_day;
CREATE INDEX register_row_by_day
	ON register_row (contract, day, state, akey, row_key);
CREATE INDEX reading_by_given ON reading (given_at, akey, id)
	WHERE state = 'given';
