/*
 * audit_look: one row of a table, and what must be true of its columns.
 *
 * Pure: no database, no clock.  Each check tells a finding of the row's column
 * when what is there is not what must be there.
 */
#ifndef KVITOK_DOMAIN_AUDIT_LOOK_H
#define KVITOK_DOMAIN_AUDIT_LOOK_H

#include "kvitok/base/arena.h"
#include "kvitok/domain/audit_find.h"

#include <stdbool.h>
#include <stdint.h>

/* Whose row is looked at, and where findings go. */
struct audit_look {
	struct arena *a; /* what findings are made of */
	const char *table;
	struct str key;
	const struct audit_sink *to;
};

/* It is wrong, whatever was compared. */
void audit_look_wrong(const struct audit_look *w, const char *column,
    struct str is, struct str must);

/* Numbers that must be equal. */
void audit_must_be(
    const struct audit_look *w, const char *column, int64_t is, int64_t must);

/* Words that must be equal. */
void audit_must_equal(const struct audit_look *w, const char *column,
    struct str is, struct str must);

/* A number of which something must hold; must says what, in words. */
void audit_must_hold(const struct audit_look *w, bool holds, const char *column,
    int64_t is, const char *must);

/* As above, of words. */
void audit_must_read(const struct audit_look *w, bool holds, const char *column,
    struct str is, const char *must);

#endif
