/*
 * phrase: short Russian texts about sums, rates and days.
 *
 * The words are templates (web/tpl/phrase); here they are only filled.
 */
#ifndef KVITOK_WEB_PHRASE_H
#define KVITOK_WEB_PHRASE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/tpl.h"
#include "kvitok/domain/fee.h"
#include "kvitok/domain/limit.h"

#include <stdint.h>

/* Gives: a sum without kopecks that are zero: «14 000», «9,99». */
struct str phrase_round_sum(struct arena *a, int64_t kop);
/* Gives: «1,5» for 15000 ppm. */
struct str phrase_rate(struct arena *a, int32_t ppm);
/* Gives: «21 ноября 2026» for a day YYYY-MM-DD; empty for what is none. */
struct str phrase_day(struct arena *a, struct str day);
/* Gives: «12/34» for 203412, a card's last month; empty for what is none. */
struct str phrase_expiry(struct arena *a, struct str expiry);
/* Gives: «21 ноября 2026, 14:05» in a zone. */
struct str phrase_time(struct arena *a, int64_t at, int zone_min);
/*
 * Gives: «комиссия 1,5 %, не менее 10 ₽» in *out.
 * Fails: ERR_BUG tpl_bad.
 */
KV_MUST_CHECK enum err phrase_fee(struct arena *a, const struct fee_rule *rule,
    struct str *out, struct fault *f);
/* Gives: «от 10 до 14 000 ₽» in *out.  Fails: ERR_BUG tpl_bad. */
KV_MUST_CHECK enum err phrase_limits(struct arena *a,
    const struct limit_rule *rule, struct str *out, struct fault *f);
/*
 * Render a template of web/tpl; text has no line end at its end.
 * Gives: *out in a.
 * Fails: ERR_BUG tpl_bad.
 */
KV_MUST_CHECK enum err phrase_render(struct arena *a, const char *path,
    enum tpl_dest dest, const struct tpl_var *vars, size_t len, struct str *out,
    struct fault *f);

#endif
