/*
 * preview: does a person open this link, or does a program look at it?
 *
 * Messengers, mail scanners, search engines and browsers that guess ahead
 * fetch links that nobody has clicked; what they fetch must change nothing.
 */
#ifndef KVITOK_WEB_PREVIEW_H
#define KVITOK_WEB_PREVIEW_H

#include "kvitok/http/request.h"

#include <stdbool.h>

/* Gives: true for HEAD, for prefetches, and for known agents of previews;
 * "go=1" in the query of a GET is always a person's click. */
bool preview_is(const struct request *r);

#endif
