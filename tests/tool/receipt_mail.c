/*
 * receipt_mail: the letter of a sample receipt on standard output, as SMTP
 * carries it; "receipt_mail html" and "receipt_mail text" write its parts,
 * for the eye.
 */
#include "kvitok/mail/letter.h"
#include "kvitok/mail/mime.h"

#include <stdio.h>
#include <stdlib.h>

#define S(literal)                                                             \
	{                                                                      \
		literal, sizeof(literal) - 1                                   \
	}

static const struct receipt_line lines[] = {
	{ .supplier = S("ООО «Южное ЖКС»"),
	    .inn = S("3811123456"),
	    .account = S("10019743"),
	    .address = S("г. Иркутск, ул. Лермонтова, д. 12, кв. 45"),
	    .service = S("Жилищно-коммунальные услуги"),
	    .sum_kop = 120000,
	    .fee_kop = 1800 },
	{ .supplier = S("Муниципальное унитарное предприятие «Объединённая "
			"расчётно-сервисная компания»"),
	    .inn = S("383400123456"),
	    .account = S("0000-4521-7788"),
	    .service = S("Горячее водоснабжение (теплоноситель)"),
	    .sum_kop = 98702 },
};

static const struct receipt receipt = {
	.number = S("7K3M9QZT-4F8D2K1M0X"),
	.portal = S("Портал ЖКХ"),
	.portal_url = S("portalgkh.example"),
	.support = S("8 800 200-00-00, help@portalgkh.example"),
	.lines = lines,
	.lines_len = 2,
	.sum_kop = 218702,
	.fee_kop = 1800,
	.total_kop = 220502,
	.paid_at = INT64_C(1795227191000), /* 2026-11-21 02:13:11 UTC */
	.zone_min = 180,
	.zone_name = S("московское время"),
	.bank = S("АО «Газпромбанк»"),
	.card_mask = S("4276 38** **** 1234"),
	.rrn = S("632512345678"),
	.auth_code = S("A1B2C3"),
};

static enum err
write_letter(struct arena *a, struct str what, struct fault *f)
{
	const struct letters w = letter_writer();
	const unsigned char pdf[] = "%PDF-1.5 sample";
	struct mail m;
	struct buf b;
	enum err rc;

	rc = w.receipt(w.self, a, &receipt,
	    (struct bytes){ pdf, sizeof(pdf) - 1 }, STR("pay@kvitok.example"),
	    STR("ivanova@example.ru"), receipt.paid_at,
	    STR("receipt.7K3M9QZT-4F8D2K1M0X@kvitok.example"), &m, f);
	if (rc != ERR_OK)
		return rc;
	buf_init(&b, a, 1 << 20);
	if (str_eq(what, STR("html")))
		buf_text(&b, m.html);
	else if (str_eq(what, STR("text")))
		buf_text(&b, m.text);
	else
		rc = mime_build(&m, &b, f);
	if (rc == ERR_OK && fwrite(b.p, 1, b.len, stdout) != b.len)
		rc = fault_set(f, ERR_BUG, "mail_bad", "output");
	return rc;
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_new(8 << 20);
	struct fault f;
	enum err rc;

	fault_init(&f);
	rc = write_letter(a, str_of(argc > 1 ? argv[1] : ""), &f);
	if (rc != ERR_OK)
		fprintf(stderr, "%s: %s\n", f.reason, f.detail);
	arena_free(a);
	return rc == ERR_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
