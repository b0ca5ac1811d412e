/*
 * box_control: the box's own interface, under /control/.
 *
 * What the supplier's accountant does by hand, a test does here; also faults,
 * and what stands in the books.  Described in doc/box.openapi.yaml.
 */
#ifndef KVITOK_BOX_BOX_CONTROL_H
#define KVITOK_BOX_BOX_CONTROL_H

#include "kvitok/sim/door.h"

/* Handle any request to the box's door. */
void box_control(struct req *r);

#endif
