-- Outages are found by their places, and removed when they are over (I1).

-- An account's outages are found by the beginnings of its address.
CREATE INDEX outage_place_by_address
	ON outage_place (portal, supplier, folded);
-- Those that are over, whosever they are.
CREATE INDEX outage_over ON outage (to_at) WHERE to_at IS NOT NULL;
CREATE INDEX outage_called_off ON outage (from_at)
	WHERE to_at IS NULL AND cancelled = 1;
