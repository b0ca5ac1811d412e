#include "kvitok/domain/refund.h"

#include <stdio.h>

/* Products of two sums, before they are divided again. */
__extension__ typedef __int128 wide;

static const char *const names[REFUND__COUNT] = {
	[REFUND_INTENDED] = "intended",
	[REFUND_SENT] = "sent",
	[REFUND_UNKNOWN] = "unknown",
	[REFUND_DONE] = "done",
	[REFUND_FAILED] = "failed",
};

static const char *const ways[REFUND_WAY__COUNT] = {
	[REFUND_BY_BANK] = "bank",
	[REFUND_BY_HAND] = "by_hand",
	[REFUND_BY_CHARGEBACK] = "chargeback",
};

#define TO(state) (1u << (state))

/* Back to intended: the bank certainly has not done it. */
static const unsigned moves[REFUND__COUNT] = {
	[REFUND_INTENDED] = TO(REFUND_SENT),
	[REFUND_SENT] = TO(REFUND_INTENDED) | TO(REFUND_UNKNOWN) |
	    TO(REFUND_DONE) | TO(REFUND_FAILED),
	[REFUND_UNKNOWN] =
	    TO(REFUND_INTENDED) | TO(REFUND_DONE) | TO(REFUND_FAILED),
	[REFUND_DONE] = 0,
	[REFUND_FAILED] = 0,
};

const char *
refund_state_name(enum refund_state s)
{
	return names[s];
}

bool
refund_state_of(struct str name, enum refund_state *s)
{
	for (unsigned i = 0; i < REFUND__COUNT; i++)
		if (str_eq(name, str_of(names[i]))) {
			*s = (enum refund_state)i;
			return true;
		}
	return false;
}

const char *
refund_way_name(enum refund_way w)
{
	return ways[w];
}

bool
refund_way_of(struct str name, enum refund_way *w)
{
	for (unsigned i = 0; i < REFUND_WAY__COUNT; i++)
		if (str_eq(name, str_of(ways[i]))) {
			*w = (enum refund_way)i;
			return true;
		}
	return false;
}

bool
refund_may_move(enum refund_state from, enum refund_state to)
{
	return (moves[from] & TO(to)) != 0;
}

bool
refund_is_out(enum refund_state s)
{
	return s == REFUND_SENT || s == REFUND_UNKNOWN;
}

int64_t
refund_total(const struct refund *r)
{
	return r->sum_kop + r->fee_kop;
}

int64_t
refund_done_kop(const struct refund *list, size_t len)
{
	int64_t kop = 0;

	for (size_t i = 0; i < len; i++)
		if (list[i].state == REFUND_DONE)
			kop += refund_total(&list[i]);
	return kop;
}

struct sharing {
	const struct payment *pm;
	const struct refund_ask *ask;
	struct refund_line rest[PAY_LINES_MAX]; /* what is left */
	int64_t take[PAY_LINES_MAX];
	struct fault *f;
};

static enum err
refuse(struct fault *f, const char *pointer, const char *reason)
{
	(void)fault_set(f, ERR_LIMIT, reason, "%s", pointer);
	fault_field(f, pointer, reason);
	return ERR_LIMIT;
}

static enum err
refuse_line(struct sharing *s, size_t i, const char *member, const char *reason)
{
	char pointer[40];

	(void)snprintf(pointer, sizeof(pointer), "/lines/%zu/%s", i, member);
	return refuse(s->f, pointer, reason);
}

static void
find_rest(struct sharing *s, const struct refund *list, size_t len)
{
	for (size_t i = 0; i < s->pm->lines_len; i++)
		s->rest[i] = (struct refund_line){ (int)i + 1,
			s->pm->lines[i].sum_kop, s->pm->lines[i].fee_kop,
			s->pm->lines[i].supplier_fee_kop,
			s->pm->lines[i].loss_kop };
	for (size_t i = 0; i < len; i++)
		for (size_t k = 0;
		     list[i].state != REFUND_FAILED && k < list[i].lines_len;
		     k++) {
			const struct refund_line *l = &list[i].lines[k];
			struct refund_line *r = &s->rest[l->n - 1];

			r->sum_kop -= l->sum_kop;
			r->fee_kop -= l->fee_kop;
			r->supplier_fee_kop -= l->supplier_fee_kop;
			r->loss_kop -= l->loss_kop;
		}
}

