-- A row of a register that nothing here matched, and that a person has assigned
-- to a payment: who, when and why stands in the case by which he did.
ALTER TABLE register_row ADD COLUMN hand_akey VARCHAR(8) NOT NULL DEFAULT '';
ALTER TABLE register_row ADD COLUMN hand_case VARCHAR(26) NOT NULL DEFAULT '';
	-- pay_case; '' nobody has
CREATE INDEX register_row_by_hand ON register_row (hand_akey, hand_case)
	WHERE hand_case <> '';

-- Cases of registers that have resolved themselves say so, as others do: in
-- their columns, and among what was done with them.
INSERT INTO case_event (akey, number, case_id, id, at, kind, actor, resolution,
	note, evidence)
SELECT akey, number, id, id, resolved_at, 'resolved', 'job', 'settled', '',
	'{}'
FROM pay_case
WHERE kind IN ('register_unknown', 'register_missing')
	AND state = 'resolved' AND resolution = '';
UPDATE pay_case SET resolution = 'settled', decided_by = 'job',
	decided_at = resolved_at
WHERE kind IN ('register_unknown', 'register_missing')
	AND state = 'resolved' AND resolution = '';
