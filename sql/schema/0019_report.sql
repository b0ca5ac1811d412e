-- Reports for accountants read what was posted in the order of time.
CREATE INDEX ledger_transfer_by_time ON ledger_transfer (day, at, akey, id);
