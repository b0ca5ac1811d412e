/*
 * conf_type: what the text of a setting may be.
 *
 * The types of conf.h, one check each.  Never reads kvitok.conf itself.
 */
#ifndef KVITOK_BASE_CONF_TYPE_H
#define KVITOK_BASE_CONF_TYPE_H

#include "kvitok/base/conf.h"

/*
 * Gives: what is wrong with the text s (NUL-terminated) of a key, in words
 * that live in a; NULL when nothing is.
 */
const char *conf_type_check(
    struct arena *a, const struct conf_key *k, struct str s);
/* Gives: the place of s among choices ("one|two"), or -1. */
int conf_type_choice(const char *choices, struct str s);
/* Take the next item off rest.  Gives: false when it was the last. */
bool conf_type_item(struct str *rest, struct str *item, char sep);

#endif
