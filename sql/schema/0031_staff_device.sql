-- Browsers in which somebody has logged in before: wrong passwords from
-- elsewhere, be it from the next desk, do not keep him waiting there.
CREATE TABLE staff_device (
	staff VARCHAR(26) NOT NULL REFERENCES staff (id),
	digest VARCHAR(64) NOT NULL CHECK (length(digest) = 64),
		-- SHA-256 of what the browser keeps
	seen_at BIGINT NOT NULL, -- the last login in it
	PRIMARY KEY (staff, digest)
);
CREATE INDEX staff_device_by_time ON staff_device (seen_at);
