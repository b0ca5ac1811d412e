/*
 * audit_story: is every state of a payment and of its attempts told, and is
 * nothing told that did not happen?
 *
 * Pure.  Events of one millisecond have no order, so that this looks at which
 * of them there are, not at which came first.
 */
#ifndef KVITOK_DOMAIN_AUDIT_STORY_H
#define KVITOK_DOMAIN_AUDIT_STORY_H

#include "kvitok/domain/audit_find.h"

/* Compare the states of u's payment with its events. */
void audit_story(struct audit *u);

#endif
