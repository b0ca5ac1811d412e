/*
 * meter: may this reading be taken (M2)?
 *
 * Pure: no clock, no database.  A rule is picked by portal, supplier, unit
 * and day elsewhere (ref); here it is only applied.
 */
#ifndef KVITOK_DOMAIN_METER_H
#define KVITOK_DOMAIN_METER_H

#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define METER_PERIOD_SIZE 8   /* YYYY-MM and its NUL */
#define METER_DIGITS_MAX 12   /* of a meter's counter */
#define METER_READINGS_MAX 50 /* of one payment */

/* When readings that came with a payment go to the supplier. */
enum meter_hand { METER_WHEN_PAID, METER_AT_ONCE };

struct meter_rule {
	int first_day, last_day; /* of a month, both included; 31: its end */
	int64_t max_use;         /* between two readings */
	enum meter_hand hand;
};

/* What the supplier knows of the meter. */
struct meter_was {
	int digits;
	int64_t last_value;
	struct str verify_day; /* verification is due; empty: none is known */
};

struct meter_taken {
	int64_t use;
	bool rolled; /* the counter has passed its end and begun anew */
	char period[METER_PERIOD_SIZE]; /* month that it is for */
};

/* One reading of a payment, as it is kept. */
struct pay_reading {
	struct str id, supplier, account, meter, period;
	int64_t before, value, use; /* before: what the supplier had */
	bool rolled;
	int64_t created_at, given_at; /* given_at 0: not handed over */
};

/* Gives: true when day (YYYY-MM-DD) lies in the window of its month. */
bool meter_window_open(const struct meter_rule *rule, struct str day);

/*
 * Judge a reading that is given on day.
 *
 * A value below the last one is taken as the counter's having begun anew when
 * what was used across its end is within the rule; otherwise it is a slip.
 * Gives: *out, untouched on failure.
 * Fails: ERR_LIMIT reading_too_early, reading_too_late (the window),
 * reading_verification, reading_digits, reading_below, reading_use.
 */
KV_MUST_CHECK enum err meter_take(const struct meter_rule *rule,
    const struct meter_was *m, struct str day, int64_t value,
    struct meter_taken *out, struct fault *f);

/* "paid", "at_once" */
const char *meter_hand_name(enum meter_hand h);
KV_MUST_CHECK bool meter_hand_of(struct str name, enum meter_hand *out);

#endif
