/*
 * loop: the one loop of the simulator, and who answers which address.
 */
#ifndef KVITOK_SIM_LOOP_H
#define KVITOK_SIM_LOOP_H

#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/sim/world.h"

/*
 * Open all listeners of w->set.
 * Fails: ERR_INVALID sim_listen, sim_file.
 */
KV_MUST_CHECK enum err loop_open(struct world *w, struct fault *f);
/* Serve until something can be read from stop_fd. */
void loop_run(struct world *w, int stop_fd);
/* Close connections and listeners; unanswered requests stay so. */
void loop_close(struct world *w);

#endif
