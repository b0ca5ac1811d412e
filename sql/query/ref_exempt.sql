-- Reference data of exemptions from commission.

-- name: ref_exempt_kinds
SELECT kind, title, basis, from_day, COALESCE(to_day, '')
FROM exempt_kind ORDER BY kind

-- name: ref_exempt_rules
SELECT portal, supplier, service, from_day, COALESCE(to_day, ''), bearer
FROM exempt_rule ORDER BY portal, supplier, service, from_day
