#include "kvitok/sim/register.h"

#include "kvitok/base/codepage.h"
#include "kvitok/base/day.h"
#include "kvitok/base/num.h"
#include "kvitok/sim/control.h"

#define FEE_PPM 15000  /* 1.5 % */
#define VAT_PPM 220000 /* of the fee */
#define PPM_WHOLE 1000000
#define PLANTS_MAX 32
#define FILE_MAX ((size_t)16 << 20)
#define FOREIGN_KOP 54321

/* A difference that was asked for. */
struct plant {
	struct str what, no;
	int64_t kop;
};

enum op_kind { OP_PAYMENT, OP_REFUND, OP_CHARGEBACK };

/* One row before it is written. */
struct op {
	enum op_kind kind;
	int64_t at;
	struct str id, number, bank_id, rrn, auth_code, card;
	int64_t kop, fee_kop, vat_kop; /* kop above zero */
};

struct writing {
	struct req *r;
	const struct contract *c;
	struct str day;
	struct plant plants[PLANTS_MAX];
	size_t plants_len;
	struct buf out;
	int64_t rows, gross_kop, net_kop, vat_kop;
};

static int64_t
share(int64_t kop, int64_t ppm)
{
	return (kop * ppm + PPM_WHOLE / 2) / PPM_WHOLE;
}

static bool
on_day(const struct writing *w, int64_t at)
{
	char day[DAY_TEXT_SIZE];

	day_of(at, DAY_ZONE_MOSCOW, day);
	return at > 0 && str_eq(w->day, str_of(day));
}

/* Gives: the difference that was asked for about an order, or NULL. */
static const struct plant *
planted(const struct writing *w, const char *what, struct str no)
{
	for (size_t i = 0; i < w->plants_len; i++)
		if (str_eq(w->plants[i].what, str_of(what)) &&
		    (w->plants[i].no.len == 0 || str_eq(w->plants[i].no, no)))
			return &w->plants[i];
	return NULL;
}

/* --- Sberbank ---------------------------------------------------------- */

/* 1 218,00 with a no-break space. */
static void
roubles(struct buf *b, int64_t kop)
{
	if (kop < 0)
		buf_char(b, '-');
	buf_roubles(b, kop < 0 ? -kop : kop);
}

static void
sberbank_head(struct writing *w)
{
	buf_fmt(&w->out,
	    "Реестр операций за %.2s.%.2s.%.4s по договору %.*s\r\n\r\n"
	    "Дата операции;Время операции;Тип операции;Номер операции;"
	    "Номер заказа;Номер заказа в банке;Код авторизации | RRN;Карта;"
	    "Сумма операции;Комиссия;НДС на комиссию;К перечислению\r\n",
	    w->day.p + 8, w->day.p + 5, w->day.p, STR_ARG(w->c->name));
}

static void
sberbank_row(struct writing *w, const struct op *o)
{
	static const char *const kinds[] = { "Оплата", "Возврат",
		"Опротестование" };
	int64_t gross = o->kind == OP_PAYMENT ? o->kop : -o->kop;
	char t[20];

	day_local_iso(o->at, DAY_ZONE_MOSCOW, t);
	buf_fmt(&w->out,
	    "%.2s.%.2s.%.4s;%s;%s;%.*s;%.*s;%.*s;\"%.*s | %.*s\";%.*s;", t + 8,
	    t + 5, t, t + 11, kinds[o->kind], STR_ARG(o->id),
	    STR_ARG(o->number), STR_ARG(o->bank_id), STR_ARG(o->auth_code),
	    STR_ARG(o->rrn), STR_ARG(o->card));
	roubles(&w->out, gross);
	buf_char(&w->out, ';');
	roubles(&w->out, o->fee_kop);
	buf_char(&w->out, ';');
	roubles(&w->out, o->vat_kop);
	buf_char(&w->out, ';');
	roubles(&w->out, gross - o->fee_kop - o->vat_kop);
	buf_lit(&w->out, "\r\n");
}

/* The bank makes the total of fees anew out of the total of sums, so that
 * it is not always that of the rows. */
static void
sberbank_foot(struct writing *w)
{
	int64_t fee = share(w->gross_kop, FEE_PPM) +
	    (planted(w, "totals", STR("")) ? 100 : 0);

	buf_fmt(&w->out, "Итого;;%lld;;;;;;", (long long)w->rows);
	roubles(&w->out, w->gross_kop);
	buf_char(&w->out, ';');
	roubles(&w->out, fee);
	buf_char(&w->out, ';');
	roubles(&w->out, w->vat_kop);
	buf_char(&w->out, ';');
	roubles(&w->out, w->net_kop);
	buf_lit(&w->out, "\r\n\r\n");
}

