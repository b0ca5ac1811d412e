#include "kvitok/domain/recon.h"

#define PPM_WHOLE 1000000

static const char *const names[RECON__COUNT] = {
	[RECON_MATCHED] = "matched",
	[RECON_SUM] = "sum",
	[RECON_UNKNOWN] = "unknown",
	[RECON_CHARGEBACK] = "chargeback",
	[RECON_FEE] = "fee",
};

const char *
recon_outcome_name(enum recon_outcome o)
{
	return names[o];
}

bool
recon_outcome_of(struct str name, enum recon_outcome *o)
{
	for (int i = 0; i < RECON__COUNT; i++)
		if (str_eq(name, str_of(names[i]))) {
			*o = (enum recon_outcome)i;
			return true;
		}
	return false;
}

/* Money that a dispute moves was never posted as receivable; a correction is
 * for a person to explain. */
bool
recon_looks(enum reg_kind k)
{
	return k == REG_PAYMENT || k == REG_REFUND || k == REG_REVERSAL;
}

static bool
may_take(const struct reg_row *row, const struct recon_posting *p)
{
	return !p->taken && recon_looks(row->kind) &&
	    (p->sum_kop > 0) == (row->gross_kop > 0);
}

/* The bank's own id is in the cause of money of another opening of its page;
 * ours of a refund is its cause. */
static bool
is_named(const struct reg_row *row, const struct recon_posting *p)
{
	return (row->bank_id.len > 0 && str_ends(p->cause, row->bank_id)) ||
	    (row->op_id.len > 0 && str_eq(p->cause, row->op_id));
}

/* How well p fits: its id counts more than its attempt, that more than its
 * sum. */
static int
fit(const struct reg_row *row, const struct recon_posting *p)
{
	return (is_named(row, p) ? 4 : 0) +
	    (str_eq(p->bank_no, row->order_no) ? 2 : 0) +
	    (p->sum_kop == row->gross_kop ? 1 : 0);
}

size_t
recon_by_number(
    const struct reg_row *row, const struct recon_posting *v, size_t len)
{
	size_t best = len;

	/* Postings come oldest first: of equals the first one stays. */
	for (size_t i = 0; i < len; i++)
		if (may_take(row, &v[i]) &&
		    (best == len || fit(row, &v[i]) > fit(row, &v[best])))
			best = i;
	return best;
}

/* Days of Moscow; each begins at an instant of its own. */
static bool
is_near(struct str a, struct str b)
{
	int64_t x, y;

	if (!day_start(a, DAY_ZONE_MOSCOW, &x) ||
	    !day_start(b, DAY_ZONE_MOSCOW, &y))
		return false;
	return x - y <= DAY_MS && y - x <= DAY_MS;
}

size_t
recon_by_rrn(
    const struct reg_row *row, const struct recon_posting *v, size_t len)
{
	size_t found = len;

	for (size_t i = 0; i < len; i++) {
		if (!may_take(row, &v[i]) || v[i].sum_kop != row->gross_kop ||
		    !is_near(v[i].day, str_of(row->day)))
			continue;
		if (found < len && !str_eq(v[found].number, v[i].number))
			return len; /* which of the two nobody can tell */
		if (found == len)
			found = i;
	}
	return found;
}

size_t
recon_by_hand(const struct reg_row *row, const struct recon_posting *v,
    size_t len, enum recon_hand *why)
{
	size_t best = len;

	*why = len > 0 ? RECON_HAND_SUM : RECON_HAND_NONE;
	for (size_t i = 0; i < len; i++) {
		if (v[i].sum_kop != row->gross_kop)
			continue;
		if (v[i].taken && !v[i].let_be) {
			if (best == len)
				*why = RECON_HAND_TAKEN;
			continue;
		}
		*why = RECON_HAND_OK;
		if (best == len || fit(row, &v[i]) > fit(row, &v[best]))
			best = i;
	}
	return best;
}

enum recon_outcome
recon_judge(const struct reg_row *row, const struct recon_posting *p)
{
	if (row->kind == REG_FEE)
		return RECON_FEE;
	if (row->kind == REG_CHARGEBACK || row->kind == REG_CHARGEBACK_REVERSAL)
		return RECON_CHARGEBACK;
	if (p == NULL)
		return RECON_UNKNOWN;
	return p->sum_kop == row->gross_kop ? RECON_MATCHED : RECON_SUM;
}

/* A share of a sum that is bounded by REG_SUM_MAX: it cannot overflow. */
static int64_t
share(int64_t kop, int32_t ppm, bool cut)
{
	return (kop * ppm + (cut ? 0 : PPM_WHOLE / 2)) / PPM_WHOLE;
}

int64_t
recon_fee(const struct recon_terms *t, int64_t gross_kop)
{
	int64_t fee = share(gross_kop, t->fee_ppm, t->cut);

	return fee + share(fee, t->vat_ppm, t->cut);
}

static bool
differs(int64_t a, int64_t b)
{
	return a - b > 1 || b - a > 1;
}

bool
recon_fee_is_off(const struct recon_terms *t, const struct reg_row *row)
{
	int64_t kept = row->fee_kop + row->vat_kop;

	if (!t->known || !recon_looks(row->kind))
		return false;
	if (row->gross_kop > 0)
		return differs(kept, recon_fee(t, row->gross_kop));
	return kept != 0 && differs(kept, -recon_fee(t, -row->gross_kop));
}

size_t
recon_reversed(const struct recon_posting *v, size_t len, size_t i)
{
	for (size_t k = 0; k < len; k++)
		if (k != i && !v[k].taken && !v[i].taken &&
		    v[k].sum_kop == -v[i].sum_kop &&
		    str_eq(v[k].day, v[i].day) &&
		    str_eq(v[k].number, v[i].number))
			return k;
	return len;
}
