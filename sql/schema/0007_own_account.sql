-- Our own bank accounts: acquirers pay out to them, suppliers are paid from
-- them.  In the ledger: bank_account/OWN_ACCOUNT.

CREATE TABLE own_account (
	own_account VARCHAR(32) NOT NULL PRIMARY KEY
		CHECK (length(own_account) <= 32),
	title VARCHAR(160) NOT NULL, -- whose it is, as a payment order says it
	inn VARCHAR(12) NOT NULL CHECK (length(inn) IN (10, 12)),
	kpp VARCHAR(9),
	account VARCHAR(20) NOT NULL CHECK (length(account) = 20),
	bic VARCHAR(9) NOT NULL CHECK (length(bic) = 9),
	bank_title VARCHAR(160) NOT NULL,
	correspondent_account VARCHAR(20) -- NULL: a bank that has none
);

-- Where the acquirer pays out what it took under the contract; NULL: not said
-- yet, so that its registers cannot be posted.
ALTER TABLE bank_contract ADD COLUMN own_account VARCHAR(32);
