#include "kvitok/domain/settle.h"

#include "kvitok/base/utf8.h"
#include "kvitok/domain/requisite.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const names[SETTLE__COUNT] = {
	[SETTLE_PREPARING] = "preparing",
	[SETTLE_PREPARED] = "prepared",
	[SETTLE_REPLACED] = "replaced",
	[SETTLE_CONFIRMED] = "confirmed",
	[SETTLE_RETURNED] = "returned",
};

const char *
settle_state_name(enum settle_state s)
{
	return names[s];
}

bool
settle_state_of(struct str name, enum settle_state *s)
{
	for (int i = 0; i < SETTLE__COUNT; i++)
		if (str_eq(name, str_of(names[i]))) {
			*s = (enum settle_state)i;
			return true;
		}
	return false;
}

void
settle_akey(struct str portal, struct str supplier, char out[PAY_AKEY_LEN + 1])
{
	pay_akey(portal, supplier, out);
}

struct str
settle_account(struct arena *a, struct str portal, struct str supplier)
{
	return arena_fmt(
	    a, "payable/%.*s/%.*s", STR_ARG(portal), STR_ARG(supplier));
}

bool
settle_sums_agree(const struct settle_sums *s)
{
	int64_t net;

	return s->size == s->items + s->held_items &&
	    !__builtin_sub_overflow(s->taken_kop, s->refunded_kop, &net) &&
	    !__builtin_add_overflow(net, s->other_kop, &net) &&
	    !__builtin_sub_overflow(net, s->supplier_fee_kop, &net) &&
	    net == s->transfer_kop;
}

bool
settle_carried(const struct settlement *s)
{
	return s->sums.transfer_kop <= 0 || s->sums.transfer_kop < s->min_kop;
}

static bool
digits(struct str s, size_t len)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.len == len;
}

/* Four digits, two digits or capitals, three digits (FTS order of 29.06.2012
 * No MMV-7-6/435@, 5). */
static bool
kpp_ok(struct str kpp)
{
	for (size_t i = 0; i < kpp.len; i++) {
		bool letter =
		    (i == 4 || i == 5) && kpp.p[i] >= 'A' && kpp.p[i] <= 'Z';

		if (!letter && (kpp.p[i] < '0' || kpp.p[i] > '9'))
			return false;
	}
	return kpp.len == 9;
}

static bool
title_ok(struct str title)
{
	size_t len = utf8_len(title);

	return len > 0 && len <= SETTLE_TITLE_MAX && utf8_text(title) &&
	    memchr(title.p, '\n', title.len) == NULL;
}

const char *
settle_party_wrong(const struct settle_party *p)
{
	if (!title_ok(p->title))
		return "title";
	if (!requisite_inn_ok(p->inn))
		return "inn";
	/* An organisation has one, a person has none. */
	if (p->kpp.len > 0 ? !kpp_ok(p->kpp) : p->inn.len == 10)
		return "kpp";
	if (!digits(p->bic, 9))
		return "bic";
	if (!requisite_account_ok(p->account, p->bic))
		return "account";
	if (!title_ok(p->bank))
		return "bank";
	if (p->correspondent.len > 0 &&
	    !requisite_correspondent_ok(p->correspondent, p->bic))
		return "correspondent";
	return NULL;
}

struct settle_party
settle_payee(const struct ref_supplier *s)
{
	return (struct settle_party){ s->title, s->inn, s->kpp,
		s->settlement_account, s->bic, s->bank_title,
		s->correspondent_account };
}

struct settle_party
settle_payer(const struct ref_own_account *o)
{
	return (struct settle_party){ o->title, o->inn, o->kpp, o->account,
		o->bic, o->bank_title, o->correspondent_account };
}

static enum err
check_party(const char *whose, const struct settle_party *p, struct fault *f)
{
	const char *wrong = settle_party_wrong(p);
	char field[32];

	if (!wrong)
		return ERR_OK;
	(void)snprintf(field, sizeof(field), "%s.%s", whose, wrong);
	(void)fault_set(f, ERR_LIMIT, "settlement_requisite", "%s", field);
	fault_arg(f, "field", str_of(field));
	return f->err;
}

/* The supplier may be gone: what it is owed is not. */
static const struct ref_supplier *
supplier_of(const struct ref *r, const struct settlement *s)
{
	for (size_t i = 0; i < r->suppliers_len; i++)
		if (str_eq(r->suppliers[i].portal, s->portal) &&
		    str_eq(r->suppliers[i].supplier, s->supplier))
			return &r->suppliers[i];
	return NULL;
}

enum err
settle_fill(const struct ref *r, struct settlement *s, struct fault *f)
{
	const struct ref_supplier *supplier = supplier_of(r, s);
	const struct ref_deal *d = ref_deal(r, s->portal, s->supplier, s->day);
	const struct ref_own_account *own =
	    d ? ref_own_account(r, d->own_account) : NULL;
	enum err rc;

	if (!supplier || !d || !own)
		return fault_set(f, ERR_LIMIT, "settlement_contract_missing",
		    "%.*s/%.*s on %.*s", STR_ARG(s->portal),
		    STR_ARG(s->supplier), STR_ARG(s->day));
	s->contract = d->number;
	s->contract_day = d->signed_day;
	s->own_account = d->own_account;
	s->layout = d->register_layout;
	s->min_kop = d->min_kop;
	s->payer = settle_payer(own);
	s->payee = settle_payee(supplier);
	rc = check_party("payer", &s->payer, f);
	return rc == ERR_OK ? check_party("payee", &s->payee, f) : rc;
}

