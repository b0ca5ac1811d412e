/*
 * echo: a merchant that takes anything, at /control/echo/.
 *
 * Stands in for the merchant when the simulator itself is tested: records
 * what it gets, answers 200 or what it was told to answer.
 */
#ifndef KVITOK_SIM_ECHO_H
#define KVITOK_SIM_ECHO_H

#include "kvitok/base/arena.h"
#include "kvitok/sim/door.h"

#define ECHO_KEPT_MAX 500
#define ECHO_ANSWERS_MAX 50
#define ECHO_BODY_MAX 16384

/* Gives: no records, no answers taught; in a. */
struct echoes *echo_new(struct arena *a);
/* Forget records and answers. */
void echo_clear(struct echoes *e);
/* ANY /control/echo/...: record and answer. */
void echo_take(struct req *r);
/* GET /control/echoes: the records, oldest first; ?path= filters. */
void echo_list(struct req *r);
/* POST /control/echoes: {"path", "status", "type", "body"} to answer. */
void echo_teach(struct req *r);

#endif
