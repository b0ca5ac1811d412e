/*
 * st_pay: the port pay_store on a database.
 */
#ifndef KVITOK_STORE_ST_PAY_H
#define KVITOK_STORE_ST_PAY_H

#include "kvitok/port/pay_store.h"
#include "kvitok/store/db.h"

/* Gives: the port; lives as long as db. */
struct pay_store st_pay(struct db *db);

/* The values of event_put, for the two stores that write events. */
#define ST_EVENT_IN(akey, number, e)                                           \
	DB_IN(db_t(akey), db_t(number), db_t((e)->id), db_n((e)->at),          \
	    db_t((e)->kind), db_t((e)->actor), db_n((e)->n),                   \
	    db_t((e)->from_state), db_t((e)->to_state), db_t((e)->evidence))

#endif
