#include "kvitok/domain/money.h"
#include "kvitok/base/num.h"

#define PPM_WHOLE 1000000

/* Products of two sums, before they are divided again. */
__extension__ typedef __int128 wide;

static enum err
overflow(struct fault *f)
{
	return fault_set(
	    f, ERR_LIMIT, "sum_overflow", "a sum does not fit into 64 bits");
}

enum err
money_add(struct money a, struct money b, struct money *out, struct fault *f)
{
	int64_t kop;

	if (__builtin_add_overflow(a.kop, b.kop, &kop))
		return overflow(f);
	out->kop = kop;
	return ERR_OK;
}

enum err
money_sub(struct money a, struct money b, struct money *out, struct fault *f)
{
	int64_t kop;

	if (__builtin_sub_overflow(a.kop, b.kop, &kop))
		return overflow(f);
	out->kop = kop;
	return ERR_OK;
}

enum err
money_ppm(struct money a, int32_t ppm, struct money *out, struct fault *f)
{
	wide product = (wide)a.kop * ppm;
	wide half = product < 0 ? -(PPM_WHOLE / 2) : PPM_WHOLE / 2;
	wide kop = (product + half) / PPM_WHOLE;

	if (kop > INT64_MAX || kop < INT64_MIN)
		return overflow(f);
	out->kop = (int64_t)kop;
	return ERR_OK;
}

enum err
money_share(struct money total, const struct money *weights, size_t n,
    size_t rest_to, struct money *parts, struct fault *f)
{
	struct money whole = { 0 };
	int64_t rest = total.kop;
	enum err rc;

	for (size_t i = 0; i < n; i++) {
		if (weights[i].kop < 0)
			return fault_set(f, ERR_BUG, "share_bad",
			    "weight %zu is below zero", i);
		if ((rc = money_add(whole, weights[i], &whole, f)) != ERR_OK)
			return rc;
	}
	if (whole.kop == 0 || rest_to >= n)
		return fault_set(
		    f, ERR_BUG, "share_bad", "no weights, or rest to nobody");

	for (size_t i = 0; i < n; i++) {
		/* No part is larger than total, nor is what they make. */
		parts[i].kop =
		    (int64_t)((wide)total.kop * weights[i].kop / whole.kop);
		rest -= parts[i].kop;
	}
	parts[rest_to].kop += rest;
	return ERR_OK;
}

enum err
money_parse(struct str s, struct money max, struct money *out, struct fault *f)
{
	int64_t kop;

	if (!num_parse_roubles(s, max.kop, &kop))
		return fault_set(f, ERR_INVALID, "field_form",
		    "not a sum in roubles of at most %lld kopecks",
		    (long long)max.kop);
	out->kop = kop;
	return ERR_OK;
}

void
money_print(struct buf *b, struct money m)
{
	buf_roubles(b, m.kop);
}
