/*
 * bank: the gateway port over the contracts of kvitok.conf.
 *
 * The only place that knows which connector a contract has.  Opened once per
 * process; every process keeps its own connections, and health and counters
 * are shared through base/stats.h.
 */
#ifndef KVITOK_BANK_BANK_H
#define KVITOK_BANK_BANK_H

#include "kvitok/bank/settings.h"
#include "kvitok/base/conf.h"
#include "kvitok/base/jw.h"
#include "kvitok/base/log.h"
#include "kvitok/base/stats.h"
#include "kvitok/port/card_gateway.h"
#include "kvitok/port/clock.h"
#include "kvitok/port/gateway.h"

/* Slots that the bank needs in the shared counters. */
#define BANK_SLOTS (SETTINGS_CONTRACTS_MAX * HEALTH_SLOTS + BANK_NOTICE_SLOTS)
#define BANK_NOTICE_SLOTS 6 /* two banks, three kinds of trust */

struct bank;

struct bank_parts {
	const struct conf *conf; /* loaded with bank_conf among its keys */
	struct stats *stats;     /* NULL: no health, no metrics */
	size_t first_slot;       /* of BANK_SLOTS */
	const struct clock *clock;
	const struct log *log; /* NULL: silent */
};

/*
 * Append what names the bank's slots, for the layout text of stats_open: the
 * same slot must be the same contract in every process.
 */
void bank_layout(struct arena *a, const struct conf *conf, struct buf *out);
/*
 * Judge all contracts, as kvitokctl check does.
 * Gives: false when there is an error; lines of errors and warnings are
 * appended to report ("FILE:LINE: [contract x] key: words").
 */
KV_MUST_CHECK bool bank_settings_check(
    struct arena *a, const struct conf *conf, int64_t now, struct buf *report);
/*
 * Make the gateway; nobody is called.  Warnings of the settings are logged.
 * Gives: *g, *answers and *out, which live as long as a.
 * Fails: ERR_INVALID conf_bad (as bank_settings_check; the first line in the
 * detail); ERR_BUG sign_broken.
 */
KV_MUST_CHECK enum err bank_open(struct arena *a,
    const struct bank_parts *parts, struct gateway *g,
    struct gateway_answers *answers, struct bank **out, struct fault *f);
/* Gives: the port of remembered cards, over the same contracts. */
struct card_gateway bank_cards(struct bank *b);
/*
 * Append the bank's metrics in the Prometheus text format: calls by contract,
 * call and end, latency, whether a bank is down and what was seen of it in the
 * window, notices by trust, when the last certificate of a contract ends.
 */
void bank_metrics(const struct bank *b, int64_t now, struct buf *out);
/* Append the member "banks" of /readyz: how each contract's bank is doing. */
void bank_ready(const struct bank *b, int64_t now, struct jw *w);

#endif
