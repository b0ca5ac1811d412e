/*
 * receipt_pdf NAME: a sample receipt on standard output, for the golden test
 * and for the eye.  NAME is short, full, many, back (a refund); "full 200"
 * prints it so many times and writes the last one, for looking at memory and
 * time.
 */
#include "kvitok/base/num.h"
#include "kvitok/out/pdf.h"

#include <stdio.h>
#include <stdlib.h>

#define PAID_AT INT64_C(1795227191000) /* 2026-11-21 02:13:11 UTC */

#define S(literal)                                                             \
	{                                                                      \
		literal, sizeof(literal) - 1                                   \
	}

static const struct receipt_line short_lines[] = {
	{ .supplier = S("ООО «Южное ЖКС»"),
	    .inn = S("3811123456"),
	    .account = S("10019743"),
	    .address = S("г. Иркутск, ул. Лермонтова, д. 12, кв. 45"),
	    .service = S("Жилищно-коммунальные услуги"),
	    .sum_kop = 120000,
	    .fee_kop = 1800 },
};

static const struct receipt short_receipt = {
	.number = S("7K3M9QZT-4F8D2K1M0X"),
	.portal = S("Портал ЖКХ"),
	.portal_url = S("portalgkh.example"),
	.support = S("8 800 200-00-00, help@portalgkh.example"),
	.lines = short_lines,
	.lines_len = KV_COUNT(short_lines),
	.sum_kop = 120000,
	.fee_kop = 1800,
	.total_kop = 121800,
	.paid_at = PAID_AT,
	.zone_min = 180,
	.zone_name = S("московское время"),
	.bank = S("АО «Газпромбанк»"),
	.card_mask = S("4276 38** **** 1234"),
	.rrn = S("632512345678"),
	.auth_code = S("A1B2C3"),
};

#define SOCIETY                                                                                            \
	"Муниципальное унитарное предприятие «Объединённая " \
	"расчётно-сервисная "                                                             \
	"компания жилищно-коммунального хозяйства Нижнеилимского района»"
#define HOME                                                                         \
	"665653, Иркутская обл., Нижнеилимский р-н, г. " \
	"Железногорск-Илимский, "                                \
	"квартал 10, д. 2, корп. 3, кв. 145, комн. 2"

static const struct receipt_line full_lines[] = {
	{ .supplier = S("ООО «Иркутскэнергосбыт»"),
	    .inn = S("3808166404"),
	    .account = S("ИНЗБ17004717"),
	    .address = S("г. Иркутск, ул. Лермонтова, д. 12, кв. 45"),
	    .service = S("Электроэнергия"),
	    .sum_kop = 134256 },
	{ .supplier = S("ООО «Иркутскэнергосбыт»"),
	    .inn = S("3808166404"),
	    .account = S("ИНЗБ17004717"),
	    .address = S("г. Иркутск, ул. Лермонтова, д. 12, кв. 45"),
	    .service = S("Горячее водоснабжение (теплоноситель и тепловая "
			 "энергия), повышающий коэффициент"),
	    .sum_kop = 98702 },
	{ .supplier = S(SOCIETY),
	    .inn = S("383400123456"),
	    .account = S("0000-4521-7788"),
	    .address = S(HOME),
	    .service = S("Содержание жилья"),
	    .sum_kop = 1300000,
	    .fee_kop = 13000 },
};

static const struct receipt full_receipt = {
	.number = S("2QW8ZT7P-0A9B8C7D6E"),
	.portal = S("Иркутскэнергосбыт: личный кабинет"),
	.portal_url = S("cabinet.irkutskenergosbyt.example"),
	.support = S("8 800 100-93-65"),
	.lines = full_lines,
	.lines_len = KV_COUNT(full_lines),
	.sum_kop = 1532958,
	.fee_kop = 13000,
	.total_kop = 1545958,
	.paid_at = PAID_AT,
	.zone_min = 480,
	.bank = S("ПАО Сбербанк"),
	.card_mask = S("220220******4471"),
};

static struct receipt_line many_lines[PDF_LINES_MAX];

static struct receipt
many(void)
{
	struct receipt r = full_receipt;

	r.sum_kop = r.fee_kop = 0;
	for (size_t i = 0; i < PDF_LINES_MAX; i++) {
		many_lines[i] = full_lines[i / 7 % 2 == 0 ? i % 2 : 2];
		r.sum_kop += many_lines[i].sum_kop;
		r.fee_kop += many_lines[i].fee_kop;
	}
	r.lines = many_lines;
	r.lines_len = PDF_LINES_MAX;
	r.total_kop = r.sum_kop + r.fee_kop;
	return r;
}

static enum err
print(const struct receipt *r, int64_t times, struct fault *f)
{
	struct arena *fonts = arena_new(1 << 20), *a = arena_new(32 << 20);
	struct bytes pdf = { NULL, 0 };
	struct sheet_kit *kit;
	struct printer p;
	enum err rc = sheet_kit_open(fonts, &kit, f);

	if (rc == ERR_OK)
		p = pdf_printer(kit);
	for (int64_t i = 0; rc == ERR_OK && i < times; i++) {
		arena_reset(a);
		rc = p.receipt(p.self, a, r, &pdf, f);
	}
	if (rc == ERR_OK && fwrite(pdf.p, 1, pdf.len, stdout) != pdf.len)
		rc = fault_set(f, ERR_BUG, "print_failed", "output");
	arena_free(a);
	arena_free(fonts);
	return rc;
}

int
main(int argc, char **argv)
{
	struct str name = str_of(argc > 1 ? argv[1] : "short");
	struct receipt r = short_receipt;
	struct fault f;
	int64_t times = 1;

	fault_init(&f);
	if (argc > 2 && !num_parse(str_of(argv[2]), 1, 100000, &times))
		return EXIT_FAILURE;
	if (str_eq(name, STR("full")))
		r = full_receipt;
	if (str_eq(name, STR("back"))) {
		r.refund = STR("01KAM0Q3ZC7XW5N9T3B7C0HVKQ");
		r.rrn = r.auth_code = STR("");
	}
	if (str_eq(name, STR("many")))
		r = many();
	if (print(&r, times, &f) != ERR_OK) {
		fprintf(stderr, "%s: %s\n", f.reason, f.detail);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
