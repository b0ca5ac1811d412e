/*
 * register_world: registers of a bank, written by the test, and what they do.
 */
#ifndef KVITOK_TESTS_STORE_REGISTER_WORLD_H
#define KVITOK_TESTS_STORE_REGISTER_WORLD_H

#include "life.h"

#include "kvitok/app/reconcile.h"
#include "kvitok/app/register_import.h"
#include "kvitok/base/codepage.h"
#include "kvitok/base/day.h"

#define REG_CONTRACT STR("sber-irk")
#define REG_HEAD                                                                                                        \
	"Дата операции;Время операции;Тип операции;Номер операции;"    \
	"Номер заказа;Номер заказа в банке;Код авторизации | RRN;Карта;" \
	"Сумма операции;Комиссия;НДС на комиссию;К перечислению\r\n"

/* A file in memory. */
struct reg_file {
	struct arena *a;
	struct buf text;  /* UTF-8 */
	struct str bytes; /* as the bank sends it */
	int64_t fails_at; /* reads behind it fail; 0: none does */
	int reads;
	int rows;
};

static inline enum err
reg_file_read(
    void *self, int64_t at, void *p, size_t len, size_t *got, struct fault *f)
{
	struct reg_file *x = self;
	size_t left = x->bytes.len - (size_t)at;

	x->reads++;
	if (x->fails_at > 0 && at >= x->fails_at)
		return fault_set(
		    f, ERR_ABSENT, "file_unread", "as the test says");
	*got = len < left ? len : left;
	memcpy(p, x->bytes.p + at, *got);
	return ERR_OK;
}

/* A register of the day of at. */
static inline void
reg_begin(struct reg_file *x, struct world *w, int64_t at)
{
	char day[DAY_TEXT_SIZE];

	day_of(at, DAY_ZONE_MOSCOW, day);
	*x = (struct reg_file){ .a = w->fx.a };
	buf_init(&x->text, w->fx.a, (size_t)8 << 20);
	buf_fmt(&x->text, "Реестр операций за %.2s.%.2s.%.4s\r\n\r\n" REG_HEAD,
	    day + 8, day + 5, day);
}

struct reg_op {
	const char *kind;
	struct str op_id, order_no;
	const char *code_rrn;
	int64_t at, gross, fee, vat;
};

static inline void
reg_sum(struct buf *b, int64_t kop)
{
	struct arena *a = arena_new(4096);
	struct buf own;

	buf_init(&own, a, 100);
	buf_decimal(&own, kop);
	for (size_t i = 0; i < own.len; i++)
		buf_char(b, own.p[i] == '.' ? ',' : own.p[i]);
	arena_free(a);
}

static inline void
reg_put(struct reg_file *x, const struct reg_op *o)
{
	char t[20];

	day_local_iso(o->at, DAY_ZONE_MOSCOW, t);
	buf_fmt(&x->text, "%.2s.%.2s.%.4s;%s;%s;%.*s;%.*s;;%s;;", t + 8, t + 5,
	    t, t + 11, o->kind, STR_ARG(o->op_id), STR_ARG(o->order_no),
	    o->code_rrn ? o->code_rrn : "");
	reg_sum(&x->text, o->gross);
	buf_lit(&x->text, ";");
	reg_sum(&x->text, o->fee);
	buf_lit(&x->text, ";");
	reg_sum(&x->text, o->vat);
	buf_lit(&x->text, ";");
	reg_sum(&x->text, o->gross - o->fee - o->vat);
	buf_lit(&x->text, "\r\n");
	x->rows++;
}

/* Fees as the demo's contracts have them: 1.5 % and 22 % of that. */
static inline int64_t
reg_fee(int64_t kop)
{
	return (kop * 15000 + 500000) / 1000000;
}

static inline int64_t
reg_vat(int64_t kop)
{
	return (reg_fee(kop) * 220000 + 500000) / 1000000;
}

