-- Rules of bills and penalties.

-- name: law_dues
SELECT from_day, COALESCE(to_day, ''), due_day FROM due_rule ORDER BY from_day

-- name: law_days_off
SELECT day, working FROM day_off ORDER BY day

-- name: law_rates
SELECT from_day, COALESCE(to_day, ''), rate_ppm
FROM penalty_rate ORDER BY from_day

-- name: law_caps
SELECT from_day, COALESCE(to_day, ''), rate_ppm
FROM penalty_cap ORDER BY from_day

-- name: law_steps
SELECT scale, from_number, divisor FROM penalty_step
ORDER BY scale, from_number

-- name: law_scales
SELECT portal, supplier, service, scale, from_day, COALESCE(to_day, '')
FROM penalty_rule ORDER BY portal, supplier, service, from_day

-- name: law_bills
SELECT portal, supplier, qr_encoding, from_day, COALESCE(to_day, ''),
	mail_first_day, mail_last_day, mail_from_hour, mail_to_hour
FROM bill_rule ORDER BY portal, supplier, from_day
