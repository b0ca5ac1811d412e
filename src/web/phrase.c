#include "kvitok/web/phrase.h"

#include "kvitok/domain/card.h"

#include "kvitok/base/day.h"
#include "kvitok/base/num.h"

#define PAGE_MAX ((size_t)1 << 20)

static const char *const months[] = {
#define MONTH(words) words,
#include "kvitok/web/month.def"
#undef MONTH
};

struct str
phrase_round_sum(struct arena *a, int64_t kop)
{
	struct str s = buf_roubles_str(a, kop);

	if (str_ends(s, STR(",00")))
		s.len -= 3;
	return s;
}

struct str
phrase_rate(struct arena *a, int32_t ppm)
{
	struct str s =
	    arena_fmt(a, "%d,%04d", (int)ppm / 10000, (int)ppm % 10000);

	while (str_ends(s, STR("0")))
		s.len--;
	if (str_ends(s, STR(",")))
		s.len--;
	return s;
}

struct str
phrase_day(struct arena *a, struct str day)
{
	int64_t month = 0, number = 0;

	if (!day_valid(day) ||
	    !num_parse((struct str){ day.p + 5, 2 }, 1, 12, &month) ||
	    !num_parse((struct str){ day.p + 8, 2 }, 1, 31, &number))
		return STR_NONE;
	return arena_fmt(
	    a, "%d %s %.4s", (int)number, months[month - 1], day.p);
}

struct str
phrase_expiry(struct arena *a, struct str expiry)
{
	return expiry.len == CARD_EXPIRY_LEN
	    ? arena_fmt(a, "%.2s/%.2s", expiry.p + 4, expiry.p + 2)
	    : STR_NONE;
}

struct str
phrase_time(struct arena *a, int64_t at, int zone_min)
{
	char day[DAY_TEXT_SIZE], iso[20];

	day_of(at, zone_min, day);
	day_local_iso(at, zone_min, iso);
	return arena_fmt(
	    a, "%.*s, %.5s", STR_ARG(phrase_day(a, str_of(day))), iso + 11);
}

enum err
phrase_render(struct arena *a, const char *path, enum tpl_dest dest,
    const struct tpl_var *vars, size_t len, struct str *out, struct fault *f)
{
	struct bytes file = asset_get(str_of(path));
	struct tpl_vars all = { vars, len };
	struct buf b;
	enum err rc;

	if (!file.p)
		return fault_set(f, ERR_BUG, "tpl_bad", "no file %s", path);
	buf_init(&b, a, PAGE_MAX);
	rc = tpl_render(
	    &b, dest, (struct str){ (const char *)file.p, file.len }, &all, f);
	if (rc != ERR_OK)
		return fault_wrap(f, "%s", path);
	*out = buf_str(&b);
	if (dest == TPL_TEXT)
		*out = str_trim(*out);
	return ERR_OK;
}

/* Empty when it is nothing to speak of. */
static struct str
sum_or_none(struct arena *a, struct money m)
{
	return m.kop > 0 ? phrase_round_sum(a, m.kop) : STR_NONE;
}

enum err
phrase_fee(struct arena *a, const struct fee_rule *rule, struct str *out,
    struct fault *f)
{
	bool free = rule->bearer == FEE_ON_SUPPLIER ||
	    (rule->rate_ppm == 0 && rule->fixed.kop == 0 && rule->min.kop == 0);
	const struct tpl_var vars[] = {
		{ .name = "free", .text = free ? STR("1") : STR_NONE },
		{ .name = "rate",
		    .text = rule->rate_ppm > 0 ? phrase_rate(a, rule->rate_ppm)
					       : STR_NONE },
		{ .name = "fixed", .text = sum_or_none(a, rule->fixed) },
		{ .name = "min", .text = sum_or_none(a, rule->min) },
		{ .name = "max", .text = sum_or_none(a, rule->max) },
	};

	return phrase_render(
	    a, "tpl/phrase/fee.txt", TPL_TEXT, vars, KV_COUNT(vars), out, f);
}

enum err
phrase_limits(struct arena *a, const struct limit_rule *rule, struct str *out,
    struct fault *f)
{
	const struct tpl_var vars[] = {
		{ .name = "min", .text = phrase_round_sum(a, rule->min.kop) },
		{ .name = "max", .text = phrase_round_sum(a, rule->max.kop) },
	};

	return phrase_render(
	    a, "tpl/phrase/limits.txt", TPL_TEXT, vars, KV_COUNT(vars), out, f);
}
