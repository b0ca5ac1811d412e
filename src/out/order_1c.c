#include "kvitok/base/day.h"
#include "kvitok/base/utf8.h"
#include "kvitok/out/legacy.h"
#include "kvitok/out/orders.h"

#include <inttypes.h>
#include <stdio.h>

/* One file in the making; the first failure stays. */
struct file {
	struct buf *out;
	struct fault *f;
	enum err rc;
};

/* "Key=Value"; the names of keys are Russian and stand in the format. */
static void
put(struct file *x, const char *key, const char *field, struct str value)
{
	if (x->rc == ERR_OK)
		x->rc = legacy_text(
		    x->out, CODEPAGE_CP1251, key, str_of(key), x->f);
	buf_lit(x->out, "=");
	if (x->rc == ERR_OK)
		x->rc =
		    legacy_text(x->out, CODEPAGE_CP1251, field, value, x->f);
	buf_lit(x->out, "\r\n");
}

/* A line without a value. */
static void
put_word(struct file *x, const char *word)
{
	if (x->rc == ERR_OK)
		x->rc = legacy_text(
		    x->out, CODEPAGE_CP1251, word, str_of(word), x->f);
	buf_lit(x->out, "\r\n");
}

static void
put_day(struct file *x, const char *key, struct str day)
{
	char text[11] = "";

	if (day.len == 10)
		(void)snprintf(text, sizeof(text), "%.2s.%.2s.%.4s", day.p + 8,
		    day.p + 5, day.p);
	put(x, key, key, str_of(text));
}

static void
put_sum(struct file *x, const char *key, int64_t kop)
{
	char text[32];

	(void)snprintf(
	    text, sizeof(text), "%" PRId64 ".%02" PRId64, kop / 100, kop % 100);
	put(x, key, key, str_of(text));
}

/* The keys of one side. */
struct side {
	const char *account, *name, *inn, *kpp, *name1, *settlement, *bank,
	    *bic, *correspondent, *field;
};

static const struct side payer_side = { "ПлательщикСчет", "Плательщик",
	"ПлательщикИНН", "ПлательщикКПП", "Плательщик1", "ПлательщикРасчСчет",
	"ПлательщикБанк1", "ПлательщикБИК", "ПлательщикКорсчет", "payer" };
static const struct side payee_side = { "ПолучательСчет", "Получатель",
	"ПолучательИНН", "ПолучательКПП", "Получатель1", "ПолучательРасчСчет",
	"ПолучательБанк1", "ПолучательБИК", "ПолучательКорсчет", "payee" };

static void
put_side(struct file *x, const struct side *k, const struct settle_party *p)
{
	char full[700];

	if (x->rc == ERR_OK && utf8_len(p->title) > SETTLE_TITLE_MAX)
		x->rc = legacy_refuse(k->field, "above 160 characters", x->f);
	(void)snprintf(full, sizeof(full), "ИНН %.*s %.*s", STR_ARG(p->inn),
	    STR_ARG(p->title));
	put(x, k->account, k->field, p->account);
	put(x, k->name, k->field, str_of(full));
	put(x, k->inn, k->field, p->inn);
	put(x, k->kpp, k->field, p->kpp);
	put(x, k->name1, k->field, p->title);
	put(x, k->settlement, k->field, p->account);
	put(x, k->bank, k->field, p->bank);
	put(x, k->bic, k->field, p->bic);
	put(x, k->correspondent, k->field, p->correspondent);
}

static void
put_order(struct file *x, const struct settlement *s)
{
	char no[24];

	if (x->rc == ERR_OK && utf8_len(s->purpose) > SETTLE_PURPOSE_MAX)
		x->rc = legacy_refuse("purpose", "above 210 characters", x->f);
	(void)snprintf(no, sizeof(no), "%" PRId64, s->order_no);
	put(x, "СекцияДокумент", "kind", STR("Платежное поручение"));
	put(x, "Номер", "order_no", str_of(no));
	put_day(x, "Дата", s->order_day);
	put_sum(x, "Сумма", s->sums.transfer_kop);
	put_side(x, &payer_side, &s->payer);
	put_side(x, &payee_side, &s->payee);
	put(x, "ВидОплаты", "kind", STR("01"));
	put(x, "Очередность", "kind", STR("5"));
	put(x, "НазначениеПлатежа", "purpose", s->purpose);
	put_word(x, "КонецДокумента");
}

static bool
seen(const struct settlement *v, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(v[k].payer.account, v[i].payer.account))
			return true;
	return false;
}

/* The file is as old as its youngest order: made again it is the same. */
static void
put_head(struct file *x, const struct settlement *v, size_t len)
{
	struct str from = v[0].order_day, to = v[0].order_day;
	char made[20];
	int64_t at = 0;

	for (size_t i = 0; i < len; i++) {
		if (v[i].confirmed_at > at)
			at = v[i].confirmed_at;
		if (str_cmp(v[i].order_day, from) < 0)
			from = v[i].order_day;
		if (str_cmp(v[i].order_day, to) > 0)
			to = v[i].order_day;
	}
	day_local_iso(at, DAY_ZONE_MOSCOW, made);
	put_word(x, "1CClientBankExchange");
	put(x, "ВерсияФормата", "version", STR("1.03"));
	put(x, "Кодировка", "encoding", STR("Windows"));
	put(x, "Отправитель", "sender", STR("Kvitok"));
	put(x, "Получатель", "receiver", STR(""));
	put_day(x, "ДатаСоздания", (struct str){ made, 10 });
	put(x, "ВремяСоздания", "made", str_of(made + 11));
	put_day(x, "ДатаНачала", from);
	put_day(x, "ДатаКонца", to);
	for (size_t i = 0; i < len; i++)
		if (!seen(v, i))
			put(x, "РасчСчет", "payer", v[i].payer.account);
	put(x, "Документ", "kind", STR("Платежное поручение"));
}

enum err
orders_1c(
    const struct settlement *v, size_t len, struct buf *out, struct fault *f)
{
	struct file x = { out, f, ERR_OK };

	put_head(&x, v, len);
	for (size_t i = 0; i < len; i++)
		put_order(&x, &v[i]);
	put_word(&x, "КонецФайла");
	return x.rc;
}