static bool
same_party(const struct settle_party *a, const struct settle_party *b)
{
	return str_eq(a->title, b->title) && str_eq(a->inn, b->inn) &&
	    str_eq(a->kpp, b->kpp) && str_eq(a->account, b->account) &&
	    str_eq(a->bic, b->bic) && str_eq(a->bank, b->bank) &&
	    str_eq(a->correspondent, b->correspondent);
}

bool
settle_same_terms(const struct settlement *a, const struct settlement *b)
{
	return str_eq(a->contract, b->contract) &&
	    str_eq(a->contract_day, b->contract_day) &&
	    str_eq(a->own_account, b->own_account) &&
	    str_eq(a->layout, b->layout) && a->min_kop == b->min_kop &&
	    same_party(&a->payer, &b->payer) &&
	    same_party(&a->payee, &b->payee);
}

static void
put_day(struct buf *b, struct str day)
{
	if (day.len == 10)
		buf_fmt(b, "%.2s.%.2s.%.4s", day.p + 8, day.p + 5, day.p);
}

static bool
put_named(struct buf *b, struct str name, const struct settlement *s)
{
	if (str_eq(name, STR("contract")))
		buf_text(b, s->contract);
	else if (str_eq(name, STR("contract_day")))
		put_day(b, s->contract_day);
	else if (str_eq(name, STR("day")))
		put_day(b, s->day);
	else if (str_eq(name, STR("count")))
		buf_i64(b, s->sums.items);
	else if (str_eq(name, STR("sum")))
		buf_decimal(b, s->sums.transfer_kop);
	else if (str_eq(name, STR("fee")))
		buf_decimal(b, s->sums.supplier_fee_kop);
	else
		return false;
	return true;
}

enum err
settle_purpose(struct arena *a, struct str words, const struct settlement *s,
    struct str *out, struct fault *f)
{
	struct str head, name;
	struct buf b;

	buf_init(&b, a, (size_t)SETTLE_PURPOSE_MAX * 8);
	while (str_cut(&words, '{', &head)) {
		buf_text(&b, head);
		if (!str_cut(&words, '}', &name) || !put_named(&b, name, s))
			return fault_set(f, ERR_LIMIT, "settlement_purpose",
			    "{%.*s}", STR_ARG(name));
	}
	buf_text(&b, head);
	*out = buf_str(&b);
	if (b.full || utf8_len(*out) > SETTLE_PURPOSE_MAX || out->len == 0 ||
	    !utf8_text(*out) || memchr(out->p, '\n', out->len) != NULL)
		return fault_set(f, ERR_LIMIT, "settlement_purpose",
		    "%zu characters", utf8_len(*out));
	return ERR_OK;
}

static enum err
refuse(const struct settlement *s, const char *reason, struct fault *f)
{
	return fault_set(f, ERR_CONFLICT, reason, "%.*s is %s", STR_ARG(s->id),
	    settle_state_name(s->state));
}

enum err
settle_may_confirm(const struct settlement *s, int64_t sum_kop, struct fault *f)
{
	if (s->state == SETTLE_PREPARING)
		return refuse(s, "settlement_preparing", f);
	if (s->state == SETTLE_REPLACED)
		return refuse(s, "settlement_replaced", f);
	if (s->state == SETTLE_CONFIRMED)
		return refuse(s, "settlement_confirmed", f);
	if (s->state == SETTLE_RETURNED)
		return refuse(s, "settlement_returned", f);
	if (!settle_sums_agree(&s->sums))
		return fault_set(f, ERR_BUG, "settlement_differs",
		    "%.*s: figures", STR_ARG(s->id));
	if (sum_kop != s->sums.transfer_kop) {
		(void)fault_set(f, ERR_CONFLICT, "settlement_sum_differs",
		    "%" PRId64 " and %" PRId64, sum_kop, s->sums.transfer_kop);
		fault_arg_kop(f, "sum", s->sums.transfer_kop);
		return f->err;
	}
	if (settle_carried(s)) {
		(void)fault_set(f, ERR_LIMIT, "settlement_nothing",
		    "%" PRId64 " of %" PRId64, sum_kop, s->min_kop);
		fault_arg_kop(f, "min", s->min_kop);
		return f->err;
	}
	return ERR_OK;
}

enum err
settle_is_out(const struct settlement *s, struct fault *f)
{
	if (s->state == SETTLE_CONFIRMED)
		return ERR_OK;
	if (s->state == SETTLE_RETURNED)
		return refuse(s, "settlement_returned", f);
	return refuse(s, "settlement_not_confirmed", f);
}

void
settle_posting(struct arena *a, const struct settlement *s, bool back,
    struct ledger_transfer *t)
{
	struct ledger_line *lines = ARENA_ARRAY(a, 2, struct ledger_line);
	int64_t kop = back ? -s->sums.transfer_kop : s->sums.transfer_kop;

	/* In the order of accounts, as all lines are. */
	lines[0].account =
	    arena_fmt(a, "bank_account/%.*s", STR_ARG(s->own_account));
	lines[0].sum_kop = -kop;
	lines[1].account = settle_account(a, s->portal, s->supplier);
	lines[1].sum_kop = kop;
	*t = (struct ledger_transfer){ .cause = s->id,
		.kind = back ? STR("transfer_back") : STR("transfer"),
		.number = STR(""),
		.lines = lines,
		.lines_len = 2 };
}