static inline struct reg_op
reg_paid(struct world *w, const struct payment *pm)
{
	return (struct reg_op){ .kind = "Оплата",
		.op_id = arena_fmt(w->fx.a, "OP.%.*s", STR_ARG(pm->number)),
		.order_no = arena_fmt(w->fx.a, "%.*s-1", STR_ARG(pm->number)),
		.at = w->now,
		.gross = pm->total_kop,
		.fee = reg_fee(pm->total_kop),
		.vat = reg_vat(pm->total_kop) };
}

static inline void
reg_end(struct reg_file *x)
{
	struct buf out;

	buf_fmt(&x->text, "Итого;;%d;;;;;;;;;\r\n", x->rows);
	buf_init(&out, x->a, (size_t)8 << 20);
	assert_int_equal(
	    codepage_write(CODEPAGE_CP1251, buf_str(&x->text), 0, &out),
	    x->text.len);
	x->bytes = buf_str(&out);
}

static inline enum err
reg_try(struct world *w, struct reg_file *x, struct register_done *out)
{
	struct source src = { x, (int64_t)x->bytes.len, reg_file_read };

	fault_init(&w->fx.f);
	return register_import(&w->p, w->fx.a,
	    &(struct register_ask){ .contract = REG_CONTRACT,
		.name = STR("реестр.csv"),
		.layout = STR(""),
		.actor = STR("operator:test"),
		.src = &src },
	    out, &w->fx.f);
}

static inline struct register_file
reg_import(struct world *w, struct reg_file *x)
{
	struct register_done done;

	assert_done(&w->fx, reg_try(w, x, &done));
	assert_true(done.file.done);
	return done.file;
}

static inline struct register_counts
reg_reconcile(struct world *w)
{
	struct register_counts n;

	assert_done(&w->fx, reconcile_run(&w->p, REG_CONTRACT, &n, &w->fx.f));
	return n;
}

/* What an account has, of all days. */
static inline int64_t
reg_has(struct world *w, const char *account)
{
	const struct ledger_turnover *t;
	size_t len;

	assert_done(&w->fx,
	    w->p.ledger.turnover_of_lines(w->p.ledger.self, w->fx.a,
		STR("2000-01-01"), STR("2999-12-31"), STR(""), 1000, &t, &len,
		&w->fx.f));
	for (size_t i = 0; i < len; i++)
		if (str_eq(t[i].account, str_of(account)))
			return t[i].debit_kop - t[i].credit_kop;
	return 0;
}

struct reg_books {
	int64_t account, fee, vat, receivable, differences;
};

static inline struct reg_books
reg_books(struct world *w)
{
	return (struct reg_books){ reg_has(w, "bank_account/irkutskenergosbyt"),
		reg_has(w, "bank_fee/sber-irk"),
		reg_has(w, "bank_fee_vat/sber-irk"),
		reg_has(w, "receivable/sber-irk"),
		reg_has(w, "differences/sber-irk") };
}

/* Open cases of a kind, of anybody. */
static inline size_t
reg_cases(struct world *w, const char *kind)
{
	struct case_query q = { .unresolved = true, .limit = 1000 };
	const struct pay_case *cs;
	size_t len, n = 0;

	assert_done(&w->fx,
	    w->p.cases.list(w->p.cases.self, w->fx.a, &q, &cs, &len, &w->fx.f));
	for (size_t i = 0; i < len; i++)
		n += str_eq(cs[i].kind, str_of(kind));
	return n;
}

/* Sberbank's layout as it is shipped. */
static inline void
reg_layout(struct world *w)
{
	char *text = arena_alloc(w->fx.a, REG_LAYOUT_MAX);
	FILE *x = fopen("conf/layouts/sberbank.json", "r");
	char digest[65];
	struct str body;

	assert_non_null(x);
	body = (struct str){ text, fread(text, 1, REG_LAYOUT_MAX, x) };
	assert_int_equal(fclose(x), 0);
	secret_sha256_hex(body, digest);
	assert_done(&w->fx,
	    w->p.registers.layout_put(w->p.registers.self,
		&(struct register_layout){
		    STR("sberbank"), body, str_of(digest), w->now },
		&w->fx.f));
}

static inline int
reg_make(void **state)
{
	int rc = world_make(state);

	reg_layout(*state);
	return rc;
}

#endif