static int64_t
rest_kop(const struct sharing *s)
{
	int64_t kop = 0;

	for (size_t i = 0; i < s->pm->lines_len; i++)
		kop += s->rest[i].sum_kop;
	return kop;
}

static enum err
take_lines(struct sharing *s)
{
	const struct refund_ask *ask = s->ask;
	int64_t sum = 0;

	for (size_t i = 0; i < ask->lines_len; i++) {
		const struct refund_want *w = &ask->lines[i];
		size_t at = (size_t)w->n - 1;
		int64_t kop;

		if (w->n < 1 || at >= s->pm->lines_len)
			return refuse_line(s, i, "n", "refund_line_unknown");
		if (s->take[at] > 0)
			return refuse_line(s, i, "n", "refund_line_repeat");
		kop = w->sum_kop != 0 ? w->sum_kop : s->rest[at].sum_kop;
		if (kop < 0)
			return refuse_line(s, i, "sum_kop", "sum_not_positive");
		if (kop == 0 || kop > s->rest[at].sum_kop)
			return refuse_line(s, i, "sum_kop", "refund_too_large");
		s->take[at] = kop;
		sum += kop;
	}
	if (ask->sum_kop != 0 && ask->sum_kop != sum)
		return refuse(s->f, "/sum_kop", "refund_sum_differs");
	return ERR_OK;
}

/* Each gets its part of what all lines up to it make, less what those before
 * it got: parts add up, and none is above what is left of its line. */
static enum err
take_sum(struct sharing *s)
{
	int64_t rest = rest_kop(s), sum = s->ask->sum_kop;
	int64_t above = 0, gone = 0;

	if (sum < 0)
		return refuse(s->f, "/sum_kop", "sum_not_positive");
	if (sum == 0)
		sum = rest;
	if (sum == 0 || sum > rest)
		return refuse(s->f, "/sum_kop", "refund_too_large");
	for (size_t i = 0; i < s->pm->lines_len; i++) {
		int64_t upto;

		above += s->rest[i].sum_kop;
		upto = (int64_t)((wide)sum * above / rest);
		s->take[i] = upto - gone;
		gone = upto;
	}
	return ERR_OK;
}

/* Everything, and nothing of it went back before. */
static bool
is_whole(const struct sharing *s)
{
	for (size_t i = 0; i < s->pm->lines_len; i++)
		if (s->take[i] != s->pm->lines[i].sum_kop)
			return false;
	return true;
}

/* Of a commission on sum, what goes back with kop. */
static int64_t
fee_of(int64_t fee, int64_t rest, int64_t kop, int64_t sum, bool last)
{
	int64_t part = (int64_t)(((wide)fee * kop * 2 + sum) / ((wide)sum * 2));

	return last || part > rest ? rest : part;
}

static void
put_line(const struct sharing *s, size_t i, bool fees, struct refund_plan *out)
{
	const struct pay_line *l = &s->pm->lines[i];
	const struct refund_line *r = &s->rest[i];
	struct refund_line *to = &out->lines[out->lines_len++];
	bool last = s->take[i] == r->sum_kop;

	*to = (struct refund_line){ .n = r->n, .sum_kop = s->take[i] };
	if (fees) {
		to->fee_kop = fee_of(
		    l->fee_kop, r->fee_kop, s->take[i], l->sum_kop, last);
		to->supplier_fee_kop = fee_of(l->supplier_fee_kop,
		    r->supplier_fee_kop, s->take[i], l->sum_kop, last);
		to->loss_kop = fee_of(
		    l->loss_kop, r->loss_kop, s->take[i], l->sum_kop, last);
	}
	out->sum_kop += to->sum_kop;
	out->fee_kop += to->fee_kop;
}

