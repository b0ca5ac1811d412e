/*
 * ref_check: can every service that is offered be paid?
 *
 * Reads a snapshot of the reference data and finds what rows alone cannot
 * forbid: a service without a fee, limit or route, days in the wrong order,
 * a slip in an INN.  Changes nothing.
 */
#ifndef KVITOK_APP_REF_CHECK_H
#define KVITOK_APP_REF_CHECK_H

#include "kvitok/base/buf.h"
#include "kvitok/domain/ref.h"

/*
 * Check what is valid on the day, and what begins later on its first day.
 * Gives: how many findings were appended to report, a line each.
 */
size_t ref_check(const struct ref *r, struct str day, struct buf *report);

#endif
