/*
 * crash: end the process at a named step, for tests of what a crash leaves.
 *
 * Armed from outside: while the folder of KVITOK_CRASH_DIR holds a file named
 * like the step, the next process to reach that step removes it and kills
 * itself with SIGKILL.  Without the variable there is no step function.
 */
#ifndef KVITOK_MAIN_CRASH_H
#define KVITOK_MAIN_CRASH_H

/* Gives: the function for ports.step, or NULL when nothing is armed. */
void (*crash_step(void))(const char *name);

#endif
