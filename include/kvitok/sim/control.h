/*
 * control: the simulator's own interface, under /control/.
 *
 * What a person does in a browser, a test does here; also faults, clock,
 * mails, and what was called.  Described in doc/sim.openapi.yaml.
 */
#ifndef KVITOK_SIM_CONTROL_H
#define KVITOK_SIM_CONTROL_H

#include "kvitok/base/attr.h"
#include "kvitok/base/json.h"
#include "kvitok/sim/door.h"

#include <stdbool.h>

/* Handle a request whose path begins with /control/. */
void control_handle(struct req *r);

/* Parts of it (control_order.c, control_fault.c, control_mail.c,
 * control_card.c). */
void control_orders(struct req *r);
void control_pay(struct req *r, struct str which);
void control_cards(struct req *r);
void control_card_set(struct req *r);
void control_faults(struct req *r);
void control_fault_arm(struct req *r);
void control_fault_disarm(struct req *r);
void control_mails(struct req *r);
void control_mail(struct req *r, struct str rest);

/* Answer {"error": words} with a status. */
void control_refuse(struct req *r, int status, const char *words);
/* Begin a JSON answer of status 200. */
void control_json(struct req *r, struct jw *w);
/*
 * Read the body as a JSON object whose names are all in known (which ends
 * in NULL); an empty body is an empty object (*out NULL).
 * Gives: false with the refusal written.
 */
KV_MUST_CHECK bool control_body(
    struct req *r, const char *const *known, const struct json **out);

#endif
