/*
 * ctl_command: the commands of kvitokctl, found and taken apart.
 */
#ifndef KVITOK_MAIN_CTL_COMMAND_H
#define KVITOK_MAIN_CTL_COMMAND_H

#include "ctl.h"

extern const struct ctl_command ctl_commands[];
extern const size_t ctl_commands_len;

/*
 * Find the command that words begin with and take its own words and options.
 * Gives: *out; c->words and c->options point into words.
 * Fails: ERR_INVALID usage, its detail for the person.
 */
KV_MUST_CHECK enum err ctl_parse(struct ctl *c, char *const *words, size_t len,
    const struct ctl_command **out);
/* Of CTL_NOTED: each transaction of the command also writes who has called it
 * and with what; of what is nobody's business only that it was given. */
void ctl_noted(struct ctl *c, const struct ctl_command *k);
/* Append the list of commands. */
void ctl_help(struct buf *b);

#endif
