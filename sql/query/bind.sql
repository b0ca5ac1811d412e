-- Offers, bindings on their way, what payments were made with.

-- name: offer_list
-- in: contract, day, limit
SELECT contract, version, from_day, title, url, text FROM bank_offer
WHERE contract = ? AND from_day <= ?
ORDER BY from_day DESC, version DESC LIMIT ?

-- name: offer_get
-- in: contract, version
SELECT contract, version, from_day, title, url, text FROM bank_offer
WHERE contract = ? AND version = ?

-- name: bind_put
-- in: akey, id, portal, payer, contract, bank, client, secret, return_url,
-- in: frontend, offer, offer_hash, offer_at, created_at, expires_at,
-- in: changed_at
INSERT INTO card_bind (akey, id, portal, payer, contract, bank, client, secret,
	return_url, frontend, state, bank_id, form_url, reason, offer,
	offer_hash, offer_at, created_at, expires_at, changed_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'created', '', '', '', ?, ?, ?, ?, ?, ?)

-- name: bind_load
-- in: akey, id
SELECT akey, id, portal, payer, contract, bank, client, secret, return_url,
	frontend, state, bank_id, form_url, reason, offer, offer_hash,
	offer_at, created_at, expires_at, started_at
FROM card_bind WHERE akey = ? AND id = ?

-- name: bind_move
-- in: to, at, bank_id, form_url, reason, started_at, akey, id, from
-- NULL leaves a column as it is.
UPDATE card_bind SET state = ?, changed_at = ?,
	bank_id = COALESCE(?, bank_id),
	form_url = COALESCE(?, form_url),
	reason = COALESCE(?, reason),
	started_at = COALESCE(?, started_at)
WHERE akey = ? AND id = ? AND state = ?

-- name: pay_card_put
-- in: akey, number, portal, payer, contract, card, save, offer, offer_hash,
-- in: offer_at
INSERT INTO pay_card (akey, number, portal, payer, contract, card, save, offer,
	offer_hash, offer_at, used_n)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)

-- name: pay_card_get
-- in: akey, number
SELECT akey, number, portal, payer, contract, card, offer, offer_hash, save,
	offer_at, used_n
FROM pay_card WHERE akey = ? AND number = ?

-- name: pay_card_use
-- in: n, akey, number
UPDATE pay_card SET used_n = ? WHERE akey = ? AND number = ?

-- name: pay_choose_put
-- in: akey, number, code_hash, until_at
INSERT INTO pay_choose (akey, number, code_hash, until_at, browser_hash)
VALUES (?, ?, ?, ?, '')

-- name: pay_choose_get
-- in: akey, number
SELECT akey, number, code_hash, browser_hash, until_at, chosen_at
FROM pay_choose WHERE akey = ? AND number = ?

-- name: pay_choose_claim
-- in: browser_hash, at, akey, number, at
UPDATE pay_choose SET browser_hash = ?, claimed_at = ?
WHERE akey = ? AND number = ? AND browser_hash = '' AND until_at > ?

-- name: pay_choose_done
-- in: at, akey, number
UPDATE pay_choose SET chosen_at = ?
WHERE akey = ? AND number = ? AND chosen_at IS NULL AND browser_hash <> ''
