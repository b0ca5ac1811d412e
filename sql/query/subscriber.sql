-- What suppliers tell of an account and its people.  Documents replace all of
-- it (exchange_account_put); PostgreSQL does so in bulk (exchange_accounts_put).

-- name: subscriber_benefits_drop
-- in: akey, portal, supplier, account
DELETE FROM account_benefit
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?

-- name: subscriber_benefit_put
-- in: akey, portal, supplier, account, n, kind, title, from_day, to_day
INSERT INTO account_benefit (akey, portal, supplier, account, n, kind, title,
	from_day, to_day)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: subscriber_contacts_drop
-- in: akey, portal, supplier, account
DELETE FROM account_contact
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?

-- name: subscriber_contact_put
-- in: akey, portal, supplier, account, kind, n, value
INSERT INTO account_contact (akey, portal, supplier, account, kind, n, value)
VALUES (?, ?, ?, ?, ?, ?, ?)

-- name: subscriber_facts
-- in: akey, portal, supplier, account
SELECT COALESCE(persons, -1), COALESCE(area_micro, -1),
	COALESCE(closed_day, '')
FROM account
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?

-- name: subscriber_benefits
-- in: akey, portal, supplier, account
SELECT kind, title, from_day, COALESCE(to_day, '') FROM account_benefit
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ? ORDER BY n

-- name: subscriber_contacts
-- in: akey, portal, supplier, account
SELECT kind, value FROM account_contact
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?
ORDER BY kind, n

-- name: subscriber_over
-- in: before_day, limit
-- Accounts that were closed before a day, and of whose people something is
-- kept.
SELECT akey, portal, supplier, account FROM account
WHERE people = 1 AND closed_day IS NOT NULL AND closed_day < ?
ORDER BY closed_day LIMIT ?

-- name: subscriber_forget
-- in: akey, portal, supplier, account, before_day
-- Not when the supplier has told otherwise meanwhile.
UPDATE account SET people = 0, persons = NULL, area_micro = NULL
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ? AND people = 1
	AND closed_day IS NOT NULL AND closed_day < ?