/* --- Gazprombank ------------------------------------------------------- */

static void
gazprombank_head(struct writing *w)
{
	buf_fmt(&w->out,
	    CODEPAGE_BOM
	    "# date %.*s contract %.*s\n"
	    "datetime,operation,operation_id,trx_id,merchant_trx,rrn,authcode,"
	    "card,amount,commission,vat_in_commission\n",
	    STR_ARG(w->day), STR_ARG(w->c->name));
}

static void
gazprombank_row(struct writing *w, const struct op *o)
{
	static const char *const kinds[] = { "PAYMENT", "REFUND",
		"CHARGEBACK" };
	char t[20];

	day_local_iso(o->at, DAY_ZONE_MOSCOW, t);
	buf_fmt(&w->out, "%.10s %s,%s,%.*s,%.*s,%.*s,%.*s,%.*s,\"%.*s\",", t,
	    t + 11, kinds[o->kind], STR_ARG(o->id), STR_ARG(o->bank_id),
	    STR_ARG(o->number), STR_ARG(o->rrn), STR_ARG(o->auth_code),
	    STR_ARG(o->card));
	buf_decimal(&w->out, o->kop);
	buf_char(&w->out, ',');
	buf_decimal(&w->out, -(o->fee_kop + o->vat_kop));
	buf_char(&w->out, ',');
	buf_decimal(&w->out, -o->vat_kop);
	buf_char(&w->out, '\n');
}

static void
gazprombank_foot(struct writing *w)
{
	buf_fmt(&w->out, "# total,%lld,", (long long)w->rows);
	buf_decimal(
	    &w->out, w->gross_kop + (planted(w, "totals", STR("")) ? 100 : 0));
	buf_char(&w->out, '\n');
}

/* --- rows of both ------------------------------------------------------ */

static void
put_row(struct writing *w, const struct op *o)
{
	int64_t gross = o->kind == OP_PAYMENT ? o->kop : -o->kop;

	w->rows++;
	w->gross_kop += gross;
	w->vat_kop += o->vat_kop;
	w->net_kop += gross - o->fee_kop - o->vat_kop;
	if (w->c->bank == BANK_SBER)
		sberbank_row(w, o);
	else
		gazprombank_row(w, o);
}

/* The bank keeps its fee of what it took; what goes back costs nothing. */
static void
put(struct writing *w, struct op *o)
{
	const struct plant *p;

	if (planted(w, "omit", o->number) != NULL)
		return;
	p = planted(w, "sum", o->number);
	if (p != NULL && o->kind == OP_PAYMENT)
		o->kop += p->kop;
	if (o->kind == OP_PAYMENT) {
		o->fee_kop = share(o->kop, FEE_PPM);
		o->vat_kop = share(o->fee_kop, VAT_PPM);
	}
	p = planted(w, "fee", o->number);
	if (p != NULL)
		o->fee_kop += p->kop;
	put_row(w, o);
	if (planted(w, "repeat", o->number) != NULL)
		put_row(w, o);
}

static void
put_order(struct writing *w, const struct order *o)
{
	struct arena *a = w->r->a;
	struct str number =
	    o->c->bank == BANK_SBER ? o->number : o->merchant_trx;
	struct op op = { .number = number,
		.bank_id = o->id,
		.rrn = str_of(o->rrn),
		.auth_code = str_of(o->auth_code),
		.card = str_of(o->card.mask_gpb) };
	struct op one;

	/* What was reversed on its day was never captured. */
	if (o->state != ORDER_PAID && o->state != ORDER_REFUNDED)
		return;
	if (on_day(w, o->deposited_at)) {
		one = op;
		one.at = o->deposited_at;
		one.id = o->id;
		one.kop = o->deposited_kop + o->refunded_kop;
		put(w, &one);
	}
	for (size_t i = 0; i < o->refunds_len; i++) {
		if (!on_day(w, o->refunds[i].at))
			continue;
		one = op;
		one.kind = OP_REFUND;
		one.at = o->refunds[i].at;
		one.id = arena_fmt(a, "%.*s-R%zu", STR_ARG(o->id), i + 1);
		one.rrn = str_of(o->refunds[i].rrn);
		one.kop = o->refunds[i].amount_kop;
		put(w, &one);
	}
	if (on_day(w, o->chargeback_at)) {
		one = op;
		one.kind = OP_CHARGEBACK;
		one.at = o->chargeback_at;
		one.id = arena_fmt(a, "%.*s-C", STR_ARG(o->id));
		one.kop = o->deposited_kop;
		put(w, &one);
	}
}

