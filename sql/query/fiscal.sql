-- Carts of fiscal receipts, and how they are made up.

-- name: ref_vat_rules
SELECT portal, supplier, service, from_day, COALESCE(to_day, ''), vat, beyond,
	subject, measure
FROM vat_rule ORDER BY portal, supplier, service, from_day

-- name: ref_vat_of_fees
SELECT portal, from_day, COALESCE(to_day, ''), vat, subject
FROM vat_of_fee ORDER BY portal, from_day

-- name: ref_fiscal_agents
SELECT portal, supplier, from_day, COALESCE(to_day, ''), agent, phone
FROM fiscal_agent ORDER BY portal, supplier, from_day

-- name: cart_put
-- in: akey, number, n, refund, total_kop, created_at
INSERT INTO fiscal_cart (akey, number, n, refund, total_kop, created_at)
VALUES (?, ?, ?, ?, ?, ?)

-- name: cart_item_put
-- in: akey, number, n, refund, item, line, name, price_kop, quantity_milli,
-- in: sum_kop, measure, vat, method, subject, agent, supplier_inn,
-- in: supplier_name, supplier_phone
INSERT INTO fiscal_item (akey, number, n, refund, item, line, name, price_kop,
	quantity_milli, sum_kop, measure, vat, method, subject, agent,
	supplier_inn, supplier_name, supplier_phone)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: cart_get
-- in: akey, number, n, refund
-- One row per position.
SELECT i.name, i.vat, i.agent, i.supplier_inn, i.supplier_name,
	i.supplier_phone, i.item, i.line, i.price_kop, i.quantity_milli,
	i.sum_kop, i.measure, i.method, i.subject, c.total_kop
FROM fiscal_cart c
JOIN fiscal_item i ON i.akey = c.akey AND i.number = c.number AND i.n = c.n
	AND i.refund = c.refund
WHERE c.akey = ? AND c.number = ? AND c.n = ? AND c.refund = ?
ORDER BY i.item

-- name: cart_gone
-- in: akey, number, n
-- What refunds that are done have taken of each position.
SELECT i.item, CAST(SUM(i.sum_kop) AS BIGINT)
FROM fiscal_item i
JOIN refund r ON r.akey = i.akey AND r.number = i.number AND r.id = i.refund
WHERE i.akey = ? AND i.number = ? AND i.n = ? AND r.state = 'done'
GROUP BY i.item
