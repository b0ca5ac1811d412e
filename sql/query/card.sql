-- Cards that banks remember.

-- name: card_client_put
-- in: akey, portal, payer, contract, client, created_at
INSERT INTO card_client (akey, portal, payer, contract, client, created_at)
VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (akey, portal, payer, contract) DO NOTHING

-- name: card_client_get
-- in: akey, portal, payer, contract
SELECT akey, portal, payer, contract, client, created_at, looked_at
FROM card_client WHERE akey = ? AND portal = ? AND payer = ? AND contract = ?

-- name: card_client_of
-- in: akey, client
SELECT akey, portal, payer, contract, client, created_at, looked_at
FROM card_client WHERE akey = ? AND client = ?

-- name: card_client_looked
-- in: at, akey, client
UPDATE card_client SET looked_at = ? WHERE akey = ? AND client = ?

-- name: card_put
-- in: akey, id, portal, payer, contract, bank, client, bank_card, mask,
-- in: scheme, expiry, akey, portal, payer, offer, offer_hash, offer_at,
-- in: origin, bound_at, changed_at
-- The first one is the default.
INSERT INTO card (akey, id, portal, payer, contract, bank, client, bank_card,
	mask, scheme, expiry, state, is_default, offer, offer_hash, offer_at,
	origin, bound_at, changed_at)
SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'active',
	CASE WHEN EXISTS (SELECT 1 FROM card d WHERE d.akey = ?
		AND d.portal = ? AND d.payer = ? AND d.is_default = 1)
	THEN 0 ELSE 1 END, ?, ?, ?, ?, ?, ?
WHERE 1 = 1
ON CONFLICT DO NOTHING

-- name: card_load
-- in: akey, id
SELECT akey, id, portal, payer, contract, bank, client, bank_card, mask,
	scheme, expiry, state, offer, offer_hash, origin, is_default, offer_at,
	bound_at, changed_at
FROM card WHERE akey = ? AND id = ?

-- name: card_list
-- in: akey, portal, payer, limit
SELECT akey, id, portal, payer, contract, bank, client, bank_card, mask,
	scheme, expiry, state, offer, offer_hash, origin, is_default, offer_at,
	bound_at, changed_at
FROM card
WHERE akey = ? AND portal = ? AND payer = ? AND state <> 'unbound'
ORDER BY bound_at, id LIMIT ?

-- name: card_move
-- in: to, to, to, at, mask, scheme, expiry, akey, id, from
-- NULL leaves a column as it is.
UPDATE card SET state = ?,
	is_default = CASE WHEN CAST(? AS VARCHAR(16)) = 'unbinding'
		OR CAST(? AS VARCHAR(16)) = 'unbound' THEN 0 ELSE is_default END,
	changed_at = ?,
	mask = COALESCE(?, mask),
	scheme = COALESCE(?, scheme),
	expiry = COALESCE(?, expiry)
WHERE akey = ? AND id = ? AND state = ?

-- name: card_prefer_none
-- in: akey, portal, payer, id
UPDATE card SET is_default = 0
WHERE akey = ? AND portal = ? AND payer = ? AND id <> ? AND is_default = 1

-- name: card_prefer
-- in: at, akey, id
UPDATE card SET is_default = 1, changed_at = ?
WHERE akey = ? AND id = ? AND state NOT IN ('unbinding', 'unbound')
