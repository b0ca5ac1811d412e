-- name: register_rows_put
-- in: contract, file, rows
-- A batch of rows at once; gives those that no file had brought before.
INSERT INTO register_row (akey, contract, row_key, file, line, kind, order_no,
	bank_id, op_id, rrn, auth_code, card, at, day, gross_kop, fee_kop,
	vat_kop, net_kop, state, fee_off, late, number, portal, own_account,
	found_akey, found_transfer, found_kop)
SELECT r.a, CAST(? AS VARCHAR(32)), r.k, CAST(? AS VARCHAR(26)), r.l, r.t, r.n,
	r.b, r.o, r.r, r.c, r.m, r.i, r.d, r.g, r.f, r.v, r.g - r.f - r.v, 'new',
	0, 0, '', '', '', '', '', 0
FROM json_to_recordset(CAST(? AS JSON)) AS r (a VARCHAR, k VARCHAR, l BIGINT,
	t VARCHAR, n VARCHAR, b VARCHAR, o VARCHAR, r VARCHAR, c VARCHAR,
	m VARCHAR, i BIGINT, d VARCHAR, g BIGINT, f BIGINT, v BIGINT)
ON CONFLICT (akey, contract, row_key) DO NOTHING
RETURNING row_key
