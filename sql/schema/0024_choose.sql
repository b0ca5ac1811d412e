-- Payments whose payer is to choose a card on our page.  The link to it is good
-- for one browser: the one that opens it first, while there is time, gets a
-- cookie, and without that no card is shown to anybody.
CREATE TABLE pay_choose (
	akey VARCHAR(8) NOT NULL,
	number VARCHAR(24) NOT NULL,
	code_hash VARCHAR(64) NOT NULL CHECK (length(code_hash) = 64), -- link's
	until_at BIGINT NOT NULL, -- so long a browser may claim it
	browser_hash VARCHAR(64) NOT NULL
		CHECK (length(browser_hash) IN (0, 64)), -- of its cookie
	claimed_at BIGINT,
	chosen_at BIGINT, -- the choice, if it was one, is in pay_card
	PRIMARY KEY (akey, number),
	FOREIGN KEY (akey, number) REFERENCES payment (akey, number),
	CHECK ((claimed_at IS NULL) = (browser_hash = '')),
	CHECK (chosen_at IS NULL OR claimed_at IS NOT NULL)
);
