/*
 * invoice_pdf NAME: a sample bill on standard output, for the golden test and
 * for the eye.  NAME is one, over (paid too much), long (names and numbers at
 * their limits), many (services of two pages), book (all of them in one
 * document); "one 200" prints it so many times and writes the last one.
 */
#include "kvitok/base/codepage.h"
#include "kvitok/base/num.h"
#include "kvitok/domain/bankqr.h"
#include "kvitok/out/pdf.h"

#include <stdio.h>
#include <stdlib.h>

#define MADE_AT INT64_C(1793480400000) /* 2026-11-01 in Moscow */
#define MANY 40

#define S(literal)                                                             \
	{                                                                      \
		literal, sizeof(literal) - 1                                   \
	}

static const struct invoice_line one_line[] = {
	{ .service = S("Газоснабжение"),
	    .unit = S("м³"),
	    .volume_micro = 323362000,
	    .tariff_micro = 7980000,
	    .accrued_kop = 258043,
	    .penalty_kop = -1,
	    .charged_kop = 258043,
	    .opening_kop = -331952,
	    .to_pay_kop = -589995 },
};

static const struct invoice one = {
	.number = S("060005123456-202610"),
	.portal = S("Мой газ"),
	.portal_url = S("moygaz.example"),
	.support = S("8 800 200-00-00"),
	.supplier = S("ООО «Газпром межрегионгаз»"),
	.inn = S("5003102017"),
	.kpp = S("500301001"),
	.settlement_account = S("40702810010000010201"),
	.bank = S("Банк ГПБ (АО)"),
	.bic = S("044525823"),
	.correspondent = S("30101810200000000823"),
	.account = S("060005123456"),
	.owner = S("М*** В. А."),
	.address = S("г. Москва, ул. Спартаковская, д. 16, кв. ***"),
	.month = S("2026-10"),
	.due_day = S("2026-11-16"),
	.paid_until_day = S("2026-10-31"),
	.lines = one_line,
	.lines_len = 1,
	.opening_kop = -331952,
	.charged_kop = 258043,
	.to_pay_kop = -589995,
	.penalty_kop = 5436,
	.created_at = MADE_AT,
};

static const struct invoice_line over_lines[] = {
	{ .service = S("Отопление"),
	    .unit = S("Гкал"),
	    .volume_micro = 742000,
	    .tariff_micro = 2245180000,
	    .accrued_kop = 166592,
	    .recalculated_kop = -22191,
	    .recalculated_why = S("Перерасчёт за перерыв в оказании услуги"),
	    .benefit_kop = 83296,
	    .penalty_kop = 0,
	    .charged_kop = 61105,
	    .opening_kop = 100000,
	    .to_pay_kop = 38895 },
	{ .service = S("Домофон"),
	    .accrued_kop = 7500,
	    .penalty_kop = 125,
	    .charged_kop = 7625,
	    .opening_kop = -7500,
	    .paid_kop = 7500,
	    .to_pay_kop = -7625 },
};

#define SOCIETY                                                                                            \
	"Муниципальное унитарное предприятие «Объединённая " \
	"расчётно-сервисная "                                                             \
	"компания жилищно-коммунального хозяйства Нижнеилимского района»"
#define HOME                                                                         \
	"665653, Иркутская обл., Нижнеилимский р-н, г. " \
	"Железногорск-Илимский, "                                \
	"квартал 10, д. 2, корп. 3, кв. 145, комн. 2"

static struct invoice
over(void)
{
	struct invoice i = one;

	i.lines = over_lines;
	i.lines_len = KV_COUNT(over_lines);
	i.opening_kop = 92500;
	i.charged_kop = 68730;
	i.paid_kop = 7500;
	i.to_pay_kop = 31270;
	i.penalty_kop = -1;
	return i;
}

static struct invoice
with_long_names(void)
{
	struct invoice i = one;

	i.number =
	    STR("ИНЗБ0000000000000000000000000000000000000000000001-202610");
	i.account = STR("ИНЗБ0000000000000000000000000000000000000000000001");
	i.supplier = STR(SOCIETY);
	i.bank = STR("Чувашское отделение № 8613 ПАО Сбербанк");
	i.owner =
	    STR("Рождественская-Преображенская Александра Константиновна");
	i.address = STR(HOME);
	i.support = STR(HOME);
	return i;
}

static struct invoice_line many_lines[MANY];

