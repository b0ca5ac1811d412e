-- Reference data and accounts.

-- name: ref_version
SELECT version FROM ref_version WHERE one = 1

-- name: ref_raise
UPDATE ref_version SET version = version + 1 WHERE one = 1

-- name: ref_portals
SELECT portal, title, url, mail_from, support, zone_name, zone_min,
	payment_life_s, lines_max
FROM portal ORDER BY portal

-- name: ref_hosts
SELECT portal, host FROM portal_host ORDER BY portal, host

-- name: ref_suppliers
SELECT portal, supplier, title, inn, account_hint, account_example, from_day,
	COALESCE(to_day, ''), COALESCE(kpp, ''), COALESCE(settlement_account, ''),
	COALESCE(bic, ''), COALESCE(bank_title, ''),
	COALESCE(correspondent_account, '')
FROM supplier ORDER BY portal, position, supplier

-- name: ref_services
SELECT portal, supplier, service, title, from_day, COALESCE(to_day, '')
FROM service ORDER BY portal, position, supplier, service

-- name: ref_fees
SELECT portal, supplier, service, from_day, COALESCE(to_day, ''), bearer,
	rate_ppm, fixed_kop, min_kop, max_kop
FROM fee_rule ORDER BY portal, supplier, service, from_day

-- name: ref_limits
SELECT portal, supplier, service, from_day, COALESCE(to_day, ''), scope,
	min_kop, max_kop
FROM limit_rule ORDER BY portal, scope, supplier, service, from_day

-- name: ref_contracts
SELECT contract, bank, title, from_day, COALESCE(to_day, ''),
	COALESCE(own_account, '')
FROM bank_contract ORDER BY contract

-- name: ref_own_accounts
SELECT own_account, title, inn, COALESCE(kpp, ''), account, bic, bank_title,
	COALESCE(correspondent_account, '')
FROM own_account ORDER BY own_account

-- name: ref_deals
SELECT portal, supplier, from_day, COALESCE(to_day, ''), number, signed_day,
	own_account, purpose, register_layout, min_kop
FROM supplier_contract ORDER BY portal, supplier, from_day

-- name: ref_routes
SELECT portal, supplier, service, contract, from_day, COALESCE(to_day, ''),
	preference
FROM route ORDER BY portal, supplier, service, preference, from_day

-- name: ref_keys
SELECT key_id, key_hash, portal, title, rights, supplier
FROM frontend_key WHERE withdrawn_at IS NULL

-- name: ref_key_put
-- in: key_id, key_hash, portal, rights, title, supplier, created_at
INSERT INTO frontend_key (key_id, key_hash, portal, rights, title, supplier,
	created_at)
VALUES (?, ?, ?, ?, ?, ?, ?)

-- name: ref_key_withdraw
-- in: at, key_id
UPDATE frontend_key SET withdrawn_at = ?
WHERE key_id = ? AND withdrawn_at IS NULL

-- name: account_get
-- in: akey, portal, supplier, account
SELECT shown, owner, address, COALESCE(closed_day, '') FROM account
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?

-- name: account_known
-- in: akey, portal, supplier, account
SELECT COALESCE(closed_day, '') FROM account
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?

-- name: account_debts
-- in: akey, portal, supplier, account
SELECT service, as_of_day, debt_kop FROM debt
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?
ORDER BY service

-- name: account_meters
-- in: akey, portal, supplier, account
SELECT meter, title, serial, unit, last_day, COALESCE(verify_day, ''), digits,
	last_value
FROM meter
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?
ORDER BY title, meter

-- name: account_put
-- in: akey, portal, supplier, account, shown, owner, address
INSERT INTO account (akey, portal, supplier, account, shown, owner, address)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (akey, portal, supplier, account) DO UPDATE SET
	shown = excluded.shown,
	owner = excluded.owner,
	address = excluded.address

-- name: debt_drop
-- in: akey, portal, supplier, account
DELETE FROM debt
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?

-- name: debt_put
-- in: akey, portal, supplier, account, service, debt_kop, as_of_day
INSERT INTO debt (akey, portal, supplier, account, service, debt_kop,
	as_of_day)
VALUES (?, ?, ?, ?, ?, ?, ?)

-- name: meter_drop
-- in: akey, portal, supplier, account
DELETE FROM meter
WHERE akey = ? AND portal = ? AND supplier = ? AND account = ?

-- name: meter_put
-- in: akey, portal, supplier, account, meter, title, serial, unit, digits,
-- in: last_value, last_day, verify_day
INSERT INTO meter (akey, portal, supplier, account, meter, title, serial,
	unit, digits, last_value, last_day, verify_day)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
