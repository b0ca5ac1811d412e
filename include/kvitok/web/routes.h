/*
 * routes: THE table of addresses.
 */
#ifndef KVITOK_WEB_ROUTES_H
#define KVITOK_WEB_ROUTES_H

#include "kvitok/http/router.h"

extern const struct route web_routes[];
extern const size_t web_routes_len;

#endif
