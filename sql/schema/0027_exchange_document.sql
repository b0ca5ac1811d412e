-- Which document has brought a row: its number at the supplier.  NULL: none
-- did, or it came before there was this column.
ALTER TABLE charge ADD COLUMN document BIGINT; -- the last one that wrote it
ALTER TABLE payment_elsewhere ADD COLUMN document BIGINT;
-- What a document has brought, added up by the audit.
CREATE INDEX payment_elsewhere_by_document
	ON payment_elsewhere (portal, supplier, document)
	WHERE document IS NOT NULL;
CREATE INDEX exchange_out_by_document
	ON exchange_out (portal, supplier, of_number);
