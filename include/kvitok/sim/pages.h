/*
 * pages: what a person sees at the simulated banks and at the simulator.
 *
 * Russian, without scripts, one style sheet.  Card data goes from the form
 * to card_read and no further.
 */
#ifndef KVITOK_SIM_PAGES_H
#define KVITOK_SIM_PAGES_H

#include "kvitok/base/attr.h"
#include "kvitok/base/tpl.h"
#include "kvitok/sim/door.h"
#include "kvitok/sim/order.h"

#include <stdbool.h>

/* Gives: true when the request is for a page; it then is answered. */
bool pages_handle(struct req *r);

/* The bank's page with the card form; trouble is "" or words over it. */
void pages_pay(struct req *r, struct order *o, const char *trouble);
/* A page of the bank that says what is wrong. */
void pages_trouble(
    struct req *r, enum bank bank, int status, const char *words);
/* The simulator's own pages (panel.c). */
bool panel_handle(struct req *r);

/* Answer with a template of web/tpl/sim/ and its variables. */
void pages_render(struct req *r, int status, const char *name,
    const struct tpl_var *vars, size_t vars_len);

#endif
