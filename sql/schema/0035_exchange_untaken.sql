-- What suppliers leave lying (X3).

-- Of what lay in the supplier's mailbox when it was looked into last, and was
-- not fetched, the first number; NULL: nothing.
ALTER TABLE exchange_peer ADD COLUMN untaken BIGINT;