static void
put_foreign(struct writing *w)
{
	struct op o = { .id = STR("FOREIGN-1"),
		.number = STR("FOREIGN"),
		.bank_id = STR("00000000-0000-0000-0000-000000000000"),
		.rrn = STR("999999999999"),
		.auth_code = STR("999999"),
		.card = STR("220000XXXXXX0000"),
		.kop = FOREIGN_KOP };

	if (!planted(w, "foreign", STR("")) ||
	    !day_start(w->day, DAY_ZONE_MOSCOW, &o.at))
		return;
	o.at += 3600000;
	put(w, &o);
}

static void
put_all(struct writing *w)
{
	const struct order *o = book_newest(w->r->w->book);

	if (w->c->bank == BANK_SBER)
		sberbank_head(w);
	else
		gazprombank_head(w);
	for (; o; o = o->older)
		if (o->c == w->c)
			put_order(w, o);
	put_foreign(w);
	if (w->c->bank == BANK_SBER)
		sberbank_foot(w);
	else
		gazprombank_foot(w);
}

/* --- what is asked for -------------------------------------------------- */

/* "omit:NO", "sum:NO:KOP", "foreign"; parted by commas. */
static bool
read_plants(struct writing *w, struct str text)
{
	static const char *const known[] = { "omit", "foreign", "sum", "fee",
		"repeat", "totals" };
	struct str one;

	while (text.len > 0) {
		struct plant *p = &w->plants[w->plants_len++];
		size_t i = 0;

		if (w->plants_len == PLANTS_MAX)
			return false;
		(void)str_cut(&text, ',', &one); /* or the last one */
		(void)str_cut(&one, ':', &p->what);
		(void)str_cut(&one, ':', &p->no);
		while (
		    i < KV_COUNT(known) && !str_eq(p->what, str_of(known[i])))
			i++;
		if (i == KV_COUNT(known) ||
		    (one.len > 0 &&
			!num_parse(one, -1000000000, 1000000000, &p->kop)))
			return false;
	}
	return true;
}

static const struct contract *
contract_of(const struct world *w, struct str name)
{
	for (size_t i = 0; i < w->set.contracts_len; i++)
		if (str_eq(w->set.contracts[i].name, name))
			return &w->set.contracts[i];
	return NULL;
}

void
register_give(struct req *r)
{
	struct writing *w = ARENA_NEW(r->a, struct writing);
	char today[DAY_TEXT_SIZE];
	size_t taken;

	w->r = r;
	w->c = contract_of(r->w, pairs_get(&r->query, "contract"));
	w->day = pairs_get(&r->query, "day");
	day_of(world_now(r->w), DAY_ZONE_MOSCOW, today);
	if (w->day.len == 0)
		w->day = arena_str(r->a, str_of(today));
	if (!w->c) {
		control_refuse(r, 400, "contract: there is no such contract");
		return;
	}
	if (!day_valid(w->day)) {
		control_refuse(r, 400, "day: YYYY-MM-DD");
		return;
	}
	if (!read_plants(w, pairs_get(&r->query, "plant"))) {
		control_refuse(r, 400,
		    "plant: omit:NO, sum:NO:KOP, fee:NO:KOP, repeat:NO, "
		    "foreign, totals; parted by commas");
		return;
	}
	buf_init(&w->out, r->a, FILE_MAX);
	put_all(w);
	r->status = w->out.full ? 500 : 200;
	r->type = w->c->bank == BANK_SBER ? "text/csv; charset=windows-1251"
					  : "text/csv; charset=utf-8";
	buf_init(&r->out, r->a, FILE_MAX);
	taken = codepage_write(
	    w->c->bank == BANK_SBER ? CODEPAGE_CP1251 : CODEPAGE_UTF8,
	    buf_str(&w->out), '?', &r->out);
	if (taken < w->out.len)
		r->status = 500; /* a number of a merchant that is no text */
}

void
register_chargeback(struct req *r, struct str which)
{
	struct order *o = book_by_number(r->w->book, NULL, which);
	struct jw w;

	if (!o)
		o = book_by_id(r->w->book, which);
	if (!o) {
		control_refuse(r, 404, "no such order");
		return;
	}
	if ((o->state != ORDER_PAID && o->state != ORDER_REFUNDED) ||
	    o->deposited_kop == 0 || o->chargeback_at > 0) {
		control_refuse(r, 409, "there is no money to take back");
		return;
	}
	o->chargeback_at = world_now(r->w);
	control_json(r, &w);
	jw_object(&w);
	jw_ktext(&w, "order", o->number);
	jw_kint(&w, "sum_kop", o->deposited_kop);
	jw_ktime(&w, "at", o->chargeback_at);
	jw_object_end(&w);
}