enum err
refund_share(const struct payment *pm, const struct refund *list, size_t len,
    const struct refund_ask *ask, struct refund_plan *out, struct fault *f)
{
	struct sharing s = { .pm = pm, .ask = ask, .f = f };
	enum err rc;
	bool fees;

	find_rest(&s, list, len);
	rc = ask->lines_len > 0 ? take_lines(&s) : take_sum(&s);
	if (rc != ERR_OK)
		return rc;
	fees = ask->fee == REFUND_FEE_RETURN ||
	    (ask->fee == REFUND_FEE_RULE && is_whole(&s));
	out->lines_len = 0;
	out->sum_kop = out->fee_kop = 0;
	for (size_t i = 0; i < pm->lines_len; i++)
		if (s.take[i] > 0)
			put_line(&s, i, fees, out);
	return ERR_OK;
}

/* Each line's part of what is above the sums: shared as take_sum does. */
static void
take_fees(struct sharing *s, int64_t kop, struct refund_plan *out)
{
	int64_t rest = 0, above = 0, gone = 0;

	for (size_t i = 0; i < s->pm->lines_len; i++)
		rest += s->rest[i].fee_kop;
	for (size_t i = 0; i < out->lines_len; i++) {
		struct refund_line *l = &out->lines[i];
		const struct refund_line *r = &s->rest[l->n - 1];
		int64_t upto;

		above += r->fee_kop;
		upto = (int64_t)((wide)kop * above / rest);
		l->fee_kop = upto - gone;
		gone = upto;
	}
	out->fee_kop = kop;
}

enum err
refund_share_total(const struct payment *pm, const struct refund *list,
    size_t len, int64_t total_kop, struct refund_plan *out, struct fault *f)
{
	struct refund_ask ask = { .sum_kop = total_kop };
	struct sharing s = { .pm = pm, .ask = &ask, .f = f };
	int64_t sums, fees = 0;
	enum err rc;

	find_rest(&s, list, len);
	sums = rest_kop(&s);
	for (size_t i = 0; i < pm->lines_len; i++)
		/* A line whose sum is gone has no row to bear commission. */
		fees += s.rest[i].sum_kop > 0 ? s.rest[i].fee_kop : 0;
	if (total_kop <= 0)
		return refuse(f, "/sum_kop", "sum_not_positive");
	if (sums == 0 || total_kop - sums > fees)
		return refuse(f, "/sum_kop", "refund_too_large");
	if (total_kop > sums)
		ask.sum_kop = sums;
	rc = take_sum(&s);
	out->lines_len = 0;
	out->sum_kop = out->fee_kop = 0;
	for (size_t i = 0; rc == ERR_OK && i < pm->lines_len; i++)
		if (s.take[i] > 0)
			put_line(&s, i, false, out);
	if (rc == ERR_OK && total_kop > sums)
		take_fees(&s, total_kop - sums, out);
	return rc;
}

enum err
refund_fits(const struct payment *pm, const struct refund *list, size_t len,
    const struct refund *r, struct fault *f)
{
	struct sharing s = { .pm = pm, .f = f };

	find_rest(&s, list, len);
	for (size_t i = 0; i < r->lines_len; i++) {
		const struct refund_line *l = &r->lines[i];
		const struct refund_line *rest = &s.rest[l->n - 1];

		if (l->sum_kop > rest->sum_kop || l->fee_kop > rest->fee_kop ||
		    l->supplier_fee_kop > rest->supplier_fee_kop ||
		    l->loss_kop > rest->loss_kop)
			return fault_set(f, ERR_LIMIT, "refund_too_large",
			    "line %d has not so much left", l->n);
	}
	return ERR_OK;
}
