/*
 * ctl_secret: a password that the operator types or pipes in.
 */
#ifndef KVITOK_MAIN_CTL_SECRET_H
#define KVITOK_MAIN_CTL_SECRET_H

#include "ctl.h"

/*
 * Take a password as the option says: "ask" twice at the terminal, without
 * echo; "stdin" its first line; "once" (or nothing) makes one up.
 * Gives: *password in c->a; *once, it was made up.
 * Fails: ERR_INVALID usage, password_differs, file_unread.
 */
KV_MUST_CHECK enum err ctl_secret(
    struct ctl *c, struct str how, struct str *password, bool *once);

#endif