static struct invoice
many(void)
{
	struct invoice i = with_long_names();

	i.opening_kop = i.charged_kop = i.paid_kop = i.to_pay_kop = 0;
	for (size_t k = 0; k < MANY; k++) {
		struct invoice_line *l = &many_lines[k];

		*l = over_lines[k % 2];
		if (k % 3 == 0)
			l->service = (struct str)S(
			    "Горячее водоснабжение (теплоноситель и тепловая "
			    "энергия), повышающий коэффициент");
		i.opening_kop += l->opening_kop;
		i.charged_kop += l->charged_kop;
		i.paid_kop += l->paid_kop;
		i.to_pay_kop += l->to_pay_kop;
	}
	i.lines = many_lines;
	i.lines_len = MANY;
	return i;
}

/* The square, where something is to be paid. */
static enum err
with_qr(struct arena *a, struct invoice *i, struct fault *f)
{
	const struct bankqr q = { .name = i->supplier,
		.account = i->settlement_account,
		.bank = i->bank,
		.bic = i->bic,
		.correspondent = i->correspondent,
		.sum_kop = -i->to_pay_kop,
		.pers_acc = i->account,
		.month = i->month,
		.tech_code = STR(BANKQR_TECH_HOUSING) };
	enum codepage cp =
	    i->supplier.len > 200 ? CODEPAGE_CP1251 : CODEPAGE_UTF8;
	struct buf *b = ARENA_NEW(a, struct buf);
	enum err rc;

	if (i->to_pay_kop >= 0)
		return ERR_OK;
	buf_init(b, a, 4096);
	rc = bankqr_write(&q, cp, a, b, f);
	i->qr = (struct bytes){ (const unsigned char *)b->p, b->len };
	return rc;
}

static bool
to_stdout(void *self, const void *p, size_t len)
{
	(void)self;
	return fwrite(p, 1, len, stdout) == len;
}

static enum err
print_book(const struct printer *p, struct arena *a, struct fault *f)
{
	struct invoice all[] = { one, over(), with_long_names(), many() };
	struct printer_book *book;
	enum err rc = p->book_begin(p->self, a, STR("Квитанции"), MADE_AT,
	    (struct printer_sink){ NULL, to_stdout }, &book, f);

	for (size_t i = 0; i < KV_COUNT(all) && rc == ERR_OK; i++) {
		rc = with_qr(a, &all[i], f);
		if (rc == ERR_OK)
			rc = p->book_add(book, a, &all[i], f);
	}
	return rc == ERR_OK ? p->book_end(book, f) : rc;
}

static enum err
print(const struct printer *p, struct arena *a, struct invoice i, int64_t times,
    struct fault *f)
{
	struct bytes pdf = { NULL, 0 };
	enum err rc = ERR_OK;

	for (int64_t k = 0; rc == ERR_OK && k < times; k++) {
		arena_reset(a);
		rc = with_qr(a, &i, f);
		if (rc == ERR_OK)
			rc = p->invoice(p->self, a, &i, &pdf, f);
	}
	if (rc == ERR_OK && fwrite(pdf.p, 1, pdf.len, stdout) != pdf.len)
		rc = fault_set(f, ERR_BUG, "print_failed", "output");
	return rc;
}

int
main(int argc, char **argv)
{
	struct str name = str_of(argc > 1 ? argv[1] : "one");
	struct arena *fonts = arena_new(1 << 20), *a = arena_new(64 << 20);
	struct sheet_kit *kit;
	struct printer p;
	struct fault f;
	int64_t times = 1;
	enum err rc;

	fault_init(&f);
	if (argc > 2 && !num_parse(str_of(argv[2]), 1, 100000, &times))
		return EXIT_FAILURE;
	rc = sheet_kit_open(fonts, &kit, &f);
	if (rc == ERR_OK) {
		p = pdf_printer(kit);
		if (str_eq(name, STR("book")))
			rc = print_book(&p, a, &f);
		else
			rc = print(&p, a,
			    str_eq(name, STR("over"))       ? over()
				: str_eq(name, STR("long")) ? with_long_names()
				: str_eq(name, STR("many")) ? many()
							    : one,
			    times, &f);
	}
	if (rc != ERR_OK)
		fprintf(stderr, "%s: %s\n", f.reason, f.detail);
	arena_free(a);
	arena_free(fonts);
	return rc == ERR_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
